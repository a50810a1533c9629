#pragma once

#include <functional>
#include <iosfwd>

#include "sync/files/file_store.h"
#include "sync/store/replica.h"

namespace replica {

// The files in a rescue file, behind its rows (sync/store/rescue.h): the line "TEND FILES 1\n"; for
// each chunk 4 octets of length, least significant first, and the chunk; 4 octets of zero. Which
// file a chunk belongs to, and whether it is what it was, its SHA-256 tells: the rows name it.

struct FilesRescued {
    std::size_t files = 0;
    std::size_t unreadable = 0;  // cannot be read here any more
};

// Writes every file that is here whole and that the server has not said it has.
[[nodiscard]] Result<FilesRescued> writeUnsentFiles(
    Replica &replica, FileStore &files, const std::function<Status(BytesView)> &write);

struct FilesLaidIn {
    std::size_t files = 0;  // whole now and not before
    std::size_t homelessChunks = 0;  // no row here names them
};

// Keeps each chunk that a row here names and that is missing. The same file a second time changes
// nothing. Nothing where the stream ends before the first line: a rescue without files. Errors:
// Invalid when it was cut; what came before the cut is kept. Full, Io.
[[nodiscard]] Result<FilesLaidIn> layInFiles(
    Replica &replica, FileStore &files, std::istream &rescue);

}  // namespace replica
