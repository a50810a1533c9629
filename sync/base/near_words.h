#pragma once

#include <string>
#include <vector>

namespace replica {

// The sentence that refuses a word no command line knows, with those of `known` that were perhaps
// meant, the nearest first, at most three:
// "'sync-now' is not a tendctl verb; did you mean 'sync'?"
[[nodiscard]] std::string notAVerb(
    const std::string &program, const std::string &word, const std::vector<std::string> &known);

}  // namespace replica
