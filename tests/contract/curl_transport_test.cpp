#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <openssl/pem.h>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <QtTest>

#include "server-stub/http/http_server.h"
#include "sync/base/ensure.h"
#include "sync/base/random.h"
#include "sync/crypto/device_key.h"
#include "sync/crypto/openssl_handle.h"
#include "sync/net/curl_transport.h"

using namespace replica;
using namespace std::chrono_literals;

namespace http = tend::server::http;

namespace {

// Echoes, or answers the problem it was given.
struct EchoHandler final : http::Handler {
    std::optional<http::Problem> objection(const http::Caller &caller, Route) override
    {
        ++calls;
        hadKey = !caller.keyDigest.empty();
        return problem;
    }

    http::Reply answer(const http::Caller &, Route route, const Bytes &body) override
    {
        http::Reply given{reply.value_or(body), {}};
        if (route == Route::Pull)
            given.hold = http::Hold{holdFor, [] {
                                        return false;
                                    }};
        return given;
    }

    std::atomic<int> calls = 0;
    std::atomic<bool> hadKey = false;
    std::optional<http::Problem> problem;
    std::optional<Bytes> reply;
    std::chrono::milliseconds holdFor{0};  // pulls
};

// The same key with a certificate that ended long ago.
std::string expiredCertificate(const crypto::DeviceKey &key)
{
    const Bytes pem = key.toPem().value();
    const crypto::MemoryFile secretFile(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const crypto::PrivateKey secret(
        PEM_read_bio_PrivateKey(secretFile.get(), nullptr, nullptr, nullptr));
    const crypto::Certificate certificate(X509_new());
    ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "19990101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "20000101000000Z");
    X509_set_pubkey(certificate.get(), secret.get());
    X509_sign(certificate.get(), secret.get(), EVP_sha256());
    const crypto::MemoryFile file(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(file.get(), certificate.get());
    char *data = nullptr;
    const long size = BIO_get_mem_data(file.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

// A port that takes connections and never says a word.
class SilentPort {
public:
    SilentPort()
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ENSURE(::bind(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0);
        ENSURE(::listen(m_socket, 4) == 0);
        socklen_t size = sizeof address;
        ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&address), &size);
        m_port = ntohs(address.sin_port);
    }

    ~SilentPort() { ::close(m_socket); }

    SilentPort(const SilentPort &) = delete;
    SilentPort &operator=(const SilentPort &) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }

    enum class Ending { Close, Reset };

    // Hears the first words of one connection and ends it, after words of its own.
    void hearAndEnd(const std::string &words, Ending ending) const
    {
        const int caller = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
        std::array<char, 4096> heard{};
        static_cast<void>(::recv(caller, heard.data(), heard.size(), 0));
        static_cast<void>(::send(caller, words.data(), words.size(), MSG_NOSIGNAL));
        const linger none{1, 0};
        if (ending == Ending::Reset)
            ::setsockopt(caller, SOL_SOCKET, SO_LINGER, &none, sizeof none);
        ::close(caller);
    }

private:
    int m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t m_port = 0;
};

}  // namespace

// The real transport against the real HTTP server over TLS on loopback.
class CurlTransportTest : public QObject {
    Q_OBJECT

private slots:

    void initTestCase() { static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); }

    void init()
    {
        m_handler = std::make_unique<EchoHandler>();
        listen(m_serverKey.selfSignedCertificate("server").value());
    }

    void cleanup() { m_server.reset(); }

    void octetsGoThereAndBack_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("short") << QByteArray("x");
        QTest::newRow("packed") << QByteArray(1 << 20, 'x');
        QTest::newRow("unpackable") << QByteArray::fromStdString(SeededRandom(1).bytes(1'000'000));
    }

    void octetsGoThereAndBack()
    {
        QFETCH(QByteArray, octets);
        const auto transport = makeTransport();
        const auto arrival = exchange(*transport, octets.toStdString());
        QVERIFY2(
            arrival.body.has_value(), arrival.body ? "" : arrival.body.error().message.c_str());
        QVERIFY(*arrival.body == octets.toStdString());
        QVERIFY(m_handler->hadKey);
    }

    void postNeverWaitsAndEachExchangeArrivesOnce()
    {
        const auto transport = makeTransport();
        for (std::uint64_t number = 1; number <= 8; ++number)
            transport->post(ExchangeId{number}, Route::Pull, std::to_string(number));
        std::set<std::uint64_t> arrived;
        QElapsedTimer timer;
        timer.start();
        while (arrived.size() < 8 && timer.elapsed() < 10'000) {
            transport->wait(50ms);
            while (auto arrival = transport->poll()) {
                QVERIFY(
                    arrival->body == std::to_string(static_cast<std::uint64_t>(arrival->exchange)));
                QVERIFY(arrived.insert(static_cast<std::uint64_t>(arrival->exchange)).second);
            }
        }
        QCOMPARE(arrived.size(), std::size_t{8});
        QVERIFY(!transport->poll());
    }

    void trafficCountsHeadersAndBodiesOnce()
    {
        const auto transport = makeTransport();
        static_cast<void>(exchange(*transport, "x"));
        const auto first = transport->traffic();
        static_cast<void>(exchange(*transport, "x" + SeededRandom(2).bytes(10'000)));
        const auto second = transport->traffic();
        QVERIFY(
            first.sent > 100 && first.sent < 300 && first.received > 50 && first.received < 200);
        const auto grown = second.sent - 2 * first.sent;
        QVERIFY(grown >= 10'000 && grown < 10'020);
    }

    void anotherKeyIsUntrustedAndNothingIsSent()
    {
        const auto transport = makeTransport({Bytes(32, 'x')});
        const auto arrival = exchange(*transport, "secret");
        QCOMPARE(arrival.body.error().code, ErrorCode::Untrusted);
        QCOMPARE(arrival.body.error().message,
            std::string("This server could not prove who it is. Nothing was sent."));
        QCOMPARE(m_handler->calls.load(), 0);
        QCOMPARE(transport->traffic().sent, std::uint64_t{0});
    }

    void anExpiredCertificateOfTheRightKeyIsTrusted()
    {
        listen(expiredCertificate(m_serverKey));
        QVERIFY(exchange(*makeTransport(), "x").body.has_value());
    }

    void withoutPinsThereIsNoTransport()
    {
        net::Peer peer = somePeer({});
        const auto transport = net::CurlTransport::create(peer);
        QVERIFY(!transport && transport.error().code == ErrorCode::Invalid);
        peer.pins = {Bytes(31, 'x')};
        QCOMPARE(net::CurlTransport::create(peer).error().code, ErrorCode::Invalid);
    }

    void aProblemBecomesAnError_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, int status, ErrorCode code) {
            QTest::newRow(name) << status << static_cast<int>(code);
        };
        row("malformed", 400, ErrorCode::Refused);
        row("unknown device", 401, ErrorCode::Unauthorized);
        row("not allowed", 403, ErrorCode::Refused);
        row("too large", 413, ErrorCode::Refused);
        row("another version", 426, ErrorCode::TooNew);
        row("too many", 429, ErrorCode::Busy);
        row("failed", 500, ErrorCode::Busy);
        row("busy", 503, ErrorCode::Busy);
        row("disk full", 507, ErrorCode::Busy);
    }

    void aProblemBecomesAnError()
    {
        QFETCH(int, status);
        QFETCH(int, code);
        m_handler->problem = http::Problem{status, "The reason.", 7s};
        const auto arrival = exchange(*makeTransport(), "x");
        QVERIFY(!arrival.body);
        QCOMPARE(static_cast<int>(arrival.body.error().code), code);
        QCOMPARE(arrival.body.error().message, std::string("The reason."));
        QCOMPARE(arrival.retryAfter, std::chrono::milliseconds(7s));
    }

    void aBodyThatIsTooLongIsRefusedInWords()
    {
        const auto arrival = exchange(*makeTransport(), SeededRandom(4).bytes(3U << 20U));
        QCOMPARE(arrival.body.error().code, ErrorCode::Refused);
        QCOMPARE(
            arrival.body.error().message, std::string("The body is longer than a request may be."));
    }

    void anAnswerBeyondItsLimitsIsRefused_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("long") << QByteArray::fromStdString(SeededRandom(3).bytes(3U << 20U));
        QTest::newRow("a bomb") << QByteArray(64 << 20, '\0');
    }

    void anAnswerBeyondItsLimitsIsRefused()
    {
        QFETCH(QByteArray, reply);
        m_handler->reply = reply.toStdString();
        QCOMPARE(exchange(*makeTransport(), "x").body.error().code, ErrorCode::Refused);
    }

    void nobodyThereIsOffline()
    {
        const std::uint16_t port = m_server->port();
        m_server.reset();
        net::Peer peer = somePeer(pins());
        peer.server.port = port;
        const auto transport = net::CurlTransport::create(peer).value();
        QCOMPARE(exchange(*transport, "x").body.error().code, ErrorCode::Offline);
    }

    void silenceIsOfflineAfterTheTimeForIt()
    {
        const SilentPort silent;
        net::Peer peer = somePeer(pins());
        peer.server.port = silent.port();
        const auto transport = net::CurlTransport::create(peer, {300ms, 1s, 2s}).value();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(exchange(*transport, "x").body.error().code, ErrorCode::Offline);
        QVERIFY(timer.elapsed() < 3'000);
    }

    void whatEndsAHandshakeIsTold_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<bool>("isReset");
        QTest::addColumn<bool>("isOffline");
        QTest::newRow("closed") << QByteArray() << false << true;
        QTest::newRow("reset") << QByteArray() << true << true;
        QTest::newRow("no TLS") << QByteArray("HTTP/1.1 200 OK\r\n\r\n") << false << false;
    }

    // A network that breaks off is not a server that could not prove who it is: the first is tried
    // again soon, about the second a person is asked.
    void whatEndsAHandshakeIsTold()
    {
        QFETCH(QByteArray, words);
        QFETCH(bool, isReset);
        QFETCH(bool, isOffline);
        using Ending = SilentPort::Ending;
        const SilentPort port;
        std::thread other(
            [&] { port.hearAndEnd(words.toStdString(), isReset ? Ending::Reset : Ending::Close); });
        net::Peer peer = somePeer(pins());
        peer.server.port = port.port();
        const auto transport = net::CurlTransport::create(peer, {5s, 5s, 5s}).value();
        const auto arrival = exchange(*transport, "x");
        other.join();
        QCOMPARE(arrival.body.error().code, isOffline ? ErrorCode::Offline : ErrorCode::Untrusted);
        QCOMPARE(transport->traffic().sent, std::uint64_t{0});
    }

    void aServerThatCameBackIsReachedAgain()
    {
        const auto transport = makeTransport();
        QVERIFY(exchange(*transport, "x").body.has_value());
        const std::uint16_t port = m_server->port();
        m_server.reset();
        QCOMPARE(exchange(*transport, "x").body.error().code, ErrorCode::Offline);
        listen(m_serverKey.selfSignedCertificate("server").value(), port);
        const auto arrival = exchange(*transport, "x");
        QVERIFY2(
            arrival.body.has_value(), arrival.body ? "" : arrival.body.error().message.c_str());
    }

    void aServerMayBeSilentForAsLongAsItWasAskedTo()
    {
        m_handler->holdFor = 3s;
        const auto transport = net::CurlTransport::create(somePeer(pins()), {10s, 1s, 2s}).value();
        transport->post(ExchangeId{1}, Route::Pull, "x", 3s);
        QVERIFY(await(*transport).body.has_value());
        transport->post(ExchangeId{2}, Route::Pull, "x");
        QCOMPARE(await(*transport).body.error().code, ErrorCode::Offline);
    }

    void whatWasGivenUpNeverArrives()
    {
        m_handler->holdFor = 60s;
        const auto transport = makeTransport();
        for (std::uint64_t id = 1; id < 6; id += 2) {
            const int calls = m_handler->calls;
            transport->post(ExchangeId{id}, Route::Pull, "held", 60s);
            QTRY_VERIFY((transport->wait(10ms), !transport->poll() && m_handler->calls > calls));
            transport->giveUp(ExchangeId{id});
            transport->post(ExchangeId{id + 1}, Route::Push, "more");
            const Arrival arrival = await(*transport);
            QCOMPARE(arrival.exchange, ExchangeId{id + 1});
            QCOMPARE(arrival.body.value(), Bytes("more"));
        }
        QVERIFY(!transport->poll());
    }

    void wakeEndsAWaitOfAnotherThread()
    {
        const auto transport = makeTransport();
        QElapsedTimer timer;
        timer.start();
        std::thread waker([&] {
            std::this_thread::sleep_for(100ms);
            transport->wake();
        });
        transport->wait(10s);
        waker.join();
        QVERIFY(timer.elapsed() < 5'000);
    }

private:
    void listen(const std::string &certificate, std::uint16_t port = 0)
    {
        m_server.reset();
        auto server = http::HttpServer::listen({"127.0.0.1", port},
            {certificate, m_serverKey.toPem().value()}, *m_handler,
            [](const tend::server::LogEvent &) {});
        QVERIFY2(server.has_value(), server ? "" : server.error().message.c_str());
        m_server = *std::move(server);
        m_server->serve();
    }

    [[nodiscard]] std::vector<Bytes> pins() const
    {
        return {m_serverKey.publicKeyDigest().value()};
    }

    [[nodiscard]] net::Peer somePeer(std::vector<Bytes> pins) const
    {
        return {{"127.0.0.1", m_server ? m_server->port() : std::uint16_t{0}}, std::move(pins),
            m_key.selfSignedCertificate("device").value(), m_key.toPem().value()};
    }

    [[nodiscard]] std::unique_ptr<net::CurlTransport> makeTransport() const
    {
        return makeTransport(pins());
    }

    [[nodiscard]] std::unique_ptr<net::CurlTransport> makeTransport(std::vector<Bytes> pins) const
    {
        return net::CurlTransport::create(somePeer(std::move(pins))).value();
    }

    static Arrival exchange(net::CurlTransport &transport, Bytes request)
    {
        transport.post(ExchangeId{1}, Route::Push, std::move(request));
        return await(transport);
    }

    static Arrival await(net::CurlTransport &transport)
    {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 20'000) {
            if (auto arrival = transport.poll())
                return *std::move(arrival);
            transport.wait(100ms);
        }
        return {ExchangeId{1}, fail(ErrorCode::Io, "nothing arrived"), 0ms};
    }

    net::CurlGlobal m_curl;
    crypto::DeviceKey m_key = crypto::DeviceKey::generate().value();
    crypto::DeviceKey m_serverKey = crypto::DeviceKey::generate().value();
    std::unique_ptr<EchoHandler> m_handler;
    std::unique_ptr<http::HttpServer> m_server;
};

QTEST_GUILESS_MAIN(CurlTransportTest)
#include "curl_transport_test.moc"
