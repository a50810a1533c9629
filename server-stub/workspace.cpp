#include "server-stub/workspace.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "server-stub/compaction.h"
#include "server-stub/feed.h"
#include "server-stub/sharing.h"
#include "sync/base/mutant.h"
#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"
#include "sync/protocol/chain.h"
#include "sync/records/text_merge.h"

namespace tend::server {

using namespace replica;
using std::chrono::milliseconds;

namespace {

// A stamp further ahead of the server's clock than this is refused and given again by its device.
constexpr std::int64_t stampAheadMaxMs = 300'000;
constexpr auto durableFact = "durable";
constexpr auto floorFact = "floor";
constexpr auto sumsFact = "sums";  // by which declaration the places' sums were counted
constexpr auto outlineFact = "outline";  // what the program that last wrote here knew
// Work on rows that were somebody's is still taken from a device this long after they moved away.
constexpr std::int64_t lateWorkMs = 30LL * 24 * 3600 * 1000;

Bytes epochsToJson(const std::vector<Epoch> &epochs)
{
    auto json = nlohmann::json::array();
    for (const Epoch &epoch : epochs)
        json.push_back({{"id", toText(epoch.id)}, {"start", raw(epoch.start)}});
    return json.dump();
}

std::vector<Epoch> epochsFromJson(const Bytes &text)
{
    std::vector<Epoch> epochs;
    for (const auto &entry : nlohmann::json::parse(text, nullptr, false)) {
        epochs.push_back({parseUuid(entry.value("id", "")).value_or(Uuid{}),
            Sequence{entry.value("start", std::uint64_t{0})}});
    }
    return epochs;
}

}  // namespace

template <typename Work>
auto Workspace::whole(Work work) -> decltype(work())
{
    const Sequence headBefore = m_head;
    const Sequence floorBefore = m_floor;
    const HybridClock stamps = m_stamps;
    const auto epochs = m_epochs;
    const auto undo = [&] {
        m_store.records().rollback();
        m_head = headBefore;
        m_floor = floorBefore;
        m_stamps = stamps;
        m_epochs = epochs;
    };
    if (Status begun = m_store.records().begin(); !begun)
        return tl::unexpected<Error>(begun.error());
    // Another process (an invite, a restore) may have written since we looked.
    if (Status looked = lookAgain(); !looked) {
        undo();
        return tl::unexpected<Error>(looked.error());
    }
    auto result = work();
    if (!result) {
        undo();
        return result;
    }
    if (Status committed = m_store.records().commit(); !committed) {
        undo();
        return tl::unexpected<Error>(committed.error());
    }
    return result;
}

Status Workspace::lookAgain()
{
    m_head = TRY(m_store.head());
    if (const auto stamp = TRY(m_store.fact("stamp")))
        m_stamps.witness(Stamp{std::stoull(*stamp)});
    const auto durable = TRY(m_store.fact(durableFact));
    m_durable = Sequence{durable ? std::stoull(*durable) : 0};
    const auto floor = TRY(m_store.fact(floorFact));
    m_floor = Sequence{floor ? std::stoull(*floor) : 0};
    return {};
}

Result<std::unique_ptr<Workspace>> Workspace::create(
    SharedStore &store, const Schema &schema, Clock &clock, Random &random, const std::string &name)
{
    if (TRY(store.fact("workspace_name")))
        return fail(ErrorCode::Conflict, "there is a workspace here already; nothing was changed");
    std::unique_ptr<Workspace> workspace(new Workspace(store, schema, clock, random));
    TRY_STATUS(workspace->whole([&]() -> Status {
        TRY_STATUS(store.keepFact("workspace_name", name));
        for (const char *fact : {"workspace_id", "server_device"}) {
            const Uuid id = makeUuid7(clock.wallNow(), random);
            TRY_STATUS(store.keepFact(fact, Bytes(id.bytes())));
        }
        workspace->m_epochs = {{makeUuid7(clock.wallNow(), random), Sequence{0}}};
        return workspace->keepEpochs();
    }));
    TRY_STATUS(workspace->load());
    return workspace;
}

Result<std::unique_ptr<Workspace>> Workspace::open(
    SharedStore &store, const Schema &schema, Clock &clock, Random &random)
{
    std::unique_ptr<Workspace> workspace(new Workspace(store, schema, clock, random));
    TRY_STATUS(workspace->load());
    return workspace;
}

Status Workspace::load()
{
    const auto name = TRY(m_store.fact("workspace_name"));
    const auto id = TRY(m_store.fact("workspace_id"));
    const auto device = TRY(m_store.fact("server_device"));
    const auto epochs = TRY(m_store.fact("epochs"));
    if (!name || !id || !device || !epochs)
        return fail(
            ErrorCode::NotFound, "there is no workspace here; make one with: tend-server init");
    m_name = *name;
    m_id = uuidOf(*id).value_or(Uuid{});
    m_serverDevice = uuidOf(*device).value_or(Uuid{});
    m_epochs = epochsFromJson(*epochs);
    if (m_epochs.empty())
        return fail(ErrorCode::Corrupt, "the workspace's epochs are unreadable");
    m_countedBy = countedBy(m_schema);
    TRY_STATUS(takeDeclaration());
    return lookAgain();
}

// Another declaration may count otherwise, or place rows elsewhere.
Status Workspace::takeDeclaration()
{
    const std::string outline = outlineOf(m_schema);
    const auto known = TRY(m_store.fact(outlineFact));
    if (known && !knows(m_schema, *known))
        return fail(ErrorCode::TooNew,
            "a newer tend-server wrote this workspace; update this one. Nothing was changed");
    const std::string counted = std::to_string(m_countedBy);
    if (known == outline && TRY(m_store.fact(sumsFact)) == counted)
        return {};
    return whole([&]() -> Status {
        TRY_STATUS(countAll());
        TRY_STATUS(m_store.keepFact(sumsFact, counted));
        return m_store.keepFact(outlineFact, outline);
    });
}

Status Workspace::countAll()
{
    for (const auto &[place, sum] : TRY(m_store.sums()))
        TRY_STATUS(m_store.addToSum(place, 0 - sum));
    for (const auto &[place, sum] : TRY(countSums(m_store.records(), m_schema)))
        TRY_STATUS(m_store.addToSum(place, sum));
    return {};
}

Status Workspace::keepEpochs()
{
    return m_store.keepFact("epochs", epochsToJson(m_epochs));
}

Result<ServerState> Workspace::state(const DeviceId &device, Incarnation incarnation)
{
    const Life life = TRY(m_store.life(device, incarnation));
    ServerState state;
    state.epochs = m_epochs;
    state.head = m_head;
    state.durable = MUTANT(durable_unproven) ? m_head : m_durable;
    const WallTime now = m_clock.wallNow();
    state.stamp = std::max(m_stamps.last(), stampAt(now));
    state.aheadMs
        = static_cast<std::uint64_t>(inMs(wallOf(state.stamp)) - inMs(wallOf(stampAt(now))));
    state.accepted = {device, incarnation, life.accepted};
    state.chain = life.chain;
    return state;
}

Status Workspace::accept(
    GroupHeader header, SharedStore::LogEntry entry, const std::vector<Change> &changes)
{
    m_head = after(m_head);
    header.sequence = m_head;
    Sharing sharing(m_store, m_schema);
    TRY_STATUS(sharing.before(changes));
    entry.group = TRY(m_store.records().addGroup(header));
    TRY_STATUS(m_store.appendBody(m_head, entry));
    for (const Change &change : changes) {
        const Applied applied = TRY(apply(m_store.records(), change, entry.group));
        TRY_STATUS(sharing.applied(change, entry.group, applied));
        noteMet(change, applied);
    }
    TRY_STATUS(sharing.finish(m_head, m_clock.wallNow()));
    m_stamps.witness(header.stamp);
    return m_store.keepFact("stamp", std::to_string(static_cast<std::uint64_t>(m_stamps.last())));
}

// ---- push ---------------------------------------------------------------------------------------

Result<PushAnswer> Workspace::push(const Device &device, const PushRequest &request)
{
    return whole([&] { return decideAll(device, request); });
}

std::vector<Result<PushAnswer>> Workspace::pushAll(const std::vector<Push> &pushes)
{
    std::vector<Result<PushAnswer>> answers;
    const auto together = [&]() -> Status {
        for (const Push &one : pushes)
            answers.emplace_back(TRY(decideAll(one.device, one.request)));
        return {};
    };
    if (pushes.size() > 1 && whole(together))
        return answers;
    answers.clear();
    for (const Push &one : pushes)
        answers.push_back(push(one.device, one.request));
    return answers;
}

Result<PushAnswer> Workspace::decideAll(const Device &device, const PushRequest &request)
{
    PushAnswer answer;
    if (request.epoch != m_epochs.back().id) {
        answer.outcome = SyncOutcome::NewEpoch;
        answer.server = TRY(state(device.id, request.incarnation));
        return answer;
    }
    Life life = TRY(m_store.life(device.id, request.incarnation));
    if (request.attempt <= life.attempt) {
        answer.outcome = SyncOutcome::StaleAttempt;
        answer.lastAttempt = life.attempt;
        answer.server = TRY(state(device.id, request.incarnation));
        return answer;
    }
    life.attempt = request.attempt;
    for (const Group &group : request.groups) {
        if (group.header.id.device != device.id
            || group.header.id.incarnation != request.incarnation)
            return fail(
                ErrorCode::Invalid, "a push may hold only groups of the device that sends it");
        const auto goesOn = decide(device, group, life, answer);
        // What it does not know yet it refuses alone; what came before is settled.
        if (!goesOn && (goesOn.error().code != ErrorCode::TooNew || answer.verdicts.empty()))
            return tl::unexpected<Error>(goesOn.error());
        if (!goesOn || !*goesOn)
            break;
    }
    TRY_STATUS(m_store.keepLife(device.id, request.incarnation, life));
    answer.server = TRY(state(device.id, request.incarnation));
    return answer;
}

namespace {

std::string formerFact(const GroupId &former, const Bytes &digest)
{
    return "former/" + toText(former.device) + '/' + std::to_string(raw(former.incarnation)) + '/'
        + std::to_string(raw(former.counter)) + '/' + toHex(digest);
}

}  // namespace

// A device that forked twice sends one group under two new names; it is accepted under the first.
Result<std::optional<Verdict>> Workspace::acceptedElsewhere(const Group &group, const Bytes &digest)
{
    const auto sequence = group.former ? TRY(m_store.fact(formerFact(*group.former, digest)))
                                       : std::optional<Bytes>();
    if (!sequence || MUTANT(former_unknown))
        return std::optional<Verdict>();
    const auto entry = TRY(m_store.logEntry(Sequence{std::stoull(*sequence)}));
    const GroupHeader header = m_store.records().header(entry.group);
    if (header.id == group.header.id)
        return std::optional<Verdict>();
    return std::optional<Verdict>(Verdict{
        group.header.id, VerdictKind::Duplicate, header.sequence, header.stamp, {}, header.id});
}

Result<bool> Workspace::recognise(
    const Device &device, const Group &group, const Bytes &digest, PushAnswer &answer)
{
    const auto known = TRY(m_store.records().findGroup(group.header.id));
    Verdict verdict{group.header.id, VerdictKind::Duplicate, {}, {}, {}, {}};
    if (known) {
        const GroupHeader header = m_store.records().header(*known);
        if (!MUTANT(no_incarnation) && TRY(m_store.logEntry(header.sequence)).digest != digest) {
            answer.outcome = SyncOutcome::Forked;
            return false;
        }
        verdict.sequence = header.sequence;
        verdict.stamp = header.stamp;
        answer.verdicts.push_back(std::move(verdict));
        const auto changes = decodeBody(group.body);
        if (changes)
            TRY_STATUS(addStrays(TRY(judged(device, header, *changes)), answer));
        return true;
    }
    if (auto elsewhere = TRY(acceptedElsewhere(group, digest))) {
        answer.verdicts.push_back(*std::move(elsewhere));
        return true;
    }
    for (const Quarantined &refused : TRY(m_store.quarantined())) {
        if (refused.header.id != group.header.id)
            continue;
        if (crypto::sha256(refused.body) != digest) {
            answer.outcome = SyncOutcome::Forked;
            return false;
        }
        verdict.kind = VerdictKind::Quarantined;
        verdict.reason = refused.reason;
        verdict.stamp = refused.header.stamp;
        answer.verdicts.push_back(std::move(verdict));
        return true;
    }
    return fail(ErrorCode::Corrupt, "an accepted group is missing from the log");
}

namespace {

// Who brings a row that must stay as it was written a second time, as another device of theirs did,
// says the same.
Result<std::optional<std::string>> appendObjection(
    Records &records, const Table &table, const Change &change)
{
    const auto there = table.isAppendOnly ? TRY(records.row(table.id, change.row)) : std::nullopt;
    if (!there || there->assignments == change.assignments)
        return std::optional<std::string>();
    return std::optional("a row of " + table.name + " stays as it was written");
}

}  // namespace

Result<std::optional<std::string>> Workspace::objection(
    const Device &device, const Bytes &body, std::vector<Change> &changes)
{
    auto decoded = decodeBody(body);
    if (!decoded)
        return std::optional(decoded.error().message);
    changes = *std::move(decoded);
    for (const Change &change : changes) {
        if (const Status fits = validate(m_schema, change); !fits) {
            // It waits at its author's until this server knows more.
            if (fits.error().code == ErrorCode::TooNew)
                return fail(ErrorCode::TooNew,
                    "this was written by a newer Tend than this server's; update the server");
            return std::optional(fits.error().message);
        }
        const Table &table = *m_schema.table(change.table);
        if (table.writer == TableWriter::Server)
            return std::optional("the table " + table.name + " is written by the server only");
        if (auto appended = TRY(appendObjection(m_store.records(), table, change)))
            return appended;
        for (const Assignment &given : change.assignments) {
            if (table.column(given.column)->policy == MergePolicy::Server)
                return std::optional(table.name + "." + table.column(given.column)->name
                    + " is written by the server only");
        }
        if (m_rights) {
            if (auto reason = m_rights(device, change))
                return reason;
        }
    }
    return std::optional<std::string>();
}

Result<Judgement> Workspace::judged(
    const Device &device, const GroupHeader &header, const std::vector<Change> &changes)
{
    if (!m_schema.isShared())
        return Judgement{};
    if (device.isWiped) {
        return Judgement{
            "this device was told to give up all it holds; its last work is kept for the office",
            {}, {}};
    }
    const View view = TRY(viewOf(m_store.records(), m_schema, device));
    const WallTime ago{inMs(m_clock.wallNow()) - lateWorkMs};
    return judge(m_store, m_schema, view, changes, header.base, ago);
}

// With what hangs on them.
Status Workspace::addStrays(const Judgement &judgement, PushAnswer &answer)
{
    ScopeReader reader(m_store.records(), m_schema);
    for (const RowName &stray : judgement.strays) {
        for (const RowName &row : TRY(reader.treeOf(stray))) {
            // Somebody else's concurrent change may have prevailed.
            const Scopes scopes = TRY(reader.of(row));
            const bool isHeld = meet(scopes, judgement.view.scopes) || holds(scopes, orphaned);
            if (!isHeld)
                answer.left.push_back({row.table, {row.row}});
        }
    }
    return {};
}

Result<bool> Workspace::decide(
    const Device &device, const Group &group, Life &life, PushAnswer &answer)
{
    GroupHeader header = group.header;
    const Bytes digest = crypto::sha256(group.body);
    if (header.id.counter <= life.accepted)
        return recognise(device, group, digest, answer);
    if (header.id.counter != after(life.accepted)) {
        answer.outcome = SyncOutcome::Gap;
        return false;
    }
    const WallTime latest{inMs(m_clock.wallNow()) + stampAheadMaxMs};
    if ((header.stamp > stampAt(latest) && !MUTANT(no_clamp)) || header.stamp <= life.stamp) {
        answer.outcome = SyncOutcome::Restamp;
        return false;
    }
    if (header.base > m_head) {
        // It claims to have seen what is not there yet: the device follows another life of this
        // server.
        return fail(ErrorCode::Invalid, "a group's base lies beyond the log");
    }
    header.actor = device.member;
    // It has seen what came before it in this push, also where that is known under another name.
    for (const Verdict &before : answer.verdicts) {
        if (before.knownAs)
            header.alsoSeen.push_back(*before.knownAs);
    }
    if (auto elsewhere = TRY(acceptedElsewhere(group, digest))) {
        life.accepted = header.id.counter;
        life.stamp = header.stamp;
        life.chain = nextChain(life.chain, header.id, digest);
        answer.verdicts.push_back(*std::move(elsewhere));
        return true;
    }
    Verdict verdict{header.id, VerdictKind::Accepted, {}, header.stamp, {}, {}};
    std::vector<Change> changes;
    auto reason = TRY(objection(device, group.body, changes));
    if (!reason)
        reason = TRY(deadObjection(m_store, m_schema, changes));
    Judgement judgement;
    if (!reason) {
        judgement = TRY(judged(device, header, changes));
        reason = judgement.objection;
    }
    if (reason) {
        TRY_STATUS(m_store.quarantine({header, group.body, *reason, m_clock.wallNow()}));
        verdict.kind = VerdictKind::Quarantined;
        verdict.reason = *reason;
    } else {
        TRY_STATUS(accept(header, {{}, group.body, digest}, changes));
        verdict.sequence = m_head;
        TRY_STATUS(addStrays(judgement, answer));
        if (m_schema.isShared())
            TRY_STATUS(m_store.appendScopes(m_head, {ownScope(device.id)}));
        if (group.former)
            TRY_STATUS(
                m_store.keepFact(formerFact(*group.former, digest), std::to_string(raw(m_head))));
        TRY_STATUS(mergeMet());
    }
    life.accepted = header.id.counter;
    // Nobody compares with what was refused. A device set back offers it again with another stamp
    // than before, and what was accepted behind it keeps its own.
    if (!reason)
        life.stamp = header.stamp;
    life.chain = nextChain(life.chain, header.id, digest);
    answer.verdicts.push_back(std::move(verdict));
    return true;
}

// ---- texts --------------------------------------------------------------------------------------

void Workspace::noteMet(const Change &change, const Applied &applied)
{
    const Table &table = *m_schema.table(change.table);
    for (const Head &head : applied.concurrent) {
        const Column *column = table.column(head.column);
        const bool isWritten = std::any_of(
            change.assignments.begin(), change.assignments.end(), [&](const Assignment &given) {
                return given.column == head.column && given.value != head.value;
            });
        if (column && column->policy == MergePolicy::Merge && isWritten)
            m_met.insert({{change.table, change.row}, head.column});
    }
}

// Made here and nowhere else, as a group of the server's own that has seen both: two devices with
// different versions of the program could never agree on one text.
Status Workspace::mergeMet()
{
    std::vector<Change> merged;
    for (const auto &[name, column] : m_met) {
        auto text = TRY(mergedText(m_store.records(), name, column));
        if (text)
            merged.push_back(
                {name.table, name.row, ChangeKind::Update, {{column, *std::move(text)}}});
    }
    m_met.clear();
    for (Change &change : merged) {
        // Whoever sees the one text sees what the authors of both had seen.
        std::vector<GroupId> seen;
        for (const Head &head : TRY(m_store.records().load(change.table, change.row)).heads) {
            const GroupHeader header = m_store.records().header(head.group);
            for (const GroupId &id : header.alsoSeen) {
                if (!TRY(m_store.records().findGroup(id)))
                    seen.push_back(id);
            }
        }
        TRY_STATUS(write({std::move(change)}, std::move(seen)));
    }
    return {};
}

// ---- pull ---------------------------------------------------------------------------------------

Result<PullAnswer> Workspace::pull(const Device &device, const PullRequest &request)
{
    // Reading needs the transaction too: page, head and epoch must be of one moment.
    return whole([&]() -> Result<PullAnswer> {
        PullAnswer answer;
        answer.server = TRY(state(device.id, request.incarnation));
        answer.from = answer.to = request.cursor;
        if (request.epoch != m_epochs.back().id || request.cursor > m_head) {
            answer.outcome = SyncOutcome::NewEpoch;
            return answer;
        }
        const View view = TRY(viewOf(m_store.records(), m_schema, device));
        Feed feed(m_store, m_schema, device, view, m_head);
        feed.setReplayMax(m_replayMax);
        feed.setMovedMax(m_movedMax);
        feed.setFloor(m_floor);
        TRY_STATUS(feed.answer(request, answer));
        const bool isWhole = answer.outcome == SyncOutcome::Ok && !answer.fill
            && answer.to == m_head && !tellsNothing(answer);
        if (isWhole && request.countedBy == m_countedBy)
            answer.sum = TRY(feed.sum());
        return answer;
    });
}

bool tellsNothing(const PullAnswer &answer)
{
    return answer.outcome == SyncOutcome::Ok && answer.to == answer.from && !answer.fill
        && answer.groups.empty() && answer.entered.empty() && answer.left.empty()
        && answer.scopes.empty();
}

Result<Workspace::Watch> Workspace::watch(const Device &device, Sequence seen)
{
    return Watch{seen, TRY(viewOf(m_store.records(), m_schema, device)).scopes};
}

Result<bool> Workspace::hasNews(const Watch &watch)
{
    if (TRY(m_store.head()) <= watch.seen)
        return false;
    // Members, territories and devices are in everybody's scope, so a changed view is news too.
    return !m_schema.isShared() || !TRY(m_store.sequencesIn(watch.scopes, watch.seen, 1)).empty();
}

// ---- people and devices -------------------------------------------------------------------------

// Another after each restore: what was written after the backup may live in what devices have seen,
// and its names are never given again.
Incarnation Workspace::ownIncarnation() const
{
    if (m_epochs.size() == 1)
        return Incarnation{1};
    std::uint64_t number = 0;
    for (std::size_t at = 8; at < 16; ++at)  // the random half
        number = number << 8U | m_epochs.back().id.octets[at];
    return Incarnation{number};
}

Status Workspace::write(const std::vector<Change> &changes, std::vector<GroupId> alsoSeen)
{
    const Incarnation incarnation = ownIncarnation();
    Life life = TRY(m_store.life(m_serverDevice, incarnation));
    GroupHeader header;
    header.id = {m_serverDevice, incarnation, after(life.accepted)};
    m_stamps.witness(life.stamp);
    header.stamp = m_stamps.tick(m_clock.wallNow());
    header.base = m_head;
    std::sort(alsoSeen.begin(), alsoSeen.end());
    alsoSeen.erase(std::unique(alsoSeen.begin(), alsoSeen.end()), alsoSeen.end());
    header.alsoSeen = std::move(alsoSeen);
    header.madeAt = m_clock.wallNow();
    const Bytes body = encodeBody(changes);
    const Bytes digest = crypto::sha256(body);
    for (const Change &change : changes)
        TRY_STATUS(validate(m_schema, change));
    TRY_STATUS(accept(header, {{}, body, digest}, changes));
    life.accepted = header.id.counter;
    life.stamp = header.stamp;
    life.chain = nextChain(life.chain, header.id, digest);
    return m_store.keepLife(m_serverDevice, incarnation, life);
}

Status Workspace::commit(const std::vector<Change> &changes)
{
    return whole([&]() -> Status { return write(changes); });
}

Result<Uuid> Workspace::memberNamed(const NewMember &wanted)
{
    const Table &table = *m_schema.table("member");
    const ColumnId name = table.column("name")->id;
    for (const RowId &id : TRY(m_store.records().rowIds(table.id))) {
        const auto row = TRY(m_store.records().row(table.id, id));
        const auto holds = [&](ColumnId column, const Value &value) {
            return std::find(
                       row->assignments.begin(), row->assignments.end(), Assignment{column, value})
                != row->assignments.end();
        };
        if (holds(name, wanted.name) && !holds(table.column("active")->id, std::int64_t{0}))
            return id;
    }
    const Uuid id = makeUuid7(m_clock.wallNow(), m_random);
    TRY_STATUS(write({{table.id, id, ChangeKind::Insert,
        {{name, wanted.name}, {table.column("role")->id, wanted.role},
            {table.column("active")->id, std::int64_t{1}}}}}));
    return id;
}

Result<Bytes> Workspace::invite(const NewMember &member, WallTime expiresAt)
{
    return whole([&]() -> Result<Bytes> {
        const Bytes secret = m_random.bytes(32);
        const Uuid id = TRY(memberNamed(member));
        TRY_STATUS(m_store.keepInvitation({crypto::sha256(secret), id, expiresAt, false}));
        return secret;
    });
}

Result<EnrolAnswer> Workspace::enrol(BytesView publicKeyDigest, const EnrolRequest &request)
{
    return whole([&]() -> Result<EnrolAnswer> {
        auto invitation = TRY(m_store.invitation(crypto::sha256(request.secret)));
        if (!invitation)
            return fail(ErrorCode::Refused, "this invitation is not known here; ask for a new one");
        auto device = TRY(m_store.deviceByKey(publicKeyDigest));
        // A lost answer is asked for again with the same invitation and key.
        const bool isRepeat = invitation->isUsed && device && device->member == invitation->member;
        if (invitation->isUsed && !isRepeat)
            return fail(ErrorCode::Refused, "this invitation was used already; ask for a new one");
        if (invitation->expiresAt < m_clock.wallNow())
            return fail(ErrorCode::Refused, "this invitation has expired; ask for a new one");
        if (device && device->isRevoked)
            return fail(ErrorCode::Refused, "this device was revoked; join with a new replica");
        if (device && !isRepeat)
            return fail(ErrorCode::Refused,
                "this device has joined already; another person needs a replica of their own");
        if (!isRepeat) {
            const std::string name = request.deviceName.empty() ? "device" : request.deviceName;
            device = Device{makeDerivedUuid(publicKeyDigest), Bytes(publicKeyDigest),
                invitation->member, name, false};
            TRY_STATUS(m_store.keepDevice(*device));
            invitation->isUsed = true;
            TRY_STATUS(m_store.keepInvitation(*invitation));
            const Table &table = *m_schema.table("device");
            TRY_STATUS(write({{table.id, device->id, ChangeKind::Insert,
                {{table.column("member_id")->id, Blob{Bytes(device->member.bytes())}},
                    {table.column("name")->id, name}}}}));
        }
        EnrolAnswer answer;
        answer.device = device->id;
        answer.member = device->member;
        const auto member
            = TRY(m_store.records().row(m_schema.table("member")->id, device->member));
        if (member && !member->assignments.empty()) {
            if (const auto *name = std::get_if<std::string>(&member->assignments.front().value))
                answer.memberName = *name;
        }
        answer.workspaceName = m_name;
        answer.workspace = m_id;
        answer.server = TRY(state(device->id, Incarnation{0}));
        return answer;
    });
}

Status Workspace::revoke(const DeviceId &id)
{
    return whole([&]() -> Status {
        for (Device &device : TRY(m_store.devices())) {
            if (device.id != id)
                continue;
            device.isRevoked = true;
            TRY_STATUS(m_store.keepDevice(device));
            const Table &table = *m_schema.table("device");
            return write({{table.id, id, ChangeKind::Update,
                {{table.column("revoked_at")->id, inMs(m_clock.wallNow())}}}});
        }
        return fail(ErrorCode::NotFound, "no device " + toText(id));
    });
}

Status Workspace::wipe(const DeviceId &id)
{
    return whole([&]() -> Status {
        for (Device &device : TRY(m_store.devices())) {
            if (device.id != id)
                continue;
            device.isWiped = true;
            return m_store.keepDevice(device);
        }
        return fail(ErrorCode::NotFound, "no device " + toText(id));
    });
}

Status Workspace::beginEpoch()
{
    return whole([&]() -> Status {
        m_epochs.push_back({makeUuid7(m_clock.wallNow(), m_random), m_head});
        return keepEpochs();
    });
}

Status Workspace::noteDurable(Sequence upTo)
{
    return whole([&]() -> Status {
        if (upTo <= m_durable || upTo > m_head)
            return {};
        return m_store.keepFact(durableFact, std::to_string(raw(upTo)));
    });
}

// ---- what is kept no longer ---------------------------------------------------------------------

Status Workspace::compact(Sequence floor)
{
    return whole([&] { return compactTo(std::min(floor, m_head)); });
}

Status Workspace::compactTo(Sequence floor)
{
    if (floor <= m_floor)
        return {};
    const auto expired = TRY(expiredRows(m_store, m_schema, floor));
    std::vector<Move> moves;
    ScopeReader reader(m_store.records(), m_schema);
    for (const RowName &name : expired)
        moves.push_back({{}, name, TRY(reader.of(name)), false});
    // A group of the server's own that says nothing: devices up to here are told the rows to
    // forget.
    if (!expired.empty())
        TRY_STATUS(write({}));
    for (Move &move : moves) {
        move.sequence = m_head;
        TRY_STATUS(m_store.records().forgetRow(move.row.table, move.row.row));
        TRY_STATUS(m_store.noteDead(move.row));
        if (!MUTANT(tombstones_stay))
            TRY_STATUS(m_store.noteMove(move));
    }
    m_floor = floor;
    TRY_STATUS(m_store.compact(floor));
    return m_store.keepFact(floorFact, std::to_string(raw(floor)));
}

Result<milliseconds> Workspace::tidy(milliseconds keepLogFor)
{
    constexpr milliseconds lookMost{600'000};
    constexpr milliseconds lookLeast{1'000};
    const milliseconds rest = std::clamp(keepLogFor / 400, lookLeast, lookMost);
    const MonotonicTime now = m_clock.monotonicNow();
    if (m_tidyAgainAt && now < *m_tidyAgainAt)
        return milliseconds(inMs(*m_tidyAgainAt) - inMs(now));
    m_tidyAgainAt = now + rest;
    const auto status = whole([&]() -> Status {
        DayMarks days = TRY(DayMarks::read(m_store));
        if (!days.note(m_clock.wallNow(), m_head, keepLogFor))
            return {};
        const Sequence floor = days.floor(m_clock.wallNow(), keepLogFor);
        TRY_STATUS(compactTo(floor));
        return days.keep(m_store, m_floor);
    });
    if (!status)
        return tl::unexpected<Error>(status.error());
    return rest;
}

// ---- verify -------------------------------------------------------------------------------------

Result<std::vector<std::string>> Workspace::verify()
{
    return whole([&]() -> Result<std::vector<std::string>> {
        std::vector<std::string> faults;
        std::map<std::pair<DeviceId, Incarnation>, Life> lives;
        for (Sequence sequence{1}; sequence <= m_head; sequence = after(sequence)) {
            const std::string where = "sequence " + std::to_string(raw(sequence)) + ": ";
            const auto entry = m_store.logEntry(sequence);
            if (!entry) {
                faults.push_back(where + entry.error().message);
                continue;
            }
            const GroupHeader header = m_store.records().header(entry->group);
            if (header.sequence != sequence)
                faults.push_back(where + "the group belongs to sequence "
                    + std::to_string(raw(header.sequence)));
            const bool isCompacted = sequence <= m_floor;
            if (isCompacted ? !entry->body.empty() : crypto::sha256(entry->body) != entry->digest)
                faults.push_back(where + "the body does not have its digest");
            if (!decodeBody(entry->body))
                faults.push_back(where + "the body is unreadable");
            Life &life = lives[{header.id.device, header.id.incarnation}];
            if (header.id.counter <= life.accepted || header.stamp <= life.stamp)
                faults.push_back(where + "counter or stamp does not rise");
            life.accepted = header.id.counter;
            life.stamp = header.stamp;
        }
        auto sums = TRY(countSums(m_store.records(), m_schema));
        for (const auto &[place, sum] : TRY(m_store.sums())) {
            if (sums[place] != sum)
                faults.push_back("the rows of " + (place.empty() ? "nobody" : place.front())
                    + " do not come to their sum");
            sums.erase(place);
        }
        for (const auto &[place, sum] : sums) {
            if (sum != 0)
                faults.push_back("the rows of " + place.front() + " are in no sum");
        }
        for (const auto &[name, life] : lives) {
            const Life kept = TRY(m_store.life(name.first, name.second));
            if (kept.accepted < life.accepted || kept.stamp < life.stamp)
                faults.push_back(
                    "device " + toText(name.first) + ": its last number lies below its log");
        }
        return faults;
    });
}

}  // namespace tend::server
