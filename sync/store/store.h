#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/records/records.h"

namespace replica {

// What the device knows of a group of its own beyond its header.
struct OwnGroup {
    Bytes digest;  // of the body, once it was encoded
    Bytes chain;  // over this and all groups before it of the same incarnation
    // As it was made, where rows of it left this device: kept until a backup of the server holds
    // it, for a server that goes back must be given it again. Never shown.
    Bytes body;
    // A server decided about it and knows it no more, or is asked again. Others may hold the stamp,
    // and what came after it lies above: it never changes.
    bool isStampFinal = false;
    std::optional<GroupId> former;  // the name it was made under, where a fork gave it another
};

// A group the server would not take, or forgot: out of the rows, kept with its octets.
struct SetAside {
    GroupHeader header;
    Bytes body;
    std::string reason;
    WallTime at{};
    bool isOwn = true;
};

// Two groups changed one row without having seen each other, and nobody needed asking.
struct MergeNote {
    std::int64_t id = 0;
    TableId table{};
    RowId row;
    GroupRef mine{};
    GroupRef theirs{};
    WallTime at{};
};

// Port: everything durable of one replica. Calls that write stand inside records().begin() and
// commit().
class Store {
public:
    virtual ~Store() = default;
    [[nodiscard]] virtual Records &records() = 0;

    [[nodiscard]] virtual Result<std::optional<Bytes>> fact(const std::string &name) = 0;
    [[nodiscard]] virtual Status keepFact(const std::string &name, const Bytes &value) = 0;
    [[nodiscard]] virtual Status dropFact(const std::string &name) = 0;

    // Empty when the group was not sealed yet.
    [[nodiscard]] virtual Result<OwnGroup> ownGroup(const GroupId &id) = 0;
    [[nodiscard]] virtual Status keepOwnGroup(const GroupId &id, const OwnGroup &own) = 0;

    struct LifeCounter {
        Incarnation incarnation{};
        Counter counter{};
    };

    // Those of which octets are kept.
    [[nodiscard]] virtual Result<std::vector<LifeCounter>> keptBodies() = 0;
    // Forgets the octets of all of them.
    [[nodiscard]] virtual Status dropBodies() = 0;

    // Replaces an earlier one of the same group.
    [[nodiscard]] virtual Status setAside(const SetAside &group) = 0;
    [[nodiscard]] virtual Status forgetAside(const GroupId &id) = 0;
    [[nodiscard]] virtual Result<std::vector<SetAside>> asides() = 0;

    // Parts of a fill, put aside in the order they came until the last one is there.
    [[nodiscard]] virtual Status stagePart(const Bytes &part) = 0;
    // Nothing beyond the last.
    [[nodiscard]] virtual Result<std::optional<Bytes>> stagedPart(std::int64_t number) = 0;
    [[nodiscard]] virtual Status dropStaged() = 0;

    [[nodiscard]] virtual Status noteMerge(const MergeNote &note) = 0;
    // Newest first.
    [[nodiscard]] virtual Result<std::vector<MergeNote>> mergeNotes(int countMax) = 0;
    [[nodiscard]] virtual Status dropMergeNote(std::int64_t id) = 0;
};

}  // namespace replica
