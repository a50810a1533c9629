#include "app/journal/search.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::int64_t version = 4;  // another one makes the index anew
constexpr std::int64_t tablesMax = 64;  // a row's place in the index: its number * this + its table
constexpr int rowsAtOnce = 5'000;
constexpr std::int64_t goneMark
    = -1;  // in search_mark: rows deleted since their words left the file

// What is looked through: the columns whose words are indexed, and how to tell about a hit.
struct Source {
    const char *table;
    const char *who;  // an expression; where it holds what is asked, the hit is a person
    std::array<const char *, 4> words;
    const char *customer;  // an expression over the table as `t`
};

constexpr const char *phoneDigits
    = "replace(replace(replace(replace(replace(replace(replace(coalesce(phone, ''), ' ', ''), '-', "
      "''), '/', ''), '(', ''), ')', ''), '.', ''), '+', '')";

constexpr std::array<Source, 10> sources = {{
    {"customer", "name", {"place", "address", "note", nullptr}, "t.id"},
    {"visit", nullptr, {"said", "impression", "next_step", nullptr}, "t.customer_id"},
    {"visit_customer", nullptr, {"said", "impression", nullptr, nullptr}, "t.customer_id"},
    {"remark", nullptr, {"words", "customer_name", "topic", "card"}, "t.customer_id"},
    {"need", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"promise", nullptr, {"what", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"circumstance", nullptr, {"what", "effect", nullptr, nullptr}, "t.customer_id"},
    {"terms", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"sale", nullptr, {"item", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"follow_up", nullptr, {"about", nullptr, nullptr, nullptr}, "t.customer_id"},
}};

std::int64_t tableNumber(const Source &source)
{
    return static_cast<std::int64_t>(journalSchema().table(source.table)->id);
}

std::string placeOf(const Source &source, const std::string &row)
{
    return row + "._n * " + std::to_string(tablesMax) + " + " + std::to_string(tableNumber(source));
}

// A number and all its ends of four digits or more, so that any of its digits can begin the search.
std::string phoneSql()
{
    std::string sql = phoneDigits;
    for (int length = 4; length <= 14; ++length) {
        const std::string end = std::to_string(length);
        sql += std::string(" || ' ' || CASE WHEN length(") + phoneDigits + ") > " + end
            + " THEN substr(" + phoneDigits + ", -" + end + ") ELSE '' END";
    }
    return sql;
}

std::string whoSql(const Source &source)
{
    if (!source.who)
        return "''";
    return std::string("coalesce(") + source.who
        + ", '') || ' ' || coalesce(email, '') || ' ' || coalesce(card, '') || ' ' || "
        + phoneSql();
}

std::string wordsSql(const Source &source)
{
    std::string sql = "''";
    for (const char *column : source.words) {
        if (column)
            sql += std::string(" || coalesce(\"") + column + "\", '') || ' '";
    }
    return sql;
}

std::string watchedColumns(const Source &source)
{
    std::string list = source.who ? std::string(source.who) + ", email, phone, card" : "";
    for (const char *column : source.words) {
        if (column)
            list += (list.empty() ? "\"" : ", \"") + std::string(column) + "\"";
    }
    return list;
}

// What FTS5 makes no word of cannot be asked for.
bool hasLetter(const std::string &word)
{
    return std::any_of(word.begin(), word.end(),
        [](unsigned char of) { return of >= 128 || std::isalnum(of) != 0; });
}

// Each word as one that a row's word may begin with. Quoted, so that nothing in it is syntax.
std::string matchFor(const std::string &asked)
{
    std::string match;
    std::string word;
    for (const char letter : asked + ' ') {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet > ' ') {
            word += letter == '"' ? "\"\"" : std::string(1, letter);
            continue;
        }
        if (hasLetter(word))
            match += (match.empty() ? "\"" : " AND \"") + word + "\"*";
        word.clear();
    }
    return match;
}

// The digits of what can only be a phone number; nothing for other words.
std::string digitsOf(const std::string &asked)
{
    std::string digits;
    for (const char letter : asked) {
        if (letter >= '0' && letter <= '9')
            digits.push_back(letter);
        else if (std::string_view(" +-/().").find(letter) == std::string_view::npos)
            return {};
    }
    // 0612 is 33612 from abroad, and both end alike.
    digits.erase(0, digits.find_first_not_of('0'));
    return digits.size() >= 3 ? digits : std::string();
}

}  // namespace

Result<bool> SearchIndex::isThere()
{
    const auto tables = TRY(m_database.queryInt(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('search', 'search_mark')"));
    if (tables < 2)
        return false;
    return TRY(m_database.queryInt("SELECT coalesce(max(n), 0) FROM search_mark WHERE tbl = 0"))
        == version;
}

Status SearchIndex::make()
{
    auto transaction = TRY(sqlite::Transaction::begin(m_database));
    std::string sql = "DROP TABLE IF EXISTS search; DROP TABLE IF EXISTS search_mark; "
                      "DROP TABLE IF EXISTS search_stale;";
    sql += "CREATE VIRTUAL TABLE search USING fts5(who, words, content='', contentless_delete=1, "
           "tokenize='unicode61 remove_diacritics 2');"
           "CREATE TABLE search_mark(tbl INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
           "CREATE TABLE search_stale(entry INTEGER PRIMARY KEY) STRICT;"
           "INSERT INTO search_mark VALUES (0, "
        + std::to_string(version) + "), (" + std::to_string(goneMark) + ", 0);";
    for (const Source &source : sources) {
        const std::string name = source.table;
        const std::string note = " BEGIN INSERT OR IGNORE INTO search_stale VALUES ("
            + placeOf(source, "old") + "); END;";
        sql += "DROP TRIGGER IF EXISTS search_changed_" + name
            + "; DROP TRIGGER IF EXISTS search_gone_" + name + "; CREATE TRIGGER search_changed_"
            + name + " AFTER UPDATE OF " + watchedColumns(source) + " ON " + name + note
            + "CREATE TRIGGER search_gone_" + name + " AFTER DELETE ON " + name + note
            + "INSERT INTO search_mark VALUES (" + std::to_string(tableNumber(source)) + ", 0);";
    }
    TRY_STATUS(m_database.execute(sql));
    return transaction.commit();
}

Status SearchIndex::followChanges()
{
    if (TRY(m_database.queryInt("SELECT NOT EXISTS (SELECT 1 FROM search_stale)")) != 0)
        return {};
    auto transaction = TRY(sqlite::Transaction::begin(m_database));
    const std::string modulus = std::to_string(tablesMax);
    for (const Source &source : sources) {
        const std::string table = std::to_string(tableNumber(source));
        const std::string isOfIt = "entry % " + modulus + " = " + table;
        // Rows that are not indexed yet are met when their number is.
        TRY_STATUS(m_database.execute("DELETE FROM search_stale WHERE " + isOfIt + " AND entry / "
            + modulus + " > (SELECT n FROM search_mark WHERE tbl = " + table + ")"));
        TRY_STATUS(m_database.execute("DELETE FROM search WHERE rowid IN (SELECT entry FROM "
                                      "search_stale WHERE "
            + isOfIt + ")"));
        TRY_STATUS(m_database.execute("INSERT INTO search(rowid, who, words) SELECT "
            + placeOf(source, "t") + ", " + whoSql(source) + ", " + wordsSql(source)
            + " FROM search_stale s JOIN " + source.table + " t ON t._n = s.entry / " + modulus
            + " WHERE s." + isOfIt));
        TRY_STATUS(m_database.execute("UPDATE search_mark SET n = n + (SELECT count(*) FROM "
                                      "search_stale WHERE "
            + isOfIt + " AND entry / " + modulus + " NOT IN (SELECT _n FROM " + source.table
            + ")) WHERE tbl = " + std::to_string(goneMark)));
    }
    TRY_STATUS(m_database.execute("DELETE FROM search_stale"));
    return transaction.commit();
}

// True while there may be more.
Result<bool> SearchIndex::addNewRows()
{
    bool hasMore = false;
    auto transaction = TRY(sqlite::Transaction::begin(m_database));
    for (const Source &source : sources) {
        const std::string table = std::to_string(tableNumber(source));
        const std::string mark = "(SELECT n FROM search_mark WHERE tbl = " + table + ")";
        const auto last = TRY(m_database.queryInt(
            std::string("SELECT coalesce(max(_n), 0) FROM (SELECT _n FROM ") + source.table
            + " WHERE _n > " + mark + " ORDER BY _n LIMIT " + std::to_string(rowsAtOnce) + ")"));
        if (last == 0)
            continue;
        TRY_STATUS(m_database.execute("INSERT INTO search(rowid, who, words) SELECT "
            + placeOf(source, "t") + ", " + whoSql(source) + ", " + wordsSql(source) + " FROM "
            + source.table + " t WHERE t._n > " + mark + " AND t._n <= " + std::to_string(last)));
        hasMore = hasMore || m_database.changes() >= rowsAtOnce;
        TRY_STATUS(m_database.execute(
            "UPDATE search_mark SET n = " + std::to_string(last) + " WHERE tbl = " + table));
    }
    TRY_STATUS(transaction.commit());
    return hasMore;
}

Status SearchIndex::catchUp()
{
    if (!TRY(isThere()))
        TRY_STATUS(make());
    TRY_STATUS(followChanges());
    while (TRY(addNewRows())) { }
    return {};
}

Status SearchIndex::tidy()
{
    if (!TRY(isThere()))
        return {};
    TRY_STATUS(followChanges());
    const std::string gone = "search_mark WHERE tbl = " + std::to_string(goneMark);
    if (TRY(m_database.queryInt("SELECT n FROM " + gone)) == 0)
        return {};
    TRY_STATUS(m_database.execute("INSERT INTO search(search) VALUES ('optimize')"));
    TRY_STATUS(
        m_database.execute("UPDATE search_mark SET n = 0 WHERE tbl = " + std::to_string(goneMark)));
    return {};
}

Result<std::vector<SearchHit>> SearchIndex::hits(
    const std::string &match, int countMax, Shown shown)
{
    std::vector<std::int64_t> places;
    auto select = TRY(m_database.prepare(
        "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2"));
    select.bindText(1, match).bind(2, std::int64_t{countMax});
    while (TRY(select.step()))
        places.push_back(select.int64(0));
    std::vector<SearchHit> found;
    for (const Source &source : sources) {
        const std::string words
            = shown == Shown::NoWords ? std::string("''") : "trim(" + wordsSql(source) + ")";
        const bool isRemark = std::string_view(source.table) == "remark";
        auto row = TRY(m_database.prepare(std::string("SELECT t.id, ") + source.customer
            + ", coalesce((SELECT name FROM customer WHERE id = " + source.customer + "), "
            + (isRemark ? "t.customer_name, " : "") + "''), " + words + " FROM " + source.table
            + " t WHERE t._n = ?1"));
        for (const std::int64_t place : places) {
            if (place % tablesMax != tableNumber(source))
                continue;
            row.reset().bind(1, place / tablesMax);
            if (TRY(row.step()))
                found.push_back({source.table, idAt(row, 0), idAt(row, 1), std::string(row.text(2)),
                    std::string(row.text(3))});
        }
    }
    return found;
}

// Looking must work where nothing can be written any more.
Status SearchIndex::catchUpIfThereIsRoom()
{
    const Status caughtUp = catchUp();
    if (!caughtUp && caughtUp.error().code == ErrorCode::Full && TRY(isThere()))
        return {};
    return caughtUp;
}

Result<std::vector<std::int64_t>> SearchIndex::peopleBeginning(
    const std::vector<std::string> &beginnings, int countMax)
{
    std::string match;
    for (const std::string &beginning : beginnings) {
        if (!hasLetter(beginning))
            continue;
        std::string quoted;
        for (const char letter : beginning)
            quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
        match += (match.empty() ? "\"" : " OR \"") + quoted + "\"*";
    }
    std::vector<std::int64_t> numbers;
    if (match.empty())
        return numbers;
    match = "who : (" + match + ")";
    TRY_STATUS(catchUpIfThereIsRoom());
    auto select = TRY(m_database.prepare(
        "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2"));
    select.bindText(1, match).bind(2, std::int64_t{countMax});
    while (TRY(select.step()))
        numbers.push_back(select.int64(0) / tablesMax);
    return numbers;
}

Result<std::vector<SearchHit>> SearchIndex::find(const std::string &asked, int countMax)
{
    const std::string match = matchFor(asked);
    if (match.empty())
        return std::vector<SearchHit>();
    TRY_STATUS(catchUpIfThereIsRoom());
    const std::string digits = digitsOf(asked);
    std::vector<SearchHit> people = digits.empty()
        ? TRY(hits("who : (" + match + ")", countMax, Shown::NoWords))
        : TRY(hits("who : \"" + digits + "\"*", countMax, Shown::NoWords));
    std::sort(people.begin(), people.end(), [](const SearchHit &one, const SearchHit &other) {
        return std::tie(one.who, one.row) < std::tie(other.who, other.row);
    });
    auto quoted = TRY(hits("words : (" + match + ")", countMax, Shown::Words));
    // Ids begin with the millisecond they were made in; within one, the higher number stays first.
    constexpr std::size_t momentLetters = 13;
    std::stable_sort(
        quoted.begin(), quoted.end(), [](const SearchHit &one, const SearchHit &other) {
            return one.row.compare(0, momentLetters, other.row, 0, momentLetters) > 0;
        });
    std::vector<SearchHit> found = std::move(people);
    for (SearchHit &hit : quoted) {
        const bool isKnown = std::any_of(found.begin(), found.end(),
            [&](const SearchHit &other) { return other.row == hit.row; });
        if (!isKnown)
            found.push_back(std::move(hit));
    }
    TRY_STATUS(showRoots(found));
    return found;
}

// A double is found by its own words and shown as whom it is.
Status SearchIndex::showRoots(std::vector<SearchHit> &hits)
{
    const SameCustomers same = TRY(SameCustomers::read(m_database));
    if (same.isEmpty())
        return {};
    auto name = TRY(m_database.prepare("SELECT name FROM customer WHERE id = ?1"));
    std::vector<SearchHit> shown;
    for (SearchHit &hit : hits) {
        if (!hit.customer.empty() && same.isDouble(hit.customer)) {
            const bool isPerson = hit.row == hit.customer;
            hit.customer = same.rootOf(hit.customer);
            const Bytes key = keyOf(hit.customer);
            name.reset().bindBlob(1, key);
            if (TRY(name.step()))
                hit.who = std::string(name.text(0));
            if (isPerson)
                hit.row = hit.customer;
        }
        const bool isKnown = std::any_of(shown.begin(), shown.end(),
            [&](const SearchHit &other) { return other.row == hit.row; });
        if (!isKnown)
            shown.push_back(std::move(hit));
    }
    hits = std::move(shown);
    return {};
}

}  // namespace tend
