#pragma once

#include <libical/ical.h>
#include <string>

namespace tend {

// A time zone by what a calendar calls it without describing it: its name in the Olson database,
// that behind a vendor's prefix (/citadel.org/20210210_1/Europe/Berlin), or Windows' name ("W.
// Europe Standard Time"). Null where nobody here knows it.
[[nodiscard]] icaltimezone *zoneCalled(const std::string &name);

}  // namespace tend
