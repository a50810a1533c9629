// The whole journey with the real programs: replicas in files, a server process, TLS between them,
// and kill -9.
#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/mount.h>
#include <unistd.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "sync/base/bytes.h"
#include "sync/base/random.h"
#include "tests/support/desk.h"
#include "tests/support/server_process.h"

using Json = nlohmann::json;
using replica::test::Desk;
using replica::test::Done;
using replica::test::ServerProcess;

namespace {

QByteArray customer(const QString &id, const char *column, const QString &value)
{
    return QByteArray::fromStdString(
        Json{{"id", id.toStdString()}, {column, value.toStdString()}}.dump());
}

}  // namespace

class JourneyTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] Desk joined(const QString &name)
    {
        Desk desk(m_folder->path(), name);
        const auto invitation = m_server->invite(name.toStdString());
        if (!invitation
            || desk.run({"join", QString::fromStdString(*invitation), "--device", name}).code != 0)
            qFatal("%s cannot join", qPrintable(name));
        return desk;
    }

    void settle(const std::vector<Desk> &desks)
    {
        for (int round = 0; round < 2; ++round) {
            for (const Desk &desk : desks)
                QVERIFY(desk.sync());
        }
    }

    void expectEqual(const std::vector<Desk> &desks)
    {
        const QByteArray expected = desks.front().everything();
        for (const Desk &desk : desks) {
            QCOMPARE(desk.everything(), expected);
            QCOMPARE(desk.run({"verify"}).code, 0);
        }
        const auto verified = m_server->run({"verify"});
        QVERIFY(verified && verified->exitCode == 0);
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        // No keychain: neither the user's, nor one that answers otherwise than on another machine.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        auto server = ServerProcess::make();
        QVERIFY(server.has_value());
        m_server = *std::move(server);
        QVERIFY(m_server->start().has_value());
    }

    void cleanup()
    {
        m_server.reset();
        m_folder.reset();
    }

    void offlineAndBackInEveryOrderEndsEqual_data()
    {
        QTest::addColumn<QList<int>>("order");
        QList<int> order = {0, 1, 2};
        do {
            QTest::addRow("%d %d %d", order[0], order[1], order[2]) << order;
        } while (std::next_permutation(order.begin(), order.end()));
    }

    void offlineAndBackInEveryOrderEndsEqual()
    {
        QFETCH(QList<int>, order);
        std::vector<Desk> desks = {joined("bo"), joined("kim"), joined("sam")};
        const QString ana
            = desks[0].put("customer", R"({"name": "Ana Ruiz", "phone": "1", "note": "n"})");
        const QString piet = desks[0].put("customer", R"({"name": "Piet de Vries"})");
        settle(desks);
        // Each alone: own rows (nobody's, for whoever wrote a visit to nobody known is else the
        // only one who sees it), one row in different columns and in the same, a delete against an
        // edit.
        for (std::size_t i = 0; i < desks.size(); ++i) {
            const QString mark = QString::number(i);
            QVERIFY(!desks[i]
                         .put("visit",
                             R"({"member_id": null, "said": "from )" + mark.toUtf8() + R"("})")
                         .isEmpty());
            QVERIFY(!desks[i].put("customer", customer(ana, "note", "note " + mark)).isEmpty());
        }
        QVERIFY(!desks[0].put("customer", customer(ana, "email", "ana@example.org")).isEmpty());
        QVERIFY(!desks[1].put("customer", customer(ana, "address", "Mill Lane 1")).isEmpty());
        QCOMPARE(desks[1].run({"delete", "customer", piet}).code, 0);
        QVERIFY(!desks[2].put("customer", customer(piet, "phone", "2")).isEmpty());
        for (const int i : order)
            QVERIFY(desks[static_cast<std::size_t>(i)].sync());
        settle(desks);
        expectEqual(desks);
        const QByteArray all = desks[0].everything();
        QVERIFY(all.contains("ana@example.org") && all.contains("Mill Lane 1"));
        for (const char *said : {"from 0", "from 1", "from 2"})
            QVERIFY(all.contains(said));
        QVERIFY(all.contains("Piet de Vries"));  // who edited him had not seen the delete
    }

    void rowsMadeBeforeJoiningArrive()
    {
        Desk early(m_folder->path(), "early");
        QCOMPARE(early.run({"init"}).code, 0);
        QVERIFY(!early.put("customer", R"({"name": "Grace Bell"})").isEmpty());
        QVERIFY(early.run({"join", QString::fromStdString(*m_server->invite("early"))}).code == 0);
        const Desk other = joined("other");
        settle({early, other});
        expectEqual({early, other});
        QVERIFY(other.everything().contains("Grace Bell"));
    }

    void peopleWhoDisagreeAreAskedAndNothingIsLost()
    {
        const Desk bo = joined("bo");
        const Desk kim = joined("kim");
        const QString ana = bo.put("customer", R"({"name": "Ana Ruiz", "phone": "base"})");
        settle({bo, kim});
        QVERIFY(!bo.put("customer", customer(ana, "phone", "from bo")).isEmpty());
        QVERIFY(!kim.put("customer", customer(ana, "phone", "from kim")).isEmpty());
        settle({bo, kim});
        const auto asked = bo.run({"conflicts", "--json"}).lines();
        QCOMPARE(asked.size(), std::size_t{1});
        QCOMPARE(asked[0]["table"], Json("customer"));
        QCOMPARE(asked[0]["row"], Json(ana.toStdString()));
        QCOMPARE(asked[0]["column"], Json("phone"));
        QCOMPARE(asked[0]["base"], Json("base"));
        QCOMPARE(asked[0]["mine"], Json("from bo"));
        QCOMPARE(asked[0]["theirs"], Json("from kim"));
        QCOMPARE(asked[0]["by"], Json("kim"));
        QCOMPARE(asked[0]["device"], Json("kim"));
        QVERIFY(asked[0]["at"].get<std::string>().size() >= 20);
        QCOMPARE(bo.status()["conflicts"], Json(1));
        // An ordinary sync forgets nothing.
        settle({bo, kim});
        QCOMPARE(bo.status()["conflicts"], Json(1));
        const QString id = QString::fromStdString(asked[0]["id"]);
        QCOMPARE(bo.run({"resolve", id, "--take", "theirs"}).code, 0);
        settle({bo, kim});
        expectEqual({bo, kim});
        QCOMPARE(kim.status()["conflicts"], Json(0));
        QVERIFY(kim.everything().contains("from kim"));
        const Done history = kim.run({"history", "customer", ana, "--json"});
        for (const char *value : {"base", "from bo", "from kim"})
            QVERIFY2(history.out.contains(value), value);
        QCOMPARE(bo.run({"resolve", id, "--take", "mine"}).code, 1);  // settled already
    }

    void equalAnswersAreNoConflict()
    {
        const Desk bo = joined("bo");
        const Desk kim = joined("kim");
        const QString ana = bo.put("customer", R"({"name": "Ana Ruiz"})");
        settle({bo, kim});
        for (const Desk *desk : {&bo, &kim})
            QVERIFY(!desk->put("customer", customer(ana, "phone", "same")).isEmpty());
        settle({bo, kim});
        QCOMPARE(bo.status()["conflicts"], Json(0));
        QCOMPARE(kim.status()["conflicts"], Json(0));
    }

    void aDeleteAgainstAnEditKeepsTheRowAndAsks()
    {
        const Desk bo = joined("bo");
        const Desk kim = joined("kim");
        const QString ana = bo.put("customer", R"({"name": "Ana Ruiz"})");
        settle({bo, kim});
        QCOMPARE(bo.run({"delete", "customer", ana}).code, 0);
        QVERIFY(!kim.put("customer", customer(ana, "phone", "new")).isEmpty());
        settle({bo, kim});
        QVERIFY(bo.everything().contains("Ana Ruiz"));
        const auto asked = bo.run({"conflicts", "--json"}).lines();
        QCOMPARE(asked.size(), std::size_t{1});
        QVERIFY(asked[0]["column"].is_null());
        QCOMPARE(asked[0]["mine"], Json("deleted"));
        QCOMPARE(
            bo.run({"resolve", QString::fromStdString(asked[0]["id"]), "--take", "mine"}).code, 0);
        settle({bo, kim});
        expectEqual({bo, kim});
        QVERIFY(!kim.everything().contains("Ana Ruiz"));
        // And it does not rise again.
        settle({kim, bo});
        QVERIFY(!kim.everything().contains("Ana Ruiz"));
    }

    void changesToDifferentColumnsMergeByThemselvesAndCanBeUndone()
    {
        const Desk bo = joined("bo");
        const Desk kim = joined("kim");
        const QString ana = bo.put("customer", R"({"name": "Ana Ruiz", "phone": "old"})");
        settle({bo, kim});
        QVERIFY(!bo.put("customer", customer(ana, "note", "mine")).isEmpty());
        QVERIFY(!kim.put("customer", customer(ana, "phone", "theirs")).isEmpty());
        QVERIFY(kim.sync());
        settle({bo, kim});
        const auto merged = bo.run({"merged", "--json"}).lines();
        QCOMPARE(merged.size(), std::size_t{1});
        QCOMPARE(bo.run({"undo-merge", QString::fromStdString(merged[0]["id"])}).code, 0);
        settle({bo, kim});
        expectEqual({bo, kim});
        QVERIFY(kim.everything().contains("\"old\"") && kim.everything().contains("\"mine\""));
    }

    void aClientKilledWhileWritingLosesNoAcknowledgedRow()
    {
        const Desk desk = joined("bo");
        replica::SeededRandom random(11);
        QByteArray input;
        for (int i = 0; i < 4000; ++i)
            input += "{\"name\": \"row " + QByteArray::number(i) + "\"}\n";
        std::set<std::string> acknowledged;
        for (int round = 0; round < 20; ++round) {
            QProcess process;
            process.start(TENDCTL_PROGRAM, desk.with({"put", "customer"}));
            process.write(input);
            process.closeWriteChannel();
            QVERIFY(process.waitForReadyRead(20'000));
            QTest::qSleep(static_cast<int>(random.below(40)));
            process.kill();
            QVERIFY(process.waitForFinished(20'000));
            const QByteArray out = process.readAllStandardOutput();
            for (const QByteArray &line : out.left(out.lastIndexOf('\n')).split('\n'))
                acknowledged.insert(Json::parse(line.toStdString())["id"]);
        }
        QVERIFY(acknowledged.size() > 20);
        std::set<std::string> there;
        for (const Json &row : desk.run({"get", "customer"}).lines())
            there.insert(row["id"]);
        QVERIFY(
            std::includes(there.begin(), there.end(), acknowledged.begin(), acknowledged.end()));
        QCOMPARE(desk.run({"verify"}).code, 0);
        QVERIFY(desk.sync());
        const Desk other = joined("kim");
        settle({desk, other});
        expectEqual({desk, other});
    }

    void killsInTheMiddleOfSyncLoseNothing()
    {
        const Desk bo = joined("bo");
        const Desk kim = joined("kim");
        replica::SeededRandom random(12);
        int rows = 0;
        for (int round = 0; round < 12; ++round) {
            QByteArray input;
            for (int i = 0; i < 150; ++i, ++rows)
                input += "{\"member_id\": null, \"said\": \"words " + QByteArray::number(rows)
                    + QByteArray(300, 'w') + "\"}\n";
            QCOMPARE(bo.run({"put", "visit", "--batch", "50"}, input).code, 0);
            QProcess syncing;
            const Desk &victim = round % 3 == 2 ? kim : bo;
            syncing.start(TENDCTL_PROGRAM, victim.with({"sync"}));
            QVERIFY(syncing.waitForStarted());
            QTest::qSleep(static_cast<int>(random.below(30)));
            if (round % 2 == 0) {
                syncing.kill();
            } else {
                m_server->kill();
                QVERIFY(m_server->start().has_value());
            }
            QVERIFY(syncing.waitForFinished(60'000));
        }
        settle({bo, kim});
        expectEqual({bo, kim});
        QCOMPARE(kim.run({"get", "visit"}).lines().size(), static_cast<std::size_t>(rows));
        QCOMPARE(bo.status()["waiting"], Json(0));
    }

    void aFullDiskSaysSoAndKeepsWhatWasAcknowledged()
    {
        const QString small = m_folder->path() + "/small";
        QVERIFY(QDir().mkpath(small));
        if (::mount("tmpfs", small.toUtf8(), "tmpfs", 0, "size=6m") != 0)
            QSKIP("a small file system cannot be mounted without the right to");
        const auto unmount = qScopeGuard([&] { ::umount2(small.toUtf8(), MNT_DETACH); });
        const Desk desk(small, "full");
        QCOMPARE(desk.run({"init"}).code, 0);
        QByteArray input;
        for (int i = 0; i < 3000; ++i)
            input += "{\"said\": \"" + QByteArray::number(i) + QByteArray(1000, 'w') + "\"}\n";
        const Done filled = desk.run({"put", "visit"}, input);
        QCOMPARE(filled.code, 1);
        QVERIFY2(filled.err.contains("disk is full"), filled.err.constData());
        const auto acknowledged = filled.lines();
        QVERIFY(acknowledged.size() > 20);
        // A little room, and it goes on.
        QVERIFY(::mount("tmpfs", small.toUtf8(), "tmpfs", MS_REMOUNT, "size=24m") == 0);
        QCOMPARE(desk.run({"get", "visit"}).lines().size(), acknowledged.size());
        QVERIFY(!desk.put("visit", R"({"said": "after"})").isEmpty());
        QCOMPARE(desk.run({"verify"}).code, 0);
    }

    // Two actions near the limit, of words that do not shrink: neither may stand in the other's
    // way.
    void theLargestActionsArrive()
    {
        const Desk bo = joined("bo");
        const Desk kim = joined("kim");
        replica::SeededRandom random(13);
        for (const std::size_t octets : {380'000U, 780'000U}) {
            const std::string words = replica::toBase64Url(random.bytes(octets));
            const Done done = bo.run({"put", "visit"},
                QByteArray::fromStdString(Json{{"said", words}, {"member_id", nullptr}}.dump()));
            QVERIFY2(done.code == 0, done.err.constData());
        }
        const std::string more = replica::toBase64Url(random.bytes(900'000));
        const Done refused
            = bo.run({"put", "visit"}, QByteArray::fromStdString(Json{{"said", more}}.dump()));
        QCOMPARE(refused.code, 1);
        QVERIFY(refused.err.contains("1 MiB"));
        settle({bo, kim});
        expectEqual({bo, kim});
        QCOMPARE(kim.run({"get", "visit"}).lines().size(), std::size_t{2});
    }

    // What a cut-off init leaves behind is no reason to write people's words down unencrypted.
    void anEmptyFileBecomesAnEncryptedReplica()
    {
        const QString file = m_folder->path() + "/empty.db";
        QFile empty(file);
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        const auto run = [&](const QStringList &verb, const QByteArray &input) {
            QProcess process;
            process.start(TENDCTL_PROGRAM, QStringList{"--replica", file} + verb);
            process.write(input);
            process.closeWriteChannel();
            return process.waitForFinished(60'000) ? process.exitCode() : -1;
        };
        QCOMPARE(run({"init"}, {}), 1);  // no key, and plain was not asked for
        const QString key = m_folder->path() + "/empty.key";
        QCOMPARE(run({"init", "--new-key-file", key}, {}), 0);
        QCOMPARE(run({"put", "customer", "--key-file", key}, R"({"name": "Canary Lane"})"), 0);
        for (const char *tail : {"", "-wal"}) {
            QFile written(file + tail);
            if (written.open(QIODevice::ReadOnly))
                QVERIFY(!written.readAll().contains("Canary"));
        }
        QCOMPARE(run({"get", "customer"}, {}), 1);
    }

    void badInputSaysWhatAndWhereAndChangesNothing_data()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no JSON") << QStringList{"put", "visit"} << QByteArray("words") << 1
                                 << QByteArray("line 1");
        QTest::newRow("unknown column")
            << QStringList{"put", "visit"} << QByteArray(R"({"sayd": "x"})") << 1
            << QByteArray("no column 'sayd'");
        QTest::newRow("wrong type")
            << QStringList{"put", "visit"} << QByteArray(R"({"minutes": "ten"})") << 1
            << QByteArray("whole number");
        QTest::newRow("no such word")
            << QStringList{"put", "visit"} << QByteArray(R"({"kind": "dance"})") << 1
            << QByteArray("none of its words");
        QTest::newRow("no such day")
            << QStringList{"put", "promise"}
            << QByteArray(R"({"what": "x", "due_on": "2026-02-30"})") << 1 << QByteArray("due_on");
        QTest::newRow("required") << QStringList{"put", "customer"}
                                  << QByteArray(R"({"phone": "1"})") << 1 << QByteArray("required");
        QTest::newRow("server's table")
            << QStringList{"put", "member"} << QByteArray(R"({"name": "x", "role": "rep"})") << 1
            << QByteArray("server only");
        QTest::newRow("no such table")
            << QStringList{"get", "visits"} << QByteArray() << 1 << QByteArray("there is no table");
        QTest::newRow("no such row")
            << QStringList{"delete", "visit", "01890000-0000-7000-8000-000000000001"}
            << QByteArray() << 1 << QByteArray("not there");
        QTest::newRow("unknown verb")
            << QStringList{"frobnicate"} << QByteArray() << 2
            << QByteArray("tendctl: 'frobnicate' is not a tendctl verb\n");
        QTest::newRow("nearly a verb")
            << QStringList{"sync-now"} << QByteArray() << 2
            << QByteArray("'sync-now' is not a tendctl verb; did you mean 'sync'?");
        QTest::newRow("unknown option")
            << QStringList{"status", "--fast"} << QByteArray() << 2 << QByteArray();
        QTest::newRow("garbage invitation")
            << QStringList{"join", "tend://join?x"} << QByteArray() << 1 << QByteArray();
    }

    void badInputSaysWhatAndWhereAndChangesNothing()
    {
        QFETCH(QStringList, verb);
        QFETCH(QByteArray, input);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const Desk desk(m_folder->path(), "desk");
        QCOMPARE(desk.run({"init"}).code, 0);
        const QByteArray before = desk.everything();
        const Done done = desk.run(verb, input);
        QCOMPARE(done.code, code);
        QVERIFY(done.out.isEmpty());
        QVERIFY(!done.err.isEmpty());
        QVERIFY2(done.err.contains(says), done.err.constData());
        QCOMPARE(desk.everything(), before);
    }
};

QTEST_GUILESS_MAIN(JourneyTest)
#include "journey_test.moc"
