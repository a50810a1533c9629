#pragma once

#include "sync/schema/schema.h"

namespace replica {

// The id of a row of a table with a key, from the values of that key: two people who add the same
// link without having seen each other add one row. The digest is described in docs/PROTOCOL.md,
// section 5. Nothing for a table without a key, or where a value of it is not given.
[[nodiscard]] std::optional<RowId> keyedId(
    const Table &table, const std::vector<Assignment> &assignments);

}  // namespace replica
