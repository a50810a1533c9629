#include "app/journal/write_rules.h"

#include <algorithm>
#include <set>

#include "app/journal/facts.h"
#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/row_to_be.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

Status mayWritePlan(Records &records, const Change &change, const RowToBe &plan)
{
    if (!plan.isGiven("active") || plan.value("active") != Value{std::int64_t{1}})
        return {};
    const Table &goals = *journalSchema().table("goal");
    const Value link{Blob{Bytes(change.row.bytes())}};
    for (const RowId &id : TRY(records.rowsWhere(goals.id, goals.column("plan_id")->id, link))) {
        const auto goal = TRY(RowToBe::stored(records, "goal", id));
        if (goal && !goal->text("measure").empty() && goal->has("baseline") && goal->has("target")
            && goal->has("due_on"))
            return {};
    }
    return fail(ErrorCode::Invalid,
        "a plan becomes active with one goal that says how it is measured, from what number to "
        "what number, and by when: measure, baseline, target, due_on");
}

Status mayWriteInitiative(const Change &change, const RowToBe &initiative)
{
    const bool isTouched = change.kind == ChangeKind::Insert || initiative.isGiven("owner_id");
    return !isTouched || initiative.has("owner_id")
        ? Status{}
        : Status{fail(ErrorCode::Invalid, "somebody must do it: an initiative names its owner_id")};
}

// The rows that are one person with this one.
Result<std::set<Uuid>> sameAs(Records &records, const Uuid &customer)
{
    const Table &links = *journalSchema().table("same_customer");
    std::set<Uuid> known{customer};
    std::vector<Uuid> next{customer};
    while (!next.empty()) {
        const Value its{Blob{Bytes(next.back().bytes())}};
        next.pop_back();
        for (const char *from : {"customer_id", "same_as"}) {
            for (const RowId &id : TRY(records.rowsWhere(links.id, links.column(from)->id, its))) {
                const auto link = TRY(RowToBe::stored(records, "same_customer", id));
                for (const char *to : {"customer_id", "same_as"}) {
                    const auto other = link ? link->link(to) : std::nullopt;
                    if (other && known.insert(*other).second)
                        next.push_back(*other);
                }
            }
        }
    }
    return known;
}

// A visit at which this customer was met, by whichever of their rows.
Result<std::optional<RowToBe>> contactWith(
    Records &records, const std::optional<Uuid> &visit, const std::optional<Uuid> &customer)
{
    auto met = TRY(RowToBe::stored(records, "visit", visit));
    if (!met || met->text("outcome") != "met")
        return std::optional<RowToBe>();
    if (!customer)
        return met;
    const std::set<Uuid> rows = TRY(sameAs(records, *customer));
    const auto isOfThem = [&](const std::optional<Uuid> &named) {
        return named && rows.contains(*named);
    };
    if (isOfThem(met->link("customer_id")))
        return met;
    const Table &guests = *journalSchema().table("visit_customer");
    const Value its{Blob{Bytes(visit->bytes())}};
    for (const RowId &id : TRY(records.rowsWhere(guests.id, guests.column("visit_id")->id, its))) {
        const auto guest = TRY(RowToBe::stored(records, "visit_customer", id));
        if (guest && isOfThem(guest->link("customer_id")))
            return met;
    }
    return std::optional<RowToBe>();
}

// The calendar day, and the moment where it is known.
struct When {
    std::optional<Day> day;
    std::optional<std::int64_t> ms;
};

When whenOf(const RowToBe &visit, const Uuid &id)
{
    When when;
    const Value at = visit.value("started_at");
    if (const auto *ms = std::get_if<std::int64_t>(&at))
        when.ms = *ms;
    when.day = dayOfVisit(parseDay(visit.text("on_day")), when.ms, id.bytes());
    return when;
}

bool isBefore(const When &one, const When &other)
{
    if (one.day && other.day && *one.day != *other.day)
        return *one.day < *other.day;
    return one.ms && other.ms && *one.ms < *other.ms;
}

// They said so, in a visit of theirs, after it was heard, and not before it was given.
Status mayWriteNeed(Records &records, const RowToBe &need)
{
    const bool isTouched
        = need.isGiven("state") || need.isGiven("confirmed_visit_id") || need.isGiven("given_on");
    if (!isTouched || need.text("state") != "confirmed")
        return {};
    const Error missing{ErrorCode::Invalid,
        "only the customer confirms: name the visit in which they did, later than the one in which "
        "the need was heard and not before it was given (given_on), as confirmed_visit_id"};
    const auto confirmedIn = need.link("confirmed_visit_id");
    const auto heardIn = need.link("heard_visit_id");
    const auto confirmed = TRY(contactWith(records, confirmedIn, need.link("customer_id")));
    if (!confirmed || confirmedIn == heardIn)
        return tl::unexpected<Error>(missing);
    const auto heard = TRY(RowToBe::stored(records, "visit", heardIn));
    const When when = whenOf(*confirmed, *confirmedIn);
    const When given{parseDay(need.text("given_on")), {}};
    if ((heard && isBefore(when, whenOf(*heard, *heardIn))) || isBefore(when, given))
        return tl::unexpected<Error>(missing);
    return {};
}

Status mayWriteHandover(Records &records, const RowToBe &handover)
{
    if (!handover.isGiven("told_visit_id") || !handover.has("told_visit_id"))
        return {};
    const auto told
        = TRY(contactWith(records, handover.link("told_visit_id"), handover.link("customer_id")));
    return told ? Status{}
                : Status{fail(ErrorCode::Invalid,
                    "told_visit_id names the visit in which this customer was told that somebody "
                    "else looks after them now")};
}

// Calendars differ by up to a day, and a remark knows only its moment.
bool isLongBefore(const When &visit, const RowToBe &remark)
{
    const Value at = remark.value("heard_at");
    const auto *ms = std::get_if<std::int64_t>(&at);
    return ms && visit.day && daysFrom(*visit.day, dayOf(*ms)) > 1;
}

Status mayWriteEvent(Records &records, const RowToBe &event)
{
    if (event.text("kind") != "told_customer")
        return {};
    const auto remark = TRY(RowToBe::stored(records, "remark", event.link("remark_id")));
    const auto visit = event.link("visit_id");
    const auto told
        = TRY(contactWith(records, visit, remark ? remark->link("customer_id") : std::nullopt));
    if (told && !(remark && isLongBefore(whenOf(*told, *visit), *remark)))
        return {};
    return fail(ErrorCode::Invalid,
        "told_customer names the visit in which they were met and told, not before they said it, "
        "as visit_id");
}

}  // namespace

Status mayWrite(Records &records, const Change &change)
{
    if (change.kind == ChangeKind::Delete)
        return {};
    const Table *table = journalSchema().table(change.table);
    const std::string name = table ? table->name : std::string();
    if (name != "plan" && name != "initiative" && name != "need" && name != "relay_event"
        && name != "handover")
        return {};
    const RowToBe row = TRY(RowToBe::make(records, change));
    if (name == "plan")
        return mayWritePlan(records, change, row);
    if (name == "initiative")
        return mayWriteInitiative(change, row);
    if (name == "handover")
        return mayWriteHandover(records, row);
    return name == "need" ? mayWriteNeed(records, row) : mayWriteEvent(records, row);
}

}  // namespace tend
