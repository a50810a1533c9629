#pragma once

#include <libical/ical.h>

// Whom calendar programs write to by themselves: attendees and organizers, and alarms by mail.
namespace tend {

// With all that stand in it.
void removeAddressees(icalcomponent *component);

// Attendees and organizer of the other, for what comes back from our export lacks them.
void takeAddressees(icalcomponent *component, icalcomponent *from);

}  // namespace tend
