#include <QtTest>

#include "server-stub/service.h"
#include "sync/protocol/body.h"
#include "tests/support/memory_store.h"

using namespace replica;
using namespace tend::server;
using namespace std::chrono_literals;

namespace {

constexpr const char *tables = R"({"tables": [
  {"id": 2, "name": "member", "writer": "server", "columns": [
    {"id": 1, "name": "name", "required": true}, {"id": 2, "name": "role", "required": true},
    {"id": 4, "name": "active", "type": "boolean"}]},
  {"id": 3, "name": "device", "writer": "server", "columns": [
    {"id": 1, "name": "member_id", "type": "id", "required": true}, {"id": 2, "name": "name", "required": true},
    {"id": 3, "name": "revoked_at", "type": "time"}]},
  {"id": 19, "name": "tag", "columns": [{"id": 1, "name": "name", "required": true}]}]})";

constexpr TableId tagTable{19};

struct SteppedClock final : Clock {
    [[nodiscard]] WallTime wallNow() override { return WallTime{1'790'000'000'000 + nowMs}; }

    [[nodiscard]] MonotonicTime monotonicNow() override { return MonotonicTime{nowMs}; }

    std::int64_t nowMs = 0;
};

}  // namespace

// What the routes mean, without a network.
class ServiceTest : public QObject {
    Q_OBJECT

private slots:

    void init()
    {
        m_store = std::make_unique<test::MemorySharedStore>();
        m_workspace = Workspace::create(*m_store, m_schema, m_clock, m_random, "Test").value();
        m_service = std::make_unique<Service>(*m_workspace, m_clock, [](const LogEvent &) {});
    }

    void anUnknownAndARevokedKeyGetTheSameWords()
    {
        const EnrolAnswer joined = join("phone");
        QVERIFY(m_workspace->revoke(joined.device).has_value());
        for (const Route route : {Route::Push, Route::Pull}) {
            const auto revoked = m_service->objection(caller("phone"), route);
            const auto unknown = m_service->objection(caller("stranger"), route);
            const auto keyless = m_service->objection({{}, "10.0.0.1"}, route);
            QVERIFY(revoked && unknown && keyless);
            QCOMPARE(revoked->status, 401);
            QCOMPARE(revoked->detail, unknown->detail);
            QCOMPARE(revoked->detail, keyless->detail);
            QVERIFY(revoked->status == unknown->status && revoked->status == keyless->status);
        }
    }

    void revocationHoldsAtTheNextRequest()
    {
        const EnrolAnswer joined = join("phone");
        QVERIFY(!m_service->objection(caller("phone"), Route::Pull));
        QVERIFY(m_workspace->revoke(joined.device).has_value());
        QVERIFY(m_service->objection(caller("phone"), Route::Pull).has_value());
    }

    void onlyAPullWithNothingNewIsHeld()
    {
        const EnrolAnswer joined = join("phone");
        PullRequest request;
        request.incarnation = Incarnation{1};
        request.epoch = joined.server.epochs.back().id;
        const auto ask = [&] {
            static_cast<void>(m_service->objection(caller("phone"), Route::Pull));
            return m_service->answer(caller("phone"), Route::Pull, encode(request));
        };
        request.waitMs = 90'000;
        const http::Reply first = ask();
        QVERIFY(!first.problem && !first.hold);
        const PullAnswer told = decodePullAnswer(first.body).value();
        request.cursor = told.to;
        request.view = told.view;
        request.waitMs = 0;
        QVERIFY(!ask().hold);
        request.waitMs = 90'000;
        const http::Reply held = ask();
        QVERIFY(held.hold.has_value());
        QVERIFY(held.hold->atMost == Service::holdMax);
        QVERIFY(!held.hold->isOver());
        static_cast<void>(join("laptop"));
        QVERIFY(held.hold->isOver());
        QVERIFY(!ask().hold);
    }

    void pushesThatWaitTogetherAreDurableTogether()
    {
        const Bytes one = pushOf(join("phone"), Sequence{0});
        const Bytes other = pushOf(join("laptop"), Sequence{0});
        const auto before = commits();
        const auto replies = askTogether({{"phone", one}, {"laptop", other}});
        QCOMPARE(commits(), before + 1);
        for (const http::Reply &reply : replies) {
            QVERIFY(!reply.problem);
            const PushAnswer answer = decodePushAnswer(reply.body).value();
            QCOMPARE(answer.verdicts.size(), std::size_t{1});
            QVERIFY(answer.verdicts.front().kind == VerdictKind::Accepted);
        }
        QCOMPARE(m_store->records().rowIds(tagTable)->size(), std::size_t{2});
    }

    void noPushPaysForAnother_data()
    {
        QTest::addColumn<int>("bad");
        for (int place = 0; place < 3; ++place)
            QTest::addRow("the bad one is number %d", place + 1) << place;
    }

    void noPushPaysForAnother()
    {
        QFETCH(int, bad);
        const std::string names[] = {"phone", "laptop", "tablet"};
        std::vector<std::pair<std::string, Bytes>> pushes;
        for (int place = 0; place < 3; ++place) {
            // One claims to have seen what is not there.
            const Sequence base{place == bad ? 1'000'000U : 0U};
            pushes.emplace_back(names[place], pushOf(join(names[place]), base));
        }
        pushes.emplace_back("phone", "\xff\xff garbage");
        const auto replies = askTogether(pushes);
        for (int place = 0; place < 3; ++place) {
            const http::Reply &reply = replies.at(static_cast<std::size_t>(place));
            QCOMPARE(reply.problem ? reply.problem->status : 200, place == bad ? 400 : 200);
        }
        QCOMPARE(replies.back().problem->status, 400);
        QCOMPARE(m_store->records().rowIds(tagTable)->size(), std::size_t{2});
        QVERIFY(m_workspace->verify()->empty());
    }

    void garbageIsMalformedOnEveryRoute()
    {
        static_cast<void>(join("phone"));
        for (const Route route : {Route::Push, Route::Pull, Route::Enrol}) {
            QVERIFY(!m_service->objection(caller("phone"), route));
            QCOMPARE(
                m_service->answer(caller("phone"), route, "\xff\xff garbage").problem->status, 400);
        }
    }

    void anotherVersionIsSaid()
    {
        static_cast<void>(join("phone"));
        PushRequest push;
        PullRequest pull;
        EnrolRequest enrol;
        push.version = pull.version = enrol.version = protocolVersion + 1;
        QCOMPARE(statusOf(Route::Push, encode(push)), 426);
        QCOMPARE(statusOf(Route::Pull, encode(pull)), 426);
        QCOMPARE(statusOf(Route::Enrol, encode(enrol)), 426);
    }

    void anInvitationThatIsNoGoodIsRefusedInWords_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("expired") << "expired"
                                 << "has expired";
        QTest::newRow("used") << "used"
                              << "was used already";
        QTest::newRow("unknown") << "unknown"
                                 << "is not known here";
        QTest::newRow("none") << "none"
                              << "is not known here";
    }

    void anInvitationThatIsNoGoodIsRefusedInWords()
    {
        QFETCH(QString, how);
        QFETCH(QString, sentence);
        EnrolRequest request{protocolVersion, invitation(), "tablet"};
        if (how == "expired")
            m_clock.nowMs += 8LL * 24 * 3600 * 1000;
        if (how == "used")
            QVERIFY(!m_service->answer(caller("phone"), Route::Enrol, encode(request)).problem);
        if (how == "unknown")
            request.secret = Bytes(32, 'x');
        if (how == "none")
            request.secret.clear();
        const auto reply = m_service->answer(caller("tablet"), Route::Enrol, encode(request));
        QCOMPARE(reply.problem->status, 403);
        QVERIFY(QString::fromStdString(reply.problem->detail).contains(sentence));
        QVERIFY(!m_store->deviceByKey(caller("tablet").keyDigest).value());
    }

    void strangersMayTryTenTimesAMinuteFromOneAddress()
    {
        for (int attempt = 0; attempt < 10; ++attempt)
            QVERIFY(!m_service->objection(caller("stranger"), Route::Enrol));
        const auto limited = m_service->objection(caller("another"), Route::Enrol);
        QVERIFY(limited && limited->status == 429 && limited->retryAfter > 0s
            && limited->retryAfter <= 61s);
        QVERIFY(!m_service->objection({Bytes(32, 'x'), "10.0.0.2"}, Route::Enrol));
        m_clock.nowMs += 60'000;
        QVERIFY(!m_service->objection(caller("stranger"), Route::Enrol));
    }

    void errorsOfTheServersOwnAreNotTold_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("status");
        QTest::newRow("full") << static_cast<int>(ErrorCode::Full) << 507;
        QTest::newRow("busy") << static_cast<int>(ErrorCode::Busy) << 503;
        QTest::newRow("corrupt") << static_cast<int>(ErrorCode::Corrupt) << 500;
        QTest::newRow("io") << static_cast<int>(ErrorCode::Io) << 500;
        QTest::newRow("wrong database key") << static_cast<int>(ErrorCode::Unauthorized) << 500;
        QTest::newRow("constraint") << static_cast<int>(ErrorCode::Conflict) << 500;
    }

    void errorsOfTheServersOwnAreNotTold()
    {
        QFETCH(int, code);
        QFETCH(int, status);
        const auto problem = problemOf({static_cast<ErrorCode>(code), "/srv/tend: table row 7"});
        QCOMPARE(problem.status, status);
        QVERIFY(problem.detail.find("/srv/tend") == std::string::npos);
        QCOMPARE(problem.log, std::string("/srv/tend: table row 7"));
    }

private:
    static http::Caller caller(const std::string &name)
    {
        return {name + Bytes(32 - name.size(), '.'), "10.0.0.1"};
    }

    // One new row.
    [[nodiscard]] Bytes pushOf(const EnrolAnswer &joined, Sequence base)
    {
        PushRequest request;
        request.epoch = joined.server.epochs.back().id;
        request.incarnation = Incarnation{7};
        request.attempt = 1;
        Group group;
        group.header.id = {joined.device, Incarnation{7}, Counter{1}};
        group.header.stamp = stampAt(m_clock.wallNow());
        group.header.base = base;
        group.body = encodeBody({{tagTable, makeUuid7(m_clock.wallNow(), m_random),
            ChangeKind::Insert, {{ColumnId{1}, std::string("new")}}}});
        request.groups.push_back(std::move(group));
        return encode(request);
    }

    [[nodiscard]] std::vector<http::Reply> askTogether(
        const std::vector<std::pair<std::string, Bytes>> &pushes)
    {
        std::vector<http::Caller> callers;
        for (const auto &[name, body] : pushes) {
            callers.push_back(caller(name));
            static_cast<void>(m_service->objection(callers.back(), Route::Push));
        }
        std::vector<http::Request> requests;
        for (std::size_t i = 0; i < pushes.size(); ++i)
            requests.push_back({callers[i], Route::Push, pushes[i].second});
        std::vector<http::Reply> replies(pushes.size());
        m_service->answerAll(
            requests, [&](std::size_t at, http::Reply reply) { replies[at] = std::move(reply); });
        return replies;
    }

    [[nodiscard]] std::size_t commits()
    {
        return static_cast<test::MemoryRecords &>(m_store->records()).commits();
    }

    [[nodiscard]] Bytes invitation()
    {
        return m_workspace
            ->invite({"Ann", "rep"}, WallTime{inMs(m_clock.wallNow()) + 7LL * 24 * 3600 * 1000})
            .value();
    }

    [[nodiscard]] EnrolAnswer join(const std::string &device)
    {
        const Bytes request = encode(EnrolRequest{protocolVersion, invitation(), device});
        return decodeEnrolAnswer(m_service->answer(caller(device), Route::Enrol, request).body)
            .value();
    }

    [[nodiscard]] int statusOf(Route route, const Bytes &body)
    {
        if (m_service->objection(caller("phone"), route))
            return 0;
        const auto reply = m_service->answer(caller("phone"), route, body);
        return reply.problem ? reply.problem->status : 200;
    }

    Schema m_schema = Schema::parse(tables).value();
    SteppedClock m_clock;
    SeededRandom m_random{1};
    std::unique_ptr<test::MemorySharedStore> m_store;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Service> m_service;
};

QTEST_APPLESS_MAIN(ServiceTest)
#include "service_test.moc"
