#pragma once

#include <string>
#include <string_view>

#include "app/interop/export.h"
#include "app/interop/import_plan.h"

namespace tend {
struct Interop;

// iCalendar (RFC 5545), read and written by libical.
//
// Out: a VEVENT for each visit, a VTODO for each follow-up, each promise of ours and each next step
// of a visit. In: the same by UID; and VTODO and VEVENT of other programs as follow-ups and visits
// of the customer that an ATTENDEE's or ORGANIZER's e-mail address or the SUMMARY names.
[[nodiscard]] Status planCalendar(const Interop &interop, std::string_view text, ImportPlan &into);
[[nodiscard]] Status exportCalendar(const Interop &interop, const Sink &sink);

// Components inside a calendar of ours.
[[nodiscard]] std::string wrappedCalendar(const std::string &components);

}  // namespace tend
