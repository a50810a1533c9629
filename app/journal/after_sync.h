#pragma once

#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

// What the journal does when a sync brought or took rows: rows that others deleted come back where
// words of ours hang on them, and what was kept beside the rows, for search and Today, follows.
// Answers how many rows came back; they wait to be sent. Errors: of the database.
[[nodiscard]] replica::Result<std::size_t> afterSync(
    replica::SqliteStore &store, replica::Replica &replica);

}  // namespace tend
