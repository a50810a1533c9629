#pragma once

#include <optional>
#include <string>

#include "app/journal/row_text.h"
#include "sync/domain/ids.h"
#include "sync/sqlite/database.h"

// Columns of a statement's row as the journal's values. A column without a value gives none.
namespace tend {

[[nodiscard]] inline Id idAt(const replica::sqlite::Statement &row, int column)
{
    const auto id = replica::uuidOf(row.blob(column));
    return id ? replica::toText(*id) : Id{};
}

[[nodiscard]] inline std::optional<Day> dayAt(const replica::sqlite::Statement &row, int column)
{
    return row.isNull(column) ? std::nullopt : parseDay(std::string(row.text(column)));
}

[[nodiscard]] inline std::optional<int> numberAt(const replica::sqlite::Statement &row, int column)
{
    return row.isNull(column) ? std::nullopt
                              : std::optional<int>(static_cast<int>(row.int64(column)));
}

}  // namespace tend
