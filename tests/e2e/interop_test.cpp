// Import, undo and backup with the real programs: two devices of one workspace that import the same
// files, and what a restore may and may not do there.
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/desk.h"
#include "tests/support/server_process.h"

using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;
using replica::test::ServerProcess;

class InteropTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] Desk joined(const QString &name)
    {
        Desk desk(m_folder->path(), name);
        const auto invitation = m_server->invite(name.toStdString(), "rep", {"North"});
        if (!invitation || desk.run({"join", QString::fromStdString(*invitation)}).code != 0
            || !desk.sync())
            qFatal("%s cannot join", qPrintable(name));
        return desk;
    }

    static QString fixture(const QString &name) { return TEST_DATA "/interop/" + name; }

    // Made, changed, same, rejected.
    static std::vector<int> import(const Desk &desk, const QString &file)
    {
        const Done done = desk.run({"--json", "import", file, "--territory", "North"});
        if (done.code != 0)
            qFatal("%s", done.err.constData());
        const Json report = done.lines().back();
        return {report["made"], report["changed"], report["same"], report["rejected"]};
    }

    static QByteArray stateOf(const Desk &desk)
    {
        return desk.run({"verify"}).out.trimmed().split('\n').last();
    }

    [[nodiscard]] QString file(const QString &name) const { return m_folder->filePath(name); }

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
        const auto added = m_server->run({"territory", "add", "North"});
        QVERIFY(added && added->exitCode == 0);
    }

    void cleanup() { m_server.reset(); }

    void I6_whatOneDeviceImportedTheOtherRecognises()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        QCOMPARE(import(ann, fixture("hubspot.csv")), (std::vector<int>{2, 0, 0, 0}));
        QCOMPARE(import(ann, fixture("desk-3.0.vcf")), (std::vector<int>{2, 0, 0, 0}));
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(import(bo, fixture("hubspot.csv")), (std::vector<int>{0, 0, 2, 0}));
        QCOMPARE(import(bo, fixture("desk-3.0.vcf")), (std::vector<int>{0, 0, 2, 0}));
        QCOMPARE(stateOf(bo), stateOf(ann));

        // What the file says anew on one is nothing new on the other.
        QFile before(fixture("hubspot.csv"));
        QVERIFY(before.open(QIODevice::ReadOnly));
        QFile after(file("later.csv"));
        QVERIFY(after.open(QIODevice::WriteOnly));
        after.write(before.readAll().replace("Foreman", "Chief"));
        after.close();
        QCOMPARE(import(bo, file("later.csv")), (std::vector<int>{0, 1, 1, 0}));
        QVERIFY(bo.sync() && ann.sync());
        QCOMPARE(import(ann, file("later.csv")), (std::vector<int>{0, 0, 2, 0}));
        QCOMPARE(stateOf(bo), stateOf(ann));

        // Ann takes her import back; what Bo has worked with stays, everywhere.
        QCOMPARE(ann.run({"undo-import", "1"}).code, 0);
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(stateOf(bo), stateOf(ann));
        const QByteArray names = bo.run({"get", "customer"}).out;
        QVERIFY(names.contains("Ivo Horvat") && !names.contains("Ana Horvat"));
    }

    void I5_aBackupGoesIntoANewReplicaNotIntoAWorkspace()
    {
        const Desk ann = joined("Ann");
        QCOMPARE(import(ann, fixture("desk-3.0.vcf")), (std::vector<int>{2, 0, 0, 0}));
        QCOMPARE(ann.run({"backup", "--to", file("b.zip")}).code, 0);
        QCOMPARE(ann.run({"backup", "--to", file("b.zip")}).code, 1);
        const QByteArray state = stateOf(ann);
        const Done refused = ann.run({"restore", "--from", file("b.zip")});
        QCOMPARE(refused.code, 1);
        QVERIFY(refused.err.contains("joined a workspace"));
        QCOMPARE(stateOf(ann), state);
        const Desk alone(m_folder->path(), "alone");
        QCOMPARE(alone.run({"restore", "--from", file("b.zip")}).code, 0);
        QCOMPARE(stateOf(alone), state);
        QFile whole(file("b.zip"));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        QFile cut(file("cut.zip"));
        QVERIFY(cut.open(QIODevice::WriteOnly) && cut.write(whole.read(1'500)) == 1'500);
        cut.close();
        const Desk never(m_folder->path(), "never");
        QCOMPARE(never.run({"restore", "--from", file("cut.zip")}).code, 1);
        QVERIFY(!QFile::exists(never.file()));
        // Nor out of what is none of ours, or is half a rescue file.
        for (const QByteArray &octets :
            {QByteArray("Dear all,"), QByteArray("TEND RESCUE 1\n\x01")}) {
            QFile other(file("other"));
            QVERIFY(other.open(QIODevice::WriteOnly) && other.write(octets) > 0);
            other.close();
            const Done done = never.run({"restore", "--from", file("other")});
            QCOMPARE(done.code, 1);
            QVERIFY(done.err.contains("neither a rescue file nor a backup")
                || done.err.contains("was cut"));
            QVERIFY(!QFile::exists(never.file()));
        }
    }

    void I2_photosTooLargeForACardAreTold()
    {
        const Desk desk(m_folder->path(), "desk");
        QCOMPARE(desk.run({"init"}).code, 0);
        QFile cards(file("photos.vcf"));
        QVERIFY(cards.open(QIODevice::WriteOnly));
        for (const auto &[name, octets] : {std::pair("Ann", 3 << 20), std::pair("Bo", 5 << 20)})
            cards.write(QByteArray("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:") + name
                + "\r\nPHOTO;ENCODING=b;TYPE=JPEG:" + QByteArray(octets, 'x').toBase64()
                + "\r\nEND:VCARD\r\n");
        cards.close();
        QCOMPARE(desk.run({"import", file("photos.vcf")}).code, 0);
        const Done done = desk.run({"export", "--format", "vcard"});
        QCOMPARE(done.code, 0);
        QCOMPARE(done.out.count("\r\nPHOTO;"), 1);
        QVERIFY2(done.err.contains("1 photo") && done.err.contains("Bo")
                && done.err.contains("4 MiB") && done.err.contains("backup")
                && !done.err.contains("Ann"),
            done.err.constData());
    }

    void badCallsAreAnsweredByTheirExitCode()
    {
        const Desk desk(m_folder->path(), "desk");
        QCOMPARE(desk.run({"init"}).code, 0);
        QCOMPARE(desk.run({"import", file("nothing.csv")}).code, 1);
        QCOMPARE(desk.run({"import", "x.csv", "--format", "xml"}).code, 2);
        QCOMPARE(desk.run({"import"}).code, 2);
        QCOMPARE(desk.run({"export"}).code, 2);
        QCOMPARE(desk.run({"undo-import", "17"}).code, 1);
        QCOMPARE(desk.run({"export", "--format", "csv", "--table", "nothing"}).code, 1);
        // A file that is there stays as it was when the export fails.
        QFile there(file("there.csv"));
        QVERIFY(there.open(QIODevice::WriteOnly) && there.write("mine") == 4);
        there.close();
        QCOMPARE(
            desk.run({"export", "--format", "csv", "--table", "nothing", "--to", file("there.csv")})
                .code,
            1);
        QVERIFY(there.open(QIODevice::ReadOnly));
        QCOMPARE(there.readAll(), QByteArray("mine"));
        QCOMPARE(QDir(m_folder->path()).entryList({"there.csv.*"}).size(), 0);
    }
};

QTEST_MAIN(InteropTest)
#include "interop_test.moc"
