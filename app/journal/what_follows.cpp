#include "app/journal/what_follows.h"

#include <array>

#include "app/journal/facts.h"
#include "app/journal/row_to_be.h"
#include "app/journal/store_journal.h"
#include "sync/store/keyed_id.h"

namespace tend {

using namespace replica;

namespace {

// Long enough to keep it, short enough for them to notice.
constexpr int helpDays = 3;
// A promise is a line; all they said stands in the visit.
constexpr std::size_t promiseLettersMax = 200;

struct Signature {
    const char *table;
    const char *column;
};

constexpr std::array signatures{Signature{"visit", "member_id"}, Signature{"remark", "member_id"},
    Signature{"relay_event", "member_id"}, Signature{"promise", "member_id"},
    Signature{"sale", "seller_id"}, Signature{"follow_up", "owner_id"}};

// What was promised to that customer in that visit.
Result<std::optional<RowId>> promiseOf(Records &records, const Value &customer, const Value &visit)
{
    const Table &promises = *journalSchema().table("promise");
    for (const RowId &id :
        TRY(records.rowsWhere(promises.id, promises.column("visit_id")->id, visit))) {
        const auto promise = TRY(RowToBe::stored(records, "promise", id));
        if (promise && promise->value("customer_id") == customer)
            return std::optional(id);
    }
    return std::optional<RowId>();
}

}  // namespace

void sign(Change &change, const Uuid &member)
{
    if (change.kind != ChangeKind::Insert || member.isNil())
        return;
    const Table &table = *journalSchema().table(change.table);
    const auto its = std::find_if(signatures.begin(), signatures.end(),
        [&](const Signature &signature) { return table.name == signature.table; });
    if (its == signatures.end())
        return;
    const ColumnId column = table.column(its->column)->id;
    const auto at = std::find_if(change.assignments.begin(), change.assignments.end(),
        [&](const Assignment &given) { return given.column >= column; });
    if (at == change.assignments.end() || at->column != column)
        change.assignments.insert(at, {column, Value{Blob{Bytes(member.bytes())}}});
}

Result<std::optional<Change>> promiseOfHelp(
    Records &records, const Change &change, const Uuid &member, WallTime now)
{
    if (change.table != journalSchema().table("visit")->id || change.kind == ChangeKind::Delete)
        return std::optional<Change>();
    const auto visit = TRY(RowToBe::make(records, change));
    if (visit.text("help") != "asked" || !visit.link("customer_id")
        || !(visit.isGiven("help") || visit.isGiven("customer_id")))
        return std::optional<Change>();
    const Value itself{Blob{Bytes(change.row.bytes())}};
    const Value customer = visit.value("customer_id");
    if (TRY(promiseOf(records, customer, itself)))
        return std::optional<Change>();
    if (const auto before = TRY(RowToBe::stored(records, "visit", change.row))) {
        // Said already: who took the promise away since meant it.
        if (before->text("help") == "asked" && before->value("customer_id") == customer)
            return std::optional<Change>();
        // It was somebody else who asked: the promise is theirs.
        if (const auto promise = TRY(promiseOf(records, before->value("customer_id"), itself)))
            return std::optional(ChangeBuilder("promise", *promise, ChangeKind::Update)
                                     .set("customer_id", customer)
                                     .take());
    }
    // Two who hear of it without having seen each other make one promise. One that has become
    // somebody else's is that promise still.
    const RowId id = idOfPieces({"promise", "help", Bytes(change.row.bytes())});
    if (TRY(RowToBe::stored(records, "promise", id)))
        return std::optional<Change>();
    const Value startedAt = visit.value("started_at");
    const auto *moment = std::get_if<std::int64_t>(&startedAt);
    const Day day
        = parseDay(visit.text("on_day")).value_or(moment ? dayOf(*moment) : localDay(now));
    // Who may see a private visit is fewer than who may see a promise to the customer.
    const std::string said = visit.has("private_to") ? std::string() : visit.text("said");
    ChangeBuilder promise("promise", id, ChangeKind::Insert);
    promise.set("customer_id", customer)
        .set("by", "us")
        .set("what",
            said.find_first_not_of(" \t\r\n") == std::string::npos
                ? "Help"
                : shortened(said, promiseLettersMax))
        .set("state", "open")
        .set("visit_id", itself)
        .set("made_on", dayText(day))
        .set("due_on", dayText(daysLater(day, helpDays)));
    Change made = promise.take();
    sign(made, member);
    return std::optional<Change>(std::move(made));
}

}  // namespace tend
