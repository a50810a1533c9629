#include "app/journal/reminder.h"

#include <cstdio>
#include <ctime>

#include "app/journal/row_text.h"

namespace tend {

std::optional<int> minuteOfDayIn(const std::string &text)
{
    int hour = 0;
    int minute = 0;
    char behind = 0;
    const bool isTime = std::sscanf(text.c_str(), "%2d:%2d%c", &hour, &minute, &behind) == 2
        && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
    return isTime ? std::optional(hour * 60 + minute) : std::nullopt;
}

ReminderClock reminderClock(WallTime now)
{
    const auto seconds = static_cast<std::time_t>(replica::inMs(now) / 1000);
    std::tm local{};
    localtime_r(&seconds, &local);
    return {localDay(now), local.tm_hour * 60 + local.tm_min};
}

}  // namespace tend
