#pragma once

#include <cstdint>
#include <optional>

#include "sync/base/result.h"

namespace replica {

// Port: a number kept on this machine but outside the database and outside every backup of it. The database
// holds the same number; where the two differ, the database is a copy or was set back, and must not go on
// under its old counters. Realised as a file in the user's state directory.
class LifeMark {
public:
    virtual ~LifeMark() = default;
    [[nodiscard]] virtual std::optional<std::uint64_t> read() = 0;
    [[nodiscard]] virtual Status write(std::uint64_t mark) = 0;
};

}  // namespace replica
