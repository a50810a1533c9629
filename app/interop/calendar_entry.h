#pragma once

#include <cstdint>
#include <libical/ical.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/interop/calendar_parts.h"
#include "app/interop/import_file.h"
#include "app/journal/row_text.h"

namespace tend {

// An event or a task as both a calendar and Tend's rows can say it.
struct CalendarEntry {
    enum class State { Open, Done, Dropped };

    std::string uid;
    std::string kind;  // VEVENT or VTODO
    std::string summary;
    std::string description;
    // The customer's words, where DESCRIPTION holds them. What another program described itself
    // then stands beside them and is `description`.
    std::optional<std::string> said;
    std::optional<Day> day;  // of an event the day it begins, of a task the day it is due
    std::optional<std::int64_t> startedAtMs;
    std::optional<std::int64_t> minutes;
    State state = State::Open;
    int sequence = 0;
    std::int64_t writtenAtMs = 0;
    std::map<std::string, std::string> extensions;  // X-TEND-KIND and the like
    std::string customer;  // its id
    std::string customerName;
    std::string kept;  // the component as another program wrote it

    // Of a file only.
    std::vector<std::string> people;  // e-mail addresses
    std::string unknownZone;  // that its times name; they were taken as times here
    bool isRepeated = false;
    std::int64_t endsAtMs = 0;
};

// What a component says.
[[nodiscard]] CalendarEntry entryIn(icalcomponent *component, const std::string &kind);

// The day that is written in a component and is none, such as 20260230; else empty.
[[nodiscard]] std::string unreadableDay(icalcomponent *component, const CalendarPart &part);

// In a calendar of its own, as it leaves: what another program sent keeps its own properties but
// for whom a calendar would write to; ours are set where they differ. Nothing where it cannot be
// made.
[[nodiscard]] IcalComponent calendarOf(const CalendarEntry &entry);

// The names of what differs between two of one UID: summary, description, said, when, minutes,
// state.
[[nodiscard]] std::vector<std::string> differing(
    const CalendarEntry &one, const CalendarEntry &other);

// Rows as entries. Reads only.
class CalendarRows {
public:
    explicit CalendarRows(const Interop &interop)
        : m_interop(interop)
    {
    }

    // A visit is an event, and its next step a task; a follow-up and a promise of ours are tasks.
    [[nodiscard]] Result<std::vector<CalendarEntry>> entriesOf(
        const std::string &table, const replica::RowId &id);

private:
    [[nodiscard]] Status describe(CalendarEntry &entry, const std::string &table,
        const replica::RowId &id, const std::string &customer);
    [[nodiscard]] Result<CalendarEntry> visit(
        const replica::RowId &id, const std::map<std::string, std::string> &row);

    const Interop &m_interop;
};

// Says that DESCRIPTION is what was said; and what another program has there.
inline constexpr const char *wordsProperty = "X-TEND-WORDS";
inline constexpr const char *saidWord = "said";
inline constexpr const char *describedProperty = "X-TEND-DESCRIBED";

// The uid of a visit's next step.
inline constexpr std::string_view nextStepMark = "-next";

// A row's values as text by column; empty where it is not there.
[[nodiscard]] Result<std::map<std::string, std::string>> rowTexts(
    const Interop &interop, const std::string &name, const replica::RowId &id);

}  // namespace tend
