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

std::string CalendarCustomer::whyNobody() const
{
    if (shared.empty())
        return "no customer fits: none has an e-mail address it names, and none whose whole name "
               "stands in its title";
    return "several customers fit: '" + shared
        + "' is of more than one. Give it the e-mail address of the right one as its ATTENDEE, or "
          "unite them if they are one (tendctl unite)";
}

Result<CalendarCustomer> CalendarPeople::customerOf(const CalendarEntry &entry)
{
    TRY_STATUS(readCustomers());
    CalendarCustomer found;
    const auto own = parseUuid(entry.customer);
    if (own && TRY(m_interop.replica.records().row(journalSchema().table("customer")->id, *own)))
        found.id = own;
    std::vector<RowId> others;
    for (const std::string &person : entry.people) {
        const auto one = only(m_byEmail, folded(person), found);
        if (one && !found.id)
            found.id = one;
        else if (one && one != found.id
            && std::find(others.begin(), others.end(), *one) == others.end())
            others.push_back(*one);
    }
    for (const RowId &other : others)
        found.others.push_back(TRY(rowTexts(m_interop, "customer", other))["name"]);
    if (!found.id)
        found.id = named(entry, found);
    return found;
}

std::optional<RowId> CalendarPeople::named(
    const CalendarEntry &entry, CalendarCustomer &found) const
{
    for (const std::string &text : {entry.customerName, entry.summary}) {
        const std::vector<std::string> words = wordsOf(text);
        // The longest name that stands in it.
        for (std::size_t count = std::min(nameWordsMax, words.size()); count > 0; --count) {
            for (std::size_t from = 0; from + count <= words.size(); ++from) {
                std::string name;
                for (std::size_t i = from; i < from + count; ++i)
                    name += (name.empty() ? "" : " ") + words[i];
                const auto one = name.size() < 3 ? std::nullopt : only(m_byName, name, found);
                if (one)
                    return one;
            }
        }
    }
    return std::nullopt;
}

std::optional<RowId> CalendarPeople::only(
    const Ids &ids, const std::string &key, CalendarCustomer &found)
{
    const auto at = ids.find(key);
    if (at == ids.end())
        return std::nullopt;
    if (!at->second.isNil())
        return at->second;
    if (found.shared.empty())
        found.shared = key;
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
    const auto add = [](Ids &ids, const std::string &key, const RowId &id) {
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
