#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

// Those that are not empty.
[[nodiscard]] inline std::string joined(
    const std::vector<std::string> &parts, std::string_view between)
{
    std::string text;
    for (const std::string &part : parts) {
        if (!text.empty() && !part.empty())
            text += between;
        text += part;
    }
    return text;
}

[[nodiscard]] inline bool isAscii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char octet) { return octet < 128; });
}

}  // namespace tend
