#pragma once

#include <cstdint>

#include "sync/base/bytes.h"

namespace replica {

// Port: the only source of chance for sync code, so that a seed replays a run.
class Random {
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::uint64_t next() = 0;

    // Evenly from 0 to bound - 1; bound must not be 0. The modulo's bias is under 2^-32 for our
    // bounds.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }

    [[nodiscard]] Bytes bytes(std::size_t count);
};

// getrandom(2): fit for keys. Any thread.
class SystemRandom final : public Random {
public:
    [[nodiscard]] std::uint64_t next() override;
};

// splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine, for tests and jitter
// only.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed)
        : m_state(seed)
    {
    }

    [[nodiscard]] std::uint64_t next() override;

private:
    std::uint64_t m_state;
};

}  // namespace replica
