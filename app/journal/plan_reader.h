#pragma once

#include <functional>

#include "app/journal/plan.h"
#include "sync/sqlite/database.h"

namespace tend {

struct ReadGoal {
    GoalFact goal;
    GoalLine line;
};

struct ReadPlan {
    PlanFacts facts;
    std::vector<ReadGoal> goals;  // in the order of facts.goals
};

// Plans as of that day, with their goals measured: of one customer, or all where `customer` is
// empty. By customer's name, those for everybody first, then by id. Measuring a plan for everybody
// reads the facts of all customers once. Errors: of the database.
[[nodiscard]] Result<std::vector<ReadPlan>> readPlans(
    replica::sqlite::Database &database, const Id &customer, Day today);

}  // namespace tend
