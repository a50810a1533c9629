#pragma once

#include "app/journal/facts.h"
#include "sync/sqlite/database.h"

namespace tend {

// What customers say when they are asked, and what the office has to say to them: docs/RULES.md.
// One thread; the database outlives the call. Errors: of the database.

// Where they buy and why, in their words; the newest of each customer.
struct BuyingCard {
    Id id;
    Id customer;
    std::string name;
    std::string where;  // here, elsewhere, both, nowhere; may be empty
    std::string why;
    std::string wouldChange;
    std::optional<Day> saidOn;
};

// Cards whose last words about what would change it hold `words`; all where that is empty. By name.
[[nodiscard]] Result<std::vector<BuyingCard>> buyingCards(
    replica::sqlite::Database &database, Day today, const std::string &words);

// What they want, what it is worth to them, how, and whether at all.
struct ClientSays {
    Id id;
    std::string wants;
    std::string worth;
    std::string delivered;
    std::string atAll;
    std::optional<Day> saidOn;
};

// Newest first: what they said before stays.
[[nodiscard]] Result<std::vector<ClientSays>> whatClientSays(
    replica::sqlite::Database &database, const Id &customer, Day today);

struct Answer {
    Id id;
    Id customer;  // empty where nobody is known
    std::string name;
    std::string words;
};

struct AskedQuestion {
    Id id;
    std::string words;
    bool isCurrent = false;  // today lies within its days
    std::vector<Answer> answers;  // by id
};

[[nodiscard]] Result<std::vector<AskedQuestion>> askedQuestions(
    replica::sqlite::Database &database, Day today);

struct MarketNote {
    Id id;
    std::string words;
    std::optional<Day> untilOn;

    struct Person {
        Id customer;
        std::string name;
        Id evidence;  // the sale or tag by which it concerns them; the note where it is for all
    };

    std::vector<Person> people;  // by name and id
};

// Notes that hold that day with whom they concern; only of `customer` where one is named.
[[nodiscard]] Result<std::vector<MarketNote>> marketNotes(
    replica::sqlite::Database &database, Day today, const Id &customer = {});

}  // namespace tend
