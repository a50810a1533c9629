#include "app/interop/csv_mapping.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "app/interop/csv_presets.h"
#include "app/interop/json_text.h"
#include "app/journal/words.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::array<std::string_view, 22> targets = {"name", "first_name", "middle_name",
    "last_name", "prefix", "suffix", "kind", "organisation", "title", "phone", "email", "address",
    "street", "postcode", "city", "region", "country", "place", "note", "id", "keep", "ignore"};

std::string small(const std::string &text)
{
    std::string letters = text;
    std::transform(letters.begin(), letters.end(), letters.begin(), [](unsigned char letter) {
        return static_cast<char>(letter < 128 ? std::tolower(letter) : letter);
    });
    return letters;
}

std::string trimmed(const std::string &text)
{
    const std::size_t from = text.find_first_not_of(" \t\r\n");
    return from == std::string::npos
        ? std::string()
        : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool holds(const std::vector<std::string> &header, std::string_view name)
{
    return std::find(header.begin(), header.end(), name) != header.end();
}

bool isOf(const CsvPreset &preset, const std::vector<std::string> &header)
{
    return std::any_of(preset.marks.begin(), preset.marks.end(), [&](const auto &names) {
        return std::all_of(
            names.begin(), names.end(), [&](std::string_view name) { return holds(header, name); });
    });
}

std::string targetIn(const std::vector<PresetColumn> &columns, const std::string &name)
{
    const auto at = std::find_if(columns.begin(), columns.end(),
        [&](const PresetColumn &column) { return column.name == name; });
    return at == columns.end() ? "keep" : std::string(at->target);
}

std::string known(const std::vector<std::string> &names)
{
    std::string list;
    for (const std::string &name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

struct Pair {
    std::size_t line = 0;
    std::string column;
    std::string target;
};

Result<std::vector<Pair>> pairsFromJson(const std::string &text)
{
    const auto parsed = parseJson(text);
    if (!parsed)
        return within("the mapping", parsed.error());
    const Json &json = *parsed;
    if (!json.is_object())
        return fail(ErrorCode::Invalid, "the mapping is no JSON object {\"Column\": \"field\"}");
    std::vector<Pair> pairs;
    for (const auto &[column, target] : json.items()) {
        if (!target.is_string())
            return fail(ErrorCode::Invalid, "the mapping of '" + column + "' is no text");
        pairs.push_back({0, column, target.get<std::string>()});
    }
    return pairs;
}

// The last equals sign parts them: a column's name may hold one.
Result<std::vector<Pair>> pairsFromLines(const std::string &text)
{
    std::vector<Pair> pairs;
    for (const PhysicalLine &line : physicalLines(text)) {
        const std::string whole = trimmed(std::string(line.text));
        if (whole.empty() || whole.front() == '#')
            continue;
        const std::size_t at = whole.rfind('=');
        if (at == std::string::npos)
            return fail(ErrorCode::Invalid,
                "line " + std::to_string(line.number) + " of the mapping is not Column = field");
        pairs.push_back({line.number, trimmed(whole.substr(0, at)), trimmed(whole.substr(at + 1))});
    }
    return pairs;
}

// Google says beside each number what it is of.
bool isNobodysVoice(const CsvRow &row, const CsvMapping &mapping, std::size_t column)
{
    constexpr std::string_view valueEnd = " - Value";
    const std::string &name = mapping.names[column];
    if (mapping.targets[column] != "phone" || !name.ends_with(valueEnd))
        return false;
    const std::string stem = name.substr(0, name.size() - valueEnd.size());
    for (std::size_t i = 0; i < mapping.names.size(); ++i) {
        if (mapping.names[i] != stem + " - Type" && mapping.names[i] != stem + " - Label")
            continue;
        const std::string kind = small(row.cells[i]);
        if (kind.find("fax") != std::string::npos || kind.find("pager") != std::string::npos)
            return true;
    }
    return false;
}

// Of several columns that fill one thing, the first with something in it.
std::string firstOf(const CsvRow &row, const CsvMapping &mapping, std::string_view target)
{
    for (std::size_t i = 0; i < mapping.targets.size(); ++i) {
        std::string cell = mapping.targets[i] == target ? trimmed(row.cells[i]) : "";
        if (!cell.empty() && !isNobodysVoice(row, mapping, i))
            return cell;
    }
    return {};
}

bool wasDeletedThere(const CsvRow &row, const CsvMapping &mapping)
{
    const auto at = std::find(mapping.names.begin(), mapping.names.end(), "IsDeleted");
    if (mapping.source != "salesforce" || at == mapping.names.end())
        return false;
    const std::string word
        = small(trimmed(row.cells[static_cast<std::size_t>(at - mapping.names.begin())]));
    return word == "true" || word == "1";
}

// Google writes several values into one cell.
std::string firstValue(const std::string &cell)
{
    return trimmed(cell.substr(0, cell.find(" ::: ")));
}

struct Address {
    std::string street;
    std::string postcode;
    std::string city;
    std::string region;
    std::string country;

    [[nodiscard]] std::string inOneLine() const
    {
        return joined({street, joined({postcode, city}, " "), region, country}, ", ");
    }
};

// Of several addresses of a row the first that says anything. The next one begins where a part
// comes again: "Business City" and "Home City" are not one address with two towns.
Address addressOf(const CsvRow &row, const CsvMapping &mapping)
{
    constexpr std::array<std::pair<std::string_view, std::string Address::*>, 5> parts = {
        {{"street", &Address::street}, {"postcode", &Address::postcode}, {"city", &Address::city},
            {"region", &Address::region}, {"country", &Address::country}}};
    Address address;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < mapping.targets.size(); ++i) {
        const auto part = std::find_if(parts.begin(), parts.end(),
            [&](const auto &known) { return known.first == mapping.targets[i]; });
        if (part == parts.end())
            continue;
        if (!seen.insert(mapping.targets[i]).second) {
            if (!address.inOneLine().empty())
                break;
            seen = {mapping.targets[i]};
        }
        address.*part->second = trimmed(row.cells[i]);
    }
    return address;
}

std::string withPlainLineEnds(std::string text)
{
    std::erase(text, '\r');
    return text;
}

// Line ends inside a street are commas in one line.
std::string inOneLine(const std::string &text)
{
    std::vector<std::string> lines;
    for (const PhysicalLine &line : physicalLines(text))
        lines.push_back(trimmed(std::string(line.text)));
    return joined(lines, ", ");
}

bool isHeldWhole(const std::string &target)
{
    return target == "name" || target == "note" || target == "title" || target == "organisation"
        || target == "id";
}

// All cells that no field holds whole: of several that fill one, all but the first.
std::string keptOf(const CsvRow &row, const CsvMapping &mapping)
{
    Json kept = Json::object();
    std::set<std::string> held;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const std::string &target = mapping.targets[i];
        if (target == "ignore" || trimmed(row.cells[i]).empty())
            continue;
        if (!isHeldWhole(target) || !held.insert(target).second)
            kept[mapping.names[i]] = row.cells[i];
    }
    return kept.empty() ? std::string() : kept.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string kindOf(const std::string &word)
{
    const std::string letters = small(word);
    const bool isFirm = letters == "organisation" || letters == "organization"
        || letters == "company" || letters == "firma" || letters == "account";
    return isFirm ? "organisation" : "person";
}

}  // namespace

bool CsvMapping::fills(const std::string &target) const
{
    return std::find(targets.begin(), targets.end(), target) != targets.end();
}

std::size_t knownColumnNames(const std::vector<std::string> &cells)
{
    std::size_t most = 0;
    const auto count = [&](const auto &isKnown) {
        most = std::max(
            most, static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), isKnown)));
    };
    for (const CsvPreset &preset : csvPresets())
        count([&](const std::string &cell) {
            return targetIn(preset.columns, trimmed(cell)) != "keep";
        });
    count([&](const std::string &cell) {
        return targetIn(commonColumns(), small(trimmed(cell))) != "keep";
    });
    return most;
}

std::vector<std::string> namesOf(const std::vector<std::string> &header)
{
    // What the file itself calls a column stays that column's.
    std::set<std::string> taken(header.begin(), header.end());
    std::set<std::string> seen;
    std::vector<std::string> names;
    for (const std::string &name : header) {
        std::string own = name;
        if (name.empty() || !seen.insert(name).second) {
            std::size_t number = name.empty() ? names.size() + 1 : 2;
            do
                own = (name.empty() ? "column" : name) + ' ' + std::to_string(number++);
            while (!taken.insert(own).second);
        }
        names.push_back(std::move(own));
    }
    return names;
}

std::vector<std::string> presetNames()
{
    std::vector<std::string> names;
    for (const CsvPreset &preset : csvPresets())
        names.emplace_back(preset.name);
    return names;
}

Result<CsvMapping> mappingFor(const std::vector<std::string> &header, const std::string &preset)
{
    const auto &all = csvPresets();
    const auto chosen = std::find_if(all.begin(), all.end(), [&](const CsvPreset &one) {
        return preset.empty() ? isOf(one, header) : one.name == preset;
    });
    if (chosen == all.end() && !preset.empty())
        return fail(ErrorCode::Invalid,
            "there is no preset '" + preset + "'; there are " + known(presetNames()));
    CsvMapping mapping;
    mapping.names = namesOf(header);
    mapping.source = chosen == all.end() ? "csv" : std::string(chosen->name);
    for (const std::string &name : header)
        mapping.targets.push_back(chosen == all.end() ? targetIn(commonColumns(), small(name))
                                                      : targetIn(chosen->columns, name));
    // A column that somebody renamed there.
    for (const char *field : {"email", "phone"}) {
        for (std::size_t i = 0; i < header.size() && !mapping.fills(field); ++i) {
            if (mapping.targets[i] == "keep"
                && targetIn(commonColumns(), small(header[i])) == field)
                mapping.targets[i] = field;
        }
    }
    return mapping;
}

Result<CsvMapping> mappingFrom(const std::string &text, CsvMapping over)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool isJson = first != std::string::npos && text[first] == '{';
    const auto pairs = TRY(isJson ? pairsFromJson(text) : pairsFromLines(text));
    for (const Pair &pair : pairs) {
        const std::string where = pair.line == 0
            ? std::string("the mapping")
            : "line " + std::to_string(pair.line) + " of the mapping";
        const auto column = std::find(over.names.begin(), over.names.end(), pair.column);
        if (column == over.names.end())
            return fail(ErrorCode::Invalid,
                where + ": the file has no column '" + pair.column + "'; it has "
                    + known(over.names));
        if (std::find(targets.begin(), targets.end(), pair.target) == targets.end())
            return fail(ErrorCode::Invalid,
                where + ": there is no field '" + pair.target + "'; there are "
                    + known({targets.begin(), targets.end()}));
        over.targets[static_cast<std::size_t>(column - over.names.begin())] = pair.target;
    }
    return over;
}

std::string textOf(const CsvMapping &mapping)
{
    std::string text;
    for (std::size_t i = 0; i < mapping.names.size(); ++i)
        text += mapping.names[i] + " = " + mapping.targets[i] + '\n';
    return text;
}

std::string jsonOf(const CsvMapping &mapping)
{
    Json json = Json::object();
    for (std::size_t i = 0; i < mapping.names.size(); ++i)
        json[mapping.names[i]] = mapping.targets[i];
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Contact> contactOf(const CsvTable &table, const CsvRow &row, const CsvMapping &mapping)
{
    Contact contact;
    contact.line = row.line;
    contact.text = rejectedCsvRow(row.cells, table.delimiter);
    const auto cell = [&](std::string_view target) {
        return firstOf(row, mapping, target);
    };
    const auto fill = [&](const char *field, const std::string &value, bool isThere) {
        if (isThere)
            contact.fields[field] = withPlainLineEnds(unguardedCell(value));
    };
    if (wasDeletedThere(row, mapping))
        return fail(ErrorCode::Invalid, "it was deleted in the program that the file is from");
    std::string name = cell("name");
    if (name.empty())
        name = joined({cell("prefix"), cell("first_name"), cell("middle_name"), cell("last_name"),
                          cell("suffix")},
            " ");
    std::string kind = mapping.fills("kind") ? kindOf(cell("kind")) : "person";
    // A row without a person's name is about the firm it names.
    if (name.empty() && !cell("organisation").empty()) {
        name = cell("organisation");
        kind = "organisation";
    }
    if (name.empty())
        name = firstValue(cell("email"));
    if (name.empty())
        return fail(ErrorCode::Invalid,
            "the row has no name: none of the columns for a name, an organisation or an e-mail "
            "address says anything");
    fill("name", name, true);
    if (mapping.fills("kind") || kind == "organisation")
        contact.fields["kind"] = kind;
    fill("organisation", kind == "person" ? cell("organisation") : std::string(),
        mapping.fills("organisation"));
    fill("title", cell("title"), mapping.fills("title"));
    fill("phone", firstValue(cell("phone")), mapping.fills("phone"));
    fill("email", firstValue(cell("email")), mapping.fills("email"));
    fill("note", cell("note"), mapping.fills("note"));
    const Address parts = addressOf(row, mapping);
    std::string address = cell("address");
    if (address.empty())
        address = parts.inOneLine();
    fill("address", inOneLine(address),
        mapping.fills("address") || mapping.fills("street") || mapping.fills("city"));
    std::string place = cell("place");
    if (place.empty() && !mapping.fills("place"))
        place
            = kind == "person" && !cell("organisation").empty() ? cell("organisation") : parts.city;
    fill("place", place,
        mapping.fills("place") || mapping.fills("organisation") || mapping.fills("city"));
    contact.foreignId = comparableId(unguardedCell(cell("id")));
    // The long form of their ids is the short one with three letters that tell its capitals.
    if (mapping.source == "salesforce" && contact.foreignId.size() == 18)
        contact.foreignId.resize(15);
    contact.kept = keptOf(row, mapping);
    return contact;
}

}  // namespace tend
