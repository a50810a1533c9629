#pragma once

#include <map>
#include <string>
#include <vector>

#include "server-stub/cli/data_directory.h"

namespace tend::server::cli {

struct Territory {
    replica::RowId id;
    std::string name;
};

struct Member {
    replica::RowId id;
    std::string name;
    std::string role;
    bool isActive = false;
};

// By name.
[[nodiscard]] Result<std::vector<Territory>> territories(OpenWorkspace &open);
[[nodiscard]] Result<std::vector<Member>> members(OpenWorkspace &open);

// Errors: NotFound with a sentence that names those there are.
[[nodiscard]] Result<Territory> territoryNamed(OpenWorkspace &open, const std::string &name);
[[nodiscard]] Result<Member> memberNamed(OpenWorkspace &open, const std::string &name);

using MemberTerritories = std::map<replica::RowId, std::vector<replica::RowId>>;
[[nodiscard]] Result<MemberTerritories> memberTerritories(OpenWorkspace &open);
[[nodiscard]] Status keepMemberTerritories(
    OpenWorkspace &open, const replica::RowId &member, const std::vector<std::string> &names);

// Errors: Invalid when it is empty or too long to be a name.
[[nodiscard]] Status checkName(const std::string &what, const std::string &name);

}  // namespace tend::server::cli
