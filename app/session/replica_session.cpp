#include "app/session/replica_session.h"

#include <algorithm>

#include "app/journal/after_sync.h"

namespace tend {

using namespace replica;
using std::chrono::milliseconds;

namespace {

// Below the minute after which routers forget a silent connection.
constexpr EnginePace foregroundPace{
    milliseconds(30'000), milliseconds(20'000), milliseconds(50'000)};

}  // namespace

Result<std::unique_ptr<ReplicaSession>> ReplicaSession::open(
    const std::filesystem::path &file, const KeyChoice &key, WhenMissing whenMissing)
{
    auto opened = TRY(openReplicaFile(file, key, whenMissing));
    std::unique_ptr<ReplicaSession> session(new ReplicaSession(std::move(opened)));
    session->m_link = TRY(session->link());
    session->m_seenRevision = session->revision();
    session->publish();
    return session;
}

Result<std::optional<ServerLink>> ReplicaSession::link()
{
    auto made = TRY(linkToServer(*m_open, foregroundPace));
    if (made)
        made->files->setMayUseNetwork([this] { return m_mayUseNetworkForFiles.load(); });
    return made;
}

void ReplicaSession::idle(milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    m_woken.wait_for(lock, patience, [&] { return m_isWoken; });
    m_isWoken = false;
}

milliseconds ReplicaSession::step(milliseconds patience)
{
    if (!m_link) {
        idle(patience);
        return milliseconds(0);
    }
    // A save shall reach the others without being asked to.
    if (revision() != m_seenRevision && !m_link->engine->isExchanging()) {
        m_seenRevision = revision();
        m_link->engine->syncSoon();
    }
    const std::uint64_t before = revision();
    auto wait = m_link->engine->step();
    if (wait) {
        if (const Status watched = watch(); !watched)
            wait = tl::unexpected<Error>(watched.error());
    }
    m_seenRevision += revision() - before;  // what was fetched is no save
    m_hasFetched = m_hasFetched || revision() != before;
    if (wait && wait->count() > 0 && m_hasFetched) {
        const auto done = afterSync(*m_open->store, *m_open->replica);
        m_hasFetched = !done;  // tried again
        if (!done)
            wait = tl::unexpected<Error>(done.error());
    }
    if (!wait) {
        // The database refuses (full, damaged): sync waits, says why, and local work goes on as far
        // as it can.
        m_storeProblem = wait.error();
        publish();
        idle(std::min(patience, milliseconds(5'000)));
        return milliseconds(0);
    }
    m_storeProblem.reset();
    publish();
    if (wait->count() > 0)
        m_link->transport->wait(std::min(*wait, patience));
    return milliseconds(0);
}

// A link at which nothing moves any more is made anew; what waits is in the replica.
Status ReplicaSession::watch()
{
    const bool hasWaiting = TRY(m_open->replica->records().hasUnaccepted());
    const MonotonicTime now = m_open->clock.monotonicNow();
    if (!m_watchdog.look(m_link->engine->status(), hasWaiting, now))
        return {};
    auto anew = TRY(link());
    const std::lock_guard lock(m_mutex);
    m_link = std::move(anew);
    return {};
}

void ReplicaSession::wake()
{
    const std::lock_guard lock(m_mutex);
    m_isWoken = true;
    m_woken.notify_all();
    if (m_link)
        m_link->transport->wake();
}

void ReplicaSession::syncSoon()
{
    if (m_link)
        m_link->engine->syncSoon();
}

SyncState ReplicaSession::syncState()
{
    SyncState state;
    if (const auto status = m_open->replica->status()) {
        state.waiting = static_cast<int>(status->waiting);
        state.oldestWaitingAt = status->oldestWaitingAt;
        state.lastSyncedAt = status->lastSyncedAt;
        state.conflicts = static_cast<int>(status->conflicts);
        state.refused = static_cast<int>(status->refused);
    }
    if (!m_link)
        return state;
    if (const auto since = m_watchdog.stuckSince()) {
        Clock &clock = m_open->clock;
        state.notSentSince
            = WallTime{inMs(clock.wallNow()) - (inMs(clock.monotonicNow()) - inMs(*since))};
    }
    const EngineStatus &engine = m_link->engine->status();
    const auto &problem = m_storeProblem ? m_storeProblem : engine.problem;
    state.phase = m_link->engine->isExchanging() ? SyncPhase::Working : SyncPhase::Idle;
    if (engine.phase == EnginePhase::Waiting || m_storeProblem)
        state.phase = SyncPhase::Offline;
    if (problem) {
        state.problem = problem->code;
        state.problemDetails = problem->message;
        const bool needsPerson = problem->code == ErrorCode::Unauthorized
            || problem->code == ErrorCode::Untrusted || problem->code == ErrorCode::TooNew
            || problem->code == ErrorCode::Full;
        if (needsPerson)
            state.phase = SyncPhase::NeedsPerson;
    }
    return state;
}

void ReplicaSession::publish()
{
    m_journal.setSyncState(syncState());
}

Status ReplicaSession::join(const std::string &invitation, const std::string &deviceName)
{
    TRY_STATUS(joinServer(*m_open, invitation, deviceName));
    auto joined = TRY(link());
    const std::lock_guard lock(m_mutex);
    m_link = std::move(joined);
    publish();
    return {};
}

}  // namespace tend
