#pragma once

#include <map>
#include <string>

#include "sync/records/sqlite_records.h"

namespace replica {

// Prepared statements of one declared table, and the next _n to give.
struct SqliteRecords::TableSql {
    const Table *table = nullptr;
    std::int64_t nextN = 1;
    std::int64_t graves = 0;  // deleted rows; while there are none an insert need not look for one
    sqlite::Statement insert;  // _n, id, _g, columns...
    sqlite::Statement selectById;  // _n, _g, columns...
    sqlite::Statement selectByN;  // id, _g, columns...
    sqlite::Statement selectPlacing;  // id, those of `placing`
    std::vector<ColumnId> placing;  // the columns that rules of scope read
    sqlite::Statement deleteById;
    std::map<std::string, sqlite::Statement> updates;  // by the list of assigned columns
};

// A run of inserted rows not yet written to `change`.
struct SqliteRecords::Run {
    GroupRef group{};
    TableId table{};
    std::int64_t first = 0;
    std::int64_t count = 0;
    // What insertFresh made last, so that recordChange knows its _n.
    RowId lastRow;
    TableId lastTable{};
    std::int64_t lastN = 0;
};

void bindValue(sqlite::Statement &statement, int index, const Value &value);
[[nodiscard]] Value valueAt(const sqlite::Statement &statement, int column);

}  // namespace replica
