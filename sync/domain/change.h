#pragma once

#include <cstdint>
#include <vector>

#include "sync/domain/hybrid_clock.h"
#include "sync/domain/ids.h"
#include "sync/domain/value.h"

namespace replica {

// Numbers a table or a column in the declaration; never reused.
enum class TableId : std::uint32_t {};
enum class ColumnId : std::uint32_t {};

// Column 0 of every row: whether it is there at all.
inline constexpr ColumnId existence{0};

struct Assignment {
    ColumnId column;
    Value value;

    bool operator==(const Assignment &) const = default;
};

// Touch says "keep this row" and changes no column: the answer to somebody's delete, and the way
// back from one's own.
enum class ChangeKind : std::uint8_t { Insert = 1, Update = 2, Delete = 3, Touch = 4 };

// What one group does to one row. Assignments rise by column, none twice; empty for Delete and
// Touch.
struct Change {
    TableId table{};
    RowId row;
    ChangeKind kind = ChangeKind::Insert;
    std::vector<Assignment> assignments;

    bool operator==(const Change &) const = default;
};

// Names a group for ever, wherever it lies.
struct GroupId {
    DeviceId device;
    Incarnation incarnation{};
    Counter counter{};

    auto operator<=>(const GroupId &) const = default;
};

// A group: all that one action of one person changed. It is accepted, shown and undone as one. Its
// body lies elsewhere; these are the facts that merging needs.
struct GroupHeader {
    GroupId id;
    Stamp stamp{};
    // The author had seen every accepted group up to here, and all it had made itself.
    Sequence base{};
    // And these, with all before them of the same device and incarnation: what a restored server
    // had forgotten, and what this device's earlier incarnation had made.
    std::vector<GroupId> alsoSeen;
    // Who pressed the button, taken by the server from the device's key; nil until accepted.
    Uuid actor;
    // Moment of the action by the device's corrected clock. For people to read; never for ordering.
    WallTime madeAt{};
    Sequence sequence{};

    bool operator==(const GroupHeader &) const = default;
};

// True when the author of `later` had `earlier` before its eyes.
[[nodiscard]] bool sees(const GroupHeader &later, const GroupHeader &earlier);

// Which of two concurrent groups prevails: the same answer on every device, and never both or
// neither for two different groups.
[[nodiscard]] bool wins(const GroupHeader &one, const GroupHeader &other);

}  // namespace replica
