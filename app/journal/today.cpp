#include "app/journal/today.h"

#include <algorithm>
#include <tuple>

#include "app/journal/facts_reader.h"

namespace tend {

std::optional<TodayPerson> todayOf(const CustomerFacts &facts, Day today)
{
    std::vector<Reason> reasons = reasonsOf(facts, today);
    if (reasons.empty())
        return std::nullopt;
    return TodayPerson{facts.id, facts.name, facts.hasPhone, shouldGoThere(asOf(facts, today)),
        std::move(reasons)};
}

void sortByPressing(std::vector<TodayPerson> &people)
{
    std::sort(people.begin(), people.end(), [](const TodayPerson &one, const TodayPerson &other) {
        const Reason &its = one.reasons.front();
        const Reason &others = other.reasons.front();
        return std::tie(its.group, its.day, one.name, one.customer)
            < std::tie(others.group, others.day, other.name, other.customer);
    });
}

Result<std::vector<TodayPerson>> readToday(replica::sqlite::Database &database, Day today)
{
    std::vector<TodayPerson> people;
    TRY_STATUS(FactsReader(database).forEach([&](const CustomerFacts &facts) -> Status {
        if (auto person = todayOf(facts, today))
            people.push_back(*std::move(person));
        return {};
    }));
    sortByPressing(people);
    return people;
}

}  // namespace tend
