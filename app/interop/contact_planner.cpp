// Which customer a contact is. What changes there is in contact_changes.cpp.
#include "app/interop/contact_planner.h"

#include <algorithm>
#include <cctype>

#include "app/interop/contact_known.h"
#include "app/journal/likeness.h"
#include "app/journal/same_customers.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr const char *outsideSql
    = "SELECT id, customer_id, foreign_id, coalesce(kept, ''), coalesce(brought, ''), photo_id "
      "FROM outside_record WHERE visit_id IS NULL AND follow_up_id IS NULL AND promise_id IS NULL "
      "AND source = ?1 AND ";

std::string folded(const std::string &text)
{
    std::string small;
    for (const char letter : text) {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet != ' ' || (!small.empty() && small.back() != ' '))
            small.push_back(static_cast<char>(octet < 128 ? std::tolower(octet) : octet));
    }
    while (!small.empty() && small.back() == ' ')
        small.pop_back();
    return small;
}

// A number however it is written: its digits, without the zeros and the plus before a country. What
// has none, "ring the bell", is what it says.
std::string numberOf(const std::string &phone)
{
    std::string digits = digitsIn(phone);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    return digits.empty() ? folded(phone) : digits;
}

std::string phoneKey(const std::string &name, const std::string &phone)
{
    const std::string number = numberOf(phone);
    return number.empty() ? std::string() : folded(name) + '\n' + number;
}

}  // namespace

std::string identityOf(const Contact &contact)
{
    if (!contact.foreignId.empty())
        return contact.foreignId;
    return madeUpMark + folded(contact.field("name")) + '|' + folded(contact.field("email")) + '|'
        + numberOf(contact.field("phone"));
}

Status ContactPlanner::prepare(const std::vector<Contact> &contacts)
{
    for (const Contact &contact : contacts)
        ++m_emailsInFile[folded(contact.field("email"))];
    if (m_hasRead)
        return {};
    m_hasRead = true;
    const SameCustomers same = TRY(SameCustomers::read(m_store.database()));
    // United rows are one person, who is the root.
    const auto add = [&](Ids &ids, const std::string &key, const RowId &row) {
        std::vector<Person> &people = ids[key];
        const RowId root = same.rootOf(row);
        const auto known = std::find_if(
            people.begin(), people.end(), [&](const Person &person) { return person.id == root; });
        if (!key.empty() && known == people.end())
            people.push_back({root, root != row});
        else if (!key.empty())
            known->isByDouble = known->isByDouble && root != row;
    };
    auto select = TRY(m_store.database().prepare(
        "SELECT id, name, coalesce(email, ''), coalesce(phone, ''), kind FROM customer"));
    while (TRY(select.step())) {
        const RowId id = uuidOf(select.blob(0)).value_or(RowId{});
        const std::string name(select.text(1));
        add(m_byEmail, folded(std::string(select.text(2))), id);
        add(m_byPhone, phoneKey(name, std::string(select.text(3))), id);
        if (select.text(4) == "organisation")
            m_organisations.emplace(folded(name), same.rootOf(id));
    }
    return {};
}

Status ContactPlanner::plan(const std::vector<Contact> &contacts, ImportPlan &into)
{
    TRY_STATUS(prepare(contacts));
    into.source = m_source;
    const auto planAll = [&](bool isFirm) -> Status {
        for (const Contact &contact : contacts) {
            if ((contact.field("kind") == "organisation") != isFirm)
                continue;
            auto record = planOne(contact, into);
            if (!record)
                return within("line " + std::to_string(contact.line), record.error());
            into.records.push_back(*std::move(record));
        }
        return {};
    };
    // Firms before those who belong to them, so that none is made twice.
    TRY_STATUS(planAll(true));
    TRY_STATUS(planAll(false));
    return {};
}

Result<PlannedRecord> ContactPlanner::planOne(const Contact &contact, ImportPlan &into)
{
    PlannedRecord record;
    record.line = contact.line;
    record.name = contact.field("name");
    record.text = contact.text;
    const auto [earlier, isFirst] = m_inFile.emplace(identityOf(contact), &contact);
    if (!isFirst) {
        const std::string line = std::to_string(earlier->second->line);
        const bool isSame
            = earlier->second->fields == contact.fields && earlier->second->kept == contact.kept;
        record.verdict = isSame ? Verdict::Same : Verdict::Reject;
        if (isSame)
            record.notes.push_back("stands on line " + line + " already");
        else
            record.reason = "line " + line + " has the same id but says something else; keep one";
        return record;
    }
    Known known;
    TRY_STATUS(match(contact, known, record));
    if (record.verdict == Verdict::Reject)
        return record;
    const std::size_t files = into.files.size();
    TRY_STATUS(planFields(contact, known, record));
    TRY_STATUS(planPhoto(contact, known, record, into));
    TRY_STATUS(planOutside(contact, known, record));
    record.verdict = known.isNew ? Verdict::Make
        : record.touched.empty() ? Verdict::Same  // but for what is kept of its card
                                 : Verdict::Change;
    const bool isTooLarge = std::any_of(record.changes.begin(), record.changes.end(),
        [](const PlannedChange &planned) { return roughOctetsOf(planned.change) > rowOctetsMax; });
    if (isTooLarge) {
        takeBack(contact, known, record);
        into.files.erase(into.files.begin() + static_cast<std::ptrdiff_t>(files), into.files.end());
        record.verdict = Verdict::Reject;
        record.reason = "it holds more than the " + std::to_string(rowOctetsMax >> 10U)
            + " KiB that one row may have";
    }
    return record;
}

// A record that is rejected makes nothing, not even the firm that later ones name, and is nobody.
void ContactPlanner::takeBack(const Contact &contact, const Known &known, PlannedRecord &record)
{
    for (const char *field : {"name", "organisation"}) {
        const auto firm = m_organisations.find(folded(contact.field(field)));
        const bool isMadeHere = firm != m_organisations.end()
            && std::any_of(
                record.changes.begin(), record.changes.end(), [&](const PlannedChange &planned) {
                    return planned.change.row == firm->second
                        && planned.change.kind == ChangeKind::Insert;
                });
        if (isMadeHere)
            m_organisations.erase(firm);
    }
    m_taken.erase(known.id);
    record.changes.clear();
    record.touched.clear();
}

Result<std::optional<ContactPlanner::Outside>> ContactPlanner::outsideBy(
    const std::string &foreignId)
{
    auto select = TRY(m_store.database().prepare(outsideSql + std::string("foreign_id = ?2")));
    return Outside::from(select.bindText(1, m_source).bindText(2, foreignId));
}

Result<std::optional<ContactPlanner::Outside>> ContactPlanner::outsideOf(const RowId &customer)
{
    auto select = TRY(m_store.database().prepare(outsideSql + std::string("customer_id = ?2")));
    return Outside::from(select.bindText(1, m_source).bindBlob(2, customer.bytes()));
}

// Those with this e-mail address; where it is nobody's, or several people's, with this name and
// number.
std::vector<ContactPlanner::Person> ContactPlanner::alike(const Contact &contact)
{
    const auto those = [](const Ids &ids, const std::string &key) {
        const auto at = key.empty() ? ids.end() : ids.find(key);
        return at == ids.end() ? std::vector<Person>{} : at->second;
    };
    const std::string email = folded(contact.field("email"));
    // An address that several of the file share is an office's, and names nobody.
    auto byEmail = m_emailsInFile[email] == 1 ? those(m_byEmail, email) : std::vector<Person>{};
    if (byEmail.size() == 1)
        return byEmail;
    auto byPhone = those(m_byPhone, phoneKey(contact.field("name"), contact.field("phone")));
    return byPhone.size() == 1 || byEmail.empty() ? byPhone : byEmail;
}

Status ContactPlanner::match(const Contact &contact, Known &known, PlannedRecord &record)
{
    known.outside = TRY(outsideBy(identityOf(contact)));
    const auto own = parseUuid(contact.foreignId);
    bool isByDouble = false;
    if (known.outside) {
        known.id = known.outside->customer;
    } else if (own && TRY(m_replica.records().load(customerTable().id, *own)).isKnown()) {
        known.id = *own;
        known.isByOwnId = true;
    } else if (const auto people = alike(contact); !people.empty()) {
        if (people.size() == 1 && contact.foreignId.empty()) {
            known.id = people.front().id;
            isByDouble = people.front().isByDouble;
        } else {
            record.notes.emplace_back(people.size() == 1
                    ? "there is a customer with this address or number already"
                    : "there are several customers with this address or number already");
        }
    }
    const auto firm = m_organisations.find(folded(contact.field("name")));
    if (known.id.isNil() && contact.field("kind") == "organisation" && firm != m_organisations.end()
        && m_taken.count(firm->second) == 0)
        known.id = firm->second;
    if (known.id.isNil()) {
        known.id = makeUuid7(m_replica.now(), m_random);
        known.isNew = true;
        m_taken.emplace(known.id, contact.line);
        if (contact.field("kind") == "organisation")
            m_organisations.emplace(folded(contact.field("name")), known.id);
        return {};
    }
    const auto [taken, isFirst] = m_taken.emplace(known.id, contact.line);
    if (!isFirst) {
        record.verdict = Verdict::Reject;
        record.reason = "it is the same customer as line " + std::to_string(taken->second);
        return {};
    }
    // What an import without ids brought of it goes on under the id it has now. Of somebody found
    // by an entry that was united with theirs nothing was brought: what is theirs stays.
    if (!known.outside && !isByDouble)
        known.outside = TRY(outsideOf(known.id));
    if (known.outside && known.outside->foreignId != identityOf(contact)
        && known.outside->foreignId.rfind(madeUpMark, 0) != 0)
        known.outside.reset();
    TRY_STATUS(readCustomer(known));
    if (known.isGone) {
        record.verdict = Verdict::Reject;
        record.reason = "this customer was deleted in Tend, and stays deleted";
    }
    return {};
}

Status ContactPlanner::readCustomer(Known &known)
{
    const auto row = TRY(m_replica.records().row(customerTable().id, known.id));
    known.isGone = !row;
    if (!row)
        return {};
    for (const Assignment &given : row->assignments)
        known.values[customerTable().column(given.column)->name] = given.value;
    const auto firm = known.values.find("organisation_id");
    if (firm == known.values.end() || isEmpty(firm->second))
        return {};
    const auto id = uuidOf(std::get<Blob>(firm->second).octets);
    const auto there = id ? TRY(m_replica.records().row(customerTable().id, *id)) : std::nullopt;
    if (there) {
        for (const Assignment &given : there->assignments) {
            if (given.column == customerTable().column("name")->id)
                known.organisation = std::get<std::string>(given.value);
        }
    }
    return {};
}

// A firm by its name; made where there is none.
Result<Value> ContactPlanner::organisation(const std::string &name, PlannedRecord &record)
{
    if (name.empty())
        return Value{};
    const auto [at, isNew] = m_organisations.emplace(folded(name), RowId{});
    if (isNew) {
        at->second = makeUuid7(m_replica.now(), m_random);
        ChangeBuilder made("customer", at->second, ChangeKind::Insert);
        made.text("name", name).text("kind", "organisation");
        if (m_territory)
            made.set("territory_id", Blob{Bytes(m_territory->bytes())});
        record.changes.push_back({made.take(), {}});
    }
    return Value{Blob{Bytes(at->second.bytes())}};
}

const Table &customerTable()
{
    return *journalSchema().table("customer");
}

}  // namespace tend
