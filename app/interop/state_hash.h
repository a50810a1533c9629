#pragma once

#include <functional>
#include <string>

#include "sync/base/result.h"
#include "sync/store/replica.h"

namespace tend {

using replica::Result;
using replica::Status;

// A row as a line of JSON: its id and what is filled, in the order of the declaration. What is
// empty is left out, so that a column declared later changes no line.
[[nodiscard]] std::string rowLine(const replica::Table &table, const replica::Change &row);

// Each living row of a table as such a line, by id.
[[nodiscard]] Status eachRowLine(replica::Records &records, const replica::Table &table,
    const std::function<Status(const std::string &line)> &take);

// SHA-256 in hexadecimal over all rows that people write, table by table: two replicas that show
// the same rows have the same, whatever way they came. Tables that the server writes (territories,
// members, devices) are not in it: they come from there.
[[nodiscard]] Result<std::string> stateHash(replica::Records &records);

}  // namespace tend
