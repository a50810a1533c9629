#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "app/journal/journal.h"

namespace tend {

// One open replica with its sync, as the app's worker thread runs it. All calls from that one
// thread, except wake().
class Session {
public:
    virtual ~Session() = default;

    [[nodiscard]] virtual Journal &journal() = 0;

    // Does one bounded piece of sync work and answers how long the caller may sleep before the
    // next. Waits at most `patience` for the network; returns at once when wake() is called
    // meanwhile.
    [[nodiscard]] virtual std::chrono::milliseconds step(std::chrono::milliseconds patience) = 0;
    // Ends the wait of a running or the next step(). Any thread.
    virtual void wake() = 0;
    // Sync soon, forgetting any back-off: a save, a press on "Try now".
    virtual void syncSoon() = 0;

    // Whether files may go over the network there is now; words always may. Any thread.
    virtual void setMayUseNetworkForFiles(bool may) = 0;

    [[nodiscard]] virtual SyncState syncState() = 0;
    // Goes up whenever rows changed, by a save or by what was fetched.
    [[nodiscard]] virtual std::uint64_t revision() const = 0;

    // Enrols this replica with the server an invitation (tend://join?…) names. Blocks for one
    // exchange, at most 15 s. Rows made before are kept and sent. Errors: Invalid, Refused (used or
    // expired), Untrusted, Offline.
    [[nodiscard]] virtual Status join(const std::string &invitation, const std::string &deviceName)
        = 0;
};

using OpenSession = std::function<Result<std::unique_ptr<Session>>()>;

}  // namespace tend
