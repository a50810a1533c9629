#include "app/cli/output_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/new_file.h"

namespace tend::cli {

using namespace replica;

namespace {

constexpr std::size_t waitingMax = 256U << 10U;

tl::unexpected<Error> failed(const std::filesystem::path &path)
{
    return fail(errno == ENOSPC || errno == EDQUOT ? ErrorCode::Full : ErrorCode::Io,
        path.string() + ": " + std::strerror(errno));
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::filesystem::path &path)
{
    if (path == "-")
        return OutputFile("stdout", {}, STDOUT_FILENO);

    struct stat there { };

    const bool isThere = ::stat(path.c_str(), &there) == 0;
    // A pipe or a device takes what comes; it has no other name.
    if (isThere && !S_ISREG(there.st_mode)) {
        const int pipe = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        if (pipe < 0)
            return failed(path);
        return OutputFile(path, {}, pipe);
    }
    std::string temporary = path.string() + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0)
        return failed(path);
    return OutputFile(path, temporary, descriptor);
}

OutputFile::~OutputFile()
{
    if (m_descriptor < 0 || m_descriptor == STDOUT_FILENO)
        return;
    ::close(m_descriptor);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Status OutputFile::write(std::string_view octets)
{
    m_waiting += octets;
    return m_waiting.size() < waitingMax ? Status{} : flush();
}

Status OutputFile::flush()
{
    TRY_STATUS(writeAll(m_descriptor, m_waiting, m_path.string()));
    m_waiting.clear();
    return {};
}

Status OutputFile::finish()
{
    TRY_STATUS(flush());
    if (m_temporary.empty())
        return {};
    if (::fsync(m_descriptor) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        return failed(m_path);
    m_temporary.clear();
    return {};
}

}  // namespace tend::cli
