#pragma once

#include "app/journal/reasons.h"
#include "sync/sqlite/database.h"

// Whoever stands in Today, with all their reasons: docs/RULES.md, "Today and next talks".
namespace tend {

struct TodayPerson {
    Id customer;  // whose page it is
    std::string name;
    bool hasPhone = false;
    bool shouldGoThere = false;  // two tries reached nobody
    std::vector<Reason> reasons;  // never empty, the most pressing first
};

// Nothing for whom there is no reason. Pure.
[[nodiscard]] std::optional<TodayPerson> todayOf(const CustomerFacts &facts, Day today);

// By the first reason's group and day, then by name and id: the same order on every device.
void sortByPressing(std::vector<TodayPerson> &people);

// Reads the facts of everybody, so it costs what there is; what TodayIndex answers is this. Errors:
// of the database.
[[nodiscard]] Result<std::vector<TodayPerson>> readToday(
    replica::sqlite::Database &database, Day today);

}  // namespace tend
