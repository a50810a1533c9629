#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/domain/hybrid_clock.h"
#include "sync/protocol/messages.h"
#include "sync/records/row_sum.h"
#include "sync/records/scopes.h"
#include "sync/store/facts.h"
#include "sync/store/life_mark.h"
#include "sync/store/store.h"

namespace replica {

// One side of a conflict.
struct ConflictSide {
    Value value;
    GroupHeader by;
    bool isDeleted = false;
};

// Two people wrote the same column, or one deleted what the other edited, without having seen each
// other, and the declaration says a person decides. The same on every replica that holds the same
// groups.
struct Conflict {
    Uuid id;
    TableId table{};
    RowId row;
    ColumnId column{};  // existence when one side deleted the row
    Value base;  // what both had before them
    ConflictSide mine;  // this device's own, or the one that shows when neither is
    ConflictSide theirs;
};

struct ReplicaStatus {
    std::size_t waiting = 0;  // groups not accepted yet
    std::optional<WallTime> oldestWaitingAt;
    std::optional<WallTime> lastSyncedAt;
    std::size_t conflicts = 0;
    std::size_t refused = 0;
};

// What taking in an answer did, and what the engine should do next.
struct Intake {
    std::size_t pushed = 0;  // row changes newly accepted
    std::size_t pulled = 0;  // row changes newly applied
    std::size_t refused = 0;
    bool mustPushFirst = false;  // own groups must be settled before anything is fetched
    bool wentOn = false;  // cursor, queue or epoch moved
    bool hasMore = false;  // there is more to fetch, though the cursor stands at the head
};

// A device's replica: local edits, the queue of what the server has not accepted, and the merging
// of what it sends. All rules about identity, clocks and restores of one device are here; see
// docs/PROTOCOL.md. Every call is one transaction: whole or not at all. One thread; store, schema
// and ports outlive it.
class Replica {
public:
    // `device` is used when the store is new. Errors: Corrupt, Io.
    [[nodiscard]] static Result<std::unique_ptr<Replica>> open(Store &store, const Schema &schema,
        Clock &clock, Random &random, LifeMarkKeeper &mark, const DeviceId &device);

    // Commits one action as one group, durable when it returns. Several changes to one row become
    // one. Errors: Invalid (against the declaration, too large), NotFound (no such row), Full, Io.
    // `alongside` runs in the same transaction, for what belongs to the action and is not
    // replicated.
    [[nodiscard]] Result<GroupId> commit(
        const std::vector<Change> &changes, const std::function<Status()> &alongside = {});

    // Whose words changes are. What somebody writes is held to mayAuthor(). Rows that are laid here
    // again as they stood, out of a backup or a rescue file or by an undo, are not: they may say
    // what only a newer program may write, or what everybody might before there was a rule.
    enum class Said { Anew, Again };

    // Several groups in one transaction: all durable when it returns, or none there. For imports
    // and batches. `alongside` as in commit().
    [[nodiscard]] Status commitAll(const std::vector<std::vector<Change>> &groups,
        const std::function<Status()> &alongside = {}, Said said = Said::Anew);

    // ---- for the engine
    // take() answers Refused, and takes nothing, where a page would change more than anybody is
    // trusted with unasked; see acceptMassChange().
    // The next groups to send, all of one incarnation, behind those that are under way; nothing
    // when none waits. Raises the attempt.
    [[nodiscard]] Result<std::optional<PushRequest>> nextPush(
        const PushRequest *underWay = nullptr);
    // Whether what such a request holds still waits as it stands there.
    [[nodiscard]] Result<bool> stands(const PushRequest &request);
    [[nodiscard]] Result<Intake> take(const PushRequest &request, const PushAnswer &answer);
    [[nodiscard]] Result<PullRequest> nextPull();
    // What nextPull() will be once this answer is taken, where that can be told already and the
    // server has more.
    [[nodiscard]] Result<std::optional<PullRequest>> pullBehind(const PullAnswer &answer);
    [[nodiscard]] Result<Intake> take(const PullAnswer &answer);
    [[nodiscard]] Status enrolled(const EnrolAnswer &answer);

    // What take() stops at otherwise: one page by which others delete, or empty columns of, more
    // than 50 rows and a fifth of a table. Until this replica is closed.
    void acceptMassChange() { m_acceptsMassChange = true; }

    // What facts().sum must be, counted anew from the rows: for checking.
    [[nodiscard]] Result<RowSum> sumOfAll();

    // How long the octets of own groups whose rows left are kept at least, whatever the server
    // says.
    void keepBodiesFor(std::chrono::milliseconds atLeast) { m_bodiesKeptFor = atLeast; }

    // ---- for people
    [[nodiscard]] Result<std::vector<Conflict>> conflicts();
    // Settles every concurrent write to that column; with one of the two values go the columns that
    // go with it, as the side that is chosen has them. Errors: NotFound when it was settled
    // meanwhile.
    [[nodiscard]] Status resolve(const Uuid &id, const Value &value);
    [[nodiscard]] Status resolveRow(const Uuid &id, bool keepRow);
    [[nodiscard]] Result<ReplicaStatus> status();
    // What no server has accepted yet, in the order it was made.
    [[nodiscard]] Result<std::vector<Group>> unsent();
    [[nodiscard]] WallTime now();  // corrected by the server's clock where ours is far off

    [[nodiscard]] const Facts &facts() const { return m_facts; }

    [[nodiscard]] Store &store() { return m_store; }

    [[nodiscard]] Records &records() { return m_store.records(); }

    [[nodiscard]] const Schema &schema() const { return m_schema; }

    // Goes up with every commit, every change fetched and every change of ours that arrived: where
    // a row has got to is shown beside it.
    [[nodiscard]] std::uint64_t revision() const { return m_revision; }

private:
    Replica(Store &store, const Schema &schema, Clock &clock, Random &random, LifeMarkKeeper &mark)
        : m_store(store)
        , m_schema(schema)
        , m_clock(clock)
        , m_random(random)
        , m_mark(mark)
    {
    }

    // Runs `work` in a transaction; on failure nothing of it remains, in memory either.
    template <typename Work>
    auto whole(Work work) -> decltype(work());

    [[nodiscard]] Status load(const DeviceId &device);
    [[nodiscard]] Status keepFacts();
    [[nodiscard]] Status takeOutline();
    [[nodiscard]] Result<std::vector<Change>> understood(const Group &group);
    [[nodiscard]] Status ensureNewest();
    [[nodiscard]] Status check(const std::vector<Change> &changes, Said said) const;
    [[nodiscard]] Status checkSize(const std::vector<Change> &changes) const;
    [[nodiscard]] bool isPast(GroupRef group);
    [[nodiscard]] Result<std::optional<Change>> withUnmerged(const Change &change);
    // What the author had before their eyes of texts that wait beside each other.
    enum class Saw { TheShown, All };

    [[nodiscard]] Result<GroupId> commitOne(
        const std::vector<Change> &changes, const std::function<Status()> &alongside, Saw saw);
    [[nodiscard]] Status write(const std::vector<Change> &changes, Saw saw = Saw::TheShown);

    [[nodiscard]] Result<Bytes> bodyOf(GroupRef group);
    [[nodiscard]] Result<Group> toGroup(GroupRef group);
    [[nodiscard]] Result<OwnGroup> sealed(
        GroupRef group, const Bytes &body, const std::vector<Change> &changes);
    [[nodiscard]] Result<bool> isCounted(GroupRef group);
    [[nodiscard]] Status count(const std::vector<Change> &changes, GroupRef group);
    [[nodiscard]] Status countOne(const Change &change, GroupRef group, bool isFresh);
    [[nodiscard]] Status discount(const std::vector<Change> &changes, GroupRef group);
    [[nodiscard]] Status compare(const PullAnswer &answer, Intake &intake);

    [[nodiscard]] Status takeServer(const ServerState &server);
    [[nodiscard]] Status takeVerdict(const Verdict &verdict, Intake &intake);
    [[nodiscard]] Status accept(GroupRef group, Sequence sequence, Stamp stamp);
    [[nodiscard]] Status strike(const Change &change);
    [[nodiscard]] Status brake(const std::map<TableId, std::uint64_t> &rowsBefore) const;
    [[nodiscard]] Status takePage(const PullAnswer &answer, Intake &intake);
    [[nodiscard]] Status takeFill(const PullAnswer &answer, Intake &intake);
    [[nodiscard]] Status applyFill(const PullAnswer &last, Intake &intake);
    [[nodiscard]] Status dropFill();
    [[nodiscard]] Result<std::set<RowName>> aheadOfCursor();
    [[nodiscard]] Status purgeBeyond(const std::vector<std::string> &kept);
    [[nodiscard]] Status keepBodiesOf(TableId table, const RowId &row, std::set<GroupRef> &kept);
    [[nodiscard]] Status dropDurable(Sequence durable);
    [[nodiscard]] Result<bool> isThere(const Change &change, GroupRef group);
    [[nodiscard]] Result<bool> isOwn(const RowName &name);
    [[nodiscard]] Status forgetLeft(const std::vector<RowsOfTable> &left, const Scopes &kept);
    [[nodiscard]] Status forgetRows(const std::vector<RowsOfTable> &rows);
    [[nodiscard]] Status minds(const std::vector<RowsOfTable> &left);
    [[nodiscard]] Status forgetEverything(
        std::vector<std::pair<GroupRef, std::vector<Change>>> &waiting);
    [[nodiscard]] Status extendGroup(GroupRef known, const Group &group, Intake &intake);
    [[nodiscard]] Status takeGroup(const Group &group, Intake &intake);
    [[nodiscard]] Status noteMergedText(const Change &change, GroupRef theirs);
    [[nodiscard]] Status noteMerges(const Change &change, GroupRef theirs, const Applied &applied);
    [[nodiscard]] Status supersede(GroupRef group, const GroupId &knownAs, Intake &intake);
    [[nodiscard]] Status refuse(GroupRef group, const std::string &reason, Intake &intake);
    [[nodiscard]] Result<bool> restamp(Stamp serverStamp);
    [[nodiscard]] Status restampIfOvertaken(Stamp serverStamp);
    [[nodiscard]] Result<bool> isForked(const ServerState &server);
    [[nodiscard]] Status fork();
    [[nodiscard]] Status sealUpTo(const GroupId &id);
    [[nodiscard]] Status pruneSeen();
    [[nodiscard]] Status reofferRefused(const GroupId &id);
    [[nodiscard]] Status reofferForgotten(const ServerState &server, Intake &intake);
    [[nodiscard]] Status enterEpochs(const std::vector<Epoch> &epochs);
    [[nodiscard]] Status compactSeen();
    [[nodiscard]] GroupHeader limited(
        GroupHeader header, Sequence end, const std::vector<GroupRef> &lost);
    [[nodiscard]] Status withdraw(GroupRef group);
    [[nodiscard]] Status rebuildRowsOf(const std::vector<GroupRef> &groups);
    [[nodiscard]] Result<Conflict> describe(const Rival &rival, const Head &shown);
    [[nodiscard]] Result<Conflict> conflict(const Uuid &id);
    [[nodiscard]] Status bringAlong(const Conflict &settled, Change &change);

    Store &m_store;
    const Schema &m_schema;
    Clock &m_clock;
    Random &m_random;
    LifeMarkKeeper &m_mark;
    bool m_isNewest = false;  // this process has made sure that the database is the newest copy
    Facts m_facts;
    HybridClock m_stamps;
    Counter m_lastCounter{};
    bool m_isOvertaken = false;  // an accepted stamp turned out later than the one we had
    bool m_acceptsMassChange = false;
    std::map<TableId, std::uint64_t> m_struck;  // rows that the page under way deletes or empties
    std::uint64_t m_revision = 0;
    std::uint32_t m_countedBy = 0;
    std::chrono::milliseconds m_bodiesKeptFor = std::chrono::hours(30 * 24);
};

}  // namespace replica
