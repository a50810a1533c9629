#pragma once

#include "app/journal/facts.h"
#include "sync/sqlite/database.h"

namespace tend {

// Questions that need no query builder: docs/RULES.md.
enum class ReadyQuestion { NotSeenLately, Unhappy, Promised, SaidSomethingAbout, LifeChanged };

struct ReadyAnswer {
    Id customer;
    std::string name;
    Day day{};  // of the row it rests on
    std::string words;  // of that row; may be empty
    Id evidence;
    // Of whom is unhappy: what they gave in that visit.
    std::optional<int> rating = {};
    Feeling feeling = {};
};

// As of that day, one answer a customer. `about` is what SaidSomethingAbout looks for. Errors: of
// the database.
[[nodiscard]] Result<std::vector<ReadyAnswer>> answerTo(replica::sqlite::Database &database,
    ReadyQuestion question, Day today, const std::string &about = {});

}  // namespace tend
