// The days on which the reasons of a customer turn, though no row changes.
#include <algorithm>

#include "app/journal/reasons.h"

namespace tend {

namespace {

// Finds the first of the days it is told that is later than today.
class Turn {
public:
    explicit Turn(Day today)
        : m_today(today)
    {
    }

    void at(std::optional<Day> day)
    {
        if (day && *day > m_today && (!m_first || *day < *m_first))
            m_first = day;
    }

    // What is due comes into view a week before, and presses on its day.
    void atDue(std::optional<Day> day)
    {
        if (!day)
            return;
        at(daysLater(*day, -soonDays));
        at(day);
    }

    [[nodiscard]] std::optional<Day> first() const { return m_first; }

private:
    Day m_today;
    std::optional<Day> m_first;
};

// By themselves, or because they are known from that day on.
void turnWithRows(Turn &turn, const CustomerFacts &facts, Day today)
{
    // Of whom nobody knows when they were added, that is each day anew.
    turn.at(facts.addedOn.value_or(daysLater(today, 1)));
    for (const VisitFact &visit : facts.visits) {
        turn.at(visit.day);
        turn.atDue(visit.nextStepOn);
    }
    for (const PromiseFact &promise : facts.promises) {
        turn.at(promise.madeOn);
        turn.atDue(promise.dueOn);
        turn.at(promise.doneOn);
    }
    for (const TermsFact &terms : facts.terms)
        turn.at(terms.sinceOn);
    for (const CircumstanceFact &circumstance : facts.circumstances) {
        turn.at(circumstance.sinceOn);
        turn.atDue(circumstance.untilOn);
    }
    for (const FollowUpFact &followUp : facts.followUps)
        turn.atDue(followUp.dueOn);
    for (const InitiativeFact &initiative : facts.initiatives) {
        turn.atDue(initiative.dueOn);
        turn.at(initiative.doneOn);
    }
    for (const HandoverFact &handover : facts.handovers)
        turn.atDue(handover.onDay);
    for (const AnswerFact &answer : facts.answers)
        turn.at(answer.onDay);
}

void turnWithSales(Turn &turn, const CustomerFacts &facts, Day today)
{
    constexpr int longestPauseDays = 365;
    for (const SaleFact &sale : facts.sales) {
        turn.at(sale.soldOn);
        const Day later = std::max(today, sale.soldOn);
        for (const Day call :
            callsAfter(sale.soldOn, daysLater(later, longestPauseDays + soonDays)))
            turn.atDue(call);
    }
}

// By what is known today: whatever alters that is a row's day, told above.
void turnWithRhythm(Turn &turn, const CustomerFacts &now)
{
    if (const VisitFact *last = lastContactOf(now)) {
        const int days = rhythmOf(now).days;
        turn.at(daysLater(last->day, days));
        turn.at(daysLater(last->day, 2 * days + 1));
    }
}

}  // namespace

std::optional<Day> nextTurnOf(const CustomerFacts &facts, Day today)
{
    Turn turn(today);
    turnWithRows(turn, facts, today);
    turnWithSales(turn, facts, today);
    turnWithRhythm(turn, asOf(facts, today));
    return turn.first();
}

}  // namespace tend
