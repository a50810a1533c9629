#include "server-stub/cli/data_directory.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unistd.h>

#include "embedded/tables_json.h"

namespace tend::server::cli {

using namespace replica;

namespace {

constexpr std::size_t keyOctets = 32;

Error systemFailed(const std::filesystem::path &path)
{
    const int code = errno;
    return {code == ENOSPC ? ErrorCode::Full : ErrorCode::Io,
        path.string() + ": " + std::strerror(code)};
}

Status writeAll(int file, BytesView octets)
{
    while (!octets.empty()) {
        const ssize_t written = ::write(file, octets.data(), octets.size());
        if (written < 0 && errno != EINTR)
            return fail(ErrorCode::Io, std::strerror(errno));
        octets.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    return {};
}

}  // namespace

Result<Bytes> readFile(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf()))
        return fail(ErrorCode::NotFound, path.string() + " cannot be read");
    return std::move(content).str();
}

Status writePrivateFile(const std::filesystem::path &path, BytesView octets)
{
    const std::filesystem::path unfinished = path.string() + ".part";
    const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return tl::unexpected<Error>(systemFailed(unfinished));
    const Status written = writeAll(file, octets);
    const bool isSafe = written && ::fsync(file) == 0;
    const bool isClosed = ::close(file) == 0;
    if (!isSafe || !isClosed || ::rename(unfinished.c_str(), path.c_str()) != 0)
        return tl::unexpected<Error>(systemFailed(path));
    return {};
}

Result<sqlite::OpenOptions> DataDirectory::openOptions() const
{
    sqlite::OpenOptions options;
    if (keyFile.empty())
        return options;
    Bytes content = TRY(readFile(keyFile));
    if (content.size() == keyOctets) {
        options.key = std::move(content);
        return options;
    }
    while (!content.empty() && (content.back() == '\n' || content.back() == '\r'))
        content.pop_back();
    auto key = fromHex(content);
    wipe(content);
    if (!key || key->size() != keyOctets)
        return fail(ErrorCode::Invalid,
            keyFile.string() + " is no key file: it must hold 32 octets, or 64 hexadecimal digits");
    options.key = *std::move(key);
    return options;
}

Result<std::unique_ptr<OpenWorkspace>> OpenWorkspace::openStore(
    const std::filesystem::path &database, const sqlite::OpenOptions &options)
{
    auto open = std::make_unique<OpenWorkspace>();
    open->schema = TRY(Schema::parse(embedded::tables_json));
    open->store = TRY(SqliteSharedStore::open(database, options, open->schema));
    return open;
}

namespace {

// Before members' territories were rows, one fact held them all.
Status adoptTerritories(OpenWorkspace &open)
{
    constexpr const char *formerFact = "member_territories";
    const auto text = TRY(open.store->fact(formerFact));
    if (!text || text->empty())
        return {};
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    const Table &table = open.table("member_territory");
    std::vector<Change> changes;
    for (const auto &[member, territories] : json.items()) {
        const auto owner = parseUuid(member);
        for (const auto &given : territories) {
            const auto place
                = given.is_string() ? parseUuid(given.get<std::string>()) : std::nullopt;
            if (!owner || !place)
                continue;
            changes.push_back(
                {table.id, makeUuid7(open.clock.wallNow(), open.random), ChangeKind::Insert,
                    {{table.column("member_id")->id, Blob{Bytes(owner->bytes())}},
                        {table.column("territory_id")->id, Blob{Bytes(place->bytes())}}}});
        }
    }
    if (!changes.empty())
        TRY_STATUS(open.workspace->commit(changes));
    return open.keepFact(formerFact, {});
}

}  // namespace

Result<std::unique_ptr<OpenWorkspace>> OpenWorkspace::open(const DataDirectory &directory)
{
    sqlite::OpenOptions options = TRY(directory.openOptions());
    options.mustExist = true;
    auto open = openStore(directory.database(), options);
    if (!open && open.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
            "there is no workspace in " + directory.path.string()
                + "; make one with: tend-server init --data " + directory.path.string()
                + " --workspace NAME");
    if (!open)
        return open;
    OpenWorkspace &opened = **open;
    opened.workspace
        = TRY(Workspace::open(*opened.store, opened.schema, opened.clock, opened.random));
    TRY_STATUS(adoptTerritories(opened));
    return open;
}

// Const for the compiler only: it writes.
// NOLINTNEXTLINE(readability-make-member-function-const)
Status OpenWorkspace::keepFact(const std::string &name, const Bytes &value)
{
    TRY_STATUS(store->records().begin());
    Status kept = store->keepFact(name, value);
    if (kept)
        kept = store->records().commit();
    if (!kept)
        store->records().rollback();
    return kept;
}

}  // namespace tend::server::cli
