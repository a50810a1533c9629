#pragma once

#include <vector>

#include "server-stub/shared_store.h"

namespace tend::server {

// Where the log stood on the days gone by: what is older than so and so long is found by the
// server's own days, not by what devices wrote on their groups. Kept as a fact of the workspace.
class DayMarks {
public:
    // Inside a transaction.
    [[nodiscard]] static Result<DayMarks> read(SharedStore &store);

    // Notes where the log stands, a four-hundredth of `keepFor` after the last time. True when that
    // was due.
    [[nodiscard]] bool note(
        replica::WallTime now, replica::Sequence head, std::chrono::milliseconds keepFor);
    // The last sequence that was there `keepFor` ago, with a quarter of the marks above it that so
    // much time makes. A clock that leapt has not made them: nothing is old yet. 0 for none.
    [[nodiscard]] replica::Sequence floor(
        replica::WallTime now, std::chrono::milliseconds keepFor) const;
    // Drops what lies below the floor and keeps the rest.
    [[nodiscard]] Status keep(SharedStore &store, replica::Sequence floor);

private:
    struct Mark {
        replica::WallTime at{};
        replica::Sequence head{};
    };

    std::vector<Mark> m_marks;  // rising
};

// Deleted rows of which every write lies at or below the floor, and on which no row hangs that
// stays.
[[nodiscard]] Result<std::vector<replica::RowName>> expiredRows(
    SharedStore &store, const replica::Schema &schema, replica::Sequence floor);

// Why a group may not be taken that touches rows forgotten as above, or hangs others on them;
// nothing when it does not.
[[nodiscard]] Result<std::optional<std::string>> deadObjection(
    SharedStore &store, const replica::Schema &schema, const std::vector<replica::Change> &changes);

}  // namespace tend::server
