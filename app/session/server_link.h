#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/session/open_replica.h"
#include "sync/engine/engine.h"
#include "sync/files/file_transfer.h"
#include "sync/net/curl_transport.h"

namespace tend {

// A replica's way to its server: transport and engine together. One thread.
struct ServerLink {
    std::unique_ptr<replica::net::CurlTransport> transport;
    std::unique_ptr<replica::FileTransfer> files;
    std::unique_ptr<replica::Engine> engine;
};

// Enrols the replica with the server an invitation names and remembers where that is. Rows made
// before are kept and wait to be sent. Errors: Invalid, Conflict when it has a server already,
// Refused, Untrusted, Offline.
[[nodiscard]] replica::Status joinServer(
    OpenReplica &open, const std::string &invitation, const std::string &deviceName);

// Nothing when the replica has no server. Errors: Corrupt.
[[nodiscard]] replica::Result<std::optional<ServerLink>> linkToServer(
    OpenReplica &open, replica::EnginePace pace = {});

}  // namespace tend
