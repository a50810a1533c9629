#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "sync/records/records.h"
#include "sync/sqlite/database.h"

namespace replica {

// A list of groups as it lies in a column: 32 octets each, device, incarnation, counter.
[[nodiscard]] Bytes seenOctetsOf(const std::vector<GroupId> &groups);
[[nodiscard]] std::vector<GroupId> seenIn(BytesView bytes);

// Records in one SQLite database: the declared tables as plain tables, so that any SQL may read
// them, and the bookkeeping of migrations/0001_records.sql beside them. The schema and database
// outlive it.
class SqliteRecords final : public Records {
public:
    // Who keeps each group's octets elsewhere need not remember which rows it changed; changesOf()
    // then answers nothing.
    enum class Remembers { Changes, RowsOnly };

    // Makes missing tables and columns. The database must have been migrated.
    [[nodiscard]] static Result<std::unique_ptr<SqliteRecords>> open(
        sqlite::Database &database, const Schema &schema, Remembers remembers = Remembers::Changes);

    ~SqliteRecords() override;
    SqliteRecords(const SqliteRecords &) = delete;
    SqliteRecords &operator=(const SqliteRecords &) = delete;

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

    [[nodiscard]] Result<std::optional<Change>> row(TableId table, const RowId &id) override;
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

private:
    struct TableSql;
    struct Run;

    SqliteRecords(sqlite::Database &database, const Schema &schema, Remembers remembers);

    [[nodiscard]] Status prepareTables();
    [[nodiscard]] Status makeTable(const Table &table);
    [[nodiscard]] Result<TableSql *> sqlOf(TableId table);
    [[nodiscard]] Result<sqlite::Statement *> statement(std::string_view sql);
    [[nodiscard]] Result<std::int64_t> deviceNumber(const DeviceId &device);
    [[nodiscard]] Result<DeviceId> deviceOf(std::int64_t number);
    [[nodiscard]] Result<GroupHeader> readHeader(GroupRef group);
    [[nodiscard]] Status bindHeader(
        sqlite::Statement &into, const GroupHeader &header, Bytes &alsoSeen);

    // One incarnation, as `grp` names it.
    struct Life {
        std::int64_t device = 0;
        std::int64_t incarnation = 0;
    };

    [[nodiscard]] Result<std::optional<Life>> firstUnacceptedLife();
    [[nodiscard]] Status flushRun();
    // Takes one row out of what a group is remembered to have changed.
    [[nodiscard]] Status forgetChange(
        GroupRef group, TableId table, const RowId &row, std::int64_t n);
    [[nodiscard]] Status refreshNumbers();

    [[nodiscard]] Status loadLiving(TableSql &sql, RowState &state, bool &isThere);
    [[nodiscard]] Status loadHeads(const char *from, RowState &state);
    [[nodiscard]] Status saveLiving(TableSql &sql, const RowState &before, const RowState &after);
    [[nodiscard]] Status revive(TableSql &sql, const RowState &after, std::int64_t n);
    [[nodiscard]] Status bury(const RowState &after, std::int64_t n);
    // Takes a row out of all tables but the history. Answers the _n it had; 0 when there was none.
    [[nodiscard]] Result<std::int64_t> unearth(TableSql &sql, TableId table, const RowId &row);
    [[nodiscard]] Status writeHeads(
        const char *into, const RowState &state, const std::vector<Head> &heads);
    [[nodiscard]] Status eraseHeads(const char *from, TableId table, const RowId &row);
    [[nodiscard]] Result<std::vector<Change>> changesOfRun(
        TableSql &sql, GroupRef group, std::int64_t first, std::int64_t count);
    [[nodiscard]] Status readWritten(TableId table, const RowId &row, GroupRef group,
        BytesView columns, std::map<ColumnId, Value> &written);
    [[nodiscard]] Result<Change> retell(
        TableSql &sql, GroupRef group, ChangeKind kind, const RowId &row, BytesView columns);

    sqlite::Database &m_database;
    const Schema &m_schema;
    Remembers m_remembers;
    sqlite::ByText<sqlite::Statement> m_statements;
    std::map<TableId, std::unique_ptr<TableSql>> m_tables;
    std::unordered_map<Uuid, std::int64_t> m_deviceNumbers;
    // Headers met in this transaction. Bounded by the groups that one page or one row can name.
    std::unordered_map<std::int64_t, std::unique_ptr<GroupHeader>> m_headers;
    std::unique_ptr<Run> m_run;
    std::int64_t m_place = 0;
    GroupRef m_placeGroup{};
    std::optional<Error> m_failure;
    std::int64_t m_dataVersion = 0;
};

// The migrations every database with Records begins with.
[[nodiscard]] std::vector<std::string_view> recordMigrations();

}  // namespace replica
