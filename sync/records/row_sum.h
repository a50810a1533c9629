#pragma once

#include <cstdint>
#include <functional>

#include "sync/records/records.h"
#include "sync/schema/schema.h"

namespace replica {

// Two ends that hold the same rows with the same writes have the same sum over them: each write
// adds one number, in any order, and takes it away when its row leaves. So the sum is kept up at
// the cost of what changes, and a lost, doubled or mangled write is noticed. Modulo 2^64; XXH3-64
// of each write as docs/PROTOCOL.md lays it out. No defence against forgery: the transport is.
//
// A row that was ever deleted counts nothing, even when it came back: tombstones do not move with
// what they hung on.
using RowSum = std::uint64_t;

// Of one value written to a column of a row. Columns that some roles may not see, and those the
// declaration does not know, count nothing; nor does an empty value.
[[nodiscard]] RowSum sumOf(
    const Table &table, const RowId &row, ColumnId column, const Value &value);

// Whether the writes of a group are in the sum.
using Counts = std::function<Result<bool>(GroupRef)>;
[[nodiscard]] Result<bool> countsAlways(GroupRef group);

// Of all writes to a row, but for those of `without`.
[[nodiscard]] Result<RowSum> sumOfRow(Records &records, const Schema &schema, TableId table,
    const RowId &row, const Counts &counts = countsAlways,
    std::optional<GroupRef> without = std::nullopt);

// What this change adds to its row's sum; asked while its writes are among the row's. Taken away
// again when the group no longer counts. `isFresh`: no other group ever wrote to the row.
[[nodiscard]] Result<RowSum> sumAdded(Records &records, const Schema &schema, const Change &change,
    GroupRef group, const Counts &counts = countsAlways, bool isFresh = false);

// By which declaration sums are counted: ends that declare different columns cannot compare them.
[[nodiscard]] std::uint32_t countedBy(const Schema &schema);

}  // namespace replica
