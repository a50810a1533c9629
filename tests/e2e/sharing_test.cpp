// Who holds what, with the real programs: territories, moves, lost rights with unsent work,
// refusals, private rows, a wiped device. What a device may not hold is looked for in its file,
// octet by octet.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/desk.h"
#include "tests/support/server_process.h"

using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;
using replica::test::ServerProcess;

namespace {

QByteArray json(const Json &object)
{
    return QByteArray::fromStdString(object.dump());
}

}  // namespace

class SharingTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::map<std::string, std::string> m_territories;

    [[nodiscard]] Desk joined(const QString &name, const std::string &role,
        const std::vector<std::string> &territories = {}, const QString &file = {})
    {
        Desk desk(m_folder->path(), file.isEmpty() ? name : file);
        const auto invitation = m_server->invite(name.toStdString(), role, territories);
        if (!invitation || desk.run({"join", QString::fromStdString(*invitation)}).code != 0)
            qFatal("%s cannot join", qPrintable(name));
        if (!desk.sync())
            qFatal("%s cannot sync", qPrintable(name));
        return desk;
    }

    void serve(std::vector<std::string> verb)
    {
        const auto done = m_server->run(std::move(verb));
        QVERIFY(done.has_value());
        QVERIFY2(done->exitCode == 0, done->err.c_str());
    }

    [[nodiscard]] QString addCustomer(
        const Desk &desk, const std::string &name, const std::string &territory)
    {
        Json row{{"name", name}};
        if (!territory.empty())
            row["territory_id"] = m_territories.at(territory);
        return desk.put("customer", json(row));
    }

    [[nodiscard]] static QString addVisit(
        const Desk &desk, const QString &customer, const std::string &said)
    {
        return desk.put("visit",
            json({{"customer_id", customer.toStdString()}, {"kind", "call"}, {"outcome", "met"},
                {"said", said}}));
    }

    // Whether these words lie anywhere in the replica's files.
    [[nodiscard]] static bool holdsWords(const Desk &desk, const QByteArray &words)
    {
        for (const char *tail : {"", "-wal", "-shm", "-journal"}) {
            QFile file(desk.file() + tail);
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(words))
                return true;
        }
        return false;
    }

    [[nodiscard]] static int count(const Desk &desk, const QString &table)
    {
        return static_cast<int>(desk.run({"get", table}).lines().size());
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        auto made = ServerProcess::make();
        QVERIFY(made.has_value());
        m_server = *std::move(made);
        QVERIFY(m_server->start().has_value());
        m_territories.clear();
        for (const char *name : {"North", "South"}) {
            const auto added = m_server->run({"territory", "add", name});
            QVERIFY(added && added->exitCode == 0);
            m_territories[name] = added->out.substr(0, added->out.find('\n'));
        }
    }

    void cleanup() { m_server.reset(); }

    void aTerritoryIsHeldByItsPeopleAndNobodyElse()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk bo = joined("Bo", "rep", {"South"});
        const Desk mia = joined("Mia", "manager");
        const QString north = addCustomer(ann, "Aster Nursery", "North");
        QVERIFY(!addVisit(ann, north, "canary-of-the-north").isEmpty());
        const QString all = addCustomer(ann, "Everyone's Bakery", "");
        QVERIFY(!all.isEmpty());
        QVERIFY(ann.sync() && bo.sync() && mia.sync());
        QCOMPARE(count(mia, "customer"), 2);
        QCOMPARE(count(mia, "visit"), 1);
        QCOMPARE(count(bo, "customer"), 1);
        QCOMPARE(count(bo, "visit"), 0);
        QVERIFY(holdsWords(mia, "canary-of-the-north"));
        QVERIFY(!holdsWords(bo, "canary-of-the-north"));
        QVERIFY(!holdsWords(bo, "Aster Nursery"));
        for (const Desk *desk : {&ann, &bo, &mia})
            QCOMPARE(desk->run({"verify"}).code, 0);
    }

    void aCustomerMovesWithEverythingSaid()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk bo = joined("Bo", "rep", {"South"});
        const Desk mia = joined("Mia", "manager");
        const QString customer = addCustomer(mia, "Aster Nursery", "North");
        QVERIFY(!addVisit(mia, customer, "canary-first").isEmpty());
        QVERIFY(mia.sync() && ann.sync() && bo.sync());
        QCOMPARE(count(ann, "visit"), 1);
        QVERIFY(holdsWords(ann, "canary-first"));

        QCOMPARE(
            mia.run({"put", "customer"},
                   json({{"id", customer.toStdString()}, {"territory_id", m_territories["South"]}}))
                .code,
            0);
        QVERIFY(mia.sync() && ann.sync() && bo.sync());
        QCOMPARE(count(ann, "customer"), 0);
        QCOMPARE(count(ann, "visit"), 0);
        QVERIFY(!holdsWords(ann, "canary-first"));
        QVERIFY(!holdsWords(ann, "Aster Nursery"));
        QCOMPARE(count(bo, "visit"), 1);
        // With its whole story: who said what before Bo had it.
        const auto story = bo.run({"history", "customer", customer, "--json"}).lines();
        QVERIFY(story.size() >= 2);
        QCOMPARE(bo.run({"verify"}).code, 0);
        QCOMPARE(ann.run({"verify"}).code, 0);
    }

    // Ann's last words went with their customer; what she wrote before can still be taken back.
    void P9_whatLeftHidesNothingElse()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk mia = joined("Mia", "manager");
        const QString moving = addCustomer(ann, "Aster Nursery", "North");
        const QString staying = addCustomer(ann, "Rosa", "North");
        for (const char *said : {"one", "two", "three"})
            QVERIFY(!addVisit(ann, moving, said).isEmpty());
        QVERIFY(ann.sync() && mia.sync());
        const auto move = [&](const QString &customer) {
            const Json row{
                {"id", customer.toStdString()}, {"territory_id", m_territories["South"]}};
            return mia.put("customer", json(row)) == customer && mia.sync() && ann.sync();
        };
        QVERIFY(move(moving));
        const auto recent = ann.run({"recent", "--count", "1", "--json"}).lines();
        QCOMPARE(recent.size(), std::size_t{1});
        QCOMPARE(recent.at(0)["rows"][0]["title"], Json("Rosa"));
        const Done undone = ann.run({"undo"});
        QCOMPARE(undone.code, 1);
        QVERIFY2(undone.err.contains("has left it") && undone.err.contains("Rosa"), undone.err);
        const QString number = QString::number(recent.at(0)["number"].get<int>());
        QVERIFY2(undone.err.contains("undo " + number.toUtf8()), undone.err);
        QCOMPARE(count(ann, "customer"), 1);
        QCOMPARE(ann.run({"undo", number}).code, 0);
        QCOMPARE(ann.run({"undo"}).code, 0);  // that is the last action now
        QVERIFY(ann.sync() && mia.sync() && move(staying));
        QVERIFY(ann.run({"recent"}).out.contains("has left it"));
        QVERIFY(ann.run({"undo"}).err.contains("has left it"));
    }

    void workOnWhatMovedAwayMeanwhileIsTaken()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk mia = joined("Mia", "manager");
        const QString customer = addCustomer(mia, "Aster Nursery", "North");
        QVERIFY(mia.sync() && ann.sync());
        // Ann writes offline; Mia moves the customer and takes the territory away.
        QVERIFY(!addVisit(ann, customer, "the last word from the north").isEmpty());
        QCOMPARE(
            mia.run({"put", "customer"},
                   json({{"id", customer.toStdString()}, {"territory_id", m_territories["South"]}}))
                .code,
            0);
        QVERIFY(mia.sync());
        serve({"member", "set", "Ann", "--territory", "South"});
        serve({"member", "set", "Ann", "--territory", "South", "--role", "rep"});
        serve({"member", "set", "Mia", "--role", "manager"});
        serve({"member", "set", "Ann", "--territory", "North"});
        QVERIFY(ann.sync());
        QCOMPARE(ann.status()["refused"], Json(0));
        QCOMPARE(ann.status()["waiting"], Json(0));
        QCOMPARE(count(ann, "visit"), 0);
        QVERIFY(mia.sync());
        QVERIFY(holdsWords(mia, "the last word from the north"));
    }

    void aTerritoryGivenIsFilledInAndOneTakenIsGone()
    {
        const Desk mia = joined("Mia", "manager");
        const Desk bo = joined("Bo", "rep", {"South"});
        for (int i = 0; i < 40; ++i) {
            const QString customer = addCustomer(mia, "North " + std::to_string(i), "North");
            QVERIFY(!addVisit(mia, customer, "canary " + std::to_string(i)).isEmpty());
        }
        QVERIFY(mia.sync() && bo.sync());
        QCOMPARE(count(bo, "customer"), 0);
        serve({"member", "set", "Bo", "--territory", "South", "--territory", "North"});
        QVERIFY(bo.sync());
        QCOMPARE(count(bo, "customer"), 40);
        QCOMPARE(bo.run({"get", "visit"}).out, mia.run({"get", "visit"}).out);
        serve({"member", "set", "Bo", "--territory", "South"});
        QVERIFY(bo.sync());
        QCOMPARE(count(bo, "customer"), 0);
        QVERIFY(!holdsWords(bo, "canary 1"));
        QCOMPARE(bo.run({"verify"}).code, 0);
    }

    void whatMayNotBeMadeIsRefusedAndBlocksNothing()
    {
        const Desk bo = joined("Bo", "rep", {"South"});
        const Desk mia = joined("Mia", "manager");
        QVERIFY(!addCustomer(bo, "Not Bo's", "North").isEmpty());
        const QString own = addCustomer(bo, "Bo's Own", "South");
        QVERIFY(!own.isEmpty());
        static_cast<void>(bo.sync());
        QVERIFY(mia.sync());
        QCOMPARE(bo.status()["waiting"], Json(0));
        QCOMPARE(bo.status()["refused"], Json(1));
        const Done refused = bo.run({"refused", "--json"});
        QVERIFY(refused.out.contains("would not be in your territories"));
        QVERIFY(refused.out.contains("Not Bo's"));
        QCOMPARE(count(mia, "customer"), 1);
        // The office sees it too, with words and reason.
        const auto office = m_server->run({"refused", "--json"});
        QVERIFY(office && office->exitCode == 0);
        QVERIFY(QByteArray::fromStdString(office->out).contains("Not Bo's"));
        QVERIFY(
            QByteArray::fromStdString(office->out).contains("would not be in your territories"));
        // A rep may not give a customer away either.
        QCOMPARE(bo.run({"put", "customer"},
                       json({{"id", own.toStdString()}, {"territory_id", m_territories["North"]}}))
                     .code,
            0);
        static_cast<void>(bo.sync());
        QCOMPARE(bo.status()["refused"], Json(2));
        const auto row = bo.run({"get", "customer", "--id", own}).lines();
        QCOMPARE(row.at(0)["territory_id"], Json(m_territories["South"]));
    }

    void aPrivateNoteNeverReachesAnotherPersonsDevice()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk second = joined("Ann", "rep", {"North"}, "ann-laptop");
        const Desk mia = joined("Mia", "admin");
        const QString customer = addCustomer(ann, "Aster Nursery", "North");
        QVERIFY(ann.sync());
        std::string me;
        const auto members = ann.run({"get", "member"}).lines();
        for (const Json &member : members) {
            if (member["name"] == "Ann")
                me = member["id"];
        }
        QVERIFY(!ann.put("visit",
                        json({{"customer_id", customer.toStdString()}, {"said", "canary-for-me"},
                            {"private_to", me}}))
                     .isEmpty());
        QVERIFY(ann.sync() && mia.sync() && second.sync());
        QCOMPARE(count(second, "visit"), 1);
        QCOMPARE(count(mia, "visit"), 0);
        QVERIFY(!holdsWords(mia, "canary-for-me"));
    }

    // What is refused is refused for what it says, and whoever syncs is told where to read it.
    void aPrivateRowOfSomebodyElseIsRefusedForThat()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk mia = joined("Mia", "manager");
        const QString customer = addCustomer(ann, "Aster Nursery", "North");
        QVERIFY(ann.sync());
        std::string other;
        for (const Json &member : ann.run({"get", "member"}).lines())
            other = member["name"] == "Mia" ? member["id"].get<std::string>() : other;
        QVERIFY(!ann.put("visit",
                        json({{"customer_id", customer.toStdString()}, {"said", "hush"},
                            {"private_to", other}}))
                     .isEmpty());
        QVERIFY(ann.run({"sync"}).out.contains("tendctl refused"));
        const QByteArray refused = ann.run({"refused"}).out;
        QVERIFY2(refused.contains("names another member as private_to"), refused);
        QVERIFY2(!refused.contains("territories"), refused);
        QVERIFY(!ann.run({"sync"}).out.contains("tendctl refused"));  // nothing new
    }

    // Ann has left, and something of hers was not sent: it can be taken out.
    void whoMayNoLongerSyncIsToldTheWayOut()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        serve({"member", "end", "Ann"});
        QVERIFY(!addCustomer(ann, "Aster Nursery", "North").isEmpty());
        const Done done = ann.run({"sync"});
        QCOMPARE(done.code, 1);
        QVERIFY2(done.err.contains("may not sync here") && done.err.contains("tendctl rescue"),
            done.err);
    }

    void aWipedDeviceHandsOverWhatWaitsAndGivesUpTheRest()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk mia = joined("Mia", "manager");
        const QString customer = addCustomer(mia, "Aster Nursery", "North");
        QVERIFY(mia.sync() && ann.sync());
        QVERIFY(!addVisit(ann, customer, "written before the wipe").isEmpty());
        const auto devices = m_server->run({"device", "list", "--json"});
        std::string id;
        for (const QByteArray &line : QByteArray::fromStdString(devices->out).split('\n')) {
            if (line.contains("\"Ann\""))
                id = Json::parse(line.toStdString())["id"];
        }
        serve({"device", "wipe", id});
        QVERIFY(ann.sync());
        QCOMPARE(count(ann, "customer"), 0);
        QCOMPARE(count(ann, "member"), 0);
        QVERIFY(!holdsWords(ann, "Aster Nursery"));
        // Nobody's words are lost: the office has them.
        QVERIFY(!holdsWords(ann, "written before the wipe"));
        const auto office = m_server->run({"refused"});
        QVERIFY(office && office->out.find("written before the wipe") != std::string::npos);
        QVERIFY(office->out.find("kept for the office") != std::string::npos);
    }

    void aMassDeleteStopsUntilAPersonAgrees()
    {
        const Desk mia = joined("Mia", "manager");
        const Desk bo = joined("Bo", "rep");
        QByteArray rows;
        for (int i = 0; i < 120; ++i)
            rows += json({{"name", "Customer " + std::to_string(i)}}) + '\n';
        const auto made = mia.run({"put", "customer", "--batch", "50"}, rows).lines();
        QCOMPARE(made.size(), std::size_t{120});
        QVERIFY(mia.sync() && bo.sync());
        QCOMPARE(count(bo, "customer"), 120);
        for (std::size_t i = 0; i < 60; ++i) {
            const std::string id = made[i]["id"];
            QCOMPARE(mia.run({"delete", "customer", QString::fromStdString(id)}).code, 0);
        }
        QVERIFY(mia.sync());
        const Done stopped = bo.run({"sync"});
        QCOMPARE(stopped.code, 1);
        QVERIFY(stopped.err.contains("60 of 120 rows of customer"));
        QCOMPARE(count(bo, "customer"), 120);
        // What Bo writes meanwhile still goes out.
        QVERIFY(!addCustomer(bo, "Bo's new one", "").isEmpty());
        QCOMPARE(bo.run({"sync"}).code, 1);
        QVERIFY(mia.sync());
        QCOMPARE(count(mia, "customer"), 61);
        QCOMPARE(bo.run({"sync", "--accept-mass-change"}).code, 0);
        QCOMPARE(count(bo, "customer"), 61);
    }

    void unsentWorkIsRescuedIntoAnotherReplicaOnce()
    {
        const Desk ann = joined("Ann", "rep");
        const QString customer = addCustomer(ann, "Aster Nursery", "");
        QVERIFY(ann.sync());
        QVERIFY(!addVisit(ann, customer, "the day's first word").isEmpty());
        QVERIFY(!addVisit(ann, customer, "the day's second word").isEmpty());
        const QString file = m_folder->filePath("day.rescue");
        QCOMPARE(ann.run({"rescue", "--to", file}).code, 0);
        QCOMPARE(ann.run({"rescue", "--to", file}).code, 1);  // never over another

        // Her next device, before it fetched anything and after.
        Desk next(m_folder->path(), "next");
        const auto invitation = m_server->invite("Ann", "rep");
        QCOMPARE(next.run({"join", QString::fromStdString(*invitation)}).code, 0);
        QVERIFY(next.sync());
        QCOMPARE(count(next, "visit"), 0);
        QCOMPARE(next.run({"restore", "--from", file}).code, 0);
        QCOMPARE(count(next, "visit"), 2);
        const QByteArray once = next.run({"get", "visit"}).out;
        const Done again = next.run({"restore", "--from", file});
        QCOMPARE(again.code, 0);
        QVERIFY(again.out.contains("0 actions were laid in, 2 were known"));
        QCOMPARE(next.run({"get", "visit"}).out, once);
        QVERIFY(next.sync());
        // The old device comes back after all: nothing stands twice.
        QVERIFY(ann.sync() && next.sync());
        QCOMPARE(ann.run({"get", "visit"}).out, once);
        QCOMPARE(next.run({"get", "visit"}).out, once);
        QCOMPARE(next.status()["conflicts"], Json(0));

        QFile damaged(file);
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        QVERIFY(damaged.resize(damaged.size() / 2));
        damaged.close();
        const Done cut = next.run({"restore", "--from", file});
        QCOMPARE(cut.code, 1);
        QVERIFY(cut.err.contains("cut or changed"));
    }

    // After many edits a new device is given the rows with their story, not the whole log.
    // What lies behind the log's end is as if a year had passed: served with nothing kept of it.
    void whoWasAwayForLongerThanTheLogIsKeptLosesNothing()
    {
        const Desk ann = joined("Ann", "rep", {"North"});
        const Desk mia = joined("Mia", "manager");
        const QString kept = addCustomer(mia, "Aster Nursery", "North");
        const QString gone = addCustomer(mia, "canary-deleted", "North");
        QVERIFY(mia.sync() && ann.sync());
        QVERIFY(holdsWords(ann, "canary-deleted"));
        // Ann works on without a network; meanwhile one of her customers is deleted.
        const QString visit = addVisit(ann, kept, "canary-of-a-year-ago");
        const QString lost = addVisit(ann, gone, "canary-for-a-deleted-one");
        QVERIFY(!visit.isEmpty() && !lost.isEmpty());
        QCOMPARE(mia.run({"delete", "customer", gone}).code, 0);
        QVERIFY(mia.sync());
        QCOMPARE(m_server->terminate().value(), 0);
        QVERIFY(m_server->start({"--keep-log", "0s"}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(m_server->log().find("compacted") != std::string::npos, 10'000);

        static_cast<void>(ann.sync());
        QCOMPARE(ann.status()["waiting"], Json(0));
        const Done told = ann.run({"refused", "--json"});
        QVERIFY2(told.out.contains("deleted long ago"), told.out.constData());
        QVERIFY(told.out.contains("canary-for-a-deleted-one"));
        QVERIFY(mia.sync());
        QCOMPARE(count(mia, "visit"), 1);
        QCOMPARE(count(ann, "visit"), 1);
        QCOMPARE(count(ann, "customer"), 1);
        QVERIFY(holdsWords(mia, "canary-of-a-year-ago"));
        const auto refused = m_server->run({"refused"});
        QVERIFY(refused && refused->out.find("canary-for-a-deleted-one") != std::string::npos);
        for (const Desk *desk : {&ann, &mia}) {
            const Done verified = desk->run({"verify"});
            QVERIFY2(verified.code == 0, verified.out.constData());
        }
        QCOMPARE(m_server->run({"verify"})->exitCode, 0);
        // And a device that has never been here.
        const Desk bo = joined("Bo", "rep", {"North"});
        QCOMPARE(count(bo, "visit"), 1);
        QVERIFY(!holdsWords(bo, "canary-deleted"));
    }

    void aLateComerIsFilledIn()
    {
        const Desk mia = joined("Mia", "manager");
        const QString customer = addCustomer(mia, "Aster Nursery", "North");
        QByteArray edits;
        for (int i = 0; i < 600; ++i) {
            edits += json({{"id", customer.toStdString()}, {"note", "note " + std::to_string(i)}});
            edits += '\n';
        }
        QCOMPARE(mia.run({"put", "customer"}, edits).code, 0);
        QVERIFY(mia.sync());
        const Desk late = joined("Lo", "rep", {"North"});
        QCOMPARE(late.run({"get", "customer"}).out, mia.run({"get", "customer"}).out);
        QCOMPARE(late.run({"history", "customer", customer, "--json"}).lines().size(),
            mia.run({"history", "customer", customer, "--json"}).lines().size());
        // And goes on from there.
        QCOMPARE(late.run({"put", "customer"},
                         json({{"id", customer.toStdString()}, {"note", "the newest"}}))
                     .code,
            0);
        QVERIFY(late.sync() && mia.sync());
        QCOMPARE(late.run({"get", "customer"}).out, mia.run({"get", "customer"}).out);
        QCOMPARE(mia.status()["conflicts"], Json(0));
    }
};

QTEST_GUILESS_MAIN(SharingTest)
#include "sharing_test.moc"
