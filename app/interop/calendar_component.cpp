// What a component of a calendar says.
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "app/interop/calendar_entry.h"
#include "app/interop/calendar_zones.h"
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
    if (icaltime_is_date(time) == 0 && icaltime_is_utc(time) != 0)
        return localDay(WallTime{msOf(time)});
    std::array<char, 16> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02d-%02d", time.year, time.month, time.day);
    return length == 10 ? parseDay(std::string(text.data(), 10)) : std::nullopt;
}

// libical reads digits, whatever they come to, and makes 2 October of 31 September at 25 o'clock.
bool isReal(const icaltimetype &time)
{
    const auto isWithin = [](int number, int least, int most) {
        return number >= least && number <= most;
    };
    return icaltime_is_null_time(time) == 0 && icaltime_is_valid_time(time) != 0
        && isWithin(time.month, 1, 12)
        && isWithin(time.day, 1, icaltime_days_in_month(time.month, time.year))
        && isWithin(time.hour, 0, 23) && isWithin(time.minute, 0, 59)
        && isWithin(time.second, 0, 60);
}

std::string zoneNameOf(icalproperty *property)
{
    icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const char *name = zone ? icalparameter_get_tzid(zone) : nullptr;
    return name ? name : "";
}

std::optional<icaltimetype> timeOf(icalcomponent *component, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    if (!property)
        return std::nullopt;
    icaltimetype time = icalproperty_get_datetime_with_component(property, component);
    if (!isReal(time))
        return std::nullopt;
    if (const std::string zone = zoneNameOf(property); !time.zone && !zone.empty())
        time.zone = zoneCalled(zone);
    return time;
}

std::string unknownZoneOf(icalcomponent *component)
{
    for (const auto kind : {ICAL_DTSTART_PROPERTY, ICAL_DUE_PROPERTY, ICAL_DTEND_PROPERTY}) {
        const auto time = timeOf(component, kind);
        if (time && !time->zone && icaltime_is_date(*time) == 0) {
            std::string name = zoneNameOf(icalcomponent_get_first_property(component, kind));
            if (!name.empty())
                return name;
        }
    }
    return {};
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
    if (extensionOf(component, wordsProperty) == saidWord)
        entry.said = std::exchange(entry.description, extensionOf(component, describedProperty));
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
    entry.unknownZone = unknownZoneOf(component);
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

std::string unreadableDay(icalcomponent *component, const CalendarPart &part)
{
    const std::string due = part.kind == "VTODO" ? writtenValue(part, "DUE") : std::string();
    const std::string written = due.empty() ? writtenValue(part, "DTSTART") : due;
    const auto kind = due.empty() ? ICAL_DTSTART_PROPERTY : ICAL_DUE_PROPERTY;
    return timeOf(component, kind) ? std::string() : written;
}

std::vector<std::string> differing(const CalendarEntry &one, const CalendarEntry &other)
{
    std::vector<std::string> names;
    if (one.summary != other.summary)
        names.emplace_back("summary");
    if (one.description != other.description)
        names.emplace_back("description");
    if (one.said.value_or("") != other.said.value_or(""))
        names.emplace_back("said");
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
