#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/base/bytes.h"
#include "sync/base/result.h"
#include "sync/domain/change.h"

// What device and server say to each other, as values. Fields as in tend.proto; docs/PROTOCOL.md is
// the contract. Encoding cannot fail; decoding answers Invalid for octets that are no such message.
namespace replica {

inline constexpr std::uint32_t protocolVersion = 1;
inline constexpr std::size_t pageBytesMax = 8U << 20U;  // inflated; 1 MiB compressed
inline constexpr std::size_t pageBytesAim = 512U << 10U;  // of group bodies in one push or pull

struct Group {
    GroupHeader header;
    Bytes body;
    std::optional<GroupId> former;  // the name it was made under, where a fork gave it another
};

// One life of the workspace's log; a restore from backup begins a new one.
struct Epoch {
    EpochId id;
    Sequence start{};

    bool operator==(const Epoch &) const = default;
};

enum class SyncOutcome { Ok, Restamp, StaleAttempt, Forked, NewEpoch, Gap, ViewChanged };

struct ServerState {
    std::vector<Epoch> epochs;  // the last one is now
    Sequence head{};
    Sequence durable{};
    Stamp stamp{};
    std::uint64_t aheadMs = 0;  // so far the stamp lies ahead of the server's clock
    GroupId accepted;
    Bytes chain;
};

struct PushRequest {
    std::uint32_t version = protocolVersion;
    EpochId epoch;
    Incarnation incarnation{};
    std::uint64_t attempt = 0;
    std::vector<Group> groups;
};

enum class VerdictKind { Accepted, Duplicate, Quarantined };

struct Verdict {
    GroupId id;
    VerdictKind kind = VerdictKind::Accepted;
    Sequence sequence{};
    Stamp stamp{};  // as accepted
    std::string reason;
    std::optional<GroupId> knownAs;  // of a duplicate accepted under another name
};

struct RowsOfTable {
    TableId table{};
    std::vector<RowId> rows;
};

struct PushAnswer {
    SyncOutcome outcome = SyncOutcome::Ok;
    std::vector<Verdict> verdicts;
    ServerState server;
    std::uint64_t lastAttempt = 0;
    std::vector<RowsOfTable> left;
};

// A part of the rows of scopes that are new to a device.
struct Fill {
    std::vector<std::string> scopes;
    Sequence at{};
    Bytes position;
    bool isLast = false;
    Bytes after;

    bool operator==(const Fill &) const = default;
};

struct PullRequest {
    std::uint32_t version = protocolVersion;
    EpochId epoch;
    Incarnation incarnation{};
    Sequence cursor{};
    std::uint64_t bytesMax = pageBytesAim;
    std::vector<std::string> scopes;
    std::uint32_t waitMs = 0;
    Bytes view;
    std::optional<Fill> fill;
    bool isWhole = false;
    bool isRefill = false;
    std::uint32_t countedBy = 0;  // see row_sum.h

    bool operator==(const PullRequest &) const = default;
};

struct PullAnswer {
    SyncOutcome outcome = SyncOutcome::Ok;
    Sequence from{};
    Sequence to{};
    std::vector<Group> groups;
    ServerState server;
    std::vector<std::string> scopes;
    Bytes view;
    std::optional<Fill> fill;
    std::vector<Group> entered;
    std::vector<RowsOfTable> left;
    std::optional<std::uint64_t> sum;  // of what the device holds after it
};

struct EnrolRequest {
    std::uint32_t version = protocolVersion;
    Bytes secret;
    std::string deviceName;
};

struct EnrolAnswer {
    DeviceId device;
    Uuid member;
    std::string memberName;
    std::string workspaceName;
    Uuid workspace;
    ServerState server;
};

[[nodiscard]] Bytes encode(const PushRequest &message);
[[nodiscard]] Bytes encode(const PushAnswer &message);
[[nodiscard]] Bytes encode(const PullRequest &message);
[[nodiscard]] Bytes encode(const PullAnswer &message);
[[nodiscard]] Bytes encode(const EnrolRequest &message);
[[nodiscard]] Bytes encode(const EnrolAnswer &message);

[[nodiscard]] Result<PushRequest> decodePushRequest(BytesView octets);
[[nodiscard]] Result<PushAnswer> decodePushAnswer(BytesView octets);
[[nodiscard]] Result<PullRequest> decodePullRequest(BytesView octets);
[[nodiscard]] Result<PullAnswer> decodePullAnswer(BytesView octets);
[[nodiscard]] Result<EnrolRequest> decodeEnrolRequest(BytesView octets);
[[nodiscard]] Result<EnrolAnswer> decodeEnrolAnswer(BytesView octets);

}  // namespace replica
