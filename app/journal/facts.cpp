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
    // What a later visit did is not done yet.
    const auto unlessThere = [&](Id &visitId) {
        const bool wasDone = std::any_of(then.visits.begin(), then.visits.end(),
            [&](const VisitFact &visit) { return visit.id == visitId; });
        if (!wasDone)
            visitId.clear();
    };
    for (FollowUpFact &followUp : then.followUps)
        unlessThere(followUp.doneVisit);
    for (HandoverFact &handover : then.handovers)
        unlessThere(handover.toldVisit);
    return then;
}

namespace {

template <typename Fact>
void addAll(std::vector<Fact> &facts, std::vector<Fact> others)
{
    for (Fact &other : others) {
        const auto isSame = [&](const Fact &fact) {
            return fact.id == other.id;
        };
        // A group visit in which both rows took part is one visit.
        if (std::none_of(facts.begin(), facts.end(), isSame))
            facts.push_back(std::move(other));
    }
    std::sort(facts.begin(), facts.end(),
        [](const Fact &one, const Fact &another) { return one.id < another.id; });
}

}  // namespace

void absorb(CustomerFacts &facts, CustomerFacts other)
{
    facts.hasPhone = facts.hasPhone || other.hasPhone;
    if (other.addedOn && (!facts.addedOn || *other.addedOn < *facts.addedOn))
        facts.addedOn = other.addedOn;
    addAll(facts.visits, std::move(other.visits));
    std::sort(facts.visits.begin(), facts.visits.end(),
        [](const VisitFact &one, const VisitFact &another) {
            return std::tie(one.atMs, one.id) < std::tie(another.atMs, another.id);
        });
    addAll(facts.promises, std::move(other.promises));
    addAll(facts.terms, std::move(other.terms));
    addAll(facts.circumstances, std::move(other.circumstances));
    addAll(facts.needs, std::move(other.needs));
    addAll(facts.sales, std::move(other.sales));
    addAll(facts.followUps, std::move(other.followUps));
    addAll(facts.initiatives, std::move(other.initiatives));
    facts.activePlans.insert(
        facts.activePlans.end(), other.activePlans.begin(), other.activePlans.end());
    std::sort(facts.activePlans.begin(), facts.activePlans.end());
    addAll(facts.losses, std::move(other.losses));
    addAll(facts.handovers, std::move(other.handovers));
}

}  // namespace tend
