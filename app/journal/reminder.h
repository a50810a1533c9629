#pragma once

#include "app/journal/journal.h"

namespace tend {

// When this device says what is due: once a day, at an hour of the day where it is. It needs no
// network and no timer that survives anything: whoever asks, after a restart or in another time
// zone, is told once what that day holds. docs/RULES.md.
struct ReminderClock {
    Day today{};  // in the calendar of whoever carries the device
    int minuteOfDay = 0;
};

// `lastOn` is the day it was last said on; none: never.
[[nodiscard]] constexpr bool isReminderDue(
    const ReminderClock &now, int atMinute, const std::optional<Day> &lastOn)
{
    // Flown west over the date line it is yesterday again: what was said for tomorrow stays said.
    return now.minuteOfDay >= atMinute && (!lastOn || *lastOn < now.today);
}

// 08:00 as minutes; nothing for other text.
[[nodiscard]] std::optional<int> minuteOfDayIn(const std::string &text);

// The clock where this machine is (TZ).
[[nodiscard]] ReminderClock reminderClock(WallTime now);

}  // namespace tend
