#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/records/records.h"

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

// The seam to where a workspace's data lies: the merged rows (records), the log they came from, and
// who may speak. Each instance serves one workspace, so every key begins with it. Calls that write
// stand inside records().begin() and commit(). One thread at a time. Realised over SQLite and, for
// tests, in memory; a contract suite holds both.
class SharedStore {
public:
    virtual ~SharedStore() = default;
    [[nodiscard]] virtual replica::Records &records() = 0;

    // The log: the body of each accepted group as its author made it, by sequence.
    [[nodiscard]] virtual Result<replica::Sequence> head() = 0;
    [[nodiscard]] virtual Status appendBody(
        replica::Sequence sequence, replica::GroupRef group, const Bytes &body, const Bytes &digest)
        = 0;

    struct LogEntry {
        replica::GroupRef group{};
        Bytes body;
        Bytes digest;
    };

    // Errors: Corrupt when the log has no such entry below its head.
    [[nodiscard]] virtual Result<LogEntry> logEntry(replica::Sequence sequence) = 0;

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
