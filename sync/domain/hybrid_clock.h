#pragma once

#include <cstdint>

#include "sync/base/clock.h"

namespace replica {

// A hybrid logical time: 48 bits of milliseconds since 1970 above 16 bits that order what one
// millisecond holds. Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical Physical Clocks" (OPODIS
// 2014).
enum class Stamp : std::uint64_t {};

constexpr Stamp stampAt(WallTime time)
{
    const auto ms = inMs(time);
    return Stamp{ms <= 0 ? 0 : static_cast<std::uint64_t>(ms) << 16U};
}

constexpr WallTime wallOf(Stamp stamp)
{
    return WallTime{static_cast<std::int64_t>(static_cast<std::uint64_t>(stamp) >> 16U)};
}

// Gives stamps that rise whatever the wall clock does, and that lie above everything witnessed. The
// owner keeps `last` durable together with what the stamp was given to.
class HybridClock {
public:
    explicit HybridClock(Stamp last = Stamp{0})
        : m_last(last)
    {
    }

    [[nodiscard]] Stamp tick(WallTime now)
    {
        const Stamp wall = stampAt(now);
        m_last = wall > m_last ? wall : Stamp{static_cast<std::uint64_t>(m_last) + 1};
        return m_last;
    }

    void witness(Stamp seen)
    {
        if (seen > m_last)
            m_last = seen;
    }

    [[nodiscard]] Stamp last() const { return m_last; }

private:
    Stamp m_last;
};

}  // namespace replica
