#include "app/interop/row_json.h"

#include <algorithm>
#include <cmath>

#include "app/journal/row_text.h"

namespace tend {

using namespace replica;

namespace {

const char *expected(ColumnType type)
{
    switch (type) {
    case ColumnType::Text:
        return "a text";
    case ColumnType::Integer:
        return "a whole number";
    case ColumnType::Real:
        return "a number";
    case ColumnType::Boolean:
        return "true or false";
    case ColumnType::Id:
        return "the id of a row";
    case ColumnType::Time:
        return "a moment such as 2026-06-11T14:20:00Z";
    case ColumnType::Day:
        return "a day such as 2026-06-11";
    case ColumnType::Octets:
        return "octets in base64url";
    }
    return "another value";
}

// Nothing when the JSON does not fit the type.
std::optional<Value> valueFrom(ColumnType type, const Json &json)
{
    switch (type) {
    case ColumnType::Text:
        if (json.is_string())
            return Value{json.get<std::string>()};
        break;
    case ColumnType::Integer:
        if (json.is_number_integer())
            return Value{json.get<std::int64_t>()};
        break;
    case ColumnType::Real:
        if (json.is_number())
            return Value{json.get<double>()};
        break;
    case ColumnType::Boolean:
        if (json.is_boolean())
            return Value{std::int64_t{json.get<bool>()}};
        break;
    case ColumnType::Id:
        if (const auto id = json.is_string() ? parseUuid(json.get<std::string>()) : std::nullopt)
            return Value{Blob{Bytes(id->bytes())}};
        break;
    case ColumnType::Time:
        if (const auto time = json.is_string() ? parseTime(json.get<std::string>()) : std::nullopt)
            return Value{inMs(*time)};
        break;
    case ColumnType::Day:
        if (const auto day = json.is_string() ? parseDay(json.get<std::string>()) : std::nullopt)
            return Value{dayText(*day)};
        break;
    case ColumnType::Octets:
        if (auto octets = json.is_string() ? fromBase64Url(json.get<std::string>()) : std::nullopt)
            return Value{Blob{*std::move(octets)}};
        break;
    }
    return std::nullopt;
}

// Of the years 0 to 9999, for which RFC 3339 has a form.
bool hasForm(std::int64_t ms)
{
    return ms >= -62'167'219'200'000 && ms < 253'402'300'800'000;
}

// What toJson() makes of values that no person may say.
std::optional<Value> oddValueFrom(ColumnType type, const Json &json)
{
    if (type == ColumnType::Day && json.is_string())
        return Value{json.get<std::string>()};
    if (type == ColumnType::Time && json.is_number_integer())
        return Value{json.get<std::int64_t>()};
    return std::nullopt;
}

}  // namespace

Json toJson(const Column &column, const Value &value)
{
    if (isEmpty(value))
        return nullptr;
    const auto *number = std::get_if<std::int64_t>(&value);
    if (number && column.type == ColumnType::Boolean)
        return *number != 0;
    if (number && column.type == ColumnType::Integer)
        return *number;
    if (number && column.type == ColumnType::Time && !hasForm(*number))
        return *number;
    if (const auto *real = std::get_if<double>(&value))
        return std::isfinite(*real) ? Json(*real) : Json(nullptr);
    return valueText(column, value);
}

Result<Value> fromJson(const Table &table, const Column &column, const Json &json, SaidBy by)
{
    if (json.is_null())
        return Value{};
    auto value = valueFrom(column.type, json);
    const auto *text = value ? std::get_if<std::string>(&*value) : nullptr;
    if (text && by == SaidBy::Person && text->find('\0') != std::string::npos)
        return fail(ErrorCode::Invalid,
            table.name + '.' + column.name
                + " holds a NUL, which no table or card can: leave it out");
    if (!value && by == SaidBy::Row)
        value = oddValueFrom(column.type, json);
    if (!value)
        return fail(ErrorCode::Invalid,
            table.name + "." + column.name + ": expected " + expected(column.type) + ", got "
                + json.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60));
    return *std::move(value);
}

Json toJson(const Table &table, const Change &row)
{
    Json json;
    json["id"] = toText(row.row);
    auto given = row.assignments.begin();
    for (const Column &column : table.columns) {
        const bool isGiven = given != row.assignments.end() && given->column == column.id;
        json[column.name] = isGiven ? toJson(column, given->value) : Json(nullptr);
        if (isGiven)
            ++given;
    }
    return json;
}

Result<Change> changeFromLine(const Table &table, const std::string &line, SaidBy by)
{
    const Json json = TRY(parseJson(line));
    if (!json.is_object())
        return fail(ErrorCode::Invalid, "not a JSON object: " + line.substr(0, 60));
    Change change{table.id, {}, ChangeKind::Insert, {}};
    for (const auto &[name, value] : json.items()) {
        if (name == "id") {
            const auto id = value.is_string() ? parseUuid(value.get<std::string>()) : std::nullopt;
            if (!id || id->isNil())
                return fail(
                    ErrorCode::Invalid, table.name + ".id: expected a UUID, got " + value.dump());
            change.row = *id;
            continue;
        }
        const Column *column = table.column(name);
        if (!column) {
            std::string known;
            for (const Column &other : table.columns)
                known += (known.empty() ? "" : ", ") + other.name;
            return fail(
                ErrorCode::Invalid, table.name + " has no column '" + name + "'; it has " + known);
        }
        change.assignments.push_back({column->id, TRY(fromJson(table, *column, value, by))});
    }
    std::sort(change.assignments.begin(), change.assignments.end(),
        [](const Assignment &one, const Assignment &other) { return one.column < other.column; });
    return change;
}

}  // namespace tend
