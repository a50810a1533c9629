#pragma once

#include "app/journal/facts.h"

// The Customer Relationship Plan: goals with a measure, measured by what the journal knows, and
// what is done for them. docs/RULES.md. Measured points are worked out from the visits each time
// and never stored, so a visit that arrives late redraws the same line on every device. Pure: any
// thread, no clock.
namespace tend {

// What a goal measures. Its column says so in the words of rule_words.h; other words are measured
// by hand.
enum class Measure {
    // Of the plan's customer, as their profile has it.
    Recency,
    TwoWayness,
    PromisesKept,
    Rating,
    Breadth,
    Contacts,  // within a year
    Hours,  // of those contacts
    // Of a plan for everybody.
    Relationships,  // how many are not data only
    GoneQuiet,  // how many are
    ByHand
};

// Numbers of a plan are thousandths, so that every device counts alike.
using Thousandths = std::int64_t;

struct GoalPoint {
    Day on{};
    Thousandths value = 0;
    std::vector<Id> evidence;  // never empty
};

struct GoalFact {
    Id id;
    std::string words;
    std::string measure;  // as it was written
    std::optional<Thousandths> baseline;
    std::optional<Thousandths> target;
    std::optional<Day> sinceOn;  // when the baseline was taken; else when the goal was written down
    std::optional<Day> dueOn;
    std::vector<GoalPoint> byHand;  // by day and id
};

struct PlanFacts {
    Id id;
    Id customer;  // empty: a plan for everybody
    std::string customerName;
    std::string title;
    bool isActive = false;  // as it was written; see isActive()
    std::vector<GoalFact> goals;  // by id, as are the initiatives
    std::vector<InitiativeFact> initiatives;
};

[[nodiscard]] Measure measureOf(const std::string &words);
// With measure, baseline, target and day: without one such goal a plan is not active.
[[nodiscard]] bool isWhole(const GoalFact &goal);
[[nodiscard]] bool isActive(const PlanFacts &plan);
// Nothing but tools: what people do and how they do it stays as it is.
[[nodiscard]] bool isTechnologyOnly(const PlanFacts &plan);

// On which days up to `today` a goal that the journal measures itself has a point: the last day of
// each month, and today.
[[nodiscard]] std::vector<Day> pointDays(Day since, Day today);

// What a measure is worth on that day; nothing where that is not known. For those of a customer.
[[nodiscard]] std::optional<GoalPoint> measured(
    const CustomerFacts &facts, Measure measure, Day on);

enum class GoalStanding { NotKnown, Reached, Ahead, Behind };

struct GoalLine {
    std::vector<GoalPoint> points;  // oldest first
    std::optional<Thousandths> expected;  // on the newest point's day; none where it is not whole
    GoalStanding standing = GoalStanding::NotKnown;
};

[[nodiscard]] GoalLine lineOf(const GoalFact &goal, std::vector<GoalPoint> points);

}  // namespace tend
