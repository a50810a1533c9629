#pragma once

#include "sync/base/bytes.h"
#include "sync/domain/change.h"

namespace replica {

// What device and server both compute for each group of an incarnation: SHA-256 over the chain
// before it, its name and its body's digest. Two sides with the same chain hold the same groups.
// The digest stands in for the body, so that an erased body breaks no chain.
[[nodiscard]] Bytes nextChain(BytesView before, const GroupId &id, BytesView digest);

}  // namespace replica
