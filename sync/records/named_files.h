#pragma once

#include "sync/domain/manifest.h"
#include "sync/records/scopes.h"

namespace replica {

// Which files the rows name, derived from the rows each time: no count and no flag that could be
// wrong. The same on server and device.

// What this row says about its file; nothing where its table names none, or its words do not fit
// together.
[[nodiscard]] std::optional<Manifest> manifestOf(const Table &table, const Change &row);
// Of a living row, all of whose ancestors live: who deletes a visit deletes what hangs on it.
[[nodiscard]] Result<std::optional<Manifest>> fileOf(
    Records &records, const Schema &schema, const RowName &name);
// Whether any such row names a file of this digest.
[[nodiscard]] Result<bool> isNamed(Records &records, const Schema &schema, BytesView digest);

}  // namespace replica
