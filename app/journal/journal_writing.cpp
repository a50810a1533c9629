// Writing: each verb is one group.
#include <nlohmann/json.hpp>

#include "app/journal/looks.h"
#include "app/journal/row_text.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "app/journal/what_follows.h"

namespace tend {

using namespace replica;

namespace {

using Json = nlohmann::json;

// This device's own, never replicated.
const std::string draftFact = "draft";
const std::string remarkDraftFact = "draft_remark";

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

Json toJson(const VisitFields &fields)
{
    Json json = {{"customer", fields.customerId}, {"new_name", fields.newCustomerName},
        {"kind", word(fields.kind)}, {"outcome", word(fields.outcome)},
        {"direction", word(fields.direction)}, {"they_said_so", fields.theySaidSo},
        {"said", fields.said}, {"impression", fields.impression}, {"next_step", fields.nextStep}};
    if (fields.startedAt)
        json["started_at_ms"] = inMs(*fields.startedAt);
    if (fields.feeling)
        json["feeling"] = *fields.feeling;
    if (fields.nextStepOn)
        json["next_step_on"] = dayText(*fields.nextStepOn);
    if (fields.help != Help::None)
        json["help"] = word(fields.help);
    return json;
}

VisitFields fieldsFromJson(const Json &json)
{
    VisitFields fields;
    fields.customerId = json.value("customer", "");
    fields.newCustomerName = json.value("new_name", "");
    fields.kind = visitKindOf(json.value("kind", ""));
    fields.outcome = outcomeOf(json.value("outcome", ""));
    fields.direction = json.value("direction", "us") == "them" ? Direction::Them : Direction::Us;
    fields.theySaidSo = json.value("they_said_so", true);
    fields.said = json.value("said", "");
    fields.impression = json.value("impression", "");
    fields.nextStep = json.value("next_step", "");
    if (json.contains("started_at_ms"))
        fields.startedAt = WallTime{json.value("started_at_ms", std::int64_t{0})};
    if (json.contains("feeling"))
        fields.feeling = json.value("feeling", 0);
    if (json.contains("next_step_on"))
        fields.nextStepOn = parseDay(json.value("next_step_on", ""));
    fields.help = helpOf(json.value("help", ""));
    return fields;
}

VisitDraft draftFromJson(const Json &json)
{
    VisitDraft draft;
    static_cast<VisitFields &>(draft) = fieldsFromJson(json);
    draft.key = json.value("key", "");
    draft.visitId = json.value("visit", "");
    if (const auto before = json.find("before"); before != json.end() && before->is_object())
        draft.before = fieldsFromJson(*before);
    return draft;
}

// Half a letter may stand at the end of what was typed when the program died.
std::string toText(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Sets a column unless a correction leaves it as it was.
class VisitWriter {
public:
    VisitWriter(ChangeBuilder &change, const VisitDraft &draft)
        : m_change(change)
        , m_draft(draft)
    {
    }

    template <typename ValueOf>
    VisitWriter &set(const char *column, ValueOf valueOf)
    {
        const Value value = valueOf(m_draft);
        if (m_draft.before && valueOf(*m_draft.before) == value)
            return *this;
        m_change.set(column, value);
        m_isChanged = true;
        return *this;
    }

    template <typename TextOf>
    VisitWriter &text(const char *column, TextOf textOf)
    {
        return set(column, [textOf](const VisitFields &fields) {
            const std::string text = trimmed(textOf(fields));
            return text.empty() ? Value{} : Value{text};
        });
    }

    [[nodiscard]] bool isChanged() const { return m_isChanged; }

private:
    ChangeBuilder &m_change;
    const VisitDraft &m_draft;
    bool m_isChanged = false;
};

void writeFields(VisitWriter &writer, WallTime now)
{
    writer.set("kind", [](const VisitFields &its) { return Value{word(its.kind)}; })
        .set("outcome", [](const VisitFields &its) { return Value{word(its.outcome)}; })
        .set("direction", [](const VisitFields &its) { return Value{word(its.direction)}; })
        .set("started_at",
            [now](const VisitFields &its) { return Value{inMs(its.startedAt.value_or(now))}; })
        .set("on_day",
            [now](const VisitFields &its) {
                return Value{dayText(localDay(its.startedAt.value_or(now)))};
            })
        .text("said", [](const VisitFields &its) { return its.said; })
        .text("impression", [](const VisitFields &its) { return its.impression; })
        .set("customer_feeling",
            [](const VisitFields &its) { return its.theySaidSo ? valueOf(its.feeling) : Value{}; })
        .set("rep_feeling",
            [](const VisitFields &its) { return its.theySaidSo ? Value{} : valueOf(its.feeling); })
        .text("next_step", [](const VisitFields &its) { return its.nextStep; })
        .set("next_step_on",
            [](const VisitFields &its) {
                return its.nextStepOn ? Value{dayText(*its.nextStepOn)} : Value{};
            })
        .set("help", [](const VisitFields &its) {
            return its.help == Help::None ? Value{} : Value{word(its.help)};
        });
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
    VisitWriter writer(change, draft);
    writer.set("customer_id", [&](const VisitFields &its) {
        const auto given = &its == &draft ? customer : parseUuid(its.customerId);
        return given ? Value{Blob{Bytes(given->bytes())}} : Value{};
    });
    writeFields(writer, m_replica.now());
    if (writer.isChanged()) {
        const Uuid member = m_replica.facts().member;
        Change written = change.take();
        sign(written, member);
        auto promise = TRY(promiseOfHelp(m_replica.records(), written, member, m_replica.now()));
        changes.push_back(std::move(written));
        if (promise)
            changes.push_back(*std::move(promise));
    }
    const auto forget = [&] {
        return forgetDraft(draft.key);
    };
    if (changes.empty()) {
        TRY_STATUS(inTransaction(forget));
    } else {
        static_cast<void>(TRY(m_replica.commit(changes, forget)));
    }
    saved.visitId = toText(visit);
    saved.customerId = toText(*customer);
    return saved;
}

Status StoreJournal::noteLook(const Id &id, Day today)
{
    return tend::noteLook(m_store, m_replica, id, today);
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
    Change written = change.take();
    sign(written, m_replica.facts().member);
    static_cast<void>(TRY(
        m_replica.commit({std::move(written)}, [&] { return m_store.dropFact(remarkDraftFact); })));
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

Status StoreJournal::setNextStep(const Id &visitId, StepState state)
{
    const auto row = parseUuid(visitId);
    if (!row)
        return fail(ErrorCode::NotFound, "'" + visitId + "' is no visit's id");
    const auto made = m_replica.commit(
        {ChangeBuilder("visit", *row, ChangeKind::Update)
                .set("next_step_done", std::int64_t{state == StepState::Done ? 1 : 0})
                .take()});
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

// ---- drafts ------------------------------------------------------------------------------------

Status StoreJournal::inTransaction(const std::function<Status()> &work)
{
    TRY_STATUS(m_store.records().begin());
    Status done = work();
    if (done)
        done = m_store.records().commit();
    if (!done)
        m_store.records().rollback();
    return done;
}

Result<std::vector<VisitDraft>> StoreJournal::visitDrafts()
{
    std::vector<VisitDraft> drafts;
    const auto kept = TRY(m_store.fact(draftFact));
    const Json json = kept ? Json::parse(*kept, nullptr, false) : Json();
    for (const Json &draft : json.is_array() ? json : Json()) {
        if (draft.is_object())
            drafts.push_back(draftFromJson(draft));
    }
    return drafts;
}

Status StoreJournal::storeDrafts(const std::vector<VisitDraft> &drafts)
{
    if (drafts.empty())
        return m_store.dropFact(draftFact);
    Json json = Json::array();
    for (const VisitDraft &draft : drafts) {
        Json one = toJson(draft);
        one["key"] = draft.key;
        one["visit"] = draft.visitId;
        if (draft.before)
            one["before"] = toJson(*draft.before);
        json.push_back(std::move(one));
    }
    return m_store.keepFact(draftFact, toText(json));
}

Status StoreJournal::forgetDraft(const std::string &key)
{
    auto drafts = TRY(visitDrafts());
    std::erase_if(drafts, [&](const VisitDraft &draft) { return draft.key == key; });
    return storeDrafts(drafts);
}

Result<Drafts> StoreJournal::drafts()
{
    Drafts drafts;
    drafts.visits = TRY(visitDrafts());
    if (const auto kept = TRY(m_store.fact(remarkDraftFact))) {
        const Json json = Json::parse(*kept, nullptr, false);
        if (json.is_object())
            drafts.remark = RemarkDraft{json.value("words", ""), json.value("customer", "")};
    }
    return drafts;
}

Status StoreJournal::keepDraft(const VisitDraft &draft)
{
    auto drafts = TRY(visitDrafts());
    std::erase_if(drafts, [&](const VisitDraft &other) { return other.key == draft.key; });
    drafts.insert(drafts.begin(), draft);
    return inTransaction([&] { return storeDrafts(drafts); });
}

Status StoreJournal::dropDraft(const std::string &key)
{
    return inTransaction([&] { return forgetDraft(key); });
}

Status StoreJournal::keepRemarkDraft(const RemarkDraft &draft)
{
    const Json json = {{"words", draft.words}, {"customer", draft.customerId}};
    return inTransaction([&] {
        return trimmed(draft.words).empty() ? m_store.dropFact(remarkDraftFact)
                                            : m_store.keepFact(remarkDraftFact, toText(json));
    });
}

}  // namespace tend
