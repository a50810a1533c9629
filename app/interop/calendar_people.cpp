#include "app/interop/calendar_people.h"

#include <algorithm>

#include "app/journal/same_customers.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t nameWordsMax = 6;

std::string folded(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) {
        return static_cast<char>(letter < 128 ? std::tolower(letter) : letter);
    });
    return text;
}

std::vector<std::string> wordsOf(const std::string &text)
{
    std::vector<std::string> words(1);
    for (const char letter : folded(text)) {
        const bool parts
            = std::string_view(" \t\n,;:()[]/|").find(letter) != std::string_view::npos;
        if (!parts)
            words.back().push_back(letter);
        else if (!words.back().empty())
            words.emplace_back();
    }
    return words;
}

}  // namespace

Result<std::optional<RowId>> CalendarPeople::customerOf(const CalendarEntry &entry)
{
    TRY_STATUS(readCustomers());
    const auto own = parseUuid(entry.customer);
    if (own && TRY(m_interop.replica.records().row(journalSchema().table("customer")->id, *own)))
        return own;
    const auto only = [](const std::unordered_map<std::string, RowId> &ids,
                          const std::string &key) {
        const auto at = ids.find(key);
        return at == ids.end() || at->second.isNil() ? std::nullopt : std::optional(at->second);
    };
    for (const std::string &person : entry.people) {
        if (const auto found = only(m_byEmail, folded(person)))
            return found;
    }
    for (const std::string &text : {entry.customerName, entry.summary}) {
        const std::vector<std::string> words = wordsOf(text);
        // The longest name that stands in it.
        for (std::size_t count = std::min(nameWordsMax, words.size()); count > 0; --count) {
            for (std::size_t from = 0; from + count <= words.size(); ++from) {
                std::string name;
                for (std::size_t i = from; i < from + count; ++i)
                    name += (name.empty() ? "" : " ") + words[i];
                const auto found = name.size() < 3 ? std::nullopt : only(m_byName, name);
                if (found)
                    return found;
            }
        }
    }
    return std::nullopt;
}

// A name or address that several have names nobody: nil. United rows are one person, who is the
// root.
Status CalendarPeople::readCustomers()
{
    if (m_hasRead)
        return {};
    m_hasRead = true;
    sqlite::Database &database = m_interop.store.database();
    const SameCustomers same = TRY(SameCustomers::read(database));
    const auto add
        = [](std::unordered_map<std::string, RowId> &ids, const std::string &key, const RowId &id) {
              const auto [at, isFirst] = ids.emplace(key, id);
              if (!isFirst && at->second != id)
                  at->second = RowId{};
          };
    auto select = TRY(database.prepare("SELECT id, name, coalesce(email, '') FROM customer"));
    while (TRY(select.step())) {
        const RowId id = same.rootOf(uuidOf(select.blob(0)).value_or(RowId{}));
        std::string name;
        for (const std::string &word : wordsOf(std::string(select.text(1))))
            name += (name.empty() || word.empty() ? "" : " ") + word;
        add(m_byName, name, id);
        if (const std::string email = folded(std::string(select.text(2))); !email.empty())
            add(m_byEmail, email, id);
    }
    return {};
}

}  // namespace tend
