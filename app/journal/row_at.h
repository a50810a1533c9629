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

// The octets of an id, to be bound; zeros for what is none.
[[nodiscard]] inline replica::Bytes keyOf(const Id &id)
{
    const replica::Uuid uuid = replica::parseUuid(id).value_or(replica::Uuid{});
    return replica::Bytes(uuid.bytes());
}

// The UTC day of that moment.
[[nodiscard]] inline Day dayOf(std::int64_t ms)
{
    constexpr std::int64_t dayMs = 86'400'000;
    return Day{static_cast<std::int32_t>(ms >= 0 ? ms / dayMs : (ms - dayMs + 1) / dayMs)};
}

// A version 7 id begins with the moment it was made in.
[[nodiscard]] inline std::optional<std::int64_t> msMade(replica::BytesView id)
{
    const auto uuid = replica::uuidOf(id);
    if (!uuid || uuid->octets[6] >> 4U != 7)
        return std::nullopt;
    std::uint64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i)
        ms = ms << 8U | uuid->octets[i];
    return static_cast<std::int64_t>(ms);
}

[[nodiscard]] inline std::optional<Day> dayMade(replica::BytesView id)
{
    const auto ms = msMade(id);
    return ms ? std::optional<Day>(dayOf(*ms)) : std::nullopt;
}

// Of a visit: the day written down, else that of its moment, else that on which its row was made.
[[nodiscard]] inline std::optional<Day> dayOfVisit(const std::optional<Day> &onDay,
    const std::optional<std::int64_t> &startedAtMs, replica::BytesView id)
{
    if (onDay)
        return onDay;
    return startedAtMs ? std::optional<Day>(dayOf(*startedAtMs)) : dayMade(id);
}

[[nodiscard]] inline std::optional<int> numberAt(const replica::sqlite::Statement &row, int column)
{
    return row.isNull(column) ? std::nullopt
                              : std::optional<int>(static_cast<int>(row.int64(column)));
}

// A number within these bounds; nothing for another, which no program of ours lets anybody write.
[[nodiscard]] inline std::optional<int> numberWithin(
    const replica::sqlite::Statement &row, int column, int least, int most)
{
    const bool isWithin
        = !row.isNull(column) && row.int64(column) >= least && row.int64(column) <= most;
    return isWithin ? std::optional<int>(static_cast<int>(row.int64(column))) : std::nullopt;
}

}  // namespace tend
