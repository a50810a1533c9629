#include "app/journal/facts_reader.h"

#include <algorithm>
#include <map>

#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"
#include "app/journal/same_customers.h"
#include "sync/domain/ids.h"

namespace tend {

using namespace replica;

namespace {

constexpr int customersAtOnce = 512;
constexpr std::int64_t dayMs = 86'400'000;
constexpr int minutesMax = 7 * 24 * 60;
constexpr int rhythmDaysMax = 36'500;

std::optional<Effect> effectOf(std::string_view word)
{
    if (word == "damaged")
        return Effect::Damaged;
    if (word == "weakened")
        return Effect::Weakened;
    if (word == "same")
        return Effect::Same;
    if (word == "strengthened")
        return Effect::Strengthened;
    return std::nullopt;
}

PromiseState promiseStateOf(std::string_view word)
{
    if (word == "kept")
        return PromiseState::Kept;
    if (word == "late")
        return PromiseState::Late;
    if (word == "broken")
        return PromiseState::Broken;
    return word == "released" ? PromiseState::Released : PromiseState::Open;
}

std::optional<LossReason> lossReasonOf(std::string_view text)
{
    for (int i = 0; i <= static_cast<int>(LossReason::Workmanship); ++i) {
        if (word(static_cast<LossReason>(i)) == text)
            return static_cast<LossReason>(i);
    }
    return std::nullopt;
}

NeedState needStateOf(std::string_view word)
{
    if (word == "promised")
        return NeedState::Promised;
    if (word == "given")
        return NeedState::Given;
    return word == "confirmed" ? NeedState::Confirmed : NeedState::Heard;
}

}  // namespace

// Customers whose ids lie from `first` to `last`, both of them included.
struct FactsReader::Batch {
    std::vector<CustomerFacts> customers;
    std::map<Bytes, std::size_t, std::less<>> byId;
    Bytes first;
    Bytes last;

    CustomerFacts *of(BytesView id)
    {
        const auto at = byId.find(id);
        return at == byId.end() ? nullptr : &customers[at->second];
    }
};

namespace {

Result<std::vector<Id>> membersWhoLeft(sqlite::Database &database)
{
    auto row = TRY(database.prepare("SELECT id FROM member WHERE active = 0 ORDER BY id"));
    std::vector<Id> members;
    while (TRY(row.step()))
        members.push_back(idAt(row, 0));
    return members;
}

// Runs over the rows of these customers; column 0 is whose the row is.
template <typename Batch, typename Take>
Status each(sqlite::Database &database, Batch &batch, const char *sql, Take take)
{
    auto row = TRY(database.prepare(sql));
    row.bindBlob(1, batch.first).bindBlob(2, batch.last);
    while (TRY(row.step())) {
        if (CustomerFacts *facts = batch.of(row.blob(0)))
            take(*facts, row);
    }
    return {};
}

// Reads columns 1 to 11 of a visit; nothing when no day is known of it.
std::optional<VisitFact> visitAt(const sqlite::Statement &row)
{
    VisitFact visit;
    visit.id = idAt(row, 1);
    const auto day = dayAt(row, 2);
    const auto made = dayMade(row.blob(1));
    if (!row.isNull(3))
        visit.atMs = row.int64(3);
    else if (const auto known = day ? day : made)
        visit.atMs = static_cast<std::int64_t>(*known) * dayMs;
    else
        return std::nullopt;
    visit.day = day ? *day : dayOf(visit.atMs);
    visit.kind = visitKindOf(std::string(row.text(4)));
    visit.outcome = outcomeOf(std::string(row.text(5)));
    visit.direction = row.text(6) == "them" ? Direction::Them : Direction::Us;
    visit.effect = effectOf(row.text(7));
    visit.rating = numberWithin(row, 8, 0, 10);
    visit.feeling = numberWithin(row, 9, -2, 2);
    visit.member = idAt(row, 10);
    visit.minutes = numberWithin(row, 11, 0, minutesMax);
    return visit;
}

}  // namespace

Status FactsReader::readVisits(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, on_day, started_at, kind, outcome, direction, effect, "
        "customer_rating, customer_feeling, member_id, minutes, next_step, next_step_on, "
        "next_step_done "
        "FROM visit WHERE customer_id BETWEEN ?1 AND ?2",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            auto visit = visitAt(row);
            if (!visit)
                return;
            visit->nextStep = std::string(row.text(12));
            visit->nextStepOn = dayAt(row, 13);
            visit->isNextStepDone = row.int64(14) != 0;
            facts.visits.push_back(*std::move(visit));
        });
}

// Whoever took part in a group visit was met there, with a feeling of their own.
Status FactsReader::readGroupVisits(Batch &batch)
{
    TRY_STATUS(each(m_database, batch,
        "SELECT p.customer_id, v.id, v.on_day, v.started_at, v.kind, v.outcome, v.direction, "
        "NULL, NULL, p.customer_feeling, v.member_id, v.minutes FROM visit_customer p JOIN "
        "visit v ON v.id = p.visit_id WHERE p.customer_id BETWEEN ?1 AND ?2 ORDER BY p.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            auto visit = visitAt(row);
            if (!visit)
                return;
            visit->isOfThem = false;
            visit->isNotedForThem = visit->feeling.has_value();
            const auto same = std::find_if(facts.visits.begin(), facts.visits.end(),
                [&](const VisitFact &other) { return other.id == visit->id; });
            if (same == facts.visits.end())
                facts.visits.push_back(*std::move(visit));
            else
                unite(*same, *visit);
        }));
    for (CustomerFacts &facts : batch.customers)
        std::sort(facts.visits.begin(), facts.visits.end(), [](const auto &one, const auto &other) {
            return std::tie(one.atMs, one.id) < std::tie(other.atMs, other.id);
        });
    return {};
}

Status FactsReader::readPromises(Batch &batch)
{
    return each(m_database, batch,
        "SELECT p.customer_id, p.id, coalesce(p.by, 'us'), p.what, p.state, coalesce(p.made_on, "
        "v.on_day), p.due_on, p.done_on, v.started_at, v.id FROM promise p LEFT JOIN visit v ON "
        "v.id = p.visit_id WHERE p.customer_id BETWEEN ?1 AND ?2 ORDER BY p.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            PromiseFact promise{idAt(row, 1), row.text(2) != "them", std::string(row.text(3)),
                promiseStateOf(row.text(4)), dayAt(row, 5), dayAt(row, 6), dayAt(row, 7)};
            if (!promise.madeOn)
                promise.madeOn = row.isNull(8) ? dayMade(row.blob(9)) : dayOf(row.int64(8));
            facts.promises.push_back(std::move(promise));
        });
}

Status FactsReader::readTerms(Batch &batch)
{
    return each(m_database, batch,
        "SELECT t.customer_id, t.id, coalesce(t.whose, 'theirs'), t.words, t.rhythm_days, "
        "t.since_on, t.channel, t.hours, t.by_whom, t.visit_id, m.name FROM terms t LEFT JOIN "
        "visit v ON v.id = t.visit_id LEFT JOIN member m ON m.id = v.member_id WHERE "
        "t.customer_id BETWEEN ?1 AND ?2 ORDER BY t.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            facts.terms.push_back({idAt(row, 1), row.text(2) != "ours", std::string(row.text(3)),
                numberWithin(row, 4, 1, rhythmDaysMax).value_or(0), dayAt(row, 5),
                std::string(row.text(6)), std::string(row.text(7)), std::string(row.text(8)),
                idAt(row, 9), std::string(row.text(10))});
        });
}

Status FactsReader::readCircumstances(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, what, since_on, until_on FROM circumstance WHERE customer_id "
        "BETWEEN ?1 AND ?2 ORDER BY id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            facts.circumstances.push_back(
                {idAt(row, 1), std::string(row.text(2)), dayAt(row, 3), dayAt(row, 4)});
        });
}

Status FactsReader::readNeeds(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, words, state FROM need WHERE customer_id BETWEEN ?1 AND ?2 "
        "ORDER BY id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            facts.needs.push_back(
                {idAt(row, 1), std::string(row.text(2)), needStateOf(row.text(3))});
        });
}

Status FactsReader::readSales(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, item, sold_on, seller_id FROM sale WHERE customer_id BETWEEN ?1 "
        "AND ?2 AND sold_on IS NOT NULL ORDER BY id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            if (const auto soldOn = dayAt(row, 3))
                facts.sales.push_back(
                    {idAt(row, 1), std::string(row.text(2)), *soldOn, idAt(row, 4)});
        });
}

Status FactsReader::readFollowUps(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, sale_id, owner_id, about, due_on, done_visit_id FROM follow_up "
        "WHERE customer_id BETWEEN ?1 AND ?2 ORDER BY id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            facts.followUps.push_back({idAt(row, 1), idAt(row, 2), idAt(row, 3),
                std::string(row.text(4)), dayAt(row, 5), idAt(row, 6)});
        });
}

Status FactsReader::readPlans(Batch &batch)
{
    return each(m_database, batch,
        "SELECT p.customer_id, p.id FROM plan p WHERE p.customer_id BETWEEN ?1 AND ?2 AND "
        "p.active AND EXISTS (SELECT 1 FROM goal g WHERE g.plan_id = p.id AND g.measure <> '' AND "
        "g.baseline IS NOT NULL AND g.target IS NOT NULL AND g.due_on IS NOT NULL) ORDER BY p.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            facts.activePlans.push_back(idAt(row, 1));
        });
}

Status FactsReader::readInitiatives(Batch &batch)
{
    return each(m_database, batch,
        "SELECT p.customer_id, i.id, i.what, i.owner_id, i.due_on, i.done_on, p.id FROM plan p "
        "JOIN initiative i ON i.plan_id = p.id WHERE p.customer_id BETWEEN ?1 AND ?2 ORDER BY i.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            const auto &active = facts.activePlans;
            if (std::find(active.begin(), active.end(), idAt(row, 6)) != active.end())
                facts.initiatives.push_back({idAt(row, 1), std::string(row.text(2)), {},
                    idAt(row, 3), {}, dayAt(row, 4), dayAt(row, 5)});
        });
}

Status FactsReader::readLosses(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, reason, words, on_day FROM loss WHERE customer_id BETWEEN ?1 AND "
        "?2 ORDER BY id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            const auto reason = lossReasonOf(row.text(2));
            const auto day = dayAt(row, 4);
            if (reason && day)
                facts.losses.push_back({idAt(row, 1), *reason, std::string(row.text(3)), *day});
        });
}

Status FactsReader::readHandovers(Batch &batch)
{
    return each(m_database, batch,
        "SELECT customer_id, id, to_id, on_day, told_visit_id FROM handover WHERE customer_id "
        "BETWEEN ?1 AND ?2 ORDER BY id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            if (const auto day = dayAt(row, 3))
                facts.handovers.push_back({idAt(row, 1), idAt(row, 2), *day, idAt(row, 4)});
        });
}

// By the first answer: a second one makes it no newer.
Status FactsReader::readAnswers(Batch &batch)
{
    return each(m_database, batch,
        "SELECT r.customer_id, r.id, r.words, r.member_id, e.id, e.at, e.kind = 'told_customer', "
        "e.visit_id FROM remark r JOIN relay_event e ON e.remark_id = r.id WHERE r.customer_id "
        "BETWEEN ?1 AND ?2 AND r.to_role > '' AND (e.kind IN ('answered', 'cannot') OR (e.kind = "
        "'told_customer' AND e.visit_id IS NOT NULL)) ORDER BY r.id, 7, e.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            const Id remark = idAt(row, 1);
            const bool isKnown = !facts.answers.empty() && facts.answers.back().remark == remark;
            if (row.int64(6) != 0) {
                if (isKnown)
                    facts.answers.back().toldVisits.push_back(idAt(row, 7));
                return;
            }
            const auto at = row.isNull(5) ? msMade(row.blob(4)) : std::optional(row.int64(5));
            if (!at)
                return;
            AnswerFact answer{
                remark, idAt(row, 4), std::string(row.text(2)), *at, dayOf(*at), idAt(row, 3), {}};
            if (!isKnown)
                facts.answers.push_back(std::move(answer));
            else if (std::tie(answer.atMs, answer.answer)
                < std::tie(facts.answers.back().atMs, facts.answers.back().answer))
                facts.answers.back() = std::move(answer);
        });
}

Status FactsReader::readTags(Batch &batch)
{
    return each(m_database, batch,
        "SELECT b.customer_id, t.id, t.rhythm_days, t.name FROM customer_tag b JOIN tag t ON t.id "
        "= "
        "b.tag_id WHERE b.customer_id BETWEEN ?1 AND ?2 AND t.rhythm_days > 0 ORDER BY t.id",
        [](CustomerFacts &facts, const sqlite::Statement &row) {
            if (const auto days = numberWithin(row, 2, 1, rhythmDaysMax))
                facts.tags.push_back({idAt(row, 1), *days, std::string(row.text(3))});
        });
}

Status FactsReader::readDetails(Batch &batch)
{
    for (std::size_t i = 0; i < batch.customers.size(); ++i)
        batch.byId.emplace(keyOf(batch.customers[i].id), i);
    TRY_STATUS(readVisits(batch));
    TRY_STATUS(readGroupVisits(batch));
    TRY_STATUS(readPromises(batch));
    TRY_STATUS(readTerms(batch));
    TRY_STATUS(readCircumstances(batch));
    TRY_STATUS(readNeeds(batch));
    TRY_STATUS(readSales(batch));
    TRY_STATUS(readFollowUps(batch));
    TRY_STATUS(readPlans(batch));
    TRY_STATUS(readInitiatives(batch));
    TRY_STATUS(readLosses(batch));
    TRY_STATUS(readHandovers(batch));
    TRY_STATUS(readAnswers(batch));
    TRY_STATUS(readTags(batch));
    const std::vector<Id> left = TRY(membersWhoLeft(m_database));
    for (CustomerFacts &facts : batch.customers)
        facts.left = left;
    return {};
}

namespace {

const std::string customerSql
    = "SELECT id, name, coalesce(phone, ''), EXISTS (SELECT 1 FROM outside_record o WHERE "
      "o.customer_id = customer.id AND o.visit_id IS NULL AND o.follow_up_id IS NULL AND "
      "o.promise_id IS NULL AND instr(coalesce(o.brought, ''), '\"joined\":true') = 0) OR (kind = "
      "'organisation' AND EXISTS (SELECT 1 FROM customer m WHERE "
      "m.organisation_id = customer.id)) FROM customer ";

CustomerFacts customerAt(const sqlite::Statement &row)
{
    CustomerFacts facts;
    facts.id = idAt(row, 0);
    facts.name = std::string(row.text(1));
    facts.hasPhone = !row.text(2).empty();
    facts.addedOn = dayMade(row.blob(0));
    facts.waitsForNobody = row.int64(3) != 0;
    return facts;
}

}  // namespace

Status FactsReader::forEach(const std::function<Status(const CustomerFacts &)> &take)
{
    const SameCustomers same = TRY(SameCustomers::read(m_database));
    Bytes after;
    while (true) {
        Batch batch;
        auto select = TRY(m_database.prepare(customerSql + "WHERE id > ?1 ORDER BY id LIMIT ?2"));
        select.bindBlob(1, after).bind(2, std::int64_t{customersAtOnce});
        while (TRY(select.step())) {
            after = Bytes(select.blob(0));
            if (batch.customers.empty())
                batch.first = after;
            batch.customers.push_back(customerAt(select));
        }
        if (batch.customers.empty())
            return {};
        batch.last = after;
        TRY_STATUS(readDetails(batch));
        for (CustomerFacts &facts : batch.customers) {
            if (same.isDouble(facts.id))
                continue;
            TRY_STATUS(addDoubles(facts, same.all(facts.id)));
            TRY_STATUS(take(facts));
        }
    }
}

Status FactsReader::addDoubles(CustomerFacts &facts, const std::vector<Id> &rows)
{
    for (std::size_t i = 1; i < rows.size(); ++i)
        absorb(facts, TRY(ofRow(rows[i])));
    return {};
}

Result<CustomerFacts> FactsReader::of(const Id &customer)
{
    if (!m_same)
        m_same = TRY(SameCustomers::read(m_database));
    const std::vector<Id> rows = m_same->all(customer);
    CustomerFacts facts = TRY(ofRow(rows.front()));
    TRY_STATUS(addDoubles(facts, rows));
    return facts;
}

Result<CustomerFacts> FactsReader::ofRow(const Id &customer)
{
    const auto id = parseUuid(customer);
    if (!id)
        return fail(ErrorCode::NotFound, "'" + customer + "' is no customer's id");
    Batch batch;
    batch.first = batch.last = Bytes(id->bytes());
    auto select = TRY(m_database.prepare(customerSql + "WHERE id = ?1"));
    select.bindBlob(1, batch.first);
    if (!TRY(select.step()))
        return fail(ErrorCode::NotFound, "this customer is not here any more");
    batch.customers.push_back(customerAt(select));
    select.reset();
    TRY_STATUS(readDetails(batch));
    return std::move(batch.customers.front());
}

}  // namespace tend
