#include "app/session/file_life_mark.h"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "sync/crypto/digest.h"

namespace tend {

namespace {

std::filesystem::path stateDirectory()
{
    if (const char *state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
        return std::filesystem::path(state) / "tend";
    const char *home = std::getenv("HOME");
    return std::filesystem::path(home ? home : "/tmp") / ".local/state/tend";
}

}  // namespace

FileLifeMark::FileLifeMark(const std::filesystem::path &replica)
{
    std::error_code ignored;
    const auto whole = std::filesystem::weakly_canonical(replica, ignored);
    const auto name = replica::toHex(
        replica::crypto::sha256(whole.empty() ? replica.string() : whole.string()));
    m_path = stateDirectory() / "marks" / name.substr(0, 32);
}

FileLifeMark::~FileLifeMark()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

bool FileLifeMark::open()
{
    if (m_descriptor >= 0)
        return true;
    std::error_code ignored;
    std::filesystem::create_directories(m_path.parent_path(), ignored);
    m_descriptor = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return m_descriptor >= 0;
}

std::optional<replica::LifeMark> FileLifeMark::read()
{
    std::uint64_t numbers[2] = {};
    if (!open() || ::pread(m_descriptor, numbers, sizeof numbers, 0) != sizeof numbers)
        return std::nullopt;
    return replica::LifeMark{replica::Incarnation{numbers[0]}, replica::Counter{numbers[1]}};
}

replica::Status FileLifeMark::write(const replica::LifeMark &mark)
{
    const std::uint64_t numbers[2] = {raw(mark.incarnation), raw(mark.counter)};
    // Where it cannot be written, the next start takes a new incarnation: more names than needed,
    // nothing lost.
    if (open() && ::pwrite(m_descriptor, numbers, sizeof numbers, 0) != sizeof numbers) {
        ::close(m_descriptor);
        m_descriptor = -1;
    }
    return {};
}

}  // namespace tend
