// rescue and restore: work that no server has yet, out of one replica and into another.
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "app/cli/json_rows.h"
#include "app/cli/verbs.h"
#include "sync/store/rescue.h"

namespace tend::cli {

using namespace replica;

namespace {

// There whole and on the disk, or not at all; never in place of another file.
Status writeNew(const std::filesystem::path &path, BytesView octets)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST)
        return fail(ErrorCode::Conflict, path.string() + " is there already; nothing was written");
    if (descriptor < 0)
        return fail(ErrorCode::Io, path.string() + ": " + std::strerror(errno));
    bool isWritten = true;
    while (isWritten && !octets.empty()) {
        const ssize_t count = ::write(descriptor, octets.data(), octets.size());
        isWritten = count > 0;
        if (isWritten)
            octets.remove_prefix(static_cast<std::size_t>(count));
    }
    isWritten = isWritten && ::fsync(descriptor) == 0;
    const int reason = errno;
    ::close(descriptor);
    if (isWritten)
        return {};
    ::unlink(path.c_str());
    return fail(reason == ENOSPC ? ErrorCode::Full : ErrorCode::Io,
        path.string() + ": " + std::strerror(reason) + "; nothing was written");
}

}  // namespace

Status rescue(const Common &common, const std::filesystem::path &to)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const std::size_t waiting = TRY(open->replica->status()).waiting;
    TRY_STATUS(writeNew(to, TRY(makeRescue(*open->replica))));
    return printLine(common.isJson
            ? Json{{"groups", waiting}}.dump()
            : (waiting == 1 ? std::string("1 unsent action is in ")
                            : std::to_string(waiting) + " unsent actions are in ")
                + to.string() + ". It is not encrypted: keep it private.");
}

Status restore(const Common &common, const std::filesystem::path &from)
{
    std::ifstream file(from, std::ios::binary);
    if (!file)
        return fail(ErrorCode::NotFound, from.string() + " cannot be read");
    const Bytes octets{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Make));
    const auto outcome = layIn(*open->replica, octets);
    if (!outcome)
        return within(from.string(), outcome.error());
    TRY_STATUS(printLine(common.isJson ? Json{{"laid_in", outcome->laidIn},
                             {"known", outcome->known}, {"homeless", outcome->homeless}}
                                             .dump()
                                       : std::to_string(outcome->laidIn) + " actions were laid in, "
                + std::to_string(outcome->known) + " were known."));
    if (outcome->homeless > 0)
        return fail(ErrorCode::NotFound,
            std::to_string(outcome->homeless)
                + " actions change rows that are not here; sync this replica first, then restore "
                  "the same file again");
    return {};
}

}  // namespace tend::cli
