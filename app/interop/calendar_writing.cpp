// Visits, follow-ups, promises and next steps as a calendar.
#include <libical/ical.h>

#include "app/interop/calendar.h"
#include "app/interop/calendar_addressees.h"
#include "app/interop/calendar_entry.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr const char *head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tend//Tend 0.1//EN\r\n";

void remove(icalcomponent *component, icalproperty_kind kind)
{
    while (icalproperty *property = icalcomponent_get_first_property(component, kind)) {
        icalcomponent_remove_property(component, property);
        icalproperty_free(property);
    }
}

void put(icalcomponent *component, icalproperty *property)
{
    remove(component, icalproperty_isa(property));
    icalcomponent_add_property(component, property);
}

void putExtension(icalcomponent *component, const char *name, const std::string &value)
{
    for (icalproperty *known = icalcomponent_get_first_property(component, ICAL_X_PROPERTY); known;
         known = icalcomponent_get_next_property(component, ICAL_X_PROPERTY)) {
        const char *given = icalproperty_get_x_name(known);
        if (given && inCapitals(given) == name) {
            icalcomponent_remove_property(component, known);
            icalproperty_free(known);
            break;
        }
    }
    if (value.empty())
        return;
    icalproperty *property = icalproperty_new_x(value.c_str());
    icalproperty_set_x_name(property, name);
    icalcomponent_add_property(component, property);
}

icaltimetype dateOf(Day day)
{
    std::string digits = dayText(day);
    std::erase(digits, '-');
    return icaltime_from_string(digits.c_str());
}

icaltimetype momentOf(std::int64_t ms)
{
    return icaltime_from_timet_with_zone(
        static_cast<time_t>(ms / 1000), 0, icaltimezone_get_utc_timezone());
}

void putWhen(icalcomponent *component, const CalendarEntry &entry)
{
    if (entry.kind == "VTODO") {
        if (entry.day)
            put(component, icalproperty_new_due(dateOf(*entry.day)));
        else
            remove(component, ICAL_DUE_PROPERTY);
        return;
    }
    if (entry.startedAtMs)
        put(component, icalproperty_new_dtstart(momentOf(*entry.startedAtMs)));
    else if (entry.day)
        put(component, icalproperty_new_dtstart(dateOf(*entry.day)));
    remove(component, ICAL_DTEND_PROPERTY);
    remove(component, ICAL_DURATION_PROPERTY);
    if (entry.minutes)
        put(component,
            icalproperty_new_duration(
                icaldurationtype_from_int(static_cast<int>(*entry.minutes * 60))));
}

void putStatus(icalcomponent *component, const CalendarEntry &entry)
{
    if (entry.kind == "VEVENT") {
        put(component, icalproperty_new_status(ICAL_STATUS_CONFIRMED));
        return;
    }
    const auto status = entry.state == CalendarEntry::State::Done ? ICAL_STATUS_COMPLETED
        : entry.state == CalendarEntry::State::Dropped            ? ICAL_STATUS_CANCELLED
                                                                  : ICAL_STATUS_NEEDSACTION;
    put(component, icalproperty_new_status(status));
}

void putWords(icalcomponent *component, const CalendarEntry &entry)
{
    const std::string text = entry.said ? *entry.said : entry.description;
    if (text.empty())
        remove(component, ICAL_DESCRIPTION_PROPERTY);
    else
        put(component, icalproperty_new_description(text.c_str()));
    putExtension(component, wordsProperty, entry.said ? saidWord : "");
    putExtension(component, describedProperty, entry.said ? entry.description : "");
}

void putEntry(icalcomponent *component, const CalendarEntry &entry)
{
    if (entry.kept.empty())
        put(component, icalproperty_new_uid(entry.uid.c_str()));
    put(component, icalproperty_new_dtstamp(momentOf(entry.writtenAtMs)));
    put(component, icalproperty_new_sequence(entry.sequence));
    put(component, icalproperty_new_summary(entry.summary.c_str()));
    putWords(component, entry);
    putWhen(component, entry);
    putStatus(component, entry);
    if (entry.kept.empty() && !entry.customerName.empty())
        put(component, icalproperty_new_contact(entry.customerName.c_str()));
    putExtension(component, "X-TEND-CUSTOMER", entry.customer);
    for (const auto &[name, value] : entry.extensions)
        putExtension(component, name.c_str(), value);
}

// An event has a beginning (RFC 5545, 3.6.1). A visit of which no day can be told has none.
bool mayStand(const CalendarEntry &entry)
{
    return entry.kind != "VEVENT" || entry.startedAtMs || entry.day;
}

}  // namespace

IcalComponent calendarOf(const CalendarEntry &entry)
{
    const CalendarPart part{0, entry.kind,
        entry.kept.empty() ? "BEGIN:" + entry.kind + "\r\nEND:" + entry.kind + "\r\n" : entry.kept};
    IcalComponent calendar = readPart(part, {});
    icalcomponent *component = innerOf(calendar, entry.kind);
    if (!component)
        return {};
    removeAddressees(component);
    putExtension(component, reasonProperty, {});
    const bool isAsItCame
        = !entry.kept.empty() && differing(entryIn(component, entry.kind), entry).empty();
    if (!isAsItCame)
        putEntry(component, entry);
    return calendar;
}

std::string wrappedCalendar(const std::string &components)
{
    return head + components + "END:VCALENDAR\r\n";
}

Status exportCalendar(const Interop &interop, const Sink &sink)
{
    // Time zones stand before what names them, and are known after it.
    std::string components;
    std::map<std::string, std::string> zones;
    CalendarRows rows(interop);
    for (const char *table : {"visit", "follow_up", "promise"}) {
        for (const RowId &id :
            TRY(interop.replica.records().rowIds(journalSchema().table(table)->id))) {
            for (const CalendarEntry &entry : TRY(rows.entriesOf(table, id))) {
                if (!mayStand(entry))
                    continue;
                const IcalComponent calendar = calendarOf(entry);
                if (icalcomponent *component = innerOf(calendar, entry.kind)) {
                    addZones(calendar, zones);
                    components += writtenPart(component);
                }
            }
        }
    }
    TRY_STATUS(sink(head));
    for (const auto &[name, zone] : zones)
        TRY_STATUS(sink(zone));
    TRY_STATUS(sink(components));
    return sink("END:VCALENDAR\r\n");
}

}  // namespace tend
