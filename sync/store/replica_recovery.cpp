// What a replica does when somebody went back in time or a clock was wrong: new stamps, new
// incarnations, restored servers.
#include <algorithm>
#include <map>
#include <set>

#include "sync/base/mutant.h"
#include "sync/protocol/body.h"
#include "sync/store/replica.h"
#include "sync/store/replica_whole.h"

namespace replica {

namespace {

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

// ---- clocks -------------------------------------------------------------------------------------

// False when there was nothing that may be stamped anew: then only the server's clock can help.
Result<bool> Replica::restamp(Stamp serverStamp)
{
    std::vector<GroupRef> moved;
    m_facts.witnessed = serverStamp;
    m_stamps = HybridClock(serverStamp);
    for (const GroupRef group : TRY(records().unacceptedGroups())) {
        if (TRY(m_store.ownGroup(records().header(group).id)).isStampFinal)
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
    // The names given up mean what the server has under them, which nobody here has seen.
    const auto giveUpNames = [&](std::vector<GroupId> &seen) {
        for (GroupId &id : seen) {
            const auto at = kept.find(id.incarnation);
            if (id.device == m_facts.device && at != kept.end())
                id.counter = std::min(id.counter, at->second);
        }
    };
    giveUpNames(m_facts.seenBesides);
    for (const auto &[incarnation, counter] : kept)
        m_facts.seenBesides.push_back({m_facts.device, incarnation, counter});

    m_facts.incarnation = Incarnation{m_random.next()};
    m_facts.lastCounter = m_lastCounter = Counter{0};
    for (const GroupRef group : waiting) {
        GroupHeader header = records().header(group);
        m_lastCounter = after(m_lastCounter);
        const OwnGroup before = TRY(m_store.ownGroup(header.id));
        const GroupId former = before.former.value_or(header.id);
        if (!before.chain.empty())
            TRY_STATUS(discount(TRY(records().changesOf(group)), group));
        header.id = {m_facts.device, m_facts.incarnation, m_lastCounter};
        TRY_STATUS(m_store.keepOwnGroup(header.id, {{}, {}, before.body, false, former}));
        giveUpNames(header.alsoSeen);
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
        const GroupId &id = aside.header.id;
        if (id.device != m_facts.device || id.incarnation != incarnation)
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
            if (own.chain.empty())
                TRY_STATUS(discount(TRY(records().changesOf(*group)), *group));
            own.isStampFinal = true;
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
        // It may be one that an earlier life made, that came back from the server and was forgotten
        // there: its place in that log means another group now.
        GroupHeader header = aside.header;
        header.sequence = Sequence{0};
        const GroupRef group = TRY(records().addGroup(header));
        OwnGroup own = TRY(m_store.ownGroup(id));
        own.isStampFinal = true;
        TRY_STATUS(m_store.keepOwnGroup(id, own));
        const bool counts = TRY(isCounted(group));
        for (const Change &change : TRY(decodeBody(aside.body))) {
            static_cast<void>(TRY(apply(records(), change, group)));
            if (counts)
                TRY_STATUS(countOne(change, group, false));
        }
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

// A base beyond the shared end means nothing any more; what it stood for is named instead.
GroupHeader Replica::limited(GroupHeader header, Sequence end, const std::vector<GroupRef> &lost)
{
    if (header.base <= end)
        return header;
    std::map<std::pair<DeviceId, Incarnation>, Counter> seen;
    for (const GroupRef other : lost) {
        const GroupHeader &forgotten = records().header(other);
        if (forgotten.sequence > header.base || forgotten.id == header.id)
            continue;
        Counter &counter = seen[{forgotten.id.device, forgotten.id.incarnation}];
        counter = std::max(counter, forgotten.id.counter);
    }
    for (const auto &[life, counter] : seen) {
        if (!MUTANT(no_also_seen))
            header.alsoSeen.push_back({life.first, life.second, counter});
    }
    header.base = end;
    return header;
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
    m_facts.durable = std::min(m_facts.durable, end);
    // Parts on their way were read from the other life.
    TRY_STATUS(dropFill());
    // What a device may hold is told as of the moment, not of its cursor: rows may have come or
    // gone by what the server forgot. Only the server knows now.
    m_facts.mustRefill = m_schema.isShared() && m_facts.cursor != Sequence{0};
    if (m_facts.mustRefill) {
        m_facts.scopes.clear();
        m_facts.view.clear();
    }
    const auto lost = TRY(records().groupsAfter(end));
    for (const GroupRef group : TRY(records().unacceptedGroups()))
        TRY_STATUS(records().changeGroup(group, limited(records().header(group), end, lost)));
    // What was refused may be taken another time.
    for (SetAside &aside : TRY(m_store.asides())) {
        if (!aside.isOwn || aside.header.base <= end)
            continue;
        aside.header = limited(aside.header, end, lost);
        TRY_STATUS(m_store.setAside(aside));
    }
    std::vector<GroupRef> foreign;
    std::vector<GroupRef> own;
    for (const GroupRef group : lost) {
        const GroupHeader &header = records().header(group);
        const bool isOurs
            = header.id.device == m_facts.device && !TRY(m_store.ownGroup(header.id)).chain.empty();
        (isOurs ? own : foreign).push_back(group);
    }
    for (const GroupRef group : own)
        TRY_STATUS(records().changeGroup(group, limited(records().header(group), end, lost)));
    for (const GroupRef group : own) {
        GroupHeader header = records().header(group);
        OwnGroup facts = TRY(m_store.ownGroup(header.id));
        facts.isStampFinal = true;
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
        aside.header = limited(records().header(group), end, lost);
        aside.body = encodeBody(TRY(records().changesOf(group)));
        aside.reason = "the server was restored from a backup that lacks this";
        aside.at = now();
        aside.isOwn = false;
        TRY_STATUS(m_store.setAside(aside));
    }
    for (const GroupRef group : foreign)
        TRY_STATUS(withdraw(group));
    m_facts.cursor = std::min(m_facts.cursor, end);
    ++m_revision;
    return {};
}

Status Replica::withdraw(GroupRef group)
{
    const auto changes = TRY(records().changesOf(group));
    if (TRY(isCounted(group)))
        TRY_STATUS(discount(changes, group));
    for (const Change &change : changes)
        TRY_STATUS(rebuild(records(), change.table, change.row, group));
    TRY_STATUS(records().forgetChanges(group));
    return records().removeGroup(group);
}

}  // namespace replica
