// When the watchdog calls for a new engine, and when it keeps still.
#include <QtTest>

#include "sync/engine/watchdog.h"

using namespace replica;

namespace {

constexpr std::int64_t minute = 60'000;

MonotonicTime at(std::int64_t minutes)
{
    return MonotonicTime{1'000'000 + minutes * minute};
}

EngineStatus answering(std::size_t pushed = 0)
{
    EngineStatus status;
    status.phase = EnginePhase::Resting;
    status.pushed = pushed;
    return status;
}

}  // namespace

class WatchdogTest : public QObject {
    Q_OBJECT

private slots:

    void nothingToSendIsNeverStuck()
    {
        Watchdog watchdog;
        for (int minutes = 0; minutes < 60; ++minutes)
            QVERIFY(!watchdog.look(answering(), false, at(minutes)));
        QVERIFY(!watchdog.stuckSince());
    }

    void whatWaitsTenMinutesThoughTheServerAnswersIsStuck()
    {
        Watchdog watchdog;
        for (int minutes = 5; minutes < 15; ++minutes) {
            QVERIFY(!watchdog.look(answering(), true, at(minutes)));
            QVERIFY(!watchdog.stuckSince());
        }
        QVERIFY(watchdog.look(answering(), true, at(15)));
        QVERIFY(watchdog.stuckSince() == at(5));
        // The new engine gets its time too, and the person goes on being told.
        for (int minutes = 16; minutes < 25; ++minutes) {
            QVERIFY(!watchdog.look(answering(), true, at(minutes)));
            QVERIFY(watchdog.stuckSince() == at(5));
        }
        QVERIFY(watchdog.look(answering(), true, at(25)));
        // Something went out at last.
        QVERIFY(!watchdog.look(answering(1), true, at(26)));
        QVERIFY(!watchdog.stuckSince());
    }

    void aLinkMadeAnewCountsFromNothing()
    {
        Watchdog watchdog;
        QVERIFY(!watchdog.look(answering(500), true, at(0)));
        for (int minutes = 1; minutes <= 10; ++minutes)
            QVERIFY(!watchdog.look(answering(500), true, at(minutes)));
        QVERIFY(watchdog.look(answering(500), true, at(11)));
        // The new engine's count is lower; that is no progress.
        QVERIFY(!watchdog.look(answering(0), true, at(12)));
        QVERIFY(watchdog.stuckSince() == at(1));
    }

    void eachPieceSentBeginsThePatienceAnew()
    {
        Watchdog watchdog;
        for (int minutes = 0; minutes < 60; ++minutes)
            QVERIFY(!watchdog.look(
                answering(static_cast<std::size_t>(minutes) / 9), true, at(minutes)));
        QVERIFY(!watchdog.stuckSince());
    }

    void aKnownReasonIsSaidByItself_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("isExplained");
        for (const auto &[name, code, isExplained] :
            {std::tuple{"offline", ErrorCode::Offline, true},
                std::tuple{"must join again", ErrorCode::Unauthorized, true},
                std::tuple{"another server", ErrorCode::Untrusted, true},
                std::tuple{"too new", ErrorCode::TooNew, true},
                std::tuple{"busy all the time", ErrorCode::Busy, false},
                std::tuple{"refuses with no reason", ErrorCode::Refused, false}})
            QTest::newRow(name) << static_cast<int>(code) << isExplained;
    }

    void aKnownReasonIsSaidByItself()
    {
        QFETCH(int, code);
        QFETCH(bool, isExplained);
        Watchdog watchdog;
        EngineStatus status;
        status.phase = EnginePhase::Waiting;
        status.problem = Error{static_cast<ErrorCode>(code), "so it is"};
        bool isCalled = false;
        for (int minutes = 0; minutes <= 10; ++minutes)
            isCalled = watchdog.look(status, true, at(minutes)) || isCalled;
        QCOMPARE(isCalled, !isExplained);
    }
};

QTEST_APPLESS_MAIN(WatchdogTest)
#include "watchdog_test.moc"
