#pragma once

#include "sync/net/curl_transport.h"
#include "sync/protocol/messages.h"

namespace replica::net {

inline constexpr std::chrono::milliseconds enrolWithin{15'000};

// Presents an invitation's secret and waits for what the server makes of it, 15 s at most. May be
// asked again with the same key and secret when the answer was lost. Errors: as Arrival::body.
[[nodiscard]] Result<EnrolAnswer> enrol(Peer peer, const EnrolRequest &request);

}  // namespace replica::net
