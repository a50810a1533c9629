#include "app/cli/evidence_text.h"

#include "app/cli/lines.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"

namespace tend::cli {

std::string rowText(const CustomerFacts &facts, const Id &row)
{
    for (const VisitFact &visit : facts.visits) {
        if (visit.id == row)
            return dayText(visit.day) + ' ' + plain(word(visit.kind))
                + (visit.outcome == Outcome::Met ? "" : ", nobody met");
    }
    for (const PromiseFact &promise : facts.promises) {
        if (promise.id == row)
            return "promise: " + flat(promise.what);
    }
    for (const TermsFact &terms : facts.terms) {
        if (terms.id == row)
            return "terms: " + flat(terms.words);
    }
    for (const TagFact &tag : facts.tags) {
        if (tag.id == row)
            return "tag: " + flat(tag.name);
    }
    for (const LossFact &loss : facts.losses) {
        if (loss.id == row)
            return dayText(loss.onDay) + ' ' + word(loss.reason)
                + (loss.words.empty() ? "" : ": " + flat(loss.words));
    }
    return {};
}

}  // namespace tend::cli
