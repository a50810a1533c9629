#include "app/cli/new_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace tend::cli {

using namespace replica;

namespace {

Error failureAt(const std::string &name)
{
    return {errno == ENOSPC ? ErrorCode::Full : ErrorCode::Io, name + ": " + std::strerror(errno)};
}

}  // namespace

Result<NewFile> NewFile::make(const std::filesystem::path &path)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST)
        return fail(ErrorCode::Conflict, path.string() + " is there already; nothing was written");
    if (descriptor < 0)
        return tl::unexpected(failureAt(path.string()));
    return NewFile(path, descriptor);
}

NewFile::~NewFile()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink(m_path.c_str());
}

Status NewFile::write(BytesView octets)
{
    return writeAll(m_descriptor, octets, m_path.string());
}

Status NewFile::finish()
{
    if (::fsync(m_descriptor) != 0)
        return tl::unexpected(failureAt(m_path.string()));
    ::close(std::exchange(m_descriptor, -1));
    return {};
}

Status writeAll(int descriptor, BytesView octets, const std::string &name)
{
    while (!octets.empty()) {
        const ssize_t count = ::write(descriptor, octets.data(), octets.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return tl::unexpected(failureAt(name));
        octets.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

}  // namespace tend::cli
