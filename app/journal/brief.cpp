#include "app/journal/brief.h"

#include <algorithm>
#include <map>

#include "app/journal/facts_reader.h"
#include "app/journal/row_at.h"
#include "sync/domain/ids.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t wordsShown = 3;
constexpr std::size_t effectsShown = 5;
constexpr int yearDays = 365;

// The newest of one side's.
std::optional<TermsFact> newestTerms(const CustomerFacts &facts, bool theirs)
{
    std::optional<TermsFact> newest;
    for (const TermsFact &terms : facts.terms) {
        const bool isNewer = !newest
            || std::pair(terms.sinceOn, terms.id) > std::pair(newest->sinceOn, newest->id);
        if (terms.isTheirs == theirs && isNewer)
            newest = terms;
    }
    return newest;
}

void chooseQuestion(const CustomerFacts &facts, Day today, Brief &brief)
{
    const auto ask = [&](Question question, const std::string &topic, const Id &evidence) {
        brief.question = question;
        brief.questionTopic = topic;
        brief.questionEvidence = evidence;
    };
    for (const PromiseFact &promise : facts.promises) {
        if (promise.isOurs && stateOn(promise, today) == PromiseState::Late)
            return ask(Question::WhyLate, promise.what, promise.id);
    }
    for (const Reason &reason : brief.reasons) {
        if (reason.kind == ReasonKind::CallAfterSale)
            return ask(Question::HonestOpinion, reason.topic, reason.evidence.front());
    }
    for (const NeedFact &need : facts.needs) {
        if (need.state == NeedState::Given)
            return ask(Question::IsItRight, need.words, need.id);
    }
    for (const CircumstanceFact &circumstance : facts.circumstances) {
        if (circumstance.untilOn && *circumstance.untilOn <= today)
            return ask(Question::HowIsItNow, circumstance.what, circumstance.id);
    }
}

void addWhatIsOpen(const CustomerFacts &facts, Day today, Brief &brief)
{
    for (PromiseFact promise : facts.promises) {
        promise.state = stateOn(promise, today);
        if (promise.state == PromiseState::Open || promise.state == PromiseState::Late)
            brief.openPromises.push_back(promise);
    }
    for (const NeedFact &need : facts.needs) {
        if (need.state != NeedState::Confirmed)
            brief.openNeeds.push_back(need);
    }
    for (const CircumstanceFact &circumstance : facts.circumstances) {
        if (!circumstance.untilOn || *circumstance.untilOn >= today)
            brief.circumstances.push_back(circumstance);
    }
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        if (visit->effect && brief.effects.size() < effectsShown)
            brief.effects.push_back(*visit);
    }
}

// What was said, also in a group, and how long it took, of visits whose day the facts know.
Status readVisits(
    sqlite::Database &database, const Bytes &customer, const CustomerFacts &facts, Brief &brief)
{
    struct Visit {
        std::string said;
        int minutes = 0;
    };

    std::map<Id, Visit> visits;
    auto select = TRY(database.prepare(
        "SELECT id, said, minutes FROM visit WHERE customer_id = ?1 UNION ALL SELECT v.id, p.said, "
        "v.minutes FROM visit_customer p JOIN visit v ON v.id = p.visit_id WHERE p.customer_id = "
        "?1 AND v.customer_id IS NOT ?1"));
    select.bindBlob(1, customer);
    while (TRY(select.step()))
        visits[idAt(select, 0)] = {std::string(select.text(1)), numberAt(select, 2).value_or(0)};
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        const Visit &its = visits[visit->id];
        if (!its.said.empty() && brief.lastWords.size() < wordsShown)
            brief.lastWords.push_back({visit->id, visit->day, its.said});
        if (visit->outcome != Outcome::Met || daysFrom(visit->day, brief.profile.on) >= yearDays)
            continue;
        ++brief.visitsThisYear;
        brief.minutesThisYear += std::max(0, its.minutes);
    }
    return {};
}

}  // namespace

Result<Brief> briefOf(sqlite::Database &database, const Id &customer, Day today)
{
    const CustomerFacts all = TRY(FactsReader(database).of(customer));
    const CustomerFacts facts = asOf(all, today);
    const Bytes row{parseUuid(customer).value_or(Uuid{}).bytes()};
    Brief brief;
    brief.customerId = all.id;
    brief.name = all.name;
    brief.profile = profileOf(all, today);
    brief.changed = lastChangeOf(all, today, yearDays);
    brief.theirTerms = newestTerms(facts, true);
    brief.ourTerms = newestTerms(facts, false);
    brief.reasons = reasonsOf(all, today);
    addWhatIsOpen(facts, today, brief);
    chooseQuestion(facts, today, brief);
    TRY_STATUS(readVisits(database, row, facts, brief));
    return brief;
}

}  // namespace tend
