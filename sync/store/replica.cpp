// Local life of a replica: opening, editing, conflicts. Its talk with the server is in
// replica_sync.cpp.
#include "sync/store/replica.h"

#include <algorithm>

#include "sync/base/mutant.h"
#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"
#include "sync/records/text_merge.h"
#include "sync/store/replica_whole.h"

namespace replica {

namespace {

const std::string factsName = "facts";

// Two changes of one action to one row, as one.
void fold(Change &into, const Change &next)
{
    if (next.kind == ChangeKind::Delete || next.kind == ChangeKind::Touch) {
        if (next.kind == ChangeKind::Delete)
            into = next;
        return;
    }
    if (into.kind == ChangeKind::Delete || into.kind == ChangeKind::Touch)
        into.kind = next.kind;
    for (const Assignment &assignment : next.assignments) {
        const auto at
            = std::lower_bound(into.assignments.begin(), into.assignments.end(), assignment.column,
                [](const Assignment &given, ColumnId column) { return given.column < column; });
        if (at != into.assignments.end() && at->column == assignment.column)
            at->value = assignment.value;
        else
            into.assignments.insert(at, assignment);
    }
}

// One change a row; nothing where it is so already. Looking back over everything is for actions of
// a few rows; larger ones bring each row once.
std::optional<std::vector<Change>> foldedOf(const std::vector<Change> &changes)
{
    if (changes.size() < 2 || changes.size() > 64)
        return std::nullopt;
    std::vector<Change> folded;
    for (const Change &change : changes) {
        const auto at = std::find_if(folded.begin(), folded.end(), [&](const Change &known) {
            return known.table == change.table && known.row == change.row;
        });
        if (at != folded.end())
            fold(*at, change);
        else
            folded.push_back(change);
    }
    return folded;
}

}  // namespace

Result<std::unique_ptr<Replica>> Replica::open(Store &store, const Schema &schema, Clock &clock,
    Random &random, LifeMarkKeeper &mark, const DeviceId &device)
{
    std::unique_ptr<Replica> replica(new Replica(store, schema, clock, random, mark));
    TRY_STATUS(replica->load(device));
    return replica;
}

Status Replica::load(const DeviceId &device)
{
    m_countedBy = countedBy(m_schema);
    const auto kept = TRY(m_store.fact(factsName));
    if (!kept) {
        return whole([&]() -> Status {
            m_facts.device = device;
            m_facts.sum = 0;
            m_facts.outline = outlineOf(m_schema);
            m_facts.incarnation = Incarnation{m_random.next()};
            return keepFacts();
        });
    }
    m_facts = TRY(factsFromJson(*kept));
    if (!m_facts.sum)
        m_facts.sum = TRY(sumOfAll());  // a replica from before there were sums
    TRY_STATUS(takeOutline());
    m_lastCounter = std::max(
        m_facts.lastCounter, TRY(records().lastCounter(m_facts.device, m_facts.incarnation)));
    m_stamps = HybridClock(m_facts.witnessed);
    const auto last
        = TRY(records().findGroup({m_facts.device, m_facts.incarnation, m_lastCounter}));
    if (last)
        m_stamps.witness(records().header(*last).stamp);
    // What waits under the name of an earlier incarnation was seen too.
    for (const GroupRef group : TRY(records().unacceptedGroups()))
        m_stamps.witness(records().header(group).stamp);
    return {};
}

// Another program than the last one may know more; one that knows less must not touch what it does
// not see.
Status Replica::takeOutline()
{
    const std::string outline = outlineOf(m_schema);
    if (outline == m_facts.outline)
        return {};
    if (!knows(m_schema, m_facts.outline))
        return fail(ErrorCode::TooNew,
            "a newer Tend wrote this replica; update Tend here. Nothing was changed");
    return whole([&]() -> Status {
        m_facts.outline = outline;
        m_facts.sum = TRY(sumOfAll());
        if (m_facts.hasLeftOut && !MUTANT(left_out_for_ever)) {
            TRY_STATUS(dropFill());
            m_facts.mustRefill = true;
            m_facts.scopes.clear();
            m_facts.view.clear();
        }
        m_facts.hasLeftOut = false;
        return keepFacts();
    });
}

Status Replica::keepFacts()
{
    return m_store.keepFact(factsName, toJson(m_facts));
}

// Once per process, before anything is written or asked: a database that lies behind this machine's
// mark was restored or cloned, and begins a new incarnation. What it has waiting keeps its names,
// since those groups may lie on the server under them.
Status Replica::ensureNewest()
{
    if (m_isNewest)
        return {};
    const auto mark = m_mark.read();
    const bool isBehind = mark
        ? mark->incarnation != m_facts.incarnation || mark->counter > m_lastCounter
        : m_lastCounter > Counter{0};
    if (isBehind && !MUTANT(no_life_mark)) {
        m_facts.seenBesides.push_back({m_facts.device, m_facts.incarnation, m_lastCounter});
        m_facts.incarnation = Incarnation{m_random.next()};
        m_facts.lastCounter = m_lastCounter = Counter{0};
        TRY_STATUS(keepFacts());
    }
    TRY_STATUS(m_mark.write({m_facts.incarnation, m_lastCounter}));
    m_isNewest = true;
    return {};
}

WallTime Replica::now()
{
    return WallTime{inMs(m_clock.wallNow()) + m_facts.clockOffsetMs};
}

Status Replica::check(const std::vector<Change> &changes, Said said) const
{
    for (const Change &change : changes) {
        TRY_STATUS(validate(m_schema, change));
        const Table &table = *m_schema.table(change.table);
        TRY_STATUS(mayDeviceWrite(table, change));
        if (said == Said::Anew)
            TRY_STATUS(mayAuthor(table, change));
    }
    if (changes.size() > groupRowsMax)
        return fail(ErrorCode::Invalid,
            "one action may change " + std::to_string(groupRowsMax) + " rows, not "
                + std::to_string(changes.size()) + "; make it several");
    return checkSize(changes);
}

// The author had one text before its eyes where two wait for the server to make one of them. Having
// seen both, the new text would stand for both: so it takes in what the hidden one says. Nothing
// where nothing is hidden.
Result<std::optional<Change>> Replica::withUnmerged(const Change &change)
{
    std::optional<Change> whole;
    if (change.kind != ChangeKind::Update)
        return whole;
    for (std::size_t i = 0; i < change.assignments.size(); ++i) {
        const Assignment &given = change.assignments[i];
        const Column *column = m_schema.table(change.table)->column(given.column);
        const auto *text = std::get_if<std::string>(&given.value);
        if (column->policy != MergePolicy::Merge || !text)
            continue;
        const RowName name{change.table, change.row};
        auto merged = TRY(textTakingIn(records(), name, given.column, *text));
        if (!merged)
            continue;
        if (!whole)
            whole = change;
        whole->assignments[i].value = *std::move(merged);
    }
    return whole;
}

Status Replica::write(const std::vector<Change> &changes, Saw saw)
{
    TRY_STATUS(ensureNewest());
    GroupHeader header;
    header.id = {m_facts.device, m_facts.incarnation, after(m_lastCounter)};
    header.stamp = m_stamps.tick(now());
    header.base = m_facts.cursor;
    if (MUTANT(base_too_new) && !m_facts.epochs.empty())
        header.base = Sequence{raw(m_facts.cursor) + 3};
    header.alsoSeen = m_facts.seenBesides;
    header.madeAt = now();
    const GroupRef group = TRY(records().addGroup(header));
    for (const Change &change : changes) {
        // A deleted row comes back as it was by a touch that has seen the delete.
        const bool isThere = change.kind == ChangeKind::Insert
            || TRY(records().row(change.table, change.row))
            || (change.kind == ChangeKind::Touch
                && TRY(records().wasDeleted(change.table, change.row)));
        if (!isThere)
            return fail(ErrorCode::NotFound,
                m_schema.table(change.table)->name + ' ' + toText(change.row)
                    + " is not there (never was, or was deleted)");
        const auto whole = saw == Saw::All ? std::optional<Change>() : TRY(withUnmerged(change));
        static_cast<void>(TRY(apply(records(), whole ? *whole : change, group)));
    }
    m_lastCounter = header.id.counter;
    ++m_revision;
    return {};
}

Status Replica::checkSize(const std::vector<Change> &changes) const
{
    std::size_t octets = 0;
    for (const Change &change : changes) {
        octets += 24;
        for (const Assignment &given : change.assignments)
            octets += octetsOf(given.value);
    }
    // The estimate is cheap and low; only near the limit is the real size asked for.
    if (octets > groupBytesMax - 4096 && encodeBody(changes).size() > groupBytesMax)
        return fail(
            ErrorCode::Invalid, "one action may hold 1 MiB; make it several, or shorten the texts");
    return {};
}

Result<GroupId> Replica::commit(
    const std::vector<Change> &changes, const std::function<Status()> &alongside)
{
    return commitOne(changes, alongside, Saw::TheShown);
}

Result<GroupId> Replica::commitOne(
    const std::vector<Change> &changes, const std::function<Status()> &alongside, Saw saw)
{
    const auto folded = foldedOf(changes);
    const std::vector<Change> &once = folded ? *folded : changes;
    TRY_STATUS(check(once, Said::Anew));
    TRY_STATUS(whole([&]() -> Status {
        TRY_STATUS(write(once, saw));
        return alongside ? alongside() : Status{};
    }));
    // The change is durable; a mark that lags behind does no harm.
    static_cast<void>(m_mark.write({m_facts.incarnation, m_lastCounter}));
    return GroupId{m_facts.device, m_facts.incarnation, m_lastCounter};
}

Status Replica::commitAll(const std::vector<std::vector<Change>> &groups,
    const std::function<Status()> &alongside, Said said)
{
    TRY_STATUS(whole([&]() -> Status {
        for (const std::vector<Change> &changes : groups) {
            const auto folded = foldedOf(changes);
            const std::vector<Change> &once = folded ? *folded : changes;
            TRY_STATUS(check(once, said));
            TRY_STATUS(write(once));
        }
        return alongside ? alongside() : Status{};
    }));
    static_cast<void>(m_mark.write({m_facts.incarnation, m_lastCounter}));
    return {};
}

Result<Conflict> Replica::describe(const Rival &rival, const Head &shown)
{
    Conflict conflict;
    conflict.table = rival.table;
    conflict.row = rival.row;
    conflict.column = rival.head.column;
    ConflictSide one{shown.value, records().header(shown.group), false};
    ConflictSide other{rival.head.value, records().header(rival.head.group), false};
    if (rival.head.column == existence)
        other.isDeleted = true;
    const GroupId &id = other.by.id;
    // Octet by octet, so that every machine computes the same id.
    Bytes numbers;
    for (const std::uint64_t number : {static_cast<std::uint64_t>(rival.table),
             static_cast<std::uint64_t>(rival.head.column), raw(id.incarnation), raw(id.counter)}) {
        for (unsigned i = 0; i < 8; ++i)
            numbers.push_back(static_cast<char>(number >> (8 * i)));
    }
    conflict.id = makeDerivedUuid(crypto::sha256({rival.row.bytes(), id.device.bytes(), numbers}));
    for (const HistoryEntry &entry : TRY(records().history(rival.table, rival.row))) {
        const GroupHeader &header = records().header(entry.group);
        if (entry.column == rival.head.column && sees(one.by, header) && sees(other.by, header))
            conflict.base = entry.value;
    }
    const bool otherIsMine
        = other.by.id.device == m_facts.device && one.by.id.device != m_facts.device;
    conflict.mine = otherIsMine ? other : one;
    conflict.theirs = otherIsMine ? one : other;
    return conflict;
}

// Then what the server made of it, in the place after it, is here too, if it made anything.
bool Replica::isPast(GroupRef group)
{
    const Sequence sequence = records().header(group).sequence;
    const bool isWhole = m_facts.cursor >= m_facts.head;
    return sequence != Sequence{0}
    && (isWhole ? sequence <= m_facts.cursor : sequence < m_facts.cursor);
}

Result<std::vector<Conflict>> Replica::conflicts()
{
    std::vector<Conflict> found;
    for (const Rival &rival : TRY(records().rivals())) {
        const RowState state = TRY(records().load(rival.table, rival.row));
        if (rival.head.column == existence) {
            if (rival.head.value != deleted)
                continue;
            // Of a link, which says nothing but that it is there, adding wins.
            const Table *links = m_schema.table(rival.table);
            if (links && !links->key.empty() && links->key.size() == links->columns.size())
                continue;
            // What keeps the row: the latest write the delete had not seen.
            const GroupHeader deletion = records().header(rival.head.group);
            const Head *keeper = nullptr;
            for (const Head &head : state.heads) {
                if (head.column == existence && head.value == deleted)
                    continue;
                if (!covers(deletion, records().header(head.group))
                    && (!keeper
                        || wins(records().header(head.group), records().header(keeper->group))))
                    keeper = &head;
            }
            if (keeper)
                found.push_back(TRY(describe(rival, *keeper)));
            continue;
        }
        const Table *table = m_schema.table(rival.table);
        const Column *column = table ? table->column(rival.head.column) : nullptr;
        const Head *shown = state.winner(rival.head.column, records());
        if (!column || !shown || shown->value == rival.head.value)
            continue;
        if (column->policy == MergePolicy::Ask
            || (column->policy == MergePolicy::Merge && isPast(shown->group)
                && isPast(rival.head.group)))
            found.push_back(TRY(describe(rival, *shown)));
    }
    return found;
}

Status Replica::bringAlong(const Conflict &settled, Change &change)
{
    const Value &value = change.assignments.front().value;
    const bool isTheirs = value == settled.theirs.value;
    if (!isTheirs && value != settled.mine.value)
        return {};  // a third answer: what stands beside it stays
    const GroupHeader &chosen = (isTheirs ? settled.theirs : settled.mine).by;
    const auto shown = TRY(records().row(settled.table, settled.row));
    const auto history = TRY(records().history(settled.table, settled.row));
    for (const Column &column : m_schema.table(settled.table)->columns) {
        if (column.goesWith != settled.column)
            continue;
        Value wanted;  // the last on the chosen side's way here
        for (const HistoryEntry &entry : history) {
            const GroupHeader &by = records().header(entry.group);
            if (entry.column == column.id
                && (by.id == chosen.id || sees(chosen, by) || sees(by, chosen)))
                wanted = entry.value;
        }
        Value now;
        for (const Assignment &its : shown ? shown->assignments : std::vector<Assignment>{}) {
            if (its.column == column.id)
                now = its.value;
        }
        if (wanted != now)
            change.assignments.push_back({column.id, wanted});
    }
    std::sort(change.assignments.begin(), change.assignments.end(),
        [](const Assignment &one, const Assignment &other) { return one.column < other.column; });
    return {};
}

Result<Conflict> Replica::conflict(const Uuid &id)
{
    for (Conflict &conflict : TRY(conflicts())) {
        if (conflict.id == id)
            return std::move(conflict);
    }
    return fail(ErrorCode::NotFound,
        "no open conflict " + toText(id) + "; it may have been settled meanwhile");
}

Status Replica::resolve(const Uuid &id, const Value &value)
{
    const Conflict settled = TRY(conflict(id));
    if (settled.column == existence)
        return fail(ErrorCode::Invalid, "this is about a deleted row: keep it or delete it");
    Change change{settled.table, settled.row, ChangeKind::Update, {{settled.column, value}}};
    TRY_STATUS(bringAlong(settled, change));
    const auto made = commitOne({change}, {}, Saw::All);
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

Status Replica::resolveRow(const Uuid &id, bool keepRow)
{
    const Conflict settled = TRY(conflict(id));
    if (settled.column != existence)
        return fail(ErrorCode::Invalid, "this is about a value, not about a deleted row");
    const auto kind = keepRow ? ChangeKind::Touch : ChangeKind::Delete;
    const auto made = commit({{settled.table, settled.row, kind, {}}});
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

Result<ReplicaStatus> Replica::status()
{
    ReplicaStatus status;
    const auto waiting = TRY(records().unacceptedGroups());
    status.waiting = waiting.size();
    for (const GroupRef group : waiting) {
        const WallTime at = records().header(group).madeAt;
        if (!status.oldestWaitingAt || at < *status.oldestWaitingAt)
            status.oldestWaitingAt = at;
        if (status.waiting > 1000)
            break;  // they stand in the order they were made
    }
    status.lastSyncedAt = m_facts.lastSyncedAt;
    status.conflicts = TRY(conflicts()).size();
    for (const SetAside &aside : TRY(m_store.asides()))
        status.refused += aside.isOwn ? 1 : 0;
    return status;
}

}  // namespace replica
