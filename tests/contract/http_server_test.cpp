#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <thread>

#include <QtTest>

#include "server-stub/http/http_server.h"
#include "sync/base/random.h"
#include "sync/protocol/compression.h"
#include "tests/support/raw_tls.h"

using namespace replica;
using namespace std::chrono_literals;
using test::RawTls;
using test::request;
using test::statusOf;

namespace http = tend::server::http;

namespace {

// Answers what it is told to; can be held up.
class FakeHandler final : public http::Handler {
public:
    std::optional<http::Problem> objection(const http::Caller &caller, Route) override
    {
        if (caller.keyDigest.empty())
            return http::Problem{401, "This device may not sync here.", {}};
        m_lastKey = caller.keyDigest;
        return std::nullopt;
    }

    http::Reply answer(const http::Caller &, Route route, const Bytes &body) override
    {
        ++calls;
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return !m_isHeld; });
        if (problem)
            return {{}, problem};
        http::Reply reply{"got " + std::to_string(body.size()), std::nullopt};
        if (route == Route::Pull && holdFor.load() > 0ms)
            reply.hold = http::Hold{holdFor, [this] {
                                        return hasNews.load();
                                    }};
        return reply;
    }

    void hold()
    {
        const std::lock_guard lock(m_mutex);
        m_isHeld = true;
    }

    void release()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isHeld = false;
        }
        m_wake.notify_all();
    }

    [[nodiscard]] const Bytes &lastKey() const { return m_lastKey; }

    std::atomic<int> calls = 0;
    std::optional<http::Problem> problem;
    std::atomic<std::chrono::milliseconds> holdFor{0ms};  // pulls, while there is no news
    std::atomic<bool> hasNews = false;

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isHeld = false;
    Bytes m_lastKey;
};

constexpr const char *allRoutes[]
    = {"/v1/push", "/v1/pull", "/v1/enrol", "/v1/file-state", "/v1/file-put", "/v1/file-get"};

QByteArray bytes(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

}  // namespace

// The HTTP server before a handler that holds no workspace, over real TLS on loopback.
class HttpServerTest : public QObject {
    Q_OBJECT

private slots:

    void initTestCase()
    {
        static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
        // Both ends of every connection are in this process.
        rlimit limit{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    }

    void init() { listen({}); }

    void cleanup()
    {
        m_handler->release();
        m_server.reset();
        m_handler.reset();
    }

    void aRequestReachesTheHandlerWithItsKey()
    {
        const auto client = connect();
        for (const char *route : allRoutes) {
            QVERIFY(client->send(request(route, "12345")));
            const std::string answer = client->receive();
            QCOMPARE(statusOf(answer), 200);
            QVERIFY(answer.ends_with("\r\n\r\ngot 5"));
        }
        QVERIFY(m_handler->lastKey() == m_key.publicKeyDigest().value());
    }

    void aPackedBodyIsUnpacked()
    {
        const auto client = connect();
        const Bytes packed = deflate(Bytes(100'000, 'x')).value();
        QVERIFY(client->send(request("/v1/push", packed, "Content-Encoding: zstd\r\n")));
        QVERIFY(client->receive().ends_with("got 100000"));
    }

    void everyRouteRefusesBadInput_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<int>("status");
        for (const std::string route : allRoutes) {
            const auto row = [&](const char *what, const std::string &octets, int status) {
                QTest::newRow((route + ": " + what).c_str()) << bytes(octets) << status;
            };
            const std::string post = "POST " + route + " HTTP/1.1\r\nHost: s\r\n";
            const std::string kind = "Content-Type: application/x-protobuf\r\n";
            row("another method", "GET " + route + " HTTP/1.1\r\nHost: s\r\n\r\n", 405);
            row("no method", "BREW " + route + " HTTP/1.1\r\nHost: s\r\n\r\n", 405);
            row("no HTTP", route + " please\r\n\r\n", 400);
            row("another type", post + "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx",
                415);
            row("no type", post + "Content-Length: 1\r\n\r\nx", 415);
            row("another encoding", request(route, "x", "Content-Encoding: gzip\r\n"), 415);
            row("negative length", post + kind + "Content-Length: -1\r\n\r\n", 400);
            row("no number", post + kind + "Content-Length: x\r\n\r\n", 400);
            row("two lengths", post + kind + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                400);
            row("length and chunks",
                post + kind + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400);
            row("bad chunk", post + kind + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
            row("long header", post + "X: " + std::string(20'000, 'x') + "\r\n\r\n", 431);
            row("megabyte of header", post + "X: " + std::string(1U << 20U, 'x') + "\r\n\r\n", 431);
            row("body too long", request(route, std::string(replica::wireBytesMax + 1, 'x')), 413);
            row("body far too long", request(route, std::string(8U << 20U, 'x')), 413);
            row("claims too much", post + kind + "Content-Length: 99999999999\r\n\r\n", 413);
            row("chunks too long",
                post + kind + "Transfer-Encoding: chunked\r\n\r\n200000\r\n"
                    + std::string(2U << 20U, 'x') + "\r\n0\r\n\r\n",
                413);
            row("bomb",
                request(
                    route, deflate(Bytes(100U << 20U, '\0')).value(), "Content-Encoding: zstd\r\n"),
                413);
            row("no zstd", request(route, "not packed at all", "Content-Encoding: zstd\r\n"), 400);
        }
        QTest::newRow("unknown path") << bytes(request("/v1/other", "x")) << 404;
        QTest::newRow("root") << QByteArray("GET / HTTP/1.1\r\nHost: s\r\n\r\n") << 404;
        QTest::newRow("posted health") << bytes(request("/healthz", "x")) << 405;
    }

    void everyRouteRefusesBadInput()
    {
        QFETCH(QByteArray, octets);
        QFETCH(int, status);
        const auto client = connect();
        client->send(octets.toStdString());
        const std::string answer = client->receive();
        QCOMPARE(statusOf(answer), status);
        QVERIFY(answer.find("Content-Type: application/problem+json") != std::string::npos);
        QVERIFY(answer.find("\"status\":" + std::to_string(status)) != std::string::npos);
        QVERIFY(answer.find("\"detail\":\"") != std::string::npos);
        QCOMPARE(m_handler->calls.load(), 0);
        // And the server is as well as before.
        const auto next = connect();
        QVERIFY(next->send(request("/v1/pull", "x")));
        QCOMPARE(statusOf(next->receive()), 200);
    }

    void everyRouteRefusesWhoShowsNoKey()
    {
        const auto client = RawTls::connect(m_server->port(), {});
        for (const char *route : allRoutes) {
            QVERIFY(client->send(request(route, "x")));
            const std::string answer = client->receive();
            QCOMPARE(statusOf(answer), 401);
            QVERIFY(answer.find("This device may not sync here.") != std::string::npos);
        }
        QCOMPARE(m_handler->calls.load(), 0);
    }

    void aStrangersBombIsNotEvenUnpacked()
    {
        const auto client = RawTls::connect(m_server->port(), {});
        const Bytes bomb = deflate(Bytes(100U << 20U, '\0')).value();
        QVERIFY(client->send(request("/v1/push", bomb, "Content-Encoding: zstd\r\n")));
        QCOMPARE(statusOf(client->receive()), 401);
    }

    void olderTlsIsRefused()
    {
        QVERIFY(!RawTls::connect(m_server->port(), {&m_key, TLS1_2_VERSION, 5s}));
    }

    void healthIsToldToAnybody()
    {
        const auto client = RawTls::connect(m_server->port(), {});
        QVERIFY(client->send("GET /healthz HTTP/1.1\r\nHost: s\r\n\r\n"));
        const std::string answer = client->receive();
        QVERIFY(statusOf(answer) == 200 && answer.ends_with("\r\n\r\nok\n"));
    }

    void aFullDiskIsSaidClearly()
    {
        m_handler->problem
            = http::Problem{507, "The server's disk is full: nothing was stored.", 60s, "cause"};
        const auto client = connect();
        QVERIFY(client->send(request("/v1/push", "x")));
        const std::string answer = client->receive();
        QCOMPARE(statusOf(answer), 507);
        QVERIFY(answer.find("Retry-After: 60\r\n") != std::string::npos);
        QVERIFY(answer.find("disk is full") != std::string::npos);
        QVERIFY(answer.find("cause") == std::string::npos);
    }

    void aSlowRequestIsCutOff()
    {
        listen({.requestWithin = 300ms});
        const auto client = connect();
        QElapsedTimer timer;
        timer.start();
        const std::string octets = request("/v1/push", "x");
        for (std::size_t at = 0; at < 20 && client->send(octets.substr(at, 1)); ++at)
            std::this_thread::sleep_for(50ms);
        QVERIFY(client->isEnded());
        QVERIFY(timer.elapsed() < 3000);
        QCOMPARE(m_handler->calls.load(), 0);
    }

    void anIdleConnectionIsClosed()
    {
        listen({.idleFor = 300ms});
        const auto client = connect();
        QVERIFY(client->send(request("/v1/push", "x")));
        QCOMPARE(statusOf(client->receive()), 200);
        QVERIFY(client->isEnded());
    }

    void aFullQueueIsBusy()
    {
        listen({.queueMax = 1});
        m_handler->hold();
        const auto working = connect();
        QVERIFY(working->send(request("/v1/push", "x")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        std::vector<std::unique_ptr<RawTls>> more;
        for (int count = 0; count < 2; ++count) {
            more.push_back(connect());
            QVERIFY(more.back()->send(request("/v1/push", "x")));
            std::this_thread::sleep_for(100ms);
        }
        const std::string answer = more.back()->receive();
        QCOMPARE(statusOf(answer), 503);
        QVERIFY(answer.find("Retry-After: 1\r\n") != std::string::npos);
        m_handler->release();
        QCOMPARE(statusOf(working->receive()), 200);
        QCOMPARE(statusOf(more.front()->receive()), 200);
    }

    void sixHundredConnectionsAreServedOrTurnedAway()
    {
        std::vector<std::unique_ptr<RawTls>> clients;
        for (int count = 0; count < 600; ++count)
            clients.push_back(connect());
        int served = 0;
        int turnedAway = 0;
        for (const auto &client : clients) {
            QVERIFY(client && client->send(request("/v1/pull", "x")));
            const int status = statusOf(client->receive());
            served += status == 200 ? 1 : 0;
            turnedAway += status == 503 ? 1 : 0;
        }
        QCOMPARE(served, 512);
        QCOMPARE(turnedAway, 88);
        clients.clear();
        QTRY_VERIFY(connect()->send(request("/v1/pull", "x")));
    }

    void drainingFinishesWhatIsUnderWay()
    {
        m_handler->hold();
        const auto working = connect();
        const auto idle = connect();
        QVERIFY(working->send(request("/v1/push", "x")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        std::thread draining([this] { m_server->drain(); });
        std::this_thread::sleep_for(300ms);
        const bool isIdleEnded = idle->isEnded();
        const bool isRefused = !RawTls::connect(m_server->port(), {&m_key, 0, 1s});
        m_handler->release();
        const std::string answer = working->receive();
        draining.join();
        QVERIFY(isIdleEnded);
        QVERIFY(isRefused);
        QCOMPARE(statusOf(answer), 200);
        QVERIFY(answer.find("Connection: close") != std::string::npos);
    }

    void aHeldRequestIsAnsweredWhenSomethingHappened()
    {
        m_handler->holdFor = 60s;
        const auto waiting = connect();
        QVERIFY(waiting->send(request("/v1/pull", "12345")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        // The thread that works is free meanwhile.
        const auto other = RawTls::connect(m_server->port(), {&m_otherKey, 0, 10s});
        QVERIFY(other->send(request("/v1/push", "x")));
        QCOMPARE(statusOf(other->receive()), 200);
        m_handler->holdFor = 0ms;
        m_handler->hasNews = true;
        QVERIFY(waiting->receive().ends_with("got 5"));
        QCOMPARE(m_handler->calls.load(), 3);  // asked again, since something happened
        // The connection goes on.
        QVERIFY(waiting->send(request("/v1/push", "x")));
        QCOMPARE(statusOf(waiting->receive()), 200);
    }

    void aHeldRequestIsAnsweredWhenItsTimeIsOver()
    {
        m_handler->holdFor = 200ms;
        const auto waiting = connect();
        QVERIFY(waiting->send(request("/v1/pull", "12345")));
        QVERIFY(waiting->receive().ends_with("got 5"));
        QCOMPARE(m_handler->calls.load(), 2);
        QVERIFY(waiting->send(request("/v1/pull", "123")));
        QVERIFY(waiting->receive().ends_with("got 3"));
    }

    void whoAsksSomethingElseWaitsNoMore()
    {
        m_handler->holdFor = 60s;
        const auto waiting = connect();
        QVERIFY(waiting->send(request("/v1/pull", "12345")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        const auto another = connect();
        QVERIFY(another->send(request("/v1/push", "x")));
        QCOMPARE(statusOf(another->receive()), 200);
        QVERIFY(waiting->receive().ends_with("got 5"));
        QVERIFY(another->send(request("/v1/pull", "123")));
        QTRY_COMPARE(m_handler->calls.load(), 3);
        QVERIFY(waiting->send(request("/v1/pull", "1234")));
        QVERIFY(another->receive().ends_with("got 3"));
    }

    void onlySoManyAreHeld()
    {
        listen({.heldMax = 1});
        m_handler->holdFor = 60s;
        const auto waiting = connect();
        QVERIFY(waiting->send(request("/v1/pull", "12345")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        const auto other = RawTls::connect(m_server->port(), {&m_otherKey, 0, 10s});
        QVERIFY(other->send(request("/v1/pull", "x")));
        QVERIFY(other->receive().ends_with("got 1"));
    }

    void whoLeavesIsHeldNoMore()
    {
        listen({.heldMax = 1});
        m_handler->holdFor = 60s;
        auto waiting = connect();
        QVERIFY(waiting->send(request("/v1/pull", "12345")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        waiting.reset();
        // Its place is free again: somebody else is held, not answered.
        const auto other = RawTls::connect(m_server->port(), {&m_otherKey, 0, 300ms});
        bool isHeld = false;
        // The server hears of it when it comes to that; a busy machine takes its time.
        const QDeadlineTimer enough(30s);
        while (!isHeld && !enough.hasExpired()) {
            QVERIFY(other->send(request("/v1/pull", "x")));
            isHeld = other->receive().empty();
            if (!isHeld)
                QTest::qSleep(20);
        }
        QVERIFY(isHeld);
    }

    void drainingAnswersWhatIsHeld()
    {
        m_handler->holdFor = 60s;
        const auto waiting = connect();
        QVERIFY(waiting->send(request("/v1/pull", "12345")));
        QTRY_COMPARE(m_handler->calls.load(), 1);
        m_server->drain();
        const std::string answer = waiting->receive();
        QVERIFY(answer.ends_with("got 5"));
        QVERIFY(answer.find("Connection: close") != std::string::npos);
    }

    void anAddressInUseIsSaid()
    {
        const auto second
            = http::HttpServer::listen({"127.0.0.1", m_server->port()}, identity(), *m_handler, {});
        QVERIFY(!second && second.error().code == ErrorCode::Io);
        QVERIFY(second.error().message.find("cannot listen at 127.0.0.1:") != std::string::npos);
    }

private:
    void listen(const http::Limits &limits)
    {
        m_server.reset();
        m_handler = std::make_unique<FakeHandler>();
        auto server = http::HttpServer::listen(
            {"127.0.0.1", 0}, identity(), *m_handler, [](const tend::server::LogEvent &) {},
            limits);
        QVERIFY(server.has_value());
        m_server = *std::move(server);
        m_server->serve();
    }

    [[nodiscard]] http::Identity identity() const
    {
        return {m_serverKey.selfSignedCertificate("server").value(), m_serverKey.toPem().value()};
    }

    [[nodiscard]] std::unique_ptr<RawTls> connect() const
    {
        return RawTls::connect(m_server->port(), {&m_key, 0, 10s});
    }

    crypto::DeviceKey m_key = crypto::DeviceKey::generate().value();
    crypto::DeviceKey m_otherKey = crypto::DeviceKey::generate().value();
    crypto::DeviceKey m_serverKey = crypto::DeviceKey::generate().value();
    std::unique_ptr<FakeHandler> m_handler;
    std::unique_ptr<http::HttpServer> m_server;
};

QTEST_GUILESS_MAIN(HttpServerTest)
#include "http_server_test.moc"
