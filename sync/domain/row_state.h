#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/domain/change.h"

namespace replica {

// A group by its number in one database. Numbers differ between databases; GroupId does not.
enum class GroupRef : std::int64_t {};

// Where merging looks up the groups it compares.
class GroupLookup {
public:
    virtual ~GroupLookup() = default;
    // The reference must exist. Stays valid until the next call that adds or changes a group.
    [[nodiscard]] virtual const GroupHeader &header(GroupRef group) = 0;
};

// The value of column `existence` in a head that came from a delete.
inline const Value deleted{std::int64_t{0}};
inline const Value present{std::int64_t{1}};

// One write that no other write to the same column had seen.
struct Head {
    ColumnId column{};
    GroupRef group{};
    Value value;

    bool operator==(const Head &) const = default;
};

// All that merging must know of one row: for each column the writes nobody has seen and
// overwritten. One head is the ordinary case; several are concurrent, the winner is shown and the
// others wait for a person or for the next write. What was overtaken lies in the history and is
// never needed to merge.
struct RowState {
    TableId table{};
    RowId row;
    std::vector<Head> heads;  // ordered by column, then group

    // The head to show for a column; null when it was never written.
    [[nodiscard]] const Head *winner(ColumnId column, GroupLookup &groups) const;
    // A row lives while some write to it is not covered by a delete.
    [[nodiscard]] bool isAlive(GroupLookup &groups) const;

    [[nodiscard]] bool isKnown() const { return !heads.empty(); }
};

// A delete covers exactly the writes its author had seen.
[[nodiscard]] bool covers(const GroupHeader &deletion, const GroupHeader &write);

// Applies one change of one group. Returns the heads it overtook, and the change's own writes where
// somebody had already seen and overwritten them: all these belong to the history. Laws, held by
// property tests: any order of the same changes gives the same state, and a second application
// changes nothing.
[[nodiscard]] std::vector<Head> merge(
    RowState &state, const Change &change, GroupRef group, GroupLookup &groups);

// The state after all `writes` (heads and history of one row together), in whatever order. The
// specification that merge() is tested against, and the way back when a group must be withdrawn.
[[nodiscard]] RowState resolve(
    TableId table, const RowId &row, const std::vector<Head> &writes, GroupLookup &groups);

}  // namespace replica
