#include <QElapsedTimer>
#include <QtTest>

#include "app/models/async_journal.h"
#include "tests/support/fake_session.h"

using namespace tend;

class AsyncJournalTest : public QObject {
    Q_OBJECT

private:
    static std::shared_ptr<FakeWorld> slowWorld()
    {
        auto world = std::make_shared<FakeWorld>();
        world->stepTakes = std::chrono::seconds(20);
        return world;
    }

    static bool isStepping(FakeWorld &world)
    {
        const std::lock_guard lock(world.mutex);
        return world.calls["step"] > 0;
    }

private slots:

    void aSlowServerNeverDelaysASave()
    {
        const auto world = slowWorld();
        AsyncJournal journal(openFake(world));
        QTRY_VERIFY(isStepping(*world));
        QElapsedTimer timer;
        timer.start();
        qint64 answeredAfter = -1;
        journal.run([](Session &session) { return session.journal().saveRemark("late", {}); }, this,
            [&](const Result<Id> &id) {
                QVERIFY(id);
                answeredAfter = timer.elapsed();
            });
        // Handing over takes no time, whatever the worker does.
        QVERIFY(timer.elapsed() < 100);
        QTRY_VERIFY_WITH_TIMEOUT(answeredAfter >= 0, 5000);
        const std::lock_guard lock(world->mutex);
        QCOMPARE(world->remarks.size(), std::size_t{1});
    }

    void closingDoesNotWaitForTheNetworkButDoesFinishASave()
    {
        const auto world = slowWorld();
        QElapsedTimer timer;
        {
            AsyncJournal journal(openFake(world));
            QTRY_VERIFY(isStepping(*world));
            timer.start();
            journal.run([](Session &session) { return session.journal().saveRemark("last", {}); },
                this, [](const Result<Id> &) {});
        }
        QVERIFY(timer.elapsed() < 5000);
        QCOMPARE(world->remarks.size(), std::size_t{1});
    }

    void aGoneReceiverIsNotAnswered()
    {
        AsyncJournal journal(openFake(std::make_shared<FakeWorld>()));
        bool answered = false;
        auto receiver = std::make_unique<QObject>();
        journal.run([](Session &session) { return session.journal().account(); }, receiver.get(),
            [&](const Result<Account> &) { answered = true; });
        receiver.reset();
        QTest::qWait(100);
        QVERIFY(!answered);
    }

    void aSessionThatCannotBeOpenedAnswersEveryJobWithItsError()
    {
        const auto world = std::make_shared<FakeWorld>();
        world->failures["open"] = replica::ErrorCode::Busy;
        AsyncJournal journal(openFake(world));
        QSignalSpy failed(&journal, &AsyncJournal::openFailed);
        std::optional<replica::ErrorCode> code;
        journal.run([](Session &session) { return session.journal().account(); }, this,
            [&](const Result<Account> &account) { code = account.error().code; });
        QTRY_VERIFY(code.has_value());
        QCOMPARE(*code, replica::ErrorCode::Busy);
        QCOMPARE(failed.count(), 1);
    }

    void changedTellsOfASaveOnce()
    {
        AsyncJournal journal(openFake(std::make_shared<FakeWorld>()));
        QSignalSpy changed(&journal, &AsyncJournal::changed);
        journal.run([](Session &session) { return session.journal().saveRemark("x", {}); }, this,
            [](const Result<Id> &) {});
        QTRY_COMPARE(changed.count(), 1);
        QTest::qWait(50);
        QCOMPARE(changed.count(), 1);
    }
};

QTEST_GUILESS_MAIN(AsyncJournalTest)
#include "async_journal_test.moc"
