#include "app/journal/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

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

// What FTS5 makes no word of cannot be asked for: its words are letters and numbers, in any script.
bool hasLetter(const std::string &word)
{
    constexpr std::uint32_t ofWords = U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK;
    const auto letters = icu::UnicodeString::fromUTF8(word);
    for (std::int32_t at = 0; at < letters.length(); at = letters.moveIndex32(at, 1)) {
        if ((U_MASK(u_charType(letters.char32At(at))) & ofWords) != 0)
            return true;
    }
    return false;
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
            word += letter;
            continue;
        }
        if (hasLetter(word))
            match
                += (match.empty() ? "" : " AND ") + phrase(word) + (ends == Ends::Open ? "*" : "");
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
        if (++perTable[place % searchTablesMax] <= countMax)
            places.push_back(place);
    }
    std::vector<SearchHit> found;
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
            found.push_back(std::move(hit));
        }
    }
    return found;
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
        if (hasLetter(whole))
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
    const std::string digits = digitsOf(asked.text);
    if (!digits.empty()) {
        auto found = TRY(hits("who : \"" + digits + "\"*", countMax, Shown::NoWords, asked));
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
