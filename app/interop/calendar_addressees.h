#pragma once

#include <string>

#include "app/interop/calendar_parts.h"

// Whom calendar programs write to by themselves: attendees and organizers, and alarms by mail.
namespace tend {

// With all that stand in it.
void removeAddressees(icalcomponent *component);

// The text of a part with attendees and organizer of the one that was kept of it.
[[nodiscard]] std::string withAddresseesOf(const std::string &kept, const CalendarPart &part);

}  // namespace tend
