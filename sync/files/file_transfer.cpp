#include "sync/files/file_transfer.h"

#include <algorithm>

#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"
#include "sync/records/named_files.h"

namespace replica {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t rowsAtOnce = 200;
// What another process attached, and what others' devices have sent meanwhile, is seen this late.
constexpr milliseconds surveyEvery{300'000};
// However much is written, looking through the rows takes at most a tenth of the time.
constexpr std::int64_t surveyRest = 9;
constexpr milliseconds pauseFor{300'000};
constexpr milliseconds receiptLasts = std::chrono::hours(7 * 24);

Bytes digestOf(const std::vector<RowName> &rows)
{
    Bytes ids;
    for (const RowName &row : rows)
        ids += row.row.bytes();
    return crypto::sha256(ids);
}

}  // namespace

EpochId FileTransfer::epoch() const
{
    const auto &epochs = m_replica.facts().epochs;
    return epochs.empty() ? EpochId{} : epochs.back().id;
}

// What the server once had it may have let go, where the row was deleted there for long and came
// back: so it is asked again now and then, and at once after it was restored.
Result<bool> FileTransfer::hasReceipt(const Manifest &manifest)
{
    const auto receipt = TRY(m_files.receipt(manifest));
    const std::int64_t age = receipt ? inMs(m_clock.wallNow()) - inMs(receipt->at) : 0;
    return receipt && receipt->epoch == epoch() && age >= 0 && age < receiptLasts.count();
}

FileName FileTransfer::nameOf(const Asked &file)
{
    return {file.row.table, file.row.row, file.manifest.digest()};
}

// ---- what is to do ------------------------------------------------------------------------------

bool FileTransfer::mustSurvey() const
{
    const MonotonicTime now = m_clock.monotonicNow();
    const bool isNews = !m_hasSurveyed || m_replica.revision() != m_surveyedRevision;
    return (isNews && now >= m_surveyNotBefore) || now >= m_surveyAgainAt;
}

Status FileTransfer::beginSurvey()
{
    m_phase = Phase::Survey;
    m_hasSurveyed = true;
    m_surveyedRevision = m_replica.revision();
    m_surveyBeganAt = m_clock.monotonicNow();
    m_tasks.clear();
    m_asked.clear();
    m_named.clear();
    m_toSend.clear();
    m_toFetch.clear();
    m_progress.waiting = 0;
    m_progress.absent = 0;
    m_rows = TRY(rowsWithFiles());
    m_rowsDigest = digestOf(m_rows);
    if (m_only)
        m_rows = {*m_only};
    return {};
}

Result<std::vector<RowName>> FileTransfer::rowsWithFiles()
{
    std::vector<RowName> rows;
    for (const Table &table : m_replica.schema().tables()) {
        if (!table.file)
            continue;
        for (const RowId &row : TRY(m_replica.records().rowIds(table.id)))
            rows.push_back({table.id, row});
    }
    // Ids rise with the time they were made at: the oldest last, which is the first taken.
    std::sort(rows.begin(), rows.end(),
        [](const RowName &one, const RowName &other) { return one.row > other.row; });
    return rows;
}

// Asked while no other process can add a file: whether what the survey saw still holds. While
// something waits, a delete may yet turn out to have been none.
Result<bool> FileTransfer::isStillSo(const Bytes &rowsDigest)
{
    return m_replica.revision() == m_surveyedRevision && !TRY(m_replica.records().hasUnaccepted())
        && digestOf(TRY(rowsWithFiles())) == rowsDigest;
}

Status FileTransfer::survey()
{
    for (std::size_t count = 0; count < rowsAtOnce && !m_rows.empty(); ++count) {
        const RowName row = m_rows.back();
        m_rows.pop_back();
        const auto manifest = TRY(fileOf(m_replica.records(), m_replica.schema(), row));
        if (!manifest)
            continue;
        m_named.insert(TRY(m_files.nameOf(*manifest)));
        if (!TRY(m_files.isWhole(*manifest))) {
            m_toFetch.push_back(row);
        } else if (!TRY(hasReceipt(*manifest))) {
            m_toSend.push_back(row);
            ++m_progress.waiting;
        }
    }
    return m_rows.empty() ? endSurvey() : Status{};
}

Status FileTransfer::endSurvey()
{
    m_phase = Phase::Send;
    std::reverse(m_toSend.begin(), m_toSend.end());
    std::reverse(m_toFetch.begin(), m_toFetch.end());
    const MonotonicTime now = m_clock.monotonicNow();
    m_surveyNotBefore = now + milliseconds((inMs(now) - inMs(m_surveyBeganAt)) * surveyRest);
    m_surveyAgainAt = now + surveyEvery;
    if (m_only)
        return {};
    m_named.merge(TRY(namedByAsides()));
    const auto erased = m_files.eraseAllBut(m_named, [this] { return isStillSo(m_rowsDigest); });
    if (!erased)
        m_progress.problem = erased.error();
    return {};
}

// What was refused is kept whole, and its file with it.
Result<std::set<std::string>> FileTransfer::namedByAsides()
{
    std::set<std::string> names;
    for (const SetAside &aside : TRY(m_replica.store().asides())) {
        const auto changes = decodeBody(aside.body);
        if (!changes)
            continue;
        for (const Change &change : *changes) {
            const Table *table = m_replica.schema().table(change.table);
            const auto manifest = table ? manifestOf(*table, change) : std::nullopt;
            if (manifest)
                names.insert(TRY(m_files.nameOf(*manifest)));
        }
    }
    return names;
}

Result<FileWork::Piece> FileTransfer::next()
{
    if (m_phase != Phase::Survey && !m_isInFile && mustSurvey())
        TRY_STATUS(beginSurvey());
    if (m_phase == Phase::Survey) {
        TRY_STATUS(survey());
        return Piece{std::nullopt, true};
    }
    const bool mayGo
        = (!m_mayUseNetwork || m_mayUseNetwork()) && m_clock.monotonicNow() >= m_pausedUntil;
    if (!mayGo || m_phase == Phase::Idle)
        return Piece{};
    if (!m_tasks.empty()) {
        auto request = TRY(nextChunk());
        const bool isNothing = !request;
        return Piece{std::move(request), isNothing};
    }
    std::vector<RowName> &rows = m_phase == Phase::Send ? m_toSend : m_toFetch;
    if (!rows.empty() || !m_asked.empty()) {
        auto request = TRY(askAbout(rows));
        const bool isNothing = !request;
        return Piece{std::move(request), isNothing};
    }
    m_phase = m_phase == Phase::Send ? Phase::Fetch : Phase::Idle;
    return Piece{std::nullopt, m_phase == Phase::Fetch};
}

// ---- asking -------------------------------------------------------------------------------------

Result<std::optional<FileWork::Request>> FileTransfer::askAbout(std::vector<RowName> &rows)
{
    FileStateRequest request;
    // Those that were asked about without an answer come first.
    while (!m_asked.empty()) {
        rows.push_back(m_asked.back().row);
        m_asked.pop_back();
    }
    while (!rows.empty() && m_asked.size() < filesAskedMax) {
        const RowName row = rows.back();
        rows.pop_back();
        const auto manifest = TRY(fileOf(m_replica.records(), m_replica.schema(), row));
        // The same picture twice is asked about once at a time: after the first went, the second
        // finds it there.
        const bool isAsked = manifest
            && std::any_of(m_asked.begin(), m_asked.end(),
                [&](const Asked &other) { return other.manifest == *manifest; });
        if (isAsked) {
            rows.push_back(row);
            break;
        }
        if (!manifest || m_refusedRows.contains(row))
            continue;
        const bool isWhole = TRY(m_files.isWhole(*manifest));
        if (isWhole && TRY(hasReceipt(*manifest))) {
            m_progress.waiting -= m_phase == Phase::Send && m_progress.waiting > 0 ? 1 : 0;
            continue;
        }
        m_asked.push_back({row, *manifest, isWhole});
        request.files.push_back(nameOf(m_asked.back()));
    }
    if (m_asked.empty())
        return std::optional<Request>();
    m_route = Route::FileState;
    return std::optional<Request>(Request{m_route, encode(request)});
}

Result<std::optional<FileWork::Request>> FileTransfer::nextChunk()
{
    const Task &task = m_tasks.front();
    const std::uint32_t chunk = task.chunks.back();
    m_isInFile = true;
    if (!task.file.isSending) {
        m_route = Route::FileGet;
        return std::optional<Request>(
            Request{m_route, encode(FileGetRequest{protocolVersion, nameOf(task.file), chunk})});
    }
    auto octets = m_files.read(task.file.manifest, chunk);
    if (!octets) {
        // Out with it: the next survey finds it missing, and fetches it where the server has it.
        if (octets.error().code == ErrorCode::Corrupt)
            static_cast<void>(m_files.eraseChunk(task.file.manifest, chunk));
        const RowName row = task.file.row;
        giveUp(row, "it is damaged on this device: " + octets.error().message);
        m_refusedRows.erase(row);
        return std::optional<Request>();
    }
    m_route = Route::FilePut;
    return std::optional<Request>(Request{m_route,
        encode(FilePutRequest{protocolVersion, nameOf(task.file), chunk, *std::move(octets)})});
}

// ---- taking in ----------------------------------------------------------------------------------

FileTransfer::Task FileTransfer::endFile()
{
    Task ended = std::move(m_tasks.front());
    m_tasks.pop_front();
    m_isInFile = false;
    return ended;
}

void FileTransfer::giveUp(const RowName &row, std::string reason)
{
    m_refusedRows.insert(row);
    m_progress.refused.push_back({row, std::move(reason)});
    static_cast<void>(endFile());
}

void FileTransfer::pause(Error problem)
{
    m_tasks.clear();
    m_asked.clear();
    m_isInFile = false;
    m_phase = Phase::Idle;
    m_pausedUntil = m_clock.monotonicNow() + pauseFor;
    m_progress.problem = std::move(problem);
}

Status FileTransfer::take(Result<Bytes> answer)
{
    if (!answer && m_route == Route::FileState) {
        // A server that knows no files refuses the route: words go on without them.
        pause(answer.error());
        return {};
    }
    if (!answer) {
        giveUp(RowName(m_tasks.front().file.row), answer.error().message);
        return {};
    }
    if (m_route == Route::FileState) {
        const auto state = decodeFileStateAnswer(*answer);
        return state ? takeState(*state) : (pause(state.error()), Status{});
    }
    if (m_route == Route::FilePut) {
        const auto taken = decodeFilePutAnswer(*answer);
        return taken ? takeSent(*taken) : (pause(taken.error()), Status{});
    }
    const auto given = decodeFileGetAnswer(*answer);
    return given ? takeFetched(*given) : (pause(given.error()), Status{});
}

Status FileTransfer::takeState(const FileStateAnswer &answer)
{
    const auto asked = std::exchange(m_asked, {});
    if (answer.files.size() != asked.size()) {
        pause(
            {ErrorCode::Refused, "the server answered about other files than it was asked about"});
        return {};
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const FileState &state = answer.files[i];
        if (!state.isKnown)
            continue;
        Task task{asked[i], {}};
        std::size_t there = 0;
        const std::size_t count = asked[i].manifest.chunkCount();
        for (std::size_t at = count; at-- > 0;) {
            there += state.has(at) ? 1 : 0;
            const bool goes
                = asked[i].isSending ? !state.has(at) : !TRY(m_files.has(asked[i].manifest, at));
            if (goes)
                task.chunks.push_back(static_cast<std::uint32_t>(at));
        }
        if (task.chunks.empty()) {
            TRY_STATUS(done(task));
        } else if (asked[i].isSending || there == count) {
            m_tasks.push_back(std::move(task));
        } else {
            ++m_progress.absent;
        }
    }
    return {};
}

// The server has all of it, and so has this device.
Status FileTransfer::done(const Task &task)
{
    if (task.file.isSending && m_progress.waiting > 0)
        --m_progress.waiting;
    if (const Status noted = m_files.noteReceipt(task.file.manifest, {epoch(), m_clock.wallNow()});
        !noted)
        pause(noted.error());
    return {};
}

Status FileTransfer::takeSent(const FilePutAnswer &answer)
{
    Task &task = m_tasks.front();
    m_progress.octetsSent += task.file.manifest.chunkSize(task.chunks.back());
    task.chunks.pop_back();
    if (!task.chunks.empty())
        return {};
    const Task finished = endFile();
    // Otherwise something of it was lost there meanwhile: the next survey asks again.
    if (!answer.isWhole)
        return {};
    ++m_progress.sent;
    return done(finished);
}

Status FileTransfer::takeFetched(const FileGetAnswer &answer)
{
    Task &task = m_tasks.front();
    if (!answer.isHere) {
        ++m_progress.absent;
        static_cast<void>(endFile());
        return {};
    }
    const Manifest &manifest = task.file.manifest;
    const std::uint32_t chunk = task.chunks.back();
    if (const Status kept = m_files.keep(manifest, chunk, answer.octets); !kept) {
        const bool isTheirs
            = kept.error().code == ErrorCode::Invalid || kept.error().code == ErrorCode::Corrupt;
        isTheirs ? giveUp(RowName(task.file.row), kept.error().message) : pause(kept.error());
        return {};
    }
    m_progress.octetsFetched += manifest.chunkSize(chunk);
    task.chunks.pop_back();
    if (!task.chunks.empty())
        return {};
    const Task finished = endFile();
    // Otherwise a chunk that was here turned out to be damaged: the next survey fetches it.
    if (!TRY(m_files.isWhole(finished.file.manifest)))
        return {};
    ++m_progress.fetched;
    return done(finished);
}

}  // namespace replica
