#pragma once

#include <vector>

#include "sync/domain/change.h"
#include "sync/records/records.h"

// What a person may not write although the declaration of the tables allows it: docs/RULES.md.
// Asked before a change is committed on this device. Changes of other devices are never refused by
// it: an older program may have made them, and nobody's words are lost for it; the reading side
// judges again.
namespace tend {

// Errors: Invalid, saying what is missing; of the database.
[[nodiscard]] replica::Status mayWrite(replica::Records &records, const replica::Change &change);

}  // namespace tend
