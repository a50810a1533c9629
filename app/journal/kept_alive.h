#pragma once

#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

// Somebody deleted a row while this device, which had not heard of it, wrote what hangs on it: a
// visit of a customer who was deleted meanwhile. Then the row comes back, by a touch as a person
// would make it, so that nobody's words hang on nothing. For after a sync; looks at the deletions
// that came since it last looked. Answers how many rows it brought back. Errors: of the database.
[[nodiscard]] replica::Result<std::size_t> bringBackWhatWordsHangOn(
    replica::SqliteStore &store, replica::Replica &replica);

}  // namespace tend
