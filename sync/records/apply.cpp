#include <algorithm>

#include "sync/records/records.h"

namespace replica {

namespace {

// An insert says nothing about columns it leaves empty, so that adding a column later changes no
// old group.
Change withoutEmptyInserts(const Change &change)
{
    Change kept = change;
    if (change.kind == ChangeKind::Insert)
        std::erase_if(
            kept.assignments, [](const Assignment &given) { return isEmpty(given.value); });
    return kept;
}

bool needsTrimming(const Change &change)
{
    if (change.kind != ChangeKind::Insert)
        return false;
    for (const Assignment &given : change.assignments) {
        if (isEmpty(given.value))
            return true;
    }
    return false;
}

}  // namespace

std::optional<Change> lastShown(const RowState &state, GroupLookup &groups)
{
    if (!state.isKnown())
        return std::nullopt;
    Change shown{state.table, state.row, ChangeKind::Insert, {}};
    for (const Head &head : state.heads) {
        if (head.column != existence && state.winner(head.column, groups) == &head)
            shown.assignments.push_back({head.column, head.value});
    }
    return shown;
}

Result<Applied> apply(Records &records, const Change &given, GroupRef group)
{
    if (needsTrimming(given))
        return apply(records, withoutEmptyInserts(given), group);
    if (given.kind == ChangeKind::Insert && TRY(records.insertFresh(given, group))) {
        TRY_STATUS(records.recordChange(group, given));
        Applied fresh;
        fresh.isFresh = true;
        return fresh;
    }
    const RowState before = TRY(records.load(given.table, given.row));
    RowState after = before;
    const std::vector<Head> overtaken = merge(after, given, group, records);

    Applied applied;
    const GroupHeader header = records.header(group);
    for (const Head &head : before.heads) {
        if (head.group != group && !sees(header, records.header(head.group)))
            applied.concurrent.push_back(head);
    }
    TRY_STATUS(records.save(before, after, overtaken));
    TRY_STATUS(records.recordChange(group, given));
    return applied;
}

Status rebuild(Records &records, TableId table, const RowId &row, std::optional<GroupRef> without)
{
    const RowState before = TRY(records.load(table, row));
    std::vector<Head> writes = before.heads;
    for (const HistoryEntry &entry : TRY(records.history(table, row))) {
        const Head write{entry.column, entry.group, entry.value};
        if (std::find(writes.begin(), writes.end(), write) == writes.end())
            writes.push_back(write);
    }
    if (without)
        std::erase_if(writes, [&](const Head &write) { return write.group == *without; });
    const RowState after = resolve(table, row, writes, records);
    std::erase_if(writes, [&](const Head &write) {
        return std::find(after.heads.begin(), after.heads.end(), write) != after.heads.end();
    });
    return records.replace(after, writes);
}

}  // namespace replica
