#include <QtTest>

#include "app/models/today_model.h"
#include "app/models/words.h"
#include "app/shell/ui_setup.h"

using namespace tend;

class WordsTest : public QObject {
    Q_OBJECT

private:
    StandingClock m_clock{WallTime{1'781'187'600'000}};  // Thursday 11 June 2026, 14:20 UTC
    Calendar m_calendar{m_clock};

private slots:

    void initTestCase() { qputenv("TZ", "UTC"); }

    void days_data()
    {
        QTest::addColumn<int>("away");
        QTest::addColumn<QString>("words");
        QTest::newRow("today") << 0 << "today";
        QTest::newRow("tomorrow") << 1 << "tomorrow";
        QTest::newRow("yesterday") << -1 << "yesterday";
        QTest::newRow("this week") << 4 << "Monday";
        QTest::newRow("last week") << -6 << "Friday";
        QTest::newRow("a week") << 7 << "18 June";
        QTest::newRow("another year") << -365 << "11 June 2025";
    }

    void days()
    {
        QFETCH(int, away);
        QFETCH(QString, words);
        const Day day{static_cast<int>(m_calendar.today()) + away};
        QCOMPARE(m_calendar.dayWords(day), words);
    }

    void everyReasonHasItsWords_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<int>("model");
        QTest::addColumn<int>("away");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, ReasonKind kind, TodayModel::Reason model, int away,
                             const QString &words) {
            QTest::newRow(name) << static_cast<int>(kind) << static_cast<int>(model) << away
                                << words;
        };
        row("next step", ReasonKind::NextStepDue, TodayModel::NextStepDue, 0,
            "You agreed on it for today");
        row("follow-up", ReasonKind::FollowUpDue, TodayModel::FollowUpDue, 0,
            "Follow-up due today");
        row("promise", ReasonKind::PromiseDue, TodayModel::PromiseDue, 1,
            "You promised it by tomorrow");
        row("quiet", ReasonKind::GoneQuiet, TodayModel::GoneQuiet, -6, "No talk since Friday");
        row("never", ReasonKind::NeverTalked, TodayModel::NeverTalked, -1,
            "Added yesterday, no talk yet");
        row("rhythm", ReasonKind::RhythmDue, TodayModel::RhythmDue, -6,
            "Time to talk since Friday");
        row("call", ReasonKind::CallAfterSale, TodayModel::CallAfterSale, 0,
            "Call after the sale, today");
        row("call, late", ReasonKind::CallAfterSale, TodayModel::CallAfterSale, -1,
            "Call after the sale, due since yesterday");
        row("circumstance", ReasonKind::CircumstanceEnds, TodayModel::CircumstanceEnds, 4,
            "Ends Monday: ask how it is");
        row("circumstance, over", ReasonKind::CircumstanceEnds, TodayModel::CircumstanceEnds, -1,
            "Was to end yesterday: ask how it is now");
        row("need", ReasonKind::NeedToConfirm, TodayModel::NeedToConfirm, -1,
            "They have it now: ask if it is right");
        row("initiative", ReasonKind::InitiativeDue, TodayModel::InitiativeDue, 0,
            "In your plan for today");
        row("initiative, late", ReasonKind::InitiativeDue, TodayModel::InitiativeDue, -1,
            "In your plan for yesterday, not done yet");
        row("handover", ReasonKind::HandoverToTell, TodayModel::HandoverToTell, -1,
            "With you since yesterday: tell them");
        row("answer", ReasonKind::AnswerToTell, TodayModel::AnswerToTell, -1,
            "Answered yesterday: tell them");
    }

    void everyReasonHasItsWords()
    {
        QFETCH(int, reason);
        QFETCH(int, model);
        QFETCH(int, away);
        QFETCH(QString, words);
        QCOMPARE(model, reason);  // the pages know it by the model's number
        TodayRow row;
        row.reason = static_cast<ReasonKind>(reason);
        row.day = Day{static_cast<int>(m_calendar.today()) + away};
        QCOMPARE(Words::reason(row, m_calendar), words);
    }

    // On the card of a conflict both values stand as people say them.
    void valuesOfAConflict()
    {
        QCOMPARE(Words::columnValue("customer_feeling", "-1"), QString("Unhappy"));
        QCOMPARE(Words::columnValue("customer_rating", "7"), QString("7 of 10"));
        QCOMPARE(Words::columnValue("outcome", "no_answer"), QString("No answer"));
        QCOMPARE(Words::columnValue("state", "kept"), QString("Kept"));
        QCOMPARE(Words::columnValue("said", "no_answer"), Words::quoted("no_answer"));
    }

    void moments()
    {
        const auto minutes = [this](std::int64_t count) {
            return WallTime{replica::inMs(m_calendar.now()) - count * 60'000};
        };
        QCOMPARE(m_calendar.headline(), QString("Thursday 11 June"));
        QCOMPARE(m_calendar.moment(minutes(308)), QString("today 09:12"));
        QCOMPARE(m_calendar.moment(minutes(1300)), QString("yesterday 16:40"));
        QCOMPARE(m_calendar.moment(minutes(3 * 24 * 60)), QString("8 June 14:20"));
        QCOMPARE(m_calendar.ago(minutes(0)), QString("just now"));
    }

    void whatWaitsThoughTheServerAnswersIsSaid()
    {
        SyncState state;
        state.phase = SyncPhase::Idle;
        state.waiting = 2;
        state.oldestWaitingAt = WallTime{replica::inMs(m_calendar.now()) - 700'000};
        QVERIFY(Words::syncTitle(state, Words::Device::Phone).startsWith("2 note"));
        QCOMPARE(Words::syncLine(state, Words::Device::Phone), QString());
        state.notSentSince = WallTime{replica::inMs(m_calendar.now()) - 660'000};
        for (const SyncPhase phase : {SyncPhase::Idle, SyncPhase::Working, SyncPhase::Offline}) {
            state.phase = phase;
            QCOMPARE(
                Words::syncTitle(state, Words::Device::Phone), QString("Not sent since 14:09"));
            QCOMPARE(
                Words::syncLine(state, Words::Device::Phone), QString("Not sent since 14:09."));
            QVERIFY(Words::syncDetail(state, Words::Device::Phone, m_calendar)
                        .contains("The server answers"));
        }
        state.phase = SyncPhase::NeedsPerson;
        state.problem = replica::ErrorCode::Unauthorized;
        QCOMPARE(Words::syncTitle(state, Words::Device::Phone), QString("Join again to send"));
    }

    void whatASearchMatchedIsBold_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("search");
        QTest::addColumn<QString>("marked");
        QTest::newRow("nothing looked for") << "Ana"
                                            << ""
                                            << "Ana";
        QTest::newRow("another case") << "Ana Ruiz"
                                      << "RUIZ"
                                      << "Ana <b>Ruiz</b>";
        QTest::newRow("each word, everywhere") << "an oven, an order"
                                               << "an ord"
                                               << "<b>an</b> oven, <b>an</b> <b>ord</b>er";
        QTest::newRow("words that overlap") << "banana"
                                            << "ana ban"
                                            << "<b>banana</b>";
        QTest::newRow("no markup of theirs") << "<b> & 1 < 2"
                                             << "b"
                                             << "&lt;<b>b</b>&gt; &amp; 1 &lt; 2";
        QTest::newRow("lines") << "one\ntwo"
                               << "two"
                               << "one<br><b>two</b>";
        QTest::newRow("not there") << "Ana"
                                   << "Ben"
                                   << "Ana";
    }

    void whatASearchMatchedIsBold()
    {
        QFETCH(QString, text);
        QFETCH(QString, search);
        QFETCH(QString, marked);
        QCOMPARE(Words::marked(text, search), marked);
    }

    void everyErrorHasASentenceThatBlamesNobody()
    {
        using Doing = Words::Doing;
        for (int code = 0; code <= static_cast<int>(replica::ErrorCode::Io); ++code) {
            for (const Doing doing : {Doing::SavingVisit, Doing::Joining, Doing::AddingCustomer}) {
                const replica::Error error{static_cast<replica::ErrorCode>(code), "details"};
                const QString words = Words::error(error, doing);
                QVERIFY2(words.endsWith('.'), qPrintable(words));
                for (const char *never : {"please", "sorry", "invalid", "oops", "*", "error"})
                    QVERIFY2(!words.contains(never, Qt::CaseInsensitive), qPrintable(words));
            }
        }
    }

    void initials()
    {
        QCOMPARE(Words::initials("Ana Ruiz"), QString("AR"));
        QCOMPARE(Words::initials("Piet de Vries"), QString("PV"));
        QCOMPARE(Words::initials("Cher"), QString("C"));
        QCOMPARE(Words::initials(""), QString());
    }

    void wordsAreQuotedByTheirScript()
    {
        QCOMPARE(Words::quoted("Yes."), QString("“Yes.”"));
        QVERIFY(Words::quoted("إنه ولد").startsWith(QString("«")));
        QVERIFY(Words::quoted("").isEmpty());
    }
};

QTEST_GUILESS_MAIN(WordsTest)
#include "words_test.moc"
