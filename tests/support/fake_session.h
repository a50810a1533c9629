#pragma once

#include <condition_variable>

#include "app/journal/session.h"
#include "tests/support/fake_journal.h"

namespace tend {

// A session over a FakeWorld. Its step() waits as long as the world says, unless woken.
class FakeSession final : public Session {
public:
    explicit FakeSession(std::shared_ptr<FakeWorld> world)
        : m_world(world)
        , m_journal(std::move(world))
    {
    }

    [[nodiscard]] Journal &journal() override { return m_journal; }

    [[nodiscard]] std::chrono::milliseconds step(std::chrono::milliseconds patience) override;
    void wake() override;
    void syncSoon() override;
    void setMayUseNetworkForFiles(bool may) override;
    [[nodiscard]] SyncState syncState() override;
    [[nodiscard]] std::uint64_t revision() const override;
    // An invitation that begins with tend://join is taken.
    [[nodiscard]] Status join(
        const std::string &invitation, const std::string &deviceName) override;

private:
    std::shared_ptr<FakeWorld> m_world;
    FakeJournal m_journal;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_wake = false;  // under m_mutex; kept for the next step
};

// A factory for AsyncJournal. Each session it opens sees the same world.
[[nodiscard]] OpenSession openFake(std::shared_ptr<FakeWorld> world);

}  // namespace tend
