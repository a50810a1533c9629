#include "sync/engine/watchdog.h"

namespace replica {

namespace {

// These say themselves why nothing goes out.
bool isExplained(const std::optional<Error> &problem)
{
    if (!problem)
        return false;
    switch (problem->code) {
    case ErrorCode::Offline:
    case ErrorCode::Unauthorized:
    case ErrorCode::Untrusted:
    case ErrorCode::TooNew:
        return true;
    default:
        return false;
    }
}

}  // namespace

bool Watchdog::look(const EngineStatus &status, bool hasWaiting, MonotonicTime now)
{
    const std::size_t sent = status.pushed + status.refused;
    if (!hasWaiting || isExplained(status.problem) || sent != m_sent) {
        m_sent = sent;
        m_since.reset();
        m_restartedAt.reset();
        m_isStuck = false;
        return false;
    }
    if (!m_since)
        m_since = now;
    const auto isOver = [&](MonotonicTime from) {
        return inMs(now) - inMs(from) >= m_patience.count();
    };
    m_isStuck = isOver(*m_since);
    if (!m_isStuck || (m_restartedAt && !isOver(*m_restartedAt)))
        return false;
    m_restartedAt = now;
    m_sent = 0;  // a new engine counts anew
    return true;
}

std::optional<MonotonicTime> Watchdog::stuckSince() const
{
    return m_isStuck ? m_since : std::nullopt;
}

}  // namespace replica
