#pragma once

#include "app/journal/journal.h"
#include "app/journal/likeness.h"
#include "sync/sqlite/database.h"

namespace tend {

struct LookAlike {
    Id customer;
    Entry entry;
    std::vector<Likeness> because;  // never empty
};

struct LookAlikePair {
    Id one;  // made first
    Id other;
    std::string oneName;
    std::string otherName;
    std::vector<Likeness> because;
};

// Customers who may be the same person. One thread; the database outlives it.
class LookAlikes {
public:
    explicit LookAlikes(replica::sqlite::Database &database)
        : m_database(database)
    {
    }

    // Of what somebody is typing: those with the most in common first, then by name; `except` is
    // left out with all its rows. Asks the full-text index and compares only who shares a word but
    // for one letter, so it costs what it finds, however many customers there are. Two mistakes in
    // the first letters of a name of one word are found by pairs() alone. Errors: of the database.
    [[nodiscard]] Result<std::vector<LookAlike>> of(const Entry &typed, const Id &except = {});
    // All pairs that are not united yet, by name. Reads every customer once; compares only those
    // that share an address, a card, the end of a number, or a name with one letter left out.
    [[nodiscard]] Result<std::vector<LookAlikePair>> pairs();

private:
    replica::sqlite::Database &m_database;
    NameFolder m_folder;
};

}  // namespace tend
