#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/records/row_sum.h"
#include "sync/records/scopes.h"

namespace tend::server {

using replica::Bytes;
using replica::BytesView;
using replica::Result;
using replica::Status;

// One enrolled device. Its public key is its name and its proof.
struct Device {
    replica::DeviceId id;
    Bytes keyDigest;  // SHA-256 of the public key
    replica::Uuid member;
    std::string name;
    bool isRevoked = false;
    bool isWiped = false;  // it is to give up all it holds, after handing over what waits
};

// What deduplication must know of one incarnation of one device: one number, however much it sent.
struct Life {
    replica::Counter accepted{};  // also counts what was quarantined
    Bytes chain;
    replica::Stamp stamp{};
    std::uint64_t attempt = 0;
};

struct Invitation {
    Bytes secretDigest;
    replica::Uuid member;
    replica::WallTime expiresAt{};
    bool isUsed = false;
};

// A group that was not taken: kept whole, with the reason.
struct Quarantined {
    replica::GroupHeader header;
    Bytes body;
    std::string reason;
    replica::WallTime at{};
};

// Under which each device's own entries stand in the log as well, whatever they touch.
[[nodiscard]] inline replica::Scope ownScope(const replica::DeviceId &device)
{
    return "own/" + toText(device);
}

// A row that belongs elsewhere since the group of that sequence.
struct Move {
    replica::Sequence sequence{};
    replica::RowName row;
    replica::Scopes from;
    // Whoever holds the row may lack a part of it, wherever it was: it came under another parent.
    bool isWhole = false;
};

// A member who may hold other scopes since the group of that sequence.
struct ViewChange {
    replica::Sequence sequence{};
    replica::Scopes from;
    replica::WallTime at{};
};

// The seam to where a workspace's data lies: the merged rows (records), the log they came from, and
// who may speak. Each instance serves one workspace, so every key begins with it. Calls that write
// stand inside records().begin() and commit(). One thread at a time. Realised over SQLite and, for
// tests, in memory; a contract suite holds both.
class SharedStore {
public:
    virtual ~SharedStore() = default;
    [[nodiscard]] virtual replica::Records &records() = 0;

    struct LogEntry {
        replica::GroupRef group{};
        Bytes body;
        Bytes digest;
    };

    // The log: the body of each accepted group as its author made it, by sequence.
    [[nodiscard]] virtual Result<replica::Sequence> head() = 0;
    [[nodiscard]] virtual Status appendBody(replica::Sequence sequence, const LogEntry &entry) = 0;

    // The body is empty up to where the log was compacted. Errors: Corrupt when the log has no such
    // entry below its head.
    [[nodiscard]] virtual Result<LogEntry> logEntry(replica::Sequence sequence) = 0;

    // Forgets the bodies up to there, and what they touched and moved. Digests stay, so that a
    // group sent again is known.
    [[nodiscard]] virtual Status compact(replica::Sequence floor) = 0;
    // Rows that were deleted and are forgotten; only their names are kept.
    [[nodiscard]] virtual Status noteDead(const replica::RowName &row) = 0;
    [[nodiscard]] virtual Result<bool> isDead(const replica::RowName &row) = 0;

    // Which scopes each entry of the log touches, so that a device's feed costs what is for it.
    [[nodiscard]] virtual Status appendScopes(
        replica::Sequence sequence, const replica::Scopes &scopes)
        = 0;
    // Every scope that any entry ever touched, without those of ownScope().
    [[nodiscard]] virtual Result<replica::Scopes> allScopes() = 0;
    // Sequences after `after` that touch any of `scopes`, rising, none twice.
    [[nodiscard]] virtual Result<std::vector<replica::Sequence>> sequencesIn(
        const replica::Scopes &scopes, replica::Sequence after, std::size_t countMax)
        = 0;

    // The sum of all writes to the rows that belong to exactly these scopes: what a device may hold
    // is several such places, and no row is in two of them.
    [[nodiscard]] virtual Status addToSum(const replica::Scopes &place, replica::RowSum sum) = 0;
    [[nodiscard]] virtual Result<std::map<replica::Scopes, replica::RowSum>> sums() = 0;

    [[nodiscard]] virtual Status noteMove(const Move &move) = 0;
    // Rising.
    [[nodiscard]] virtual Result<std::vector<Move>> movesAfter(replica::Sequence sequence) = 0;
    [[nodiscard]] virtual Status noteViewChange(
        const replica::Uuid &member, const ViewChange &change)
        = 0;
    [[nodiscard]] virtual Result<std::vector<ViewChange>> viewChangesAfter(
        const replica::Uuid &member, replica::Sequence sequence)
        = 0;
    // Rows that wait for a parent nobody knows yet.
    [[nodiscard]] virtual Status noteOrphan(
        const replica::RowName &parent, const replica::RowName &row)
        = 0;
    [[nodiscard]] virtual Result<std::vector<replica::RowName>> orphans() = 0;
    [[nodiscard]] virtual Result<std::vector<replica::RowName>> takeOrphans(
        const replica::RowName &parent)
        = 0;

    [[nodiscard]] virtual Result<Life> life(
        const replica::DeviceId &device, replica::Incarnation incarnation)
        = 0;
    [[nodiscard]] virtual Status keepLife(
        const replica::DeviceId &device, replica::Incarnation incarnation, const Life &life)
        = 0;

    [[nodiscard]] virtual Result<std::optional<Device>> deviceByKey(BytesView keyDigest) = 0;
    [[nodiscard]] virtual Result<std::vector<Device>> devices() = 0;
    [[nodiscard]] virtual Status keepDevice(const Device &device) = 0;

    [[nodiscard]] virtual Result<std::optional<Invitation>> invitation(BytesView secretDigest) = 0;
    [[nodiscard]] virtual Status keepInvitation(const Invitation &invitation) = 0;

    [[nodiscard]] virtual Status quarantine(const Quarantined &group) = 0;
    [[nodiscard]] virtual Result<std::vector<Quarantined>> quarantined() = 0;

    [[nodiscard]] virtual Result<std::optional<Bytes>> fact(const std::string &name) = 0;
    [[nodiscard]] virtual Status keepFact(const std::string &name, const Bytes &value) = 0;
};

}  // namespace tend::server
