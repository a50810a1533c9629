#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/interop/import_file.h"

// What leaves Tend for other programs. The same rows give the same octets.
namespace tend {

// Takes what is written, a piece at a time.
using Sink = std::function<Status(std::string_view)>;

// A table as CSV (RFC 4180): its id, each column, and for customers the name of their organisation.
// Cells that a spreadsheet would take for formulas are guarded (see csv.h).
struct CsvOptions {
    std::string table = "customer";
    bool hasMark = false;  // a byte order mark before it, for old spreadsheets
};

[[nodiscard]] Status exportCsv(const Interop &interop, const CsvOptions &options, const Sink &sink);

// All rows of all tables as JSON Lines, each with the name of its table first; or of one table.
[[nodiscard]] Status exportJson(
    const Interop &interop, const std::string &wanted, const Sink &sink);

// What a card holds of a photo, at most: it holds it whole, and whoever reads it has it in memory.
inline constexpr std::uint64_t cardPhotoOctetsMax = 4U << 20U;

// The names of those whose photo their card does not hold.
struct PhotosLeftOut {
    std::vector<std::string> tooLarge;
    std::vector<std::string> notHere;  // the file has not come to this device
};

// All customers as cards. A card that came from elsewhere leaves with its own UID and all that it
// brought; where nothing was changed since, line for line.
[[nodiscard]] Result<PhotosLeftOut> exportCards(
    const Interop &interop, CardVersion version, const Sink &sink);

// When a row was last written to, by whoever wrote it.
[[nodiscard]] Result<replica::WallTime> lastWritten(
    replica::SqliteStore &store, const replica::Table &table, const replica::RowId &row);

}  // namespace tend
