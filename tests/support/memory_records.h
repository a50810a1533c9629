#pragma once

#include "sync/records/records.h"
#include "tests/support/undo_map.h"

namespace replica::test {

// Records in maps. It keeps each group's changes with their values, where the SQLite realisation
// finds them again in rows and history: so each is the other's oracle.
class MemoryRecords final : public Records {
public:
    MemoryRecords() = default;
    // A copy outside any transaction: a backup.
    MemoryRecords(const MemoryRecords &other);
    MemoryRecords &operator=(const MemoryRecords &) = delete;
    ~MemoryRecords() override = default;

    [[nodiscard]] Status begin() override;
    [[nodiscard]] Status commit() override;
    void rollback() noexcept override;

    [[nodiscard]] const GroupHeader &header(GroupRef group) override;
    [[nodiscard]] Result<GroupRef> addGroup(const GroupHeader &header) override;
    [[nodiscard]] Result<std::optional<GroupRef>> findGroup(const GroupId &id) override;
    [[nodiscard]] Status changeGroup(GroupRef group, const GroupHeader &header) override;
    [[nodiscard]] Status removeGroup(GroupRef group) override;
    [[nodiscard]] Result<std::vector<GroupRef>> unacceptedGroups() override;
    [[nodiscard]] Result<bool> hasUnaccepted() override;
    [[nodiscard]] Result<std::vector<GroupRef>> firstUnaccepted(
        std::size_t countMax, const std::optional<GroupId> &after) override;
    [[nodiscard]] Result<std::vector<GroupRef>> groupsAfter(Sequence sequence) override;
    [[nodiscard]] Result<Counter> lastCounter(
        const DeviceId &device, Incarnation incarnation) override;

    [[nodiscard]] Result<bool> insertFresh(const Change &insert, GroupRef group) override;
    [[nodiscard]] Result<RowState> load(TableId table, const RowId &row) override;
    [[nodiscard]] Status save(
        const RowState &before, const RowState &after, const std::vector<Head> &overtaken) override;
    [[nodiscard]] Status replace(const RowState &state, const std::vector<Head> &history) override;

    [[nodiscard]] Status recordChange(GroupRef group, const Change &change) override;
    [[nodiscard]] Result<std::vector<Change>> changesOf(GroupRef group) override;
    [[nodiscard]] Result<std::size_t> countChangesOf(GroupRef group) override;
    [[nodiscard]] Status forgetChanges(GroupRef group) override;

    [[nodiscard]] Result<std::optional<Change>> row(TableId table, const RowId &row) override;
    [[nodiscard]] Result<std::optional<Change>> placing(TableId table, const RowId &id) override;
    [[nodiscard]] Result<bool> wasDeleted(TableId table, const RowId &row) override;
    [[nodiscard]] Result<std::vector<RowId>> rowIds(TableId table) override;
    [[nodiscard]] Result<std::vector<RowId>> buriedIds(TableId table) override;
    [[nodiscard]] Result<std::vector<std::pair<RowId, Uuid>>> buriedLinks(
        TableId table, ColumnId column) override;
    [[nodiscard]] Result<std::uint64_t> rowsAbout(TableId table) override;
    [[nodiscard]] Result<std::vector<RowId>> rowsWhere(
        TableId table, ColumnId column, const Value &value) override;
    [[nodiscard]] Result<std::vector<RowId>> rowsShowing(TableId table,
        const std::vector<Assignment> &values, const RowId &after, std::size_t countMax) override;
    [[nodiscard]] Status forgetRow(TableId table, const RowId &row) override;
    [[nodiscard]] Result<bool> hasWritten(
        TableId table, const RowId &row, ColumnId column, GroupRef group) override;
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(
        TableId table, const RowId &row) override;
    [[nodiscard]] Result<std::vector<Rival>> rivals() override;

    // For what lies beside the records in one transaction.
    UndoLog &undo() { return m_undo; }

    // So many transactions were committed.
    [[nodiscard]] std::size_t commits() const { return m_commits; }

private:
    using Key = std::pair<TableId, RowId>;

    UndoLog m_undo;
    std::int64_t m_lastGroup = 0;
    UndoMap<GroupRef, GroupHeader> m_groups;
    UndoMap<GroupId, GroupRef> m_names;
    UndoMap<Key, RowState> m_rows;
    UndoMap<Key, std::vector<Head>> m_history;
    UndoMap<GroupRef, std::vector<Change>> m_changes;
    std::size_t m_commits = 0;
    bool m_isOpen = false;
};

}  // namespace replica::test
