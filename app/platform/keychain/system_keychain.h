#pragma once

#include <optional>
#include <string>

#include "sync/base/result.h"

// The desktop's keychain: Secret Service or KWallet on Linux. The header knows no Qt, so tendctl
// may ask it too. Each call blocks until the keychain answered, which may take as long as a person
// needs to unlock it: never call it on the thread of a window. Any thread, one call at a time; a
// program without an application object gets one for the length of the call.
//
// Errors of both: Offline when no keychain answers here, Unauthorized when it was not unlocked,
// Io with the keychain's own words.
namespace tend {

// Nothing when the keychain has no secret of this name.
[[nodiscard]] replica::Result<std::optional<std::string>> readFromKeychain(const std::string &name);
// Replaces what stood under this name.
[[nodiscard]] replica::Status writeToKeychain(const std::string &name, const std::string &secret);

}  // namespace tend
