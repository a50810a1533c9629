#include "app/journal/facts.h"

#include <algorithm>

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
    for (FollowUpFact &followUp : then.followUps) {
        const bool wasDone = std::any_of(then.visits.begin(), then.visits.end(),
            [&](const VisitFact &visit) { return visit.id == followUp.doneVisit; });
        if (!wasDone)
            followUp.doneVisit.clear();
    }
    return then;
}

}  // namespace tend
