// Where a replica's key comes from, and that no failure costs a key or a replica.
#include <filesystem>
#include <map>

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "app/session/open_replica.h"

using namespace tend;
using replica::ErrorCode;

namespace {

const std::string aKey(64, 'a');
const std::string otherKey(64, 'b');

// A keychain in memory that can be taken away.
struct FakeKeychain {
    std::map<std::string, std::string> secrets;
    std::optional<ErrorCode> failure;
    bool forgets = false;
    int writes = 0;

    [[nodiscard]] Keychain port()
    {
        return {[this](const std::string &name) -> replica::Result<std::optional<std::string>> {
                    if (failure)
                        return replica::fail(*failure, "taken away");
                    const auto found = secrets.find(name);
                    return found == secrets.end() ? std::optional<std::string>() : found->second;
                },
            [this](const std::string &name, const std::string &secret) -> replica::Status {
                ++writes;
                if (failure)
                    return replica::fail(*failure, "taken away");
                if (!forgets)
                    secrets[name] = secret;
                return {};
            }};
    }
};

}  // namespace

class OpenReplicaTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    FakeKeychain m_keychain;

    [[nodiscard]] std::filesystem::path path(const char *name) const
    {
        return m_folder->filePath(name).toStdString();
    }

    [[nodiscard]] KeyChoice choice()
    {
        KeyChoice made;
        made.keychain = m_keychain.port();
        return made;
    }

    // Nothing when it opened.
    [[nodiscard]] std::optional<ErrorCode> open(
        const KeyChoice &choice, WhenMissing whenMissing = WhenMissing::Make)
    {
        const auto opened = openReplicaFile(path("r.db"), choice, whenMissing);
        return opened ? std::nullopt : std::optional(opened.error().code);
    }

    void writeKey(const char *name, const std::string &key) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(key + '\n'));
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_keychain = {};
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        qunsetenv("TEND_KEY_FILE");
    }

    void aNewReplicaKeepsItsKeyInTheKeychain()
    {
        QVERIFY(!open(choice()));
        QCOMPARE(m_keychain.writes, 1);
        QCOMPARE(m_keychain.secrets.begin()->first, path("r.db").string());
        QVERIFY(!open(choice(), WhenMissing::Fail));
        QCOMPARE(m_keychain.writes, 1);
        m_keychain.secrets.begin()->second = otherKey;
        QCOMPARE(open(choice()), ErrorCode::Unauthorized);
    }

    void aNameIsTheSameBeforeAndAfterTheFileIsThere()
    {
        const auto before = keychainName("some/where.db");
        QCOMPARE(before, (std::filesystem::current_path() / "some/where.db").string());
        QVERIFY(!open(choice()));
        QCOMPARE(keychainName(path("r.db")), m_keychain.secrets.begin()->first);
    }

    void anEarlierReplicasKeyIsTakenUpAndNotReplaced()
    {
        m_keychain.secrets[keychainName(path("r.db"))] = aKey;
        QVERIFY(!open(choice()));
        QCOMPARE(m_keychain.writes, 0);
        KeyChoice byFile;
        byFile.keyFile = path("key");
        writeKey("key", aKey);
        QVERIFY(!open(byFile, WhenMissing::Fail));
    }

    void aKeychainThatForgetsIsNotTrusted()
    {
        m_keychain.forgets = true;
        QCOMPARE(open(choice()), ErrorCode::Unauthorized);
        QVERIFY(!std::filesystem::exists(path("r.db")));
    }

    void aNamedKeyFileComesFirst()
    {
        writeKey("named", aKey);
        writeKey("own", otherKey);
        m_keychain.secrets[keychainName(path("r.db"))] = otherKey;
        KeyChoice named = choice();
        named.ownKeyFile = path("own");
        named.keyFile = path("named");
        QVERIFY(!open(named));
        named.keyFile.clear();
        QCOMPARE(open(named), ErrorCode::Unauthorized);
        qputenv("TEND_KEY_FILE", m_folder->filePath("named").toUtf8());
        QVERIFY(!open(named));
    }

    void anOwnKeyFileOfEarlierStartsGoesOnOpening()
    {
        KeyChoice own;
        own.ownKeyFile = path("own");
        QVERIFY(!open(own));  // as made where there was no keychain
        own.keychain = m_keychain.port();
        QVERIFY(!open(own, WhenMissing::Fail));
        QCOMPARE(m_keychain.writes, 0);
    }

    void withoutAKeychainANewReplicaNeedsAWord_data()
    {
        QTest::addColumn<int>("failure");
        QTest::addColumn<bool>("ownFile");
        QTest::addColumn<bool>("opens");
        QTest::newRow("none, tendctl") << static_cast<int>(ErrorCode::Offline) << false << false;
        QTest::newRow("none, the app") << static_cast<int>(ErrorCode::Offline) << true << true;
        QTest::newRow("broken, tendctl") << static_cast<int>(ErrorCode::Io) << false << false;
        QTest::newRow("broken, the app") << static_cast<int>(ErrorCode::Io) << true << true;
        QTest::newRow("refused, the app")
            << static_cast<int>(ErrorCode::Unauthorized) << true << false;
    }

    void withoutAKeychainANewReplicaNeedsAWord()
    {
        QFETCH(int, failure);
        QFETCH(bool, ownFile);
        QFETCH(bool, opens);
        m_keychain.failure = static_cast<ErrorCode>(failure);
        KeyChoice made = choice();
        if (ownFile)
            made.ownKeyFile = path("config/own");
        const auto failed = open(made);
        QCOMPARE(!failed, opens);
        QCOMPARE(std::filesystem::exists(path("r.db")), opens);
        QCOMPARE(std::filesystem::exists(path("config/own")), opens);
        if (!opens)
            QCOMPARE(*failed, ErrorCode::Unauthorized);
    }

    void anOldReplicaIsLeftAloneWhileItsKeyCannotBeHad()
    {
        QVERIFY(!open(choice()));
        KeyChoice app = choice();
        app.ownKeyFile = path("config/own");
        for (const ErrorCode code : {ErrorCode::Offline, ErrorCode::Unauthorized, ErrorCode::Io}) {
            m_keychain.failure = code;
            QCOMPARE(open(app), ErrorCode::Unauthorized);
        }
        m_keychain.failure.reset();
        const auto kept = std::exchange(m_keychain.secrets, {});
        QCOMPARE(open(app), ErrorCode::Unauthorized);
        QVERIFY(m_keychain.secrets.empty());
        QVERIFY(!std::filesystem::exists(path("config/own")));
        m_keychain.secrets = kept;
        QVERIFY(!open(app, WhenMissing::Fail));
    }

    void aPlainReplicaAsksNobody()
    {
        KeyChoice plain;
        plain.isPlaintext = true;
        QVERIFY(!open(plain));
        m_keychain.failure = ErrorCode::Unauthorized;
        QVERIFY(!open(choice(), WhenMissing::Fail));
    }
};

QTEST_GUILESS_MAIN(OpenReplicaTest)
#include "open_replica_test.moc"
