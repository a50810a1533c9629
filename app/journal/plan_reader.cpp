#include "app/journal/plan_reader.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "app/journal/facts_reader.h"
#include "app/journal/profile.h"
#include "app/journal/row_at.h"
#include "app/journal/rule_words.h"
#include "app/journal/same_customers.h"
#include "sync/domain/ids.h"

namespace tend {

using namespace replica;

namespace {

std::optional<Thousandths> thousandthsAt(const sqlite::Statement &row, int column)
{
    constexpr double most = 1e9;
    if (row.isNull(column) || !(std::abs(row.real(column)) <= most))
        return std::nullopt;
    return std::llround(row.real(column) * 1000);
}

std::optional<InitiativeKind> initiativeKindAt(const sqlite::Statement &row, int column)
{
    for (int i = 0; i <= static_cast<int>(InitiativeKind::Technology); ++i) {
        if (word(static_cast<InitiativeKind>(i)) == row.text(column))
            return static_cast<InitiativeKind>(i);
    }
    return std::nullopt;
}

Result<std::vector<GoalFact>> goalsOf(sqlite::Database &database, const Bytes &plan, Day today)
{
    std::vector<GoalFact> goals;
    auto row = TRY(database.prepare("SELECT id, words, measure, baseline, target, since_on, due_on "
                                    "FROM goal WHERE plan_id = ?1 ORDER BY id"));
    row.bindBlob(1, plan);
    while (TRY(row.step())) {
        GoalFact goal{idAt(row, 0), std::string(row.text(1)), std::string(row.text(2)),
            thousandthsAt(row, 3), thousandthsAt(row, 4), dayAt(row, 5), dayAt(row, 6), {}};
        if (!goal.sinceOn)
            goal.sinceOn = dayMade(row.blob(0));
        goals.push_back(std::move(goal));
    }
    auto point = TRY(database.prepare("SELECT id, on_day, value FROM measurement WHERE goal_id = "
                                      "?1 AND value IS NOT NULL ORDER BY on_day, id"));
    for (GoalFact &goal : goals) {
        const Bytes key = keyOf(goal.id);
        point.reset().bindBlob(1, key);
        while (TRY(point.step())) {
            const auto on = dayAt(point, 1);
            const auto value = thousandthsAt(point, 2);
            if (!on || !value || *on > today)
                continue;
            // The last one written down that day counts.
            if (!goal.byHand.empty() && goal.byHand.back().on == *on)
                goal.byHand.pop_back();
            goal.byHand.push_back({*on, *value, {idAt(point, 0)}});
        }
    }
    return goals;
}

Result<std::vector<InitiativeFact>> initiativesOf(
    sqlite::Database &database, const Bytes &plan, Day today)
{
    std::vector<InitiativeFact> initiatives;
    auto row = TRY(database.prepare(
        "SELECT i.id, i.what, i.kind, i.owner_id, coalesce(m.name, ''), i.due_on, i.done_on FROM "
        "initiative i LEFT JOIN member m ON m.id = i.owner_id WHERE i.plan_id = ?1 ORDER BY i.id"));
    row.bindBlob(1, plan);
    while (TRY(row.step())) {
        InitiativeFact initiative{idAt(row, 0), std::string(row.text(1)), initiativeKindAt(row, 2),
            idAt(row, 3), std::string(row.text(4)), dayAt(row, 5), dayAt(row, 6)};
        if (initiative.doneOn && *initiative.doneOn > today)
            initiative.doneOn.reset();
        initiatives.push_back(std::move(initiative));
    }
    return initiatives;
}

// What plans for everybody measure, on each day that any of their goals asks for.
struct Everybody {
    std::map<Day, GoalPoint> relationships;
    std::map<Day, GoalPoint> goneQuiet;
};

Status measure(sqlite::Database &database, Everybody &everybody)
{
    const auto note = [](std::map<Day, GoalPoint> &points, Day on, const Id &customer) {
        const auto at = points.find(on);
        if (at == points.end())
            return;
        at->second.value += 1000;
        at->second.evidence.push_back(customer);
    };
    std::map<Day, bool> days;
    for (const auto *points : {&everybody.relationships, &everybody.goneQuiet}) {
        for (const auto &[on, point] : *points)
            days[on] = true;
    }
    return FactsReader(database).forEach([&](const CustomerFacts &facts) -> Status {
        for (const auto &[on, isAsked] : days) {
            const Standing standing = standingOn(facts, on);
            if (standing != Standing::DataOnly)
                note(everybody.relationships, on, facts.id);
            if (standing == Standing::GoneQuiet)
                note(everybody.goneQuiet, on, facts.id);
        }
        return {};
    });
}

// Where nobody is counted, the plan itself stands for "we looked, and there was none".
std::vector<GoalPoint> pointsFrom(
    const std::map<Day, GoalPoint> &all, const std::vector<Day> &days, const Id &plan)
{
    std::vector<GoalPoint> points;
    for (const Day on : days) {
        GoalPoint point = all.at(on);
        if (point.evidence.empty())
            point.evidence.push_back(plan);
        points.push_back(std::move(point));
    }
    return points;
}

Status addLines(sqlite::Database &database, std::vector<ReadPlan> &plans, Day today)
{
    Everybody everybody;
    for (const ReadPlan &plan : plans) {
        for (const GoalFact &goal : plan.facts.goals) {
            const Measure kind = measureOf(goal.measure);
            for (const Day on : pointDays(goal.sinceOn.value_or(today), today)) {
                if (plan.facts.customer.empty() && kind == Measure::Relationships)
                    everybody.relationships[on] = {on, 0, {}};
                if (plan.facts.customer.empty() && kind == Measure::GoneQuiet)
                    everybody.goneQuiet[on] = {on, 0, {}};
            }
        }
    }
    if (!everybody.relationships.empty() || !everybody.goneQuiet.empty())
        TRY_STATUS(measure(database, everybody));
    FactsReader reader(database);
    for (ReadPlan &plan : plans) {
        const auto customer = plan.facts.customer.empty() ? Result<CustomerFacts>(CustomerFacts{})
                                                          : reader.of(plan.facts.customer);
        if (!customer && customer.error().code != ErrorCode::NotFound)
            return tl::unexpected<Error>(customer.error());
        for (const GoalFact &goal : plan.facts.goals) {
            const Measure kind = measureOf(goal.measure);
            const auto days = pointDays(goal.sinceOn.value_or(today), today);
            std::vector<GoalPoint> points;
            if (kind == Measure::ByHand)
                points = goal.byHand;
            else if (plan.facts.customer.empty() && kind == Measure::Relationships)
                points = pointsFrom(everybody.relationships, days, plan.facts.id);
            else if (plan.facts.customer.empty() && kind == Measure::GoneQuiet)
                points = pointsFrom(everybody.goneQuiet, days, plan.facts.id);
            else if (customer) {
                for (const Day on : days) {
                    if (auto point = measured(*customer, kind, on))
                        points.push_back(*std::move(point));
                }
            }
            plan.goals.push_back({goal, lineOf(goal, std::move(points))});
        }
    }
    return {};
}

}  // namespace

Result<std::vector<ReadPlan>> readPlans(sqlite::Database &database, const Id &customer, Day today)
{
    const SameCustomers same = TRY(SameCustomers::read(database));
    std::vector<ReadPlan> plans;
    auto row = TRY(database.prepare(
        std::string("SELECT p.id, p.customer_id, coalesce(p.title, ''), p.active FROM plan p ")
        + (customer.empty() ? "" : "WHERE p.customer_id = ?1")));
    auto name = TRY(database.prepare("SELECT name FROM customer WHERE id = ?1"));
    for (const Id &wanted : customer.empty() ? std::vector<Id>{{}} : same.all(customer)) {
        const Bytes wantedKey = keyOf(wanted);
        row.reset();
        if (!wanted.empty())
            row.bindBlob(1, wantedKey);
        while (TRY(row.step())) {
            ReadPlan plan;
            plan.facts = {idAt(row, 0), same.rootOf(idAt(row, 1)), {}, std::string(row.text(2)),
                row.int64(3) != 0, TRY(goalsOf(database, Bytes(row.blob(0)), today)),
                TRY(initiativesOf(database, Bytes(row.blob(0)), today))};
            const Bytes key = keyOf(plan.facts.customer);
            name.reset().bindBlob(1, key);
            if (TRY(name.step()))
                plan.facts.customerName = std::string(name.text(0));
            else if (!plan.facts.customer.empty())
                continue;  // they were deleted
            plans.push_back(std::move(plan));
        }
    }
    std::sort(plans.begin(), plans.end(), [](const ReadPlan &one, const ReadPlan &other) {
        return std::tie(one.facts.customerName, one.facts.id)
            < std::tie(other.facts.customerName, other.facts.id);
    });
    TRY_STATUS(addLines(database, plans, today));
    return plans;
}

}  // namespace tend
