#include "server-stub/files/file_desk.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "server-stub/rights.h"
#include "sync/crypto/digest.h"
#include "sync/records/named_files.h"

namespace tend::server {

using namespace replica;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t filesAtOnce = 100;
constexpr milliseconds lookEvery{600'000};
constexpr milliseconds lookAtMostEvery{1'000};
const std::string unnamedFact = "files_unnamed";

std::string sizeText(std::uint64_t octets)
{
    constexpr std::uint64_t mib = 1U << 20U;
    return octets < mib ? std::to_string((octets + 1023) / 1024) + " KiB"
                        : std::to_string((octets + mib - 1) / mib) + " MiB";
}

tl::unexpected<Error> noSuchFile()
{
    return fail(ErrorCode::NotFound, "There is no such file here.");
}

}  // namespace

// The row as it is now, for who asks now. A row that moved, was deleted, or names another file by
// now is none.
Result<std::optional<Manifest>> FileDesk::seen(const Device &device, const FileName &file)
{
    auto manifest = TRY(fileOf(m_store.records(), m_schema, {file.table, file.row}));
    if (!manifest || manifest->digest() != file.digest)
        return std::optional<Manifest>();
    const View view = TRY(viewOf(m_store.records(), m_schema, device));
    const Scopes scopes = TRY(ScopeReader(m_store.records(), m_schema).of({file.table, file.row}));
    if (!meet(scopes, view.scopes))
        return std::optional<Manifest>();
    return manifest;
}

Result<FileStateAnswer> FileDesk::state(const Device &device, const FileStateRequest &request)
{
    FileStateAnswer answer;
    for (const FileName &file : request.files) {
        FileState &state = answer.files.emplace_back();
        const auto manifest = TRY(seen(device, file));
        if (!manifest)
            continue;
        state.isKnown = true;
        state.chunks.assign((manifest->chunkCount() + 7) / 8, '\0');
        const auto there = TRY(m_shelf.chunks(manifest->digest()));
        for (std::size_t i = 0; i < manifest->chunkCount(); ++i) {
            if (std::binary_search(there.begin(), there.end(), manifest->chunkDigest(i)))
                state.chunks[i / 8] = static_cast<char>(state.chunks[i / 8] | (1 << (i % 8)));
        }
    }
    return answer;
}

Result<bool> FileDesk::isWhole(const Manifest &manifest)
{
    const auto there = TRY(m_shelf.chunks(manifest.digest()));
    for (std::size_t i = 0; i < manifest.chunkCount(); ++i) {
        if (!std::binary_search(there.begin(), there.end(), manifest.chunkDigest(i)))
            return false;
    }
    return true;
}

// Whether the file is right with this chunk; true also while others are missing.
Result<bool> FileDesk::makesFile(const Manifest &manifest, std::size_t index, BytesView octets)
{
    const auto there = TRY(m_shelf.chunks(manifest.digest()));
    const BytesView given = manifest.chunkDigest(index);
    for (std::size_t i = 0; i < manifest.chunkCount(); ++i) {
        const BytesView wanted = manifest.chunkDigest(i);
        if (wanted != given && !std::binary_search(there.begin(), there.end(), wanted))
            return true;
    }
    crypto::RunningDigest whole;
    for (std::size_t i = 0; i < manifest.chunkCount(); ++i) {
        const BytesView wanted = manifest.chunkDigest(i);
        wanted == given ? whole.add(octets)
                        : whole.add(TRY(m_shelf.read(manifest.digest(), wanted)));
    }
    return whole.finish() == manifest.digest();
}

Status FileDesk::checkQuota(std::size_t octets)
{
    if (m_limits.quota == 0)
        return {};
    if (!m_octets)
        m_octets = TRY(m_shelf.octets());
    if (*m_octets + octets > m_limits.quota)
        return fail(ErrorCode::Refused,
            "The workspace has no room for more files: it may hold " + sizeText(m_limits.quota)
                + ". The file stays on the device.");
    return {};
}

Result<FilePutAnswer> FileDesk::put(const Device &device, const FilePutRequest &request)
{
    const auto manifest = TRY(seen(device, request.file));
    if (!manifest)
        return noSuchFile();
    if (manifest->size() > m_limits.octetsMax)
        return fail(ErrorCode::Refused,
            "The file has " + sizeText(manifest->size()) + ", and this server takes "
                + sizeText(m_limits.octetsMax) + " at most. It stays on the device.");
    const bool isRight = request.chunk < manifest->chunkCount()
        && request.octets.size() == manifest->chunkSize(request.chunk)
        && crypto::sha256(request.octets) == manifest->chunkDigest(request.chunk);
    if (!isRight)
        return fail(ErrorCode::Invalid,
            "Chunk " + std::to_string(request.chunk)
                + " is not the one that the row names. It was not kept.");
    const BytesView chunk = manifest->chunkDigest(request.chunk);
    if (!TRY(m_shelf.has(manifest->digest(), chunk))) {
        TRY_STATUS(checkQuota(request.octets.size()));
        // Before the last one is kept: what is here with all its chunks is right.
        if (!TRY(makesFile(*manifest, request.chunk, request.octets))) {
            TRY_STATUS(m_shelf.erase(manifest->digest()));
            m_octets.reset();
            return fail(ErrorCode::Refused,
                "The chunks do not make the file that the row names. Nothing of it was kept.");
        }
        TRY_STATUS(m_shelf.put(manifest->digest(), chunk, request.octets));
        if (m_octets)
            *m_octets += request.octets.size();
    }
    return FilePutAnswer{TRY(isWhole(*manifest))};
}

Result<FileGetAnswer> FileDesk::get(const Device &device, const FileGetRequest &request)
{
    const auto manifest = TRY(seen(device, request.file));
    if (!manifest)
        return noSuchFile();
    if (request.chunk >= manifest->chunkCount())
        return fail(ErrorCode::Invalid, "The file has no such chunk.");
    const BytesView chunk = manifest->chunkDigest(request.chunk);
    if (!TRY(m_shelf.has(manifest->digest(), chunk)))
        return FileGetAnswer{};
    return FileGetAnswer{true, TRY(m_shelf.read(manifest->digest(), chunk))};
}

// ---- letting go ---------------------------------------------------------------------------------

Status FileDesk::loadUnnamed()
{
    constexpr std::size_t entryOctets = digestOctets + sizeof(std::int64_t);
    m_unnamed.emplace();
    const auto kept = TRY(m_store.fact(unnamedFact));
    for (std::size_t at = 0; kept && at + entryOctets <= kept->size(); at += entryOctets) {
        std::int64_t ms = 0;
        std::memcpy(&ms, kept->data() + at + digestOctets, sizeof ms);
        m_unnamed->emplace(kept->substr(at, digestOctets), WallTime{ms});
    }
    return {};
}

Status FileDesk::keepUnnamed()
{
    Bytes all;
    for (const auto &[file, since] : *m_unnamed) {
        const std::int64_t ms = inMs(since);
        all += file;
        all.append(reinterpret_cast<const char *>(&ms), sizeof ms);
    }
    TRY_STATUS(m_store.records().begin());
    Status kept = m_store.keepFact(unnamedFact, all);
    if (kept)
        kept = m_store.records().commit();
    if (!kept)
        m_store.records().rollback();
    return kept;
}

Result<milliseconds> FileDesk::tidy()
{
    const MonotonicTime now = m_clock.monotonicNow();
    if (m_lookAgainAt && now < *m_lookAgainAt)
        return milliseconds(inMs(*m_lookAgainAt) - inMs(now));
    if (!m_unnamed)
        TRY_STATUS(loadUnnamed());
    const auto before = *m_unnamed;
    const auto files = TRY(m_shelf.files(m_looked, filesAtOnce));
    for (const Bytes &file : files) {
        if (TRY(isNamed(m_store.records(), m_schema, file))) {
            m_unnamed->erase(file);
            continue;
        }
        const WallTime today = m_clock.wallNow();
        const WallTime since = m_unnamed->emplace(file, today).first->second;
        if (inMs(today) - inMs(since) < m_limits.keepFor.count())
            continue;
        TRY_STATUS(m_shelf.erase(file));
        m_unnamed->erase(file);
        m_octets.reset();
    }
    if (*m_unnamed != before)
        TRY_STATUS(keepUnnamed());
    const bool isAtEnd = files.size() < filesAtOnce;
    m_looked = isAtEnd ? Bytes() : files.back();
    const milliseconds rest
        = isAtEnd ? std::clamp(m_limits.keepFor / 4, lookAtMostEvery, lookEvery) : milliseconds(50);
    m_lookAgainAt = now + rest;
    return rest;
}

// ---- verify -------------------------------------------------------------------------------------

Result<FileDesk::Findings> FileDesk::verify()
{
    Findings findings;
    std::set<Bytes> damaged;
    for (Bytes after;;) {
        const auto files = TRY(m_shelf.files(after, filesAtOnce));
        if (files.empty())
            break;
        after = files.back();
        for (const Bytes &file : files) {
            findings.unnamed += TRY(isNamed(m_store.records(), m_schema, file)) ? 0 : 1;
            for (const Bytes &chunk : TRY(m_shelf.chunks(file))) {
                const auto octets = m_shelf.read(file, chunk);
                if (octets && crypto::sha256(*octets) == chunk)
                    continue;
                damaged.insert(file);
                findings.faults.push_back("file " + toHex(file) + ": chunk " + toHex(chunk)
                    + (octets ? " is not what its name says" : ": " + octets.error().message));
            }
        }
    }
    for (const Table &table : m_schema.tables()) {
        if (!table.file)
            continue;
        for (const RowId &row : TRY(m_store.records().rowIds(table.id))) {
            const auto manifest = TRY(fileOf(m_store.records(), m_schema, {table.id, row}));
            if (!manifest)
                continue;
            if (!TRY(isWhole(*manifest))) {
                ++findings.missing;
                continue;
            }
            ++findings.whole;
            if (damaged.contains(manifest->digest()))
                continue;
            crypto::RunningDigest whole;
            for (std::size_t i = 0; i < manifest->chunkCount(); ++i)
                whole.add(TRY(m_shelf.read(manifest->digest(), manifest->chunkDigest(i))));
            if (whole.finish() != manifest->digest())
                findings.faults.push_back(
                    table.name + " " + toText(row) + ": its file is not what the row names");
        }
    }
    return findings;
}

}  // namespace tend::server
