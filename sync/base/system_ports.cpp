#include <cerrno>
#include <chrono>
#include <sys/random.h>

#include "sync/base/clock.h"
#include "sync/base/ensure.h"
#include "sync/base/random.h"

namespace replica {

WallTime SystemClock::wallNow()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

MonotonicTime SystemClock::monotonicNow()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return MonotonicTime{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

Bytes Random::bytes(std::size_t count)
{
    Bytes bytes;
    bytes.reserve(count + 8);
    while (bytes.size() < count) {
        const std::uint64_t word = next();
        bytes.append(reinterpret_cast<const char *>(&word), sizeof word);
    }
    bytes.resize(count);
    return bytes;
}

std::uint64_t SystemRandom::next()
{
    std::uint64_t word = 0;
    ssize_t got = 0;
    do {
        got = ::getrandom(&word, sizeof word, 0);
    } while (got < 0 && errno == EINTR);
    ENSURE(got == sizeof word);
    return word;
}

std::uint64_t SeededRandom::next()
{
    m_state += 0x9e3779b97f4a7c15U;
    std::uint64_t word = m_state;
    word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9U;
    word = (word ^ (word >> 27U)) * 0x94d049bb133111ebU;
    return word ^ (word >> 31U);
}

}  // namespace replica
