// A replica's talk with its server: what is sent, and what each answer does to rows and queue.
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

}  // namespace

// ---- sending ------------------------------------------------------------------------------------

Result<OwnGroup> Replica::sealed(
    GroupRef group, const Bytes &body, const std::vector<Change> &changes)
{
    const GroupId id = records().header(group).id;
    OwnGroup own = TRY(m_store.ownGroup(id));
    if (!own.chain.empty())
        return own;
    const GroupId before{id.device, id.incarnation, Counter{raw(id.counter) - 1}};
    own.digest = crypto::sha256(body);
    own.chain = nextChain(TRY(m_store.ownGroup(before)).chain, id, own.digest);
    TRY_STATUS(m_store.keepOwnGroup(id, own));
    TRY_STATUS(count(changes, group));
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

// An own group's octets, as they were and will be sent.
Result<Bytes> Replica::bodyOf(GroupRef group)
{
    Bytes kept = TRY(m_store.ownGroup(records().header(group).id)).body;
    return kept.empty() ? encodeBody(TRY(records().changesOf(group))) : kept;
}

Result<Group> Replica::toGroup(GroupRef group)
{
    Group out;
    const auto changes = TRY(records().changesOf(group));
    const Bytes kept = TRY(m_store.ownGroup(records().header(group).id)).body;
    out.body = kept.empty() ? encodeBody(changes) : kept;
    out.former = TRY(sealed(group, out.body, changes)).former;
    out.header = records().header(group);
    return out;
}

Result<std::optional<PushRequest>> Replica::nextPush(const PushRequest *underWay)
{
    constexpr std::size_t groupsMax = 2'000;
    std::optional<GroupId> behind;
    if (underWay && !underWay->groups.empty())
        behind = underWay->groups.back().header.id;
    const auto waiting = TRY(records().firstUnaccepted(groupsMax, behind));
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

// Receipts may have given what waits other stamps, or other names.
Result<bool> Replica::stands(const PushRequest &request)
{
    for (const Group &group : request.groups) {
        const auto known = TRY(records().findGroup(group.header.id));
        if (!known || records().header(*known) != group.header)
            return false;
    }
    return !m_facts.epochs.empty() && request.epoch == m_facts.epochs.back().id;
}

Result<std::vector<Group>> Replica::unsent()
{
    return whole([&]() -> Result<std::vector<Group>> {
        std::vector<Group> groups;
        for (const GroupRef group : TRY(records().unacceptedGroups()))
            groups.push_back(TRY(toGroup(group)));
        TRY_STATUS(keepFacts());  // they count from now on
        return groups;
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
    request.countedBy = m_countedBy;
    request.view = m_facts.view;
    request.isRefill = m_facts.mustRefill;
    request.isWhole = m_facts.wholeUntil > m_facts.cursor;
    if (request.view.empty()) {
        request.scopes = m_facts.scopes;
        request.fill = m_facts.fill;
    }
    return request;
}

Result<std::optional<PullRequest>> Replica::pullBehind(const PullAnswer &answer)
{
    const bool isPlain = answer.outcome == SyncOutcome::Ok && answer.from == m_facts.cursor
        && answer.server.epochs == m_facts.epochs;
    const bool isLast = answer.fill ? answer.fill->isLast
                                    : answer.to >= answer.server.head || answer.view.empty();
    if (!isPlain || isLast)
        return std::optional<PullRequest>();
    PullRequest request = TRY(nextPull());
    if (answer.fill) {
        Scopes allowed = answer.scopes;
        sortOut(allowed);
        request.scopes = keptOf(m_facts.scopes, allowed);
        request.view.clear();
        request.fill = Fill{answer.fill->scopes, answer.fill->at, answer.fill->position, false, {}};
        return std::optional<PullRequest>(std::move(request));
    }
    request.cursor = answer.to;
    request.view = answer.view;
    request.scopes.clear();
    request.fill.reset();
    request.isRefill = false;
    request.isWhole = m_facts.wholeUntil > answer.to;
    return std::optional<PullRequest>(std::move(request));
}

// ---- answers ------------------------------------------------------------------------------------

Status Replica::takeServer(const ServerState &server)
{
    if (!MUTANT(no_hlc_merge))
        m_stamps.witness(server.stamp);
    m_facts.witnessed = std::max(m_facts.witnessed, server.stamp);
    m_facts.head = server.head;
    TRY_STATUS(dropDurable(server.durable));
    // Stamps run ahead as far as the fastest clock among the devices does; nobody's time may.
    const auto offset = inMs(wallOf(server.stamp)) - static_cast<std::int64_t>(server.aheadMs)
        - inMs(m_clock.wallNow());
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
        TRY_STATUS(minds(answer.left));
        if (MUTANT(ack_clears_all)) {
            for (const Group &group : request.groups) {
                const Sequence invented{(1U << 30U) + raw(group.header.id.counter)};
                TRY_STATUS(takeVerdict(
                    {group.header.id, VerdictKind::Accepted, invented, group.header.stamp, {}, {}},
                    intake));
            }
        }
        switch (answer.outcome) {
        case SyncOutcome::Ok:
        case SyncOutcome::NewEpoch:
        case SyncOutcome::ViewChanged:
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
    if (verdict.kind == VerdictKind::Quarantined) {
        // Offered again it must stand where it stood among those accepted behind it. A device set
        // back may hold it under a stamp that the server would not take.
        GroupHeader header = records().header(*group);
        if (raw(verdict.stamp) != 0 && verdict.stamp != header.stamp) {
            header.stamp = verdict.stamp;
            TRY_STATUS(records().changeGroup(*group, header));
        }
        return refuse(*group, verdict.reason, intake);
    }
    if (verdict.knownAs)
        return supersede(*group, *verdict.knownAs, intake);
    intake.pushed += TRY(records().countChangesOf(*group));
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
    ++m_revision;
    return isMoved ? rebuildRowsOf({group}) : Status{};
}

// The server has it under another name of ours, from a life this database does not remember, and
// tells it under that one. This copy leaves the rows; it is kept for a server that goes back behind
// it.
Status Replica::supersede(GroupRef group, const GroupId &knownAs, Intake &intake)
{
    // What was written after it has seen it, under whatever name.
    m_facts.seenBesides.push_back(knownAs);
    for (const GroupRef later : TRY(records().unacceptedGroups())) {
        GroupHeader header = records().header(later);
        header.alsoSeen.push_back(knownAs);
        if (later != group)
            TRY_STATUS(records().changeGroup(later, header));
    }
    SetAside aside;
    aside.header = records().header(group);
    aside.body = TRY(bodyOf(group));
    aside.reason = "the server has this under another name";
    aside.at = now();
    aside.isOwn = false;
    TRY_STATUS(m_store.setAside(aside));
    m_facts.lastCounter = std::max(m_facts.lastCounter, m_lastCounter);
    intake.wentOn = true;
    ++m_revision;
    return withdraw(group);
}

Status Replica::refuse(GroupRef group, const std::string &reason, Intake &intake)
{
    SetAside aside;
    aside.header = records().header(group);
    const auto changes = TRY(records().changesOf(group));
    aside.body = TRY(bodyOf(group));
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
            // What this device may hold is asked for anew, though its cursor may stand at the head.
            intake.hasMore = answer.outcome == SyncOutcome::NewEpoch;
        }
        TRY_STATUS(takeServer(answer.server));
        if (TRY(isForked(answer.server))) {
            const bool hasWaiting = TRY(records().hasUnaccepted());
            if (!hasWaiting)
                TRY_STATUS(fork());
            intake.mustPushFirst = hasWaiting;
            intake.wentOn = true;
        } else {
            TRY_STATUS(reofferForgotten(answer.server, intake));
            if (answer.outcome == SyncOutcome::ViewChanged) {
                m_facts.view.clear();  // ask again, and say what is held
                intake.wentOn = intake.hasMore = true;
            }
            if (answer.outcome == SyncOutcome::Ok && answer.from == m_facts.cursor
                && !intake.mustPushFirst)
                TRY_STATUS(takePage(answer, intake));
            if (answer.outcome == SyncOutcome::Ok)
                TRY_STATUS(compare(answer, intake));
        }
        TRY_STATUS(restampIfOvertaken(answer.server.stamp));
        TRY_STATUS(keepFacts());
        return intake;
    });
}

// What of a group this program knows. The rest stays on the server until a newer one asks for it.
Result<std::vector<Change>> Replica::understood(const Group &group)
{
    const auto where = [&] {
        return "group " + std::to_string(raw(group.header.sequence));
    };
    auto changes = decodeBody(group.body);
    if (!changes)
        return within(where(), changes.error());
    std::vector<Change> known;
    for (Change &change : *changes) {
        const std::size_t given = change.assignments.size();
        const bool isKnown = leaveOutUnknown(m_schema, change);
        if (!isKnown || change.assignments.size() != given)
            m_facts.hasLeftOut = true;
        if (!isKnown)
            continue;
        if (const Status fit = fits(m_schema, change); !fit)
            return within(where(), fit.error());
        known.push_back(std::move(change));
    }
    return known;
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
            return group.body.empty() ? Status{} : extendGroup(*known, group, intake);
        // Our own, whose receipt was lost.
        const auto changes = TRY(records().changesOf(*known));
        intake.pushed += changes.size();
        static_cast<void>(TRY(sealed(*known, TRY(bodyOf(*known)), changes)));
        TRY_STATUS(accept(*known, header.sequence, header.stamp));
        return group.body.empty() ? Status{} : extendGroup(*known, group, intake);
    }
    if (group.body.empty())
        return fail(ErrorCode::Corrupt,
            "group " + std::to_string(raw(header.sequence)) + " came without its changes");
    const auto changes = TRY(understood(group));
    const GroupRef theirs = TRY(records().addGroup(header));
    for (const Change &change : changes) {
        if (MUTANT(half_group) && &change != &changes.back())
            continue;
        TRY_STATUS(strike(change));
        TRY_STATUS(noteMergedText(change, theirs));
        const Applied applied = TRY(apply(records(), change, theirs));
        TRY_STATUS(noteMerges(change, theirs, applied));
        TRY_STATUS(countOne(change, theirs, applied.isFresh));
    }
    // Whoever sees this group sees what its author had seen: "had seen" must hold across any number
    // of steps, or replicas would disagree about what is concurrent.
    for (const GroupId &id : header.alsoSeen) {
        const bool isOurLife = id.device == m_facts.device && id.incarnation == m_facts.incarnation;
        if (!isOurLife && !MUTANT(no_transitive_seen))
            m_facts.seenBesides.push_back(id);
    }
    intake.pulled += changes.size();
    ++m_revision;
    return m_store.forgetAside(header.id);
}

// One text of ours and another's, made by the server. Of several, where a person chose, nothing was
// merged.
Status Replica::noteMergedText(const Change &change, GroupRef theirs)
{
    if (!records().header(theirs).actor.isNil())
        return {};
    const Table &table = *m_schema.table(change.table);
    for (const Assignment &given : change.assignments) {
        const Column *column = table.column(given.column);
        if (!column || column->policy != MergePolicy::Merge || change.kind == ChangeKind::Insert)
            continue;
        std::vector<Head> heads = TRY(records().load(change.table, change.row)).heads;
        std::erase_if(heads, [&](const Head &head) { return head.column != given.column; });
        for (const Head &head : heads) {
            if (heads.size() > 1 && records().header(head.group).id.device == m_facts.device
                && sees(records().header(theirs), records().header(head.group)))
                TRY_STATUS(
                    m_store.noteMerge({0, change.table, change.row, head.group, theirs, now()}));
        }
    }
    return {};
}

Status Replica::noteMerges(const Change &change, GroupRef theirs, const Applied &applied)
{
    // Whether a row goes or stays is for a person.
    if (change.kind == ChangeKind::Delete || change.kind == ChangeKind::Touch)
        return {};
    std::set<GroupRef> mine;
    bool isAsked = false;
    for (const Head &head : applied.concurrent) {
        if (records().header(head.group).id.device != m_facts.device || head.column == existence)
            continue;
        mine.insert(head.group);
        const Column *column = m_schema.table(change.table)->column(head.column);
        const bool asks = column
            && (column->policy == MergePolicy::Ask || column->policy == MergePolicy::Merge)
            && std::any_of(
                change.assignments.begin(), change.assignments.end(), [&](const Assignment &given) {
                    return given.column == head.column && given.value != head.value;
                });
        isAsked = isAsked || asks;
    }
    // Where a person is asked, nothing merged by itself.
    if (isAsked)
        return {};
    for (const GroupRef group : mine)
        TRY_STATUS(m_store.noteMerge({0, change.table, change.row, group, theirs, now()}));
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

}  // namespace replica
