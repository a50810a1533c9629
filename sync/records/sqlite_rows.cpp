// Rows of the declared tables: loading and saving what merging works on.
#include <algorithm>
#include <set>

#include "sync/base/ensure.h"
#include "sync/records/sqlite_records.h"
#include "sync/records/table_sql.h"

namespace replica {

namespace {

std::string quoted(const std::string &name)
{
    return '"' + name + '"';
}

const char *sqlType(ColumnType type)
{
    switch (type) {
    case ColumnType::Text:
    case ColumnType::Day:
        return "TEXT";
    case ColumnType::Real:
        return "REAL";
    case ColumnType::Id:
    case ColumnType::Octets:
        return "BLOB";
    case ColumnType::Integer:
    case ColumnType::Boolean:
    case ColumnType::Time:
        return "INTEGER";
    }
    return "BLOB";
}

std::int64_t number(TableId table)
{
    return static_cast<std::int64_t>(table);
}

std::int64_t number(GroupRef group)
{
    return static_cast<std::int64_t>(group);
}

// The group that stands in the row's _g: the winner among those that made or kept the row.
const Head *baseOf(const RowState &state, GroupLookup &groups)
{
    const Head *base = nullptr;
    for (const Head &head : state.heads) {
        if (head.column != existence || head.value != present)
            continue;
        if (!base || wins(groups.header(head.group), groups.header(base->group)))
            base = &head;
    }
    return base;
}

// The heads that do not show: they stand in `rival`.
std::vector<Head> waitingHeads(const RowState &state, const Head *base, GroupLookup &groups)
{
    std::vector<Head> waiting;
    for (const Head &head : state.heads) {
        const bool isShown
            = head.column == existence ? &head == base : state.winner(head.column, groups) == &head;
        if (!isShown)
            waiting.push_back(head);
    }
    return waiting;
}

}  // namespace

void bindValue(sqlite::Statement &statement, int index, const Value &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        statement.bind(index, *integer);
    else if (const auto *real = std::get_if<double>(&value))
        statement.bind(index, *real);
    else if (const auto *text = std::get_if<std::string>(&value))
        statement.bindText(index, *text);
    else if (const auto *blob = std::get_if<Blob>(&value))
        statement.bindBlob(index, blob->octets);
    else
        statement.bindNull(index);
}

Value valueAt(const sqlite::Statement &statement, int column)
{
    switch (statement.kind(column)) {
    case sqlite::Statement::Kind::Integer:
        return statement.int64(column);
    case sqlite::Statement::Kind::Real:
        return statement.real(column);
    case sqlite::Statement::Kind::Text:
        return std::string(statement.text(column));
    case sqlite::Statement::Kind::Blob:
        return Blob{Bytes(statement.blob(column))};
    case sqlite::Statement::Kind::Null:
        break;
    }
    return Empty{};
}

Status SqliteRecords::makeTable(const Table &table)
{
    std::string sql = "CREATE TABLE IF NOT EXISTS " + quoted(table.name)
        + "(_n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, _g INTEGER NOT NULL";
    for (const Column &column : table.columns)
        sql += ", " + quoted(column.name) + ' ' + sqlType(column.type);
    TRY_STATUS(m_database.execute(sql + ") STRICT"));
    // Columns that a newer declaration added. Absent means empty, so nothing is filled in.
    for (const Column &column : table.columns) {
        const auto isThere = TRY(m_database.queryInt("SELECT count(*) FROM pragma_table_info('"
            + table.name + "') WHERE name = '" + column.name + "'"));
        if (isThere == 0)
            TRY_STATUS(m_database.execute("ALTER TABLE " + quoted(table.name) + " ADD COLUMN "
                + quoted(column.name) + ' ' + sqlType(column.type)));
    }
    for (const std::string &name : table.indexes)
        TRY_STATUS(
            m_database.execute("CREATE INDEX IF NOT EXISTS " + quoted(table.name + "_by_" + name)
                + " ON " + quoted(table.name) + "(" + quoted(name) + ")"));
    // By scope, where a row names one; most of the private kind name none and cost nothing.
    for (const auto *rules : {&table.scopes, &table.alsoScopes}) {
        for (const ScopeRule &rule : *rules) {
            if (rule.kind.empty())
                continue;
            const std::string &name = table.column(rule.column)->name;
            TRY_STATUS(m_database.execute("CREATE INDEX IF NOT EXISTS "
                + quoted(table.name + "_in_" + name) + " ON " + quoted(table.name) + "("
                + quoted(name) + ") WHERE " + quoted(name) + " IS NOT NULL"));
        }
    }
    return {};
}

Status SqliteRecords::prepareTables()
{
    for (const Table &table : m_schema.tables()) {
        TRY_STATUS(makeTable(table));
        auto sql = std::make_unique<TableSql>();
        sql->table = &table;
        std::string names;
        std::string marks;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            names += ", " + quoted(table.columns[i].name);
            marks += ", ?" + std::to_string(i + 4);
        }
        const std::string name = quoted(table.name);
        sql->insert = TRY(m_database.prepare("INSERT INTO " + name + "(_n, id, _g" + names
            + ") VALUES (?1, ?2, ?3" + marks + ") ON CONFLICT(id) DO NOTHING"));
        sql->selectById
            = TRY(m_database.prepare("SELECT _n, _g" + names + " FROM " + name + " WHERE id = ?1"));
        sql->selectByN
            = TRY(m_database.prepare("SELECT id, _g" + names + " FROM " + name + " WHERE _n = ?1"));
        std::string placing;
        for (const Column &column : table.columns) {
            const auto places = [&](const ScopeRule &rule) {
                return rule.column == column.id;
            };
            if (std::any_of(table.scopes.begin(), table.scopes.end(), places)
                || std::any_of(table.alsoScopes.begin(), table.alsoScopes.end(), places)) {
                sql->placing.push_back(column.id);
                placing += ", " + quoted(column.name);
            }
        }
        sql->selectPlacing
            = TRY(m_database.prepare("SELECT id" + placing + " FROM " + name + " WHERE id = ?1"));
        sql->deleteById = TRY(m_database.prepare("DELETE FROM " + name + " WHERE id = ?1"));
        const std::string id = std::to_string(number(table.id));
        sql->nextN = TRY(m_database.queryInt("SELECT max(coalesce((SELECT max(_n) FROM " + name
            + "), 0), coalesce((SELECT max(n) FROM grave WHERE tbl = " + id + "), 0)) + 1"));
        sql->graves = TRY(m_database.queryInt("SELECT count(*) FROM grave WHERE tbl = " + id));
        m_tables.emplace(table.id, std::move(sql));
    }
    return {};
}

Result<SqliteRecords::TableSql *> SqliteRecords::sqlOf(TableId table)
{
    const auto at = m_tables.find(table);
    if (at == m_tables.end())
        return fail(ErrorCode::TooNew,
            "table number " + std::to_string(number(table)) + " is not known here");
    return at->second.get();
}

Result<bool> SqliteRecords::insertFresh(const Change &insert, GroupRef group)
{
    TableSql &sql = *TRY(sqlOf(insert.table));
    if (sql.graves > 0) {
        auto *select = TRY(statement("SELECT 1 FROM grave WHERE tbl = ?1 AND row = ?2"));
        const bool isBuried
            = TRY(select->bind(1, number(insert.table)).bindBlob(2, insert.row.bytes()).step());
        select->reset();
        if (isBuried)
            return false;
    }
    const auto n = sql.nextN;
    sql.insert.reset().bind(1, n).bindBlob(2, insert.row.bytes()).bind(3, number(group));
    std::size_t given = 0;
    for (std::size_t i = 0; i < sql.table->columns.size(); ++i) {
        const int index = static_cast<int>(i) + 4;
        const bool isGiven = given < insert.assignments.size()
            && insert.assignments[given].column == sql.table->columns[i].id;
        if (isGiven)
            bindValue(sql.insert, index, insert.assignments[given++].value);
        else
            sql.insert.bindNull(index);
    }
    TRY_STATUS(sql.insert.run());
    if (m_database.changes() == 0)
        return false;
    sql.nextN = n + 1;
    m_run->lastN = n;
    m_run->lastRow = insert.row;
    m_run->lastTable = insert.table;
    return true;
}

Status SqliteRecords::loadHeads(const char *from, RowState &state)
{
    auto *select = TRY(statement(std::string("SELECT col, grp, value FROM ") + from
        + " WHERE tbl = ?1 AND row = ?2 ORDER BY col, grp"));
    select->bind(1, number(state.table)).bindBlob(2, state.row.bytes());
    while (TRY(select->step())) {
        state.heads.push_back({ColumnId{static_cast<std::uint32_t>(select->int64(0))},
            GroupRef{select->int64(1)}, valueAt(*select, 2)});
    }
    select->reset();
    return {};
}

Status SqliteRecords::loadLiving(TableSql &sql, RowState &state, bool &isThere)
{
    sql.selectById.reset().bindBlob(1, state.row.bytes());
    isThere = TRY(sql.selectById.step());
    if (!isThere)
        return {};
    const GroupRef base{sql.selectById.int64(1)};
    std::map<ColumnId, GroupRef> writers;
    auto *cells = TRY(statement("SELECT col, grp FROM cell WHERE tbl = ?1 AND row = ?2"));
    cells->bind(1, number(state.table)).bindBlob(2, state.row.bytes());
    while (TRY(cells->step()))
        writers[ColumnId{static_cast<std::uint32_t>(cells->int64(0))}] = GroupRef{cells->int64(1)};
    cells->reset();

    if (base != GroupRef{0})
        state.heads.push_back({existence, base, present});
    for (std::size_t i = 0; i < sql.table->columns.size(); ++i) {
        const ColumnId column = sql.table->columns[i].id;
        Value value = valueAt(sql.selectById, static_cast<int>(i) + 2);
        if (const auto writer = writers.find(column); writer != writers.end())
            state.heads.push_back({column, writer->second, std::move(value)});
        else if (!isEmpty(value))
            state.heads.push_back({column, base, std::move(value)});
    }
    sql.selectById.reset();
    return {};
}

Result<RowState> SqliteRecords::load(TableId table, const RowId &row)
{
    TableSql &sql = *TRY(sqlOf(table));
    RowState state{table, row, {}};
    bool isThere = false;
    TRY_STATUS(loadLiving(sql, state, isThere));
    if (!isThere && sql.graves == 0)
        return state;  // as for every new row where nothing was ever deleted
    TRY_STATUS(loadHeads(isThere ? "rival" : "buried", state));
    std::sort(state.heads.begin(), state.heads.end(), [](const Head &one, const Head &other) {
        return one.column != other.column ? one.column < other.column : one.group < other.group;
    });
    return state;
}

Status SqliteRecords::writeHeads(
    const char *into, const RowState &state, const std::vector<Head> &heads)
{
    for (const Head &head : heads) {
        auto *insert = TRY(statement(std::string("INSERT OR REPLACE INTO ") + into
            + "(tbl, row, col, grp, value) VALUES (?1, ?2, ?3, ?4, ?5)"));
        insert->bind(1, number(state.table))
            .bindBlob(2, state.row.bytes())
            .bind(3, static_cast<std::int64_t>(head.column))
            .bind(4, number(head.group));
        bindValue(*insert, 5, head.value);
        TRY_STATUS(insert->run());
    }
    return {};
}

Status SqliteRecords::eraseHeads(const char *from, TableId table, const RowId &row)
{
    auto *erase
        = TRY(statement(std::string("DELETE FROM ") + from + " WHERE tbl = ?1 AND row = ?2"));
    return erase->bind(1, number(table)).bindBlob(2, row.bytes()).run();
}

Status SqliteRecords::save(
    const RowState &before, const RowState &after, const std::vector<Head> &overtaken)
{
    TableSql &sql = *TRY(sqlOf(after.table));
    const bool wasAlive = before.isKnown() && before.isAlive(*this);
    const bool isAlive = after.isAlive(*this);
    TRY_STATUS(writeHeads("history", after, overtaken));
    if (wasAlive && isAlive)
        return saveLiving(sql, before, after);
    const auto n = TRY(unearth(sql, after.table, after.row));
    return isAlive ? revive(sql, after, n) : bury(after, n);
}

Status SqliteRecords::replace(const RowState &state, const std::vector<Head> &history)
{
    TableSql &sql = *TRY(sqlOf(state.table));
    const auto n = TRY(unearth(sql, state.table, state.row));
    TRY_STATUS(eraseHeads("history", state.table, state.row));
    TRY_STATUS(writeHeads("history", state, history));
    return state.isAlive(*this) ? revive(sql, state, n) : bury(state, n);
}

Status SqliteRecords::saveLiving(TableSql &sql, const RowState &before, const RowState &after)
{
    const Head *oldBase = baseOf(before, *this);
    const Head *newBase = baseOf(after, *this);
    const GroupRef base = newBase ? newBase->group : GroupRef{0};
    const bool baseMoved = (oldBase ? oldBase->group : GroupRef{0}) != base;

    std::string assigned;
    std::vector<const Value *> values;
    static const Value nothing;
    const std::vector<Head> waiting = waitingHeads(after, newBase, *this);
    for (const Column &column : sql.table->columns) {
        const Head *was = before.winner(column.id, *this);
        const Head *now = after.winner(column.id, *this);
        const bool sameWriter = was && now && was->group == now->group;
        if (!was && !now)
            continue;
        if (!sameWriter || was->value != now->value) {
            assigned += (assigned.empty() ? "" : ", ") + quoted(column.name) + " = ?"
                + std::to_string(values.size() + 2);
            values.push_back(now ? &now->value : &nothing);
        }
        if (sameWriter && !baseMoved)
            continue;
        if (now && now->group != base) {
            auto *insert = TRY(statement("INSERT INTO cell(tbl, row, col, grp) VALUES (?1, ?2, ?3, "
                                         "?4) ON CONFLICT DO UPDATE SET grp = ?4"));
            TRY_STATUS(insert->bind(1, number(after.table))
                           .bindBlob(2, after.row.bytes())
                           .bind(3, static_cast<std::int64_t>(column.id))
                           .bind(4, number(now->group))
                           .run());
        } else {
            auto *erase
                = TRY(statement("DELETE FROM cell WHERE tbl = ?1 AND row = ?2 AND col = ?3"));
            TRY_STATUS(erase->bind(1, number(after.table))
                           .bindBlob(2, after.row.bytes())
                           .bind(3, static_cast<std::int64_t>(column.id))
                           .run());
        }
    }
    if (baseMoved) {
        auto *update
            = TRY(statement("UPDATE " + quoted(sql.table->name) + " SET _g = ?1 WHERE id = ?2"));
        TRY_STATUS(update->bind(1, number(base)).bindBlob(2, after.row.bytes()).run());
    }
    if (!assigned.empty()) {
        auto at = sql.updates.find(assigned);
        if (at == sql.updates.end()) {
            at = sql.updates
                     .emplace(assigned,
                         TRY(m_database.prepare("UPDATE " + quoted(sql.table->name) + " SET "
                             + assigned + " WHERE id = ?1")))
                     .first;
        }
        at->second.reset().bindBlob(1, after.row.bytes());
        for (std::size_t i = 0; i < values.size(); ++i)
            bindValue(at->second, static_cast<int>(i) + 2, *values[i]);
        TRY_STATUS(at->second.run());
    }
    if (waiting.empty() && waitingHeads(before, oldBase, *this).empty())
        return {};
    TRY_STATUS(eraseHeads("rival", after.table, after.row));
    return writeHeads("rival", after, waiting);
}

Result<std::int64_t> SqliteRecords::unearth(TableSql &sql, TableId table, const RowId &row)
{
    sql.selectById.reset().bindBlob(1, row.bytes());
    std::int64_t n = 0;
    if (TRY(sql.selectById.step()))
        n = sql.selectById.int64(0);
    sql.selectById.reset();
    if (n != 0) {
        TRY_STATUS(sql.deleteById.reset().bindBlob(1, row.bytes()).run());
        TRY_STATUS(eraseHeads("cell", table, row));
        TRY_STATUS(eraseHeads("rival", table, row));
        return n;
    }
    TRY_STATUS(eraseHeads("buried", table, row));
    auto *grave = TRY(statement("DELETE FROM grave WHERE tbl = ?1 AND row = ?2 RETURNING n"));
    if (TRY(grave->bind(1, number(table)).bindBlob(2, row.bytes()).step())) {
        n = grave->int64(0);
        --sql.graves;
    }
    grave->reset();
    return n;
}

Status SqliteRecords::revive(TableSql &sql, const RowState &after, std::int64_t n)
{
    // Begin with an empty row and let saveLiving() fill in what differs.
    sql.insert.reset()
        .bind(1, n != 0 ? n : sql.nextN++)
        .bindBlob(2, after.row.bytes())
        .bind(3, std::int64_t{0});
    for (std::size_t i = 0; i < sql.table->columns.size(); ++i)
        sql.insert.bindNull(static_cast<int>(i) + 4);
    TRY_STATUS(sql.insert.run());
    ENSURE(m_database.changes() == 1);
    return saveLiving(sql, RowState{after.table, after.row, {}}, after);
}

Status SqliteRecords::bury(const RowState &after, std::int64_t n)
{
    if (!after.isKnown())
        return {};  // its only group was withdrawn
    TableSql &sql = *TRY(sqlOf(after.table));
    auto *grave = TRY(statement("INSERT INTO grave(tbl, row, n) VALUES (?1, ?2, ?3)"));
    TRY_STATUS(grave->bind(1, number(after.table))
                   .bindBlob(2, after.row.bytes())
                   .bind(3, n != 0 ? n : sql.nextN++)
                   .run());
    ++sql.graves;
    return writeHeads("buried", after, after.heads);
}

Result<std::optional<Change>> SqliteRecords::row(TableId table, const RowId &id)
{
    TableSql &sql = *TRY(sqlOf(table));
    sql.selectById.reset().bindBlob(1, id.bytes());
    if (!TRY(sql.selectById.step()))
        return std::optional<Change>();
    Change change{table, id, ChangeKind::Insert, {}};
    for (std::size_t i = 0; i < sql.table->columns.size(); ++i) {
        Value value = valueAt(sql.selectById, static_cast<int>(i) + 2);
        if (!isEmpty(value))
            change.assignments.push_back({sql.table->columns[i].id, std::move(value)});
    }
    sql.selectById.reset();
    return std::optional<Change>(std::move(change));
}

Result<std::optional<Change>> SqliteRecords::placing(TableId table, const RowId &id)
{
    TableSql &sql = *TRY(sqlOf(table));
    sql.selectPlacing.reset().bindBlob(1, id.bytes());
    if (TRY(sql.selectPlacing.step())) {
        Change change{table, id, ChangeKind::Insert, {}};
        for (std::size_t i = 0; i < sql.placing.size(); ++i) {
            Value value = valueAt(sql.selectPlacing, static_cast<int>(i) + 1);
            if (!isEmpty(value))
                change.assignments.push_back({sql.placing[i], std::move(value)});
        }
        sql.selectPlacing.reset();
        return std::optional<Change>(std::move(change));
    }
    sql.selectPlacing.reset();
    if (sql.graves == 0)
        return std::optional<Change>();  // as for every new row where nothing was ever deleted
    return lastShown(TRY(load(table, id)), *this);
}

Result<bool> SqliteRecords::wasDeleted(TableId table, const RowId &row)
{
    auto *select = TRY(statement(
        "SELECT EXISTS(SELECT 1 FROM history WHERE tbl = ?1 AND row = ?2 AND col = 0 AND value = 0)"
        " OR EXISTS(SELECT 1 FROM rival WHERE tbl = ?1 AND row = ?2 AND col = 0 AND value = 0)"
        " OR EXISTS(SELECT 1 FROM buried WHERE tbl = ?1 AND row = ?2 AND col = 0 AND value = 0)"));
    select->bind(1, number(table)).bindBlob(2, row.bytes());
    const bool was = TRY(select->step()) && select->int64(0) != 0;
    select->reset();
    return was;
}

Result<std::vector<RowId>> SqliteRecords::rowIds(TableId table)
{
    TableSql &sql = *TRY(sqlOf(table));
    std::vector<RowId> ids;
    auto *select = TRY(statement("SELECT id FROM " + quoted(sql.table->name) + " ORDER BY id"));
    while (TRY(select->step()))
        ids.push_back(uuidOf(select->blob(0)).value_or(Uuid{}));
    select->reset();
    return ids;
}

Result<std::vector<RowId>> SqliteRecords::buriedIds(TableId table)
{
    std::vector<RowId> ids;
    if (TRY(sqlOf(table))->graves == 0)
        return ids;
    auto *select = TRY(statement("SELECT row FROM grave WHERE tbl = ?1 ORDER BY row"));
    select->bind(1, number(table));
    while (TRY(select->step()))
        ids.push_back(uuidOf(select->blob(0)).value_or(Uuid{}));
    select->reset();
    return ids;
}

Result<std::vector<std::pair<RowId, Uuid>>> SqliteRecords::buriedLinks(
    TableId table, ColumnId column)
{
    std::vector<std::pair<RowId, Uuid>> links;
    if (TRY(sqlOf(table))->graves == 0)
        return links;
    auto *select = TRY(statement(
        "SELECT row, value FROM buried WHERE tbl = ?1 AND col = ?2 AND value IS NOT NULL"));
    select->bind(1, number(table)).bind(2, static_cast<std::int64_t>(column));
    while (TRY(select->step())) {
        const auto to = uuidOf(select->blob(1));
        if (to)
            links.emplace_back(uuidOf(select->blob(0)).value_or(Uuid{}), *to);
    }
    select->reset();
    return links;
}

Result<std::uint64_t> SqliteRecords::rowsAbout(TableId table)
{
    const TableSql &sql = *TRY(sqlOf(table));
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, sql.nextN - 1 - sql.graves));
}

Result<std::vector<RowId>> SqliteRecords::rowsWhere(
    TableId table, ColumnId column, const Value &value)
{
    TableSql &sql = *TRY(sqlOf(table));
    const Column *declared = sql.table->column(column);
    ENSURE(declared);
    // "= ?" may use an index that leaves out empty values; "IS NULL" may not.
    auto *select = TRY(statement("SELECT id FROM " + quoted(sql.table->name) + " WHERE "
        + quoted(declared->name) + (isEmpty(value) ? " IS NULL" : " = ?1") + " ORDER BY id"));
    if (!isEmpty(value))
        bindValue(*select, 1, value);
    std::vector<RowId> ids;
    while (TRY(select->step()))
        ids.push_back(uuidOf(select->blob(0)).value_or(Uuid{}));
    select->reset();
    return ids;
}

Result<std::vector<RowId>> SqliteRecords::rowsShowing(
    TableId table, const std::vector<Assignment> &values, const RowId &after, std::size_t countMax)
{
    TableSql &sql = *TRY(sqlOf(table));
    std::string text = "SELECT id FROM " + quoted(sql.table->name) + " WHERE id > ?1";
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Column *declared = sql.table->column(values[i].column);
        ENSURE(declared);
        text += " AND " + quoted(declared->name);
        text += isEmpty(values[i].value) ? " IS NULL" : " = ?" + std::to_string(i + 3);
    }
    auto *select = TRY(statement(text + " ORDER BY id LIMIT ?2"));
    select->bindBlob(1, after.bytes()).bind(2, static_cast<std::int64_t>(countMax));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!isEmpty(values[i].value))
            bindValue(*select, static_cast<int>(i) + 3, values[i].value);
    }
    std::vector<RowId> ids;
    while (TRY(select->step()))
        ids.push_back(uuidOf(select->blob(0)).value_or(Uuid{}));
    select->reset();
    return ids;
}

Status SqliteRecords::forgetRow(TableId table, const RowId &row)
{
    TableSql &sql = *TRY(sqlOf(table));
    std::set<GroupRef> groups;
    for (const HistoryEntry &entry : TRY(history(table, row)))
        groups.insert(entry.group);
    const auto n = TRY(unearth(sql, table, row));
    TRY_STATUS(eraseHeads("history", table, row));
    for (const GroupRef group : groups)
        TRY_STATUS(forgetChange(group, table, row, n));
    return {};
}

Result<bool> SqliteRecords::hasWritten(
    TableId table, const RowId &row, ColumnId column, GroupRef group)
{
    const RowState state = TRY(load(table, row));
    const bool isHead = std::any_of(state.heads.begin(), state.heads.end(),
        [&](const Head &head) { return head.column == column && head.group == group; });
    if (isHead)
        return true;
    auto *select = TRY(
        statement("SELECT 1 FROM history WHERE tbl = ?1 AND row = ?2 AND col = ?3 AND grp = ?4"));
    select->bind(1, number(table))
        .bindBlob(2, row.bytes())
        .bind(3, static_cast<std::int64_t>(column))
        .bind(4, number(group));
    const bool isThere = TRY(select->step());
    select->reset();
    return isThere;
}

Result<std::vector<HistoryEntry>> SqliteRecords::history(TableId table, const RowId &row)
{
    std::vector<HistoryEntry> entries;
    auto *select
        = TRY(statement("SELECT col, grp, value FROM history WHERE tbl = ?1 AND row = ?2"));
    select->bind(1, number(table)).bindBlob(2, row.bytes());
    while (TRY(select->step())) {
        entries.push_back({ColumnId{static_cast<std::uint32_t>(select->int64(0))},
            valueAt(*select, 2), GroupRef{select->int64(1)}, false});
    }
    select->reset();
    const RowState state = TRY(load(table, row));
    for (const Head &head : state.heads)
        entries.push_back(
            {head.column, head.value, head.group, state.winner(head.column, *this) == &head});
    std::sort(
        entries.begin(), entries.end(), [&](const HistoryEntry &one, const HistoryEntry &other) {
            if (one.group != other.group)
                return wins(header(other.group), header(one.group));
            return one.column < other.column;
        });
    return entries;
}

Result<std::vector<Rival>> SqliteRecords::rivals()
{
    std::vector<Rival> found;
    auto *select
        = TRY(statement("SELECT tbl, row, col, grp, value FROM rival ORDER BY tbl, row, col, grp"));
    while (TRY(select->step())) {
        found.push_back({TableId{static_cast<std::uint32_t>(select->int64(0))},
            uuidOf(select->blob(1)).value_or(Uuid{}),
            {ColumnId{static_cast<std::uint32_t>(select->int64(2))}, GroupRef{select->int64(3)},
                valueAt(*select, 4)}});
    }
    select->reset();
    return found;
}

}  // namespace replica
