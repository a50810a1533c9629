#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/interop/import_file.h"

// All of a replica in one file that any program can read: a ZIP with
//
//   manifest.json          what is in it, with the SHA-256 of each part
//   tables/<name>.jsonl    a row a line (state_hash.h)
//   files/<digest>         each attachment's octets, as they were attached
//
// It is not encrypted, and holds no key. What it does not hold: who wrote what when. A restored
// row is written anew, by the device that restores it, and as it stood: nobody is held to what may
// be written here, for a colleague's newer program may have written it.
namespace tend {

struct BackupPart {
    std::string name;  // of the table, or the file's digest
    std::string path;  // in the archive
    std::string sha256;
    std::uint64_t count = 0;  // rows, or octets
};

struct BackupContent {
    std::string state;  // stateHash() of what it holds
    std::vector<BackupPart> tables;
    std::vector<BackupPart> files;
    std::vector<std::string> missing;  // digests of files that were not on the device

    [[nodiscard]] std::uint64_t rows() const;
};

// As of one moment, while others write. The file has its name once all of it is on the disk.
// Errors: Conflict when it is there already, Full, Io.
[[nodiscard]] Result<BackupContent> writeBackup(
    const Interop &interop, const std::filesystem::path &to);

// Reads all of it and compares each part with its sum. Errors: NotFound, Invalid when it is no
// backup, Corrupt when it is cut or damaged, TooNew.
[[nodiscard]] Result<BackupContent> checkBackup(const std::filesystem::path &from);
// Whether the file begins as a ZIP does.
[[nodiscard]] bool isBackup(const std::filesystem::path &from);

struct Restored {
    std::uint64_t rows = 0;
    std::uint64_t files = 0;
    std::uint64_t leftToServer = 0;  // rows of tables that only a server writes
    std::string state;
};

// All of it or nothing, into a replica without rows, or one that shows just these rows already:
// then nothing changes. `checked` is what checkBackup() said of it. Errors: Conflict where other
// rows stand, or the replica belongs to a workspace, whose rows come from its server; as
// checkBackup().
[[nodiscard]] Result<Restored> restoreBackup(
    const Interop &interop, const std::filesystem::path &from, const BackupContent &checked);

}  // namespace tend
