#pragma once

#include <set>

#include "app/journal/same_customers.h"
#include "app/journal/today.h"

namespace tend {

// Today as readToday() tells it, kept beside the rows: asked again, it costs what changed since and
// whose day came, and what it answers; not what there is.
//
// The index is this device's own and holds ids, days and kinds, no words: those are read from the
// rows when they are shown. Of each customer it knows the next day on which their reasons
// may turn (nextTurnOf). It follows the rows at the next on() or tidy(): new ones by their
// number, changed and deleted ones by triggers that note whose facts they are. Made when somebody
// first asks. One thread, outside a transaction; the database outlives it.
class TodayIndex {
public:
    explicit TodayIndex(replica::sqlite::Database &database)
        : m_database(database)
    {
    }

    // A day before the one asked about last makes it anew. Where it cannot be written (a full disk,
    // somebody else writes) all is read instead. Errors: of the database.
    [[nodiscard]] Result<std::vector<TodayPerson>> on(Day today);
    // Gives up whoever left this device; for after a sync. Nothing where nobody ever asked.
    [[nodiscard]] Status tidy();

private:
    [[nodiscard]] Result<bool> isThere();
    [[nodiscard]] Status make();
    [[nodiscard]] Result<bool> isUpToDate(Day today);
    [[nodiscard]] Result<bool> isAllNew(Day today);
    [[nodiscard]] Status follow(Day today);
    [[nodiscard]] Status noteNewRows();
    [[nodiscard]] Result<std::set<Id>> whoTurned(Day today);
    [[nodiscard]] Status readAgain(const std::set<Id> &customers, Day today);
    [[nodiscard]] Status readEverybody(Day today);
    [[nodiscard]] Status keep(const CustomerFacts &facts, Day today);
    [[nodiscard]] Result<std::vector<TodayPerson>> kept();

    replica::sqlite::Database &m_database;
};

}  // namespace tend
