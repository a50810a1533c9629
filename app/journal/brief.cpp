#include "app/journal/brief.h"

#include <algorithm>
#include <map>

#include "app/journal/facts_reader.h"
#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"
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

// What was said, also in a group, in visits whose day the facts know.
Status addLastWords(sqlite::Database &database, const std::vector<Id> &rows,
    const CustomerFacts &facts, Brief &brief)
{
    std::map<Id, std::string> said;
    auto select = TRY(database.prepare(
        "SELECT id, said, 0 AS place FROM visit WHERE customer_id = ?1 AND said <> '' UNION ALL "
        "SELECT v.id, p.said, 1 FROM visit_customer p JOIN visit v ON v.id = p.visit_id WHERE "
        "p.customer_id = ?1 AND p.said <> '' ORDER BY place"));
    for (const Id &row : rows) {
        const Bytes key = keyOf(row);
        select.reset().bindBlob(1, key);
        while (TRY(select.step())) {
            // What each of one person's rows has of one visit stands together.
            std::string &words = said[idAt(select, 0)];
            if (words.find(select.text(1)) == std::string::npos)
                words += (words.empty() ? "" : "\n") + std::string(select.text(1));
        }
    }
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        const auto words = said.find(visit->id);
        if (words != said.end() && brief.lastWords.size() < wordsShown)
            brief.lastWords.push_back({visit->id, visit->day, words->second});
    }
    return {};
}

void addTogether(const CustomerFacts &facts, Day today, Brief &brief)
{
    for (const VisitFact &visit : facts.visits) {
        if (visit.outcome != Outcome::Met || daysFrom(visit.day, today) >= yearDays)
            continue;
        ++brief.visitsThisYear;
        brief.minutesThisYear += visit.minutes;
    }
}

}  // namespace

Result<Brief> briefOf(sqlite::Database &database, const Id &customer, Day today)
{
    const CustomerFacts all = TRY(FactsReader(database).of(customer));
    const CustomerFacts facts = asOf(all, today);
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
    addTogether(facts, today, brief);
    const auto rows = TRY(SameCustomers::read(database)).all(all.id);
    TRY_STATUS(addLastWords(database, rows, facts, brief));
    return brief;
}

}  // namespace tend
