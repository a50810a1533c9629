#include "app/journal/ready_questions.h"

#include <algorithm>
#include <set>

#include "app/journal/facts_reader.h"
#include "app/journal/profile.h"
#include "app/journal/row_at.h"
#include "app/journal/search.h"

namespace tend {

using namespace replica;

namespace {

constexpr int unhappyBelow = 50;
constexpr int hitsMax = 200;

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
                    add(visit.day, {}, visit.id);
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

// The newest of what each said.
Result<std::vector<ReadyAnswer>> saidAbout(
    sqlite::Database &database, Day today, const std::string &about)
{
    std::vector<ReadyAnswer> answers;
    std::set<Id> known;
    auto visited = TRY(database.prepare("SELECT on_day, started_at FROM visit WHERE id = ?1"));
    for (const SearchHit &hit : TRY(SearchIndex(database).find(about, hitsMax))) {
        const bool isSaid
            = hit.table == "visit" || hit.table == "visit_customer" || hit.table == "remark";
        if (!isSaid || hit.customer.empty() || known.count(hit.customer) > 0)
            continue;
        const Bytes key = keyOf(hit.row);
        Day day = dayMade(key).value_or(today);
        visited.reset().bindBlob(1, key);
        if (TRY(visited.step()) && !(visited.isNull(0) && visited.isNull(1)))
            day = visited.isNull(0) ? dayOf(visited.int64(1)) : dayAt(visited, 0).value_or(day);
        if (day > today)
            continue;
        known.insert(hit.customer);
        answers.push_back({hit.customer, hit.who, day, hit.words, hit.row});
    }
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
