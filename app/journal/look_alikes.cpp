#include "app/journal/look_alikes.h"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"
#include "app/journal/search.h"
#include "app/journal/words.h"

namespace tend {

using namespace replica;

namespace {

constexpr int candidatesMax = 5'000;
// A key that so many share tells nobody from anybody.
constexpr std::size_t crowd = 200;
constexpr std::size_t wordsMax = 6;  // of a name, looked for in others
// A longer one is compared as it is: leaving out letters costs its length three times over.
constexpr std::size_t shortenedMax = 64;

constexpr const char *entryColumns
    = "id, coalesce(name, ''), coalesce(phone, ''), coalesce(email, ''), coalesce(card, '')";

Entry entryAt(const sqlite::Statement &row)
{
    return {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
        std::string(row.text(4))};
}

// A name without any one letter; without any two as well where two may differ. Names that are so
// alike share one of these: each difference is a letter left out of either or of both.
void addShortened(const std::string &name, std::vector<std::string> &keys)
{
    const auto letters
        = name.size() - static_cast<std::size_t>(std::count(name.begin(), name.end(), ' '));
    keys.push_back(name);
    for (std::size_t i = 0; name.size() <= shortenedMax && i < name.size(); ++i) {
        const std::string once = name.substr(0, i) + name.substr(i + 1);
        keys.push_back(once);
        for (std::size_t j = i; letters >= longName && j < once.size(); ++j)
            keys.push_back(once.substr(0, j) + once.substr(j + 1));
    }
}

// All words of one name stand in the other: the other has this key among those of its words.
void addParts(const std::vector<std::string> &words, std::vector<std::string> &keys)
{
    const std::size_t count = std::min(words.size(), wordsMax);
    for (std::size_t chosen = 0; chosen < std::size_t{1} << count; ++chosen) {
        std::string part = "=";
        int parts = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if ((chosen >> i & 1U) == 0)
                continue;
            part += words[i] + ' ';
            ++parts;
        }
        if (parts >= 2)
            keys.push_back(std::move(part));
    }
}

// Those who look alike share one of these.
std::vector<std::string> keysOf(const ReadyEntry &ready)
{
    std::vector<std::string> keys;
    std::vector<std::string> inOrder = ready.words;
    std::sort(inOrder.begin(), inOrder.end());
    const std::string name = joined(ready.words, " ");
    if (!name.empty())
        addShortened(name, keys);
    if (inOrder != ready.words)
        addShortened(joined(inOrder, " "), keys);
    addParts(inOrder, keys);
    const std::string digits = digitsIn(ready.entry.phone);
    if (digits.size() >= phoneEndDigits)
        keys.push_back("p=" + digits.substr(digits.size() - phoneEndDigits));
    if (const std::string email = plainly(ready.entry.email); !email.empty())
        keys.push_back("e=" + email);
    if (const std::string card = plainly(ready.entry.card); !card.empty())
        keys.push_back("c=" + card);
    return keys;
}

}  // namespace

Result<std::vector<LookAlike>> LookAlikes::of(const Entry &typed, const Id &except)
{
    const ReadyEntry ready = m_folder.ready(typed);
    const auto candidates = TRY(SearchIndex(m_database).peopleLike(ready, candidatesMax));
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

    // A key's hash above the row's number, in one word each: a large company has millions of them.
    // Whom a hash brings together by chance is compared and let go.
    constexpr int rowBits = 24;
    constexpr std::uint64_t rowMask = (std::uint64_t{1} << rowBits) - 1;
    std::vector<Row> rows;
    std::vector<std::uint64_t> keys;
    auto select = TRY(
        m_database.prepare(std::string("SELECT ") + entryColumns + " FROM customer ORDER BY id"));
    while (TRY(select.step())) {
        Row row{idAt(select, 0), m_folder.ready(entryAt(select))};
        for (const std::string &key : keysOf(row.ready))
            keys.push_back(
                std::uint64_t{std::hash<std::string>{}(key)} << rowBits | (rows.size() & rowMask));
        rows.push_back(std::move(row));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> candidates;
    for (std::size_t first = 0; first < keys.size();) {
        std::size_t end = first + 1;
        while (end < keys.size() && keys[end] >> rowBits == keys[first] >> rowBits)
            ++end;
        for (std::size_t i = first; end - first <= crowd && i < end; ++i) {
            for (std::size_t j = i + 1; j < end; ++j)
                candidates.emplace_back(keys[i] & rowMask, keys[j] & rowMask);
        }
        first = end;
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
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
