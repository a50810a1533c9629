#pragma once

#include <filesystem>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

namespace tend {

// As much as a row takes of a picture.
inline constexpr std::size_t thumbnailOctetsMax = 16U << 10U;

// A small JPEG of a picture, upright, without anything that the camera wrote beside it (place,
// time, device). Reads no more of it into memory than the small one needs, where the format lets
// it. Any thread. Errors: Invalid when it is no picture this program can read.
[[nodiscard]] replica::Result<replica::Bytes> thumbnailOf(const std::filesystem::path &picture);

}  // namespace tend
