#include "app/interop/state_hash.h"

#include "app/interop/row_json.h"
#include "app/journal/tables.h"
#include "sync/crypto/digest.h"

namespace tend {

using namespace replica;

std::string rowLine(const Table &table, const Change &row)
{
    Json json;
    json["id"] = toText(row.row);
    for (const Assignment &given : row.assignments) {
        const Column &column = *table.column(given.column);
        if (Json value = toJson(column, given.value); !value.is_null())
            json[column.name] = std::move(value);
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Status eachRowLine(Records &records, const Table &table,
    const std::function<Status(const std::string &line)> &take)
{
    for (const RowId &id : TRY(records.rowIds(table.id))) {
        if (const auto row = TRY(records.row(table.id, id)))
            TRY_STATUS(take(rowLine(table, *row)));
    }
    return {};
}

Result<std::string> stateHash(Records &records)
{
    crypto::RunningDigest whole;
    whole.add("tend state 1\n");
    for (const Table &table : journalSchema().tables()) {
        if (table.writer == TableWriter::Server)
            continue;
        bool isFirst = true;
        TRY_STATUS(eachRowLine(records, table, [&](const std::string &line) -> Status {
            if (isFirst)
                whole.add("table " + table.name + '\n');
            isFirst = false;
            whole.add(line);
            return {};
        }));
    }
    return toHex(whole.finish());
}

}  // namespace tend
