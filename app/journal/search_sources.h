#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "app/journal/tables.h"

namespace tend {

// What is looked through: the columns whose words are indexed, and how to tell about a hit.
struct SearchSource {
    const char *table;
    const char *who;  // a column; where it holds what is asked, the hit is a person
    std::array<const char *, 4> words;
    const char *customer;  // an expression over the table as `t`
};

inline constexpr std::array<SearchSource, 15> searchSources = {{
    {"customer", "name", {"place", "address", "note", "title"}, "t.id"},
    {"visit", nullptr, {"said", "impression", "next_step", nullptr}, "t.customer_id"},
    {"visit_customer", nullptr, {"said", "impression", nullptr, nullptr}, "t.customer_id"},
    {"remark", nullptr, {"words", "customer_name", "topic", "card"}, "t.customer_id"},
    {"need", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"promise", nullptr, {"what", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"circumstance", nullptr, {"what", "effect", nullptr, nullptr}, "t.customer_id"},
    {"terms", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"sale", nullptr, {"item", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"follow_up", nullptr, {"about", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"client_says", nullptr, {"wants", "worth", "delivered", "at_all"}, "t.customer_id"},
    {"buying", nullptr, {"why", "would_change", nullptr, nullptr}, "t.customer_id"},
    {"loss", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"answer", nullptr, {"words", nullptr, nullptr, nullptr}, "t.customer_id"},
    {"plan", nullptr, {"title", nullptr, nullptr, nullptr}, "t.customer_id"},
}};

// A row's place in the index: its number * this + its table.
inline constexpr std::int64_t searchTablesMax = 64;

[[nodiscard]] inline std::int64_t searchTable(const SearchSource &source)
{
    return static_cast<std::int64_t>(journalSchema().table(source.table)->id);
}

}  // namespace tend
