#include "server-stub/cli/output.h"

#include <array>
#include <ctime>

namespace tend::server::cli {

std::string timeText(replica::WallTime time)
{
    const auto seconds = static_cast<std::time_t>(replica::inMs(time) / 1000);
    std::tm parts{};
    std::array<char, 32> text{};
    if (!::gmtime_r(&seconds, &parts)
        || std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return "1970-01-01T00:00:00Z";
    return text.data();
}

}  // namespace tend::server::cli
