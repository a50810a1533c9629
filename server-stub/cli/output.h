#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "sync/base/clock.h"

namespace tend::server::cli {

inline void printLine(const std::string &line)
{
    static_cast<void>(std::printf("%s\n", line.c_str()));
}

inline void printLine(const nlohmann::ordered_json &object)
{
    printLine(object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

// RFC 3339, UTC, to the second.
[[nodiscard]] std::string timeText(replica::WallTime time);

}  // namespace tend::server::cli
