// rescue and restore: work that no server has yet, out of one replica and into another.
#include <fstream>

#include "app/cli/interop_verbs.h"
#include "app/cli/json_rows.h"
#include "app/cli/lines.h"
#include "app/cli/new_file.h"
#include "app/cli/verbs.h"
#include "app/interop/backup.h"
#include "sync/files/rescued_files.h"
#include "sync/store/rescue.h"

namespace tend::cli {

using namespace replica;

Status rescue(const Common &common, const std::filesystem::path &to)
{
    if (to == "-")
        return fail(ErrorCode::Invalid, "what was not sent goes into a file: say which");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const std::size_t waiting = TRY(open->replica->status()).waiting;
    NewFile file = TRY(NewFile::make(to));
    TRY_STATUS(file.write(TRY(makeRescue(*open->replica))));
    const auto files = TRY(writeUnsentFiles(
        *open->replica, *open->files, [&](BytesView octets) { return file.write(octets); }));
    TRY_STATUS(file.finish());
    TRY_STATUS(printLine(common.isJson
            ? Json{{"groups", waiting}, {"files", files.files}, {"unreadable", files.unreadable}}
                  .dump()
            : "In " + to.string() + ": " + counted(waiting, "unsent action", "unsent actions")
                + ", " + counted(files.files, "unsent file", "unsent files")
                + ". It is not encrypted: keep it private."));
    if (files.unreadable > 0)
        return fail(ErrorCode::Corrupt,
            counted(files.unreadable, "file", "files")
                + " cannot be read any more and stayed out; which ones says: tendctl verify");
    return {};
}

Status restore(const Common &common, const std::filesystem::path &from)
{
    if (isBackup(from))
        return restoreFromBackup(common, from);
    std::ifstream file(from, std::ios::binary);
    if (!file)
        return fail(ErrorCode::NotFound, from.string() + " cannot be read");
    if (!isRescue(file))
        return fail(
            ErrorCode::Invalid, from.string() + " is neither a rescue file nor a backup of Tend");
    // Before a replica is made for it.
    if (Status whole = checkRescue(file); !whole)
        return within(from.string(), whole.error());
    file.seekg(0);
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Make));
    const auto outcome = layIn(*open->replica, file);
    if (!outcome)
        return within(from.string(), outcome.error());
    const auto files = layInFiles(*open->replica, *open->files, file);
    if (!files)
        return within(from.string(), files.error());
    TRY_STATUS(
        printLine(common.isJson ? Json{{"laid_in", outcome->laidIn}, {"known", outcome->known},
                      {"homeless", outcome->homeless}, {"files", files->files}}
                                      .dump()
                                : std::to_string(outcome->laidIn) + " actions were laid in, "
                    + std::to_string(outcome->known) + " were known; "
                    + counted(files->files, "file", "files") + " laid in."));
    if (outcome->homeless > 0 || files->homelessChunks > 0)
        return fail(ErrorCode::NotFound,
            (outcome->homeless > 0
                    ? std::to_string(outcome->homeless) + " actions change rows that are not here"
                    : std::string("some files belong to rows that are not here"))
                + "; sync this replica first, then restore the same file again");
    return {};
}

}  // namespace tend::cli
