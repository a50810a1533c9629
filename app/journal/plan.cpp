#include "app/journal/plan.h"

#include <algorithm>
#include <chrono>

#include "app/journal/profile.h"
#include "app/journal/rule_words.h"

namespace tend {

namespace {

constexpr int yearDays = 365;

std::chrono::sys_days calendarDay(Day day)
{
    return std::chrono::sys_days(std::chrono::days(static_cast<int>(day)));
}

Day monthEnd(Day day)
{
    using namespace std::chrono;
    const year_month_day date(calendarDay(day));
    const sys_days last = year_month_day_last(date.year(), month_day_last(date.month()));
    return Day{static_cast<std::int32_t>(last.time_since_epoch().count())};
}

std::optional<GoalPoint> contactsOrHours(const CustomerFacts &facts, Measure measure, Day on)
{
    GoalPoint point{on, 0, {}};
    Thousandths minutes = 0;
    for (const VisitFact &visit : facts.visits) {
        if (visit.outcome != Outcome::Met || daysFrom(visit.day, on) >= yearDays)
            continue;
        point.value += 1000;
        minutes += visit.minutes.value_or(0);
        point.evidence.push_back(visit.id);
    }
    if (measure == Measure::Hours)
        point.value = minutes * 1000 / 60;
    // None is known to be none once there was a visit.
    if (point.evidence.empty() && !facts.visits.empty())
        point.evidence.push_back(facts.visits.back().id);
    return point.evidence.empty() ? std::nullopt : std::optional(point);
}

}  // namespace

Measure measureOf(const std::string &words)
{
    for (int i = 0; i < static_cast<int>(Measure::ByHand); ++i) {
        if (word(static_cast<Measure>(i)) == words)
            return static_cast<Measure>(i);
    }
    return Measure::ByHand;
}

bool isWhole(const GoalFact &goal)
{
    return !goal.measure.empty() && goal.baseline && goal.target && goal.dueOn;
}

bool isActive(const PlanFacts &plan)
{
    return plan.isActive && std::any_of(plan.goals.begin(), plan.goals.end(), &isWhole);
}

bool isTechnologyOnly(const PlanFacts &plan)
{
    return !plan.initiatives.empty()
        && std::all_of(
            plan.initiatives.begin(), plan.initiatives.end(), [](const InitiativeFact &initiative) {
                return initiative.kind == InitiativeKind::Technology;
            });
}

std::vector<Day> pointDays(Day since, Day today)
{
    std::vector<Day> days;
    // A year mistyped as 0202 must not be measured month by month from there.
    constexpr int lookBackDays = 10 * 366;
    since = std::max(since, daysLater(today, -lookBackDays));
    for (Day end = monthEnd(since); end < today; end = monthEnd(daysLater(end, 1)))
        days.push_back(end);
    if (since <= today)
        days.push_back(today);
    return days;
}

std::optional<GoalPoint> measured(const CustomerFacts &facts, Measure measure, Day on)
{
    if (measure == Measure::Contacts || measure == Measure::Hours)
        return contactsOrHours(asOf(facts, on), measure, on);
    if (measure > Measure::Breadth)
        return std::nullopt;
    for (const Signal &signal : profileOf(facts, on).parts) {
        if (word(signal.kind) == word(measure) && signal.value)
            return GoalPoint{on, Thousandths{*signal.value} * 1000, signal.evidence};
    }
    return std::nullopt;
}

GoalLine lineOf(const GoalFact &goal, std::vector<GoalPoint> points)
{
    GoalLine line;
    line.points = std::move(points);
    if (line.points.empty() || !isWhole(goal))
        return line;
    const GoalPoint &newest = line.points.back();
    const Day since = goal.sinceOn.value_or(newest.on);
    const int whole = daysFrom(since, *goal.dueOn);
    const int gone = std::clamp(daysFrom(since, newest.on), 0, std::max(0, whole));
    line.expected = whole > 0 ? *goal.baseline + (*goal.target - *goal.baseline) * gone / whole
                              : *goal.target;
    // Fewer can be the aim: days of silence, or people gone quiet.
    const bool isUpward = *goal.target >= *goal.baseline;
    const auto isAt = [&](Thousandths value) {
        return isUpward ? newest.value >= value : newest.value <= value;
    };
    if (isAt(*goal.target))
        line.standing = GoalStanding::Reached;
    else
        line.standing = isAt(*line.expected) ? GoalStanding::Ahead : GoalStanding::Behind;
    return line;
}

}  // namespace tend
