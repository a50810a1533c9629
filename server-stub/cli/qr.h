#pragma once

#include <string>

#include "sync/base/result.h"

namespace tend::server::cli {

// The text as a QR code in half blocks, light on dark, for a terminal. Errors: Refused when this
// build cannot draw.
[[nodiscard]] replica::Result<std::string> qrCode(const std::string &text);

}  // namespace tend::server::cli
