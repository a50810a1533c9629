#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

namespace replica {

enum class Route { Push, Pull, Enrol, FileState, FilePut, FileGet };

[[nodiscard]] constexpr bool isOfFiles(Route route)
{
    return route == Route::FileState || route == Route::FilePut || route == Route::FileGet;
}

// Names one exchange of one Transport.
enum class ExchangeId : std::uint64_t {};

struct Arrival {
    ExchangeId exchange{};
    // The answer's body, or why there is none: Offline, Unauthorized, Untrusted, Refused (with the
    // server's words), TooNew, Busy (asked to wait; see retryAfter).
    Result<Bytes> body;
    std::chrono::milliseconds retryAfter{0};
};

// Port: carries a request to the server and its answer back. An exchange ends in exactly one
// arrival, or in none when the program dies or it was given up; an answer may come late. Realised
// over HTTPS in net/, and by the simulator.
class Transport {
public:
    virtual ~Transport() = default;
    // `heldFor`: how long the server may keep silent on purpose before it answers.
    virtual void post(ExchangeId exchange, Route route, Bytes request,
        std::chrono::milliseconds heldFor = std::chrono::milliseconds(0))
        = 0;
    // Nobody waits for that answer any more. The server may have the request, or get it yet; the
    // arrival may come all the same.
    virtual void giveUp(ExchangeId exchange) = 0;
    [[nodiscard]] virtual std::optional<Arrival> poll() = 0;
};

}  // namespace replica
