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
    // What of the workspace this device holds in full at its cursor; sorted. `view` stands for it
    // in requests once the server agreed.
    std::vector<std::string> scopes;
    Bytes view;
    std::optional<Fill> fill;  // the part last put aside of scopes on their way here
    // The server went back: what it holds at our cursor may be other rows than ours. All is fetched
    // anew, and takes the place of what is here when the last part has come.
    bool mustRefill = false;
    // Rows left this device with groups of its own up to here; until the cursor has passed them the
    // server must tell those groups whole.
    Sequence wholeUntil{};
    // Over all that counts here (see row_sum.h): what others wrote, and of our own what was
    // offered.
    std::optional<std::uint64_t> sum;
    // What the program that last wrote here knew (outlineOf), and whether something came that it
    // did not know and left out: the next one that knows more fetches all anew.
    std::string outline;
    bool hasLeftOut = false;
    std::uint64_t mismatches = 0;  // how often the server's sum was another
    std::optional<WallTime> lastMismatchAt;
    Sequence head{};  // of the server's log, as last told
    Sequence durable{};  // a backup outside the server holds everything up to here
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
[[nodiscard]] Result<Facts> factsFromJson(BytesView text);

}  // namespace replica
