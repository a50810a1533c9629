#pragma once

#include <optional>
#include <vector>

#include "sync/base/result.h"
#include "sync/domain/row_state.h"
#include "sync/schema/schema.h"

namespace replica {

// One value a row ever had.
struct HistoryEntry {
    ColumnId column{};
    Value value;
    GroupRef group{};
    bool isShown = false;  // it is the value to see now
};

// A concurrent write that waits beside the one shown, on a row that lives.
struct Rival {
    TableId table{};
    RowId row;
    Head head;
};

// Port: the merged rows of the declared tables with the groups they came from, on a device and on
// the server alike. One transaction at a time, one thread. The rules of merging lie above, in
// apply(): a realisation only loads and saves. Realised over SQLite and, for tests, in memory; one
// contract suite holds both.
class Records : public GroupLookup {
public:
    // An operating error inside header() has no way out of there; it is kept and fails the commit.
    [[nodiscard]] virtual Status begin() = 0;
    [[nodiscard]] virtual Status commit() = 0;
    virtual void rollback() noexcept = 0;

    // Errors: Conflict when the id is there already.
    [[nodiscard]] virtual Result<GroupRef> addGroup(const GroupHeader &header) = 0;
    [[nodiscard]] virtual Result<std::optional<GroupRef>> findGroup(const GroupId &id) = 0;
    [[nodiscard]] virtual Status changeGroup(GroupRef group, const GroupHeader &header) = 0;
    // Forgets a group that left no trace in rows and changes.
    [[nodiscard]] virtual Status removeGroup(GroupRef group) = 0;
    // Groups without a sequence, in the order they were added.
    [[nodiscard]] virtual Result<std::vector<GroupRef>> unacceptedGroups() = 0;
    [[nodiscard]] virtual Result<bool> hasUnaccepted() = 0;
    // Of one incarnation's groups without a sequence the first, in the order of their counters: of
    // that of `after` and behind it, or of the one whose first was added before the others'. Costs
    // what is answered, however many wait.
    [[nodiscard]] virtual Result<std::vector<GroupRef>> firstUnaccepted(
        std::size_t countMax, const std::optional<GroupId> &after)
        = 0;
    [[nodiscard]] virtual Result<std::vector<GroupRef>> groupsAfter(Sequence sequence) = 0;
    // The highest counter of one incarnation; 0 when it made no group.
    [[nodiscard]] virtual Result<Counter> lastCounter(
        const DeviceId &device, Incarnation incarnation)
        = 0;

    // Makes a row no write ever touched. False, and nothing done, when the id is known.
    [[nodiscard]] virtual Result<bool> insertFresh(const Change &insert, GroupRef group) = 0;
    [[nodiscard]] virtual Result<RowState> load(TableId table, const RowId &row) = 0;
    // Replaces one row's state. `overtaken` goes into the history.
    [[nodiscard]] virtual Status save(
        const RowState &before, const RowState &after, const std::vector<Head> &overtaken)
        = 0;
    // Forgets what is there of a row and stores this state with this history instead.
    [[nodiscard]] virtual Status replace(const RowState &state, const std::vector<Head> &history)
        = 0;

    // Remembers which rows a group changed, so that the group can be told again. Values are not
    // copied: they are found in the rows and in the history.
    [[nodiscard]] virtual Status recordChange(GroupRef group, const Change &change) = 0;
    [[nodiscard]] virtual Result<std::vector<Change>> changesOf(GroupRef group) = 0;
    // How many changesOf() would tell, at no cost.
    [[nodiscard]] virtual Result<std::size_t> countChangesOf(GroupRef group) = 0;
    [[nodiscard]] virtual Status forgetChanges(GroupRef group) = 0;

    // The row as it shows; nothing when it is not there or deleted. Absent assignments are empty.
    [[nodiscard]] virtual Result<std::optional<Change>> row(TableId table, const RowId &row) = 0;
    // Of a row, those columns by which the rules of the declaration place it. A deleted row is told
    // as it was; nothing when it was never heard of.
    [[nodiscard]] virtual Result<std::optional<Change>> placing(TableId table, const RowId &id) = 0;
    // Whether any write to it, overtaken or not, deleted it.
    [[nodiscard]] virtual Result<bool> wasDeleted(TableId table, const RowId &row) = 0;
    // Ids of the living rows, rising.
    [[nodiscard]] virtual Result<std::vector<RowId>> rowIds(TableId table) = 0;
    // Ids of the deleted rows, rising.
    [[nodiscard]] virtual Result<std::vector<RowId>> buriedIds(TableId table) = 0;
    // What writes to deleted rows say in a column of ids: the row and the id.
    [[nodiscard]] virtual Result<std::vector<std::pair<RowId, Uuid>>> buriedLinks(
        TableId table, ColumnId column)
        = 0;
    // How many rows there are, more or less, at no cost.
    [[nodiscard]] virtual Result<std::uint64_t> rowsAbout(TableId table) = 0;
    // Ids of the living rows whose column shows this value (Empty: shows nothing), rising.
    [[nodiscard]] virtual Result<std::vector<RowId>> rowsWhere(
        TableId table, ColumnId column, const Value &value)
        = 0;
    // Ids above `after` of the living rows that show all these values, rising, at most so many.
    [[nodiscard]] virtual Result<std::vector<RowId>> rowsShowing(TableId table,
        const std::vector<Assignment> &values, const RowId &after, std::size_t countMax)
        = 0;
    // Takes a row out with all its writes, as if its groups had never touched it: it left what this
    // device may hold. Nothing is told to anybody.
    [[nodiscard]] virtual Status forgetRow(TableId table, const RowId &row) = 0;
    // Whether a group wrote this column of a row, whatever became of it. Costs the same however
    // often the row was written.
    [[nodiscard]] virtual Result<bool> hasWritten(
        TableId table, const RowId &row, ColumnId column, GroupRef group)
        = 0;
    // Oldest first.
    [[nodiscard]] virtual Result<std::vector<HistoryEntry>> history(TableId table, const RowId &row)
        = 0;
    [[nodiscard]] virtual Result<std::vector<Rival>> rivals() = 0;
};

// What applying one change did to its row.
struct Applied {
    // Heads of other groups that the change met without having seen them; they won, lost or stand
    // beside.
    std::vector<Head> concurrent;
    bool isFresh = false;  // no group had written to the row before
};

// What a deleted row last showed; nothing of a row that was never heard of.
[[nodiscard]] std::optional<Change> lastShown(const RowState &state, GroupLookup &groups);

// Merges one change of `group` into its row and remembers it. Inside a transaction.
[[nodiscard]] Result<Applied> apply(Records &records, const Change &given, GroupRef group);

// Builds a row anew from all its writes except those of `without`: after a group was withdrawn, or
// stamps changed. Inside a transaction.
[[nodiscard]] Status rebuild(Records &records, TableId table, const RowId &row,
    std::optional<GroupRef> without = std::nullopt);

}  // namespace replica
