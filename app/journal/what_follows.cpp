#include "app/journal/what_follows.h"

#include <array>

#include "app/journal/facts.h"
#include "app/journal/row_at.h"
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

// The assignments of a change stand in the order of their columns.
void give(Change &change, ColumnId column, Value value)
{
    const auto at = std::find_if(change.assignments.begin(), change.assignments.end(),
        [&](const Assignment &given) { return given.column >= column; });
    change.assignments.insert(at, {column, std::move(value)});
}

const Value *givenIn(const Change &change, ColumnId column)
{
    const auto at = std::find_if(change.assignments.begin(), change.assignments.end(),
        [&](const Assignment &given) { return given.column == column; });
    return at == change.assignments.end() ? nullptr : &at->value;
}

// A promise is a line.
std::string inOneLine(std::string words)
{
    std::replace_if(
        words.begin(), words.end(), [](unsigned char of) { return of < ' '; }, ' ');
    return words;
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
    if (!givenIn(change, column))
        give(change, column, Value{Blob{Bytes(member.bytes())}});
}

Status dateVisit(Records &records, Change &change, WallTime now)
{
    const Table &visits = *journalSchema().table("visit");
    const ColumnId onDay = visits.column("on_day")->id;
    if (change.table != visits.id || change.kind == ChangeKind::Delete || givenIn(change, onDay))
        return {};
    const Value *startedAt = givenIn(change, visits.column("started_at")->id);
    const auto *moment = startedAt ? std::get_if<std::int64_t>(startedAt) : nullptr;
    if (change.kind == ChangeKind::Insert) {
        give(change, onDay, dayText(localDay(moment ? WallTime{*moment} : now)));
        return {};
    }
    const auto before = moment ? TRY(RowToBe::stored(records, "visit", change.row)) : std::nullopt;
    if (!before)
        return {};
    const Value stood = before->value("started_at");
    const auto *then = std::get_if<std::int64_t>(&stood);
    const auto old = then ? std::optional(*then) : msMade(change.row.bytes());
    if (old && before->text("on_day") == dayText(localDay(WallTime{*old})))
        give(change, onDay, dayText(localDay(WallTime{*moment})));
    return {};
}

Status keepPrivate(Records &records, Change &change)
{
    const Table &table = *journalSchema().table(change.table);
    const bool mayBePrivate = table.name == "remark" || table.name == "circumstance";
    if (change.kind != ChangeKind::Insert || !mayBePrivate)
        return {};
    const ColumnId privateTo = table.column("private_to")->id;
    const auto row = TRY(RowToBe::make(records, change));
    const auto visit = TRY(RowToBe::stored(records, "visit", row.link("visit_id")));
    if (visit && visit->has("private_to") && !givenIn(change, privateTo))
        give(change, privateTo, visit->value("private_to"));
    return {};
}

Status dateGiven(Records &records, Change &change, Day today)
{
    const Table &needs = *journalSchema().table("need");
    const ColumnId state = needs.column("state")->id;
    const ColumnId givenOn = needs.column("given_on")->id;
    const Value *given = change.table == needs.id ? givenIn(change, state) : nullptr;
    if (!given || *given != Value{"given"} || givenIn(change, givenOn))
        return {};
    const auto before = TRY(RowToBe::stored(records, "need", change.row));
    if (!before || before->text("state") != "given")
        give(change, givenOn, dayText(today));
    return {};
}

Result<std::optional<Change>> hostOfGroup(Records &records, const Change &change)
{
    if (change.table != journalSchema().table("visit_customer")->id
        || change.kind != ChangeKind::Insert)
        return std::optional<Change>();
    const auto guest = TRY(RowToBe::make(records, change));
    const auto visit = TRY(RowToBe::stored(records, "visit", guest.link("visit_id")));
    const bool isItsWritersAlone = visit && visit->has("member_id") && !visit->has("private_to")
        && !visit->has("customer_id") && !visit->has("host_id");
    if (!isItsWritersAlone || !guest.has("customer_id"))
        return std::optional<Change>();
    return std::optional(ChangeBuilder("visit", *guest.link("visit_id"), ChangeKind::Update)
                             .set("host_id", guest.value("customer_id"))
                             .take());
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
    const Value customer = visit.value("customer_id");
    const auto before = TRY(RowToBe::stored(records, "visit", change.row));
    // Two who write it down without having seen each other make one promise.
    const RowId id = idOfPieces({"promise", "help", Bytes(change.row.bytes())});
    if (const auto promise = TRY(RowToBe::stored(records, "promise", id))) {
        // It was somebody else who asked: the promise is theirs.
        const bool isTheirs = before && promise->value("customer_id") != customer
            && promise->value("customer_id") == before->value("customer_id");
        return isTheirs ? std::optional(ChangeBuilder("promise", id, ChangeKind::Update)
                                            .set("customer_id", customer)
                                            .take())
                        : std::optional<Change>();
    }
    // Said already: who took the promise away since meant it.
    if (before && before->text("help") == "asked" && before->value("customer_id") == customer)
        return std::optional<Change>();

    const Value startedAt = visit.value("started_at");
    const auto *ms = std::get_if<std::int64_t>(&startedAt);
    const Day day = dayOfVisit(
        parseDay(visit.text("on_day")), ms ? std::optional(*ms) : std::nullopt, change.row.bytes())
                        .value_or(localDay(now));
    // Who may see a private visit is fewer than who may see a promise to the customer.
    const std::string said = visit.has("private_to") ? std::string() : visit.text("said");
    ChangeBuilder promise("promise", id, ChangeKind::Insert);
    promise.set("customer_id", customer)
        .set("by", "us")
        .set("what",
            said.find_first_not_of(" \t\r\n") == std::string::npos
                ? "Help"
                : shortened(inOneLine(said), promiseLettersMax))
        .set("state", "open")
        .set("visit_id", Blob{Bytes(change.row.bytes())})
        .set("made_on", dayText(day))
        .set("due_on", dayText(daysLater(day, helpDays)));
    Change made = promise.take();
    sign(made, member);
    return std::optional<Change>(std::move(made));
}

}  // namespace tend
