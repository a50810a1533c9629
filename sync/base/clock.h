#pragma once

#include <chrono>
#include <cstdint>

namespace replica {

// Milliseconds since 1970-01-01T00:00Z as this device believes them. May jump both ways.
enum class WallTime : std::int64_t {};
// Milliseconds from an arbitrary start; never goes back while the process lives.
enum class MonotonicTime : std::int64_t {};

constexpr std::int64_t inMs(WallTime time)
{
    return static_cast<std::int64_t>(time);
}

constexpr std::int64_t inMs(MonotonicTime time)
{
    return static_cast<std::int64_t>(time);
}

constexpr MonotonicTime operator+(MonotonicTime time, std::chrono::milliseconds wait)
{
    return MonotonicTime{inMs(time) + wait.count()};
}

// Port: the only way for sync code to learn the time, so that a test can own it.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual WallTime wallNow() = 0;
    [[nodiscard]] virtual MonotonicTime monotonicNow() = 0;
};

// The operating system's clocks. Any thread.
class SystemClock final : public Clock {
public:
    [[nodiscard]] WallTime wallNow() override;
    [[nodiscard]] MonotonicTime monotonicNow() override;
};

}  // namespace replica
