// plan.
#include "app/cli/asked.h"
#include "app/cli/lines.h"
#include "app/journal/plan_reader.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"

namespace tend::cli {

using namespace replica;

namespace {

Json orNull(const std::optional<Day> &day)
{
    return day ? Json(dayText(*day)) : Json();
}

Json orNull(const std::optional<Thousandths> &value)
{
    return value ? Json(static_cast<double>(*value) / 1000) : Json();
}

// 66667 is 66.667, and 50000 is 50.
std::string numberText(Thousandths value)
{
    const Thousandths size = std::abs(value);
    std::string text = (value < 0 ? "-" : "") + std::to_string(size / 1000);
    if (size % 1000 == 0)
        return text;
    text += '.' + std::to_string(1000 + size % 1000).substr(1);
    return text.substr(0, text.find_last_not_of('0') + 1);
}

std::string stateOf(const InitiativeFact &initiative, Day today)
{
    if (initiative.doneOn)
        return "done";
    return initiative.dueOn && *initiative.dueOn < today ? "late" : "open";
}

Json toJson(const ReadPlan &plan, Day today)
{
    Json json = {{"plan", plan.facts.id}, {"customer", plan.facts.customer},
        {"name", plan.facts.customerName}, {"title", plan.facts.title},
        {"active", isActive(plan.facts)}, {"technology_only", isTechnologyOnly(plan.facts)},
        {"goals", Json::array()}, {"initiatives", Json::array()}};
    for (const auto &[goal, line] : plan.goals) {
        Json points = Json::array();
        for (const GoalPoint &point : line.points)
            points.push_back({{"on", dayText(point.on)}, {"value", orNull(point.value)},
                {"evidence", point.evidence}});
        json["goals"].push_back({{"goal", goal.id}, {"words", goal.words},
            {"measure", word(measureOf(goal.measure))}, {"whole", isWhole(goal)},
            {"baseline", orNull(goal.baseline)}, {"target", orNull(goal.target)},
            {"since_on", orNull(goal.sinceOn)}, {"due_on", orNull(goal.dueOn)}, {"points", points},
            {"expected", orNull(line.expected)}, {"standing", word(line.standing)}});
    }
    for (const InitiativeFact &initiative : plan.facts.initiatives)
        json["initiatives"].push_back({{"initiative", initiative.id}, {"what", initiative.what},
            {"kind", initiative.kind ? Json(word(*initiative.kind)) : Json()},
            {"owner", initiative.owner}, {"due_on", orNull(initiative.dueOn)},
            {"done_on", orNull(initiative.doneOn)}, {"state", stateOf(initiative, today)}});
    return json;
}

Status printGoal(const GoalFact &goal, const GoalLine &line)
{
    TRY_STATUS(printLine("  " + flat(goal.words)));
    if (!isWhole(goal)) {
        TRY_STATUS(
            printLine("      says not yet how it is measured, from what, to what, and by when"));
    } else {
        TRY_STATUS(printLine("      " + plain(goal.measure) + " from " + numberText(*goal.baseline)
            + " to " + numberText(*goal.target) + " by " + dayText(*goal.dueOn) + ": "
            + plain(word(line.standing))
            + (line.expected ? ", " + numberText(*line.expected) + " was to be expected" : "")));
    }
    for (const GoalPoint &point : line.points)
        TRY_STATUS(printLine("      " + dayText(point.on) + "  " + numberText(point.value)));
    return {};
}

Status printPlan(const ReadPlan &plan, Day today)
{
    TRY_STATUS(printLine((plan.facts.customer.empty() ? "Everybody" : flat(plan.facts.customerName))
        + ": " + (plan.facts.title.empty() ? "a plan" : flat(plan.facts.title))
        + (isActive(plan.facts) ? "" : "  (not active)")));
    for (const auto &[goal, line] : plan.goals)
        TRY_STATUS(printGoal(goal, line));
    for (const InitiativeFact &initiative : plan.facts.initiatives)
        TRY_STATUS(
            printLine("  " + (initiative.kind ? word(*initiative.kind) : std::string("to do"))
                + ": " + flat(initiative.what) + ", "
                + (initiative.ownerName.empty() ? "nobody here" : flat(initiative.ownerName))
                + (initiative.dueOn ? ", by " + dayText(*initiative.dueOn) : "") + ", "
                + stateOf(initiative, today)));
    if (isTechnologyOnly(plan.facts))
        TRY_STATUS(printLine("  Only technology is to change here. What of rules, ways of working, "
                             "skills and attitudes?"));
    return {};
}

}  // namespace

Status plan(const Common &common, const std::string &customer, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));
    const Id whose = customer.empty() ? Id{} : TRY(customerOpened(*open, customer));
    const auto plans = TRY(readPlans(open->store->database(), whose, day));
    for (const ReadPlan &one : plans)
        TRY_STATUS(common.isJson ? print(toJson(one, day)) : printPlan(one, day));
    if (plans.empty() && !common.isJson)
        TRY_STATUS(printLine("There is no plan yet."));
    return {};
}

}  // namespace tend::cli
