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
        if (isContact(*visit) && visit->effect && brief.effects.size() < effectsShown)
            brief.effects.push_back(*visit);
    }
}

// What was said, also in a group, in visits whose day the facts know. What was noted for them there
// goes before what the visit says of whom it names.
Status addLastWords(sqlite::Database &database, const std::vector<Id> &rows,
    const CustomerFacts &facts, Brief &brief)
{
    std::map<Id, std::string> said;
    auto select = TRY(database.prepare(
        "SELECT v.id, coalesce(p.said, v.said) FROM visit v LEFT JOIN visit_customer p ON "
        "p.visit_id = v.id AND p.customer_id = ?1 WHERE v.customer_id = ?1 UNION SELECT "
        "visit_id, said FROM visit_customer WHERE customer_id = ?1"));
    for (const Id &row : rows) {
        const Bytes key = keyOf(row);
        select.reset().bindBlob(1, key);
        while (TRY(select.step())) {
            // What each of one person's rows has of one visit stands together.
            std::string &words = said[idAt(select, 0)];
            if (select.text(1).empty())
                continue;
            if (words.find(select.text(1)) == std::string::npos)
                words += (words.empty() ? "" : "\n") + std::string(select.text(1));
        }
    }
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        const auto words = said.find(visit->id);
        if (words != said.end() && !words->second.empty() && isContact(*visit)
            && brief.lastWords.size() < wordsShown)
            brief.lastWords.push_back({visit->id, visit->day, words->second});
    }
    return {};
}

void addTogether(const CustomerFacts &facts, Day today, Brief &brief)
{
    for (const VisitFact &visit : facts.visits) {
        if (!isContact(visit) || daysFrom(visit.day, today) >= yearDays)
            continue;
        brief.contactsThisYear.push_back(visit.id);
        if (!visit.minutes)
            continue;
        brief.minutesThisYear = brief.minutesThisYear.value_or(0) + *visit.minutes;
        ++brief.timedThisYear;
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
    brief.notes = TRY(marketNotes(database, today, all.id));
    const auto rows = TRY(SameCustomers::read(database)).all(all.id);
    TRY_STATUS(addLastWords(database, rows, facts, brief));
    return brief;
}

}  // namespace tend
