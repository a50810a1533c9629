#pragma once

#include <libical/ical.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/interop/vcard.h"
#include "sync/base/handle.h"

// Calendars cut into their components, each read by libical on its own: so each has its line, one
// that is broken costs no other, and nothing nests deeper than the standard lets it.
namespace tend {

using IcalComponent = replica::Handle<icalcomponent, &icalcomponent_free>;

struct CalendarPart {
    std::size_t line = 0;  // of its BEGIN
    std::string kind;  // VEVENT, VTODO, ...
    std::string text;  // BEGIN to END
};

struct CalendarParts {
    std::vector<CalendarPart> parts;  // but for time zones
    std::vector<CalendarPart> zones;
    std::vector<InputFault> faults;
};

[[nodiscard]] CalendarParts calendarParts(std::string_view text);

// A part in a calendar of its own with the time zones it names. Nothing where libical cannot read
// it.
[[nodiscard]] IcalComponent readPart(
    const CalendarPart &part, const std::vector<CalendarPart> &zones);
// The event or task in it.
[[nodiscard]] icalcomponent *innerOf(const IcalComponent &calendar, const std::string &kind);

// The value of its first property of this name, as the file has it: not of what stands in the part.
// Empty without one.
[[nodiscard]] std::string writtenValue(const CalendarPart &part, std::string_view name);

// The zones that a part names and this machine does not know by name.
[[nodiscard]] std::string unknownZones(
    const CalendarPart &part, const std::vector<CalendarPart> &zones);
// All zones that a calendar's components name, by name, as components.
void addZones(const IcalComponent &calendar, std::map<std::string, std::string> &into);

// The text of a property as it is meant; empty without one.
[[nodiscard]] std::string textOf(icalcomponent *component, icalproperty_kind kind);
[[nodiscard]] std::string extensionOf(icalcomponent *component, std::string_view name);
// With CRLF, folded.
[[nodiscard]] std::string writtenPart(icalcomponent *component);

}  // namespace tend
