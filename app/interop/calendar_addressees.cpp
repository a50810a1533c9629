#include "app/interop/calendar_addressees.h"

#include <array>

namespace tend {

namespace {

constexpr std::array<icalproperty_kind, 2> addressees
    = {ICAL_ATTENDEE_PROPERTY, ICAL_ORGANIZER_PROPERTY};

bool isMail(icalcomponent *alarm)
{
    icalproperty *action = icalcomponent_get_first_property(alarm, ICAL_ACTION_PROPERTY);
    return action && icalproperty_get_action(action) == ICAL_ACTION_EMAIL;
}

}  // namespace

void removeAddressees(icalcomponent *component)
{
    for (const icalproperty_kind kind : addressees) {
        while (icalproperty *property = icalcomponent_get_first_property(component, kind)) {
            icalcomponent_remove_property(component, property);
            icalproperty_free(property);
        }
    }
    icalcomponent *next = nullptr;
    for (icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
         inner; inner = next) {
        next = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT);
        removeAddressees(inner);
        if (isMail(inner)) {
            icalcomponent_remove_component(component, inner);
            icalcomponent_free(inner);
        }
    }
}

std::string withAddresseesOf(const std::string &kept, const CalendarPart &part)
{
    const IcalComponent before = readPart({0, part.kind, kept}, {});
    const IcalComponent calendar = readPart(part, {});
    icalcomponent *from = innerOf(before, part.kind);
    icalcomponent *component = innerOf(calendar, part.kind);
    if (!from || !component)
        return part.text;
    for (const icalproperty_kind kind : addressees) {
        for (icalproperty *one = icalcomponent_get_first_property(from, kind); one;
             one = icalcomponent_get_next_property(from, kind))
            icalcomponent_add_property(component, icalproperty_new_clone(one));
    }
    // The zones it names stand behind it.
    std::string text;
    for (icalcomponent *one = icalcomponent_get_first_component(calendar.get(), ICAL_ANY_COMPONENT);
         one; one = icalcomponent_get_next_component(calendar.get(), ICAL_ANY_COMPONENT))
        text += writtenPart(one);
    return text;
}

}  // namespace tend
