#pragma once

#include <set>

#include "app/journal/journal.h"
#include "app/journal/likeness.h"
#include "sync/sqlite/database.h"

namespace tend {

struct SearchSource;

// One row that holds what was looked for.
struct SearchHit {
    std::string table;
    Id row;
    Id customer;  // the row itself for customers; empty where nobody is known
    std::string who;  // the customer's name, or the one a remark was noted with
    std::string words;  // of what was asked, the column that has most of it; empty for customers
    bool isSaid = false;  // those are the customer's own words, and hold all that was asked
};

// Full text over everything said and known on this replica (SQLite FTS5). Case and accents do not
// matter, beginnings of words do; all words asked for must stand in one row, or some of them, one
// behind the other, in the name of the customer it is about. Digits of any script find phone
// numbers however they are written, from any of their digits on; a card is found however it is
// parted.
//
// The index is this device's own and holds no text, only words by row. It follows the rows: new
// ones by their number, changed and deleted ones by triggers, at the next find() or tidy(), so that
// writing costs nothing. Made when somebody first looks for something. One thread, outside a
// transaction; the database outlives it.
class SearchIndex {
public:
    explicit SearchIndex(replica::sqlite::Database &database)
        : m_database(database)
    {
    }

    // People first, who has the words themselves before who has longer ones, then by name; then
    // what was said, newest first; at most `countMax` of each, and of every kind of row the newest
    // few besides, so that a word in many visits does not hide the one promise. Nothing for no
    // words. On a full disk it looks through what was indexed before. Errors: of the database; Full
    // only where nobody ever searched.
    [[nodiscard]] Result<std::vector<SearchHit>> find(const std::string &given, int countMax);
    // Numbers of customers' rows that may be like this entry: those who share the end of the phone
    // number, the address, the card, or a word of the name but for one letter; of each of these the
    // newest `countMax`. Errors: as find().
    [[nodiscard]] Result<std::vector<std::int64_t>> peopleLike(
        const ReadyEntry &entry, int countMax);
    // Takes deleted rows' words out of the file, which a plain delete leaves there for a while. For
    // after a sync, when rows may have left this device. Nothing where nobody ever searched.
    [[nodiscard]] Status tidy();

private:
    [[nodiscard]] Result<bool> isThere();
    [[nodiscard]] Status make();
    [[nodiscard]] Status catchUp();
    [[nodiscard]] Status catchUpIfThereIsRoom();
    [[nodiscard]] Status followChanges();
    [[nodiscard]] Status addRows(const SearchSource &source, const std::string &rows);
    [[nodiscard]] Result<bool> addNewRows();
    enum class Shown { Words, NoWords };
    struct Asked;
    [[nodiscard]] Result<std::vector<SearchHit>> hits(
        const std::string &match, int countMax, Shown shown, const Asked &asked);
    [[nodiscard]] Result<std::vector<std::int64_t>> places(
        const std::string &match, int countMax, const std::set<std::int64_t> *among = nullptr);
    [[nodiscard]] Result<std::vector<SearchHit>> told(
        const std::vector<std::int64_t> &places, Shown shown, const Asked &asked);
    [[nodiscard]] Result<std::string> namesIn(const Id &visit);
    [[nodiscard]] Result<std::vector<std::int64_t>> namesakes(
        const std::string &name, int countMax);
    [[nodiscard]] Result<std::set<std::int64_t>> rowsOf(
        const std::vector<std::int64_t> &customers, int customersMax);
    [[nodiscard]] Result<std::vector<SearchHit>> people(const Asked &asked, int countMax);
    [[nodiscard]] Result<std::vector<SearchHit>> quotes(const Asked &asked, int countMax);
    [[nodiscard]] Result<std::vector<SearchHit>> peopleBesides(const Asked &asked, int countMax);
    [[nodiscard]] Result<std::vector<SearchHit>> quotesOfNamed(const Asked &asked, int countMax);

    [[nodiscard]] Status showRoots(std::vector<SearchHit> &hits);

    replica::sqlite::Database &m_database;
};

}  // namespace tend
