#include "app/journal/write_rules.h"

#include <algorithm>

#include "app/journal/row_text.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

// A row as it will show once a change is made.
class RowToBe {
public:
    static Result<RowToBe> make(Records &records, const Change &change)
    {
        return RowToBe(change, TRY(records.row(change.table, change.row)));
    }

    // As it is; nothing where it is not here.
    static Result<std::optional<RowToBe>> stored(
        Records &records, const char *table, const std::optional<Uuid> &id)
    {
        const TableId its = journalSchema().table(table)->id;
        const auto row = id ? TRY(records.row(its, *id)) : std::nullopt;
        return row ? std::optional(RowToBe({its, *id, ChangeKind::Update, {}}, row)) : std::nullopt;
    }

    [[nodiscard]] bool isGiven(const char *column) const { return in(m_change, column) != nullptr; }

    [[nodiscard]] Value value(const char *column) const
    {
        if (const Value *given = in(m_change, column))
            return *given;
        const Value *stored = m_stored ? in(*m_stored, column) : nullptr;
        return stored ? *stored : Value{};
    }

    [[nodiscard]] std::string text(const char *column) const
    {
        const Value its = value(column);
        const auto *text = std::get_if<std::string>(&its);
        return text ? *text : std::string();
    }

    [[nodiscard]] bool has(const char *column) const { return value(column) != Value{}; }

    [[nodiscard]] std::optional<Uuid> link(const char *column) const
    {
        const Value its = value(column);
        const auto *blob = std::get_if<Blob>(&its);
        return blob ? uuidOf(blob->octets) : std::nullopt;
    }

private:
    RowToBe(Change change, std::optional<Change> stored)
        : m_table(*journalSchema().table(change.table))
        , m_change(std::move(change))
        , m_stored(std::move(stored))
    {
    }

    [[nodiscard]] const Value *in(const Change &change, const char *column) const
    {
        const ColumnId id = m_table.column(column)->id;
        const auto given = std::find_if(change.assignments.begin(), change.assignments.end(),
            [&](const Assignment &one) { return one.column == id; });
        return given == change.assignments.end() ? nullptr : &given->value;
    }

    const Table &m_table;
    Change m_change;
    std::optional<Change> m_stored;
};

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

std::string momentOf(const RowToBe &visit, const Uuid &id)
{
    const Value at = visit.value("started_at");
    if (const auto *ms = std::get_if<std::int64_t>(&at))
        return timeText(WallTime{*ms});
    const std::string day = visit.text("on_day");
    return day.empty() ? toText(id) : day;
}

// They said so, in a visit, after it was heard.
Status mayWriteNeed(Records &records, const RowToBe &need)
{
    const bool isTouched = need.isGiven("state") || need.isGiven("confirmed_visit_id");
    if (!isTouched || need.text("state") != "confirmed")
        return {};
    const Error missing{ErrorCode::Invalid,
        "only the customer confirms: name the visit in which they did, later than the one in which "
        "the need was heard, as confirmed_visit_id"};
    const auto confirmedIn = need.link("confirmed_visit_id");
    const auto heardIn = need.link("heard_visit_id");
    const auto confirmed = TRY(RowToBe::stored(records, "visit", confirmedIn));
    if (!confirmed || confirmed->text("outcome") != "met" || confirmedIn == heardIn)
        return tl::unexpected<Error>(missing);
    const auto heard = TRY(RowToBe::stored(records, "visit", heardIn));
    if (heard && momentOf(*confirmed, *confirmedIn) < momentOf(*heard, *heardIn))
        return tl::unexpected<Error>(missing);
    return {};
}

Status mayWriteHandover(Records &records, const RowToBe &handover)
{
    if (!handover.isGiven("told_visit_id") || !handover.has("told_visit_id"))
        return {};
    const auto told = TRY(RowToBe::stored(records, "visit", handover.link("told_visit_id")));
    return told && told->text("outcome") == "met"
        ? Status{}
        : Status{fail(ErrorCode::Invalid,
            "told_visit_id names the visit in which they were told that somebody else looks after "
            "them now")};
}

Status mayWriteEvent(const RowToBe &event)
{
    return event.text("kind") != "told_customer" || event.has("visit_id")
        ? Status{}
        : Status{fail(ErrorCode::Invalid,
            "told_customer names the visit in which they were told, as visit_id")};
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
    return name == "need" ? mayWriteNeed(records, row) : mayWriteEvent(row);
}

}  // namespace tend
