// The Sync page: what waits, what merged by itself, what needs a person.
#include <algorithm>
#include <set>

#include "app/journal/row_text.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "app/journal/undo.h"
#include "sync/protocol/body.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t waitingShownMax = 200;
constexpr int mergedShownMax = 50;

// The columns of a change that a person would name.
std::vector<std::string> columnNames(const Change &change)
{
    std::vector<std::string> names;
    const Table *table = journalSchema().table(change.table);
    for (const Assignment &given : change.assignments) {
        if (const Column *column = table ? table->column(given.column) : nullptr)
            names.push_back(column->name);
    }
    return names;
}

const Change *changeOf(const std::vector<Change> &changes, TableId table, const RowId &row)
{
    const auto at = std::find_if(changes.begin(), changes.end(),
        [&](const Change &change) { return change.table == table && change.row == row; });
    return at == changes.end() ? nullptr : &*at;
}

bool holdsText(const Column &column)
{
    return column.type == ColumnType::Text && column.choices.empty();
}

}  // namespace

Result<std::string> StoreJournal::titleOf(TableId table, const RowId &row)
{
    const auto shown = TRY(m_replica.records().row(table, row));
    return shown ? TRY(tend::titleOf(m_replica.records(), *shown)) : std::string();
}

Result<std::vector<WaitingItem>> StoreJournal::waiting()
{
    std::vector<WaitingItem> items;
    for (const GroupRef group : TRY(m_replica.records().unacceptedGroups())) {
        if (items.size() == waitingShownMax)
            break;
        const auto changes = TRY(m_replica.records().changesOf(group));
        if (changes.empty())
            continue;
        const Change &last = changes.back();
        WaitingItem item;
        item.rowId = toText(last.row);
        item.table = journalSchema().table(last.table)->name;
        item.title = TRY(titleOf(last.table, last.row));
        item.at = m_replica.records().header(group).madeAt;
        items.push_back(std::move(item));
    }
    return items;
}

Result<std::string> StoreJournal::deviceName(const DeviceId &device)
{
    return textOf("SELECT name FROM device WHERE id = ?1", device.bytes());
}

Result<Side> StoreJournal::sideOf(const Conflict &conflict, const ConflictSide &from)
{
    Side side;
    const Column *column = journalSchema().table(conflict.table)->column(conflict.column);
    if (column && !from.isDeleted)
        side.value = valueText(*column, from.value);
    side.by = memberName(from.by);
    side.device = TRY(deviceName(from.by.id.device));
    side.at = from.by.madeAt;
    return side;
}

Result<ConflictItem> StoreJournal::itemOf(const Conflict &conflict)
{
    const Table &table = *journalSchema().table(conflict.table);
    const Column *column = table.column(conflict.column);
    ConflictItem item;
    item.id = toText(conflict.id);
    item.table = table.name;
    item.rowId = toText(conflict.row);
    item.rowTitle = TRY(titleOf(conflict.table, conflict.row));
    item.column = column ? column->name : "";
    item.base = column ? valueText(*column, conflict.base) : "";
    item.mine = TRY(sideOf(conflict, conflict.mine));
    item.theirs = TRY(sideOf(conflict, conflict.theirs));
    item.mineDeleted = conflict.mine.isDeleted;
    item.theirsDeleted = conflict.theirs.isDeleted;
    item.canKeepBoth = column && holdsText(*column);
    return item;
}

Result<std::vector<MergedItem>> StoreJournal::merged()
{
    std::vector<MergedItem> items;
    for (const MergeNote &note : TRY(m_store.mergeNotes(mergedShownMax))) {
        const auto mine = TRY(m_replica.records().changesOf(note.mine));
        const auto theirs = TRY(m_replica.records().changesOf(note.theirs));
        const Change *myChange = changeOf(mine, note.table, note.row);
        const Change *theirChange = changeOf(theirs, note.table, note.row);
        if (!myChange || !theirChange)
            continue;  // one of them was withdrawn since
        MergedItem item;
        item.id = std::to_string(note.id);
        item.table = journalSchema().table(note.table)->name;
        item.rowId = toText(note.row);
        item.rowTitle = TRY(titleOf(note.table, note.row));
        item.mineColumns = columnNames(*myChange);
        item.theirColumns = columnNames(*theirChange);
        const GroupHeader &theirHeader = m_replica.records().header(note.theirs);
        item.by = memberName(theirHeader);
        item.device = TRY(deviceName(theirHeader.id.device));
        item.at = note.at;
        items.push_back(std::move(item));
    }
    return items;
}

Result<SyncReport> StoreJournal::syncReport()
{
    SyncReport report;
    report.state = m_syncState;
    const ReplicaStatus status = TRY(m_replica.status());
    report.state.waiting = static_cast<int>(status.waiting);
    report.state.oldestWaitingAt = status.oldestWaitingAt;
    report.state.lastSyncedAt = status.lastSyncedAt;
    report.state.conflicts = static_cast<int>(status.conflicts);
    report.state.refused = static_cast<int>(status.refused);
    report.waiting = TRY(waiting());
    for (const Conflict &conflict : TRY(m_replica.conflicts()))
        report.conflicts.push_back(TRY(itemOf(conflict)));
    report.merged = TRY(merged());
    for (const SetAside &aside : TRY(m_store.asides())) {
        if (!aside.isOwn)
            continue;
        RefusedItem item;
        item.id = std::to_string(raw(aside.header.id.counter));
        const auto changes = decodeBody(aside.body);
        if (changes && !changes->empty())
            item.title = TRY(tend::titleOf(m_replica.records(), changes->back()));
        item.reason = aside.reason;
        item.at = aside.header.madeAt;
        report.refused.push_back(std::move(item));
    }
    return report;
}

Status StoreJournal::resolve(const std::string &conflictId, Take take)
{
    const auto id = parseUuid(conflictId);
    for (const Conflict &conflict : TRY(m_replica.conflicts())) {
        if (!id || conflict.id != *id)
            continue;
        const ConflictSide &chosen = take == Take::Theirs ? conflict.theirs : conflict.mine;
        if (conflict.column == existence)
            return m_replica.resolveRow(*id, take == Take::Both || !chosen.isDeleted);
        if (take != Take::Both)
            return m_replica.resolve(*id, chosen.value);
        const Column &column = *journalSchema().table(conflict.table)->column(conflict.column);
        if (!holdsText(column))
            return fail(ErrorCode::Invalid, "only texts can be kept side by side; choose one");
        const std::string mine = valueText(column, conflict.mine.value);
        const std::string theirs = valueText(column, conflict.theirs.value);
        const bool isLong = mine.size() + theirs.size() > 60;
        return m_replica.resolve(*id,
            mine.empty()         ? theirs
                : theirs.empty() ? mine
                                 : mine + (isLong ? "\n" : " / ") + theirs);
    }
    return fail(ErrorCode::NotFound, "this was settled meanwhile");
}

Status StoreJournal::undoMerge(const std::string &mergedId)
{
    for (const MergeNote &note : TRY(m_store.mergeNotes(mergedShownMax))) {
        if (std::to_string(note.id) != mergedId)
            continue;
        const auto theirs = TRY(m_replica.records().changesOf(note.theirs));
        const Change *theirChange = changeOf(theirs, note.table, note.row);
        if (!theirChange)
            return fail(ErrorCode::NotFound, "that change is not here any more");
        const GroupHeader merged = m_replica.records().header(note.theirs);
        Change undo{note.table, note.row, ChangeKind::Update, {}};
        const auto history = TRY(m_replica.records().history(note.table, note.row));
        for (const Assignment &given : theirChange->assignments) {
            // What stood here before theirs: the newest value that is not theirs nor rests on
            // theirs.
            Value before;
            for (const HistoryEntry &entry : history) {
                const GroupHeader &by = m_replica.records().header(entry.group);
                if (entry.column == given.column && entry.group != note.theirs && !sees(by, merged))
                    before = entry.value;
            }
            undo.assignments.push_back({given.column, before});
        }
        const auto made
            = m_replica.commit({undo}, [&]() -> Status { return m_store.dropMergeNote(note.id); });
        return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
    }
    return fail(
        ErrorCode::NotFound, "there is no merge " + mergedId + " here, or it was undone already");
}

Result<Account> StoreJournal::account()
{
    Account account;
    account.server = TRY(m_store.fact("server_address")).value_or("");
    account.workspace = m_replica.facts().workspaceName;
    account.person = m_replica.facts().memberName;
    account.device = TRY(m_store.fact("device_name")).value_or("");
    return account;
}

}  // namespace tend
