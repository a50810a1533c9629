#pragma once

#include <string>
#include <vector>

#include "sync/store/sqlite_store.h"

namespace replica {

// Every invariant of a replica's file that can be checked without its server. Answers what is
// broken, a sentence each; empty is well. Reads only.
[[nodiscard]] Result<std::vector<std::string>> verifyStore(
    SqliteStore &store, const Schema &schema);

}  // namespace replica
