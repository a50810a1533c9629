#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "sync/base/result.h"

namespace tend {

using Json = nlohmann::ordered_json;

// More than any row, mapping or manifest needs. The library copies and writes values by recursion,
// so what nests without end would end the program.
inline constexpr std::size_t jsonDepthMax = 64;

// What came from a file or a person. Errors: Invalid for what is no JSON, or nests deeper than
// that.
[[nodiscard]] replica::Result<Json> parseJson(std::string_view text);

}  // namespace tend
