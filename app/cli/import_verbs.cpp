// import, imports, undo-import.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/cli/interop_verbs.h"
#include "app/cli/lines.h"
#include "app/cli/new_file.h"
#include "app/interop/import_file.h"
#include "app/interop/text_input.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "app/journal/words.h"

namespace tend::cli {

using namespace replica;

namespace {

constexpr std::size_t previewRows = 20;

struct ImportArguments {
    std::string file;
    ImportOptions options;
    std::string delimiter;
    std::string mapFile;
    std::string territory;
    std::string rejects;
    bool isDryRun = false;
};

const char *wordOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Make:
        return "make";
    case Verdict::Change:
        return "change";
    case Verdict::Same:
        return "same";
    case Verdict::Reject:
        return "reject";
    }
    return "";
}

// One value that a record changes, of the row that it is about.
struct ChangedValue {
    const Column *column = nullptr;
    Value before;
    Value now;
};

std::vector<ChangedValue> valuesOf(const PlannedRecord &record)
{
    std::vector<ChangedValue> values;
    for (const PlannedChange &planned : record.changes) {
        const Table &table = *journalSchema().table(planned.change.table);
        if (table.name == "outside_record" || table.name == "attachment")
            continue;
        values.clear();
        for (std::size_t i = 0; i < planned.change.assignments.size(); ++i) {
            const Assignment &given = planned.change.assignments[i];
            const Value before = i < planned.before.size() ? planned.before[i] : Value{};
            if (before != given.value)
                values.push_back({table.column(given.column), before, given.value});
        }
    }
    return values;
}

Json jsonOf(const PlannedRecord &record, bool isDryRun)
{
    Json json;
    json["line"] = record.line;
    json["verdict"] = wordOf(record.verdict);
    json["name"] = record.name;
    if (!record.touched.empty())
        json["fields"] = record.touched;
    for (const ChangedValue &value : isDryRun ? valuesOf(record) : std::vector<ChangedValue>{}) {
        json["values"][value.column->name] = toJson(*value.column, value.now);
        if (!isEmpty(value.before))
            json["before"][value.column->name] = toJson(*value.column, value.before);
    }
    if (!record.notes.empty())
        json["notes"] = record.notes;
    if (!record.reason.empty())
        json["reason"] = record.reason;
    return json;
}

std::string inShort(const Column &column, const Value &value)
{
    constexpr std::size_t lettersMax = 40;
    return isEmpty(value) ? "(nothing)" : shortened(flat(valueText(column, value)), lettersMax);
}

// "phone 555-0100, email old@lind.example -> (nothing)".
std::string textOf(const std::vector<ChangedValue> &values)
{
    std::vector<std::string> parts;
    for (const auto &[column, before, now] : values) {
        const bool isNew = isEmpty(before);
        if (isNew && column->name == "name")
            continue;  // it stands above
        if (column->type != ColumnType::Id)
            parts.push_back(column->name + ' ' + (isNew ? "" : inShort(*column, before) + " -> ")
                + inShort(*column, now));
        else if (isEmpty(now))
            parts.push_back(column->name.substr(0, column->name.rfind("_id")) + " -> (nothing)");
    }
    return joined(parts, ", ");
}

Status printRecord(const PlannedRecord &record)
{
    std::string line = "line " + std::to_string(record.line) + ": " + wordOf(record.verdict);
    if (!record.name.empty())
        line += "  " + flat(record.name);
    if (record.verdict == Verdict::Change && !record.touched.empty())
        line += "  (" + joined(record.touched, ", ") + ')';
    if (!record.reason.empty())
        line += ": " + record.reason;
    for (const std::string &note : record.notes)
        line += "; " + note;
    return printLine(line);
}

Status printReading(const CsvReading &csv)
{
    const std::string delimiter = csv.delimiter == '\t' ? "tabs"
        : csv.delimiter == ','                          ? "commas"
        : csv.delimiter == ';'                          ? "semicolons"
                                                        : std::string(1, csv.delimiter);
    TRY_STATUS(printLine("Read as " + csv.encoding + ", cells parted by " + delimiter
        + ", header on line " + std::to_string(csv.headerLine) + ", columns as of " + csv.preset
        + (csv.isRemembered ? " (as the last time)" : "") + '.'));
    if (!csv.mapping.empty())
        TRY_STATUS(printLine(csv.mapping.substr(0, csv.mapping.size() - 1)));
    return {};
}

// What a dry run shows: how the file was read, the first records, and all that is out of line.
Status printPreview(const PlannedImport &planned, bool isJson)
{
    if (planned.csv && !isJson)
        TRY_STATUS(printReading(*planned.csv));
    std::size_t shown = 0;
    for (const PlannedRecord &record : planned.plan.records) {
        const bool isOutOfLine = record.verdict == Verdict::Reject || !record.notes.empty();
        if (shown++ >= previewRows && !isOutOfLine && !isJson)
            continue;
        TRY_STATUS(isJson ? print(jsonOf(record, true)) : printRecord(record));
        const std::string values
            = isJson || shown > previewRows ? std::string() : textOf(valuesOf(record));
        if (!values.empty())
            TRY_STATUS(printLine("    " + values));
    }
    return {};
}

Status printReport(const PlannedImport &planned, std::int64_t id, bool isDryRun, bool isJson)
{
    const ImportPlan &plan = planned.plan;
    if (isJson) {
        Json json;
        json["import"] = id == 0 ? Json(nullptr) : Json(std::to_string(id));
        json["dry_run"] = isDryRun;
        json["format"] = plan.format;
        json["source"] = plan.source;
        json["made"] = plan.count(Verdict::Make);
        json["changed"] = plan.count(Verdict::Change);
        json["same"] = plan.count(Verdict::Same);
        json["rejected"] = plan.count(Verdict::Reject);
        if (planned.csv) {
            json["encoding"] = planned.csv->encoding;
            json["delimiter"] = std::string(1, planned.csv->delimiter);
            json["header_line"] = planned.csv->headerLine;
            json["columns"] = parseJson(planned.csv->remembered).value_or(Json());
        }
        return print(json);
    }
    std::string line = std::to_string(plan.count(Verdict::Make))
        + (isDryRun ? " to make, " : " made, ") + std::to_string(plan.count(Verdict::Change))
        + (isDryRun ? " to change, " : " changed, ") + std::to_string(plan.count(Verdict::Same))
        + " the same, " + std::to_string(plan.count(Verdict::Reject)) + " rejected.";
    if (isDryRun)
        line += " Nothing was written.";
    else if (id != 0)
        line += " Undo with: undo-import " + std::to_string(id);
    return printLine(line);
}

// Named by id or by name.
Result<RowId> territoryNamed(OpenReplica &open, const std::string &name)
{
    if (const auto id = parseUuid(name))
        return *id;
    auto select = TRY(open.store->database().prepare("SELECT id FROM territory WHERE name = ?1"));
    if (!TRY(select.bindText(1, name).step()))
        return fail(ErrorCode::NotFound, "there is no territory '" + name + "' here");
    return uuidOf(select.blob(0)).value_or(RowId{});
}

Result<ImportOptions> optionsFrom(const ImportArguments &arguments, OpenReplica &open)
{
    ImportOptions options = arguments.options;
    if (arguments.delimiter == "tab" || arguments.delimiter == "\\t")
        options.delimiter = '\t';
    else if (arguments.delimiter.size() == 1)
        options.delimiter = arguments.delimiter.front();
    else if (!arguments.delimiter.empty())
        return fail(ErrorCode::Invalid, "a delimiter is one character, or tab");
    if (!arguments.mapFile.empty()) {
        const auto text = TRY(decodeText(TRY(readInput(arguments.mapFile))));
        options.mapping = text.text;
    }
    if (!arguments.territory.empty())
        options.territory = TRY(territoryNamed(open, arguments.territory));
    return options;
}

Status importFile(const Common &common, const ImportArguments &arguments)
{
    const Bytes octets = TRY(readInput(arguments.file));
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Interop interop = interopOf(*open);
    auto planned = planImport(interop, arguments.file, octets, TRY(optionsFrom(arguments, *open)));
    if (!planned)
        return within(arguments.file, planned.error());
    // Before anything is written: where rejects cannot go, nothing is imported.
    const std::string rejects = arguments.rejects.empty() ? std::string() : rejectsOf(*planned);
    if (!rejects.empty()) {
        NewFile file = TRY(NewFile::make(arguments.rejects));
        TRY_STATUS(file.write(rejects));
        TRY_STATUS(file.finish());
    }
    std::int64_t id = 0;
    if (!arguments.isDryRun)
        id = TRY(carryOut(interop, *planned));
    else if (Status shown = printPreview(*planned, common.isJson); !shown)
        return shown;
    if (!arguments.isDryRun) {
        for (const PlannedRecord &record : planned->plan.records) {
            const bool mustTell = record.verdict == Verdict::Reject || !record.notes.empty();
            if (mustTell)
                TRY_STATUS(common.isJson ? print(jsonOf(record, false)) : printRecord(record));
        }
    }
    TRY_STATUS(printReport(*planned, id, arguments.isDryRun, common.isJson));
    return {};
}

Status listImports(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    ImportRuns runs(*open->store, *open->replica, open->files.get());
    for (const ImportedRun &run : TRY(runs.list())) {
        if (common.isJson) {
            Json json;
            json["id"] = std::to_string(run.id);
            json["at"] = timeText(run.at);
            json["file"] = run.file;
            json["format"] = run.format;
            json["made"] = run.made;
            json["changed"] = run.changed;
            json["undone"] = run.isUndone;
            TRY_STATUS(print(json));
            continue;
        }
        TRY_STATUS(printLine(std::to_string(run.id) + "  " + timeText(run.at) + "  " + run.file
            + "  " + run.format + "  " + std::to_string(run.made) + " made, "
            + std::to_string(run.changed) + " changed" + (run.isUndone ? "  undone" : "")));
    }
    return {};
}

Status undoImport(const Common &common, std::int64_t id)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    ImportRuns runs(*open->store, *open->replica, open->files.get());
    const UndoneImport undone = TRY(runs.undo(id));
    if (common.isJson) {
        Json json;
        json["removed"] = undone.removed;
        json["restored"] = undone.restored;
        json["kept"] = Json::array();
        for (const KeptBack &kept : undone.kept)
            json["kept"].push_back({{"table", kept.table}, {"row", kept.row}, {"name", kept.name},
                {"reason", kept.reason}});
        return print(json);
    }
    for (const KeptBack &kept : undone.kept)
        TRY_STATUS(printLine(
            "stays: " + kept.table + ' ' + kept.row + "  " + kept.name + ": " + kept.reason));
    return printLine(counted(undone.removed, "row", "rows") + " taken away, "
        + counted(undone.restored, "value", "values") + " given back, "
        + std::to_string(undone.kept.size()) + " left as they are."
        + (undone.kept.empty() ? "" : " Once nothing hangs on them, do it again."));
}

void addImport(CLI::App &app, const Common &common, std::function<Status()> &chosen)
{
    const auto a = std::make_shared<ImportArguments>();
    auto *verb = addInteropVerb(
        app, "import", "customers from vCard or CSV, visits from iCalendar, rows from JSON Lines",
        [&common, a] { return importFile(common, *a); }, chosen);
    verb->add_option("file", a->file, "a file, or - for stdin")->required();
    verb->add_option("--format", a->options.format, "csv, vcard, ical or json; else found")
        ->check(CLI::IsMember({"csv", "vcard", "ical", "json"}));
    verb->add_flag("--dry-run", a->isDryRun, "say what would be done, and write nothing");
    verb->add_option("--map", a->mapFile, "which column fills which field: lines Column = field");
    verb->add_option("--preset", a->options.preset,
        "whose columns: google, hubspot, salesforce, zoho, outlook, linkedin, highrise; else "
        "found");
    verb->add_option("--rejects", a->rejects, "a new file for what was rejected, with reasons");
    verb->add_option(
        "--encoding", a->options.encoding, "of the file, such as ISO-8859-1; else found");
    verb->add_option("--delimiter", a->delimiter, "between cells, or tab; else found");
    verb->add_option("--table", a->options.table, "of rows that do not name theirs");
    verb->add_option("--territory", a->territory, "of new customers, by name or id");
}

}  // namespace

void addImportVerbs(CLI::App &app, const Common &common, std::function<Status()> &chosen)
{
    addImport(app, common, chosen);
    addInteropVerb(
        app, "imports", "what was imported on this device",
        [&common] { return listImports(common); }, chosen);
    const auto id = std::make_shared<std::int64_t>(0);
    auto *undoVerb = addInteropVerb(
        app, "undo-import", "takes back what an import made and changed, and nothing else",
        [&common, id] { return undoImport(common, *id); }, chosen);
    undoVerb->add_option("id", *id, "from import, or imports")->required();
}

}  // namespace tend::cli
