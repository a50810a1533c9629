// Reading: pages and lists. Writing is in journal_writing.cpp, the Sync page in journal_sync.cpp.
#include "app/journal/store_journal.h"

#include <algorithm>
#include <map>

#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/same_customers.h"
#include "app/journal/search.h"
#include "app/journal/tables.h"
#include "app/journal/today_index.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t aboutLettersMax = 40;

std::string momentOf(const std::string &visit)
{
    return "coalesce(" + visit + ".started_at, unixepoch(" + visit + ".on_day) * 1000)";
}

// Customers with their last contact, their own visit or a group's, in the order of `order`.
std::string customerSql(const std::string &order)
{
    return "SELECT c.id, c.name, coalesce(c.place, c.address, ''), " + momentOf("v")
        + ", v.kind, coalesce((SELECT customer_feeling FROM visit_customer WHERE visit_id = v.id "
          "AND customer_id = c.id), v.customer_feeling), v.id, "
        + momentOf("g")
        + ", g.kind, p.customer_feeling, g.id FROM customer c LEFT JOIN visit v ON v._n = (SELECT "
          "_n FROM visit u WHERE u.customer_id = c.id AND u.outcome = 'met' ORDER BY "
        + momentOf("u")
        + " DESC, u.id DESC LIMIT 1) LEFT JOIN visit_customer p ON p._n = (SELECT i._n FROM "
          "visit_customer i JOIN visit w ON w.id = i.visit_id WHERE i.customer_id = c.id AND "
          "w.outcome = 'met' ORDER BY "
        + momentOf("w") + " DESC, w.id DESC LIMIT 1) LEFT JOIN visit g ON g.id = p.visit_id "
        + order;
}

// Of a visit without a moment and a day: when its row was made.
std::optional<WallTime> contactAt(const sqlite::Statement &row, int moment, int visit)
{
    const auto ms = row.isNull(moment) ? msMade(row.blob(visit)) : std::optional(row.int64(moment));
    return ms ? std::optional(WallTime{*ms}) : std::nullopt;
}

CustomerRow customerAt(const sqlite::Statement &row)
{
    CustomerRow customer;
    customer.id = idAt(row, 0);
    customer.name = std::string(row.text(1));
    customer.place = std::string(row.text(2));
    constexpr int own = 3;
    constexpr int ofGroup = 7;
    const auto ownAt = contactAt(row, own, own + 3);
    const auto groupAt = contactAt(row, ofGroup, ofGroup + 3);
    const int contact = groupAt > ownAt ? ofGroup : own;
    customer.lastContactAt = std::max(ownAt, groupAt);
    customer.lastKind = visitKindOf(std::string(row.text(contact + 1)));
    customer.lastFeeling = numberAt(row, contact + 2);
    return customer;
}

}  // namespace

// ---- Today
// ---------------------------------------------------------------------------------------

Result<std::vector<TodayRow>> StoreJournal::today(Day today)
{
    std::vector<TodayRow> rows;
    for (const TodayPerson &person : TRY(TodayIndex(m_store.database()).on(today))) {
        for (const Reason &reason : person.reasons) {
            // Nobody stands in two groups: the more pressing one speaks.
            if (reason.group != person.reasons.front().group)
                break;
            rows.push_back({reason.group, person.customer, person.name,
                shortened(reason.topic, aboutLettersMax), reason.kind, reason.day,
                reason.evidence.front(), person.hasPhone, person.shouldGoThere,
                reason.shouldHandOver});
        }
    }
    // Group, then the day it was due, then the name: the same order on every device.
    std::stable_sort(rows.begin(), rows.end(), [](const TodayRow &one, const TodayRow &other) {
        return std::tie(one.group, one.day, one.who, one.customerId, one.reason, one.evidenceId)
            < std::tie(other.group, other.day, other.who, other.customerId, other.reason,
                other.evidenceId);
    });
    return rows;
}

// ---- Customers
// -----------------------------------------------------------------------------------

namespace {

void takeLater(CustomerRow &row, const CustomerRow &other)
{
    if (other.lastContactAt <= row.lastContactAt)
        return;
    row.lastContactAt = other.lastContactAt;
    row.lastKind = other.lastKind;
    row.lastFeeling = other.lastFeeling;
}

// The root's row, with the last contact of all of them; nothing where the root is not here.
Result<std::optional<CustomerRow>> personAt(sqlite::Statement &select, const std::vector<Id> &rows)
{
    std::optional<CustomerRow> person;
    for (const Id &row : rows) {
        const Bytes key = keyOf(row);
        select.reset().bindBlob(1, key);
        if (!TRY(select.step()))
            continue;
        const CustomerRow its = customerAt(select);
        if (person)
            takeLater(*person, its);
        else
            person = its;
    }
    return person;
}

}  // namespace

Result<std::vector<CustomerRow>> StoreJournal::customers(const std::string &search)
{
    constexpr int hitsMax = 100;
    std::vector<CustomerRow> rows;
    if (search.find_first_not_of(" \t\n") == std::string::npos) {
        auto select
            = TRY(m_store.database().prepare(customerSql("ORDER BY c.name COLLATE NOCASE, c.id")));
        while (TRY(select.step()))
            rows.push_back(customerAt(select));
        TRY_STATUS(fold(rows));
        return rows;
    }
    const SameCustomers same = TRY(SameCustomers::read(m_store.database()));
    auto select = TRY(m_store.database().prepare(customerSql("WHERE c.id = ?1")));
    for (const SearchHit &hit : TRY(SearchIndex(m_store.database()).find(search, hitsMax))) {
        const auto isSame = [&](const CustomerRow &row) {
            return row.id == hit.customer;
        };
        if (std::any_of(rows.begin(), rows.end(), isSame))
            continue;
        auto row = TRY(personAt(select, same.all(hit.customer)));
        if (!row)
            continue;
        row->matchedWords = hit.words;
        rows.push_back(*std::move(row));
    }
    return rows;
}

// Doubles stand under their root, with the last contact of all its rows.
Status StoreJournal::fold(std::vector<CustomerRow> &rows)
{
    const SameCustomers same = TRY(SameCustomers::read(m_store.database()));
    if (same.isEmpty())
        return {};
    std::map<Id, const CustomerRow *> latest;
    for (const CustomerRow &row : rows) {
        const CustomerRow *&its = latest[same.rootOf(row.id)];
        if (!its || row.lastContactAt > its->lastContactAt)
            its = &row;
    }
    std::vector<CustomerRow> shown;
    for (const CustomerRow &row : rows) {
        if (same.isDouble(row.id))
            continue;
        CustomerRow whole = row;
        takeLater(whole, *latest.at(row.id));
        shown.push_back(std::move(whole));
    }
    rows = std::move(shown);
    return {};
}

// Whoever has a next step soonest, then whoever was talked to last, then by name. Next steps are
// looked for in the newest visits: Today has all of them, and this sheet must open at once.
Result<std::vector<CustomerRow>> StoreJournal::suggestions()
{
    constexpr std::size_t suggestionsMax = 3;
    std::vector<CustomerRow> rows;
    auto customer = TRY(m_store.database().prepare(customerSql("WHERE c.id = ?1")));
    const SameCustomers same = TRY(SameCustomers::read(m_store.database()));
    for (const char *sql :
        {"SELECT customer_id, min(CASE WHEN coalesce(next_step_done, 0) = 0 THEN next_step_on END) "
         "AS due, max(started_at) AS last FROM (SELECT * FROM visit WHERE started_at IS NOT NULL "
         "ORDER BY started_at DESC LIMIT 250) WHERE customer_id IS NOT NULL GROUP BY customer_id "
         "ORDER BY due IS NULL, due, last DESC, customer_id LIMIT 12",
            "SELECT id FROM customer ORDER BY name, id LIMIT 12"}) {
        auto select = TRY(m_store.database().prepare(sql));
        while (rows.size() < suggestionsMax && TRY(select.step())) {
            const Id id = same.rootOf(idAt(select, 0));
            const auto isSame = [&](const CustomerRow &row) {
                return row.id == id;
            };
            if (std::any_of(rows.begin(), rows.end(), isSame))
                continue;
            if (auto row = TRY(personAt(customer, same.all(id))))
                rows.push_back(*std::move(row));
        }
    }
    return rows;
}

// ---- Customer
// ------------------------------------------------------------------------------------

Result<std::string> StoreJournal::textOf(const char *sql, BytesView id)
{
    auto select = TRY(m_store.database().prepare(sql));
    select.bindBlob(1, id);
    if (!TRY(select.step()))
        return std::string();
    return std::string(select.text(0));
}

std::string StoreJournal::memberName(const GroupHeader &by)
{
    const bool isMine = by.actor.isNil() ? by.id.device == m_replica.facts().device
                                         : by.actor == m_replica.facts().member;
    if (isMine)
        return {};
    if (by.actor.isNil() && by.sequence != Sequence{0})
        return "the server";
    const auto name = textOf("SELECT name FROM member WHERE id = ?1", by.actor.bytes());
    return name && !name->empty() ? *name : "a colleague";
}

Status StoreJournal::finish(StoryEntry &entry, const RowId &visit, GroupRef base)
{
    const TableId table = journalSchema().table("visit")->id;
    const GroupHeader &made = m_replica.records().header(base);
    entry.by = memberName(made);
    bool waits = made.sequence == Sequence{0};
    auto cells
        = TRY(m_store.database().prepare("SELECT g.sequence, c.col FROM cell c JOIN grp g ON g.ord "
                                         "= c.grp WHERE c.tbl = ?1 AND c.row = ?2"));
    cells.bind(1, static_cast<std::int64_t>(table)).bindBlob(2, visit.bytes());
    const Table &declared = *journalSchema().table("visit");
    while (TRY(cells.step())) {
        waits = waits || cells.int64(0) == 0;
        const Column *column
            = declared.column(ColumnId{static_cast<std::uint32_t>(cells.int64(1))});
        // Ticking off the next step, or putting it off, corrects nothing that was said.
        entry.corrected = entry.corrected
            || (column && column->name != "next_step_done" && column->name != "next_step_on");
    }
    entry.whereabouts = waits ? Whereabouts::Waiting : Whereabouts::OnServer;
    auto rivals
        = TRY(m_store.database().prepare("SELECT 1 FROM rival WHERE tbl = ?1 AND row = ?2"));
    rivals.bind(1, static_cast<std::int64_t>(table)).bindBlob(2, visit.bytes());
    if (TRY(rivals.step()))
        entry.whereabouts = Whereabouts::NeedsYou;
    return {};
}

namespace {

// Of a visit without one: its day, else when its row was made.
WallTime momentOf(const std::optional<Day> &day, BytesView id)
{
    constexpr std::int64_t dayMs = 86'400'000;
    return WallTime{day ? static_cast<std::int64_t>(*day) * dayMs : msMade(id).value_or(0)};
}

void addWords(std::string &words, const std::string &others)
{
    if (words.empty())
        words = others;
    else if (!others.empty() && words != others)
        words += '\n' + others;
}

// Two rows of one person may have taken part in one group visit; entries of one visit stand
// together.
std::vector<StoryEntry> eachVisitOnce(std::vector<StoryEntry> entries)
{
    std::vector<StoryEntry> once;
    for (StoryEntry &entry : entries) {
        if (once.empty() || once.back().visitId != entry.visitId) {
            once.push_back(std::move(entry));
            continue;
        }
        StoryEntry &known = once.back();
        addWords(known.said, entry.said);
        addWords(known.impression, entry.impression);
        if (!known.customerFeeling)
            known.customerFeeling = entry.customerFeeling;
        if (!known.repFeeling)
            known.repFeeling = entry.repFeeling;
        if (known.nextStep.empty()) {
            known.nextStep = entry.nextStep;
            known.nextStepDone = entry.nextStepDone;
        }
    }
    return once;
}

}  // namespace

Result<std::vector<StoryEntry>> StoreJournal::story(const std::vector<Id> &rows)
{
    std::vector<StoryEntry> entries;
    std::map<Id, GroupRef> origins;
    auto select = TRY(m_store.database().prepare(
        "SELECT v.id, v.kind, v.outcome, v.started_at, coalesce(p.said, v.said), "
        "coalesce(p.impression, v.impression), coalesce(p.customer_feeling, v.customer_feeling), "
        "v.rep_feeling, v.next_step, v.next_step_done, v._g, v.on_day FROM visit v "
        "LEFT JOIN visit_customer p ON p.visit_id = v.id AND p.customer_id = ?1 WHERE "
        "v.customer_id = ?1 UNION ALL SELECT v.id, v.kind, v.outcome, v.started_at, p.said, "
        "p.impression, p.customer_feeling, NULL, NULL, 0, v._g, v.on_day FROM visit_customer p "
        "JOIN visit v ON v.id = p.visit_id WHERE p.customer_id = ?1 AND v.customer_id IS NOT ?1"));
    for (const Id &customer : rows) {
        const Bytes key = keyOf(customer);
        select.reset().bindBlob(1, key);
        while (TRY(select.step())) {
            StoryEntry entry;
            entry.visitId = idAt(select, 0);
            entry.kind = visitKindOf(std::string(select.text(1)));
            entry.outcome = outcomeOf(std::string(select.text(2)));
            entry.at = WallTime{select.int64(3)};
            if (select.isNull(3))
                entry.at = momentOf(dayAt(select, 11), select.blob(0));
            entry.said = std::string(select.text(4));
            entry.impression = std::string(select.text(5));
            entry.customerFeeling = numberAt(select, 6);
            entry.repFeeling = numberAt(select, 7);
            entry.nextStep = std::string(select.text(8));
            entry.nextStepDone = select.int64(9) != 0;
            origins[entry.visitId] = GroupRef{select.int64(10)};
            entries.push_back(std::move(entry));
        }
    }
    // What the visit says of them goes before what was noted in a group, the root's before others'.
    std::stable_sort(
        entries.begin(), entries.end(), [](const StoryEntry &one, const StoryEntry &other) {
            return std::tie(one.at, one.visitId) > std::tie(other.at, other.visitId);
        });
    entries = eachVisitOnce(std::move(entries));
    for (StoryEntry &entry : entries)
        TRY_STATUS(
            finish(entry, parseUuid(entry.visitId).value_or(Uuid{}), origins.at(entry.visitId)));
    return entries;
}

// What is known by the root's row, else by the first of the others that knows it.
Status StoreJournal::readPlainly(CustomerPage &page, const std::vector<Id> &rows)
{
    auto select = TRY(m_store.database().prepare(
        "SELECT name, coalesce(place, address, ''), coalesce(phone, "
        "''), coalesce(note, ''), (SELECT words FROM terms "
        "WHERE customer_id = customer.id ORDER BY coalesce(whose, '') = "
        "'ours', since_on DESC, id DESC LIMIT 1) FROM customer WHERE id = ?1"));
    const auto fill = [](std::string &text, std::string_view known) {
        if (text.empty())
            text = std::string(known);
    };
    for (const Id &row : rows) {
        const Bytes key = keyOf(row);
        select.reset().bindBlob(1, key);
        if (!TRY(select.step()))
            return fail(ErrorCode::NotFound, "this customer is not here any more");
        fill(page.name, select.text(0));
        fill(page.place, select.text(1));
        fill(page.phone, select.text(2));
        fill(page.note, select.text(3));
        fill(page.terms, select.text(4));
    }
    return {};
}

// The one that is due first, of those without a day the newest.
Status StoreJournal::readNextStep(CustomerPage &page, const std::vector<Id> &rows)
{
    auto next = TRY(m_store.database().prepare(
        "SELECT next_step, next_step_on, coalesce(started_at, 0) FROM visit WHERE customer_id = ?1 "
        "AND next_step IS NOT NULL AND coalesce(next_step_done, 0) = 0 ORDER BY next_step_on IS "
        "NULL, next_step_on, started_at DESC LIMIT 1"));
    std::optional<std::tuple<bool, std::optional<Day>, std::int64_t>> first;
    for (const Id &row : rows) {
        const Bytes key = keyOf(row);
        next.reset().bindBlob(1, key);
        if (!TRY(next.step()))
            continue;
        const auto on = dayAt(next, 1);
        const std::tuple place(!on, on, -next.int64(2));
        if (first && *first <= place)
            continue;
        first = place;
        page.nextStep = std::string(next.text(0));
        page.nextStepOn = on;
    }
    return {};
}

Result<CustomerPage> StoreJournal::customer(const Id &id)
{
    if (!parseUuid(id))
        return fail(ErrorCode::NotFound, "'" + id + "' is no customer's id");
    const auto rows = TRY(SameCustomers::read(m_store.database())).all(id);
    CustomerPage page;
    page.id = rows.front();
    TRY_STATUS(readPlainly(page, rows));
    page.story = TRY(story(rows));
    for (const StoryEntry &entry : page.story) {
        if (!page.lastTime && entry.outcome == Outcome::Met && !entry.said.empty())
            page.lastTime = entry;
        // Their own word outweighs a newer impression of ours.
        if (!page.theySaidSo && entry.outcome == Outcome::Met && entry.customerFeeling) {
            page.feeling = entry.customerFeeling;
            page.theySaidSo = true;
        }
    }
    if (!page.theySaidSo) {
        const auto seen
            = std::find_if(page.story.begin(), page.story.end(), [](const StoryEntry &entry) {
                  return entry.outcome == Outcome::Met && entry.repFeeling.has_value();
              });
        if (seen != page.story.end())
            page.feeling = seen->repFeeling;
    }
    TRY_STATUS(readNextStep(page, rows));
    return page;
}

Result<VisitDraft> StoreJournal::visit(const Id &visitId)
{
    const auto row = parseUuid(visitId);
    if (!row)
        return fail(ErrorCode::NotFound, "'" + visitId + "' is no visit's id");
    auto select = TRY(m_store.database().prepare(
        "SELECT customer_id, kind, outcome, direction, started_at, said, impression, "
        "customer_feeling, rep_feeling, next_step, next_step_on, help FROM visit WHERE id = ?1"));
    select.bindBlob(1, row->bytes());
    if (!TRY(select.step()))
        return fail(ErrorCode::NotFound, "this visit is not here any more");
    VisitDraft draft;
    draft.key = visitId;
    draft.visitId = visitId;
    draft.customerId = idAt(select, 0);
    draft.kind = visitKindOf(std::string(select.text(1)));
    draft.outcome = outcomeOf(std::string(select.text(2)));
    draft.direction = select.text(3) == "them" ? Direction::Them : Direction::Us;
    if (!select.isNull(4))
        draft.startedAt = WallTime{select.int64(4)};
    draft.said = std::string(select.text(5));
    draft.impression = std::string(select.text(6));
    draft.theySaidSo = !select.isNull(7) || select.isNull(8);
    draft.feeling = numberAt(select, draft.theySaidSo ? 7 : 8);
    draft.nextStep = std::string(select.text(9));
    draft.nextStepOn = parseDay(std::string(select.text(10)));
    draft.help = helpOf(std::string(select.text(11)));
    draft.before = draft;
    return draft;
}

}  // namespace tend
