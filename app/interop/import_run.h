#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/interop/import_plan.h"
#include "app/journal/undo.h"
#include "sync/base/clock.h"
#include "sync/files/file_store.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

struct ImportedRun {
    std::int64_t id = 0;
    replica::WallTime at{};
    std::string file;
    std::string format;
    std::int64_t made = 0;
    std::int64_t changed = 0;
    bool isUndone = false;
};

struct UndoneImport {
    std::size_t removed = 0;  // rows
    std::size_t restored = 0;  // columns given back
    std::vector<KeptBack> kept;
};

// Imports that were carried out on this device. Which rows each made and which columns it wrote is
// remembered in the replica's own file, in the transaction that writes them; it is not replicated:
// an import is undone where it was made. One thread; store, replica and files outlive it.
class ImportRuns {
public:
    ImportRuns(replica::SqliteStore &store, replica::Replica &replica, replica::FileStore *files)
        : m_store(store)
        , m_replica(replica)
        , m_files(files)
    {
    }

    // Writes everything the plan makes and changes, in groups, all of it or nothing. Answers the
    // number to undo it by; 0 where there was nothing to write. Errors: of the database, Full.
    [[nodiscard]] Result<std::int64_t> carryOut(const ImportPlan &plan);

    // Takes away the rows that the import made and gives back what it overwrote: exactly that, and
    // nothing that somebody has changed or hung on since. Once more, it takes what had to stay and
    // need not now. Errors: NotFound, Conflict when it was undone already and nothing can go.
    [[nodiscard]] Result<UndoneImport> undo(std::int64_t id);

    // The import, not undone yet, that made or changed this row; nothing where none did.
    [[nodiscard]] Result<std::optional<std::int64_t>> runOf(
        replica::TableId table, const replica::RowId &row);

    // Newest first.
    [[nodiscard]] Result<std::vector<ImportedRun>> list();

    // The mapping that was used last for a table with these headers, as it was remembered.
    [[nodiscard]] Result<std::optional<std::string>> rememberedMapping(const std::string &headers);
    [[nodiscard]] Status rememberMapping(const std::string &headers, const std::string &mapping);

private:
    [[nodiscard]] Status makeTables();
    [[nodiscard]] Status keepFiles(const ImportPlan &plan);
    [[nodiscard]] Status note(std::int64_t run, const ImportPlan &plan);
    [[nodiscard]] Status noteChange(std::int64_t run, const PlannedChange &planned);

    replica::SqliteStore &m_store;
    replica::Replica &m_replica;
    replica::FileStore *m_files;
};

// Changes in groups of the size a group may have, in the order they stand in.
[[nodiscard]] std::vector<std::vector<replica::Change>> inGroups(
    const std::vector<replica::Change> &changes);

// About what one takes in a group.
[[nodiscard]] std::size_t roughOctetsOf(const replica::Change &change);

// What a row says, in 16 octets of hexadecimal: by it an undo sees whether it was changed since.
[[nodiscard]] std::string fingerprintOf(const std::vector<replica::Assignment> &assignments);

}  // namespace tend
