#include "server-stub/cli/identity.h"
#include "server-stub/cli/output.h"
#include "server-stub/cli/verbs.h"

namespace tend::server::cli {

using namespace replica;

namespace {

Status renameTo(const std::filesystem::path &from, const std::filesystem::path &to)
{
    std::error_code failed;
    std::filesystem::rename(from, to, failed);
    return failed ? Status(fail(ErrorCode::Io, to.string() + ": " + failed.message())) : Status();
}

void removeQuietly(const std::filesystem::path &path)
{
    std::error_code ignored;
    for (const char *end : {"", "-wal", "-shm", "-journal"})
        std::filesystem::remove(path.string() + end, ignored);
}

// Devices know the server by its key: without it in the backup, a restored workspace would be a
// stranger.
Status addServerKey(const DataDirectory &directory, const std::filesystem::path &copy,
    const sqlite::OpenOptions &options)
{
    const auto open = TRY(OpenWorkspace::openStore(copy, options));
    Bytes pem = TRY(readFile(directory.serverKey()));
    Status kept = open->keepFact(serverKeyFact, pem);
    wipe(pem);
    return kept;
}

// Up to where a copy holds everything. Errors: Corrupt when it is not sound.
Result<Sequence> headOfSound(const std::filesystem::path &copy, const sqlite::OpenOptions &options)
{
    const auto open = TRY(OpenWorkspace::openStore(copy, options));
    open->workspace = TRY(Workspace::open(*open->store, open->schema, open->clock, open->random));
    const auto faults = TRY(open->workspace->verify());
    if (!faults.empty())
        return fail(ErrorCode::Corrupt,
            "the copy is not sound: " + faults.front()
                + "; see what tend-server verify says of the workspace");
    return open->workspace->head();
}

// The files of a backup lie beside it.
std::filesystem::path filesOf(const std::filesystem::path &backup)
{
    return backup.string() + ".files";
}

}  // namespace

Status backup(const DataDirectory &directory, const std::filesystem::path &to)
{
    const auto options = TRY(directory.openOptions());
    // An older backup of that name stays until the new one is whole. Anything else stays.
    if (std::filesystem::exists(to)) {
        std::error_code ignored;
        if (std::filesystem::equivalent(to, directory.database(), ignored))
            return fail(
                ErrorCode::Conflict, to.string() + " is the workspace itself; nothing was changed");
        sqlite::OpenOptions reading = options;
        reading.mustExist = reading.readOnly = true;
        auto old = sqlite::Database::open(to, reading);
        if (!old || !old->queryInt("SELECT count(*) FROM enrolled"))
            return fail(ErrorCode::Conflict,
                to.string() + " is there and is no backup of this workspace; nothing was changed");
    }
    const std::filesystem::path unfinished = to.string() + ".part";
    removeQuietly(unfinished);
    const auto open = TRY(OpenWorkspace::open(directory));
    Status done = open->store->database().backupTo(unfinished, options);
    if (done)
        done = addServerKey(directory, unfinished, options);
    Result<Sequence> held = Sequence{0};
    if (done) {
        held = headOfSound(unfinished, options);
        done = held ? Status() : Status(tl::unexpected<Error>(held.error()));
    }
    // First all files that are new, then the rows, then what they do not need any more: whatever
    // cuts this off, the backup of that name has the files of its rows.
    if (done)
        done = addAll(directory.files(), filesOf(to));
    if (done)
        done = renameTo(unfinished, to);
    if (!done) {
        removeQuietly(unfinished);
        return within("no backup was made", done.error());
    }
    TRY_STATUS(open->workspace->noteDurable(*held));
    removeOthers(directory.files(), filesOf(to));
    static_cast<void>(std::fprintf(stderr,
        "%s holds the workspace and the server's key: keep it private.\n", to.string().c_str()));
    if (std::filesystem::exists(filesOf(to)))
        static_cast<void>(std::fprintf(stderr, "The attachments are in %s: keep both together.\n",
            filesOf(to).string().c_str()));
    return {};
}

Status restore(const DataDirectory &directory, const std::filesystem::path &from)
{
    if (std::filesystem::exists(directory.database()))
        return fail(ErrorCode::Conflict,
            directory.path.string() + " holds a workspace already; restore into a new directory");
    auto options = TRY(directory.openOptions());
    options.mustExist = true;
    auto source = TRY(sqlite::Database::open(from, options));
    options.mustExist = false;
    std::error_code failed;
    std::filesystem::create_directories(directory.path, failed);
    if (failed)
        return fail(
            ErrorCode::Io, "cannot make " + directory.path.string() + ": " + failed.message());
    // Under another name until all is done: a restore that was cut off is no workspace.
    const std::filesystem::path unfinished = directory.database().string() + ".part";
    removeQuietly(unfinished);
    TRY_STATUS(source.backupTo(unfinished, options));
    {
        const auto open = TRY(OpenWorkspace::openStore(unfinished, options));
        const auto key = TRY(open->store->fact(serverKeyFact));
        if (!key || key->empty())
            return fail(ErrorCode::Invalid,
                from.string()
                    + " is no backup made by tend-server backup: the server's key is not in it");
        TRY_STATUS(keepIdentity(directory, *key));
        TRY_STATUS(open->keepFact(serverKeyFact, {}));
        open->workspace
            = TRY(Workspace::open(*open->store, open->schema, open->clock, open->random));
        TRY_STATUS(open->workspace->beginEpoch());
    }
    TRY_STATUS(addAll(filesOf(from), directory.files()));
    TRY_STATUS(renameTo(unfinished, directory.database()));
    return verify(directory);
}

Status verify(const DataDirectory &directory)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    auto faults = TRY(open->workspace->verify());
    const std::string file = TRY(open->store->database().queryText("PRAGMA integrity_check"));
    if (file != "ok")
        faults.push_back("the file: " + file);
    OpenShelf shelf(directory, TRY(directory.openOptions()));
    FileDesk desk(*open->store, open->schema, shelf.shelf(), open->clock);
    const FileDesk::Findings files = TRY(desk.verify());
    faults.insert(faults.end(), files.faults.begin(), files.faults.end());
    for (const std::string &fault : faults)
        printLine(fault);
    if (!faults.empty())
        return fail(ErrorCode::Corrupt,
            std::to_string(faults.size()) + " faults in " + directory.path.string()
                + "; stop the server and restore the newest backup that verifies");
    printLine("well: " + std::to_string(raw(open->workspace->head()))
        + " groups in the log, every invariant holds");
    if (files.whole + files.missing + files.unnamed > 0)
        printLine("attachments: " + std::to_string(files.whole) + " with their file, "
            + std::to_string(files.missing) + " whose file is not here (yet), "
            + std::to_string(files.unnamed) + " files that nothing names any more");
    return {};
}

}  // namespace tend::server::cli
