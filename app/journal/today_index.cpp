#include "app/journal/today_index.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "app/journal/facts_reader.h"
#include "app/journal/row_at.h"
#include "app/journal/tables.h"
#include "app/journal/words.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::int64_t version = 3;  // another one makes the index anew
constexpr std::int64_t versionMark = 0;  // in today_mark, beside the numbers of tables
constexpr std::int64_t dayMark = -1;  // the day asked about last
// So many are read one by one; of more, everybody is read at once.
constexpr std::int64_t oneByOneMin = 200;
constexpr std::int64_t oneByOneShare = 10;

// Whose facts a row belongs to. ROW is the row; `from` is empty where the row itself says so.
struct Concern {
    const char *customer;
    const char *from;
    const char *where;
};

struct FactSource {
    const char *table;
    std::array<Concern, 3> concerns;
};

constexpr Concern namedCustomer{"ROW.customer_id", "", ""};
constexpr Concern ofPlan{"plan.customer_id", "plan", "plan.id = ROW.plan_id"};

// Every table that FactsReader reads, but for members: who left concerns everybody.
constexpr std::array<FactSource, 20> factSources = {{
    {"customer", {{{"ROW.id", "", ""}, {"ROW.organisation_id", "", ""}}}},
    {"outside_record", {{namedCustomer}}},
    {"visit",
        {{namedCustomer, {"part.customer_id", "visit_customer part", "part.visit_id = ROW.id"},
            // A promise without a day was made on that of its visit.
            {"promise.customer_id", "promise", "promise.visit_id = ROW.id"}}}},
    {"visit_customer", {{namedCustomer}}},
    {"promise", {{namedCustomer}}},
    {"terms", {{namedCustomer}}},
    {"circumstance", {{namedCustomer}}},
    {"need", {{namedCustomer}}},
    {"sale", {{namedCustomer}}},
    {"follow_up", {{namedCustomer}}},
    {"plan", {{namedCustomer}}},
    {"goal", {{ofPlan}}},
    {"initiative", {{ofPlan}}},
    {"loss", {{namedCustomer}}},
    {"handover", {{namedCustomer}}},
    {"remark", {{namedCustomer}}},
    {"relay_event", {{{"remark.customer_id", "remark", "remark.id = ROW.remark_id"}}}},
    {"customer_tag", {{namedCustomer}}},
    {"tag", {{{"part.customer_id", "customer_tag part", "part.tag_id = ROW.id"}}}},
    {"same_customer", {{namedCustomer, {"ROW.same_as", "", ""}}}},
}};

std::string numberOf(const FactSource &source)
{
    return std::to_string(static_cast<std::int64_t>(journalSchema().table(source.table)->id));
}

std::string markOf(std::int64_t table)
{
    return "(SELECT n FROM today_mark WHERE tbl = " + std::to_string(table) + ")";
}

std::string markOf(const FactSource &source)
{
    return markOf(static_cast<std::int64_t>(journalSchema().table(source.table)->id));
}

std::string lastOf(const FactSource &source)
{
    return std::string("(SELECT coalesce(max(_n), 0) FROM ") + source.table + ")";
}

std::string with(std::string_view row, std::string_view sql)
{
    constexpr std::string_view placeholder = "ROW";
    std::string text(sql);
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
        text.replace(at, placeholder.size(), row);
    return text;
}

// Notes whose facts that row belongs to: the one in a trigger, or those of `rows`, a table and
// which of it.
std::string noteSql(
    const FactSource &source, std::string_view row, const std::array<std::string, 2> &rows = {})
{
    std::string sql;
    for (const Concern &concern : source.concerns) {
        if (!concern.customer)
            continue;
        const std::string customer = with(row, concern.customer);
        const std::string from = joined({rows[0], concern.from}, " JOIN ");
        sql += "INSERT OR IGNORE INTO today_changed SELECT " + customer
            + (from.empty() ? "" : " FROM " + from) + " WHERE "
            + joined({customer + " IS NOT NULL", with(row, concern.where), rows[1]}, " AND ")
            + "; ";
    }
    return sql;
}

std::string triggersOf(const FactSource &source)
{
    const std::string name = source.table;
    const std::string gone = noteSql(source, "old");
    return "DROP TRIGGER IF EXISTS today_changed_" + name + "; DROP TRIGGER IF EXISTS today_gone_"
        + name + "; CREATE TRIGGER today_changed_" + name + " AFTER UPDATE ON " + name + " BEGIN "
        + gone + noteSql(source, "new") + "END; CREATE TRIGGER today_gone_" + name
        + " AFTER DELETE ON " + name + " BEGIN "
        + gone
        // The highest number may be given again.
        + "UPDATE today_mark SET n = min(n, " + lastOf(source) + ") WHERE tbl = " + numberOf(source)
        + "; END; ";
}

// What the row a reason rests on says of it.
std::string topicSql()
{
    struct Topic {
        ReasonKind kind;
        const char *table;
        const char *column;
    };

    constexpr std::array<Topic, 8> topics = {{
        {ReasonKind::NextStepDue, "visit", "next_step"},
        {ReasonKind::FollowUpDue, "follow_up", "about"},
        {ReasonKind::PromiseDue, "promise", "what"},
        {ReasonKind::CallAfterSale, "sale", "item"},
        {ReasonKind::CircumstanceEnds, "circumstance", "what"},
        {ReasonKind::NeedToConfirm, "need", "words"},
        {ReasonKind::InitiativeDue, "initiative", "what"},
        {ReasonKind::AnswerToTell, "remark", "words"},
    }};
    std::string sql = "CASE r.kind";
    for (const Topic &topic : topics)
        sql += " WHEN " + std::to_string(static_cast<int>(topic.kind)) + " THEN (SELECT "
            + topic.column + " FROM " + topic.table + " WHERE id = substr(r.evidence, 1, 16))";
    return sql + " END";
}

constexpr std::size_t idOctets = 16;

Bytes octetsOf(const std::vector<Id> &ids)
{
    Bytes octets;
    for (const Id &id : ids)
        octets += keyOf(id);
    return octets;
}

std::vector<Id> idsIn(BytesView octets)
{
    std::vector<Id> ids;
    for (; octets.size() >= idOctets; octets.remove_prefix(idOctets)) {
        if (const auto id = uuidOf(octets.substr(0, idOctets)))
            ids.push_back(toText(*id));
    }
    return ids;
}

// Everybody whom links join to these, also by way of rows that are not here any more.
Result<std::set<Id>> withAllLinked(sqlite::Database &database, std::set<Id> customers)
{
    std::map<Id, std::vector<Id>> linked;
    auto row = TRY(database.prepare("SELECT customer_id, same_as FROM same_customer"));
    while (TRY(row.step())) {
        linked[idAt(row, 0)].push_back(idAt(row, 1));
        linked[idAt(row, 1)].push_back(idAt(row, 0));
    }
    std::vector<Id> reached(customers.begin(), customers.end());
    while (!reached.empty() && !linked.empty()) {
        const Id customer = reached.back();
        reached.pop_back();
        const auto its = linked.find(customer);
        if (its == linked.end())
            continue;
        for (const Id &other : its->second) {
            if (customers.insert(other).second)
                reached.push_back(other);
        }
        linked.erase(its);
    }
    return customers;
}

// A full disk, or somebody else writes.
bool isNoRoom(const Error &error)
{
    return error.code == ErrorCode::Full || error.code == ErrorCode::Busy;
}

const std::string whoLeftDiffers
    = "(EXISTS (SELECT id FROM member WHERE active = 0 EXCEPT SELECT member FROM today_left) OR "
      "EXISTS (SELECT member FROM today_left EXCEPT SELECT id FROM member WHERE active = 0))";

}  // namespace

Result<bool> TodayIndex::isThere()
{
    constexpr const char *tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'today_mark'";
    if (TRY(m_database.queryInt(tables)) == 0)
        return false;
    return TRY(m_database.queryInt("SELECT " + markOf(versionMark))) == version;
}

Status TodayIndex::make()
{
    std::string sql
        = "DROP TABLE IF EXISTS today_mark; DROP TABLE IF EXISTS today_left; DROP TABLE IF EXISTS "
          "today_changed; DROP TABLE IF EXISTS today_person; DROP TABLE IF EXISTS today_reason; "
          "CREATE TABLE today_mark(tbl INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT; "
          "CREATE TABLE today_left(member BLOB PRIMARY KEY) STRICT, WITHOUT ROWID; "
          "CREATE TABLE today_changed(customer BLOB PRIMARY KEY) STRICT, WITHOUT ROWID; "
          "CREATE TABLE today_person(customer BLOB PRIMARY KEY, turns_on INTEGER, has_phone "
          "INTEGER NOT NULL, go_there INTEGER NOT NULL) STRICT, WITHOUT ROWID; "
          "CREATE INDEX today_person_turns_on ON today_person(turns_on); "
          "CREATE TABLE today_reason(customer BLOB NOT NULL, place INTEGER NOT NULL, grp INTEGER "
          "NOT NULL, kind INTEGER NOT NULL, day INTEGER NOT NULL, evidence BLOB NOT NULL, owner "
          "BLOB, hand_over INTEGER NOT NULL, PRIMARY KEY(customer, place)) STRICT, WITHOUT ROWID; "
          "INSERT INTO today_mark VALUES ("
        + std::to_string(versionMark) + ", " + std::to_string(version) + "); ";
    for (const FactSource &source : factSources)
        sql += triggersOf(source);
    return m_database.execute(sql);
}

// Nothing changed, no row came, nobody left, and it is the day it was.
Result<bool> TodayIndex::isUpToDate(Day today)
{
    std::string sql = "SELECT coalesce(" + markOf(dayMark) + " = ?1, 0) AND NOT EXISTS (SELECT 1 "
        + "FROM today_changed) AND NOT " + whoLeftDiffers;
    for (const FactSource &source : factSources)
        sql += " AND " + lastOf(source) + " = " + markOf(source);
    auto asked = TRY(m_database.prepare(sql));
    asked.bind(1, static_cast<std::int64_t>(today));
    return TRY(asked.step()) && asked.int64(0) != 0;
}

// Whether so much is new, or of another kind, that everybody is read.
Result<bool> TodayIndex::isAllNew(Day today)
{
    std::string rows = "0";
    for (const FactSource &source : factSources)
        rows += " + max(0, " + lastOf(source) + " - coalesce(" + markOf(source) + ", 0))";
    auto asked = TRY(m_database.prepare("SELECT coalesce(" + markOf(dayMark) + ", ?1 + 1), "
        + whoLeftDiffers + ", " + rows + ", (SELECT coalesce(max(_n), 0) FROM customer)"));
    asked.bind(1, static_cast<std::int64_t>(today));
    if (!TRY(asked.step()))
        return true;
    const bool isEarlier = static_cast<std::int64_t>(today) < asked.int64(0);
    return isEarlier || asked.int64(1) != 0 || asked.int64(2) > oneByOneMin + asked.int64(3);
}

Status TodayIndex::noteNewRows()
{
    for (const FactSource &source : factSources)
        TRY_STATUS(m_database.execute(
            noteSql(source, "t", {std::string(source.table) + " t", "t._n > " + markOf(source)})));
    return {};
}

Result<std::set<Id>> TodayIndex::whoTurned(Day today)
{
    std::set<Id> customers;
    auto row = TRY(m_database.prepare("SELECT customer FROM today_changed UNION ALL SELECT "
                                      "customer FROM today_person WHERE turns_on <= ?1"));
    row.bind(1, static_cast<std::int64_t>(today));
    while (TRY(row.step()))
        customers.insert(idAt(row, 0));
    return customers;
}

Status TodayIndex::keep(const CustomerFacts &facts, Day today)
{
    const auto person = todayOf(facts, today);
    const auto turnsOn = nextTurnOf(facts, today);
    if (!person && !turnsOn)
        return {};
    const Bytes customer = keyOf(facts.id);
    auto insert = TRY(m_database.prepare("INSERT INTO today_person VALUES (?1, ?2, ?3, ?4)"));
    insert.bindBlob(1, customer);
    if (turnsOn)
        insert.bind(2, static_cast<std::int64_t>(*turnsOn));
    else
        insert.bindNull(2);
    insert.bind(3, std::int64_t{facts.hasPhone ? 1 : 0});
    insert.bind(4, std::int64_t{person && person->shouldGoThere ? 1 : 0});
    TRY_STATUS(insert.run());
    if (!person)
        return {};
    auto add = TRY(
        m_database.prepare("INSERT INTO today_reason VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    std::int64_t place = 0;
    for (const Reason &reason : person->reasons) {
        const Bytes evidence = octetsOf(reason.evidence);
        const Bytes owner = keyOf(reason.owner);
        add.reset().bindBlob(1, customer).bind(2, place++);
        add.bind(3, static_cast<std::int64_t>(reason.group));
        add.bind(4, static_cast<std::int64_t>(reason.kind));
        add.bind(5, static_cast<std::int64_t>(reason.day)).bindBlob(6, evidence);
        if (reason.owner.empty())
            add.bindNull(7);
        else
            add.bindBlob(7, owner);
        TRY_STATUS(add.bind(8, std::int64_t{reason.shouldHandOver ? 1 : 0}).run());
    }
    return {};
}

Status TodayIndex::readAgain(const std::set<Id> &customers, Day today)
{
    auto forgetPerson = TRY(m_database.prepare("DELETE FROM today_person WHERE customer = ?1"));
    auto forgetReasons = TRY(m_database.prepare("DELETE FROM today_reason WHERE customer = ?1"));
    const SameCustomers same = TRY(SameCustomers::read(m_database));
    std::set<Id> roots;
    for (const Id &customer : TRY(withAllLinked(m_database, customers))) {
        const Bytes key = keyOf(customer);
        TRY_STATUS(forgetPerson.reset().bindBlob(1, key).run());
        TRY_STATUS(forgetReasons.reset().bindBlob(1, key).run());
        roots.insert(same.rootOf(customer));
    }
    FactsReader reader(m_database);
    for (const Id &root : roots) {
        const auto facts = reader.of(root);
        if (!facts && facts.error().code == ErrorCode::NotFound)
            continue;  // deleted, or left this device
        TRY_STATUS(keep(TRY(facts), today));
    }
    return {};
}

Status TodayIndex::readEverybody(Day today)
{
    TRY_STATUS(m_database.execute("DELETE FROM today_person; DELETE FROM today_reason"));
    return FactsReader(m_database).forEach([&](const CustomerFacts &facts) {
        return keep(facts, today);
    });
}

Status TodayIndex::follow(Day today)
{
    auto transaction = TRY(sqlite::Transaction::begin(m_database));
    if (!TRY(isThere()))
        TRY_STATUS(make());
    bool isAll = TRY(isAllNew(today));
    if (!isAll) {
        TRY_STATUS(noteNewRows());
        const std::set<Id> customers = TRY(whoTurned(today));
        const auto all = TRY(m_database.queryInt("SELECT coalesce(max(_n), 0) FROM customer"));
        isAll = static_cast<std::int64_t>(customers.size()) > oneByOneMin + all / oneByOneShare;
        if (!isAll)
            TRY_STATUS(readAgain(customers, today));
    }
    if (isAll)
        TRY_STATUS(readEverybody(today));
    std::string sql = "DELETE FROM today_changed; DELETE FROM today_left; INSERT INTO today_left "
                      "SELECT id FROM member WHERE active = 0; INSERT OR REPLACE INTO today_mark "
                      "VALUES ("
        + std::to_string(dayMark) + ", " + std::to_string(static_cast<std::int64_t>(today)) + ")";
    for (const FactSource &source : factSources)
        sql += ", (" + numberOf(source) + ", " + lastOf(source) + ")";
    TRY_STATUS(m_database.execute(sql));
    return transaction.commit();
}

Result<std::vector<TodayPerson>> TodayIndex::kept()
{
    std::vector<TodayPerson> people;
    auto row = TRY(m_database.prepare(
        "SELECT r.customer, c.name, p.has_phone, p.go_there, r.grp, r.kind, r.day, r.evidence, "
        "r.owner, r.hand_over, "
        + topicSql()
        + " FROM today_reason r JOIN today_person p ON p.customer = r.customer JOIN customer c ON "
          "c.id = r.customer ORDER BY r.customer, r.place"));
    while (TRY(row.step())) {
        Id customer = idAt(row, 0);
        if (people.empty() || people.back().customer != customer)
            people.push_back({std::move(customer), std::string(row.text(1)), row.int64(2) != 0,
                row.int64(3) != 0, {}});
        people.back().reasons.push_back({static_cast<TodayGroup>(row.int64(4)),
            static_cast<ReasonKind>(row.int64(5)), Day{static_cast<std::int32_t>(row.int64(6))},
            std::string(row.text(10)), idsIn(row.blob(7)), idAt(row, 8), row.int64(9) != 0});
    }
    sortByPressing(people);
    return people;
}

Result<std::vector<TodayPerson>> TodayIndex::on(Day today)
{
    if (!(TRY(isThere()) && TRY(isUpToDate(today)))) {
        const Status followed = follow(today);
        if (!followed && isNoRoom(followed.error()))
            return readToday(m_database, today);
        TRY_STATUS(followed);
    }
    auto people = TRY(kept());
    // Another program may have asked about another day in between.
    const auto day = TRY(m_database.queryInt("SELECT " + markOf(dayMark)));
    return day == static_cast<std::int64_t>(today) ? std::move(people)
                                                   : TRY(readToday(m_database, today));
}

Status TodayIndex::tidy()
{
    if (!TRY(isThere()))
        return {};
    const auto day = TRY(m_database.queryInt("SELECT coalesce(" + markOf(dayMark) + ", 0)"));
    const Day asked{static_cast<std::int32_t>(day)};
    if (TRY(isUpToDate(asked)))
        return {};
    const Status followed = follow(asked);
    // It can follow later: whoever asks next waits a little longer.
    return !followed && isNoRoom(followed.error()) ? Status{} : followed;
}

}  // namespace tend
