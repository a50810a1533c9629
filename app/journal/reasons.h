#pragma once

#include "app/journal/profile.h"

// Whom to talk to, about what, and why: docs/RULES.md. Each reason rests on rows. Pure: any thread,
// no clock.
namespace tend {

struct Reason {
    TodayGroup group = TodayGroup::Now;
    ReasonKind kind = ReasonKind::NextStepDue;
    Day day{};  // when it is or was due; for a silence the last contact
    std::string topic;  // in the words of whoever wrote it; may be empty
    std::vector<Id> evidence;  // never empty
    Id owner;  // whose it is, where somebody is named
    bool shouldHandOver = false;  // the owner left us, and nobody was named to go on
};

// What falls due within so many days from today is told.
inline constexpr int soonDays = 7;

// The most pressing first; what is due more than a week after `today` is left out.
[[nodiscard]] std::vector<Reason> reasonsOf(const CustomerFacts &facts, Day today);
// The first later day on which reasonsOf() or shouldGoThere() may tell something else of these
// facts, though no row changes; nothing where no day does that. From `today` to the day before they
// tell the same.
[[nodiscard]] std::optional<Day> nextTurnOf(const CustomerFacts &facts, Day today);
// Two tries without reaching anybody since the last contact: time to go there.
[[nodiscard]] bool shouldGoThere(const CustomerFacts &facts);

// Calls after a sale fall due 3, 30 and 90 days after it, then every year. The same sale recorded
// twice, by two devices or by mistake, makes them once.
[[nodiscard]] std::vector<Day> callsAfter(Day soldOn, Day until);

}  // namespace tend
