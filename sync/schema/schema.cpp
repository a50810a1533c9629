#include "sync/schema/schema.h"

#include <algorithm>
#include <cctype>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace replica {

namespace {

using Json = nlohmann::json;

constexpr unsigned columnIdMax = 65'535;

tl::unexpected<Error> fault(const std::string &where, const std::string &what)
{
    return fail(ErrorCode::Invalid, "table declaration, " + where + ": " + what);
}

// The names go into SQL as they are, so they are words and nothing else.
bool isWord(const std::string &name)
{
    return !name.empty() && std::islower(static_cast<unsigned char>(name.front()))
        && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
               return std::islower(letter) || std::isdigit(letter) || letter == '_';
           });
}

Result<ColumnType> parseType(const std::string &where, const std::string &word)
{
    static const std::vector<std::pair<std::string, ColumnType>> types = {
        {"text", ColumnType::Text},
        {"integer", ColumnType::Integer},
        {"real", ColumnType::Real},
        {"boolean", ColumnType::Boolean},
        {"id", ColumnType::Id},
        {"time", ColumnType::Time},
        {"day", ColumnType::Day},
        {"octets", ColumnType::Octets},
    };
    for (const auto &[name, type] : types) {
        if (name == word)
            return type;
    }
    return fault(where, "unknown type '" + word + "'");
}

Result<MergePolicy> parsePolicy(const std::string &where, const std::string &word)
{
    if (word == "lww")
        return MergePolicy::Lww;
    if (word == "ask")
        return MergePolicy::Ask;
    if (word == "server")
        return MergePolicy::Server;
    if (word == "merge")
        return MergePolicy::Merge;
    return fault(where, "unknown policy '" + word + "'");
}

Result<Column> parseColumn(const std::string &table, const Json &json)
{
    Column column;
    column.name = json.value("name", "");
    const std::string where = table + "." + column.name;
    if (!isWord(column.name) || column.name == "id")
        return fault(where, "a column's name is lower-case letters, digits and _, and not 'id'");
    const auto id = json.value("id", 0U);
    if (id == 0 || id > columnIdMax)
        return fault(where, "ids lie from 1 to 65535; 0 stands for the row's existence");
    column.id = ColumnId{id};
    column.type = TRY(parseType(where, json.value("type", "text")));
    column.policy = TRY(parsePolicy(where, json.value("policy", "lww")));
    column.isRequired = json.value("required", false);
    column.choices = json.value("choices", std::vector<std::string>{});
    column.readers = json.value("read", std::vector<std::string>{});
    if (json.contains("range")) {
        const auto ends = json["range"].get<std::vector<double>>();
        if (ends.size() != 2 || ends[0] > ends[1])
            return fault(where, "a range is two numbers, the lower first");
        column.range = {ends[0], ends[1]};
    }
    column.octetsMax = json.value("octets_max", std::size_t{0});
    column.changers = json.value("change", std::vector<std::string>{});
    if (column.isRequired && !column.readers.empty())
        return fault(where, "what only some may see cannot be required of all");
    return column;
}

Result<FileColumns> parseFile(const Table &table, const Json &json)
{
    const auto named = [&](const char *part, ColumnType type) -> Result<ColumnId> {
        const Column *column = table.column(json.value(part, ""));
        if (!column || column->type != type)
            return fault(
                table.name, std::string("no column of the right type is the file's ") + part);
        return column->id;
    };
    FileColumns file;
    file.digest = TRY(named("digest", ColumnType::Text));
    file.size = TRY(named("size", ColumnType::Integer));
    file.chunks = TRY(named("chunks", ColumnType::Octets));
    const std::string &key = table.column(file.digest)->name;
    if (std::find(table.indexes.begin(), table.indexes.end(), key) == table.indexes.end())
        return fault(table.name, "files are looked for by '" + key + "', which needs an index");
    return file;
}

Status parseCompanions(Table &table, const Json &json)
{
    for (const Json &entry : json.value("columns", Json::array())) {
        const std::string leader = entry.value("goes_with", "");
        if (leader.empty())
            continue;
        const Column *of = table.column(leader);
        const ColumnId follower{entry.value("id", 0U)};
        if (!of || of->id == follower || of->policy != MergePolicy::Ask)
            return fault(table.name,
                "'" + leader + "' is not another column of it about which people are asked");
        table.columns[table.position(follower)].goesWith = of->id;
    }
    return {};
}

Result<Table> parseTable(const Json &json)
{
    Table table;
    table.name = json.value("name", "");
    if (!isWord(table.name))
        return fault(table.name, "a table's name is lower-case letters, digits and _");
    table.id = TableId{json.value("id", 0U)};
    if (table.id == TableId{0})
        return fault(table.name, "ids begin at 1");
    if (json.value("writer", "members") == "server")
        table.writer = TableWriter::Server;
    for (const Json &entry : json.value("columns", Json::array()))
        table.columns.push_back(TRY(parseColumn(table.name, entry)));
    std::set<std::string> names;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i > 0 && table.columns[i].id <= table.columns[i - 1].id)
            return fault(table.name, "column ids must rise");
        if (!names.insert(table.columns[i].name).second)
            return fault(table.name, "column '" + table.columns[i].name + "' twice");
    }
    TRY_STATUS(parseCompanions(table, json));
    table.indexes = json.value("indexes", std::vector<std::string>{});
    for (const std::string &name : table.indexes) {
        if (!table.column(name))
            return fault(table.name, "index over unknown column '" + name + "'");
    }
    for (const std::string &name : json.value("key", std::vector<std::string>{})) {
        const Column *column = table.column(name);
        if (!column || !column->isRequired)
            return fault(
                table.name, "an id is made of required columns, which '" + name + "' is not");
        table.key.push_back(column->id);
    }
    table.isAppendOnly = json.value("append_only", false);
    if (json.contains("file"))
        table.file = TRY(parseFile(table, json["file"]));
    return table;
}

bool isDay(const std::string &text)
{
    static constexpr std::string_view shape = "dddd-dd-dd";
    if (text.size() != shape.size())
        return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool isDigit = std::isdigit(static_cast<unsigned char>(text[i])) != 0;
        if (shape[i] == 'd' ? !isDigit : text[i] != '-')
            return false;
    }
    const int month = std::stoi(text.substr(5, 2));
    const int day = std::stoi(text.substr(8, 2));
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool fits(const Column &column, const Value &value)
{
    if (isEmpty(value))
        return !column.isRequired;
    switch (column.type) {
    case ColumnType::Text: {
        const auto *text = std::get_if<std::string>(&value);
        // An unknown word may come from a newer program; only its author is held to the list.
        return text && !(column.isRequired && text->empty())
            && (column.octetsMax == 0 || text->size() <= column.octetsMax);
    }
    case ColumnType::Octets: {
        const auto *blob = std::get_if<Blob>(&value);
        return blob && !blob->octets.empty()
            && (column.octetsMax == 0 || blob->octets.size() <= column.octetsMax);
    }
    case ColumnType::Integer:
    case ColumnType::Time:
        return std::holds_alternative<std::int64_t>(value);
    case ColumnType::Boolean: {
        const auto *number = std::get_if<std::int64_t>(&value);
        return number && (*number == 0 || *number == 1);
    }
    case ColumnType::Real:
        return std::holds_alternative<double>(value);
    case ColumnType::Id: {
        const auto *blob = std::get_if<Blob>(&value);
        return blob && blob->octets.size() == 16;
    }
    case ColumnType::Day: {
        const auto *text = std::get_if<std::string>(&value);
        return text && isDay(*text);
    }
    }
    return false;
}

// Of a value that does not fit.
std::string whyUnfit(const Column &column, const Value &value)
{
    const auto *text = std::get_if<std::string>(&value);
    const auto *blob = std::get_if<Blob>(&value);
    if (isEmpty(value) || (text && text->empty()) || (blob && blob->octets.empty()))
        return "missing";
    const std::size_t octets = text ? text->size() : blob ? blob->octets.size() : 0;
    if (column.octetsMax != 0 && octets > column.octetsMax)
        return "too long; it may have " + std::to_string(column.octetsMax) + " octets";
    return "of the wrong type";
}

Status validateAssignments(const Table &table, const Change &change)
{
    for (const Assignment &assignment : change.assignments) {
        const Column *column = table.column(assignment.column);
        if (!column)
            return fail(ErrorCode::TooNew,
                table.name + ": column number "
                    + std::to_string(static_cast<unsigned>(assignment.column))
                    + " is not known here");
        if (!fits(*column, assignment.value))
            return fail(ErrorCode::Invalid,
                table.name + "." + column->name + ": the value is "
                    + whyUnfit(*column, assignment.value));
    }
    return {};
}

Status requireAll(const Table &table, const Change &change)
{
    if (change.kind != ChangeKind::Insert)
        return {};
    for (const Column &column : table.columns) {
        const bool isGiven = std::any_of(change.assignments.begin(), change.assignments.end(),
            [&](const Assignment &given) { return given.column == column.id; });
        if (column.isRequired && !isGiven)
            return fail(ErrorCode::Invalid, table.name + "." + column.name + " is required");
    }
    return {};
}

}  // namespace

const Column *Table::column(std::string_view wanted) const
{
    const auto at = std::find_if(columns.begin(), columns.end(),
        [&](const Column &column) { return column.name == wanted; });
    return at == columns.end() ? nullptr : &*at;
}

const Column *Table::column(ColumnId wanted) const
{
    const auto at = std::lower_bound(columns.begin(), columns.end(), wanted,
        [](const Column &column, ColumnId number) { return column.id < number; });
    return at == columns.end() || at->id != wanted ? nullptr : &*at;
}

std::size_t Table::position(ColumnId wanted) const
{
    const auto at = std::lower_bound(columns.begin(), columns.end(), wanted,
        [](const Column &column, ColumnId number) { return column.id < number; });
    return static_cast<std::size_t>(at - columns.begin());
}

namespace {

Result<std::vector<ScopeRule>> parseScopes(
    const Schema &schema, const Table &table, const Json &json)
{
    std::vector<ScopeRule> rules;
    for (const Json &entry : json) {
        ScopeRule rule;
        const std::string name = entry.value("by", "");
        const Column *column = table.column(name);
        if (!column)
            return fault(table.name, "scope by unknown column '" + name + "'");
        rule.column = column->id;
        rule.kind = entry.value("kind", "");
        if (rule.kind.empty()) {
            const std::string parent = entry.value("parent", "");
            const Table *of = schema.table(parent);
            if (!of || of == &table)
                return fault(table.name,
                    "scope of the parent '" + parent
                        + "': declare that table first, and not itself");
            const bool isIndexed = std::find(table.indexes.begin(), table.indexes.end(), name)
                != table.indexes.end();
            if (!isIndexed)
                return fault(table.name, "scope by '" + name + "' needs an index on it");
            rule.parent = of->id;
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace

Result<Schema> Schema::parse(std::string_view json)
{
    const Json document = Json::parse(json, nullptr, false);
    if (!document.is_object() || !document.contains("tables") || !document["tables"].is_array())
        return fault("start", "not a JSON object with an array 'tables'");
    Schema schema;
    for (const Json &entry : document["tables"]) {
        if (!entry.is_object())
            return fault("tables", "an entry is not an object");
        Table table = TRY(parseTable(entry));
        if (schema.table(table.name) || schema.table(table.id))
            return fault(table.name, "name or id is used twice");
        table.scopes = TRY(parseScopes(schema, table, entry.value("scopes", Json::array())));
        table.alsoScopes = TRY(parseScopes(schema, table, entry.value("also", Json::array())));
        schema.m_tables.push_back(std::move(table));
    }
    for (Table &table : schema.m_tables)
        table.hasDependents = !schema.linksTo(table.id).empty();
    return schema;
}

const Table *Schema::table(std::string_view wanted) const
{
    const auto at = std::find_if(
        m_tables.begin(), m_tables.end(), [&](const Table &table) { return table.name == wanted; });
    return at == m_tables.end() ? nullptr : &*at;
}

const Table *Schema::table(TableId wanted) const
{
    const auto at = std::find_if(
        m_tables.begin(), m_tables.end(), [&](const Table &table) { return table.id == wanted; });
    return at == m_tables.end() ? nullptr : &*at;
}

std::vector<Schema::Link> Schema::linksTo(TableId parent) const
{
    std::vector<Link> links;
    for (const Table &table : m_tables) {
        for (const auto *rules : {&table.scopes, &table.alsoScopes}) {
            for (const ScopeRule &rule : *rules) {
                if (rule.kind.empty() && rule.parent == parent)
                    links.push_back({&table, rule.column});
            }
        }
    }
    return links;
}

bool Schema::isShared() const
{
    return std::any_of(m_tables.begin(), m_tables.end(), [](const Table &table) {
        return !table.scopes.empty() || !table.alsoScopes.empty()
            || std::any_of(table.columns.begin(), table.columns.end(),
                [](const Column &column) { return !column.readers.empty(); });
    });
}

std::string outlineOf(const Schema &schema)
{
    std::string outline;
    for (const Table &table : schema.tables()) {
        outline += std::to_string(static_cast<std::uint32_t>(table.id));
        for (const Column &column : table.columns)
            outline += ' ' + std::to_string(static_cast<std::uint32_t>(column.id));
        outline += '\n';
    }
    return outline;
}

bool knows(const Schema &schema, std::string_view outline)
{
    std::istringstream lines{std::string(outline)};
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream numbers(line);
        std::uint32_t number = 0;
        numbers >> number;
        const Table *table = schema.table(TableId{number});
        if (!table)
            return false;
        while (numbers >> number) {
            if (!table->column(ColumnId{number}))
                return false;
        }
    }
    return true;
}

bool leaveOutUnknown(const Schema &schema, Change &change)
{
    const Table *table = schema.table(change.table);
    if (!table)
        return false;
    const std::size_t left = std::erase_if(
        change.assignments, [&](const Assignment &given) { return !table->column(given.column); });
    if (left > 0 && change.kind == ChangeKind::Update && change.assignments.empty())
        change.kind = ChangeKind::Touch;
    return true;
}

Status fits(const Schema &schema, const Change &change)
{
    const Table *table = schema.table(change.table);
    if (!table)
        return fail(ErrorCode::TooNew,
            "table number " + std::to_string(static_cast<unsigned>(change.table))
                + " is not known here");
    if (change.row.isNil())
        return fail(ErrorCode::Invalid, table->name + ": a row needs an id");
    const bool mayAssign = change.kind == ChangeKind::Insert || change.kind == ChangeKind::Update;
    if (!mayAssign && !change.assignments.empty())
        return fail(ErrorCode::Invalid, table->name + ": a delete or touch assigns nothing");
    for (std::size_t i = 1; i < change.assignments.size(); ++i) {
        if (change.assignments[i].column <= change.assignments[i - 1].column)
            return fail(ErrorCode::Invalid, table->name + ": assignments must rise by column");
    }
    return validateAssignments(*table, change);
}

namespace {

std::optional<double> numberIn(const Value &value)
{
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    const auto *real = std::get_if<double>(&value);
    return real ? std::optional<double>(*real) : std::nullopt;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string line;
    for (const std::string &word : words)
        line += (line.empty() ? "" : ", ") + word;
    return line;
}

std::string numberText(double number)
{
    std::ostringstream text;
    text << std::setprecision(15) << number;
    return text.str();
}

}  // namespace

Status mayDeviceWrite(const Table &table, const Change &change)
{
    if (table.writer == TableWriter::Server)
        return fail(
            ErrorCode::Invalid, "the table " + table.name + " is written by the server only");
    for (const Assignment &given : change.assignments) {
        const Column &column = *table.column(given.column);
        if (column.policy == MergePolicy::Server)
            return fail(ErrorCode::Invalid,
                table.name + "." + column.name + " is written by the server only");
    }
    return {};
}

Status mayAuthor(const Table &table, const Change &change)
{
    for (const Assignment &given : change.assignments) {
        const Column &column = *table.column(given.column);
        const auto *text = std::get_if<std::string>(&given.value);
        const auto number = column.range ? numberIn(given.value) : std::nullopt;
        if (number && !(*number >= column.range->first && *number <= column.range->second))
            return fail(ErrorCode::Invalid,
                table.name + "." + column.name + " goes from " + numberText(column.range->first)
                    + " to " + numberText(column.range->second) + ", not " + numberText(*number));
        if (text && column.isRequired && text->find_first_not_of(" \t\r\n") == std::string::npos)
            return fail(ErrorCode::Invalid, table.name + "." + column.name + " is blank");
        if (text && !column.choices.empty()
            && std::find(column.choices.begin(), column.choices.end(), *text)
                == column.choices.end())
            return fail(ErrorCode::Invalid,
                table.name + "." + column.name + ": '" + *text
                    + "' is none of its words: " + joined(column.choices));
    }
    return {};
}

Status validate(const Schema &schema, const Change &change)
{
    TRY_STATUS(fits(schema, change));
    const Table &table = *schema.table(change.table);
    if (table.isAppendOnly && change.kind != ChangeKind::Insert)
        return fail(ErrorCode::Invalid,
            "a row of " + table.name + " stays as it was written; write another");
    return requireAll(table, change);
}

}  // namespace replica
