#include "app/journal/reminder.h"

#include <ctime>

#include "app/journal/row_text.h"

namespace tend {

ReminderClock reminderClock(WallTime now)
{
    const auto seconds = static_cast<std::time_t>(replica::inMs(now) / 1000);
    std::tm local{};
    localtime_r(&seconds, &local);
    return {localDay(now), local.tm_hour * 60 + local.tm_min};
}

}  // namespace tend
