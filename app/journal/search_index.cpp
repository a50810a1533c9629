#include <string>

#include "app/journal/likeness.h"
#include "app/journal/search.h"
#include "app/journal/search_sources.h"
#include "app/journal/words.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::int64_t version = 8;  // another one makes the index anew
constexpr int rowsAtOnce = 5'000;
constexpr std::int64_t goneMark
    = -1;  // in search_mark: rows deleted since their words left the file

std::string placeOf(const SearchSource &source, const std::string &row)
{
    return row + "._n * " + std::to_string(searchTablesMax) + " + "
        + std::to_string(searchTable(source));
}

// A number's digits and all their ends of four or more, so that any of them can begin the search.
std::string phoneWords(std::string_view phone)
{
    constexpr std::size_t digitsMin = 4;
    const std::string digits = digitsIn(std::string(phone));
    std::string words = digits;
    for (std::size_t from = 1; from + digitsMin <= digits.size(); ++from)
        words += ' ' + digits.substr(from);
    return words;
}

std::string wordsSql(const SearchSource &source)
{
    std::string sql = "''";
    for (const char *column : source.words) {
        if (column)
            sql += std::string(" || coalesce(\"") + column + "\", '') || ' '";
        // As cardWord() has it, for the signs that cards are printed with.
        if (column && std::string_view(column) == "card")
            sql += " || replace(replace(coalesce(card, ''), ' ', ''), '-', '') || ' '";
    }
    return sql;
}

std::string watchedColumns(const SearchSource &source)
{
    std::string list = source.who ? std::string(source.who) + ", email, phone, card" : "";
    for (const char *column : source.words) {
        if (column)
            list += (list.empty() ? "\"" : ", \"") + std::string(column) + "\"";
    }
    return list;
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
    sql += "CREATE VIRTUAL TABLE search USING fts5(who, near, words, content='', "
           "contentless_delete=1, "
           "tokenize='unicode61 remove_diacritics 2');"
           "CREATE TABLE search_mark(tbl INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
           "CREATE TABLE search_stale(entry INTEGER PRIMARY KEY) STRICT;"
           "INSERT INTO search_mark VALUES (0, "
        + std::to_string(version) + "), (" + std::to_string(goneMark) + ", 0);";
    for (const SearchSource &source : searchSources) {
        const std::string name = source.table;
        const std::string note = " BEGIN INSERT OR IGNORE INTO search_stale VALUES ("
            + placeOf(source, "old") + "); END;";
        sql += "DROP TRIGGER IF EXISTS search_changed_" + name
            + "; DROP TRIGGER IF EXISTS search_gone_" + name + "; CREATE TRIGGER search_changed_"
            + name + " AFTER UPDATE OF " + watchedColumns(source) + " ON " + name + note
            + "CREATE TRIGGER search_gone_" + name + " AFTER DELETE ON " + name + note
            + "INSERT INTO search_mark VALUES (" + std::to_string(searchTable(source)) + ", 0);";
    }
    TRY_STATUS(m_database.execute(sql));
    return transaction.commit();
}

// `rows` is what follows FROM, with the table as `t`.
Status SearchIndex::addRows(const SearchSource &source, const std::string &rows)
{
    if (!source.who)
        return m_database.execute("INSERT INTO search(rowid, words) SELECT " + placeOf(source, "t")
            + ", " + wordsSql(source) + " FROM " + rows);
    // Names also in Latin letters without accents, and by what they are found although mistaken.
    const NameFolder folder;
    auto select = TRY(m_database.prepare("SELECT " + placeOf(source, "t") + ", coalesce(t."
        + source.who + ", ''), coalesce(email, ''), coalesce(card, ''), coalesce(phone, ''), "
        + wordsSql(source) + " FROM " + rows));
    auto insert = TRY(
        m_database.prepare("INSERT INTO search(rowid, who, near, words) VALUES (?1, ?2, ?3, ?4)"));
    while (TRY(select.step())) {
        const std::string name(select.text(1));
        const auto folded = folder.words(name);
        const std::string who
            = joined({name, isAscii(name) ? std::string() : joined(folded, " "),
                         std::string(select.text(2)), std::string(select.text(3)),
                         cardWord(std::string(select.text(3))), phoneWords(select.text(4))},
                " ");
        std::string near;
        for (const auto &keys : nearKeys(folded))
            near += joined(keys, " ") + ' ';
        insert.reset().bind(1, select.int64(0)).bindText(2, who).bindText(3, near);
        insert.bindText(4, select.text(5));
        TRY_STATUS(insert.run());
    }
    return {};
}

Status SearchIndex::followChanges()
{
    if (TRY(m_database.queryInt("SELECT NOT EXISTS (SELECT 1 FROM search_stale)")) != 0)
        return {};
    auto transaction = TRY(sqlite::Transaction::begin(m_database));
    const std::string modulus = std::to_string(searchTablesMax);
    for (const SearchSource &source : searchSources) {
        const std::string table = std::to_string(searchTable(source));
        const std::string isOfIt = "entry % " + modulus + " = " + table;
        // Rows that are not indexed yet are met when their number is.
        TRY_STATUS(m_database.execute("DELETE FROM search_stale WHERE " + isOfIt + " AND entry / "
            + modulus + " > (SELECT n FROM search_mark WHERE tbl = " + table + ")"));
        TRY_STATUS(m_database.execute("DELETE FROM search WHERE rowid IN (SELECT entry FROM "
                                      "search_stale WHERE "
            + isOfIt + ")"));
        TRY_STATUS(addRows(source,
            std::string("search_stale s JOIN ") + source.table + " t ON t._n = s.entry / " + modulus
                + " WHERE s." + isOfIt));
        TRY_STATUS(m_database.execute("UPDATE search_mark SET n = n + (SELECT count(*) FROM "
                                      "search_stale WHERE "
            + isOfIt + " AND entry / " + modulus + " NOT IN (SELECT _n FROM " + source.table
            + ")) WHERE tbl = " + std::to_string(goneMark)));
    }
    // The highest number of a row that left may be given again.
    for (const SearchSource &source : searchSources)
        TRY_STATUS(m_database.execute(
            std::string("UPDATE search_mark SET n = min(n, (SELECT coalesce(max(_n), 0) FROM ")
            + source.table + ")) WHERE tbl = " + std::to_string(searchTable(source))));
    TRY_STATUS(m_database.execute("DELETE FROM search_stale"));
    return transaction.commit();
}

// True while there may be more.
Result<bool> SearchIndex::addNewRows()
{
    bool hasMore = false;
    auto transaction = TRY(sqlite::Transaction::begin(m_database));
    for (const SearchSource &source : searchSources) {
        const std::string table = std::to_string(searchTable(source));
        const std::string mark = "(SELECT n FROM search_mark WHERE tbl = " + table + ")";
        const auto last = TRY(m_database.queryInt(
            std::string("SELECT coalesce(max(_n), 0) FROM (SELECT _n FROM ") + source.table
            + " WHERE _n > " + mark + " ORDER BY _n LIMIT " + std::to_string(rowsAtOnce) + ")"));
        if (last == 0)
            continue;
        const std::string isNew
            = " t WHERE t._n > " + mark + " AND t._n <= " + std::to_string(last);
        TRY_STATUS(addRows(source, source.table + isNew));
        hasMore = true;
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

}  // namespace tend
