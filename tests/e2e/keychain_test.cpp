// Keys in a real Secret Service, asked by the real programs; and what happens where there is none.
#include <memory>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/session_bus.h"

namespace {

constexpr int patienceMs = 30'000;
const QByteArray rosa = R"({"name": "Rosa Lind"})";

}  // namespace

class KeychainTest : public QObject {
    Q_OBJECT

private:
    struct Done {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SessionBus> m_bus;

    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }

    [[nodiscard]] Done tendctl(const QStringList &arguments, const QByteArray &input = {}) const
    {
        QProcess process;
        process.setProcessEnvironment(m_bus->environment());
        process.start(TENDCTL_PROGRAM, QStringList{"--replica", path("r.db")} + arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(patienceMs))
            return {};
        return {
            process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }

    // Starts the app on the replica, waits until tendctl can read it, and ends it.
    void startApp(const QStringList &key) const
    {
        QProcess app;
        auto environment = m_bus->environment();
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        app.setProcessEnvironment(environment);
        app.start(TEND_PROGRAM, {"--replica", path("r.db")});
        QVERIFY(app.waitForStarted(patienceMs));
        QTRY_COMPARE_WITH_TIMEOUT(
            tendctl(QStringList{"get", "customer"} + key).code, 0, patienceMs);
        QCOMPARE(app.state(), QProcess::Running);
        app.terminate();
        QVERIFY(app.waitForFinished(patienceMs));
    }

    [[nodiscard]] QByteArray octets() const
    {
        QFile file(path("r.db"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_bus = std::make_unique<SessionBus>(m_folder->path());
        QVERIFY2(m_bus->problem().isEmpty(), qPrintable(m_bus->problem()));
    }

    void cleanup() { m_bus.reset(); }

    void theKeychainOpensAReplicaInAnotherProcess()
    {
        QVERIFY2(m_bus->set(SessionBus::Keyring::Unlocked), qPrintable(m_bus->problem()));
        QCOMPARE(tendctl({"init"}).code, 0);
        QCOMPARE(tendctl({"put", "customer"}, rosa).code, 0);
        QVERIFY(!octets().contains("Rosa") && !octets().startsWith("SQLite format 3"));
        const Done got = tendctl({"get", "customer"});
        QVERIFY2(got.code == 0 && got.out.contains("Rosa Lind"), got.err.constData());
        // The keyring wrote it down: it is there after a new start of the desktop.
        QVERIFY(m_bus->set(SessionBus::Keyring::None));
        QVERIFY(m_bus->set(SessionBus::Keyring::Unlocked));
        QVERIFY(tendctl({"get", "customer"}).out.contains("Rosa Lind"));
    }

    void withoutAKeychainInitSaysWhatToDo()
    {
        const Done done = tendctl({"init"});
        QCOMPARE(done.code, 1);
        QVERIFY2(done.err.contains("no keychain answers here"), done.err.constData());
        QVERIFY(done.err.contains("--new-key-file") && done.err.contains("--plaintext"));
        QVERIFY(!QFile::exists(path("r.db")));
        QCOMPARE(tendctl({"init", "--new-key-file", path("key")}).code, 0);
        QCOMPARE(tendctl({"put", "customer", "--key-file", path("key")}, rosa).code, 0);
    }

    void aKeychainThatIsGoneCostsNothing()
    {
        QVERIFY2(m_bus->set(SessionBus::Keyring::Unlocked), qPrintable(m_bus->problem()));
        QCOMPARE(tendctl({"init"}).code, 0);
        QCOMPARE(tendctl({"put", "customer"}, rosa).code, 0);
        QVERIFY(m_bus->set(SessionBus::Keyring::None));
        const QByteArray before = octets();
        for (const char *verb : {"get", "put"}) {
            const Done done = tendctl({verb, "customer"}, rosa);
            QCOMPARE(done.code, 1);
            QVERIFY2(done.err.contains("its key cannot be had"), done.err.constData());
        }
        QCOMPARE(octets(), before);
        QVERIFY(m_bus->set(SessionBus::Keyring::Unlocked));
        QVERIFY(tendctl({"get", "customer"}).out.contains("Rosa Lind"));
    }

    void aLockedKeychainIsNotAnEmptyOne()
    {
        QVERIFY2(m_bus->set(SessionBus::Keyring::Unlocked), qPrintable(m_bus->problem()));
        QCOMPARE(tendctl({"init"}).code, 0);
        const QByteArray before = octets();
        QVERIFY(m_bus->set(SessionBus::Keyring::Locked));
        QCOMPARE(tendctl({"get", "customer"}).code, 1);
        QCOMPARE(octets(), before);
        QVERIFY(m_bus->set(SessionBus::Keyring::Unlocked));
        QCOMPARE(tendctl({"get", "customer"}).code, 0);
    }

    void theAppKeepsItsKeyInTheKeychain()
    {
        QVERIFY2(m_bus->set(SessionBus::Keyring::Unlocked), qPrintable(m_bus->problem()));
        startApp({});
        QVERIFY(!QFile::exists(path("config/tend/r.key")));
        startApp({});
    }

    void withoutAKeychainTheAppMakesAKeyFileAndStaysWithIt()
    {
        const QString key = path("config/tend/r.key");
        startApp({"--key-file", key});
        QCOMPARE(
            QFile::permissions(key) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        QVERIFY2(m_bus->set(SessionBus::Keyring::Unlocked), qPrintable(m_bus->problem()));
        startApp({"--key-file", key});
    }
};

QTEST_GUILESS_MAIN(KeychainTest)
#include "keychain_test.moc"
