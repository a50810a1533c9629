#include "tests/support/fake_session.h"

namespace tend {

using replica::ErrorCode;

std::chrono::milliseconds FakeSession::step(std::chrono::milliseconds patience)
{
    std::chrono::milliseconds wait{};
    {
        const std::lock_guard lock(m_world->mutex);
        ++m_world->calls["step"];
        wait = std::min(patience, m_world->stepTakes);
    }
    std::unique_lock lock(m_mutex);
    m_woken.wait_for(lock, wait, [this] { return m_wake; });
    m_wake = false;
    return std::chrono::seconds(1);
}

void FakeSession::wake()
{
    {
        const std::lock_guard lock(m_mutex);
        m_wake = true;
    }
    m_woken.notify_one();
}

void FakeSession::syncSoon()
{
    const std::lock_guard lock(m_world->mutex);
    ++m_world->syncs;
}

void FakeSession::setMayUseNetworkForFiles(bool may)
{
    const std::lock_guard lock(m_world->mutex);
    m_world->mayUseNetworkForFiles = may;
}

SyncState FakeSession::syncState()
{
    const std::lock_guard lock(m_world->mutex);
    return m_world->sync;
}

std::uint64_t FakeSession::revision() const
{
    const std::lock_guard lock(m_world->mutex);
    return m_world->revision;
}

Status FakeSession::join(const std::string &invitation, const std::string &deviceName)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("join"));
    if (invitation.rfind("tend://join", 0) != 0)
        return replica::fail(ErrorCode::Invalid, "no invitation");
    m_world->account = {"https://tend.example.org:8470", "Mill Lane", "Bo Larsen", deviceName};
    m_world->sync.phase = SyncPhase::Idle;
    m_world->sync.lastSyncedAt = m_world->now;
    ++m_world->revision;
    return {};
}

OpenSession openFake(std::shared_ptr<FakeWorld> world)
{
    return [world = std::move(world)]() -> Result<std::unique_ptr<Session>> {
        {
            const std::lock_guard lock(world->mutex);
            TRY_STATUS(world->enter("open"));
        }
        return std::unique_ptr<Session>(std::make_unique<FakeSession>(world));
    };
}

}  // namespace tend
