#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server-stub/rights.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/protocol/messages.h"
#include "sync/schema/schema.h"

namespace tend::server {

// Why one change may not be made by one device, besides what the declaration and the member's
// scopes say; nothing when it may.
using Rights = std::function<std::optional<std::string>(const Device &, const replica::Change &)>;

// The one place where groups become sequence: accepts each once, in the order of its device, merges
// it into the workspace's rows, and tells the others. Everything is decided inside one transaction,
// and nothing is answered before it committed. One thread at a time; store, schema and ports
// outlive it.
class Workspace {
public:
    // Begins a new workspace in an empty store.
    [[nodiscard]] static Result<std::unique_ptr<Workspace>> create(SharedStore &store,
        const replica::Schema &schema, replica::Clock &clock, replica::Random &random,
        const std::string &name);
    // Errors: NotFound when the store holds none.
    [[nodiscard]] static Result<std::unique_ptr<Workspace>> open(SharedStore &store,
        const replica::Schema &schema, replica::Clock &clock, replica::Random &random);

    // May be sent twice: the second time says Duplicate.
    [[nodiscard]] Result<replica::PushAnswer> push(
        const Device &device, const replica::PushRequest &request);

    struct Push {
        Device device;
        replica::PushRequest request;
    };

    // Decides pushes of any devices in one transaction, durable together, in their order. Where one
    // fails, each is decided in a transaction of its own: none pays for another.
    [[nodiscard]] std::vector<Result<replica::PushAnswer>> pushAll(const std::vector<Push> &pushes);
    [[nodiscard]] Result<replica::PullAnswer> pull(
        const Device &device, const replica::PullRequest &request);

    // What a device that was told everything up to `seen` waits for.
    struct Watch {
        replica::Sequence seen{};
        replica::Scopes scopes;
    };

    [[nodiscard]] Result<Watch> watch(const Device &device, replica::Sequence seen);
    // Whether anything was written since in those scopes, also by another process.
    [[nodiscard]] Result<bool> hasNews(const Watch &watch);

    // Errors: Refused when the invitation is unknown, used or expired, or the key is enrolled
    // already.
    [[nodiscard]] Result<replica::EnrolAnswer> enrol(
        BytesView publicKeyDigest, const replica::EnrolRequest &request);

    // A group of the server's own: members, devices, territories.
    [[nodiscard]] Status commit(const std::vector<replica::Change> &changes);

    struct NewMember {
        std::string name;
        std::string role;
    };

    // Makes the member when no active one has that name, and a one-time secret for one device of
    // theirs.
    [[nodiscard]] Result<Bytes> invite(const NewMember &member, replica::WallTime expiresAt);
    // Holds from the next request on.
    [[nodiscard]] Status revoke(const replica::DeviceId &id);
    // From the next request on the device may hold nothing: it hands over what waits and gives up
    // its rows.
    [[nodiscard]] Status wipe(const replica::DeviceId &id);
    // After a restore: begins a new epoch at the present head, so that devices offer again what is
    // missing.
    [[nodiscard]] Status beginEpoch();
    // A backup outside the server, found good, holds everything up to here.
    [[nodiscard]] Status noteDurable(replica::Sequence upTo);
    // Keeps of the log up to there only what is needed to know a group again, and forgets rows that
    // were deleted by then. Devices whose cursor lies below are given the rows instead of the log.
    [[nodiscard]] Status compact(replica::Sequence floor);
    // Does so with what is older than this by the days the server has counted; answers when to ask
    // again.
    [[nodiscard]] Result<std::chrono::milliseconds> tidy(std::chrono::milliseconds keepLogFor);
    // Every invariant that can be checked from the stored data. Answers what is broken; empty is
    // well.
    [[nodiscard]] Result<std::vector<std::string>> verify();

    void setRights(Rights rights) { m_rights = std::move(rights); }

    // From how many log entries for each row on a new device is given the rows instead of the log.
    void setReplayMax(std::uint64_t entriesPerRow) { m_replayMax = entriesPerRow; }

    void setMovedMax(std::size_t octets) { m_movedMax = octets; }

    [[nodiscard]] const std::string &name() const { return m_name; }

    [[nodiscard]] SharedStore &store() { return m_store; }

    [[nodiscard]] replica::Sequence head() const { return m_head; }

    // Its lives, one more with each restore; the last one is now.
    [[nodiscard]] const std::vector<replica::Epoch> &epochs() const { return m_epochs; }

    // Up to here the log was compacted.
    [[nodiscard]] replica::Sequence floor() const { return m_floor; }

private:
    Workspace(SharedStore &store, const replica::Schema &schema, replica::Clock &clock,
        replica::Random &random)
        : m_store(store)
        , m_schema(schema)
        , m_clock(clock)
        , m_random(random)
    {
    }

    template <typename Work>
    auto whole(Work work) -> decltype(work());

    [[nodiscard]] Status load();
    [[nodiscard]] Status lookAgain();
    [[nodiscard]] Status takeDeclaration();
    [[nodiscard]] Status countAll();
    [[nodiscard]] Status compactTo(replica::Sequence floor);
    [[nodiscard]] Status keepEpochs();
    [[nodiscard]] Result<replica::ServerState> state(
        const replica::DeviceId &device, replica::Incarnation incarnation);
    [[nodiscard]] Status accept(replica::GroupHeader header, SharedStore::LogEntry entry,
        const std::vector<replica::Change> &changes);
    [[nodiscard]] replica::Incarnation ownIncarnation() const;
    [[nodiscard]] Status write(
        const std::vector<replica::Change> &changes, std::vector<replica::GroupId> alsoSeen = {});
    void noteMet(const replica::Change &change, const replica::Applied &applied);
    [[nodiscard]] Status mergeMet();
    [[nodiscard]] Result<replica::PushAnswer> decideAll(
        const Device &device, const replica::PushRequest &request);
    // Decides one group; true when the next may be looked at.
    [[nodiscard]] Result<bool> decide(
        const Device &device, const replica::Group &group, Life &life, replica::PushAnswer &answer);
    [[nodiscard]] Result<Judgement> judged(const Device &device, const replica::GroupHeader &header,
        const std::vector<replica::Change> &changes);
    [[nodiscard]] Status addStrays(const Judgement &judgement, replica::PushAnswer &answer);
    [[nodiscard]] Result<std::optional<replica::Verdict>> acceptedElsewhere(
        const replica::Group &group, const Bytes &digest);
    [[nodiscard]] Result<bool> recognise(const Device &device, const replica::Group &group,
        const Bytes &digest, replica::PushAnswer &answer);
    [[nodiscard]] Result<std::optional<std::string>> objection(
        const Device &device, const Bytes &body, std::vector<replica::Change> &changes);
    [[nodiscard]] Result<replica::Uuid> memberNamed(const NewMember &wanted);

    SharedStore &m_store;
    const replica::Schema &m_schema;
    replica::Clock &m_clock;
    replica::Random &m_random;
    Rights m_rights;
    std::uint64_t m_replayMax = 2;
    std::size_t m_movedMax = 4U << 20U;
    std::uint32_t m_countedBy = 0;
    std::string m_name;
    replica::Uuid m_id;
    replica::DeviceId m_serverDevice;
    std::vector<replica::Epoch> m_epochs;
    replica::Sequence m_head{};
    replica::Sequence m_durable{};
    replica::Sequence m_floor{};
    std::optional<replica::MonotonicTime> m_tidyAgainAt;
    replica::HybridClock m_stamps;
    // Texts to which the group being accepted and others wrote without having seen each other.
    std::set<std::pair<replica::RowName, replica::ColumnId>> m_met;
};

// An answer that a device which listens is better off waiting for.
[[nodiscard]] bool tellsNothing(const replica::PullAnswer &answer);

}  // namespace tend::server
