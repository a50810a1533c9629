#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/interop/vcard.h"

// Tables as text: RFC 4180 and what other programs make of it. Read by libcsv, so quoting is its
// business; which character parts the cells and which row is the header is found here.
namespace tend {

inline constexpr std::size_t csvColumnsMax = 1'000;
inline constexpr std::size_t csvCellOctetsMax = 256U << 10U;

struct CsvRow {
    std::size_t line = 0;  // of the file, where it begins
    std::vector<std::string> cells;
};

struct CsvRows {
    std::vector<CsvRow> rows;  // but for empty ones
    std::vector<InputFault> faults;
    bool isHopeless = false;  // so many lines had to be set aside that reading ended
};

// The text is UTF-8. Spaces around a cell are nobody's, but within quotation marks. Cells and rows
// beyond the limits are faults, and so is the line where a quotation mark is opened and never
// closed, or makes no sense where it is; the lines behind it are read.
[[nodiscard]] CsvRows readCsv(std::string_view text, char delimiter);

// A file as a table of named columns.
struct CsvTable {
    char delimiter = ',';
    std::vector<std::string> header;
    std::size_t headerLine = 0;
    std::vector<CsvRow> rows;  // below the header, each with as many cells as it
    std::vector<InputFault> faults;
};

// Tries comma, semicolon, tab and bar and takes what parts the rows alike; then looks for the
// header among the first rows, for programs put lines of their own above it. `isKnown` says how
// many of a row's cells are names that some program gives its columns. Errors: Invalid when no row
// can be a header.
[[nodiscard]] Result<CsvTable> csvTable(std::string_view text, std::optional<char> delimiter,
    std::size_t (*knownNames)(const std::vector<std::string> &cells));

// One row with CRLF, quoted where it must be.
[[nodiscard]] std::string writeCsvRow(const std::vector<std::string> &cells, char delimiter = ',');

// A row for the file of what was rejected, which people open in a spreadsheet: each cell guarded.
[[nodiscard]] std::string rejectedCsvRow(std::vector<std::string> cells, char delimiter);

// A cell that a spreadsheet would take for a formula gets an apostrophe before it; numbers and
// telephone numbers, which it would not, stay as they are. Our own import takes it away again, and
// what others put around a number that is to stay text: ="0301".
[[nodiscard]] std::string guardedCell(const std::string &text);
[[nodiscard]] std::string unguardedCell(const std::string &cell);

}  // namespace tend
