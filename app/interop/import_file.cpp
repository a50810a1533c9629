#include "app/interop/import_file.h"

#include <algorithm>

#include "app/interop/calendar.h"
#include "app/interop/contact_planner.h"
#include "app/interop/csv_mapping.h"
#include "app/interop/row_json.h"
#include "app/interop/row_planner.h"
#include "app/interop/text_input.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

const std::string lineColumn = "tend_line";
const std::string reasonColumn = "tend_reason";

std::string headerKey(const std::vector<std::string> &header)
{
    return Json(header).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool endsWith(const std::string &name, std::string_view ending)
{
    const std::string capitals = inCapitals(name);
    return capitals.size() >= ending.size()
        && capitals.compare(capitals.size() - ending.size(), ending.size(), ending) == 0;
}

void inLineOrder(ImportPlan &plan)
{
    std::stable_sort(plan.records.begin(), plan.records.end(),
        [](const PlannedRecord &one, const PlannedRecord &other) { return one.line < other.line; });
}

Status planContacts(const Interop &interop, const std::string &source, const ImportOptions &options,
    const std::vector<Contact> &contacts, ImportPlan &plan)
{
    ContactPlanner planner(interop.store, interop.replica, interop.random, source);
    planner.takePhotos(interop.files);
    if (options.territory)
        planner.placeIn(*options.territory);
    return planner.plan(contacts, plan);
}

// What a rejects file added to the table it is made of.
void dropColumn(CsvTable &table, const std::string &name)
{
    const auto at = std::find(table.header.begin(), table.header.end(), name);
    if (at == table.header.end())
        return;
    const auto place = at - table.header.begin();
    table.header.erase(at);
    for (CsvRow &row : table.rows)
        row.cells.erase(row.cells.begin() + place);
}

void dropWhatRejectsAdd(CsvTable &table)
{
    const bool isOfRejects
        = std::find(table.header.begin(), table.header.end(), reasonColumn) != table.header.end();
    dropColumn(table, lineColumn);
    dropColumn(table, reasonColumn);
    for (CsvRow &row : table.rows) {
        if (isOfRejects)
            std::transform(row.cells.begin(), row.cells.end(), row.cells.begin(), &unguardedCell);
    }
}

Status planCards(
    const Interop &interop, const std::string &text, const ImportOptions &options, ImportPlan &plan)
{
    Cards cards = parseCards(text);
    for (const InputFault &fault : cards.faults)
        plan.reject({fault.line, fault.reason, withReason(fault.text, fault.reason)});
    std::vector<Contact> contacts;
    std::map<std::size_t, const Card *> byLine;
    for (Card &card : cards.cards) {
        std::erase_if(
            card.properties, [](const ContentLine &line) { return line.name == reasonProperty; });
        byLine[card.line] = &card;
        auto contact = contactOf(card);
        if (contact)
            contacts.push_back(*std::move(contact));
        else
            plan.reject({card.line, contact.error().message, {}});
    }
    TRY_STATUS(planContacts(interop, "vcard", options, contacts, plan));
    for (PlannedRecord &record : plan.records) {
        const auto card = byLine.find(record.line);
        if (card == byLine.end())
            continue;
        const std::vector<std::string> remarks = remarksOn(*card->second);
        record.notes.insert(record.notes.begin(), remarks.begin(), remarks.end());
        if (record.verdict == Verdict::Reject)
            record.text = withReason(
                writeCard(*card->second,
                    card->second->version == "4.0" ? CardVersion::V4 : CardVersion::V3),
                record.reason);
    }
    return {};
}

// Of which table these are rows; empty where they are of none.
std::string rowsIn(const CsvTable &table)
{
    for (const Table &rows : journalSchema().tables()) {
        if (RowPlanner::isRowsOf(rows, table.header))
            return rows.name;
    }
    return {};
}

Result<CsvMapping> chooseMapping(const Interop &interop, const CsvTable &table,
    const ImportOptions &options, CsvReading &reading)
{
    CsvMapping mapping = TRY(mappingFor(table.header, options.preset));
    ImportRuns runs(interop.store, interop.replica, interop.files);
    if (options.preset.empty() && !options.mapping) {
        if (const auto remembered = TRY(runs.rememberedMapping(headerKey(table.header)))) {
            mapping = TRY(mappingFrom(*remembered, mapping));
            reading.isRemembered = true;
        }
    }
    if (options.mapping)
        mapping = TRY(mappingFrom(*options.mapping, mapping));
    if (!mapping.fills("name") && !mapping.fills("first_name") && !mapping.fills("last_name")
        && !mapping.fills("organisation") && !mapping.fills("email"))
        return fail(ErrorCode::Invalid,
            !rowsIn(table).empty() ? "these are columns of " + rowsIn(table)
                    + ". Read them as its rows with --table " + rowsIn(table)
                                   : "none of the columns is known to hold a name. Say which with "
                                     "--map FILE, lines such as "
                                     "'"
                    + (table.header.empty() ? std::string("Column") : table.header.front())
                    + " = name'");
    return mapping;
}

Status planTable(const Interop &interop, const DecodedText &decoded, const ImportOptions &options,
    PlannedImport &into)
{
    CsvTable table = TRY(csvTable(decoded.text, options.delimiter, &knownColumnNames));
    dropWhatRejectsAdd(table);
    for (const InputFault &fault : table.faults)
        into.plan.reject(fault);
    into.csv.emplace();
    CsvReading &reading = *into.csv;
    reading.encoding = decoded.encoding;
    reading.delimiter = table.delimiter;
    reading.headerLine = table.headerLine;
    reading.header = table.header;
    const std::string name = options.table.empty() ? "customer" : options.table;
    const Table *rows = journalSchema().table(name);
    if (!rows)
        return fail(ErrorCode::Invalid, "there is no table '" + name + "'");
    if (RowPlanner::isRowsOf(*rows, table.header) && !options.mapping && options.preset.empty()) {
        reading.preset = "rows of " + name;
        return RowPlanner(interop.replica).planCsv(table, *rows, into.plan);
    }
    if (!options.table.empty() && options.table != "customer")
        return fail(ErrorCode::Invalid,
            "the header does not name columns of " + name + ", its id among them");
    auto chosen = chooseMapping(interop, table, options, reading);
    if (!chosen && decoded.encoding != "UTF-8")
        chosen.error().message += ". It was read as " + decoded.encoding
            + "; where that is wrong, name another with --encoding";
    const CsvMapping mapping = TRY(std::move(chosen));
    reading.preset = mapping.source;
    reading.mapping = textOf(mapping);
    reading.remembered = jsonOf(mapping);
    std::vector<Contact> contacts;
    for (const CsvRow &row : table.rows) {
        auto contact = contactOf(table, row, mapping);
        if (contact)
            contacts.push_back(*std::move(contact));
        else
            into.plan.reject(
                {row.line, contact.error().message, rejectedCsvRow(row.cells, table.delimiter)});
    }
    return planContacts(interop, mapping.source, options, contacts, into.plan);
}

Status planAs(const std::string &format, const Interop &interop, const DecodedText &decoded,
    const ImportOptions &options, PlannedImport &into)
{
    if (format == "vcard")
        return planCards(interop, decoded.text, options, into.plan);
    if (format == "ical")
        return planCalendar(interop, decoded.text, into.plan);
    if (format == "json")
        return RowPlanner(interop.replica).planJson(decoded.text, options.table, into.plan);
    if (format == "csv")
        return planTable(interop, decoded, options, into);
    return fail(ErrorCode::Invalid,
        "there is no format '" + format + "'; there are csv, vcard, ical, json");
}

}  // namespace

std::string formatOf(const std::string &name, std::string_view text)
{
    const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    const std::string head = inCapitals(text.substr(from, 18));
    if (head.rfind("BEGIN:VCARD", 0) == 0 || head.rfind("BEGIN:VADDRESSBOOK", 0) == 0)
        return "vcard";
    if (head.rfind("BEGIN:VCALENDAR", 0) == 0)
        return "ical";
    if (head.rfind('{', 0) == 0)
        return "json";
    if (endsWith(name, ".VCF"))
        return "vcard";
    if (endsWith(name, ".ICS"))
        return "ical";
    return endsWith(name, ".JSON") || endsWith(name, ".JSONL") ? "json" : "csv";
}

Result<PlannedImport> planImport(
    const Interop &interop, const std::string &name, BytesView octets, const ImportOptions &options)
{
    const DecodedText decoded = TRY(decodeText(octets, options.encoding));
    PlannedImport planned;
    planned.plan.file = name;
    planned.plan.format = options.format.empty() ? formatOf(name, decoded.text) : options.format;
    const std::string &format = planned.plan.format;
    TRY_STATUS(planAs(format, interop, decoded, options, planned));
    inLineOrder(planned.plan);
    return planned;
}

Result<std::int64_t> carryOut(const Interop &interop, const PlannedImport &planned)
{
    ImportRuns runs(interop.store, interop.replica, interop.files);
    const std::int64_t id = TRY(runs.carryOut(planned.plan));
    if (planned.csv && !planned.csv->remembered.empty())
        TRY_STATUS(runs.rememberMapping(headerKey(planned.csv->header), planned.csv->remembered));
    return id;
}

std::string rejectsOf(const PlannedImport &planned)
{
    const ImportPlan &plan = planned.plan;
    std::string text;
    const auto addRow = [&](std::string row, std::string_view line, const std::string &reason) {
        row.resize(row.find_last_not_of("\r\n") + 1);
        const char delimiter = planned.csv->delimiter;
        std::string more = writeCsvRow({std::string(line), reason}, delimiter);
        text += row + delimiter + more;
    };
    for (const PlannedRecord &record : plan.records) {
        if (record.verdict != Verdict::Reject || record.text.empty())
            continue;
        if (planned.csv) {
            if (text.empty()) {
                addRow(writeCsvRow(planned.csv->header, planned.csv->delimiter), lineColumn,
                    reasonColumn);
            }
            addRow(record.text, std::to_string(record.line), record.reason);
        } else if (plan.format == "json") {
            auto json = parseJson(record.text);
            const bool isRow = json && json->is_object();
            if (isRow)
                (*json)["_reason"] = record.reason;
            text += (isRow ? json->dump() : record.text) + '\n';
        } else {
            text += record.text;
        }
    }
    return plan.format == "ical" && !text.empty() ? wrappedCalendar(text) : text;
}

}  // namespace tend
