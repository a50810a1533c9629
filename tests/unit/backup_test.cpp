#include <limits>
#include <sstream>

#include <QProcess>

#include "app/interop/backup.h"
#include "app/interop/import_run.h"
#include "sync/store/rescue.h"
#include "tests/support/interop_bench.h"

using namespace tend;
using replica::ErrorCode;

class BackupTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<InteropBench> m_bench;

    std::filesystem::path file(const char *name) { return m_bench->path(name).toStdString(); }

    void fill()
    {
        for (const char *name : {"phone-2.1.vcf", "desk-3.0.vcf", "new-4.0.vcf", "hubspot.csv"})
            m_bench->import(InteropBench::fixture(name));
        const auto ivo = *replica::parseUuid(m_bench->customer("Ivo Horvat")["id"]);
        for (int i = 0; i < 50; ++i)
            m_bench->make("visit", {{"kind", "call"}, {"said", "Grüße \"" + std::to_string(i)}},
                {{"customer_id", ivo}});
        // A file of several pieces.
        std::string octets;
        for (unsigned i = 0; i < 700'000; ++i)
            octets.push_back(static_cast<char>(i * i >> 3U));
        m_bench->import("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Large\r\nPHOTO;ENCODING=b;TYPE=PNG:"
            + toBase64(octets) + "\r\nUID:large\r\nEND:VCARD\r\n");
    }

    static Result<Restored> restore(InteropBench &into, const std::filesystem::path &from)
    {
        const auto content = checkBackup(from);
        if (!content)
            return tl::unexpected<replica::Error>(content.error());
        return restoreBackup(into.interop(), from, *content);
    }

private slots:

    void init() { m_bench = std::make_unique<InteropBench>(); }

    void cleanup() { m_bench.reset(); }

    void I5_restoreGivesTheSameStateHash()
    {
        fill();
        const std::string state = m_bench->state();
        const auto written = writeBackup(m_bench->interop(), file("b.zip"));
        QVERIFY(written.has_value());
        QCOMPARE(written->state, state);
        QCOMPARE(written->files.size(), std::size_t{2});
        InteropBench other;
        const auto restored = restore(other, file("b.zip"));
        QVERIFY2(restored.has_value(), restored ? "" : restored.error().message.c_str());
        QCOMPARE(restored->state, state);
        QCOMPARE(other.state(), state);
        QCOMPARE(other.rows("visit"), m_bench->rows("visit"));
        QCOMPARE(other.cards(CardVersion::V4).find("PHOTO") != std::string::npos, true);
        // Each attachment's octets are there.
        auto &files = *other.open().files;
        for (const auto &row : other.rows("attachment")) {
            const auto chunks = replica::fromBase64Url(row.at("chunks"));
            const auto manifest = replica::Manifest::make(
                *replica::fromHex(row.at("digest")), std::stoull(row.at("size")), *chunks);
            QVERIFY(manifest && files.isWhole(*manifest).value());
            QVERIFY(files.read(*manifest, manifest->chunkCount() - 1).has_value());
        }
        // Twice is once.
        const auto again = restore(other, file("b.zip"));
        QVERIFY(again.has_value());
        QCOMPARE(again->rows, std::uint64_t{0});
        QCOMPARE(other.state(), state);
        // And an import is recognised on the new machine too.
        QCOMPARE(other.import(InteropBench::fixture("hubspot.csv"))[2], std::size_t{2});
    }

    void I5_otherProgramsReadIt()
    {
        fill();
        QVERIFY(writeBackup(m_bench->interop(), file("b.zip")).has_value());
        QProcess python;
        python.start("python3",
            {"-c",
                "import sys,zipfile,json,hashlib\n"
                "z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None\n"
                "m=json.loads(z.read('manifest.json'))\n"
                "for p in m['tables']+m['files']:\n"
                "  d=z.read(p['path']); assert hashlib.sha256(d).hexdigest()==p['sha256']\n"
                "rows=[json.loads(l) for l in z.read('tables/visit.jsonl').splitlines()]\n"
                "assert len(rows)==50 and len({r['id'] for r in rows})==50\n"
                "print('ok')",
                QString::fromStdString(file("b.zip").string())});
        QVERIFY(python.waitForFinished());
        QCOMPARE(python.readAllStandardOutput().trimmed(), QByteArray("ok"));
    }

    void aDamagedOrCutBackupIsTold()
    {
        fill();
        QVERIFY(writeBackup(m_bench->interop(), file("b.zip")).has_value());
        QFile whole(m_bench->path("b.zip"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray octets = whole.readAll();
        int tried = 0;
        for (qsizetype at = 40; at < octets.size(); at += octets.size() / 40) {
            for (const bool isCut : {true, false}) {
                QByteArray spoiled = isCut ? octets.left(at) : octets;
                if (!isCut)
                    spoiled[at] = static_cast<char>(spoiled[at] ^ 0x10);
                QFile bad(m_bench->path("bad.zip"));
                QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write(spoiled) == spoiled.size());
                bad.close();
                const auto content = checkBackup(file("bad.zip"));
                // A few octets of a ZIP mean nothing; then it is all there.
                if (content) {
                    QVERIFY(!isCut);
                    QCOMPARE(content->state, m_bench->state());
                    continue;
                }
                QVERIFY(!content.error().message.empty());
                ++tried;
            }
        }
        QVERIFY(tried > 60);
    }

    void whereOtherRowsStandNothingIsRestored()
    {
        fill();
        QVERIFY(writeBackup(m_bench->interop(), file("b.zip")).has_value());
        QCOMPARE(writeBackup(m_bench->interop(), file("b.zip")).error().code, ErrorCode::Conflict);
        InteropBench other;
        other.make("customer", {{"name", "Mine"}, {"kind", "person"}});
        const std::string state = other.state();
        QCOMPARE(restore(other, file("b.zip")).error().code, ErrorCode::Conflict);
        QCOMPARE(other.state(), state);
        QCOMPARE(checkBackup(file("none.zip")).error().code, ErrorCode::NotFound);
    }

    void whatWasRestoredCanBeRescued()
    {
        ChangeBuilder visit("visit",
            replica::makeUuid7(m_bench->open().clock.wallNow(), m_bench->open().random),
            replica::ChangeKind::Insert);
        visit.text("kind", "a word of a newer program");
        m_bench->layAsItStood({visit.take()});
        std::istringstream rescue(replica::makeRescue(*m_bench->open().replica).value());
        InteropBench other;
        const auto laid = replica::layIn(*other.open().replica, rescue);
        QVERIFY2(laid.has_value(), laid ? "" : laid.error().message.c_str());
        QCOMPARE(laid->laidIn, std::size_t{1});
        QCOMPARE(other.state(), m_bench->state());
    }

    void whatNobodyHereMayWriteIsRestoredAsItStood()
    {
        const auto id = replica::makeUuid7(m_bench->open().clock.wallNow(), m_bench->open().random);
        ChangeBuilder visit("visit", id, replica::ChangeKind::Insert);
        visit.text("kind", "a word of a newer program")
            .set("minutes", std::int64_t{20'000})
            .text("said", "come again");
        ChangeBuilder unnamed("customer", id, replica::ChangeKind::Insert);
        unnamed.text("name", " ");
        m_bench->layAsItStood({visit.take(), unnamed.take()});
        QVERIFY(writeBackup(m_bench->interop(), file("b.zip")).has_value());
        InteropBench other;
        const auto restored = restore(other, file("b.zip"));
        QVERIFY2(restored.has_value(), restored ? "" : restored.error().message.c_str());
        QCOMPARE(other.state(), m_bench->state());
        QCOMPARE(other.rows("visit"), m_bench->rows("visit"));
        // Whoever writes is held to it as before.
        ChangeBuilder written("visit", id, replica::ChangeKind::Update);
        written.set("minutes", std::int64_t{20'000});
        QCOMPARE(other.open().replica->commit({written.take()}).error().code, ErrorCode::Invalid);
    }

    void whatNoCalendarAndNoNumberHasIsRestoredToo_data()
    {
        QTest::addColumn<std::string>("column");
        QTest::addColumn<replica::Value>("value");
        const auto row = [](const char *column, const char *name, const replica::Value &value) {
            QTest::newRow(name) << std::string(column) << value;
        };
        row("on_day", "a day that no month has", replica::Value{std::string("2026-02-31")});
        row("started_at", "year 30489", replica::Value{std::int64_t{900'000'000'000'000}});
        row("started_at", "the last form", replica::Value{std::int64_t{253'402'300'799'999}});
        row("started_at", "the first form", replica::Value{std::int64_t{-62'167'219'200'000}});
        row("started_at", "no year", replica::Value{std::numeric_limits<std::int64_t>::min()});
        row("latitude", "no end", replica::Value{std::numeric_limits<double>::infinity()});
        row("said", "no text", replica::Value{std::string("\xff\xfe")});
    }

    void whatNoCalendarAndNoNumberHasIsRestoredToo()
    {
        QFETCH(std::string, column);
        QFETCH(replica::Value, value);
        const auto id = replica::makeUuid7(m_bench->open().clock.wallNow(), m_bench->open().random);
        ChangeBuilder visit("visit", id, replica::ChangeKind::Insert);
        visit.set(column.c_str(), value).text("next_step", "Send offer");
        m_bench->layAsItStood({visit.take()});
        QVERIFY(writeBackup(m_bench->interop(), file("b.zip")).has_value());
        InteropBench other;
        const auto restored = restore(other, file("b.zip"));
        QVERIFY2(restored.has_value(), restored ? "" : restored.error().message.c_str());
        QCOMPARE(other.state(), m_bench->state());
        QCOMPARE(other.rows("visit").at(0).at("next_step"), std::string("Send offer"));
    }

    void theStateHashFollowsWhatIsShown()
    {
        const std::string empty = m_bench->state();
        const auto id = m_bench->make("customer", {{"name", "A"}});
        const std::string one = m_bench->state();
        QVERIFY(one != empty);
        m_bench->change("customer", id, {{"name", "B"}});
        QVERIFY(m_bench->state() != one);
        m_bench->change("customer", id, {{"name", "A"}});
        QCOMPARE(m_bench->state(), one);
        m_bench->remove("customer", id);
        QCOMPARE(m_bench->state(), empty);
    }
};

QTEST_MAIN(BackupTest)
#include "backup_test.moc"
