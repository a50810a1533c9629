// What earlier programs left behind, in the hands of today's: it opens, what waited is sent,
// nothing is missing.
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/desk.h"
#include "tests/support/server_process.h"

using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;
using replica::test::ServerProcess;

namespace {

// Where the servers in the archives listened: their devices know no other place.
constexpr std::uint16_t port = 18'443;

}  // namespace

class UpgradeTest : public QObject {
    Q_OBJECT

private slots:

    void P8_whatWaitedIsSentAndNothingIsMissing_data()
    {
        QTest::addColumn<QString>("archive");
        const QDir folder(QString(TEST_DATA) + "/releases");
        for (const QString &archive : folder.entryList({"*.tar.gz"}))
            QTest::newRow(qPrintable(archive)) << folder.filePath(archive);
    }

    void P8_whatWaitedIsSentAndNothingIsMissing()
    {
        QFETCH(QString, archive);
        auto made = ServerProcess::makeEmpty();
        QVERIFY(made.has_value());
        ServerProcess &server = **made;
        const QString there = QString::fromStdString(server.folder().string());
        qputenv("XDG_STATE_HOME", there.toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        QCOMPARE(QProcess::execute("tar", {"-C", there, "-xzf", archive}), 0);
        QVERIFY(QDir(there).rename("server", "data"));
        server.setPort(port);

        const Desk phone(there, "phone");
        QVERIFY2(phone.run({"verify"}).code == 0, phone.run({"verify"}).out.constData());
        const Json before = phone.status();
        QVERIFY(before["waiting"].get<int>() > 0);
        for (const char *table : {"customer", "visit", "remark"})
            expectAll(there, phone, table);

        const auto verified = server.run({"verify"});
        QVERIFY2(verified && verified->exitCode == 0, verified ? verified->out.c_str() : "");
        QVERIFY(server.start().has_value());
        const Done sent = phone.run({"sync"});
        QVERIFY2(sent.code == 0, sent.err.constData());
        QCOMPARE(phone.status()["waiting"], Json(0));
        QCOMPARE(phone.status()["refused"], Json(0));
        for (const char *table : {"customer", "visit", "remark"})
            expectAll(there, phone, table);

        // And the office has it.
        Desk office(there, "today");
        const auto invitation = server.invite("Mia", "manager");
        QVERIFY(invitation && office.run({"join", QString::fromStdString(*invitation)}).code == 0);
        QVERIFY(office.sync());
        for (const char *table : {"visit", "remark"})
            expectAll(there, office, table);
        QCOMPARE(office.status()["conflicts"], phone.status()["conflicts"]);
        QCOMPARE(server.run({"verify"})->exitCode, 0);
    }

private:
    // Each row that was there then, with what it had; today's may have more.
    static void expectAll(const QString &folder, const Desk &desk, const QString &table)
    {
        QFile file(folder + '/' + table + ".jsonl");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto now = desk.run({"get", table}).lines();
        int rows = 0;
        for (const Json &then : Done{0, file.readAll(), {}}.lines()) {
            const auto row = std::find_if(
                now.begin(), now.end(), [&](const Json &one) { return one["id"] == then["id"]; });
            QVERIFY2(row != now.end(), then.dump().c_str());
            for (const auto &[name, value] : then.items())
                QVERIFY2((*row)[name] == value || name == "phone", row->dump().c_str());
            ++rows;
        }
        QVERIFY(rows > 0);
    }
};

QTEST_GUILESS_MAIN(UpgradeTest)
#include "upgrade_test.moc"
