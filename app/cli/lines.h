#pragma once

#include <algorithm>
#include <string>

#include "app/cli/json_rows.h"
#include "app/cli/verbs.h"

// How verbs tell what they found: a JSON object a line for machines, words for people.
namespace tend::cli {

[[nodiscard]] inline Status print(const Json &json)
{
    return printLine(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// What people wrote, where a line of ours goes on behind it: no break of theirs begins another.
[[nodiscard]] inline std::string flat(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '\r', ' ');
    return text;
}

// gone_quiet as people write it.
[[nodiscard]] inline std::string plain(std::string word)
{
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

[[nodiscard]] inline std::string counted(std::uint64_t count, const char *one, const char *many)
{
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

}  // namespace tend::cli
