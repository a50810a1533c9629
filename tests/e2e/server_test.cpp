#include <fstream>

#include <QtTest>

#include "sync/base/clock.h"
#include "sync/crypto/device_key.h"
#include "sync/engine/engine.h"
#include "sync/net/enrol.h"
#include "tests/support/memory_store.h"
#include "tests/support/server_process.h"

using namespace replica;
using namespace std::chrono_literals;

namespace {

constexpr const char *tables = R"({"tables": [
  {"id": 1, "name": "territory", "writer": "server", "columns": [{"id": 1, "name": "name", "required": true}]},
  {"id": 2, "name": "member", "writer": "server", "columns": [
    {"id": 1, "name": "name", "required": true}, {"id": 2, "name": "role", "required": true},
    {"id": 3, "name": "deputy_id", "type": "id"}, {"id": 4, "name": "active", "type": "boolean"}]},
  {"id": 3, "name": "device", "writer": "server", "columns": [
    {"id": 1, "name": "member_id", "type": "id", "required": true}, {"id": 2, "name": "name", "required": true},
    {"id": 3, "name": "revoked_at", "type": "time"}]},
  {"id": 19, "name": "tag", "columns": [{"id": 1, "name": "name", "policy": "ask", "required": true}]}]})";

constexpr TableId tagTable{19};

struct NoMark final : LifeMarkKeeper {
    std::optional<LifeMark> mark;

    [[nodiscard]] std::optional<LifeMark> read() override { return mark; }

    [[nodiscard]] Status write(const LifeMark &newer) override
    {
        mark = newer;
        return {};
    }
};

// A whole device: replica in memory, engine, real transport.
class DeviceUnderTest {
public:
    DeviceUnderTest()
        : m_key(crypto::DeviceKey::generate().value())
        , m_schema(Schema::parse(tables).value())
    {
    }

    // Enrols; the peer to speak to from then on.
    [[nodiscard]] Result<EnrolAnswer> join(const std::string &link)
    {
        const auto invitation = TRY(parseInvitation(link));
        const auto certificate = TRY(m_key.selfSignedCertificate("a device"));
        const auto privateKey = TRY(m_key.toPem());
        m_peer = {invitation.server, invitation.pins, certificate, privateKey};
        const EnrolAnswer answer
            = TRY(net::enrol(m_peer, {protocolVersion, invitation.secret, "phone"}));
        if (!m_replica) {
            m_replica
                = TRY(Replica::open(m_store, m_schema, m_clock, m_random, m_mark, answer.device));
            TRY_STATUS(m_replica->enrolled(answer));
            m_transport = TRY(net::CurlTransport::create(m_peer));
            m_engine = std::make_unique<Engine>(*m_replica, *m_transport, m_clock, m_random);
        }
        return answer;
    }

    // Until a round ended, well or badly.
    [[nodiscard]] EngineStatus sync()
    {
        m_engine->syncSoon();
        const auto before = m_engine->status();
        const auto deadline = std::chrono::steady_clock::now() + 30s;
        while (std::chrono::steady_clock::now() < deadline) {
            const auto rest = m_engine->step();
            if (!rest || m_engine->status().rounds > before.rounds
                || m_engine->status().failures > before.failures)
                break;
            m_transport->wait(*rest);
        }
        return m_engine->status();
    }

    // From the next round on, as a program in the foreground does.
    void beginToListen()
    {
        m_engine = std::make_unique<Engine>(
            *m_replica, *m_transport, m_clock, m_random, EnginePace{30s, 20s, 50s});
    }

    [[nodiscard]] bool isListening() const { return m_engine->isListening(); }

    // Until that holds; false when the patience ends before, which is far below the time a server
    // may hold a request.
    template <typename Condition>
    [[nodiscard]] bool stepUntil(Condition condition)
    {
        const auto deadline = std::chrono::steady_clock::now() + 25s;
        while (!condition()) {
            const auto rest = m_engine->step();
            if (!rest || std::chrono::steady_clock::now() > deadline)
                return false;
            m_transport->wait(std::min<std::chrono::milliseconds>(*rest, 100ms));
        }
        return true;
    }

    // Whether anything arrived in that time.
    [[nodiscard]] bool stepFor(std::chrono::milliseconds time)
    {
        const auto rounds = status().rounds;
        const auto until = std::chrono::steady_clock::now() + time;
        while (std::chrono::steady_clock::now() < until && m_engine->step())
            m_transport->wait(20ms);
        return status().rounds != rounds;
    }

    void syncSoon() { m_engine->syncSoon(); }

    [[nodiscard]] const EngineStatus &status() const { return m_engine->status(); }

    void addTag(const std::string &name)
    {
        const RowId id = makeUuid7(m_clock.wallNow(), m_random);
        QVERIFY(m_replica->commit({{tagTable, id, ChangeKind::Insert, {{ColumnId{1}, name}}}})
                    .has_value());
    }

    [[nodiscard]] std::size_t tags()
    {
        return m_replica->records().rowIds(tagTable).value().size();
    }

    [[nodiscard]] net::CurlTransport &transport() { return *m_transport; }

    [[nodiscard]] const net::Peer &peer() const { return m_peer; }

    [[nodiscard]] Replica &replica() { return *m_replica; }

private:
    crypto::DeviceKey m_key;
    Schema m_schema;
    SystemClock m_clock;
    SystemRandom m_random;
    NoMark m_mark;
    test::MemoryStore m_store;
    net::Peer m_peer;
    std::unique_ptr<Replica> m_replica;
    std::unique_ptr<net::CurlTransport> m_transport;
    std::unique_ptr<Engine> m_engine;
};

std::string said(const EngineStatus &status)
{
    return status.problem ? status.problem->message : std::string();
}

}  // namespace

// A real tend-server process with real devices over real TLS.
class ServerTest : public QObject {
    Q_OBJECT

private slots:

    void init()
    {
        auto made = test::ServerProcess::make();
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        m_server = *std::move(made);
        const Status started = m_server->start();
        QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
    }

    void cleanup() { m_server.reset(); }

    void twoDevicesSeeEachOthersRows()
    {
        DeviceUnderTest ann;
        DeviceUnderTest bo;
        const auto joined = ann.join(invitation("Ann"));
        QVERIFY2(joined.has_value(), joined ? "" : joined.error().message.c_str());
        QCOMPARE(joined->memberName, std::string("Ann"));
        QCOMPARE(joined->workspaceName, std::string("Test workspace"));
        QVERIFY(bo.join(invitation("Bo")).has_value());
        for (int count = 0; count < 100; ++count)
            ann.addTag("tag " + std::to_string(count));
        QCOMPARE(said(ann.sync()), std::string());
        QCOMPARE(said(bo.sync()), std::string());
        QCOMPARE(bo.tags(), std::size_t{100});
        const auto verified = m_server->run({"verify"});
        QCOMPARE(verified->exitCode, 0);
    }

    void nothingToDoIsOneShortRoundTrip()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        QCOMPARE(said(ann.sync()), std::string());
        const net::Traffic before = ann.transport().traffic();
        QCOMPARE(said(ann.sync()), std::string());
        const net::Traffic after = ann.transport().traffic();
        qInfo("nothing to do: %llu octets sent, %llu received",
            static_cast<unsigned long long>(after.sent - before.sent),
            static_cast<unsigned long long>(after.received - before.received));
        QVERIFY(after.sent - before.sent <= 600);
        QVERIFY(after.received - before.received <= 600);
    }

    void whoListensIsToldWithoutAsking()
    {
        DeviceUnderTest ann;
        DeviceUnderTest bo;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        QVERIFY(bo.join(invitation("Bo")).has_value());
        for (DeviceUnderTest *device : {&ann, &bo}) {
            device->beginToListen();
            QVERIFY(device->stepUntil([&] { return device->isListening(); }));
        }
        for (std::size_t turn = 1; turn < 4; ++turn) {
            DeviceUnderTest &author = turn % 2 == 0 ? bo : ann;
            DeviceUnderTest &reader = turn % 2 == 0 ? ann : bo;
            // Sent, and looked at by the server, which has nothing to say.
            QVERIFY(reader.stepUntil([&] { return reader.isListening(); }));
            QVERIFY(!reader.stepFor(300ms));
            const auto asked = reader.transport().traffic().sent;
            author.addTag("tag " + std::to_string(turn));
            const auto pushed = author.status().pushed;
            author.syncSoon();
            QVERIFY(author.stepUntil([&] { return author.status().pushed > pushed; }));
            QVERIFY(reader.stepUntil([&] { return reader.tags() == turn; }));
            QCOMPARE(reader.transport().traffic().sent, asked);
            QCOMPARE(said(reader.status()), std::string());
            QVERIFY(author.stepUntil([&] { return author.isListening(); }));
        }
    }

    void whatAnotherProcessWritesIsToldToo()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        ann.beginToListen();
        QVERIFY(ann.stepUntil([&] { return ann.isListening(); }));
        QVERIFY(!ann.stepFor(300ms));
        const auto asked = ann.transport().traffic().sent;
        const auto pulled = ann.status().pulled;
        QCOMPARE(m_server->run({"territory", "add", "North"})->exitCode, 0);
        QVERIFY(ann.stepUntil([&] { return ann.status().pulled > pulled; }));
        QCOMPARE(ann.transport().traffic().sent, asked);
    }

    void aServerThatStopsTellsWhoListens()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        ann.beginToListen();
        QVERIFY(ann.stepUntil([&] { return ann.isListening(); }));
        QVERIFY(!ann.stepFor(300ms));
        const auto rounds = ann.status().rounds;
        QCOMPARE(m_server->terminate().value_or(-1), 0);
        QVERIFY(ann.stepUntil([&] { return !ann.isListening(); }));
        QCOMPARE(said(ann.status()), std::string());
        QCOMPARE(ann.status().rounds, rounds + 1);
    }

    void anInvitationLetsOneDeviceIn()
    {
        DeviceUnderTest ann;
        DeviceUnderTest thief;
        const std::string link = invitation("Ann");
        QVERIFY(ann.join(link).has_value());
        QVERIFY(ann.join(link).has_value());  // its answer may have been lost
        const auto refused = thief.join(link);
        QVERIFY(!refused && refused.error().code == ErrorCode::Refused);
        QVERIFY(refused.error().message.find("used already") != std::string::npos);
    }

    void anInventedSecretIsRefusedAndTenAMinuteAreEnough()
    {
        const auto link = parseInvitation(invitation("Ann")).value();
        for (int attempt = 0; attempt < 10; ++attempt) {
            InvitationLink forged = link;
            forged.secret = Bytes(32, static_cast<char>(attempt));
            const auto refused = DeviceUnderTest().join(toText(forged));
            QVERIFY(!refused && refused.error().code == ErrorCode::Refused);
        }
        const auto limited = DeviceUnderTest().join(toText(link));
        QVERIFY(!limited && limited.error().code == ErrorCode::Busy);
    }

    void aRevokedDeviceIsRefusedAtItsNextRequest()
    {
        DeviceUnderTest ann;
        const auto joined = ann.join(invitation("Ann"));
        QCOMPARE(said(ann.sync()), std::string());
        QCOMPARE(m_server->run({"device", "revoke", toText(joined->device)})->exitCode, 0);
        ann.addTag("written after the end");
        const EngineStatus status = ann.sync();
        QVERIFY(status.problem && status.problem->code == ErrorCode::Unauthorized);
        QCOMPARE(said(status), std::string("This device may not sync here."));
        QCOMPARE(ann.replica().status()->waiting, std::size_t{1});
    }

    void anEndedMembersDevicesAreRefused()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        QCOMPARE(m_server->run({"member", "end", "Ann"})->exitCode, 0);
        QCOMPARE(ann.sync().problem->code, ErrorCode::Unauthorized);
    }

    void anotherServersKeyIsUntrusted()
    {
        InvitationLink link = parseInvitation(invitation("Ann")).value();
        link.pins = {Bytes(32, 'x')};
        const auto refused = DeviceUnderTest().join(toText(link));
        QVERIFY(!refused && refused.error().code == ErrorCode::Untrusted);
        QCOMPARE(refused.error().message,
            std::string("This server could not prove who it is. Nothing was sent."));
        // The server never saw a request: there is nothing in its log but its start.
        QVERIFY(m_server->log().find("enrolled") == std::string::npos);
        QVERIFY(m_server->log().find("refused") == std::string::npos);
    }

    void theNextPinIsAsGoodAsTheFirst()
    {
        InvitationLink link = parseInvitation(invitation("Ann")).value();
        link.pins.insert(link.pins.begin(), Bytes(32, 'x'));
        QVERIFY(DeviceUnderTest().join(toText(link)).has_value());
    }

    void whatWasAcknowledgedSurvivesTheServersDeath()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        ann.addTag("kept");
        QCOMPARE(said(ann.sync()), std::string());
        m_server->kill();
        ann.addTag("waiting");
        QCOMPARE(ann.sync().problem->code, ErrorCode::Offline);
        QVERIFY(m_server->start().has_value());
        QCOMPARE(said(ann.sync()), std::string());
        DeviceUnderTest bo;
        QVERIFY(bo.join(invitation("Bo")).has_value());
        QCOMPARE(said(bo.sync()), std::string());
        QCOMPARE(bo.tags(), std::size_t{2});
    }

    void sigtermEndsWithZeroAtOnceWhileDevicesAreConnected()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        QCOMPARE(said(ann.sync()), std::string());
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(m_server->terminate().value(), 0);
        QVERIFY(timer.elapsed() < 5'000);
    }

    void aRestoredServerGetsBackWhatItsDevicesKnow()
    {
        DeviceUnderTest ann;
        QVERIFY(ann.join(invitation("Ann")).has_value());
        ann.addTag("before the backup");
        QCOMPARE(said(ann.sync()), std::string());
        DeviceUnderTest cee;
        QVERIFY(cee.join(invitation("Cee")).has_value());
        QCOMPARE(said(cee.sync()), std::string());
        const std::string copy = (m_server->folder() / "copy").string();
        QCOMPARE(m_server->run({"backup", "--to", copy})->exitCode, 0);
        ann.addTag("after the backup");
        QCOMPARE(said(ann.sync()), std::string());
        m_server->kill();

        const auto restored = test::ServerProcess::makeEmpty().value();
        const auto output = restored->run({"restore", "--from", copy});
        QVERIFY2(output->exitCode == 0, output->err.c_str());
        QCOMPARE(restored->run({"restore", "--from", copy})->exitCode, 1);
        restored->setPort(m_server->port());
        QVERIFY(restored->start().has_value());
        QCOMPARE(said(ann.sync()), std::string());
        // Whoever has nothing to send hears of it in one round as well.
        QCOMPARE(said(cee.sync()), std::string());
        QCOMPARE(cee.tags(), std::size_t{2});
        DeviceUnderTest bo;
        QVERIFY(bo.join(restored->invite("Bo").value()).has_value());
        QCOMPARE(said(bo.sync()), std::string());
        QCOMPARE(bo.tags(), std::size_t{2});
        QCOMPARE(restored->run({"verify"})->exitCode, 0);
    }

    void aSecondServerOfOneDirectoryIsRefused()
    {
        const auto second = m_server->run({"serve", "--listen", "127.0.0.1:0"});
        QCOMPARE(second->exitCode, 1);
        QVERIFY(second->err.find("being served already") != std::string::npos);
    }

    void wrongUseExitsWithTwo_data()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::newRow("unknown verb") << QStringList{"frobnicate"};
        QTest::newRow("unknown option") << QStringList{"serve", "--frobnicate"};
        QTest::newRow("no workspace name") << QStringList{"init"};
        QTest::newRow("no such role") << QStringList{"invite", "--name", "Ann", "--role", "boss"};
        QTest::newRow("half a verb") << QStringList{"territory"};
    }

    void wrongUseExitsWithTwo()
    {
        QFETCH(QStringList, verb);
        const auto output = m_server->run(words(verb));
        QCOMPARE(output->exitCode, 2);
        QVERIFY(output->out.empty() && !output->err.empty());
    }

    void aVerbNobodyKnowsIsNamed()
    {
        const auto far = m_server->run({"serv"});
        QVERIFY(far->err.find("'serv' is not a tend-server verb; did you mean 'serve'?")
            != std::string::npos);
        const auto below = m_server->run({"device", "lst"});
        QVERIFY(below->err.find("'lst' is not a tend-server device verb; did you mean 'list'?")
            != std::string::npos);
        QCOMPARE(far->exitCode, 2);
        QCOMPARE(below->exitCode, 2);
    }

    void whatCannotBeDoneExitsWithOneAndASentence_data()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("init twice")
            << QStringList{"init", "--workspace", "X"} << "already; nothing was changed";
        QTest::newRow("no such territory") << QStringList{"invite", "--name", "A", "--role", "rep",
            "--territory", "Mars"} << "no territory \"Mars\"";
        QTest::newRow("no such member")
            << QStringList{"member", "end", "Nobody"} << "no member \"Nobody\"";
        QTest::newRow("no such device")
            << QStringList{"device", "revoke", "01a205ba-0ea6-7145-8038-972c49c81dfa"}
            << "no device";
        QTest::newRow("no id") << QStringList{"device", "revoke", "x"} << "is no device";
        QTest::newRow("no backup there")
            << QStringList{"restore", "--from", "/nonexistent"} << "holds a workspace";
        QTest::newRow("bad address") << QStringList{"serve", "--listen", "nowhere"} << "HOST:PORT";
        QTest::newRow("no key file")
            << QStringList{"verify", "--key-file", "/nonexistent"} << "cannot be read";
    }

    void whatCannotBeDoneExitsWithOneAndASentence()
    {
        QFETCH(QStringList, verb);
        QFETCH(QString, sentence);
        const auto output = m_server->run(words(verb));
        QCOMPARE(output->exitCode, 1);
        QVERIFY2(QString::fromStdString(output->err).contains(sentence), output->err.c_str());
    }

    void membersAndTerritoriesAreKept()
    {
        QCOMPARE(m_server->run({"territory", "add", "North"})->exitCode, 0);
        QCOMPARE(m_server->run({"territory", "add", "North"})->exitCode, 1);
        QCOMPARE(m_server->run({"territory", "rename", "North", "Far North"})->exitCode, 0);
        QCOMPARE(m_server->run({"territory", "list"})->out, std::string("Far North\n"));
        QVERIFY(m_server->invite("Ann", "rep", {"Far North"}).has_value());
        QCOMPARE(m_server->run({"member", "set", "Ann", "--role", "office"})->exitCode, 0);
        const auto members = m_server->run({"member", "list"});
        QVERIFY(members->out.find("Ann\toffice\tactive\tFar North\n") != std::string::npos);
        const auto audit = m_server->run({"audit", "--json"});
        QVERIFY(audit->out.find(R"("table":"member")") != std::string::npos);
    }

    void anInvitationIsDrawnForACamera()
    {
        const auto drawn = m_server->run({"invite", "--name", "Ann", "--role", "rep", "--qr"});
        QCOMPARE(drawn->exitCode, 0);
        QVERIFY(drawn->out.find("tend://") != std::string::npos);
        // Half blocks: two modules a character, at least the 45 modules that a link of this length
        // takes.
        QVERIFY(QString::fromStdString(drawn->out).count(QChar(0x2580)) > 45);
    }

    void anEncryptedWorkspaceNeedsItsKey()
    {
        const auto server = test::ServerProcess::makeEmpty().value();
        const std::string key = (server->folder() / "key").string();
        std::ofstream(key) << std::string(64, 'a') << '\n';
        const auto made = server->run({"init", "--workspace", "Sealed", "--key-file", key});
        QVERIFY2(made->exitCode == 0, made->err.c_str());
        QCOMPARE(server->run({"verify"})->exitCode, 1);
        QVERIFY(server->start({"--key-file", key}).has_value());
        const std::string copy = (server->folder() / "copy").string();
        QCOMPARE(server->run({"backup", "--to", copy, "--key-file", key})->exitCode, 0);
        std::ifstream file(copy);
        QCOMPARE(std::string(std::istreambuf_iterator<char>(file), {}).find("Sealed"),
            std::string::npos);
    }

private:
    [[nodiscard]] std::string invitation(const std::string &name) const
    {
        return m_server->invite(name).value();
    }

    static std::vector<std::string> words(const QStringList &verb)
    {
        std::vector<std::string> all;
        for (const QString &word : verb)
            all.push_back(word.toStdString());
        return all;
    }

    net::CurlGlobal m_curl;
    std::unique_ptr<test::ServerProcess> m_server;
};

QTEST_GUILESS_MAIN(ServerTest)
#include "server_test.moc"
