#include "app/interop/json_text.h"

#include <algorithm>

namespace tend {

using namespace replica;

namespace {

// How deep arrays and objects nest, be it JSON otherwise or not.
std::size_t depthOf(std::string_view text)
{
    std::size_t deepest = 0;
    std::size_t depth = 0;
    bool isInText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (letter == '"')
            isInText = !isInText;
        else if (isInText)
            i += letter == '\\' ? 1 : 0;
        else if (letter == '[' || letter == '{')
            deepest = std::max(deepest, ++depth);
        else if ((letter == ']' || letter == '}') && depth > 0)
            --depth;
    }
    return deepest;
}

}  // namespace

Result<Json> parseJson(std::string_view text)
{
    if (depthOf(text) > jsonDepthMax)
        return fail(ErrorCode::Invalid,
            "this JSON nests deeper than " + std::to_string(jsonDepthMax) + " levels");
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return fail(ErrorCode::Invalid, "this is no JSON: " + std::string(text.substr(0, 60)));
    return json;
}

}  // namespace tend
