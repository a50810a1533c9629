#pragma once

#include <optional>

#include "sync/base/result.h"
#include "sync/domain/ids.h"

namespace replica {

// How far one incarnation has counted.
struct LifeMark {
    Incarnation incarnation{};
    Counter counter{};

    bool operator==(const LifeMark &) const = default;
};

// Port: the mark of this machine's newest state of a database, kept outside the database and
// outside every backup of it. A database that lies behind it was set back, one without it was
// cloned; neither may go on under counters that may lie on the server already. Losing the newest
// writes of the mark is harmless. Realised as a file in the user's state directory.
class LifeMarkKeeper {
public:
    virtual ~LifeMarkKeeper() = default;
    [[nodiscard]] virtual std::optional<LifeMark> read() = 0;
    [[nodiscard]] virtual Status write(const LifeMark &mark) = 0;
};

}  // namespace replica
