#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "app/journal/session.h"
#include "app/journal/store_journal.h"
#include "app/session/open_replica.h"
#include "app/session/server_link.h"
#include "sync/engine/watchdog.h"

namespace tend {

// The real session: a replica in a file and, once joined, its link to the server. Threads as in
// Session.
class ReplicaSession final : public Session {
public:
    [[nodiscard]] static Result<std::unique_ptr<ReplicaSession>> open(
        const std::filesystem::path &file, const KeyChoice &key, WhenMissing whenMissing);

    [[nodiscard]] Journal &journal() override { return m_journal; }

    [[nodiscard]] std::chrono::milliseconds step(std::chrono::milliseconds patience) override;
    void wake() override;
    void syncSoon() override;

    void setMayUseNetworkForFiles(bool may) override { m_mayUseNetworkForFiles = may; }

    [[nodiscard]] SyncState syncState() override;

    [[nodiscard]] std::uint64_t revision() const override { return m_open->replica->revision(); }

    [[nodiscard]] Status join(
        const std::string &invitation, const std::string &deviceName) override;

private:
    explicit ReplicaSession(std::unique_ptr<OpenReplica> open)
        : m_open(std::move(open))
        , m_journal(*m_open->store, *m_open->replica)
    {
    }

    [[nodiscard]] Result<std::optional<ServerLink>> link();
    [[nodiscard]] replica::Status watch();
    void idle(std::chrono::milliseconds patience);
    void publish();

    std::unique_ptr<OpenReplica> m_open;
    StoreJournal m_journal;
    std::optional<ServerLink> m_link;
    std::atomic<bool> m_mayUseNetworkForFiles = true;
    std::uint64_t m_seenRevision = 0;
    bool m_hasFetched = false;  // since the index of words was last tidied
    std::optional<replica::Error> m_storeProblem;
    replica::Watchdog m_watchdog;

    // wake() against a step without a server, and against the making of the link.
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_isWoken = false;
};

}  // namespace tend
