#pragma once

#include <functional>

#include "app/cli/verbs.h"
#include "app/interop/import_file.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace tend::cli {

// import, imports, undo-import, export, backup: their options and what they run.
void addInteropVerbs(CLI::App &app, const Common &common, std::function<Status()> &chosen);
void addImportVerbs(CLI::App &app, const Common &common, std::function<Status()> &chosen);

// One of them. Options of tendctl may stand before or after it.
CLI::App *addInteropVerb(CLI::App &app, const std::string &name, const std::string &says,
    std::function<Status()> run, std::function<Status()> &chosen);
[[nodiscard]] Interop interopOf(OpenReplica &open);

// Lays a backup into a new or empty replica.
[[nodiscard]] Status restoreFromBackup(const Common &common, const std::filesystem::path &from);

}  // namespace tend::cli
