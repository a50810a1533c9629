#pragma once

#include "server-stub/cli/data_directory.h"
#include "server-stub/http/http_server.h"

namespace tend::server::cli {

// Makes the server's key and the certificate around it.
[[nodiscard]] Status makeIdentity(const DataDirectory &directory);
// Writes a key that was kept elsewhere, with a certificate made anew: pins name the key alone.
[[nodiscard]] Status keepIdentity(const DataDirectory &directory, BytesView privateKeyPem);
[[nodiscard]] Result<http::Identity> readIdentity(const DataDirectory &directory);

}  // namespace tend::server::cli
