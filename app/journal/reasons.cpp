#include "app/journal/reasons.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "app/journal/likeness.h"

namespace tend {

namespace {

constexpr int yearDays = 365;

// Collects the reasons of one customer.
class Reasons {
public:
    Reasons(const CustomerFacts &facts, Day today)
        : m_facts(facts)
        , m_today(today)
    {
    }

    std::vector<Reason> take()
    {
        addPromises();
        addFollowUps();
        addCallsAfterSales();
        addNextSteps();
        addCircumstances();
        addNeeds();
        addInitiatives();
        addHandovers();
        addAnswers();
        addByRhythm();
        passOnFromWhoLeft();
        // The same order on every device.
        std::sort(m_reasons.begin(), m_reasons.end(), [](const Reason &one, const Reason &other) {
            return std::tie(one.group, one.day, one.kind, one.evidence)
                < std::tie(other.group, other.day, other.kind, other.evidence);
        });
        return std::move(m_reasons);
    }

private:
    void addDated(ReasonKind kind, std::optional<Day> day, const std::string &topic,
        std::vector<Id> evidence, const Id &owner = {})
    {
        if (!day || daysFrom(m_today, *day) > soonDays)
            return;
        const TodayGroup group = *day <= m_today ? TodayGroup::Now : TodayGroup::Soon;
        m_reasons.push_back({group, kind, *day, topic, std::move(evidence), owner});
    }

    void addPromises()
    {
        for (const PromiseFact &promise : m_facts.promises) {
            const PromiseState state = stateOn(promise, m_today);
            if (promise.isOurs && (state == PromiseState::Open || state == PromiseState::Late))
                addDated(ReasonKind::PromiseDue, promise.dueOn, promise.what, {promise.id});
        }
    }

    void addFollowUps()
    {
        for (const FollowUpFact &followUp : m_facts.followUps) {
            if (followUp.doneVisit.empty())
                addDated(ReasonKind::FollowUpDue, followUp.dueOn, followUp.about, {followUp.id},
                    followUp.owner);
        }
    }

    void addNextSteps()
    {
        for (const VisitFact &visit : m_facts.visits) {
            if (!visit.nextStep.empty() && !visit.isNextStepDone)
                addDated(ReasonKind::NextStepDue, visit.nextStepOn, visit.nextStep, {visit.id},
                    visit.member);
        }
    }

    void addCircumstances()
    {
        for (const CircumstanceFact &circumstance : m_facts.circumstances)
            addDated(ReasonKind::CircumstanceEnds, circumstance.untilOn, circumstance.what,
                {circumstance.id});
    }

    void addNeeds()
    {
        const VisitFact *last = lastContactOf(m_facts);
        for (const NeedFact &need : m_facts.needs) {
            if (need.state != NeedState::Given)
                continue;
            const Day since = last ? last->day : m_facts.addedOn.value_or(m_today);
            m_reasons.push_back(
                {TodayGroup::Soon, ReasonKind::NeedToConfirm, since, need.words, {need.id}, {}});
        }
    }

    void addInitiatives()
    {
        for (const InitiativeFact &initiative : m_facts.initiatives) {
            if (!initiative.doneOn)
                addDated(ReasonKind::InitiativeDue, initiative.dueOn, initiative.what,
                    {initiative.id}, initiative.owner);
        }
    }

    void addHandovers()
    {
        for (const HandoverFact &handover : m_facts.handovers) {
            if (handover.toldVisit.empty())
                addDated(
                    ReasonKind::HandoverToTell, handover.onDay, {}, {handover.id}, handover.to);
        }
    }

    void addAnswers()
    {
        for (const AnswerFact &answer : m_facts.answers) {
            if (answer.toldVisits.empty())
                addDated(ReasonKind::AnswerToTell, answer.onDay, answer.words,
                    {answer.remark, answer.answer}, answer.owner);
        }
    }

    // Nothing changes hands in silence: where nobody was named, it says so.
    void passOnFromWhoLeft()
    {
        const auto hasLeft = [&](const Id &member) {
            return std::binary_search(m_facts.left.begin(), m_facts.left.end(), member);
        };
        const HandoverFact *newest = nullptr;
        for (const HandoverFact &handover : m_facts.handovers) {
            if (handover.onDay <= m_today
                && (!newest
                    || std::tie(handover.onDay, handover.id) > std::tie(newest->onDay, newest->id)))
                newest = &handover;
        }
        for (Reason &reason : m_reasons) {
            if (reason.owner.empty() || !hasLeft(reason.owner))
                continue;
            if (newest && !hasLeft(newest->to))
                reason.owner = newest->to;
            else
                reason.shouldHandOver = true;
        }
    }

    void addCallsAfterSales()
    {
        std::map<std::pair<std::string, Day>, std::vector<const SaleFact *>> sales;
        for (const SaleFact &sale : m_facts.sales)
            sales[{plainly(sale.item), sale.soldOn}].push_back(&sale);
        for (const auto &[name, same] : sales) {
            const auto wasMade = [&, &same = same](Day due) {
                return std::any_of(m_facts.followUps.begin(), m_facts.followUps.end(),
                    [&](const FollowUpFact &followUp) {
                        const bool isOfIt = std::any_of(same.begin(), same.end(),
                            [&](const SaleFact *sale) { return sale->id == followUp.sale; });
                        return isOfIt && followUp.dueOn == due && !followUp.doneVisit.empty();
                    });
            };
            const auto days = callsAfter(name.second, daysLater(m_today, soonDays));
            // One that was never made gives way to the next.
            std::optional<Day> due;
            for (const Day day : days) {
                if (day <= m_today || !due || wasMade(*due))
                    due = day;
            }
            if (!due || wasMade(*due))
                continue;
            const SaleFact &sale = *same.front();
            addDated(ReasonKind::CallAfterSale, due, sale.item, {sale.id}, sale.seller);
        }
    }

    void addByRhythm()
    {
        const VisitFact *last = lastContactOf(m_facts);
        if (!last) {
            const Day since = m_facts.addedOn.value_or(m_today);
            // Thousands of imported names are no thousand reasons to talk.
            if (since <= m_today && !m_facts.waitsForNobody)
                m_reasons.push_back(
                    {TodayGroup::Soon, ReasonKind::NeverTalked, since, {}, {m_facts.id}, {}});
            return;
        }
        const Rhythm rhythm = rhythmOf(m_facts);
        std::vector<Id> evidence{last->id};
        if (!rhythm.evidence.empty())
            evidence.push_back(rhythm.evidence);
        const int silence = daysFrom(last->day, m_today);
        if (silence > 2 * rhythm.days)
            m_reasons.push_back({TodayGroup::GoneQuiet, ReasonKind::GoneQuiet, last->day, {},
                std::move(evidence), {}});
        else if (silence >= rhythm.days)
            m_reasons.push_back({TodayGroup::Soon, ReasonKind::RhythmDue,
                daysLater(last->day, rhythm.days), {}, std::move(evidence), {}});
    }

    const CustomerFacts &m_facts;
    Day m_today;
    std::vector<Reason> m_reasons;
};

}  // namespace

std::vector<Day> callsAfter(Day soldOn, Day until)
{
    std::vector<Day> days;
    for (const int after : {3, 30, 90}) {
        if (daysLater(soldOn, after) <= until)
            days.push_back(daysLater(soldOn, after));
    }
    for (Day day = daysLater(soldOn, yearDays); day <= until; day = daysLater(day, yearDays))
        days.push_back(day);
    return days;
}

std::vector<Reason> reasonsOf(const CustomerFacts &facts, Day today)
{
    const CustomerFacts now = asOf(facts, today);
    return Reasons(now, today).take();
}

bool shouldGoThere(const CustomerFacts &facts)
{
    const VisitFact *last = lastContactOf(facts);
    int tries = 0;
    for (const VisitFact &visit : facts.visits) {
        const bool isSince
            = !last || std::tie(visit.atMs, visit.id) > std::tie(last->atMs, last->id);
        tries += isSince && visit.outcome != Outcome::Met ? 1 : 0;
    }
    return tries >= 2;
}

}  // namespace tend
