#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/interop/contact.h"
#include "app/interop/csv.h"

// What the columns of other programs' tables mean.
namespace tend {

// For each column of a table what it fills: a field of a contact, a part of one ("first_name",
// "street"), "id" for what the other program calls the record, "keep" for what Tend has no field
// for but keeps, or "ignore".
struct CsvMapping {
    std::string source;  // the preset it is made of, or csv
    std::vector<std::string> names;  // of the columns, each once: namesOf()
    std::vector<std::string> targets;  // beside them

    [[nodiscard]] bool fills(const std::string &target) const;
};

// How many of a row's cells are names that a program we know gives its columns.
[[nodiscard]] std::size_t knownColumnNames(const std::vector<std::string> &cells);

// What columns are called where each needs a name of its own: the second Custom is "Custom 2", and
// the third without a name "column 3".
[[nodiscard]] std::vector<std::string> namesOf(const std::vector<std::string> &header);

[[nodiscard]] std::vector<std::string> presetNames();
// By the preset named, else by the one whose columns these are, else by what columns are commonly
// called. Errors: Invalid for a preset that is not there.
[[nodiscard]] Result<CsvMapping> mappingFor(
    const std::vector<std::string> &header, const std::string &preset);

// Over a mapping: JSON {"Column": "field"} or lines "Column = field". Errors: Invalid naming the
// line, and the column or field that is not there.
[[nodiscard]] Result<CsvMapping> mappingFrom(const std::string &text, CsvMapping over);
// As lines for people.
[[nodiscard]] std::string textOf(const CsvMapping &mapping);
// As JSON, which mappingFrom() reads back whatever the columns are called.
[[nodiscard]] std::string jsonOf(const CsvMapping &mapping);

// A row as a contact. Errors: Invalid where nothing in it is a name.
[[nodiscard]] Result<Contact> contactOf(
    const CsvTable &table, const CsvRow &row, const CsvMapping &mapping);

}  // namespace tend
