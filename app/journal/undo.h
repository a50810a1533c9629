#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/journal/journal.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

// Taking back what was written: by a new change, never by rolling back, so that it reaches
// everybody as any change does and can itself be taken back. docs/RULES.md, "Undo".
namespace tend {

// One action: what somebody wrote together.
struct Deed {
    struct Part {
        std::string table;
        Id row;
        std::string title;  // the customer's name, or the first words there are; may be empty
        replica::ChangeKind kind{};
        std::vector<std::string> columns;  // that an update wrote
    };

    std::int64_t number = 0;  // of this replica alone, and gone when its database is made anew
    WallTime at{};
    std::vector<Part> parts;
};

// What could not be taken back, because somebody has worked with it since.
struct KeptBack {
    std::string table;
    std::string row;
    std::string name;
    std::string reason;
};

struct Undone {
    std::size_t removed = 0;  // rows that the action had made
    std::size_t restored = 0;  // values given back
    std::size_t broughtBack = 0;  // rows that it had deleted
    std::vector<KeptBack> kept;
};

// What was written on this device and is here, the newest first. Errors: of the database.
[[nodiscard]] Result<std::vector<Deed>> recentDeeds(
    replica::SqliteStore &store, replica::Replica &replica, std::size_t countMax);

// Whether the rows of what was written last on this device have left it, as when their customer
// moved to others. Errors: of the database.
[[nodiscard]] Result<bool> hasTheLastLeft(replica::SqliteStore &store, replica::Replica &replica);

// One action by its number, whoever's. Errors: NotFound.
[[nodiscard]] Result<Deed> deedNumbered(
    replica::SqliteStore &store, replica::Replica &replica, std::int64_t number);

// Takes back one action, whoever's: rows it made go, values it wrote become what its author had
// before their eyes, rows it deleted come back as they were. What somebody has changed since, or
// hung on it, stays and is told. One group. Errors: NotFound (no such number), Conflict where
// nothing is left that could be taken back, with the first reason; Invalid where a rule forbids
// it; Full.
[[nodiscard]] Result<Undone> undoDeed(
    replica::SqliteStore &store, replica::Replica &replica, std::int64_t number);

// What a person would call the row that an id names; empty where it is not here.
[[nodiscard]] Result<std::string> nameOfNamed(replica::Records &records, const replica::Value &id);

// What a person would call a row: its customer's name, or the first words there are.
[[nodiscard]] Result<std::string> titleOf(replica::Records &records, const replica::Change &shown);

}  // namespace tend
