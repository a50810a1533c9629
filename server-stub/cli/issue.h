#pragma once

#include "server-stub/cli/verbs.h"

namespace tend::server::cli {

struct Issued {
    std::string link;
    replica::WallTime expiresAt{};
};

[[nodiscard]] Result<Issued> issueInvitation(
    const DataDirectory &directory, OpenWorkspace &open, const InviteOptions &options);
[[nodiscard]] Status printInvitation(const Issued &issued, Output output, bool isDrawn);

}  // namespace tend::server::cli
