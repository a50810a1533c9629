// Files between devices and their server, without a network and without waiting: who may have what,
// in which order it goes, and when it is let go.
#include <deque>
#include <fstream>

#include <QTemporaryDir>
#include <QtTest>

#include "app/journal/tables.h"
#include "server-stub/service.h"
#include "sync/base/ensure.h"
#include "sync/crypto/digest.h"
#include "sync/engine/engine.h"
#include "sync/files/file_transfer.h"
#include "sync/records/named_files.h"
#include "tests/support/memory_shelf.h"
#include "tests/support/memory_store.h"

using namespace replica;
using namespace tend::server;
using namespace std::chrono_literals;
using tend::journalSchema;

namespace {

constexpr std::int64_t dayMs = 24LL * 3600 * 1000;

struct SteppedClock final : Clock {
    [[nodiscard]] WallTime wallNow() override { return WallTime{1'790'000'000'000 + nowMs}; }

    [[nodiscard]] MonotonicTime monotonicNow() override { return MonotonicTime{nowMs}; }

    std::int64_t nowMs = 0;
};

struct NoMark final : LifeMarkKeeper {
    std::optional<LifeMark> mark;

    [[nodiscard]] std::optional<LifeMark> read() override { return mark; }

    [[nodiscard]] Status write(const LifeMark &newer) override
    {
        mark = newer;
        return {};
    }
};

void must(const Status &done)
{
    ENSURE(done.has_value());
}

const Table &attachments()
{
    return *journalSchema().table("attachment");
}

// The server, and all that travels to it.
struct Office {
    explicit Office(FileLimits limits = {})
        : workspace(
            Workspace::create(store, journalSchema(), clock, random, "Test workspace").value())
        , files(store, journalSchema(), shelf, clock, limits)
        , service(*workspace, clock, [](const LogEvent &) {})
    {
        service.setFiles(files);
    }

    [[nodiscard]] Uuid addTerritory(const std::string &name)
    {
        const Table &table = *journalSchema().table("territory");
        const Uuid id = makeUuid7(clock.wallNow(), random);
        must(workspace->commit({{table.id, id, ChangeKind::Insert, {{ColumnId{1}, name}}}}));
        return id;
    }

    void place(const Uuid &member, const Uuid &territory)
    {
        const Table &table = *journalSchema().table("member_territory");
        must(workspace->commit({{table.id, makeUuid7(clock.wallNow(), random), ChangeKind::Insert,
            {{ColumnId{1}, Blob{Bytes(member.bytes())}},
                {ColumnId{2}, Blob{Bytes(territory.bytes())}}}}}));
    }

    SteppedClock clock;
    SeededRandom random{1};
    test::MemorySharedStore store;
    test::MemoryShelf shelf;
    std::unique_ptr<Workspace> workspace;
    FileDesk files;
    Service service;
};

// Answers at once, and remembers what was asked.
class Wire final : public Transport {
public:
    Wire(Office &office, http::Caller caller)
        : m_office(office)
        , m_caller(std::move(caller))
    {
    }

    void post(ExchangeId exchange, Route route, Bytes request, std::chrono::milliseconds) override
    {
        asked.push_back(route);
        m_exchange = exchange;
        m_route = route;
        m_request = std::move(request);
        longestRequest = std::max(longestRequest, m_request.size());
    }

    void giveUp(ExchangeId) override { m_exchange.reset(); }

    std::optional<Arrival> poll() override
    {
        if (!m_exchange)
            return std::nullopt;
        const ExchangeId exchange = *std::exchange(m_exchange, {});
        if (isOfFiles(m_route) && chunksLeft == 0)
            return Arrival{exchange, fail(ErrorCode::Offline, "cut"), {}};
        if (isOfFiles(m_route) && m_route != Route::FileState)
            --chunksLeft;
        if (auto problem = m_office.service.objection(m_caller, m_route))
            return Arrival{exchange, fail(ErrorCode::Unauthorized, problem->detail), {}};
        http::Reply reply = m_office.service.answer(m_caller, m_route, m_request);
        if (reply.problem)
            return Arrival{exchange,
                fail(reply.problem->status < 500 ? ErrorCode::Refused : ErrorCode::Busy,
                    reply.problem->detail),
                {}};
        longestAnswer = std::max(longestAnswer, reply.body.size());
        return Arrival{exchange, std::move(reply.body), {}};
    }

    std::vector<Route> asked;
    std::size_t longestRequest = 0;
    std::size_t longestAnswer = 0;
    int chunksLeft = 1'000'000;  // until the network breaks

    [[nodiscard]] std::size_t count(Route route) const
    {
        return static_cast<std::size_t>(std::count(asked.begin(), asked.end(), route));
    }

private:
    Office &m_office;
    http::Caller m_caller;
    std::optional<ExchangeId> m_exchange;
    Route m_route{};
    Bytes m_request;
};

class Phone {
public:
    Phone(Office &office, const std::filesystem::path &folder, const std::string &name,
        const std::string &role = "rep", std::optional<Uuid> territory = {})
        : m_office(office)
        , m_caller{name + Bytes(32 - name.size(), '.'), "10.0.0.1"}
        , wire(office, m_caller)
        , files(folder / (name + ".files"), FileKey(store, random))
    {
        const Bytes secret
            = office.workspace
                  ->invite({name, role}, WallTime{inMs(office.clock.wallNow()) + 7 * dayMs})
                  .value();
        static_cast<void>(office.service.objection(m_caller, Route::Enrol));
        const Bytes request = encode(EnrolRequest{protocolVersion, secret, name});
        const auto answer
            = decodeEnrolAnswer(office.service.answer(m_caller, Route::Enrol, request).body)
                  .value();
        member = answer.member;
        device = answer.device;
        if (territory)
            office.place(member, *territory);
        replica
            = Replica::open(store, journalSchema(), office.clock, random, m_mark, device).value();
        must(replica->enrolled(answer));
        restart();
    }

    // A new process.
    void restart()
    {
        transfer = std::make_unique<FileTransfer>(*replica, files, m_office.clock);
        engine = std::make_unique<Engine>(*replica, wire, m_office.clock, random);
        engine->setFiles(*transfer);
        wire.asked.clear();
    }

    // Until a round ended. `between` is called after each step.
    void sync(const std::function<void()> &between = {})
    {
        engine->syncSoon();
        const auto before = engine->status();
        for (int step = 0; step < 10'000; ++step) {
            engine->step().value();
            if (between)
                between();
            if (engine->status().rounds > before.rounds
                || engine->status().failures > before.failures)
                return;
        }
        qFatal("the round does not end");
    }

    [[nodiscard]] Uuid addCustomer(const std::string &name, std::optional<Uuid> territory = {})
    {
        const Table &table = *journalSchema().table("customer");
        Change change{table.id, newId(), ChangeKind::Insert, {{table.column("name")->id, name}}};
        if (territory)
            change.assignments.push_back(
                {table.column("territory_id")->id, Blob{Bytes(territory->bytes())}});
        replica->commit({change}).value();
        return change.row;
    }

    [[nodiscard]] RowName attach(
        const Uuid &to, const Manifest &manifest, const char *column = "customer_id")
    {
        const auto id = [](const char *name) {
            return attachments().column(name)->id;
        };
        Change row{attachments().id, newId(), ChangeKind::Insert,
            {{id(column), Blob{Bytes(to.bytes())}},
                {id("size"), static_cast<std::int64_t>(manifest.size())},
                {id("digest"), toHex(manifest.digest())}, {id("chunks"), Blob{manifest.chunks()}}}};
        replica->commit({row}).value();
        return {attachments().id, row.row};
    }

    [[nodiscard]] Manifest keep(const Bytes &octets)
    {
        const auto path = files.folder().string() + ".source";
        std::ofstream(path, std::ios::binary) << octets;
        return files.add(path).value();
    }

    void erase(const char *table, const Uuid &row)
    {
        replica->commit({{journalSchema().table(table)->id, row, ChangeKind::Delete, {}}}).value();
    }

    [[nodiscard]] Device known() { return *m_office.store.deviceByKey(m_caller.keyDigest).value(); }

    [[nodiscard]] Uuid newId()
    {
        ++m_office.clock.nowMs;
        return makeUuid7(m_office.clock.wallNow(), random);
    }

private:
    Office &m_office;
    http::Caller m_caller;
    NoMark m_mark;

public:
    SeededRandom random{m_caller.keyDigest[0] * 1'000ULL + m_caller.keyDigest[1]};
    test::MemoryStore store;
    Wire wire;
    FileStore files;
    Uuid member;
    DeviceId device;
    std::unique_ptr<Replica> replica;
    std::unique_ptr<FileTransfer> transfer;
    std::unique_ptr<Engine> engine;
};

Bytes noise(std::size_t count, std::uint64_t seed = 1)
{
    return SeededRandom(seed).bytes(count);
}

}  // namespace

class FileTransferTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }

    [[nodiscard]] static Bytes content(Phone &phone, const Manifest &manifest)
    {
        Bytes octets;
        for (std::size_t i = 0; i < manifest.chunkCount(); ++i)
            octets += phone.files.read(manifest, i).value_or(Bytes());
        return octets;
    }

private slots:

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aFileReachesTheOthers()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        Phone bo(office, folder(), "bo");
        const Bytes octets = noise(3 * chunkOctets + 9);
        const Manifest manifest = ann.keep(octets);
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), manifest));
        ann.sync();
        QCOMPARE(ann.transfer->progress().sent, std::size_t{1});
        QCOMPARE(ann.transfer->progress().octetsSent, std::uint64_t{octets.size()});
        bo.sync();
        QCOMPARE(bo.transfer->progress().fetched, std::size_t{1});
        QVERIFY(content(bo, manifest) == octets);
        // Nothing to do is one question about words.
        ann.wire.asked.clear();
        ann.sync();
        QCOMPARE(ann.wire.asked.size(), std::size_t{1});
        ann.restart();
        ann.sync();
        QCOMPARE(ann.wire.asked.size(), std::size_t{1});
    }

    void wordsGoFirstAndComeBetweenTheChunks()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Uuid rosa = ann.addCustomer("Rosa");
        static_cast<void>(ann.attach(rosa, ann.keep(noise(4 * chunkOctets))));
        bool isWritten = false;
        std::size_t filesBefore = 0;
        ann.sync([&] {
            if (ann.wire.count(Route::FilePut) != 2 || isWritten)
                return;
            isWritten = true;
            filesBefore = ann.wire.asked.size();
            static_cast<void>(ann.addCustomer("written meanwhile"));
            ann.engine->syncSoon();
        });
        QVERIFY(isWritten);
        QCOMPARE(ann.wire.asked.front(), Route::Push);
        const auto firstFile
            = std::find(ann.wire.asked.begin(), ann.wire.asked.end(), Route::FileState);
        QVERIFY(std::find(ann.wire.asked.begin(), firstFile, Route::Pull) != firstFile);
        QCOMPARE(ann.wire.asked.at(filesBefore), Route::Push);
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{4});
        QCOMPARE(ann.replica->status()->waiting, std::size_t{0});
    }

    void aLongFileDoesNotKeepTheWordsOfOthersOut()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        Phone bo(office, folder(), "bo");
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), ann.keep(noise(6 * chunkOctets))));
        static_cast<void>(bo.addCustomer("Piet"));
        bool isSent = false;
        ann.sync([&] {
            if (ann.wire.count(Route::FilePut) == 2 && !isSent) {
                isSent = true;
                bo.sync();
            }
            // A slow network: each chunk takes a while.
            office.clock.nowMs += 9'000;
        });
        QVERIFY(ann.wire.count(Route::Pull) >= 2);
        const TableId customers = journalSchema().table("customer")->id;
        QCOMPARE(ann.replica->records().rowIds(customers)->size(), std::size_t{2});
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{6});
    }

    void aCutIsGoneOnWithAtTheChunk()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        Phone bo(office, folder(), "bo");
        const Bytes octets = noise(8 * chunkOctets);
        const Manifest manifest = ann.keep(octets);
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), manifest));
        ann.wire.chunksLeft = 5;
        ann.sync();
        QCOMPARE(ann.engine->status().problem->code, ErrorCode::Offline);
        QCOMPARE(ann.replica->status()->waiting, std::size_t{0});
        bo.sync();
        QCOMPARE(bo.transfer->progress().absent, std::size_t{1});
        QCOMPARE(bo.transfer->progress().refused.size(), std::size_t{0});
        QVERIFY(!bo.engine->status().problem);
        ann.wire.chunksLeft = 100;
        ann.restart();
        ann.sync();
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{3});
        bo.restart();
        bo.wire.chunksLeft = 3;
        bo.sync();
        bo.wire.chunksLeft = 100;
        bo.restart();
        bo.sync();
        QCOMPARE(bo.wire.count(Route::FileGet), std::size_t{5});
        QVERIFY(content(bo, manifest) == octets);
    }

    void goingOnInTheSameProcessSendsNothingTwice()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), ann.keep(noise(8 * chunkOctets))));
        ann.wire.chunksLeft = 5;
        ann.sync();
        ann.wire.chunksLeft = 100;
        ann.sync();
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{9});  // one of them was cut
        QCOMPARE(ann.transfer->progress().sent, std::size_t{1});
    }

    void theSamePictureTwiceTravelsOnceAndStaysTwo()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        Phone bo(office, folder(), "bo");
        const Manifest manifest = ann.keep(noise(2 * chunkOctets));
        const Uuid rosa = ann.addCustomer("Rosa");
        const RowName one = ann.attach(rosa, manifest);
        static_cast<void>(ann.attach(rosa, ann.keep(noise(2 * chunkOctets))));
        ann.sync();
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{2});
        bo.sync();
        QCOMPARE(bo.replica->records().rowIds(attachments().id)->size(), std::size_t{2});
        QCOMPARE(bo.wire.count(Route::FileGet), std::size_t{2});
        // One goes, the file stays for the other, at both ends.
        ann.erase("attachment", one.row);
        ann.sync();
        bo.sync();
        office.clock.nowMs += 40 * dayMs;
        QVERIFY(office.files.tidy().has_value());
        QVERIFY(*ann.files.isWhole(manifest) && *bo.files.isWhole(manifest));
        QCOMPARE(office.shelf.files({}, 9)->size(), std::size_t{1});
    }

    void ownFilesAreSentBeforeOthersAreFetched()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        Phone bo(office, folder(), "bo");
        const Uuid rosa = ann.addCustomer("Rosa");
        static_cast<void>(ann.attach(rosa, ann.keep(noise(chunkOctets))));
        ann.sync();
        static_cast<void>(bo.attach(rosa, bo.keep(noise(chunkOctets, 2))));
        bo.sync();
        const auto at = [&](Route route) {
            return std::find(bo.wire.asked.begin(), bo.wire.asked.end(), route);
        };
        QVERIFY(at(Route::FilePut) < at(Route::FileGet));
        QVERIFY(at(Route::FileGet) != bo.wire.asked.end());
    }

    void theSwitchHoldsFilesAndNotWords()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        bool isOnWifi = false;
        ann.transfer->setMayUseNetwork([&] { return isOnWifi; });
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), ann.keep(noise(4 * chunkOctets))));
        ann.sync();
        QCOMPARE(ann.replica->status()->waiting, std::size_t{0});
        QCOMPARE(ann.wire.count(Route::FileState), std::size_t{0});
        QCOMPARE(ann.transfer->progress().waiting, std::size_t{1});
        isOnWifi = true;
        // Out of reach again in the middle.
        ann.sync([&] { isOnWifi = ann.wire.count(Route::FilePut) < 2; });
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{2});
        isOnWifi = true;
        ann.sync();
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{4});
        QCOMPARE(ann.transfer->progress().waiting, std::size_t{0});
    }

    void thumbnailsFitIntoPages_data()
    {
        QTest::addColumn<bool>("isFilled");
        QTest::newRow("as the log") << false;
        QTest::newRow("as rows") << true;
    }

    void thumbnailsFitIntoPages()
    {
        QFETCH(bool, isFilled);
        Office office;
        if (isFilled)
            office.workspace->setReplayMax(0);
        Phone ann(office, folder(), "ann");
        const Uuid rosa = ann.addCustomer("Rosa");
        const Manifest manifest = ann.keep(noise(100));
        const ColumnId thumbnail = attachments().column("thumbnail")->id;
        for (int i = 0; i < 150; ++i) {
            const RowName row = ann.attach(rosa, manifest);
            const Change update{
                row.table, row.row, ChangeKind::Update, {{thumbnail, Blob{noise(16'000)}}}};
            QVERIFY(ann.replica->commit({update}).has_value());
        }
        ann.sync();
        QVERIFY(ann.wire.longestRequest < (1U << 20U));
        Phone bo(office, folder(), "bo");
        bo.sync();
        QCOMPARE(bo.replica->records().rowIds(attachments().id)->size(), std::size_t{150});
        QVERIFY(bo.wire.longestAnswer < (1U << 20U));
        // More than one action may hold is refused before it is kept.
        std::vector<Change> tooMuch;
        for (int i = 0; i < 80; ++i)
            tooMuch.push_back({attachments().id, ann.newId(), ChangeKind::Insert,
                {{thumbnail, Blob{noise(16'000)}}}});
        QCOMPARE(ann.replica->commit(tooMuch).error().code, ErrorCode::Invalid);
        // And more than a row may hold.
        const auto tooLarge = ann.replica->commit({{attachments().id, ann.newId(),
            ChangeKind::Insert, {{thumbnail, Blob{noise(16'385)}}}}});
        QCOMPARE(tooLarge.error().code, ErrorCode::Invalid);
    }

    // ---- who may have what

    void whoMayNotSeeTheRowIsToldNothing()
    {
        Office office;
        const Uuid north = office.addTerritory("North");
        const Uuid south = office.addTerritory("South");
        Phone ann(office, folder(), "ann", "rep", north);
        Phone bo(office, folder(), "bo", "rep", south);
        ann.sync();
        const Bytes octets = noise(2 * chunkOctets);
        const Manifest manifest = ann.keep(octets);
        const RowName row = ann.attach(ann.addCustomer("Rosa", north), manifest);
        ann.sync();
        const FileName name{row.table, row.row, manifest.digest()};
        const auto mine = office.files.get(ann.known(), {protocolVersion, name, 0});
        QVERIFY(mine && mine->isHere);
        // The same words for what is not theirs and for what nobody ever made.
        const auto theirs = office.files.get(bo.known(), {protocolVersion, name, 0});
        const FileName invented{row.table, bo.newId(), manifest.digest()};
        const auto nobodys = office.files.get(bo.known(), {protocolVersion, invented, 0});
        QCOMPARE(theirs.error().code, ErrorCode::NotFound);
        QCOMPARE(theirs.error().message, nobodys.error().message);
        const auto put = office.files.put(
            bo.known(), {protocolVersion, name, 0, octets.substr(0, chunkOctets)});
        QCOMPARE(put.error().code, ErrorCode::NotFound);
        const auto states = office.files.state(bo.known(), {protocolVersion, {name, invented}});
        QVERIFY(!states->files[0].isKnown && !states->files[1].isKnown);
        QVERIFY(states->files[0].chunks.empty());
        // Nor with a row of one's own under another digest.
        const Manifest own = bo.keep(noise(10, 5));
        bo.sync();
        const RowName other = bo.attach(bo.addCustomer("Piet", south), own);
        bo.sync();
        QCOMPARE(
            office.files
                .get(bo.known(), {protocolVersion, {other.table, other.row, manifest.digest()}, 0})
                .error()
                .code,
            ErrorCode::NotFound);
    }

    void aLostTerritoryTakesItsFilesAlong()
    {
        Office office;
        const Uuid north = office.addTerritory("North");
        Phone ann(office, folder(), "ann", "rep", north);
        Phone bo(office, folder(), "bo", "rep", north);
        ann.sync();
        const Manifest manifest = ann.keep(noise(2 * chunkOctets));
        const RowName row = ann.attach(ann.addCustomer("Rosa", north), manifest);
        ann.sync();
        bo.sync();
        QVERIFY(*bo.files.isWhole(manifest));
        const Table &links = *journalSchema().table("member_territory");
        const auto all = office.store.records().rowIds(links.id).value();
        for (const RowId &link : all) {
            const auto shown = office.store.records().row(links.id, link).value();
            if (shown->assignments.front().value == Value{Blob{Bytes(bo.member.bytes())}})
                must(office.workspace->commit({{links.id, link, ChangeKind::Delete, {}}}));
        }
        bo.sync();
        QVERIFY(!bo.replica->records().row(row.table, row.row).value());
        QVERIFY(!*bo.files.isWhole(manifest));
        QVERIFY(!FileKey(bo.store, bo.random).read().value());
        QVERIFY(*ann.files.isWhole(manifest));
    }

    // ---- what the server takes

    void onlyTheRightChunkIsTaken()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Bytes octets = noise(2 * chunkOctets);
        const Manifest manifest = ann.keep(octets);
        const RowName row = ann.attach(ann.addCustomer("Rosa"), manifest);
        ann.transfer->setMayUseNetwork([] { return false; });
        ann.sync();
        const FileName name{row.table, row.row, manifest.digest()};
        const auto put = [&](std::uint32_t chunk, Bytes given) {
            return office.files.put(ann.known(), {protocolVersion, name, chunk, std::move(given)});
        };
        QCOMPARE(put(0, octets.substr(chunkOctets)).error().code, ErrorCode::Invalid);
        QCOMPARE(put(0, octets.substr(0, 99)).error().code, ErrorCode::Invalid);
        QCOMPARE(put(2, octets.substr(0, chunkOctets)).error().code, ErrorCode::Invalid);
        QVERIFY(office.shelf.files({}, 9)->empty());
        QVERIFY(!put(0, octets.substr(0, chunkOctets))->isWhole);
        QVERIFY(!put(0, octets.substr(0, chunkOctets))->isWhole);
        QVERIFY(put(1, octets.substr(chunkOctets))->isWhole);
        QVERIFY(put(1, octets.substr(chunkOctets))->isWhole);
    }

    void chunksThatDoNotMakeTheFileAreThrownAway()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Bytes octets = noise(2 * chunkOctets);
        const Manifest honest = ann.keep(octets);
        const Manifest lying
            = *Manifest::make(crypto::sha256("another"), honest.size(), honest.chunks());
        const RowName row = ann.attach(ann.addCustomer("Rosa"), lying);
        ann.transfer->setMayUseNetwork([] { return false; });
        ann.sync();
        const FileName name{row.table, row.row, lying.digest()};
        const auto first = office.files.put(
            ann.known(), {protocolVersion, name, 0, octets.substr(0, chunkOctets)});
        QVERIFY(first.has_value());
        const auto last
            = office.files.put(ann.known(), {protocolVersion, name, 1, octets.substr(chunkOctets)});
        QCOMPARE(last.error().code, ErrorCode::Refused);
        QVERIFY(office.shelf.files({}, 9)->empty());
    }

    void whatIsTooMuchIsRefusedInWordsAndTheRestGoesOn()
    {
        FileLimits limits;
        limits.octetsMax = chunkOctets;
        limits.quota = chunkOctets + 2'000;
        Office office(limits);
        Phone ann(office, folder(), "ann");
        const Uuid rosa = ann.addCustomer("Rosa");
        const RowName large = ann.attach(rosa, ann.keep(noise(chunkOctets + 1, 1)));
        static_cast<void>(ann.attach(rosa, ann.keep(noise(chunkOctets, 2))));
        const RowName beyond = ann.attach(rosa, ann.keep(noise(3'000, 3)));
        static_cast<void>(ann.attach(rosa, ann.keep(noise(1'000, 4))));
        ann.sync();
        const FileProgress &progress = ann.transfer->progress();
        QCOMPARE(progress.sent, std::size_t{2});
        QCOMPARE(progress.refused.size(), std::size_t{2});
        QVERIFY(progress.refused[0].row == large && progress.refused[1].row == beyond);
        QVERIFY(progress.refused[0].reason.find("takes 256 KiB at most") != std::string::npos);
        QVERIFY(progress.refused[1].reason.find("no room") != std::string::npos);
        QVERIFY(!ann.engine->status().problem);
    }

    void aServerWithAFullDiskIsTriedAgain()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), ann.keep(noise(100))));
        office.shelf.isFull = true;
        ann.sync();
        QCOMPARE(ann.engine->status().problem->code, ErrorCode::Busy);
        office.shelf.isFull = false;
        ann.sync();
        QCOMPARE(ann.transfer->progress().sent, std::size_t{1});
    }

    void aServerThatKnowsNoFilesCostsNoWords()
    {
        Office office;
        Service old(*office.workspace, office.clock, [](const LogEvent &) {});
        Phone ann(office, folder(), "ann");
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), ann.keep(noise(100))));
        const http::Caller caller{Bytes("ann") + Bytes(29, '.'), "10.0.0.1"};
        static_cast<void>(old.objection(caller, Route::FileState));
        const auto reply = old.answer(caller, Route::FileState, encode(FileStateRequest{}));
        QCOMPARE(reply.problem->status, 404);
        // As the engine sees it.
        ann.transfer->setMayUseNetwork([] { return false; });
        ann.sync();
        ann.transfer->setMayUseNetwork({});
        auto piece = ann.transfer->next().value();
        while (!piece.request)
            piece = ann.transfer->next().value();
        QVERIFY(ann.transfer->take(fail(ErrorCode::Refused, reply.problem->detail)).has_value());
        piece = ann.transfer->next().value();
        QVERIFY(!piece.request && !piece.hasMore);
        QCOMPARE(ann.transfer->progress().problem->code, ErrorCode::Refused);
        QCOMPARE(ann.transfer->progress().waiting, std::size_t{1});
    }

    // ---- letting go

    void aDeletedFileGoesHereAtOnceAndThereAfterItsTime()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        Phone bo(office, folder(), "bo");
        const Manifest manifest = ann.keep(noise(2 * chunkOctets));
        const RowName row = ann.attach(ann.addCustomer("Rosa"), manifest);
        ann.sync();
        bo.sync();
        ann.erase("attachment", row.row);
        QVERIFY(*ann.files.isWhole(manifest));  // until the server knows
        ann.sync();
        bo.sync();
        QVERIFY(!*ann.files.isWhole(manifest) && !*bo.files.isWhole(manifest));
        const auto isThere = [&] {
            office.files.tidy().value();
            return !office.shelf.files({}, 9)->empty();
        };
        QVERIFY(isThere());
        office.clock.nowMs += 29 * dayMs;
        QVERIFY(isThere());
        // Since when is known also after a restart.
        FileDesk again(office.store, journalSchema(), office.shelf, office.clock);
        office.clock.nowMs += dayMs;
        QVERIFY(again.tidy().has_value());
        QVERIFY(office.shelf.files({}, 9)->empty());
    }

    void whatHangsOnADeletedVisitGoesWithIt()
    {
        FileLimits limits;
        limits.keepFor = 0ms;
        Office office(limits);
        Phone ann(office, folder(), "ann");
        const Table &visits = *journalSchema().table("visit");
        const Uuid rosa = ann.addCustomer("Rosa");
        const Uuid visit = ann.newId();
        ann.replica
            ->commit({{visits.id, visit, ChangeKind::Insert,
                {{visits.column("customer_id")->id, Blob{Bytes(rosa.bytes())}}}}})
            .value();
        const Manifest manifest = ann.keep(noise(500));
        static_cast<void>(ann.attach(visit, manifest, "visit_id"));
        ann.sync();
        QVERIFY(office.files.tidy().has_value());
        QVERIFY(*ann.files.isWhole(manifest) && !office.shelf.files({}, 9)->empty());
        ann.erase("visit", visit);
        ann.sync();
        QVERIFY(!*ann.files.isWhole(manifest));
        office.clock.nowMs += 60'000;
        QVERIFY(office.files.tidy().has_value());
        QVERIFY(office.shelf.files({}, 9)->empty());
    }

    void aFileThatIsNamedAgainInTimeStays()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Bytes octets = noise(500);
        const Manifest manifest = ann.keep(octets);
        const Uuid rosa = ann.addCustomer("Rosa");
        const RowName row = ann.attach(rosa, manifest);
        ann.sync();
        ann.erase("attachment", row.row);
        ann.sync();
        QVERIFY(office.files.tidy().has_value());
        office.clock.nowMs += 20 * dayMs;
        static_cast<void>(ann.attach(rosa, ann.keep(octets)));
        ann.sync();
        QCOMPARE(ann.wire.count(Route::FilePut), std::size_t{1});  // it was there still
        QVERIFY(office.files.tidy().has_value());
        office.clock.nowMs += 20 * dayMs;
        QVERIFY(office.files.tidy().has_value());
        QCOMPARE(office.shelf.files({}, 9)->size(), std::size_t{1});
    }

    void aReceiptOfAnotherEpochIsNone()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Manifest manifest = ann.keep(noise(500));
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), manifest));
        ann.sync();
        // A server restored from a backup without this file.
        QVERIFY(office.shelf.erase(manifest.digest()).has_value());
        QVERIFY(office.workspace->beginEpoch().has_value());
        ann.sync();
        ann.sync();
        QCOMPARE(office.shelf.files({}, 9)->size(), std::size_t{1});
    }

    void aDamagedFileHereIsFetchedAnew()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Bytes octets = noise(2 * chunkOctets);
        const Manifest manifest = ann.keep(octets);
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), manifest));
        ann.sync();
        QVERIFY(ann.files.eraseChunk(manifest, 1).has_value());
        ann.restart();
        ann.sync();
        QCOMPARE(ann.wire.count(Route::FileGet), std::size_t{1});
        QVERIFY(content(ann, manifest) == octets);
    }

    void verifyFindsWhatIsWrong()
    {
        Office office;
        Phone ann(office, folder(), "ann");
        const Manifest manifest = ann.keep(noise(500));
        static_cast<void>(ann.attach(ann.addCustomer("Rosa"), manifest));
        ann.sync();
        QVERIFY(office.files.verify()->faults.empty());
        QCOMPARE(office.files.verify()->whole, std::size_t{1});
        QVERIFY(office.shelf.erase(manifest.digest()).has_value());
        QCOMPARE(office.files.verify()->missing, std::size_t{1});
        QVERIFY(office.shelf.put(manifest.digest(), manifest.chunkDigest(0), "other").has_value());
        QCOMPARE(office.files.verify()->faults.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(FileTransferTest)
#include "file_transfer_test.moc"
