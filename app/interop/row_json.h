#pragma once

#include <string>

#include "app/interop/json_text.h"
#include "sync/schema/schema.h"

namespace tend {

// Who says a value: a person, whose days the calendar must have; or a row as it stands, which may
// hold what came from elsewhere and nobody here could write.
enum class SaidBy { Person, Row };

// One value as JSON: times as RFC 3339 in UTC, or in milliseconds where it has no form for them;
// ids and days as text, booleans as such; null where nothing is known, or no number.
[[nodiscard]] Json toJson(const replica::Column &column, const replica::Value &value);
// Errors: Invalid with table, column and what was expected.
[[nodiscard]] replica::Result<replica::Value> fromJson(const replica::Table &table,
    const replica::Column &column, const Json &json, SaidBy by = SaidBy::Person);

// A row with all its columns, id first.
[[nodiscard]] Json toJson(const replica::Table &table, const replica::Change &row);

// What one line of put asks for. Without "id" the row is nil and to be made.
[[nodiscard]] replica::Result<replica::Change> changeFromLine(
    const replica::Table &table, const std::string &line, SaidBy by = SaidBy::Person);

}  // namespace tend
