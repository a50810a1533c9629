// What a component of a calendar says.
#include <array>
#include <cstdio>
#include <ctime>

#include "app/interop/calendar_entry.h"
#include "app/interop/calendar_parts.h"
#include "app/interop/contact.h"

namespace tend {

using namespace replica;

namespace {

// A time without a zone is that of the place; here, of this machine.
std::int64_t msOf(const icaltimetype &time)
{
    if (time.zone)
        return static_cast<std::int64_t>(icaltime_as_timet_with_zone(time, time.zone)) * 1000;
    std::tm local{};
    local.tm_year = time.year - 1900;
    local.tm_mon = time.month - 1;
    local.tm_mday = time.day;
    local.tm_hour = time.hour;
    local.tm_min = time.minute;
    local.tm_sec = time.second;
    local.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&local)) * 1000;
}

// Where it takes place. A moment in UTC names no place: it falls on the day that it is here.
std::optional<Day> dayOf(const icaltimetype &time)
{
    if (icaltime_is_null_time(time) || icaltime_is_valid_time(time) == 0)
        return std::nullopt;
    if (icaltime_is_date(time) == 0 && icaltime_is_utc(time) != 0)
        return localDay(WallTime{msOf(time)});
    std::array<char, 16> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02d-%02d", time.year, time.month, time.day);
    return length == 10 ? parseDay(std::string(text.data(), 10)) : std::nullopt;
}

std::optional<icaltimetype> timeOf(icalcomponent *component, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    if (!property)
        return std::nullopt;
    const icaltimetype time = icalproperty_get_datetime_with_component(property, component);
    return icaltime_is_null_time(time) || icaltime_is_valid_time(time) == 0
        ? std::nullopt
        : std::optional<icaltimetype>(time);
}

void readWhen(CalendarEntry &entry, icalcomponent *component)
{
    const auto start = timeOf(component, ICAL_DTSTART_PROPERTY);
    const auto due = timeOf(component, ICAL_DUE_PROPERTY);
    const auto end = timeOf(component, ICAL_DTEND_PROPERTY);
    if (entry.kind == "VTODO") {
        entry.day = due ? dayOf(*due) : start ? dayOf(*start) : std::nullopt;
        return;
    }
    if (!start)
        return;
    entry.day = dayOf(*start);
    const bool isWholeDay = icaltime_is_date(*start) != 0;
    const std::int64_t from = msOf(*start);
    entry.endsAtMs = from + (isWholeDay ? 86'400'000 : 0);
    if (!isWholeDay)
        entry.startedAtMs = from;
    std::int64_t seconds = 0;
    if (icalproperty *length = icalcomponent_get_first_property(component, ICAL_DURATION_PROPERTY))
        seconds = icaldurationtype_as_int(icalproperty_get_duration(length));
    else if (end)
        seconds = (msOf(*end) - from) / 1000;
    if (!isWholeDay && seconds > 0 && seconds < std::int64_t{7} * 86'400) {
        entry.minutes = (seconds + 59) / 60;
        entry.endsAtMs = from + seconds * 1000;
    }
}

std::string addressOf(icalproperty *property)
{
    const Handle<char, &icalmemory_free_buffer> written(
        icalproperty_get_value_as_string_r(property));
    const std::string value = written ? std::string(written.get()) : std::string();
    return value.substr(value.find(':') == std::string::npos ? 0 : value.find(':') + 1);
}

}  // namespace

CalendarEntry entryIn(icalcomponent *component, const std::string &kind)
{
    CalendarEntry entry;
    entry.kind = kind;
    entry.uid = comparableId(textOf(component, ICAL_UID_PROPERTY));
    entry.summary = textOf(component, ICAL_SUMMARY_PROPERTY);
    entry.description = textOf(component, ICAL_DESCRIPTION_PROPERTY);
    entry.customer = extensionOf(component, "X-TEND-CUSTOMER");
    entry.customerName = textOf(component, ICAL_CONTACT_PROPERTY);
    entry.sequence = icalcomponent_get_sequence(component);
    const auto status = icalcomponent_get_status(component);
    if (status == ICAL_STATUS_COMPLETED
        || icalcomponent_get_first_property(component, ICAL_COMPLETED_PROPERTY))
        entry.state = CalendarEntry::State::Done;
    if (status == ICAL_STATUS_CANCELLED)
        entry.state = CalendarEntry::State::Dropped;
    entry.isRepeated = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY) != nullptr
        || icalcomponent_get_first_property(component, ICAL_RDATE_PROPERTY) != nullptr
        || icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY) != nullptr;
    readWhen(entry, component);
    for (const auto kindOfPerson : {ICAL_ATTENDEE_PROPERTY, ICAL_ORGANIZER_PROPERTY}) {
        for (icalproperty *one = icalcomponent_get_first_property(component, kindOfPerson); one;
             one = icalcomponent_get_next_property(component, kindOfPerson))
            entry.people.push_back(addressOf(one));
    }
    for (const char *name : {"X-TEND-KIND", "X-TEND-OUTCOME", "X-TEND-DIRECTION"}) {
        if (const std::string value = extensionOf(component, name); !value.empty())
            entry.extensions[name] = value;
    }
    return entry;
}

std::vector<std::string> differing(const CalendarEntry &one, const CalendarEntry &other)
{
    std::vector<std::string> names;
    if (one.summary != other.summary)
        names.emplace_back("summary");
    if (one.description != other.description)
        names.emplace_back("description");
    // The day of a moment depends on where one is; the moment does not.
    const bool hasMoments = one.startedAtMs && other.startedAtMs;
    if (hasMoments ? one.startedAtMs != other.startedAtMs : one.day != other.day)
        names.emplace_back("when");
    if (one.minutes != other.minutes)
        names.emplace_back("minutes");
    if (one.state != other.state)
        names.emplace_back("state");
    return names;
}

}  // namespace tend
