#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/base/result.h"
#include "sync/domain/change.h"
#include "sync/protocol/messages.h"

namespace replica {

// What a replica remembers of itself and of its server, kept as one JSON text so that a person with
// the key can read it.
struct Facts {
    DeviceId device;
    Incarnation incarnation{};
    Counter lastCounter{};  // at least this many groups were made in this incarnation
    // Seen, but not covered by the cursor: the last group of each earlier incarnation of ours, and
    // what a restored server had forgotten. With each, all before it of the same device and
    // incarnation.
    std::vector<GroupId> seenBesides;
    std::vector<Epoch> epochs;  // the server's, as last agreed; empty before the first answer
    Sequence cursor{};  // everything up to here was fetched
    std::uint64_t attempt = 0;
    Stamp witnessed{};  // highest stamp seen anywhere else
    std::int64_t clockOffsetMs = 0;  // server's clock minus ours, when they are far apart
    std::optional<WallTime> lastSyncedAt;
    // From enrolment.
    Uuid member;
    std::string memberName;
    std::string workspaceName;
};

[[nodiscard]] Bytes toJson(const Facts &facts);
[[nodiscard]] Result<Facts> factsFromJson(BytesView json);

}  // namespace replica
