#pragma once

#include "sync/base/result.h"
#include "sync/sqlite/database.h"

namespace tend {

// After a sync, when rows may have left this device: what was kept of them beside the rows, for
// search and Today, leaves as well. Errors: of the database.
[[nodiscard]] replica::Status tidyIndexes(replica::sqlite::Database &database);

}  // namespace tend
