#pragma once

#include <vector>

#include "sync/base/bytes.h"
#include "sync/base/result.h"
#include "sync/domain/change.h"

namespace replica {

// A group is at most this large; more becomes several groups.
inline constexpr std::size_t groupRowsMax = 1000;
inline constexpr std::size_t groupBytesMax = 1U << 20U;

// The octets of a group's changes: the same changes give the same octets, always, because their
// digest names them on the server. Runs of changes to one table with the same columns become one
// block.
[[nodiscard]] Bytes encodeBody(const std::vector<Change> &changes);

// Errors: Invalid when the octets are no body, or claim more than they hold or than a group may.
[[nodiscard]] Result<std::vector<Change>> decodeBody(BytesView octets);

}  // namespace replica
