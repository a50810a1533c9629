#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server-stub/cli/data_directory.h"
#include "server-stub/files/file_desk.h"

// What the verbs of tend-server do, each in the file of its name. They print to stdout what was
// asked for, and answer a failure as a sentence for the person at the terminal.
namespace tend::server::cli {

enum class Output { Text, Json };

struct InitOptions {
    std::string workspace;
    std::string administrator;
    std::string address;  // empty: where `serve` listens
    Output output = Output::Text;
};

[[nodiscard]] Status init(const DataDirectory &directory, const InitOptions &options);

struct InviteOptions {
    std::string name;
    std::string role;
    std::vector<std::string> territories;
    std::string address;  // empty: as kept
    Output output = Output::Text;
    bool isDrawn = false;  // as a QR code too
};

[[nodiscard]] Status invite(const DataDirectory &directory, const InviteOptions &options);

struct ServeOptions {
    std::string listen;
    std::size_t connectionsMax = 512;
    bool isEachCommitted = false;  // no push waits for another's; for comparing
    FileLimits files = {};
    std::chrono::milliseconds keepLogFor = std::chrono::hours(400 * 24);
};

// Returns after SIGTERM or SIGINT, drained.
[[nodiscard]] Status serve(const DataDirectory &directory, const ServeOptions &options);

[[nodiscard]] Status addTerritory(const DataDirectory &directory, const std::string &name);
[[nodiscard]] Status listTerritories(const DataDirectory &directory, Output output);
[[nodiscard]] Status renameTerritory(
    const DataDirectory &directory, const std::string &oldName, const std::string &newName);

struct MemberChange {
    std::string name;
    std::optional<std::string> role;
    std::optional<std::vector<std::string>> territories;
    std::optional<std::string> deputy;  // a member's name, or "-" for nobody
};

[[nodiscard]] Status listMembers(const DataDirectory &directory, Output output);
[[nodiscard]] Status setMember(const DataDirectory &directory, const MemberChange &change);
// No longer active, and every device of theirs revoked.
[[nodiscard]] Status endMember(const DataDirectory &directory, const std::string &name);

enum class Removal { Revoke, Wipe };
[[nodiscard]] Status listDevices(const DataDirectory &directory, Output output);
[[nodiscard]] Status removeDevice(
    const DataDirectory &directory, const std::string &text, Removal removal);

[[nodiscard]] Status backup(const DataDirectory &directory, const std::filesystem::path &to);
[[nodiscard]] Status restore(const DataDirectory &directory, const std::filesystem::path &from);
// Errors: Corrupt when an invariant is broken; what and where was printed.
[[nodiscard]] Status verify(const DataDirectory &directory);
// What was not taken, with its words and the reason.
[[nodiscard]] Status refused(const DataDirectory &directory, Output output);
[[nodiscard]] Status audit(const DataDirectory &directory, Output output);

}  // namespace tend::server::cli
