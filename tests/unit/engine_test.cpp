// The engine's talk: both ends work at once, and only where no answer can change what was prepared.
#include <QtTest>

#include "sync/engine/engine.h"
#include "tests/support/office.h"

using namespace replica;
using std::chrono::milliseconds;

namespace {

// Hands each request to the workspace when it is asked for the answer, and remembers how far the
// replica was when the request was made.
class Wire final : public Transport {
public:
    struct Asked {
        Route route{};
        std::size_t waiting = 0;
        Sequence cursor{};
        std::optional<PushRequest> push;
    };

    Wire(test::Office &office, test::Office::Desk &desk)
        : m_office(office)
        , m_desk(desk)
    {
    }

    void post(ExchangeId exchange, Route route, Bytes request, milliseconds) override
    {
        Asked now{route, m_desk.replica->records().unacceptedGroups()->size(),
            m_desk.replica->facts().cursor, std::nullopt};
        if (route == Route::Push)
            now.push = *decodePushRequest(request);
        asked.push_back(std::move(now));
        m_open = {exchange, std::move(request)};
    }

    void giveUp(ExchangeId exchange) override
    {
        ++givenUp;
        if (m_open && m_open->first == exchange)
            m_open.reset();
    }

    std::optional<Arrival> poll() override
    {
        // The server thinks for a while, so that there is time to prepare what comes next.
        if (!m_open || std::exchange(m_isThinking, !m_isThinking))
            return std::nullopt;
        const auto [exchange, octets] = *std::exchange(m_open, std::nullopt);
        if (isOffline)
            return Arrival{exchange, fail(ErrorCode::Offline, "cut"), {}};
        if (asked.back().route == Route::Pull) {
            auto request = *decodePullRequest(octets);
            request.bytesMax = pullBytes;
            const auto answer = m_office.workspace->pull(m_desk.device, request);
            return Arrival{exchange, encode(answer.value()), {}};
        }
        if (beforePush)
            beforePush();
        const auto answer
            = m_office.workspace->push(m_desk.device, *decodePushRequest(octets)).value();
        return Arrival{exchange, encode(answer), {}};
    }

    std::vector<Asked> asked;
    int givenUp = 0;
    std::uint64_t pullBytes = pageBytesAim;
    std::function<void()> beforePush;
    bool isOffline = false;

private:
    test::Office &m_office;
    test::Office::Desk &m_desk;
    std::optional<std::pair<ExchangeId, Bytes>> m_open;
    bool m_isThinking = true;
};

void writeVisits(test::Office &office, test::Office::Desk &desk, int count)
{
    const RowId customer = office.newId();
    QVERIFY(desk.replica
                ->commit({test::Office::row(
                    "customer", customer, ChangeKind::Insert, {{"name", std::string("Weber")}})})
                .has_value());
    for (int i = 0; i < count; ++i) {
        QVERIFY(desk.replica
                    ->commit({test::Office::row("visit", office.newId(), ChangeKind::Insert,
                        {{"customer_id", Blob{Bytes(customer.bytes())}},
                            {"kind", std::string("face_to_face")}, {"outcome", std::string("met")},
                            {"direction", std::string("us")},
                            {"started_at", std::int64_t{1'790'000'000'000}},
                            {"said", std::string(60'000, static_cast<char>('a' + i % 26))}})})
                    .has_value());
    }
}

// Until the engine rests.
void play(Engine &engine)
{
    const auto rounds = engine.status().rounds;
    for (int step = 0; step < 2000 && engine.status().rounds == rounds; ++step)
        QVERIFY(engine.step().has_value());
    QVERIFY(engine.status().rounds > rounds);
}

}  // namespace

class EngineTest : public QObject {
    Q_OBJECT

private slots:

    void theNextPushGoesOutBeforeTheLastReceiptsAreTaken()
    {
        test::Office office;
        auto &rep = office.join("Rep", "rep");
        writeVisits(office, rep, 30);
        Wire wire(office, rep);
        Engine engine(*rep.replica, wire, office.clock, rep.random);
        play(engine);

        std::vector<Wire::Asked> pushes;
        std::copy_if(wire.asked.begin(), wire.asked.end(), std::back_inserter(pushes),
            [](const Wire::Asked &one) { return one.route == Route::Push; });
        QVERIFY(pushes.size() >= 3);
        std::uint64_t counter = 0;
        for (const Wire::Asked &one : pushes) {
            for (const Group &group : one.push->groups)
                QCOMPARE(raw(group.header.id.counter), ++counter);
        }
        QCOMPARE(counter, 31U);
        // When the second was sent, all of the first still waited for their receipts here.
        QCOMPARE(pushes[1].waiting, 31U);
        QCOMPARE(pushes[2].waiting, 31U - pushes[0].push->groups.size());
        QCOMPARE(wire.givenUp, 0);
        QVERIFY(!*rep.replica->records().hasUnaccepted());
        QCOMPARE(engine.status().pushed, 31U);
    }

    void nothingIsSentAheadWhereTheServerRefusesAStamp()
    {
        test::Office office;
        auto &rep = office.join("Rep", "rep");
        office.sync(rep);
        const WallTime right = office.clock.now;
        office.clock.now = WallTime{inMs(right) + 900'000};  // the device's clock is fast
        writeVisits(office, rep, 20);
        office.clock.now = right;
        Wire wire(office, rep);
        Engine engine(*rep.replica, wire, office.clock, rep.random);
        play(engine);
        QVERIFY(wire.asked.size() > 3);
        // The first was answered with "restamp"; what follows begins anew, at the first counter.
        QVERIFY(wire.asked[0].push && wire.asked[1].push);
        QVERIFY(wire.asked[0].push->groups.front().header.id
            == wire.asked[1].push->groups.front().header.id);
        QVERIFY(wire.asked[1].push->groups.front().header.stamp
            < wire.asked[0].push->groups.front().header.stamp);
        QVERIFY(!*rep.replica->records().hasUnaccepted());
        QVERIFY(office.workspace->verify()->empty());
    }

    void nothingIsSentAheadOfARefusal()
    {
        test::Office office;
        auto &rep = office.join("Rep", "rep");
        int pushes = 0;
        office.workspace->setRights(
            [&](const tend::server::Device &, const Change &change) -> std::optional<std::string> {
                if (change.table == test::Office::schema().table("customer")->id)
                    return "not today";
                return std::nullopt;
            });
        writeVisits(office, rep, 20);
        Wire wire(office, rep);
        wire.beforePush = [&] {
            ++pushes;
        };
        Engine engine(*rep.replica, wire, office.clock, rep.random);
        play(engine);
        QVERIFY(pushes >= 2);
        // When the second was made, the refusal had been taken in already.
        QCOMPARE(wire.asked[1].waiting, 21U - wire.asked[0].push->groups.size());
        QCOMPARE(engine.status().refused, 1U);
        QVERIFY(!*rep.replica->records().hasUnaccepted());
    }

    void theNextPageIsAskedForBeforeTheLastOneIsTaken()
    {
        test::Office office;
        auto &rep = office.join("Rep", "rep");
        auto &other = office.join("Other", "rep");
        office.sync(rep);
        office.sync(other);
        writeVisits(office, rep, 12);
        office.sync(rep);
        Wire wire(office, other);
        wire.pullBytes = 100'000;
        Engine engine(*other.replica, wire, office.clock, other.random);
        play(engine);
        QVERIFY(wire.asked.size() > 5);
        // Each was sent while the replica still stood where the one before had found it.
        QVERIFY(wire.asked[1].cursor == wire.asked[0].cursor);
        QVERIFY(wire.asked[3].cursor < wire.asked[4].cursor);
        QCOMPARE(wire.givenUp, 0);
        QVERIFY(*other.replica->records().rowIds(test::Office::schema().table("visit")->id)
            == *rep.replica->records().rowIds(test::Office::schema().table("visit")->id));
    }

    void aFillIsAskedForAheadAndWhatFollowsAnotherViewIsNot()
    {
        test::Office office;
        auto &rep = office.join("Rep", "rep");
        writeVisits(office, rep, 12);
        office.sync(rep);
        auto &late = office.join("Late", "rep");
        Wire wire(office, late);
        wire.pullBytes = 100'000;
        Engine engine(*late.replica, wire, office.clock, late.random);
        play(engine);
        QVERIFY(wire.asked.size() > 5);
        QVERIFY(*late.replica->records().rowIds(test::Office::schema().table("visit")->id)
            == *rep.replica->records().rowIds(test::Office::schema().table("visit")->id));
        QVERIFY(office.workspace->verify()->empty());
    }

    void aCutForgetsWhatWasPreparedAndNothingIsLost()
    {
        test::Office office;
        auto &rep = office.join("Rep", "rep");
        writeVisits(office, rep, 30);
        Wire wire(office, rep);
        int pushes = 0;
        wire.beforePush = [&] {
            wire.isOffline = ++pushes == 2;
        };
        Engine engine(*rep.replica, wire, office.clock, rep.random);
        for (int step = 0; step < 200 && engine.status().failures == 0; ++step)
            QVERIFY(engine.step().has_value());
        QCOMPARE(engine.status().failures, 1U);
        wire.isOffline = false;
        wire.beforePush = {};
        engine.syncSoon();
        play(engine);
        QVERIFY(!*rep.replica->records().hasUnaccepted());
        QCOMPARE(engine.status().pushed, 31U);
        QVERIFY(office.workspace->verify()->empty());
    }
};

QTEST_GUILESS_MAIN(EngineTest)
#include "engine_test.moc"
