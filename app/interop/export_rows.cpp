// Rows as they are: CSV and JSON Lines.
#include "app/interop/csv.h"
#include "app/interop/export.h"
#include "app/interop/row_json.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

std::string cellOf(const Column &column, const Value &value)
{
    if (isEmpty(value))
        return {};
    const Json json = toJson(column, value);
    return json.is_string() ? guardedCell(json.get<std::string>()) : json.dump();
}

Result<std::string> organisationName(Records &records, const Table &table, const Change &row)
{
    const ColumnId link = table.column("organisation_id")->id;
    const ColumnId name = table.column("name")->id;
    for (const Assignment &given : row.assignments) {
        const auto *id = given.column == link ? std::get_if<Blob>(&given.value) : nullptr;
        const auto uuid = id ? uuidOf(id->octets) : std::nullopt;
        const auto firm = uuid ? TRY(records.row(table.id, *uuid)) : std::nullopt;
        if (!firm)
            continue;
        for (const Assignment &of : firm->assignments) {
            if (of.column == name)
                return std::get<std::string>(of.value);
        }
    }
    return std::string();
}

}  // namespace

Status exportCsv(const Interop &interop, const CsvOptions &options, const Sink &sink)
{
    const Table *table = journalSchema().table(options.table);
    if (!table)
        return fail(ErrorCode::Invalid, "there is no table '" + options.table + "'");
    const bool isCustomers = table->name == "customer";
    Records &records = interop.replica.records();
    std::vector<std::string> header = {"id"};
    for (const Column &column : table->columns)
        header.push_back(column.name);
    if (isCustomers)
        header.emplace_back("organisation");
    TRY_STATUS(sink((options.hasMark ? "\xEF\xBB\xBF" : "") + writeCsvRow(header)));
    for (const RowId &id : TRY(records.rowIds(table->id))) {
        const auto row = TRY(records.row(table->id, id));
        if (!row)
            continue;
        std::vector<std::string> cells(header.size());
        cells[0] = toText(id);
        for (const Assignment &given : row->assignments)
            cells[table->position(given.column) + 1]
                = cellOf(*table->column(given.column), given.value);
        if (isCustomers)
            cells.back() = guardedCell(TRY(organisationName(records, *table, *row)));
        TRY_STATUS(sink(writeCsvRow(cells)));
    }
    return {};
}

Status exportJson(const Interop &interop, const std::string &wanted, const Sink &sink)
{
    if (!wanted.empty() && !journalSchema().table(wanted))
        return fail(ErrorCode::Invalid, "there is no table '" + wanted + "'");
    Records &records = interop.replica.records();
    for (const Table &table : journalSchema().tables()) {
        if (!wanted.empty() && table.name != wanted)
            continue;
        for (const RowId &id : TRY(records.rowIds(table.id))) {
            const auto row = TRY(records.row(table.id, id));
            if (!row)
                continue;
            Json json;
            json["table"] = table.name;
            json.update(toJson(table, *row));
            TRY_STATUS(sink(json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'));
        }
    }
    return {};
}

}  // namespace tend
