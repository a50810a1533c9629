#include "app/journal/ready_questions.h"

#include <algorithm>
#include <map>

#include "app/journal/facts_reader.h"
#include "app/journal/profile.h"
#include "app/journal/row_at.h"
#include "app/journal/search.h"

namespace tend {

using namespace replica;

namespace {

constexpr int unhappyBelow = 50;
constexpr int hitsMax = 20'000;

// The first in order of days stands for a customer.
void keepFirst(std::optional<ReadyAnswer> &first, ReadyAnswer answer)
{
    if (!first || std::tie(answer.day, answer.evidence) < std::tie(first->day, first->evidence))
        first = std::move(answer);
}

std::optional<ReadyAnswer> ofFacts(const CustomerFacts &all, ReadyQuestion question, Day today)
{
    const CustomerFacts facts = asOf(all, today);
    std::optional<ReadyAnswer> first;
    const auto add = [&](Day day, const std::string &words, const Id &row) {
        keepFirst(first, {facts.id, facts.name, day, words, row});
    };
    if (question == ReadyQuestion::NotSeenLately) {
        const VisitFact *last = lastContactOf(facts);
        if (last && daysFrom(last->day, today) > rhythmOf(facts).days)
            add(last->day, {}, last->id);
    } else if (question == ReadyQuestion::Unhappy) {
        for (const Signal &signal : profileOf(all, today).parts) {
            if (signal.kind != SignalKind::Rating || signal.value.value_or(100) >= unhappyBelow)
                continue;
            for (const VisitFact &visit : facts.visits) {
                if (visit.id == signal.evidence.front())
                    keepFirst(first,
                        {facts.id, facts.name, visit.day, {}, visit.id, visit.rating,
                            visit.feeling});
            }
        }
    } else if (question == ReadyQuestion::Promised) {
        for (const PromiseFact &promise : facts.promises) {
            const PromiseState state = stateOn(promise, today);
            if (promise.isOurs && (state == PromiseState::Open || state == PromiseState::Late))
                add(promise.dueOn.value_or(Day{INT32_MAX}), promise.what, promise.id);
        }
    } else if (question == ReadyQuestion::LifeChanged) {
        for (const CircumstanceFact &circumstance : facts.circumstances) {
            if (!circumstance.untilOn || *circumstance.untilOn >= today)
                add(circumstance.sinceOn.value_or(Day{INT32_MIN}), circumstance.what,
                    circumstance.id);
        }
    }
    return first;
}

// The day on which it was said; nothing where nobody can tell.
Result<std::optional<Day>> saidOn(sqlite::Database &database, const SearchHit &hit)
{
    const std::map<std::string, const char *> days{
        {"remark", "SELECT NULL, heard_at, id FROM remark WHERE id = ?1"},
        {"visit", "SELECT on_day, started_at, id FROM visit WHERE id = ?1"},
        {"visit_customer",
            "SELECT v.on_day, v.started_at, v.id FROM visit_customer p JOIN visit v ON v.id = "
            "p.visit_id WHERE p.id = ?1"},
        {"client_says", "SELECT said_on, NULL, id FROM client_says WHERE id = ?1"},
        {"buying", "SELECT said_on, NULL, id FROM buying WHERE id = ?1"},
        {"answer", "SELECT on_day, NULL, id FROM answer WHERE id = ?1"}};
    auto row = TRY(database.prepare(days.at(hit.table)));
    const Bytes key = keyOf(hit.row);
    row.bindBlob(1, key);
    std::optional<Day> day;
    if (!TRY(row.step()))
        return day;
    day = dayAt(row, 0);
    if (!day)
        day = row.isNull(1) ? dayMade(row.blob(2)) : dayOf(row.int64(1));
    return day;
}

// The newest, by the day it was said, of what each customer said.
Result<std::vector<ReadyAnswer>> saidAbout(
    sqlite::Database &database, Day today, const std::string &about)
{
    std::map<Id, ReadyAnswer> newest;
    const auto found = TRY(SearchIndex(database).find(about, hitsMax));
    for (const SearchHit &hit : found) {
        // Of a customer who was deleted no name is left.
        if (!hit.isSaid || hit.customer.empty() || hit.who.empty())
            continue;
        const auto day = TRY(saidOn(database, hit));
        if (!day || *day > today)
            continue;
        const ReadyAnswer answer{hit.customer, hit.who, *day, hit.words, hit.row};
        const auto [at, isFirst] = newest.emplace(hit.customer, answer);
        if (!isFirst
            && std::tie(at->second.day, at->second.evidence)
                < std::tie(answer.day, answer.evidence))
            at->second = answer;
    }
    std::vector<ReadyAnswer> answers;
    for (auto &[customer, answer] : newest)
        answers.push_back(std::move(answer));
    return answers;
}

}  // namespace

Result<std::vector<ReadyAnswer>> answerTo(
    sqlite::Database &database, ReadyQuestion question, Day today, const std::string &about)
{
    std::vector<ReadyAnswer> answers;
    if (question == ReadyQuestion::SaidSomethingAbout) {
        answers = TRY(saidAbout(database, today, about));
    } else {
        TRY_STATUS(FactsReader(database).forEach([&](const CustomerFacts &facts) -> Status {
            if (auto answer = ofFacts(facts, question, today))
                answers.push_back(*std::move(answer));
            return {};
        }));
    }
    std::sort(answers.begin(), answers.end(), [](const ReadyAnswer &one, const ReadyAnswer &other) {
        return std::tie(one.day, one.name, one.customer)
            < std::tie(other.day, other.name, other.customer);
    });
    return answers;
}

}  // namespace tend
