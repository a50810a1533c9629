#include "app/interop/row_planner.h"

#include <algorithm>

#include "app/interop/row_json.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t shownMax = 200;

// Columns that export adds for people to read.
bool isForReading(const Table &table, const std::string &name)
{
    return table.name == "customer" && name == "organisation";
}

// A cell as the JSON that its column takes.
Json jsonOf(const Column &column, const std::string &cell)
{
    if (cell.empty())
        return nullptr;
    if (column.type == ColumnType::Integer || column.type == ColumnType::Real
        || column.type == ColumnType::Boolean) {
        auto number = parseJson(cell);
        return number ? *std::move(number) : Json(cell);
    }
    return cell;
}

// What people would call it: its first words that are not of a choice.
std::string titleOf(const Table &table, const Change &row)
{
    for (const Assignment &given : row.assignments) {
        const auto *text = std::get_if<std::string>(&given.value);
        const Column *column = table.column(given.column);
        if (text && column && column->type == ColumnType::Text && column->choices.empty())
            return shortened(*text, 80);
    }
    return toText(row.row);
}

Value valueIn(const Change &row, ColumnId column)
{
    for (const Assignment &given : row.assignments) {
        if (given.column == column)
            return given.value;
    }
    return Empty{};
}

}  // namespace

std::string whyNotWritten(const Table &table, const Change &change)
{
    const auto check = [&]() -> Status {
        TRY_STATUS(validate(journalSchema(), change));
        TRY_STATUS(mayDeviceWrite(table, change));
        return mayAuthor(table, change);
    };
    const Status may = check();
    return may ? std::string() : may.error().message;
}

Status RowPlanner::planRow(Change row, PlannedRecord record, ImportPlan &into)
{
    const Table &table = *journalSchema().table(row.table);
    record.name = table.name + ' ' + titleOf(table, row);
    const auto reject = [&](const std::string &reason) -> Status {
        record.verdict = Verdict::Reject;
        record.reason = reason;
        into.records.push_back(std::move(record));
        return {};
    };
    if (row.row.isNil())
        return reject("it has no id; rows without one are made by: tendctl put " + table.name);
    if (!m_seen.insert({table.id, row.row}).second)
        return reject("an earlier line has the same id");
    const auto known = TRY(m_replica.records().row(table.id, row.row));
    if (!known && TRY(m_replica.records().load(table.id, row.row)).isKnown())
        return reject("it was deleted in Tend, and stays deleted");
    PlannedChange planned{
        {table.id, row.row, known ? ChangeKind::Update : ChangeKind::Insert, {}}, {}};
    for (Assignment &given : row.assignments) {
        const Value now = known ? valueIn(*known, given.column) : Value{};
        if (now == given.value)
            continue;
        record.touched.push_back(table.column(given.column)->name);
        planned.change.assignments.push_back(std::move(given));
        planned.before.push_back(now);
    }
    if (known && planned.change.assignments.empty()) {
        into.records.push_back(std::move(record));
        return {};
    }
    if (const std::string why = whyNotWritten(table, planned.change); !why.empty())
        return reject(why);
    record.verdict = known ? Verdict::Change : Verdict::Make;
    record.changes.push_back(std::move(planned));
    into.records.push_back(std::move(record));
    return {};
}

Status RowPlanner::planJson(std::string_view text, const std::string &tableName, ImportPlan &into)
{
    for (const PhysicalLine &line : physicalLines(text)) {
        if (line.text.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        PlannedRecord record;
        record.line = line.number;
        record.text = std::string(line.text);
        const auto reject = [&](const std::string &reason) {
            record.verdict = Verdict::Reject;
            record.reason = reason;
            into.records.push_back(record);
        };
        auto parsed = parseJson(line.text);
        if (!parsed || !parsed->is_object()) {
            reject(parsed ? "this is no JSON object" : parsed.error().message);
            continue;
        }
        Json json = *std::move(parsed);
        const std::string name = json.value("table", Json(tableName)).is_string()
            ? json.value("table", tableName)
            : std::string();
        const Table *table = journalSchema().table(name);
        if (!table) {
            reject(name.empty() ? "the line names no \"table\"; or name one with --table"
                                : "there is no table '" + name + "'");
            continue;
        }
        json.erase("table");
        json.erase("_reason");
        auto change = changeFromLine(*table, json.dump());
        if (!change) {
            reject(change.error().message);
            continue;
        }
        TRY_STATUS(planRow(*std::move(change), std::move(record), into));
    }
    return {};
}

bool RowPlanner::isRowsOf(const Table &table, const std::vector<std::string> &header)
{
    return std::find(header.begin(), header.end(), "id") != header.end()
        && std::all_of(header.begin(), header.end(), [&](const std::string &name) {
               return name == "id" || table.column(name) || isForReading(table, name);
           });
}

Status RowPlanner::planCsv(const CsvTable &csv, const Table &table, ImportPlan &into)
{
    for (const CsvRow &row : csv.rows) {
        PlannedRecord record;
        record.line = row.line;
        record.text = rejectedCsvRow(row.cells, csv.delimiter);
        Change change{table.id, {}, ChangeKind::Insert, {}};
        for (std::size_t i = 0; i < csv.header.size() && record.reason.empty(); ++i) {
            const std::string cell = unguardedCell(row.cells[i]);
            if (csv.header[i] == "id") {
                const auto id = parseUuid(cell);
                if (!id && !cell.empty())
                    record.reason = "'" + cell.substr(0, shownMax) + "' is no UUID";
                change.row = id.value_or(RowId{});
            } else if (const Column *column = table.column(csv.header[i])) {
                auto value = fromJson(table, *column, jsonOf(*column, cell));
                if (!value)
                    record.reason = value.error().message;
                else
                    change.assignments.push_back({column->id, *std::move(value)});
            }
        }
        if (!record.reason.empty()) {
            record.verdict = Verdict::Reject;
            into.records.push_back(std::move(record));
            continue;
        }
        std::sort(change.assignments.begin(), change.assignments.end(),
            [](const Assignment &one, const Assignment &other) {
                return one.column < other.column;
            });
        TRY_STATUS(planRow(std::move(change), std::move(record), into));
    }
    return {};
}

}  // namespace tend
