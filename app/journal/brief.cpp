#include "app/journal/brief.h"

#include <algorithm>

#include "app/journal/facts_reader.h"
#include "app/journal/row_text.h"
#include "sync/domain/ids.h"

namespace tend {

using namespace replica;

namespace {

constexpr int wordsShown = 3;
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

// Also what was said in a group.
Status readWords(sqlite::Database &database, const Bytes &customer, Day today, Brief &brief)
{
    auto select = TRY(database.prepare(
        "SELECT id, on_day, started_at, said FROM visit WHERE customer_id = ?1 AND said IS NOT "
        "NULL UNION ALL SELECT v.id, v.on_day, v.started_at, p.said FROM visit_customer p JOIN "
        "visit v ON v.id = p.visit_id WHERE p.customer_id = ?1 AND p.said IS NOT NULL ORDER BY 3 "
        "DESC, 1 DESC"));
    select.bindBlob(1, customer);
    while (TRY(select.step()) && brief.lastWords.size() < wordsShown) {
        SaidWords words;
        words.visitId = toText(uuidOf(select.blob(0)).value_or(Uuid{}));
        words.day
            = parseDay(std::string(select.text(1))).value_or(localDay(WallTime{select.int64(2)}));
        words.words = std::string(select.text(3));
        if (words.day <= today)
            brief.lastWords.push_back(std::move(words));
    }
    return {};
}

Status addUpTime(
    sqlite::Database &database, const Bytes &customer, const CustomerFacts &facts, Brief &brief)
{
    std::vector<Id> counted;
    for (const VisitFact &visit : facts.visits) {
        const int ago = daysFrom(visit.day, brief.profile.on);
        if (visit.outcome == Outcome::Met && ago < yearDays)
            counted.push_back(visit.id);
    }
    brief.visitsThisYear = static_cast<int>(counted.size());
    auto select = TRY(
        database.prepare("SELECT id, minutes FROM visit WHERE customer_id = ?1 AND minutes > 0"));
    select.bindBlob(1, customer);
    while (TRY(select.step())) {
        const Id id = toText(uuidOf(select.blob(0)).value_or(Uuid{}));
        if (std::find(counted.begin(), counted.end(), id) != counted.end())
            brief.minutesThisYear += static_cast<int>(select.int64(1));
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
    TRY_STATUS(readWords(database, row, today, brief));
    TRY_STATUS(addUpTime(database, row, facts, brief));
    return brief;
}

}  // namespace tend
