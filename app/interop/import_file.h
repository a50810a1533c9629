#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/interop/import_plan.h"
#include "app/interop/import_run.h"
#include "sync/base/random.h"

namespace tend {

// The open replica as import and export need it.
struct Interop {
    replica::SqliteStore &store;
    replica::Replica &replica;
    replica::Random &random;
    replica::FileStore *files = nullptr;  // without, photos stay in their cards
};

struct ImportOptions {
    std::string format;  // csv, vcard, ical, json; empty: by what the file looks like
    std::string encoding;  // empty: found
    std::optional<char> delimiter;  // nothing: found
    std::string preset;  // empty: found
    std::optional<std::string> mapping;  // over preset or memory
    std::string table;  // of rows that name none
    std::optional<replica::RowId> territory;  // of new customers
};

// How a table was read, for people to look at before they agree.
struct CsvReading {
    std::string encoding;
    char delimiter = ',';
    std::size_t headerLine = 0;
    std::vector<std::string> header;
    std::string mapping;  // as lines Column = field
    std::string remembered;  // the same as the next file with this header reads it
    std::string preset;
    bool isRemembered = false;
};

struct PlannedImport {
    ImportPlan plan;
    std::optional<CsvReading> csv;
};

// Reads a file and says of each of its records what an import would do. Writes nothing. Errors:
// Invalid when the file as a whole cannot be understood.
[[nodiscard]] Result<PlannedImport> planImport(const Interop &interop, const std::string &name,
    replica::BytesView octets, const ImportOptions &options);

// Carries a plan out and remembers the mapping it was made with. Answers the number to undo it by;
// 0 where there was nothing to write.
[[nodiscard]] Result<std::int64_t> carryOut(const Interop &interop, const PlannedImport &planned);

// What was rejected, in the format it came in, with the reason beside each record: to be mended
// and imported. Empty where nothing was.
[[nodiscard]] std::string rejectsOf(const PlannedImport &planned);

// The format of a file by its first words and its name's ending.
[[nodiscard]] std::string formatOf(const std::string &name, std::string_view text);

}  // namespace tend
