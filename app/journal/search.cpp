#include "app/journal/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "app/journal/likeness.h"
#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"
#include "app/journal/search_sources.h"
#include "app/journal/words.h"

namespace tend {

using namespace replica;

namespace {

std::string phrase(std::string_view word)
{
    std::string text = "\"";
    for (const char letter : word)
        text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return text + '"';
}

// Those of which something can be found: what has no letter is no word to FTS5.
std::vector<std::string> wordsOf(const std::string &asked)
{
    std::vector<std::string> words;
    std::string word;
    for (const char letter : asked + ' ') {
        if (static_cast<unsigned char>(letter) > ' ') {
            word += letter;
            continue;
        }
        if (hasLetterOrDigit(word))
            words.push_back(word);
        word.clear();
    }
    return words;
}

enum class Ends { Open, Closed };

// As one that a row's word may begin with, or must be. Quoted, so that nothing in it is syntax.
std::string matchForWord(const std::string &word, Ends ends = Ends::Open)
{
    return phrase(word) + (ends == Ends::Open ? "*" : "");
}

std::string matchFor(const std::string &asked, Ends ends = Ends::Open)
{
    std::vector<std::string> parts;
    for (const std::string &word : wordsOf(asked))
        parts.push_back(matchForWord(word, ends));
    return joined(parts, " AND ");
}

// Or as a card, which is printed in parts.
std::string orAsCard(const std::string &match, const std::string &asked)
{
    const std::string card = cardWord(asked);
    return digitsIn(card).empty() ? match : '(' + match + ") OR " + matchForWord(card);
}

bool isByName(const SearchHit &one, const SearchHit &other)
{
    return std::tie(one.who, one.row) < std::tie(other.who, other.row);
}

// What can only be a phone number, as its digits begin one or an end of one; nothing for other
// words.
std::string matchForDigits(const std::string &asked)
{
    constexpr std::size_t digitsMin = 3;
    const std::string digits = digitsIn(asked);
    const auto others = std::count_if(asked.begin(), asked.end(), [](char letter) {
        const bool isWithin = (static_cast<unsigned char>(letter) & 0xc0U) == 0x80U;
        return !isWithin && std::string_view(" +-/().").find(letter) == std::string_view::npos;
    });
    if (digits.size() < digitsMin || digits.size() != static_cast<std::size_t>(others))
        return {};
    // 0612 is 33612 from abroad, and both end alike.
    const std::string ending
        = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
    return matchForWord(digits)
        + (ending.size() >= digitsMin && ending != digits ? " OR " + matchForWord(ending) : "");
}

}  // namespace

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
bool isTheirs(const SearchSource &source, const char *column)
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

Result<std::vector<std::int64_t>> SearchIndex::places(
    const std::string &match, int countMax, const std::set<std::int64_t> *among)
{
    std::vector<std::int64_t> found;
    std::map<std::int64_t, int> perTable;
    auto select = TRY(m_database.prepare(
        "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2"));
    select.bindText(1, match).bind(2, std::int64_t{std::max(lookedThroughMax, countMax)});
    while (TRY(select.step())) {
        const std::int64_t place = select.int64(0);
        if ((!among || among->contains(place)) && ++perTable[place % searchTablesMax] <= countMax)
            found.push_back(place);
    }
    return found;
}

Result<std::vector<SearchHit>> SearchIndex::hits(
    const std::string &match, int countMax, Shown shown, const Asked &asked)
{
    return told(TRY(places(match, countMax)), shown, asked);
}

Result<std::vector<SearchHit>> SearchIndex::told(
    const std::vector<std::int64_t> &places, Shown shown, const Asked &asked)
{
    std::vector<SearchHit> found;
    if (places.empty())
        return found;
    for (const SearchSource &source : searchSources) {
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
            if (place % searchTablesMax != searchTable(source))
                continue;
            row.reset().bind(1, place / searchTablesMax);
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
            if (hit.customer.empty() && hit.table == "visit")
                hit.who = TRY(namesIn(hit.row));
            found.push_back(std::move(hit));
        }
    }
    return found;
}

// Of a group, who was there.
Result<std::string> SearchIndex::namesIn(const Id &visit)
{
    constexpr std::size_t namesMax = 3;
    auto select = TRY(m_database.prepare(
        "SELECT DISTINCT c.name FROM visit_customer v JOIN customer c ON c.id = v.customer_id "
        "WHERE v.visit_id = ?1 ORDER BY c.name"));
    const Bytes key = keyOf(visit);
    select.bindBlob(1, key);
    std::vector<std::string> names;
    while (TRY(select.step()))
        names.emplace_back(select.text(0));
    const bool areMany = names.size() > namesMax;
    names.resize(std::min(names.size(), namesMax));
    return joined(names, ", ") + (areMany ? ", …" : "");
}

// Looking must work where nothing can be written any more.
Status SearchIndex::catchUpIfThereIsRoom()
{
    Status caughtUp = catchUp();
    if (!caughtUp && caughtUp.error().code == ErrorCode::Full && TRY(isThere()))
        return {};
    return caughtUp;
}

Result<std::vector<std::int64_t>> SearchIndex::peopleLike(const ReadyEntry &entry, int countMax)
{
    std::vector<std::string> words;
    std::vector<std::string> any;
    for (const auto &keys : nearKeys(entry.words)) {
        std::vector<std::string> its;
        for (const std::string &key : keys)
            its.push_back(phrase(key));
        words.push_back("near : (" + joined(its, " OR ") + ")");
    }
    if (words.size() > 1)
        any.push_back(joined(words, " AND "));
    std::vector<std::string> parts = words;
    const std::string digits = digitsIn(entry.entry.phone);
    if (digits.size() >= phoneEndDigits)
        parts.push_back("who : " + phrase(digits.substr(digits.size() - phoneEndDigits)) + '*');
    for (const std::string &whole : {plainly(entry.entry.email), plainly(entry.entry.card)}) {
        if (hasLetterOrDigit(whole))
            parts.push_back("who : " + phrase(whole) + '*');
    }
    any.push_back(joined(parts, " OR "));
    std::set<std::int64_t> numbers;
    if (parts.empty())
        return std::vector<std::int64_t>();
    TRY_STATUS(catchUpIfThereIsRoom());
    auto select = TRY(m_database.prepare(
        "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2"));
    // Who has all words first: there may be too many who have one.
    for (const std::string &match : any) {
        select.reset().bindText(1, match).bind(2, std::int64_t{countMax});
        while (TRY(select.step()))
            numbers.insert(select.int64(0) / searchTablesMax);
    }
    return std::vector<std::int64_t>(numbers.begin(), numbers.end());
}

Result<std::vector<SearchHit>> SearchIndex::people(const Asked &asked, int countMax)
{
    if (const std::string digits = matchForDigits(asked.text); !digits.empty()) {
        auto found = TRY(hits("who : (" + digits + ')', countMax, Shown::NoWords, asked));
        std::sort(found.begin(), found.end(), &isByName);
        return found;
    }
    // Lee before sixty Leesons.
    std::vector<SearchHit> found;
    for (const Ends ends : {Ends::Closed, Ends::Open}) {
        std::string match = matchFor(asked.text, ends);
        if (const std::string plain = matchFor(joined(asked.words, " "), ends);
            !isAscii(asked.text) && !plain.empty())
            match = '(' + match + ") OR (" + plain + ')';
        match = orAsCard(match, asked.text);
        auto some = TRY(hits("who : (" + match + ")", countMax, Shown::NoWords, asked));
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
    auto found = TRY(hits("words : (" + orAsCard(matchFor(asked.text), asked.text) + ")", countMax,
        Shown::Words, asked));
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

// Müller Köln: a name that has some of the words, and its place, address or note the others.
Result<std::vector<SearchHit>> SearchIndex::peopleBesides(const Asked &asked, int countMax)
{
    std::vector<std::string> any;
    for (const std::string &word : wordsOf(asked.text))
        any.push_back(matchForWord(word));
    if (any.size() < 2)
        return std::vector<SearchHit>();
    auto found = TRY(
        hits("who : (" + joined(any, " OR ") + ") AND {who words} : (" + matchFor(asked.text) + ')',
            countMax, Shown::Words, asked));
    std::sort(found.begin(), found.end(), &isByName);
    return found;
}

// Müller bread: what Müller said about bread. Any words that stand together may be the name.
Result<std::vector<SearchHit>> SearchIndex::quotesOfNamed(const Asked &asked, int countMax)
{
    constexpr std::size_t wordsMax = 8;
    constexpr int namesakesMax = 20;
    std::vector<SearchHit> found;
    const auto given = wordsOf(asked.text);
    if (given.size() < 2 || given.size() > wordsMax)
        return found;
    for (auto from = given.begin(); from != given.end(); ++from) {
        for (auto to = from + 1; to <= given.end(); ++to) {
            std::vector<std::string> others(given.begin(), from);
            others.insert(others.end(), to, given.end());
            if (others.empty())
                continue;
            const std::string rest = joined(others, " ");
            const auto rows
                = TRY(rowsOf(TRY(namesakes(joined({from, to}, " "), namesakesMax)), namesakesMax));
            if (rows.empty())
                continue;
            const auto its = TRY(places("words : (" + matchFor(rest) + ')', countMax, &rows));
            auto some = TRY(told(its, Shown::Words, Asked(rest)));
            std::move(some.begin(), some.end(), std::back_inserter(found));
        }
    }
    return found;
}

// Where those whose name has all these words stand; customers alone have names.
Result<std::vector<std::int64_t>> SearchIndex::namesakes(const std::string &name, int countMax)
{
    auto select
        = TRY(m_database.prepare("SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2"));
    const std::string match = "who : (" + matchFor(name) + ')';
    select.bindText(1, match).bind(2, std::int64_t{countMax});
    std::vector<std::int64_t> found;
    while (TRY(select.step()))
        found.push_back(select.int64(0));
    return found;
}

// Where what hangs on these customers stands in the index.
Result<std::set<std::int64_t>> SearchIndex::rowsOf(
    const std::vector<std::int64_t> &customers, int customersMax)
{
    std::set<std::int64_t> rows;
    if (customers.empty() || customers.size() >= static_cast<std::size_t>(customersMax))
        return rows;  // a word that many are called by says nothing
    for (const SearchSource &source : searchSources) {
        if (std::string_view(source.table) == "customer")
            continue;
        auto select = TRY(m_database.prepare(std::string("SELECT t._n FROM ") + source.table
            + " t WHERE " + source.customer + " = (SELECT id FROM customer WHERE _n = ?1)"));
        for (const std::int64_t customer : customers) {
            select.reset().bind(1, customer / searchTablesMax);
            while (TRY(select.step()))
                rows.insert(select.int64(0) * searchTablesMax + searchTable(source));
        }
    }
    return rows;
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
    const auto add = [&](std::vector<SearchHit> more) {
        for (SearchHit &hit : more) {
            if (known.insert(hit.row).second)
                found.push_back(std::move(hit));
        }
    };
    add(TRY(peopleBesides(asked, countMax)));
    add(TRY(quotes(asked, countMax)));
    add(TRY(quotesOfNamed(asked, countMax)));
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
