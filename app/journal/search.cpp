#include "app/journal/search.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <tuple>

#include "app/journal/likeness.h"
#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::int64_t version = 5;  // another one makes the index anew
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

constexpr std::array<Source, 15> sources = {{
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
    {"client_says", nullptr, {"wants", "worth", "delivered", "at_all"}, "t.customer_id"},
    {"buying", nullptr, {"why", "would_change", nullptr, nullptr}, "t.customer_id"},
    {"loss", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"answer", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"plan", nullptr, {"title", nullptr, nullptr, nullptr}, "t.customer_id"},
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

enum class Ends { Open, Closed };

// Each word as one that a row's word may begin with, or must be. Quoted, so that nothing in it is
// syntax.
std::string matchFor(const std::string &asked, Ends ends = Ends::Open)
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
            match
                += (match.empty() ? "\"" : " AND \"") + word + (ends == Ends::Open ? "\"*" : "\"");
        word.clear();
    }
    return match;
}

bool isByName(const SearchHit &one, const SearchHit &other)
{
    return std::tie(one.who, one.row) < std::tie(other.who, other.row);
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

// What was asked for, as the words of a column are compared with it.
struct SearchIndex::Asked {
    explicit Asked(const std::string &given)
        : text(given)
        , words(folder.words(given))
    {
    }

    // How many of the words asked for the text has.
    [[nodiscard]] std::size_t countIn(const std::string &found) const
    {
        const auto its = folder.words(found);
        return static_cast<std::size_t>(
            std::count_if(words.begin(), words.end(), [&](const std::string &word) {
                return std::any_of(its.begin(), its.end(),
                    [&](const std::string &other) { return other.rfind(word, 0) == 0; });
            }));
    }

    NameFolder folder;
    std::string text;
    std::vector<std::string> words;
};

namespace {

// Theirs, not our impression of them, nor what we mean to do.
bool isTheirs(const Source &source, const char *column)
{
    const std::string_view name = column;
    const std::string_view table = source.table;
    return name == "said" || table == "client_says" || table == "buying"
        || ((table == "remark" || table == "answer") && name == "words");
}

// One of each kind, however many there are of another.
constexpr int kindsShare = 5;
constexpr int lookedThroughMax = 20'000;

}  // namespace

Result<std::vector<SearchHit>> SearchIndex::hits(
    const std::string &match, int countMax, Shown shown, const Asked &asked)
{
    std::vector<std::int64_t> places;
    std::map<std::int64_t, int> perTable;
    auto select = TRY(m_database.prepare(
        "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2"));
    select.bindText(1, match).bind(2, std::int64_t{std::max(lookedThroughMax, countMax)});
    while (TRY(select.step())) {
        const std::int64_t place = select.int64(0);
        if (++perTable[place % tablesMax] <= countMax)
            places.push_back(place);
    }
    std::vector<SearchHit> found;
    for (const Source &source : sources) {
        const bool isRemark = std::string_view(source.table) == "remark";
        std::string columns;
        for (const char *column : source.words) {
            if (column)
                columns += std::string(", coalesce(t.\"") + column + "\", '')";
        }
        auto row = TRY(m_database.prepare(std::string("SELECT t.id, ") + source.customer
            + ", coalesce((SELECT name FROM customer WHERE id = " + source.customer + "), "
            + (isRemark ? "t.customer_name, " : "") + "'')" + columns + " FROM " + source.table
            + " t WHERE t._n = ?1"));
        for (const std::int64_t place : places) {
            if (place % tablesMax != tableNumber(source))
                continue;
            row.reset().bind(1, place / tablesMax);
            if (!TRY(row.step()))
                continue;
            SearchHit hit{
                source.table, idAt(row, 0), idAt(row, 1), std::string(row.text(2)), {}, false};
            std::size_t most = 0;
            for (std::size_t i = 0; shown == Shown::Words && i < source.words.size(); ++i) {
                if (!source.words[i])
                    continue;
                const std::string text(row.text(static_cast<int>(3 + i)));
                const std::size_t count = asked.countIn(text);
                if (text.empty() || (!hit.words.empty() && count <= most))
                    continue;
                most = count;
                hit.words = text;
                hit.isSaid = isTheirs(source, source.words[i]) && count == asked.words.size();
            }
            found.push_back(std::move(hit));
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

Result<std::vector<SearchHit>> SearchIndex::people(const Asked &asked, int countMax)
{
    const std::string digits = digitsOf(asked.text);
    if (!digits.empty()) {
        auto found = TRY(hits("who : \"" + digits + "\"*", countMax, Shown::NoWords, asked));
        std::sort(found.begin(), found.end(), &isByName);
        return found;
    }
    // Lee before sixty Leesons.
    std::vector<SearchHit> found;
    for (const Ends ends : {Ends::Closed, Ends::Open}) {
        auto some = TRY(
            hits("who : (" + matchFor(asked.text, ends) + ")", countMax, Shown::NoWords, asked));
        std::sort(some.begin(), some.end(), &isByName);
        for (SearchHit &hit : some) {
            const bool isKnown = std::any_of(found.begin(), found.end(),
                [&](const SearchHit &other) { return other.row == hit.row; });
            if (!isKnown && found.size() < static_cast<std::size_t>(countMax))
                found.push_back(std::move(hit));
        }
    }
    return found;
}

Result<std::vector<SearchHit>> SearchIndex::quotes(const Asked &asked, int countMax)
{
    auto found = TRY(hits("words : (" + matchFor(asked.text) + ")", countMax, Shown::Words, asked));
    // Ids begin with the millisecond they were made in; who took part in a visit has that of the
    // visit. Within one millisecond the higher number stays first.
    constexpr std::size_t momentLetters = 13;
    std::map<Id, Id> visits;
    auto visit = TRY(m_database.prepare("SELECT visit_id FROM visit_customer WHERE id = ?1"));
    for (const SearchHit &hit : found) {
        if (hit.table != "visit_customer")
            continue;
        const Bytes key = keyOf(hit.row);
        visit.reset().bindBlob(1, key);
        if (TRY(visit.step()))
            visits[hit.row] = idAt(visit, 0);
    }
    const auto momentOf = [&](const SearchHit &hit) {
        const auto its = visits.find(hit.row);
        return (its == visits.end() ? hit.row : its->second).substr(0, momentLetters);
    };
    std::stable_sort(found.begin(), found.end(), [&](const SearchHit &one, const SearchHit &other) {
        return momentOf(one) > momentOf(other);
    });
    std::vector<SearchHit> kept;
    std::map<std::string, int> perTable;
    for (SearchHit &hit : found) {
        const bool isOfFew = ++perTable[hit.table] <= kindsShare;
        if (isOfFew || kept.size() < static_cast<std::size_t>(countMax))
            kept.push_back(std::move(hit));
    }
    return kept;
}

Result<std::vector<SearchHit>> SearchIndex::find(const std::string &given, int countMax)
{
    if (matchFor(given).empty())
        return std::vector<SearchHit>();
    TRY_STATUS(catchUpIfThereIsRoom());
    const Asked asked(given);
    std::vector<SearchHit> found = TRY(people(asked, countMax));
    std::set<Id> known;
    for (const SearchHit &hit : found)
        known.insert(hit.row);
    auto quoted = TRY(quotes(asked, countMax));
    for (SearchHit &hit : quoted) {
        if (known.insert(hit.row).second)
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
    std::set<Id> known;
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
        if (known.insert(hit.row).second)
            shown.push_back(std::move(hit));
    }
    hits = std::move(shown);
    return {};
}

}  // namespace tend
