// The bytes of files beside a replica: sealed, whole or not there, and gone when nothing names
// them.
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>

#include "sync/crypto/digest.h"
#include "sync/files/file_store.h"
#include "tests/support/memory_store.h"

using namespace replica;
namespace fs = std::filesystem;

class FileStoreTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::MemoryStore> m_store;
    SeededRandom m_random{1};

    [[nodiscard]] fs::path path(const char *name) const
    {
        return m_folder->filePath(name).toStdString();
    }

    [[nodiscard]] FileStore files() { return files(*m_store); }

    [[nodiscard]] FileStore files(Store &store)
    {
        return {path("replica.files"), FileKey(store, m_random)};
    }

    [[nodiscard]] fs::path written(const char *name, const Bytes &octets) const
    {
        std::ofstream(path(name), std::ios::binary) << octets;
        return path(name);
    }

    [[nodiscard]] Bytes noise(std::size_t count) { return m_random.bytes(count); }

    [[nodiscard]] static Bytes all(FileStore &files, const Manifest &manifest)
    {
        Bytes octets;
        for (std::size_t i = 0; i < manifest.chunkCount(); ++i)
            octets += files.read(manifest, i).value_or(Bytes("unreadable"));
        return octets;
    }

    [[nodiscard]] static Manifest manifestOf(const Bytes &octets)
    {
        Bytes chunks;
        for (std::size_t at = 0; at < octets.size(); at += chunkOctets)
            chunks += crypto::sha256(BytesView(octets).substr(at, chunkOctets));
        return *Manifest::make(crypto::sha256(octets), octets.size(), chunks);
    }

    [[nodiscard]] fs::path chunkPath(FileStore &files, const Manifest &manifest, int index)
    {
        char name[16];
        std::snprintf(name, sizeof name, "%05d", index);
        return path("replica.files") / *files.nameOf(manifest) / name;
    }

    [[nodiscard]] bool liesAnywhere(const Bytes &words) const
    {
        for (const auto &entry : fs::recursive_directory_iterator(m_folder->path().toStdString())) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream file(entry.path(), std::ios::binary);
            const Bytes octets{std::istreambuf_iterator<char>(file), {}};
            if (entry.path().filename() != "source" && octets.find(words) != Bytes::npos)
                return true;
        }
        return false;
    }

    [[nodiscard]] static Result<bool> yes() { return true; }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<test::MemoryStore>();
    }

    void aFileComesBackAsItWas_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {1, 1000, 262'143, 262'144, 262'145, 600'000})
            QTest::addRow("%d", size) << size;
    }

    void aFileComesBackAsItWas()
    {
        QFETCH(int, size);
        const Bytes octets = noise(static_cast<std::size_t>(size));
        FileStore store = files();
        const Manifest manifest = store.add(written("source", octets)).value();
        QVERIFY(manifest == manifestOf(octets));
        QVERIFY(*store.isWhole(manifest) && store.missing(manifest)->empty());
        QVERIFY(all(store, manifest) == octets);
        // Another process, later.
        FileStore again = files();
        QVERIFY(all(again, manifest) == octets);
    }

    void whatCannotBeAttachedIsRefusedInWords_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing there") << "missing"
                                       << "No such file";
        QTest::newRow("empty") << "empty"
                               << "is empty";
        QTest::newRow("too large") << "large"
                                   << "64 MiB at most";
        QTest::newRow("a pipe") << "pipe"
                                << "read twice";
        QTest::newRow("a folder") << "folder"
                                  << "";
    }

    void whatCannotBeAttachedIsRefusedInWords()
    {
        QFETCH(QString, what);
        QFETCH(QString, words);
        if (what == "empty")
            static_cast<void>(written("empty", ""));
        if (what == "large") {
            static_cast<void>(written("large", "x"));
            fs::resize_file(path("large"), fileOctetsMax + 1);
        }
        if (what == "pipe")
            QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
        if (what == "folder")
            fs::create_directory(path("folder"));
        FileStore store = files();
        const auto added = store.add(path(what.toUtf8().constData()));
        QVERIFY(!added);
        QVERIFY2(QString::fromStdString(added.error().message).contains(words),
            added.error().message.c_str());
        QVERIFY(!fs::exists(path("replica.files")));
    }

    void nothingOfItCanBeRead()
    {
        FileStore store = files();
        const Bytes octets = "canary in the picture" + noise(300'000);
        const Manifest manifest = store.add(written("source", octets)).value();
        QVERIFY(*store.isWhole(manifest));
        QVERIFY(!liesAnywhere("canary in the picture"));
        QVERIFY(!liesAnywhere(toHex(manifest.digest())));
        for (const auto &entry : fs::recursive_directory_iterator(path("replica.files")))
            QVERIFY(entry.path().string().find(toHex(manifest.digest())) == std::string::npos);
    }

    void anotherKeyOpensNothing()
    {
        FileStore store = files();
        const Manifest manifest = store.add(written("source", noise(1000))).value();
        const fs::path mine = path("replica.files") / *store.nameOf(manifest);
        test::MemoryStore stranger;
        FileStore other = files(stranger);
        const Manifest another = other.add(written("source", noise(2000))).value();
        QVERIFY(*other.isWhole(another));
        QCOMPARE(other.read(manifest, 0).error().code, ErrorCode::NotFound);
        // Even under the name it would have.
        fs::copy(mine, path("replica.files") / *other.nameOf(manifest));
        QCOMPARE(other.read(manifest, 0).error().code, ErrorCode::Corrupt);
    }

    void whatWasChangedIsNoticed_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how :
            {"flipped bit", "cut", "empty", "longer", "swapped", "last as first"})
            QTest::newRow(how) << how;
    }

    void whatWasChangedIsNoticed()
    {
        QFETCH(QString, how);
        FileStore store = files();
        const Bytes octets = noise(3 * chunkOctets);
        const Manifest manifest = store.add(written("source", octets)).value();
        const fs::path first = chunkPath(store, manifest, 0);
        if (how == "flipped bit") {
            std::fstream file(first, std::ios::in | std::ios::out | std::ios::binary);
            file.seekg(1000);
            const char octet = static_cast<char>(file.get() ^ 1);
            file.seekp(1000);
            file.put(octet);
        } else if (how == "cut") {
            fs::resize_file(first, 1000);
        } else if (how == "empty") {
            fs::resize_file(first, 0);
        } else if (how == "longer") {
            std::ofstream(first, std::ios::app | std::ios::binary) << "x";
        } else {
            const fs::path other = chunkPath(store, manifest, how == "swapped" ? 1 : 2);
            fs::rename(first, path("aside"));
            fs::rename(other, first);
            fs::rename(path("aside"), other);
        }
        QCOMPARE(store.read(manifest, 0).error().code, ErrorCode::Corrupt);
        QVERIFY(*store.read(manifest, 1) == octets.substr(chunkOctets, chunkOctets)
            || how == "swapped");
        // Attached again, it is mended.
        QVERIFY(store.add(written("source", octets)).has_value());
        QVERIFY(all(store, manifest) == octets);
    }

    void chunksComeInAnyOrderAndAreTakenOnlyWhenRight()
    {
        FileStore store = files();
        const Bytes octets = noise(3 * chunkOctets + 5);
        const Manifest manifest = manifestOf(octets);
        const auto chunk = [&](std::size_t i) {
            return octets.substr(i * chunkOctets, chunkOctets);
        };
        QCOMPARE(store.missing(manifest)->size(), std::size_t{4});
        QVERIFY(store.keep(manifest, 3, chunk(3)).has_value());
        QVERIFY(store.keep(manifest, 1, chunk(1)).has_value());
        QCOMPARE(store.keep(manifest, 0, chunk(1)).error().code, ErrorCode::Invalid);
        QCOMPARE(store.keep(manifest, 4, chunk(3)).error().code, ErrorCode::Invalid);
        QVERIFY(*store.missing(manifest) == std::vector<std::uint32_t>({0, 2}));
        QVERIFY(store.keep(manifest, 1, chunk(1)).has_value());
        QVERIFY(store.keep(manifest, 0, chunk(0)).has_value());
        QVERIFY(!*store.isWhole(manifest));
        QVERIFY(store.keep(manifest, 2, chunk(2)).has_value());
        QVERIFY(*store.isWhole(manifest) && all(store, manifest) == octets);
    }

    void chunksThatDoNotMakeTheFileAreNotKept()
    {
        FileStore store = files();
        const Bytes octets = noise(chunkOctets + 5);
        const Manifest honest = manifestOf(octets);
        const Manifest lying
            = *Manifest::make(crypto::sha256("another"), octets.size(), honest.chunks());
        QVERIFY(store.keep(lying, 0, octets.substr(0, chunkOctets)).has_value());
        QCOMPARE(store.keep(lying, 1, octets.substr(chunkOctets)).error().code, ErrorCode::Corrupt);
        QCOMPARE(store.missing(lying)->size(), std::size_t{2});
    }

    void aDamagedChunkIsFetchedAgainBeforeTheFileIsWhole()
    {
        FileStore store = files();
        const Bytes octets = noise(chunkOctets + 5);
        const Manifest manifest = manifestOf(octets);
        QVERIFY(store.keep(manifest, 0, octets.substr(0, chunkOctets)).has_value());
        {
            std::fstream file(chunkPath(store, manifest, 0), std::ios::in | std::ios::out);
            file.seekp(77);
            file.put('!');
            file.put('?');
        }
        QVERIFY(store.keep(manifest, 1, octets.substr(chunkOctets)).has_value());
        QVERIFY(*store.missing(manifest) == std::vector<std::uint32_t>({0}));
        QVERIFY(store.keep(manifest, 0, octets.substr(0, chunkOctets)).has_value());
        QVERIFY(all(store, manifest) == octets);
    }

    void theSamePictureTwiceLiesHereOnce()
    {
        FileStore store = files();
        const Bytes octets = noise(400'000);
        const Manifest one = store.add(written("source", octets)).value();
        const Manifest two = store.add(written("source", octets)).value();
        QVERIFY(one == two);
        QCOMPARE(std::distance(fs::directory_iterator(path("replica.files")), {}), 2);  // and lock
    }

    void killedBetweenAnyTwoStepsNothingIsHalf()
    {
        const Bytes octets = noise(chunkOctets * 3);
        static_cast<void>(written("source", octets));
        static_cast<void>(FileKey(*m_store, m_random).readOrMake().value());
        const Manifest manifest = manifestOf(octets);
        for (int kill = 0; kill < 12; ++kill) {
            const pid_t child = ::fork();
            if (child == 0) {
                static_cast<void>(files().add(path("source")));
                ::_exit(0);
            }
            ::usleep(static_cast<useconds_t>(kill) * 700);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            FileStore store = files();
            // What is here is right, whatever is missing.
            for (std::size_t i = 0; i < manifest.chunkCount(); ++i) {
                if (*store.has(manifest, i))
                    QVERIFY(
                        *store.read(manifest, i) == octets.substr(i * chunkOctets, chunkOctets));
            }
            if (kill % 3 == 2)
                QVERIFY(store.eraseAllBut({}, &yes).has_value());
            static_cast<void>(FileKey(*m_store, m_random).readOrMake().value());
        }
        FileStore store = files();
        QVERIFY(store.add(path("source")).has_value());
        QVERIFY(all(store, manifest) == octets);
    }

    void whatNothingNamesGoes()
    {
        FileStore store = files();
        const Manifest kept = store.add(written("source", noise(1000))).value();
        const Manifest gone = store.add(written("source", noise(2000))).value();
        QCOMPARE(*store.eraseAllBut({*store.nameOf(kept)}, &yes), std::size_t{1});
        QVERIFY(*store.isWhole(kept) && !*store.isWhole(gone));
        QCOMPARE(*store.eraseAllBut({*store.nameOf(kept)}, &yes), std::size_t{0});
    }

    void nothingGoesWhileSomebodyAddsOrTheRowsMoved()
    {
        FileStore store = files();
        const Manifest manifest = store.add(written("source", noise(1000))).value();
        {
            const auto held = store.hold().value();
            QCOMPARE(*files().eraseAllBut({}, &yes), std::size_t{0});
        }
        QCOMPARE(*store.eraseAllBut({}, [] { return Result<bool>(false); }), std::size_t{0});
        QVERIFY(*store.isWhole(manifest));
    }

    void theKeyGoesWithTheLastFile()
    {
        FileStore store = files();
        const Manifest manifest = store.add(written("source", noise(1000))).value();
        const fs::path folder = path("replica.files") / *store.nameOf(manifest);
        const auto key = FileKey(*m_store, m_random).read().value();
        QVERIFY(key.has_value());
        fs::copy(folder, path("carved from the disk"));
        QCOMPARE(*store.eraseAllBut({}, &yes), std::size_t{1});
        QVERIFY(!FileKey(*m_store, m_random).read().value());
        QVERIFY(!fs::exists(folder));
        // A process that opened the store earlier takes the new key like everybody.
        const Manifest next = store.add(written("source", noise(1000))).value();
        QVERIFY(FileKey(*m_store, m_random).read().value() != key);
        QVERIFY(*files().isWhole(next));
    }

    void aReceiptHasItsEpochAndTime()
    {
        FileStore store = files();
        const Manifest manifest = store.add(written("source", noise(1000))).value();
        QVERIFY(!store.receipt(manifest).value());
        EpochId epoch;
        epoch.octets.fill(7);
        QVERIFY(store.noteReceipt(manifest, {epoch, WallTime{12'345}}).has_value());
        const auto receipt = store.receipt(manifest).value();
        QVERIFY(receipt && receipt->epoch == epoch && receipt->at == WallTime{12'345});
    }
};

QTEST_APPLESS_MAIN(FileStoreTest)
#include "file_store_test.moc"
