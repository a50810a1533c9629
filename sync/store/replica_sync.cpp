// A replica's talk with its server: what is sent, and what each answer does to rows, queue and
// identity.
#include <algorithm>
#include <map>
#include <set>

#include "sync/base/mutant.h"
#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"
#include "sync/protocol/chain.h"
#include "sync/store/replica.h"
#include "sync/store/replica_whole.h"

namespace replica {

namespace {

// Beyond this the device's clock is called wrong and stamps follow the server's.
constexpr std::int64_t clockToleranceMs = 60'000;

// How far two servers' lives agree: every sequence up to here means the same group in both.
Sequence sharedEnd(const std::vector<Epoch> &ours, const std::vector<Epoch> &theirs)
{
    std::size_t same = 0;
    while (same < ours.size() && same < theirs.size() && ours[same].id == theirs[same].id)
        ++same;
    if (same == 0)
        return Sequence{0};
    Sequence end{UINT64_MAX};
    if (same < ours.size())
        end = std::min(end, ours[same].start);
    if (same < theirs.size())
        end = std::min(end, theirs[same].start);
    return end;
}

}  // namespace

// ---- sending ------------------------------------------------------------------------------------

Result<OwnGroup> Replica::sealed(GroupRef group, const Bytes &body)
{
    const GroupId id = records().header(group).id;
    OwnGroup own = TRY(m_store.ownGroup(id));
    if (!own.chain.empty())
        return own;
    const GroupId before{id.device, id.incarnation, Counter{raw(id.counter) - 1}};
    own.digest = crypto::sha256(body);
    own.chain = nextChain(TRY(m_store.ownGroup(before)).chain, id, own.digest);
    TRY_STATUS(m_store.keepOwnGroup(id, own));
    return own;
}

// Seals what waits of one incarnation up to `id`, oldest first, since each chain rests on the one
// before.
Status Replica::sealUpTo(const GroupId &id)
{
    std::vector<GroupRef> unsealed;
    for (GroupId at = id; raw(at.counter) > 0; at.counter = Counter{raw(at.counter) - 1}) {
        const auto group = TRY(records().findGroup(at));
        if (!group || !TRY(m_store.ownGroup(at)).chain.empty())
            break;
        unsealed.push_back(*group);
    }
    for (auto group = unsealed.rbegin(); group != unsealed.rend(); ++group)
        static_cast<void>(TRY(toGroup(*group)));
    return {};
}

Result<Group> Replica::toGroup(GroupRef group)
{
    Group out;
    out.body = encodeBody(TRY(records().changesOf(group)));
    static_cast<void>(TRY(sealed(group, out.body)));
    out.header = records().header(group);
    return out;
}

// The oldest incarnation that has something waiting, its groups in the order of their counters.
Result<std::vector<GroupRef>> Replica::nextWaiting()
{
    auto waiting = TRY(records().unacceptedGroups());
    if (waiting.empty())
        return waiting;
    const Incarnation incarnation = records().header(waiting.front()).id.incarnation;
    std::erase_if(waiting,
        [&](GroupRef group) { return records().header(group).id.incarnation != incarnation; });
    std::sort(waiting.begin(), waiting.end(), [&](GroupRef one, GroupRef other) {
        return records().header(one).id.counter < records().header(other).id.counter;
    });
    return waiting;
}

Result<std::optional<PushRequest>> Replica::nextPush()
{
    const auto waiting = TRY(nextWaiting());
    if (waiting.empty())
        return std::optional<PushRequest>();
    return whole([&]() -> Result<std::optional<PushRequest>> {
        TRY_STATUS(ensureNewest());
        PushRequest request;
        request.incarnation = records().header(waiting.front()).id.incarnation;
        if (!m_facts.epochs.empty())
            request.epoch = m_facts.epochs.back().id;
        std::size_t octets = 0;
        for (const GroupRef ref : waiting) {
            Group group = TRY(toGroup(ref));
            octets += group.body.size() + 64;
            if (!request.groups.empty() && octets > pageBytesAim)
                break;
            request.groups.push_back(std::move(group));
        }
        request.attempt = ++m_facts.attempt;
        TRY_STATUS(keepFacts());
        return std::optional<PushRequest>(std::move(request));
    });
}

Result<PullRequest> Replica::nextPull()
{
    // The server leaves out the bodies of the incarnation that asks, so it must be the right one.
    if (!m_isNewest)
        TRY_STATUS(whole([&]() -> Status { return ensureNewest(); }));
    PullRequest request;
    if (!m_facts.epochs.empty())
        request.epoch = m_facts.epochs.back().id;
    request.incarnation = m_facts.incarnation;
    request.cursor = m_facts.cursor;
    return request;
}

// ---- answers ------------------------------------------------------------------------------------

Status Replica::takeServer(const ServerState &server)
{
    if (!MUTANT(no_hlc_merge))
        m_stamps.witness(server.stamp);
    m_facts.witnessed = std::max(m_facts.witnessed, server.stamp);
    const auto offset = inMs(wallOf(server.stamp)) - inMs(m_clock.wallNow());
    m_facts.clockOffsetMs = std::abs(offset) > clockToleranceMs ? offset : 0;
    return {};
}

Result<Intake> Replica::take(const PushRequest &request, const PushAnswer &answer)
{
    return whole([&]() -> Result<Intake> {
        Intake intake;
        if (answer.server.epochs != m_facts.epochs) {
            TRY_STATUS(enterEpochs(answer.server.epochs));
            intake.wentOn = true;
        }
        TRY_STATUS(takeServer(answer.server));
        for (const Verdict &verdict : answer.verdicts)
            TRY_STATUS(takeVerdict(verdict, intake));
        if (MUTANT(ack_clears_all)) {
            for (const Group &group : request.groups) {
                const Sequence invented{(1U << 30U) + raw(group.header.id.counter)};
                TRY_STATUS(takeVerdict(
                    {group.header.id, VerdictKind::Accepted, invented, group.header.stamp, {}},
                    intake));
            }
        }
        switch (answer.outcome) {
        case SyncOutcome::Ok:
        case SyncOutcome::NewEpoch:
            break;
        case SyncOutcome::Restamp:
            intake.wentOn = TRY(restamp(answer.server.stamp));
            break;
        case SyncOutcome::StaleAttempt:
            // Another life of this database went further; ours goes on above it.
            m_facts.attempt = std::max(m_facts.attempt, answer.lastAttempt);
            intake.wentOn = true;
            break;
        case SyncOutcome::Forked:
            TRY_STATUS(fork());
            intake.wentOn = true;
            break;
        case SyncOutcome::Gap:
            TRY_STATUS(reofferForgotten(answer.server, intake));
            break;
        }
        intake.wentOn = intake.wentOn || !answer.verdicts.empty();
        TRY_STATUS(restampIfOvertaken(answer.server.stamp));
        TRY_STATUS(keepFacts());
        return intake;
    });
}

Status Replica::takeVerdict(const Verdict &verdict, Intake &intake)
{
    const auto group = TRY(records().findGroup(verdict.id));
    if (!group || records().header(*group).sequence != Sequence{0})
        return {};
    if (verdict.kind == VerdictKind::Quarantined)
        return refuse(*group, verdict.reason, intake);
    intake.pushed += TRY(records().changesOf(*group)).size();
    return accept(*group, verdict.sequence, verdict.stamp);
}

Status Replica::accept(GroupRef group, Sequence sequence, Stamp stamp)
{
    GroupHeader header = records().header(group);
    const bool isMoved = header.stamp != stamp;
    m_isOvertaken = m_isOvertaken || stamp > header.stamp;
    header.sequence = sequence;
    header.stamp = stamp;
    header.actor = m_facts.member;
    TRY_STATUS(records().changeGroup(group, header));
    return isMoved ? rebuildRowsOf({group}) : Status{};
}

Status Replica::refuse(GroupRef group, const std::string &reason, Intake &intake)
{
    SetAside aside;
    aside.header = records().header(group);
    const auto changes = TRY(records().changesOf(group));
    aside.body = encodeBody(changes);
    aside.reason = reason;
    aside.at = now();
    TRY_STATUS(m_store.setAside(aside));
    intake.refused += changes.size();
    ++m_revision;
    // The name stays taken: the server counted it.
    m_facts.lastCounter = std::max(m_facts.lastCounter, m_lastCounter);
    return withdraw(group);
}

Result<Intake> Replica::take(const PullAnswer &answer)
{
    return whole([&]() -> Result<Intake> {
        Intake intake;
        if (answer.server.epochs != m_facts.epochs) {
            TRY_STATUS(enterEpochs(answer.server.epochs));
            intake.wentOn = true;
        }
        TRY_STATUS(takeServer(answer.server));
        if (TRY(isForked(answer.server))) {
            const bool hasWaiting = !TRY(records().unacceptedGroups()).empty();
            if (!hasWaiting)
                TRY_STATUS(fork());
            intake.mustPushFirst = hasWaiting;
            intake.wentOn = true;
        } else {
            TRY_STATUS(reofferForgotten(answer.server, intake));
            if (answer.outcome == SyncOutcome::Ok && answer.from == m_facts.cursor
                && !intake.mustPushFirst) {
                for (const Group &group : answer.groups) {
                    if (MUTANT(cursor_early) && m_random.below(20) == 0)
                        break;
                    TRY_STATUS(takeGroup(group, intake));
                }
                intake.wentOn = intake.wentOn || answer.to > m_facts.cursor;
                m_facts.cursor = std::max(m_facts.cursor, answer.to);
                TRY_STATUS(pruneSeen());
                if (m_facts.cursor >= answer.server.head)
                    m_facts.lastSyncedAt = now();
            }
        }
        TRY_STATUS(restampIfOvertaken(answer.server.stamp));
        TRY_STATUS(keepFacts());
        return intake;
    });
}

Status Replica::takeGroup(const Group &group, Intake &intake)
{
    const GroupHeader &header = group.header;
    if (!MUTANT(no_hlc_merge))
        m_stamps.witness(header.stamp);
    m_facts.witnessed = std::max(m_facts.witnessed, header.stamp);
    if (const auto known = TRY(records().findGroup(header.id))) {
        const GroupHeader have = records().header(*known);
        if (have.sequence != Sequence{0})
            return {};
        // Our own, whose receipt was lost.
        const auto changes = TRY(records().changesOf(*known));
        intake.pushed += changes.size();
        static_cast<void>(TRY(sealed(*known, encodeBody(changes))));
        return accept(*known, header.sequence, header.stamp);
    }
    if (group.body.empty())
        return fail(ErrorCode::Corrupt,
            "group " + std::to_string(raw(header.sequence)) + " came without its changes");
    const auto changes = decodeBody(group.body);
    if (!changes)
        return within("group " + std::to_string(raw(header.sequence)), changes.error());
    const GroupRef theirs = TRY(records().addGroup(header));
    for (const Change &change : *changes) {
        if (MUTANT(half_group) && &change != &changes->back())
            continue;
        if (const Status fits = validate(m_schema, change); !fits)
            return within("group " + std::to_string(raw(header.sequence)), fits.error());
        TRY_STATUS(noteMerges(change, theirs, TRY(apply(records(), change, theirs))));
    }
    // Whoever sees this group sees what its author had seen: "had seen" must hold across any number
    // of steps, or replicas would disagree about what is concurrent.
    for (const GroupId &id : header.alsoSeen) {
        const bool isOurLife = id.device == m_facts.device && id.incarnation == m_facts.incarnation;
        if (!isOurLife && !MUTANT(no_transitive_seen))
            m_facts.seenBesides.push_back(id);
    }
    intake.pulled += changes->size();
    ++m_revision;
    return m_store.forgetAside(header.id);
}

Status Replica::noteMerges(const Change &change, GroupRef theirs, const Applied &applied)
{
    std::set<GroupRef> mine;
    std::set<GroupRef> asked;
    for (const Head &head : applied.concurrent) {
        if (records().header(head.group).id.device != m_facts.device || head.column == existence)
            continue;
        mine.insert(head.group);
        const Column *column = m_schema.table(change.table)->column(head.column);
        const bool asks = column && column->policy == MergePolicy::Ask
            && std::any_of(
                change.assignments.begin(), change.assignments.end(), [&](const Assignment &given) {
                    return given.column == head.column && given.value != head.value;
                });
        if (asks)
            asked.insert(head.group);
    }
    // Where a person is asked, nothing merged by itself.
    for (const GroupRef group : mine) {
        if (!asked.contains(group))
            TRY_STATUS(m_store.noteMerge({0, change.table, change.row, group, theirs, now()}));
    }
    return {};
}

Status Replica::enrolled(const EnrolAnswer &answer)
{
    return whole([&]() -> Status {
        if (answer.device != m_facts.device)
            return fail(ErrorCode::Corrupt, "the server enrolled another device than this one");
        m_facts.member = answer.member;
        m_facts.memberName = answer.memberName;
        m_facts.workspaceName = answer.workspaceName;
        TRY_STATUS(enterEpochs(answer.server.epochs));
        TRY_STATUS(takeServer(answer.server));
        return keepFacts();
    });
}

// ---- clocks -------------------------------------------------------------------------------------

// False when there was nothing that may be stamped anew: then only the server's clock can help.
Result<bool> Replica::restamp(Stamp serverStamp)
{
    std::vector<GroupRef> moved;
    m_facts.witnessed = serverStamp;
    m_stamps = HybridClock(serverStamp);
    for (const GroupRef group : TRY(records().unacceptedGroups())) {
        // A stamp the server once accepted may live in other devices' writes; it never changes.
        if (TRY(m_store.ownGroup(records().header(group).id)).wasAccepted)
            m_stamps.witness(records().header(group).stamp);
        else
            moved.push_back(group);
    }
    for (const GroupRef group : moved) {
        GroupHeader header = records().header(group);
        header.stamp = m_stamps.tick(now());
        TRY_STATUS(records().changeGroup(group, header));
    }
    TRY_STATUS(rebuildRowsOf(moved));
    return !moved.empty();
}

// An earlier life of this device had a group of ours accepted under a later stamp than we knew;
// what we wrote since, having seen it, must lie above it.
Status Replica::restampIfOvertaken(Stamp serverStamp)
{
    if (!m_isOvertaken)
        return {};
    m_isOvertaken = false;
    static_cast<void>(TRY(restamp(serverStamp)));
    return {};
}

Status Replica::rebuildRowsOf(const std::vector<GroupRef> &groups)
{
    std::set<std::pair<TableId, RowId>> rows;
    for (const GroupRef group : groups) {
        for (const Change &change : TRY(records().changesOf(group)))
            rows.emplace(change.table, change.row);
    }
    for (const auto &[table, row] : rows)
        TRY_STATUS(rebuild(records(), table, row));
    m_revision += rows.empty() ? 0 : 1;
    return {};
}

// ---- restored and cloned devices ----------------------------------------------------------------

// True when the server holds groups of our incarnation that we never made.
Result<bool> Replica::isForked(const ServerState &server)
{
    if (server.accepted.device != m_facts.device
        || server.accepted.incarnation != m_facts.incarnation)
        return false;
    if (MUTANT(no_incarnation))
        return false;
    if (server.accepted.counter > m_lastCounter)
        return true;
    const auto ours = TRY(records().findGroup(server.accepted));
    if (!ours)
        return false;
    TRY_STATUS(sealUpTo(server.accepted));
    const OwnGroup own = TRY(m_store.ownGroup(server.accepted));
    return !own.chain.empty() && own.chain != server.chain;
}

// Begins a new incarnation. What still waits was never accepted under its old name, and gets a new
// one.
Status Replica::fork()
{
    const auto waiting = TRY(records().unacceptedGroups());
    // What we made under older names and keep, we had seen: up to the first that is renamed.
    std::map<Incarnation, Counter> kept;
    kept[m_facts.incarnation] = m_lastCounter;
    for (const GroupRef group : waiting) {
        const GroupId id = records().header(group).id;
        const Counter before{raw(id.counter) - 1};
        const auto at = kept.emplace(id.incarnation, before).first;
        at->second = std::min(at->second, before);
    }
    for (const auto &[incarnation, counter] : kept)
        m_facts.seenBesides.push_back({m_facts.device, incarnation, counter});

    m_facts.incarnation = Incarnation{m_random.next()};
    m_facts.lastCounter = m_lastCounter = Counter{0};
    for (const GroupRef group : waiting) {
        GroupHeader header = records().header(group);
        m_lastCounter = after(m_lastCounter);
        header.id = {m_facts.device, m_facts.incarnation, m_lastCounter};
        header.alsoSeen.insert(
            header.alsoSeen.end(), m_facts.seenBesides.begin(), m_facts.seenBesides.end());
        TRY_STATUS(records().changeGroup(group, header));
    }
    TRY_STATUS(m_mark.write({m_facts.incarnation, m_lastCounter}));
    return rebuildRowsOf(waiting);
}

Status Replica::pruneSeen()
{
    if (m_facts.seenBesides.empty())
        return {};
    TRY_STATUS(compactSeen());
    std::vector<GroupId> needed;
    for (const GroupId &id : m_facts.seenBesides) {
        const auto group = TRY(records().findGroup(id));
        const Sequence sequence = group ? records().header(*group).sequence : Sequence{0};
        if (raw(id.counter) > 0 && (sequence == Sequence{0} || sequence > m_facts.cursor))
            needed.push_back(id);
    }
    m_facts.seenBesides = std::move(needed);
    return {};
}

// ---- restored and forgetful servers -------------------------------------------------------------

// A receipt the server no longer knows of is no receipt: those groups wait again, and what an
// answer refused is offered again with them.
Status Replica::reofferForgotten(const ServerState &server, Intake &intake)
{
    if (server.accepted.device != m_facts.device)
        return {};
    const Incarnation incarnation = server.accepted.incarnation;
    Counter last = TRY(records().lastCounter(m_facts.device, incarnation));
    bool hasRefused = false;
    for (const SetAside &aside : TRY(m_store.asides())) {
        if (!aside.isOwn || aside.header.id.incarnation != incarnation)
            continue;
        hasRefused = true;
        last = std::max(last, aside.header.id.counter);
    }
    for (Counter counter = after(server.accepted.counter); counter <= last;
         counter = after(counter)) {
        const GroupId id{m_facts.device, incarnation, counter};
        const auto group = TRY(records().findGroup(id));
        if (!group && MUTANT(forget_refused))
            continue;
        if (!group) {
            TRY_STATUS(reofferRefused(id));
        } else {
            GroupHeader header = records().header(*group);
            if (header.sequence == Sequence{0} && !hasRefused)
                return {};  // from here on all wait already
            if (header.sequence == Sequence{0})
                continue;
            OwnGroup own = TRY(m_store.ownGroup(id));
            own.wasAccepted = true;
            TRY_STATUS(m_store.keepOwnGroup(id, own));
            header.sequence = Sequence{0};
            TRY_STATUS(records().changeGroup(*group, header));
        }
        intake.mustPushFirst = true;
        intake.wentOn = true;
    }
    return {};
}

Status Replica::reofferRefused(const GroupId &id)
{
    for (const SetAside &aside : TRY(m_store.asides())) {
        if (aside.header.id != id)
            continue;
        GroupHeader header = aside.header;
        header.base = Sequence{0};
        const GroupRef group = TRY(records().addGroup(header));
        for (const Change &change : TRY(decodeBody(aside.body)))
            static_cast<void>(TRY(apply(records(), change, group)));
        return m_store.forgetAside(id);
    }
    return fail(
        ErrorCode::Corrupt, "group " + std::to_string(raw(id.counter)) + " of this device is lost");
}

// Keeps the last of each device and incarnation.
Status Replica::compactSeen()
{
    std::map<std::pair<DeviceId, Incarnation>, Counter> last;
    for (const GroupId &id : m_facts.seenBesides) {
        Counter &counter = last[{id.device, id.incarnation}];
        counter = std::max(counter, id.counter);
    }
    m_facts.seenBesides.clear();
    for (const auto &[life, counter] : last)
        m_facts.seenBesides.push_back({life.first, life.second, counter});
    return {};
}

Status Replica::limitBase(GroupRef group, Sequence end, const std::vector<GroupRef> &lost)
{
    GroupHeader header = records().header(group);
    if (header.base <= end)
        return {};
    std::map<std::pair<DeviceId, Incarnation>, Counter> seen;
    for (const GroupRef other : lost) {
        const GroupHeader &forgotten = records().header(other);
        if (forgotten.sequence > header.base || other == group)
            continue;
        Counter &counter = seen[{forgotten.id.device, forgotten.id.incarnation}];
        counter = std::max(counter, forgotten.id.counter);
    }
    for (const auto &[life, counter] : seen) {
        if (!MUTANT(no_also_seen))
            header.alsoSeen.push_back({life.first, life.second, counter});
    }
    header.base = end;
    return records().changeGroup(group, header);
}

// The server was restored from a backup: positions after the shared end mean other groups now. Our
// own groups among them wait again with the stamps they have; others' are set aside until their
// authors send them again.
Status Replica::enterEpochs(const std::vector<Epoch> &epochs)
{
    if (epochs == m_facts.epochs)
        return {};
    const Sequence end = m_facts.epochs.empty() ? Sequence{0} : sharedEnd(m_facts.epochs, epochs);
    m_facts.epochs = epochs;
    if (m_facts.cursor <= end && TRY(records().groupsAfter(end)).empty())
        return {};
    const auto lost = TRY(records().groupsAfter(end));
    for (const GroupRef group : TRY(records().unacceptedGroups()))
        TRY_STATUS(limitBase(group, end, lost));
    std::vector<GroupRef> foreign;
    std::vector<GroupRef> own;
    for (const GroupRef group : lost) {
        const GroupHeader &header = records().header(group);
        const bool isOurs
            = header.id.device == m_facts.device && !TRY(m_store.ownGroup(header.id)).chain.empty();
        (isOurs ? own : foreign).push_back(group);
    }
    for (const GroupRef group : own)
        TRY_STATUS(limitBase(group, end, lost));
    for (const GroupRef group : own) {
        GroupHeader header = records().header(group);
        OwnGroup facts = TRY(m_store.ownGroup(header.id));
        facts.wasAccepted = true;
        TRY_STATUS(m_store.keepOwnGroup(header.id, facts));
        header.sequence
            = MUTANT(no_repush) ? Sequence{(1U << 30U) + raw(header.id.counter)} : Sequence{0};
        TRY_STATUS(records().changeGroup(group, header));
    }
    for (const GroupRef group : lost) {
        const GroupId &id = records().header(group).id;
        if (id.device != m_facts.device || id.incarnation != m_facts.incarnation)
            m_facts.seenBesides.push_back(id);
    }
    TRY_STATUS(compactSeen());
    for (const GroupRef group : foreign) {
        SetAside aside;
        aside.header = records().header(group);
        aside.body = encodeBody(TRY(records().changesOf(group)));
        aside.reason = "the server was restored from a backup that lacks this";
        aside.at = now();
        aside.isOwn = false;
        TRY_STATUS(m_store.setAside(aside));
        TRY_STATUS(withdraw(group));
    }
    m_facts.cursor = std::min(m_facts.cursor, end);
    ++m_revision;
    return {};
}

Status Replica::withdraw(GroupRef group)
{
    for (const Change &change : TRY(records().changesOf(group)))
        TRY_STATUS(rebuild(records(), change.table, change.row, group));
    TRY_STATUS(records().forgetChanges(group));
    return records().removeGroup(group);
}

}  // namespace replica
