#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/journal/journal.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

// Who opened a customer's page without looking after them: seen by everybody who may see that
// customer. docs/RULES.md, "Who looked".
namespace tend {

struct Look {
    std::string by;  // a member's name; the id's text where it is not known here
    std::string role;
    Day on{};
    Id evidence;
};

// Notes that this device's member opened the page: once a day, and not where they look after this
// customer or nobody else is there to see it. One group, or none. Errors: NotFound (no such
// customer), Full, of the database.
[[nodiscard]] Status noteLook(
    replica::SqliteStore &store, replica::Replica &replica, const Id &customer, Day today);

// Whom this device's member looks after, by the root of each person.
[[nodiscard]] replica::Result<std::set<Id>> lookedAfterBy(
    replica::sqlite::Database &database, const replica::Uuid &member);

// Of all rows of that person, the newest first. By whom is what the server says of the device that
// wrote it, not what was written.
[[nodiscard]] Result<std::vector<Look>> looksAt(
    replica::SqliteStore &store, replica::Replica &replica, const Id &customer);

}  // namespace tend
