#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tend::server {

// One thing that happened, for the machine's log. Fields never hold bodies, secrets or people's
// names.
struct LogEvent {
    std::string event;
    std::vector<std::pair<std::string, std::string>> fields;
};

// Takes events of any thread.
using Log = std::function<void(const LogEvent &)>;

}  // namespace tend::server
