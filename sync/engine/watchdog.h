#pragma once

#include <chrono>
#include <optional>

#include "sync/engine/engine.h"

namespace replica {

// Notices that nothing goes out although it could: there is something to send, the server can be
// reached and turns nobody away, and yet nothing is taken. Others saw uploads stand still for ever
// with no error in any log; so it is not enough that no error is known. Pure: it is told the time.
class Watchdog {
public:
    explicit Watchdog(std::chrono::milliseconds patience = std::chrono::minutes(10))
        : m_patience(patience)
    {
    }

    // After each step. True when the engine should be made anew, which the caller then does; again
    // only after as long again.
    [[nodiscard]] bool look(const EngineStatus &status, bool hasWaiting, MonotonicTime now);

    // Since when nothing went out; nothing until patience ran out, and once something went.
    [[nodiscard]] std::optional<MonotonicTime> stuckSince() const;

private:
    std::chrono::milliseconds m_patience;
    std::optional<MonotonicTime> m_since;
    std::optional<MonotonicTime> m_restartedAt;
    std::size_t m_sent = 0;
    bool m_isStuck = false;
};

}  // namespace replica
