#include "app/journal/look_alikes.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"
#include "app/journal/search.h"

namespace tend {

using namespace replica;

namespace {

constexpr int candidatesMax = 5'000;
constexpr std::size_t phoneEnd = 6;
// A mistake sits rarely in the first letters of every word of a name.
constexpr std::size_t nameBeginning = 3;
constexpr std::size_t shortWord = 2;
// A key that so many share tells nobody from anybody.
constexpr std::size_t crowd = 200;

constexpr const char *entryColumns
    = "id, coalesce(name, ''), coalesce(phone, ''), coalesce(email, ''), coalesce(card, '')";

Entry entryAt(const sqlite::Statement &row)
{
    return {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
        std::string(row.text(4))};
}

// What a candidate's words begin with.
std::vector<std::string> beginningsOf(const ReadyEntry &ready)
{
    const Entry &typed = ready.entry;
    std::vector<std::string> beginnings;
    for (const std::string &word : ready.words) {
        if (word.size() >= shortWord)
            beginnings.push_back(word.substr(0, nameBeginning));
    }
    const std::string digits = digitsIn(typed.phone);
    if (digits.size() >= phoneEnd)
        beginnings.push_back(digits.substr(digits.size() - phoneEnd));
    for (const std::string &whole : {plainly(typed.email), plainly(typed.card)}) {
        if (!whole.empty())
            beginnings.push_back(whole);
    }
    return beginnings;
}

// Names that differ in one letter share one of these.
std::vector<std::string> nameKeys(const std::vector<std::string> &words)
{
    std::string name;
    for (const std::string &word : words)
        name += word + ' ';
    std::vector<std::string> keys;
    if (words.empty())
        return keys;
    keys.push_back(name);
    for (std::size_t i = 0; i + 1 < name.size(); ++i)
        keys.push_back(name.substr(0, i) + name.substr(i + 1));
    // And names one of which has a word more.
    for (std::size_t left = 0; words.size() > 2 && left < words.size(); ++left) {
        std::string rest;
        for (std::size_t i = 0; i < words.size(); ++i)
            rest += i == left ? "" : words[i] + ' ';
        keys.push_back(rest);
    }
    return keys;
}

}  // namespace

Result<std::vector<LookAlike>> LookAlikes::of(const Entry &typed, const Id &except)
{
    const ReadyEntry ready = m_folder.ready(typed);
    const auto candidates
        = TRY(SearchIndex(m_database).peopleBeginning(beginningsOf(ready), candidatesMax));
    const SameCustomers same = TRY(SameCustomers::read(m_database));
    std::vector<LookAlike> found;
    auto row = TRY(
        m_database.prepare(std::string("SELECT ") + entryColumns + " FROM customer WHERE _n = ?1"));
    for (const std::int64_t number : candidates) {
        row.reset().bind(1, number);
        if (!TRY(row.step()))
            continue;
        const Id id = idAt(row, 0);
        if (!except.empty() && same.rootOf(id) == same.rootOf(except))
            continue;
        LookAlike other{id, entryAt(row), {}};
        other.because = likenessOf(ready, m_folder.ready(other.entry));
        if (!other.because.empty())
            found.push_back(std::move(other));
    }
    std::sort(found.begin(), found.end(), [](const LookAlike &one, const LookAlike &other) {
        return std::tuple(other.because.size(), one.entry.name, one.customer)
            < std::tuple(one.because.size(), other.entry.name, other.customer);
    });
    return found;
}

Result<std::vector<LookAlikePair>> LookAlikes::pairs()
{
    struct Row {
        Id id;
        ReadyEntry ready;
    };

    std::vector<Row> rows;
    std::unordered_map<std::string, std::vector<std::size_t>> byKey;
    auto select = TRY(
        m_database.prepare(std::string("SELECT ") + entryColumns + " FROM customer ORDER BY id"));
    while (TRY(select.step())) {
        Row row{idAt(select, 0), m_folder.ready(entryAt(select))};
        const Entry &entry = row.ready.entry;
        std::set<std::string> keys;
        for (std::string &key : nameKeys(row.ready.words))
            keys.insert("n " + std::move(key));
        const std::string digits = digitsIn(entry.phone);
        if (digits.size() >= phoneEnd)
            keys.insert("p " + digits.substr(digits.size() - phoneEnd));
        if (const std::string email = plainly(entry.email); !email.empty())
            keys.insert("e " + email);
        if (const std::string card = plainly(entry.card); !card.empty())
            keys.insert("c " + card);
        for (const std::string &key : keys)
            byKey[key].push_back(rows.size());
        rows.push_back(std::move(row));
    }
    std::set<std::pair<std::size_t, std::size_t>> candidates;
    for (const auto &[key, sharing] : byKey) {
        for (std::size_t i = 0; sharing.size() <= crowd && i < sharing.size(); ++i) {
            for (std::size_t j = i + 1; j < sharing.size(); ++j)
                candidates.insert({sharing[i], sharing[j]});
        }
    }
    const SameCustomers same = TRY(SameCustomers::read(m_database));
    std::vector<LookAlikePair> found;
    for (const auto &[first, second] : candidates) {
        const Row &one = rows[first];
        const Row &other = rows[second];
        auto because = likenessOf(one.ready, other.ready);
        if (!because.empty() && same.rootOf(one.id) != same.rootOf(other.id))
            found.push_back({one.id, other.id, one.ready.entry.name, other.ready.entry.name,
                std::move(because)});
    }
    std::sort(found.begin(), found.end(), [](const LookAlikePair &one, const LookAlikePair &other) {
        return std::tie(one.oneName, one.one, one.other)
            < std::tie(other.oneName, other.one, other.other);
    });
    return found;
}

}  // namespace tend
