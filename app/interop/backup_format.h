#pragma once

#include <string>

namespace tend {

inline const std::string backupFormat = "tend-backup";
inline constexpr int backupVersion = 1;
inline const std::string manifestPath = "manifest.json";

}  // namespace tend
