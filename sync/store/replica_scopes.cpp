// What a device may hold: taking in what follows its cursor, filling in scopes that are new to it,
// and giving up what it may hold no more.
#include <algorithm>
#include <set>

#include "sync/base/mutant.h"
#include "sync/protocol/body.h"
#include "sync/records/scopes.h"
#include "sync/store/replica.h"
#include "sync/store/replica_whole.h"

namespace replica {

Status Replica::takePage(const PullAnswer &answer, Intake &intake)
{
    const Scopes held = m_facts.scopes;
    // The server names no scopes where the view says them; a wiped device's are named, and none.
    const bool isAsKnown = !m_facts.view.empty() && answer.view == m_facts.view;
    Scopes allowed = isAsKnown ? held : answer.scopes;
    sortOut(allowed);
    // Before its first page a device has only its own rows, and may have lost the right to some.
    const bool begins = held.empty() && !answer.fill;
    const Scopes kept = begins ? allowed : keptOf(held, allowed);
    const bool losesScopes = begins || kept != held;
    if ((losesScopes || !answer.left.empty()) && !MUTANT(purge_unsent)
        && TRY(records().hasUnaccepted())) {
        // What waits may be about those very rows: it goes first.
        intake.mustPushFirst = true;
        intake.wentOn = true;
        return {};
    }
    if (losesScopes && !MUTANT(no_purge))
        TRY_STATUS(purgeBeyond(kept));
    if (!MUTANT(left_ignored))
        TRY_STATUS(forgetLeft(answer.left, kept));
    m_facts.scopes = kept;
    if (answer.fill)
        return takeFill(answer, intake);

    std::map<TableId, std::uint64_t> rowsBefore;
    for (const Table &table : m_schema.tables())
        rowsBefore[table.id] = TRY(records().rowsAbout(table.id));
    m_struck.clear();
    TRY_STATUS(dropFill());
    m_facts.mustRefill = false;
    m_facts.scopes = allowed;
    m_facts.view = answer.view;
    for (const Group &group : answer.entered) {
        if (!MUTANT(entered_ignored))
            TRY_STATUS(takeGroup(group, intake));
    }
    for (const Group &group : answer.groups) {
        if (MUTANT(cursor_early) && m_random.below(20) == 0)
            break;
        TRY_STATUS(takeGroup(group, intake));
    }
    // A device that begins has nothing to lose yet.
    if (!begins && !m_acceptsMassChange)
        TRY_STATUS(brake(rowsBefore));
    intake.wentOn = intake.wentOn || answer.to > m_facts.cursor;
    m_facts.cursor = std::max(m_facts.cursor, answer.to);
    TRY_STATUS(pruneSeen());
    if (m_facts.cursor >= answer.server.head)
        m_facts.lastSyncedAt = now();
    return {};
}

// Counts a row that somebody else deletes or empties in part.
Status Replica::strike(const Change &change)
{
    bool strikes = change.kind == ChangeKind::Delete;
    if (change.kind == ChangeKind::Update) {
        const bool empties = std::any_of(change.assignments.begin(), change.assignments.end(),
            [](const Assignment &given) { return isEmpty(given.value); });
        const auto row = empties ? TRY(records().row(change.table, change.row)) : std::nullopt;
        strikes = row
            && std::any_of(
                change.assignments.begin(), change.assignments.end(), [&](const Assignment &given) {
                    return isEmpty(given.value)
                        && std::any_of(row->assignments.begin(), row->assignments.end(),
                            [&](const Assignment &shown) { return shown.column == given.column; });
                });
    }
    if (strikes)
        ++m_struck[change.table];
    return {};
}

Status Replica::brake(const std::map<TableId, std::uint64_t> &rowsBefore) const
{
    constexpr std::uint64_t rowsUnasked = 50;
    constexpr std::uint64_t partUnasked = 5;  // a fifth
    for (const auto &[table, struck] : m_struck) {
        const std::uint64_t rows = rowsBefore.at(table);
        if (struck <= rowsUnasked || struck * partUnasked <= rows)
            continue;
        return fail(ErrorCode::Refused,
            "Others have deleted or emptied " + std::to_string(struck) + " of "
                + std::to_string(rows) + " rows of " + m_schema.table(table)->name
                + ". Nothing was taken over. If that is meant, go on with: tendctl sync "
                  "--accept-mass-change");
    }
    return {};
}

// ---- filling in ---------------------------------------------------------------------------------

Status Replica::takeFill(const PullAnswer &answer, Intake &intake)
{
    const Fill &part = *answer.fill;
    m_facts.view.clear();
    intake.wentOn = true;
    intake.hasMore = true;
    const bool begins = part.after.empty();
    const bool follows = m_facts.fill && m_facts.fill->scopes == part.scopes
        && m_facts.fill->at == part.at && m_facts.fill->position == part.after;
    if (!begins && !follows)
        return dropFill();  // of another fill than ours: from the start
    if (begins)
        TRY_STATUS(dropFill());
    if (!part.isLast || MUTANT(fill_without_rest)) {
        TRY_STATUS(m_store.stagePart(encode(answer)));
        m_facts.fill = Fill{part.scopes, part.at, part.position, false, {}};
        if (!MUTANT(fill_without_rest))
            return {};
    }
    return applyFill(answer, intake);
}

Status Replica::dropFill()
{
    m_facts.fill.reset();
    return m_store.dropStaged();
}

// All parts together, in one transaction: nobody sees half of a fill, and a device that stops in
// the middle goes on where it stopped.
Status Replica::applyFill(const PullAnswer &last, Intake &intake)
{
    std::vector<std::pair<GroupRef, std::vector<Change>>> waiting;
    // What is here stands at our cursor; where the parts stand elsewhere they take its place.
    const bool replacesAll = m_facts.mustRefill || last.fill->at > m_facts.cursor;
    m_facts.cursor = std::max(m_facts.cursor, last.fill->at);
    if (replacesAll && !MUTANT(no_refill))
        TRY_STATUS(forgetEverything(waiting));
    for (std::int64_t number = 1;; ++number) {
        const auto staged = TRY(m_store.stagedPart(number));
        if (!staged)
            break;
        for (const Group &group : TRY(decodePullAnswer(*staged)).groups)
            TRY_STATUS(takeGroup(group, intake));
    }
    for (const Group &group : last.groups)
        TRY_STATUS(takeGroup(group, intake));
    for (const auto &[group, changes] : waiting) {
        for (const Change &change : changes) {
            if (TRY(isThere(change, group)))
                continue;  // a part told it
            static_cast<void>(TRY(apply(records(), change, group)));
            if (TRY(isCounted(group)))
                TRY_STATUS(countOne(change, group, false));
        }
    }
    m_facts.scopes.insert(m_facts.scopes.end(), last.fill->scopes.begin(), last.fill->scopes.end());
    sortOut(m_facts.scopes);
    m_facts.mustRefill = false;
    TRY_STATUS(dropFill());
    ++m_revision;
    return pruneSeen();
}

// Whether what this group did to that row is known here.
Result<bool> Replica::isThere(const Change &change, GroupRef group)
{
    if (change.kind != ChangeKind::Update)
        return records().hasWritten(change.table, change.row, existence, group);
    for (const Assignment &given : change.assignments) {
        if (TRY(records().hasWritten(change.table, change.row, given.column, group)))
            return true;
    }
    return false;
}

// A group of which this device had other rows already, or had all before they left.
Status Replica::extendGroup(GroupRef known, const Group &group, Intake &intake)
{
    for (const Change &change : TRY(understood(group))) {
        if (TRY(isThere(change, known)))
            continue;
        TRY_STATUS(noteMerges(change, known, TRY(apply(records(), change, known))));
        TRY_STATUS(countOne(change, known, false));
        ++intake.pulled;
        ++m_revision;
    }
    return {};
}

// ---- giving up ----------------------------------------------------------------------------------

// What this device made must still be told to a server that goes back behind it.
Status Replica::keepBodiesOf(TableId table, const RowId &row, std::set<GroupRef> &kept)
{
    std::set<GroupRef> groups;
    for (const HistoryEntry &entry : TRY(records().history(table, row)))
        groups.insert(entry.group);
    for (const GroupRef group : groups) {
        if (!kept.insert(group).second)
            continue;
        const GroupId id = records().header(group).id;
        if (id.device != m_facts.device || MUTANT(bodies_forgotten))
            continue;
        OwnGroup own = TRY(m_store.ownGroup(id));
        const bool isForeign = own.chain.empty() && records().header(group).sequence != Sequence{0};
        if (!own.body.empty() || isForeign)
            continue;
        own.body = encodeBody(TRY(records().changesOf(group)));
        TRY_STATUS(m_store.keepOwnGroup(id, own));
    }
    return {};
}

// No server will ask for these again: even one set back to its newest backup has them.
Status Replica::dropDurable(Sequence durable)
{
    if (durable <= m_facts.durable)
        return {};
    m_facts.durable = durable;
    for (const Store::LifeCounter &kept : TRY(m_store.keptBodies())) {
        const GroupId id{m_facts.device, kept.incarnation, kept.counter};
        const auto group = TRY(records().findGroup(id));
        const GroupHeader header = group ? records().header(*group) : GroupHeader{};
        const bool isSafe = header.sequence != Sequence{0} && header.sequence <= durable
            && inMs(now()) - inMs(header.madeAt) >= m_bodiesKeptFor.count();
        if (!isSafe)
            continue;
        OwnGroup own = TRY(m_store.ownGroup(id));
        own.body.clear();
        TRY_STATUS(m_store.keepOwnGroup(id, own));
    }
    return {};
}

Status Replica::forgetRows(const std::vector<RowsOfTable> &rows)
{
    const bool forgets = std::any_of(
        rows.begin(), rows.end(), [](const RowsOfTable &some) { return !some.rows.empty(); });
    if (!forgets)
        return {};
    const auto ahead = TRY(records().groupsAfter(m_facts.cursor));
    if (!ahead.empty() && !MUTANT(own_not_whole))
        m_facts.wholeUntil = std::max(m_facts.wholeUntil, records().header(ahead.back()).sequence);
    std::set<GroupRef> kept;  // looked at once, however many of their rows go
    for (const RowsOfTable &some : rows) {
        if (!m_schema.table(some.table))
            continue;
        for (const RowId &row : some.rows) {
            TRY_STATUS(keepBodiesOf(some.table, row, kept));
            *m_facts.sum -= TRY(sumOfRow(records(), m_schema, some.table, row,
                [&](GroupRef group) { return isCounted(group); }));
            TRY_STATUS(records().forgetRow(some.table, row));
        }
        ++m_revision;
    }
    return {};
}

// And what hung on them here: others may have hung it elsewhere since, out of this device's sight.
// Its own rows the server names, wherever they hang.
Status Replica::forgetLeft(const std::vector<RowsOfTable> &left, const Scopes &kept)
{
    std::set<RowName> hanging;
    ScopeReader trees(records(), m_schema);
    for (const RowsOfTable &some : left) {
        for (const RowId &row : some.rows) {
            if (!m_schema.table(some.table))
                continue;
            for (const RowName &name : TRY(trees.treeOf({some.table, row})))
                hanging.insert(name);
        }
    }
    TRY_STATUS(forgetRows(left));
    ScopeReader reader(records(), m_schema);
    for (const RowName &name : hanging) {
        const bool isThere = TRY(records().row(name.table, name.row)).has_value();
        if (isThere && !meet(TRY(reader.of(name)), kept) && !TRY(isOwn(name)))
            TRY_STATUS(forgetRows({{name.table, {name.row}}}));
    }
    return {};
}

// Rows it wrote that this device may not hold. The server names them again when the cursor passes
// their groups, and with the answer to what still waits. Where the cursor has passed all, nobody
// will: then all is fetched anew. They are not taken out here, for the view may be given back
// meanwhile, and then no answer would bring them.
Status Replica::minds(const std::vector<RowsOfTable> &left)
{
    for (const RowsOfTable &some : left) {
        for (const RowId &row : some.rows) {
            if (!m_schema.table(some.table))
                continue;
            const auto history = TRY(records().history(some.table, row));
            const bool isPassed = !history.empty()
                && std::all_of(history.begin(), history.end(), [&](const HistoryEntry &entry) {
                       const Sequence sequence = records().header(entry.group).sequence;
                       return sequence != Sequence{0} && sequence <= m_facts.cursor;
                   });
            if (isPassed)
                m_facts.mustRefill = true;
        }
    }
    if (m_facts.mustRefill) {
        m_facts.scopes.clear();
        m_facts.view.clear();
    }
    return {};
}

Result<bool> Replica::isOwn(const RowName &name)
{
    const auto history = TRY(records().history(name.table, name.row));
    return std::any_of(history.begin(), history.end(), [&](const HistoryEntry &entry) {
        return records().header(entry.group).id.device == m_facts.device;
    });
}

// Where its own writes lie beyond the cursor, rows here are further than what the server judges by;
// it names those that must go, with what hangs on them, when the cursor passes them.
Result<std::set<RowName>> Replica::aheadOfCursor()
{
    std::set<RowName> ahead;
    ScopeReader trees(records(), m_schema);
    for (const GroupRef group : TRY(records().groupsAfter(m_facts.cursor))) {
        for (const Change &change : TRY(records().changesOf(group))) {
            for (const RowName &row : TRY(trees.treeOf({change.table, change.row})))
                ahead.insert(row);
        }
    }
    return ahead;
}

Status Replica::purgeBeyond(const Scopes &kept)
{
    ScopeReader reader(records(), m_schema);
    std::vector<RowsOfTable> beyond;
    bool losesAny = false;
    // At the start of the log all it has is its own and lies beyond the cursor: the server names
    // what must go.
    const bool isAllAhead = m_facts.cursor == Sequence{0} && !kept.empty();
    for (const Table &table : m_schema.tables()) {
        if (isAllAhead)
            break;
        RowsOfTable some{table.id, {}};
        auto ids = TRY(records().rowIds(table.id));
        const auto buried = TRY(records().buriedIds(table.id));
        ids.insert(ids.end(), buried.begin(), buried.end());
        for (const RowId &id : ids) {
            const Scopes scopes = TRY(reader.of({table.id, id}));
            // What it wrote itself under a parent nobody knows stays, unless all is to go.
            const bool waits
                = scopes == Scopes{orphaned} && !kept.empty() && TRY(isOwn({table.id, id}));
            if (!waits && !meet(scopes, kept))
                some.rows.push_back(id);
        }
        losesAny = losesAny || !some.rows.empty();
        beyond.push_back(std::move(some));
    }
    if (losesAny && !kept.empty()) {
        const std::set<RowName> ahead = TRY(aheadOfCursor());
        for (RowsOfTable &some : beyond)
            std::erase_if(some.rows, [&](const RowId &id) {
                return ahead.contains({some.table, id});
            });
    }
    TRY_STATUS(forgetRows(beyond));
    // What a restored server had forgotten was kept for its author's return; it may be of these.
    // Where all is to go, what was refused goes too: the office has it.
    for (const SetAside &aside : TRY(m_store.asides())) {
        if (aside.header.id.device != m_facts.device || kept.empty())
            TRY_STATUS(m_store.forgetAside(aside.header.id));
    }
    return kept.empty() ? m_store.dropBodies() : Status{};
}

// Empties the rows; what waits is handed out, to be laid over what comes. What was accepted after
// the cursor waits again: its receipt comes anew, and with it whether its rows may stay.
Status Replica::forgetEverything(std::vector<std::pair<GroupRef, std::vector<Change>>> &waiting)
{
    for (const GroupRef group : TRY(records().groupsAfter(m_facts.cursor))) {
        GroupHeader header = records().header(group);
        OwnGroup own = TRY(m_store.ownGroup(header.id));
        own.isStampFinal = true;
        TRY_STATUS(m_store.keepOwnGroup(header.id, own));
        header.sequence = Sequence{0};
        TRY_STATUS(records().changeGroup(group, header));
    }
    for (const GroupRef group : TRY(records().unacceptedGroups()))
        waiting.emplace_back(group, TRY(records().changesOf(group)));
    for (const Table &table : m_schema.tables()) {
        RowsOfTable all{table.id, TRY(records().rowIds(table.id))};
        const auto buried = TRY(records().buriedIds(table.id));
        all.rows.insert(all.rows.end(), buried.begin(), buried.end());
        TRY_STATUS(forgetRows({all}));
    }
    m_facts.sum = 0;  // also where it had gone wrong
    return {};
}

}  // namespace replica
