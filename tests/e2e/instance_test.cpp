// One program per replica: a second start of the real `tend` goes to the first.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/app_process.h"

namespace {

constexpr int patienceMs = 20'000;
const QString invitation = QStringLiteral(
    "tend://join?server=127.0.0.1:8443&pin=AAAA&secret=BBBB&workspace=Oak%20Street");

}  // namespace

class InstanceTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    [[nodiscard]] QStringList with(const char *replica, const QStringList &more = {}) const
    {
        return QStringList{"--replica", m_folder->filePath(replica)} + more;
    }

private slots:

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aSecondStartRaisesTheFirst()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db")));
        QVERIFY(app.minimise());
        QVERIFY(app.isMinimised());
        QCOMPARE(app.startAgain(with("r.db")), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!app.isMinimised(), patienceMs);
    }

    void anInvitationOpensTheJoinPageOfTheFirst()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db", {"--log-level", "info"})));
        QCOMPARE(app.startAgain(with("r.db", {invitation})), 0);
        QVERIFY(app.showsSoon("settingsPage"));
        QCOMPARE(app.text("invitation"), invitation);
        app.stop();
        const QString told = app.errors();
        QVERIFY2(told.contains("started again with an invitation"), qPrintable(told));
        QVERIFY(!told.contains("secret"));
    }

    void anInvitationOpensTheJoinPageOfTheOnlyOne()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db", {invitation})));
        QVERIFY(app.showsSoon("settingsPage"));
        QCOMPARE(app.text("invitation"), invitation);
    }

    void aFileOfContactsIsAnsweredHonestly()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db")));
        QCOMPARE(app.startAgain(with("r.db", {"contacts.vcf"})), 0);
        QVERIFY(app.showsSoon("snackbar"));
        QVERIFY(!app.shows("settingsPage"));
    }

    void twoReplicasStandSideBySide()
    {
        AppProcess one(m_folder->path());
        QVERIFY(one.start(with("one.db")));
        QTemporaryDir elsewhere;
        AppProcess other(elsewhere.path());
        QVERIFY(other.start(with("two.db")));
        QVERIFY(one.shows("shell"));
        QCOMPARE(one.startAgain(with("one.db", {invitation})), 0);
        QVERIFY(one.showsSoon("settingsPage"));
        QVERIFY(!other.shows("settingsPage"));
    }

    // The same replica by another name is the same replica.
    void aLinkToTheReplicaIsTheReplica()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db")));
        QVERIFY(QFile::link(m_folder->filePath("r.db"), m_folder->filePath("link.db")));
        QCOMPARE(app.startAgain(with("link.db", {invitation})), 0);
        QVERIFY(app.showsSoon("settingsPage"));
    }

    void aKilledOneLeavesNoLockBehind()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db")));
        app.kill();
        const QDir run(m_folder->filePath("run/tend"));
        QCOMPARE(run.entryList({"*.socket"}, QDir::System | QDir::Files).size(), 1);
        QVERIFY(app.start(with("r.db")));
        QCOMPARE(app.startAgain(with("r.db", {invitation})), 0);
        QVERIFY(app.showsSoon("settingsPage"));
    }

    void oneThatDoesNotAnswerIsNotJoinedByAnother()
    {
        AppProcess app(m_folder->path());
        QVERIFY(app.start(with("r.db")));
        app.freeze();
        QCOMPARE(app.startAgain(with("r.db")), 1);
    }

    void aWrongCallEndsWithTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("option") << QStringList{"--fast"};
        QTest::newRow("level") << QStringList{"--log-level", "loud"};
        QTest::newRow("argument") << QStringList{"notes.txt"};
        QTest::newRow("two") << QStringList{"a.vcf", "b.vcf"};
    }

    void aWrongCallEndsWithTwo()
    {
        QFETCH(QStringList, arguments);
        AppProcess app(m_folder->path());
        QCOMPARE(app.startAgain(arguments), 2);
        QVERIFY(!QFile::exists(m_folder->filePath("data/tend/journal.db")));
    }
};

QTEST_GUILESS_MAIN(InstanceTest)
#include "instance_test.moc"
