#pragma once

#include <map>
#include <optional>
#include <string>

#include "server-stub/files/file_shelf.h"
#include "server-stub/shared_store.h"
#include "sync/base/clock.h"
#include "sync/domain/manifest.h"
#include "sync/protocol/file_messages.h"

namespace tend::server {

struct FileLimits {
    std::uint64_t octetsMax = replica::fileOctetsMax;  // of one file
    std::uint64_t quota = 0;  // of all together; 0 = as much as the disk takes
    // After no living row names a file any more.
    std::chrono::milliseconds keepFor = std::chrono::hours(30 * 24);
};

// What devices ask about files. Who may see a row that names a file may have it and may send it,
// and nobody else learns whether it is there: rows are asked for, never digests. Which files are
// still needed is looked up in the rows each time. The thread of the workspace; store, schema,
// shelf and clock outlive it.
class FileDesk {
public:
    FileDesk(SharedStore &store, const replica::Schema &schema, FileShelf &shelf,
        replica::Clock &clock, FileLimits limits = {})
        : m_store(store)
        , m_schema(schema)
        , m_shelf(shelf)
        , m_clock(clock)
        , m_limits(limits)
    {
    }

    [[nodiscard]] Result<replica::FileStateAnswer> state(
        const Device &device, const replica::FileStateRequest &request);
    // May be sent twice. Errors: NotFound (no such row for this device, or it names another file),
    // Invalid (not the chunk that the row names), Refused (too large, no room in the workspace, the
    // chunks do not make the file), Full, Io.
    [[nodiscard]] Result<replica::FilePutAnswer> put(
        const Device &device, const replica::FilePutRequest &request);
    // Errors: NotFound as above.
    [[nodiscard]] Result<replica::FileGetAnswer> get(
        const Device &device, const replica::FileGetRequest &request);

    // Looks at some of the files, and erases those that no row has named for long enough. Answers
    // when to be called again.
    [[nodiscard]] Result<std::chrono::milliseconds> tidy();

    struct Findings {
        std::vector<std::string> faults;
        std::size_t whole = 0;  // files that rows name and that are here
        std::size_t missing = 0;  // or not wholly: their authors have not sent them yet
        std::size_t unnamed = 0;  // files that no row names any more
    };

    // Reads every file.
    [[nodiscard]] Result<Findings> verify();

private:
    [[nodiscard]] Result<std::optional<replica::Manifest>> seen(
        const Device &device, const replica::FileName &file);
    [[nodiscard]] Result<bool> isWhole(const replica::Manifest &manifest);
    [[nodiscard]] Result<bool> makesFile(
        const replica::Manifest &manifest, std::size_t index, BytesView octets);
    [[nodiscard]] Status checkQuota(std::size_t octets);
    [[nodiscard]] Status loadUnnamed();
    [[nodiscard]] Status keepUnnamed();

    SharedStore &m_store;
    const replica::Schema &m_schema;
    FileShelf &m_shelf;
    replica::Clock &m_clock;
    FileLimits m_limits;
    std::optional<std::uint64_t> m_octets;  // on the shelf; counted when first asked for

    Bytes m_looked;  // the last file that was looked at
    std::optional<replica::MonotonicTime> m_lookAgainAt;
    // Files that no row named, and since when that is known. Kept as one fact.
    std::optional<std::map<Bytes, replica::WallTime>> m_unnamed;
};

}  // namespace tend::server
