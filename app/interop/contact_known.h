#pragma once

#include "app/interop/contact_planner.h"
#include "app/interop/import_run.h"
#include "app/journal/store_journal.h"

// What the planner of contacts knows of one of them while it looks at it.
namespace tend {

// A row's share of a group, with room for the rest of it.
inline constexpr std::size_t rowOctetsMax = 700U << 10U;
// Begins an id that no other program gave: made of what a record without one says.
inline constexpr const char *madeUpMark = "~";

// What identifies a contact within its source.
[[nodiscard]] std::string identityOf(const Contact &contact);

[[nodiscard]] const replica::Table &customerTable();

// A row of outside_record.
struct ContactPlanner::Outside {
    replica::RowId id;
    replica::RowId customer;
    std::string foreignId;
    std::string kept;
    std::string brought;
    std::optional<replica::RowId> photo;

    // The first row of a statement that is bound.
    [[nodiscard]] static Result<std::optional<Outside>> from(replica::sqlite::Statement &select);
};

struct ContactPlanner::Known {
    replica::RowId id;
    bool isNew = false;
    bool isByOwnId = false;  // the contact bears the id that Tend gave
    bool isGone = false;
    std::optional<Outside> outside;
    std::map<std::string, replica::Value> values;  // by column
    std::string organisation;
    std::optional<replica::RowId> photo;  // of this import
};

}  // namespace tend
