#pragma once

#include <optional>
#include <string>

#include "app/journal/journal.h"
#include "sync/schema/schema.h"

namespace tend {

// RFC 3339 in UTC with milliseconds where there are any: 2026-06-11T14:20:00Z.
[[nodiscard]] std::string timeText(WallTime time);
// Any RFC 3339 moment, with offset. Nothing for other text.
[[nodiscard]] std::optional<WallTime> parseTime(const std::string &text);

// YYYY-MM-DD and back. Nothing for a day the calendar does not have.
[[nodiscard]] std::string dayText(Day day);
[[nodiscard]] std::optional<Day> parseDay(const std::string &text);

// The day that moment fell on where this machine is (TZ), as its people count days.
[[nodiscard]] Day localDay(WallTime time);

// A value as a person reads it: words as they are, times and days in the forms above, ids as text.
[[nodiscard]] std::string valueText(const replica::Column &column, const replica::Value &value);

// The first letters with an ellipsis, cut between words where it can be; whole UTF-8 letters
// always.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t lettersMax);

// The words of the enums as tables.json has them.
[[nodiscard]] std::string word(VisitKind kind);
[[nodiscard]] std::string word(Outcome outcome);
[[nodiscard]] std::string word(Direction direction);
[[nodiscard]] std::string word(Help help);
[[nodiscard]] VisitKind visitKindOf(const std::string &text);
[[nodiscard]] Outcome outcomeOf(const std::string &text);
[[nodiscard]] Help helpOf(const std::string &text);

}  // namespace tend
