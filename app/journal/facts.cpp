#include "app/journal/facts.h"

#include <algorithm>
#include <tuple>

namespace tend {

CustomerFacts asOf(const CustomerFacts &facts, Day day)
{
    CustomerFacts then = facts;
    std::erase_if(then.visits, [&](const VisitFact &visit) { return visit.day > day; });
    std::erase_if(then.promises,
        [&](const PromiseFact &promise) { return promise.madeOn && *promise.madeOn > day; });
    std::erase_if(
        then.terms, [&](const TermsFact &terms) { return terms.sinceOn && *terms.sinceOn > day; });
    std::erase_if(then.circumstances, [&](const CircumstanceFact &circumstance) {
        return circumstance.sinceOn && *circumstance.sinceOn > day;
    });
    std::erase_if(then.sales, [&](const SaleFact &sale) { return sale.soldOn > day; });
    for (InitiativeFact &initiative : then.initiatives) {
        if (initiative.doneOn && *initiative.doneOn > day)
            initiative.doneOn.reset();
    }
    std::erase_if(then.losses, [&](const LossFact &loss) { return loss.onDay > day; });
    // What a later visit did is not done yet. One that is not here, for it is somebody's own, did
    // it.
    const auto unlessLater = [&](Id &visitId) {
        const bool isLater = std::any_of(facts.visits.begin(), facts.visits.end(),
            [&](const VisitFact &visit) { return visit.id == visitId && visit.day > day; });
        if (isLater)
            visitId.clear();
    };
    for (FollowUpFact &followUp : then.followUps)
        unlessLater(followUp.doneVisit);
    for (HandoverFact &handover : then.handovers)
        unlessLater(handover.toldVisit);
    std::erase_if(then.answers, [&](const AnswerFact &answer) { return answer.onDay > day; });
    for (AnswerFact &answer : then.answers) {
        for (Id &visit : answer.toldVisits)
            unlessLater(visit);
        std::erase(answer.toldVisits, Id{});
    }
    return then;
}

// One visit that both rows know: whom it names has the rating and the next step, and what was noted
// for either goes before what it says of all.
void unite(VisitFact &visit, const VisitFact &other)
{
    const VisitFact first = visit;
    if (!visit.isOfThem && other.isOfThem)
        visit = other;
    if (first.isNotedForThem || other.isNotedForThem) {
        visit.feeling = first.isNotedForThem ? first.feeling : other.feeling;
        visit.isNotedForThem = true;
    }
}

namespace {

void addVisits(std::vector<VisitFact> &visits, std::vector<VisitFact> others)
{
    for (VisitFact &other : others) {
        const auto same = std::find_if(visits.begin(), visits.end(),
            [&](const VisitFact &visit) { return visit.id == other.id; });
        if (same == visits.end())
            visits.push_back(std::move(other));
        else
            unite(*same, other);
    }
    std::sort(visits.begin(), visits.end(), [](const VisitFact &one, const VisitFact &another) {
        return std::tie(one.atMs, one.id) < std::tie(another.atMs, another.id);
    });
}

template <typename Fact>
void addAll(std::vector<Fact> &facts, std::vector<Fact> others, Id Fact::*id)
{
    for (Fact &other : others) {
        const auto isSame = [&](const Fact &fact) {
            return fact.*id == other.*id;
        };
        if (std::none_of(facts.begin(), facts.end(), isSame))
            facts.push_back(std::move(other));
    }
    std::sort(facts.begin(), facts.end(),
        [&](const Fact &one, const Fact &another) { return one.*id < another.*id; });
}

}  // namespace

void absorb(CustomerFacts &facts, CustomerFacts other)
{
    facts.hasPhone = facts.hasPhone || other.hasPhone;
    facts.waitsForNobody = facts.waitsForNobody && other.waitsForNobody;
    if (other.addedOn && (!facts.addedOn || *other.addedOn < *facts.addedOn))
        facts.addedOn = other.addedOn;
    addVisits(facts.visits, std::move(other.visits));
    addAll(facts.promises, std::move(other.promises), &PromiseFact::id);
    addAll(facts.terms, std::move(other.terms), &TermsFact::id);
    addAll(facts.circumstances, std::move(other.circumstances), &CircumstanceFact::id);
    addAll(facts.needs, std::move(other.needs), &NeedFact::id);
    addAll(facts.sales, std::move(other.sales), &SaleFact::id);
    addAll(facts.followUps, std::move(other.followUps), &FollowUpFact::id);
    addAll(facts.initiatives, std::move(other.initiatives), &InitiativeFact::id);
    facts.activePlans.insert(
        facts.activePlans.end(), other.activePlans.begin(), other.activePlans.end());
    std::sort(facts.activePlans.begin(), facts.activePlans.end());
    addAll(facts.losses, std::move(other.losses), &LossFact::id);
    addAll(facts.handovers, std::move(other.handovers), &HandoverFact::id);
    addAll(facts.answers, std::move(other.answers), &AnswerFact::remark);
    addAll(facts.tags, std::move(other.tags), &TagFact::id);
}

}  // namespace tend
