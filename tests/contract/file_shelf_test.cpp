#include <fstream>

#include <QTemporaryDir>
#include <QtTest>

#include "server-stub/files/directory_shelf.h"
#include "server-stub/files/sealed_shelf.h"
#include "tests/support/memory_shelf.h"

using namespace replica;
using namespace tend::server;

namespace {

Bytes digest(char letter)
{
    Bytes octets(32, letter);
    return octets;
}

}  // namespace

// What every realisation of FileShelf owes, run on each.
class FileShelfTest : public QObject {
    Q_OBJECT

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_memory = std::make_unique<test::MemoryShelf>();
        m_directory = std::make_unique<DirectoryShelf>(m_folder->filePath("files").toStdString());
        m_inner = std::make_unique<DirectoryShelf>(m_folder->filePath("sealed").toStdString());
        m_sealed = std::make_unique<SealedShelf>(*m_inner, Bytes(32, 'k'));
    }

    void anEmptyShelfHasNothing_data() { shelves(); }

    void anEmptyShelfHasNothing()
    {
        FileShelf &shelf = tested();
        QVERIFY(shelf.files({}, 10)->empty() && shelf.chunks(digest('a'))->empty());
        QVERIFY(shelf.has(digest('a'), digest('1')) == false);
        QCOMPARE(shelf.read(digest('a'), digest('1')).error().code, ErrorCode::NotFound);
        QCOMPARE(*shelf.octets(), std::uint64_t{0});
        QVERIFY(shelf.erase(digest('a')).has_value());
    }

    void whatIsPutIsThere_data() { shelves(); }

    void whatIsPutIsThere()
    {
        FileShelf &shelf = tested();
        const Bytes octets = std::string("one\0two", 7) + Bytes(300'000, '\xff');
        QVERIFY(shelf.put(digest('a'), digest('2'), octets).has_value());
        QVERIFY(shelf.put(digest('a'), digest('1'), "first").has_value());
        QVERIFY(shelf.put(digest('a'), digest('1'), "first").has_value());
        QVERIFY(*shelf.read(digest('a'), digest('2')) == octets);
        QCOMPARE(*shelf.read(digest('a'), digest('1')), std::string("first"));
        QVERIFY(*shelf.chunks(digest('a')) == std::vector<Bytes>({digest('1'), digest('2')}));
        QVERIFY(*shelf.octets() >= octets.size() + 5);
        QVERIFY(!*shelf.has(digest('b'), digest('1')));
    }

    void filesComeInOrderAndInParts_data() { shelves(); }

    void filesComeInOrderAndInParts()
    {
        FileShelf &shelf = tested();
        for (const char letter : {'c', 'a', 'b'})
            QVERIFY(shelf.put(digest(letter), digest('1'), "x").has_value());
        QVERIFY(*shelf.files({}, 2) == std::vector<Bytes>({digest('a'), digest('b')}));
        QVERIFY(*shelf.files(digest('b'), 2) == std::vector<Bytes>({digest('c')}));
        QVERIFY(shelf.files(digest('c'), 2)->empty());
    }

    void anErasedFileLeavesTheOthers_data() { shelves(); }

    void anErasedFileLeavesTheOthers()
    {
        FileShelf &shelf = tested();
        QVERIFY(shelf.put(digest('a'), digest('1'), "x").has_value());
        QVERIFY(shelf.put(digest('b'), digest('1'), "y").has_value());
        QVERIFY(shelf.erase(digest('a')).has_value());
        QVERIFY(!*shelf.has(digest('a'), digest('1')));
        QCOMPARE(*shelf.read(digest('b'), digest('1')), std::string("y"));
        QVERIFY(*shelf.files({}, 9) == std::vector<Bytes>({digest('b')}));
    }

    void aCutOffChunkIsNone()
    {
        QVERIFY(m_directory->put(digest('a'), digest('1'), "x").has_value());
        const auto path = m_directory->pathOf(digest('a'), digest('2'));
        std::ofstream(path.string() + ".part") << "half of";
        QVERIFY(*m_directory->chunks(digest('a')) == std::vector<Bytes>({digest('1')}));
        QVERIFY(m_directory->put(digest('a'), digest('2'), "whole").has_value());
        QCOMPARE(*m_directory->read(digest('a'), digest('2')), std::string("whole"));
    }

    void aSealedShelfShowsNothingAndNoticesEverything()
    {
        const Bytes words = "canary of the sealed shelf";
        QVERIFY(m_sealed->put(digest('a'), digest('1'), words).has_value());
        const auto path = m_inner->pathOf(digest('a'), digest('1'));
        Bytes lying = *m_inner->read(digest('a'), digest('1'));
        QVERIFY(lying.find("canary") == Bytes::npos);
        SealedShelf otherKey(*m_inner, Bytes(32, 'o'));
        QCOMPARE(otherKey.read(digest('a'), digest('1')).error().code, ErrorCode::Corrupt);
        lying[3] = static_cast<char>(lying[3] ^ 1);
        std::ofstream(path, std::ios::binary) << lying;
        QCOMPARE(m_sealed->read(digest('a'), digest('1')).error().code, ErrorCode::Corrupt);
    }

    void aBackupHasAllAndNoMore()
    {
        const std::filesystem::path from = m_folder->filePath("files").toStdString();
        const std::filesystem::path to = m_folder->filePath("copy").toStdString();
        DirectoryShelf copy(to);
        QVERIFY(m_directory->put(digest('a'), digest('1'), "x").has_value());
        QVERIFY(addAll(from, to).has_value());
        QVERIFY(m_directory->erase(digest('a')).has_value());
        QVERIFY(m_directory->put(digest('b'), digest('1'), "y").has_value());
        QVERIFY(addAll(from, to).has_value());
        QVERIFY(*copy.has(digest('a'), digest('1')) && *copy.has(digest('b'), digest('1')));
        removeOthers(from, to);
        QVERIFY(*copy.files({}, 9) == std::vector<Bytes>({digest('b')}));
    }

private:
    static void shelves()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("memory") << 0;
        QTest::newRow("directory") << 1;
        QTest::newRow("sealed directory") << 2;
    }

    FileShelf &tested()
    {
        QFETCH(int, which);
        if (which == 0)
            return *m_memory;
        if (which == 1)
            return *m_directory;
        return *m_sealed;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::MemoryShelf> m_memory;
    std::unique_ptr<DirectoryShelf> m_directory;
    std::unique_ptr<DirectoryShelf> m_inner;
    std::unique_ptr<SealedShelf> m_sealed;
};

QTEST_APPLESS_MAIN(FileShelfTest)
#include "file_shelf_test.moc"
