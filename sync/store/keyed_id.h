#pragma once

#include "sync/schema/schema.h"

namespace replica {

// The id that everybody makes of the same pieces, in that order: the digest of each behind its
// length, as docs/PROTOCOL.md, section 5, describes it.
[[nodiscard]] RowId idOfPieces(const std::vector<Bytes> &pieces);

// The id of a row of a table with a key, from the values of that key: two people who add the same
// link without having seen each other add one row. Its pieces are the table's name and
// the values. Nothing for a table without a key, or where a value of it is not given.
[[nodiscard]] std::optional<RowId> keyedId(
    const Table &table, const std::vector<Assignment> &assignments);

}  // namespace replica
