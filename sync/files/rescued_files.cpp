#include "sync/files/rescued_files.h"

#include <istream>
#include <map>
#include <set>

#include "sync/crypto/digest.h"
#include "sync/records/named_files.h"

namespace replica {

namespace {

constexpr std::string_view firstLine = "TEND FILES 1\n";

// Every file that a row names, once.
Result<std::set<Manifest>> namedFiles(Replica &replica)
{
    std::set<Manifest> files;
    for (const Table &table : replica.schema().tables()) {
        if (!table.file)
            continue;
        for (const RowId &row : TRY(replica.records().rowIds(table.id))) {
            if (const auto file = TRY(fileOf(replica.records(), replica.schema(), {table.id, row})))
                files.insert(*file);
        }
    }
    return files;
}

Bytes lengthOf(std::size_t length)
{
    Bytes octets;
    for (unsigned i = 0; i < 4; ++i)
        octets.push_back(static_cast<char>(length >> (8 * i)));
    return octets;
}

std::optional<Bytes> read(std::istream &from, std::size_t count)
{
    Bytes octets(count, '\0');
    from.read(octets.data(), static_cast<std::streamsize>(count));
    return from ? std::optional(std::move(octets)) : std::nullopt;
}

// The next chunk; empty behind the last.
Result<Bytes> nextChunk(std::istream &from)
{
    const Error cut{ErrorCode::Invalid,
        "the rescue file was cut within its files; what came before was laid in"};
    const auto size = read(from, 4);
    if (!size)
        return tl::unexpected(cut);
    std::size_t length = 0;
    for (unsigned i = 0; i < 4; ++i)
        length |= static_cast<std::size_t>(static_cast<std::uint8_t>((*size)[i])) << (8 * i);
    if (length > chunkOctets)
        return tl::unexpected(cut);
    const auto chunk = read(from, length);
    if (!chunk)
        return tl::unexpected(cut);
    return *chunk;
}

}  // namespace

Result<FilesRescued> writeUnsentFiles(
    Replica &replica, FileStore &files, const std::function<Status(BytesView)> &write)
{
    FilesRescued outcome;
    TRY_STATUS(write(firstLine));
    const auto &epochs = replica.facts().epochs;
    for (const Manifest &file : TRY(namedFiles(replica))) {
        const auto receipt = TRY(files.receipt(file));
        const bool isSent = receipt && !epochs.empty() && receipt->epoch == epochs.back().id;
        if (isSent || !TRY(files.isWhole(file)))
            continue;
        bool isReadable = true;
        for (std::size_t i = 0; i < file.chunkCount(); ++i) {
            const auto chunk = files.read(file, i);
            isReadable = chunk.has_value();
            if (!isReadable)
                break;
            TRY_STATUS(write(lengthOf(chunk->size())));
            TRY_STATUS(write(*chunk));
        }
        ++(isReadable ? outcome.files : outcome.unreadable);
    }
    TRY_STATUS(write(lengthOf(0)));
    return outcome;
}

Result<FilesLaidIn> layInFiles(Replica &replica, FileStore &files, std::istream &rescue)
{
    FilesLaidIn outcome;
    const auto line = read(rescue, firstLine.size());
    if (!line && rescue.gcount() == 0)
        return outcome;
    if (line != Bytes(firstLine))
        return fail(ErrorCode::Invalid, "behind the rows stands something that is no file");
    // Nobody may tidy away what is laid in here before its row is seen to name it.
    const auto held = TRY(files.hold());

    struct Place {
        const Manifest *file;
        std::size_t index;
    };

    const std::set<Manifest> named = TRY(namedFiles(replica));
    std::multimap<Bytes, Place> missing;
    std::set<Bytes> known;
    for (const Manifest &file : named) {
        for (std::size_t i = 0; i < file.chunkCount(); ++i)
            known.insert(Bytes(file.chunkDigest(i)));
        for (const std::uint32_t index : TRY(files.missing(file)))
            missing.emplace(Bytes(file.chunkDigest(index)), Place{&file, index});
    }
    for (;;) {
        const Bytes chunk = TRY(nextChunk(rescue));
        if (chunk.empty())
            return outcome;
        const Bytes digest = crypto::sha256(chunk);
        outcome.homelessChunks += known.count(digest) == 0 ? 1 : 0;
        const auto [first, last] = missing.equal_range(digest);
        for (auto place = first; place != last; ++place) {
            TRY_STATUS(files.keep(*place->second.file, place->second.index, chunk));
            outcome.files += TRY(files.isWhole(*place->second.file)) ? 1 : 0;
        }
        missing.erase(first, last);
    }
}

}  // namespace replica
