// Writing: each verb is one group.
#include <nlohmann/json.hpp>

#include "app/journal/row_text.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

using Json = nlohmann::json;

const std::string draftFact = "draft";

std::string trimmed(const std::string &text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Value valueOf(const Feeling &feeling)
{
    return feeling ? Value{std::int64_t{*feeling}} : Value{};
}

std::string toJson(const VisitDraft &draft)
{
    Json json = {{"visit", draft.visitId}, {"customer", draft.customerId},
        {"new_name", draft.newCustomerName}, {"kind", word(draft.kind)},
        {"outcome", word(draft.outcome)}, {"direction", word(draft.direction)},
        {"they_said_so", draft.theySaidSo}, {"said", draft.said}, {"impression", draft.impression},
        {"next_step", draft.nextStep}};
    if (draft.startedAt)
        json["started_at_ms"] = inMs(*draft.startedAt);
    if (draft.feeling)
        json["feeling"] = *draft.feeling;
    if (draft.nextStepOn)
        json["next_step_on"] = dayText(*draft.nextStepOn);
    // Half a letter may stand at the end of what was typed when the program died.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<VisitDraft> draftFromJson(const std::string &text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    VisitDraft draft;
    draft.visitId = json.value("visit", "");
    draft.customerId = json.value("customer", "");
    draft.newCustomerName = json.value("new_name", "");
    draft.kind = visitKindOf(json.value("kind", ""));
    draft.outcome = outcomeOf(json.value("outcome", ""));
    draft.direction = json.value("direction", "us") == "them" ? Direction::Them : Direction::Us;
    draft.theySaidSo = json.value("they_said_so", true);
    draft.said = json.value("said", "");
    draft.impression = json.value("impression", "");
    draft.nextStep = json.value("next_step", "");
    if (json.contains("started_at_ms"))
        draft.startedAt = WallTime{json.value("started_at_ms", std::int64_t{0})};
    if (json.contains("feeling"))
        draft.feeling = json.value("feeling", 0);
    if (json.contains("next_step_on"))
        draft.nextStepOn = parseDay(json.value("next_step_on", ""));
    return draft;
}

}  // namespace

Result<Id> StoreJournal::addCustomer(const NewCustomer &customer)
{
    const std::string name = trimmed(customer.name);
    if (name.empty())
        return fail(ErrorCode::Invalid, "Enter a name");
    SystemRandom random;
    const RowId id = makeUuid7(m_replica.now(), random);
    ChangeBuilder change("customer", id, ChangeKind::Insert);
    change.set("name", name)
        .text("place", trimmed(customer.place))
        .text("phone", trimmed(customer.phone));
    if (!m_replica.facts().member.isNil())
        change.set("owner_id", Blob{Bytes(m_replica.facts().member.bytes())});
    static_cast<void>(TRY(m_replica.commit({change.take()})));
    return toText(id);
}

Result<SavedVisit> StoreJournal::saveVisit(const VisitDraft &draft)
{
    SystemRandom random;
    const std::string newName = trimmed(draft.newCustomerName);
    auto customer = parseUuid(draft.customerId);
    if (!customer && newName.empty())
        return fail(ErrorCode::Invalid, "Choose who this was");
    std::vector<Change> changes;
    SavedVisit saved;
    if (customer) {
        saved.who = TRY(textOf("SELECT name FROM customer WHERE id = ?1", customer->bytes()));
    } else {
        customer = makeUuid7(m_replica.now(), random);
        saved.who = newName;
        changes.push_back(
            ChangeBuilder("customer", *customer, ChangeKind::Insert).set("name", newName).take());
    }
    const auto corrected = parseUuid(draft.visitId);
    const RowId visit = corrected ? *corrected : makeUuid7(m_replica.now(), random);
    ChangeBuilder change("visit", visit, corrected ? ChangeKind::Update : ChangeKind::Insert);
    change.set("customer_id", Blob{Bytes(customer->bytes())})
        .set("kind", word(draft.kind))
        .set("outcome", word(draft.outcome))
        .set("direction", word(draft.direction))
        .set("started_at", inMs(draft.startedAt.value_or(m_replica.now())))
        .text("said", trimmed(draft.said))
        .text("impression", trimmed(draft.impression))
        .set("customer_feeling", draft.theySaidSo ? valueOf(draft.feeling) : Value{})
        .set("rep_feeling", draft.theySaidSo ? Value{} : valueOf(draft.feeling))
        .text("next_step", trimmed(draft.nextStep))
        .set("next_step_on", draft.nextStepOn ? Value{dayText(*draft.nextStepOn)} : Value{});
    if (!corrected && !m_replica.facts().member.isNil())
        change.set("member_id", Blob{Bytes(m_replica.facts().member.bytes())});
    changes.push_back(change.take());
    static_cast<void>(
        TRY(m_replica.commit(changes, [&]() -> Status { return m_store.dropFact(draftFact); })));
    saved.visitId = toText(visit);
    saved.customerId = toText(*customer);
    return saved;
}

Result<Id> StoreJournal::saveRemark(const std::string &words, const Id &customerId)
{
    if (trimmed(words).empty())
        return fail(ErrorCode::Invalid, "Write what you heard");
    SystemRandom random;
    const RowId id = makeUuid7(m_replica.now(), random);
    ChangeBuilder change("remark", id, ChangeKind::Insert);
    change.set("words", trimmed(words)).set("heard_at", inMs(m_replica.now()));
    if (const auto customer = parseUuid(customerId)) {
        change.set("customer_id", Blob{Bytes(customer->bytes())});
        change.text("customer_name",
            TRY(textOf("SELECT name FROM customer WHERE id = ?1", customer->bytes())));
    }
    if (!m_replica.facts().member.isNil())
        change.set("member_id", Blob{Bytes(m_replica.facts().member.bytes())});
    static_cast<void>(TRY(m_replica.commit({change.take()})));
    return toText(id);
}

Status StoreJournal::remove(const char *table, const Id &id)
{
    const auto row = parseUuid(id);
    if (!row)
        return fail(ErrorCode::NotFound, "'" + id + "' is no row's id");
    const auto made = m_replica.commit({ChangeBuilder(table, *row, ChangeKind::Delete).take()});
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

Status StoreJournal::removeVisit(const Id &visitId)
{
    return remove("visit", visitId);
}

Status StoreJournal::removeRemark(const Id &remarkId)
{
    return remove("remark", remarkId);
}

Status StoreJournal::setNextStepDone(const Id &visitId)
{
    const auto row = parseUuid(visitId);
    if (!row)
        return fail(ErrorCode::NotFound, "'" + visitId + "' is no visit's id");
    const auto made = m_replica.commit({ChangeBuilder("visit", *row, ChangeKind::Update)
                                            .set("next_step_done", std::int64_t{1})
                                            .take()});
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

// ---- the draft: this device's own, never replicated
// --------------------------------------------------

Result<std::optional<VisitDraft>> StoreJournal::draft()
{
    const auto kept = TRY(m_store.fact(draftFact));
    return kept ? draftFromJson(*kept) : std::optional<VisitDraft>();
}

Status StoreJournal::keepDraft(const VisitDraft &draft)
{
    TRY_STATUS(m_store.records().begin());
    Status kept = m_store.keepFact(draftFact, toJson(draft));
    if (kept)
        kept = m_store.records().commit();
    if (!kept)
        m_store.records().rollback();
    return kept;
}

Status StoreJournal::dropDraft()
{
    TRY_STATUS(m_store.records().begin());
    Status dropped = m_store.dropFact(draftFact);
    if (dropped)
        dropped = m_store.records().commit();
    if (!dropped)
        m_store.records().rollback();
    return dropped;
}

}  // namespace tend
