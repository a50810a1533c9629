#include <QtTest>

#include "app/journal/brief.h"
#include "app/journal/facts_reader.h"
#include "app/journal/ready_questions.h"
#include "app/journal/relay.h"
#include "app/journal/reminder.h"
#include "app/journal/row_text.h"
#include "app/journal/search.h"
#include "tests/support/written_journal.h"

using namespace tend;

namespace {

Day on(const char *text)
{
    return parseDay(text).value();
}

WallTime at(const std::string &moment)
{
    return parseTime(moment).value();
}

}  // namespace

// What the journal promises, by the number of the promise, through the journal the pages use.
class AcceptanceTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;
    std::unique_ptr<StoreJournal> m_pages;

    Id customer(const char *name) { return m_journal->put("customer", {{"name", name}}); }

    Id met(const Id &whose, const std::string &day, const char *said = "",
        std::optional<std::int64_t> feeling = {}, const char *outcome = "met")
    {
        return m_journal->put("visit",
            {{"customer_id", link(whose)}, {"outcome", outcome}, {"kind", "call"}, {"on_day", day},
                {"started_at", replica::inMs(at(day + "T09:00:00Z"))}, {"said", said},
                {"minutes", std::int64_t{20}},
                {"customer_feeling", feeling ? replica::Value{*feeling} : replica::Value{}}});
    }

    void rhythm(const Id &whose, std::int64_t days)
    {
        m_journal->put("terms",
            {{"customer_id", link(whose)}, {"whose", "theirs"}, {"words", "now and then"},
                {"rhythm_days", days}});
    }

    [[nodiscard]] QStringList names(ReadyQuestion question, const char *about = "")
    {
        QStringList found;
        const auto answers = answerTo(m_journal->database(), question, on("2026-06-11"), about);
        for (const ReadyAnswer &answer : *answers) {
            found.append(QString::fromStdString(answer.name));
            if (answer.evidence.empty())
                found.append("without a row");
        }
        return found;
    }

    void reopen()
    {
        m_pages.reset();
        m_journal->open();
        m_pages
            = std::make_unique<StoreJournal>(*m_journal->its().store, *m_journal->its().replica);
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
        m_pages
            = std::make_unique<StoreJournal>(*m_journal->its().store, *m_journal->its().replica);
    }

    // No network is even linked here: written, corrected, and found again after a restart.
    void C1_aThousandVisitsWithNoNetwork()
    {
        const Id rosa = customer("Rosa");
        std::vector<Id> visits;
        for (int i = 0; i < 1'000; ++i) {
            VisitDraft draft;
            draft.customerId = rosa;
            draft.said = "words number " + std::to_string(i);
            draft.startedAt = WallTime{1'780'000'000'000 + i * 60'000LL};
            visits.push_back(m_pages->saveVisit(draft)->visitId);
        }
        for (std::size_t i = 0; i < visits.size(); i += 10) {
            VisitDraft draft = *m_pages->visit(visits[i]);
            draft.said += " corrected";
            QVERIFY(m_pages->saveVisit(draft));
        }
        reopen();
        const auto page = m_pages->customer(rosa);
        QCOMPARE(page->story.size(), std::size_t{1'000});
        const auto corrected = std::count_if(page->story.begin(), page->story.end(),
            [](const StoryEntry &entry) { return entry.corrected; });
        QCOMPARE(static_cast<int>(corrected), 100);
        QCOMPARE(page->story.front().said, std::string("words number 999"));
        QCOMPARE(m_pages->visit(visits[730])->said, std::string("words number 730 corrected"));
        const auto found = m_pages->customers("corrected 730");
        QCOMPARE(found->size(), std::size_t{1});
        QVERIFY(!m_pages->syncReport()->waiting.empty());
    }

    void C4_allKindsStayWhatTheyWere()
    {
        const Id rosa = customer("Rosa");
        using enum VisitKind;
        for (const VisitKind kind : {FaceToFace, Call, Counter, Group, Message}) {
            for (const Outcome outcome : {Outcome::Met, Outcome::NoAnswer, Outcome::LeftMessage}) {
                for (const Direction direction : {Direction::Us, Direction::Them}) {
                    VisitDraft draft;
                    draft.customerId = rosa;
                    draft.kind = kind;
                    draft.outcome = outcome;
                    draft.direction = direction;
                    draft.startedAt = at("2026-06-11T14:20:00Z");
                    const Id id = m_pages->saveVisit(draft)->visitId;
                    reopen();
                    const auto again = m_pages->visit(id);
                    QVERIFY(again->kind == kind && again->outcome == outcome);
                    QVERIFY(again->direction == direction && again->startedAt == draft.startedAt);
                }
            }
        }
    }

    void C6_theirWordsAndOurImpressionStayApart()
    {
        const Id rosa = customer("Rosa");
        VisitDraft draft;
        draft.customerId = rosa;
        draft.said = "it is loud";
        draft.impression = "she looks tired";
        draft.feeling = -1;
        draft.theySaidSo = false;  // we think so
        draft.startedAt = at("2026-06-01T09:00:00Z");
        const Id first = m_pages->saveVisit(draft)->visitId;
        QCOMPARE(m_pages->visit(first)->said, std::string("it is loud"));
        QCOMPARE(m_pages->visit(first)->impression, std::string("she looks tired"));
        // What we think moves no figure; what she said does.
        const auto rating = [&] {
            const auto facts = FactsReader(m_journal->database()).of(rosa);
            return profileOf(*facts, on("2026-06-20")).parts[3].value;
        };
        QVERIFY(!rating());
        draft.theySaidSo = true;
        draft.startedAt = at("2026-06-02T09:00:00Z");
        QVERIFY(m_pages->saveVisit(draft));
        QCOMPARE(rating(), std::optional<int>(25));
        QVERIFY(briefOf(m_journal->database(), rosa, on("2026-06-20"))->lastWords.front().words
            == "it is loud");
    }

    void R9_oneLineOfTimeInAStableOrder()
    {
        const Id rosa = customer("Rosa");
        std::vector<Id> sameMoment;
        for (int i = 0; i < 40; ++i)
            sameMoment.push_back(met(rosa, "2026-06-05"));
        const Id last = met(rosa, "2026-06-09", "later", {}, "no_answer");
        const Id first = met(rosa, "2026-01-09");
        std::vector<Id> shown;
        const CustomerPage page = m_pages->customer(rosa).value();
        for (const StoryEntry &entry : page.story)
            shown.push_back(entry.visitId);
        std::sort(sameMoment.rbegin(), sameMoment.rend());
        std::vector<Id> expected{last};
        expected.insert(expected.end(), sameMoment.begin(), sameMoment.end());
        expected.push_back(first);
        QCOMPARE(shown, expected);
    }

    void F1_saidOnceADayWhereverTheDeviceIs_data()
    {
        QTest::addColumn<int>("today");
        QTest::addColumn<int>("minute");
        QTest::addColumn<int>("last");  // 0: never
        QTest::addColumn<bool>("due");
        QTest::newRow("before the hour") << 100 << 479 << 99 << false;
        QTest::newRow("at the hour") << 100 << 480 << 99 << true;
        QTest::newRow("at the next start, in the evening") << 100 << 1'300 << 99 << true;
        QTest::newRow("the first time") << 100 << 480 << 0 << true;
        QTest::newRow("said already") << 100 << 900 << 100 << false;
        QTest::newRow("after a week away") << 107 << 480 << 100 << true;
        QTest::newRow("back over the date line") << 99 << 900 << 100 << false;
        QTest::newRow("the day after that") << 101 << 480 << 100 << true;
    }

    void F1_saidOnceADayWhereverTheDeviceIs()
    {
        QFETCH(int, today);
        QFETCH(int, minute);
        QFETCH(int, last);
        QFETCH(bool, due);
        const auto lastOn = last == 0 ? std::nullopt : std::optional<Day>(Day{last});
        QCOMPARE(isReminderDue({Day{today}, minute}, 480, lastOn), due);
    }

    void F1_theClockIsThatOfTheTimeZone()
    {
        const QByteArray before = qgetenv("TZ");
        const auto clock = [](const char *zone, const char *moment) {
            qputenv("TZ", zone);
            tzset();
            const ReminderClock now = reminderClock(at(moment));
            return std::pair(dayText(now.today), now.minuteOfDay);
        };
        using Read = std::pair<std::string, int>;
        QCOMPARE(clock("Pacific/Auckland", "2026-06-10T20:00:00Z"), Read("2026-06-11", 480));
        QCOMPARE(clock("America/Los_Angeles", "2026-06-10T05:00:00Z"), Read("2026-06-09", 1320));
        // Eight in the morning on either side of the change of the clocks.
        QCOMPARE(clock("Europe/Amsterdam", "2026-03-28T07:00:00Z"), Read("2026-03-28", 480));
        QCOMPARE(clock("Europe/Amsterdam", "2026-03-29T06:00:00Z"), Read("2026-03-29", 480));
        qputenv("TZ", before);
        if (before.isEmpty())
            qunsetenv("TZ");
        tzset();
    }

    void F4_theListOfToday()
    {
        const Id late = customer("Late Promise");
        rhythm(late, 90);
        met(late, "2026-06-01");
        m_journal->put("promise",
            {{"customer_id", link(late)}, {"what", "the quote"}, {"due_on", "2026-06-09"}});
        const Id soon = customer("Soon Due");
        rhythm(soon, 90);
        met(soon, "2026-06-01");
        m_journal->put("follow_up",
            {{"customer_id", link(soon)}, {"about", "the door"}, {"due_on", "2026-06-15"}});
        const Id quiet = customer("Quiet");
        rhythm(quiet, 10);
        met(quiet, "2026-05-01");
        const Id content = customer("Content");
        rhythm(content, 90);
        met(content, "2026-06-01");
        const auto rows = m_pages->today(on("2026-06-11"));
        QStringList told;
        for (const TodayRow &row : *rows) {
            QVERIFY(!row.evidenceId.empty());
            told.append(QString::fromStdString(row.who + "/" + row.about));
        }
        QCOMPARE(told, (QStringList{"Late Promise/the quote", "Soon Due/the door", "Quiet/"}));
        QVERIFY(rows->at(2).group == TodayGroup::GoneQuiet);
    }

    void F8_theBriefHoldsItsSixParts()
    {
        const Id rosa = customer("Rosa");
        met(rosa, "2026-05-01", "the oven smokes", -1);
        met(rosa, "2026-06-01", "better now", 1);
        m_journal->put("promise",
            {{"customer_id", link(rosa)}, {"what", "the list"}, {"due_on", "2026-06-30"}});
        m_journal->put("need", {{"customer_id", link(rosa)}, {"words", "quieter"}});
        m_journal->put("circumstance", {{"customer_id", link(rosa)}, {"what", "they move"}});
        m_journal->put("visit",
            {{"customer_id", link(rosa)}, {"outcome", "met"}, {"on_day", "2026-06-05"},
                {"effect", "strengthened"}});
        const auto brief = briefOf(m_journal->database(), rosa, on("2026-06-11"));
        QCOMPARE(brief->lastWords.size(), std::size_t{2});
        QCOMPARE(brief->lastWords.front().words, std::string("better now"));
        QCOMPARE(brief->openPromises.size(), std::size_t{1});
        QCOMPARE(brief->openNeeds.size(), std::size_t{1});
        QCOMPARE(brief->circumstances.size(), std::size_t{1});
        QCOMPARE(brief->effects.size(), std::size_t{1});
        QVERIFY(brief->question == Question::WhatCouldBeBetter);
        QCOMPARE(brief->minutesThisYear, 40);
    }

    // What each of one person's rows has of one visit is known of the person.
    void L4_aGroupVisitOfBothRowsLosesNothing()
    {
        const Id rita = customer("Rita");
        const Id twin = customer("Rita D.");
        const Id visit = m_journal->put("visit",
            {{"customer_id", link(twin)}, {"outcome", "met"}, {"kind", "group"},
                {"on_day", "2026-05-01"}, {"customer_rating", std::int64_t{9}}, {"said", "D says"},
                {"next_step", "send it"}, {"next_step_on", "2026-06-10"}});
        m_journal->put("visit_customer",
            {{"visit_id", link(visit)}, {"customer_id", link(rita)}, {"said", "R says"},
                {"customer_feeling", std::int64_t{-2}}});
        m_journal->put("same_customer", {{"customer_id", link(twin)}, {"same_as", link(rita)}});
        const CustomerFacts facts = FactsReader(m_journal->database()).of(rita).value();
        QCOMPARE(facts.visits.size(), std::size_t{1});
        QCOMPARE(facts.visits[0].nextStep, std::string("send it"));
        QCOMPARE(facts.visits[0].rating, std::optional<int>(9));
        QCOMPARE(facts.visits[0].feeling, Feeling(-2));
        const auto brief = briefOf(m_journal->database(), rita, on("2026-06-11"));
        const std::string words = brief->lastWords.at(0).words;
        QVERIFY(words.find("D says") != std::string::npos);
        QVERIFY(words.find("R says") != std::string::npos);
        QCOMPARE(brief->reasons.at(0).topic, std::string("send it"));
        StoreJournal journal(*m_journal->its().store, *m_journal->its().replica);
        const auto story = journal.customer(rita)->story;
        QCOMPARE(story.size(), std::size_t{1});
        QVERIFY(story[0].said.find("D says") != std::string::npos);
        QVERIFY(story[0].said.find("R says") != std::string::npos);
        QCOMPARE(story[0].nextStep, std::string("send it"));
    }

    // The list says when somebody was last talked to, in a group as well as alone.
    void C11_theListKnowsGroups()
    {
        const std::int64_t early = replica::inMs(parseTime("2026-05-01T10:00:00Z").value());
        const std::int64_t late = replica::inMs(parseTime("2026-05-09T10:00:00Z").value());
        const Id ann = customer("Ann");
        const Id bob = customer("Bob");
        const Id twin = customer("Bob B.");
        m_journal->put("visit",
            {{"customer_id", link(bob)}, {"outcome", "met"}, {"kind", "call"},
                {"started_at", early}});
        const Id party = m_journal->put("visit",
            {{"customer_id", link(ann)}, {"outcome", "met"}, {"kind", "group"},
                {"started_at", late}});
        m_journal->put("visit_customer",
            {{"visit_id", link(party)}, {"customer_id", link(twin)},
                {"customer_feeling", std::int64_t{1}}});
        m_journal->put("same_customer", {{"customer_id", link(twin)}, {"same_as", link(bob)}});
        StoreJournal journal(*m_journal->its().store, *m_journal->its().replica);
        const auto listed = journal.customers("").value();
        QCOMPARE(listed.size(), std::size_t{2});
        for (const CustomerRow &row : listed) {
            QVERIFY(row.lastContactAt && replica::inMs(*row.lastContactAt) == late);
            QVERIFY(row.lastKind == VisitKind::Group);
        }
        QVERIFY(listed[1].lastFeeling == Feeling(1));
    }

    // What is noted for whom the visit names, as one of the group, is theirs; and nobody is shown
    // the words of another.
    // Of whom the visit does not name it says nothing; words noted for whom it names stand alone.
    void C11_theVisitsEffectIsOfWhomItNames()
    {
        const Id rosa = customer("Rosa");
        const Id piet = customer("Piet");
        const Id party = met(rosa, "2026-06-10", "we like it");
        m_journal->put("visit", {{"effect", "damaged"}}, party);
        for (const Id &whose : {rosa, piet})
            m_journal->put("visit_customer",
                {{"visit_id", link(party)}, {"customer_id", link(whose)}, {"said", "I do not"}});
        const Brief hers = briefOf(m_journal->database(), rosa, on("2026-06-11")).value();
        QCOMPARE(hers.effects.size(), std::size_t{1});
        QCOMPARE(hers.lastWords.at(0).words, std::string("I do not"));
        const Brief his = briefOf(m_journal->database(), piet, on("2026-06-11")).value();
        QVERIFY(his.effects.empty());
        QCOMPARE(his.contactsThisYear.size(), std::size_t{1});
    }

    void C11_eachHasTheirOwnWords()
    {
        const Id ann = customer("Ann");
        const Id bob = customer("Bob");
        const Id visit = m_journal->put("visit",
            {{"customer_id", link(ann)}, {"outcome", "met"}, {"kind", "group"},
                {"on_day", "2026-05-01"}, {"said", "all is well"}});
        m_journal->put("visit_customer",
            {{"visit_id", link(visit)}, {"customer_id", link(ann)}, {"said", "I am unhappy"},
                {"customer_feeling", std::int64_t{-2}}});
        m_journal->put("visit_customer", {{"visit_id", link(visit)}, {"customer_id", link(bob)}});
        QCOMPARE(names(ReadyQuestion::Unhappy), QStringList{"Ann"});
        StoreJournal journal(*m_journal->its().store, *m_journal->its().replica);
        const auto story = journal.customer(ann)->story;
        QCOMPARE(story.size(), std::size_t{1});
        QCOMPARE(story[0].said, std::string("I am unhappy"));
        QVERIFY(story[0].customerFeeling == Feeling(-2));
        QCOMPARE(journal.customer(bob)->story.at(0).said, std::string());
        QVERIFY(replica::inMs(story[0].at) > 0);
    }

    void C5_whoSaysNothingOfTheOutcomeMetNobody()
    {
        const Id rosa = customer("Rosa");
        m_journal->put("visit", {{"customer_id", link(rosa)}, {"on_day", "2026-05-01"}});
        const CustomerFacts facts = FactsReader(m_journal->database()).of(rosa).value();
        QVERIFY(facts.visits.at(0).outcome != Outcome::Met);
    }

    // Nor anything else that is told of them.
    void C5_wordsOfAnAttemptAreNobodysLastWords()
    {
        const Id rosa = customer("Rosa");
        met(rosa, "2026-06-01", "all is well", 1);
        met(rosa, "2026-06-10", "wrong number", -2, "no_answer");
        const Brief brief = briefOf(m_journal->database(), rosa, on("2026-06-11")).value();
        QCOMPARE(brief.lastWords.size(), std::size_t{1});
        QCOMPARE(brief.lastWords[0].words, std::string("all is well"));
        QCOMPARE(brief.profile.parts[3].value, std::optional<int>(75));
        QCOMPARE(m_pages->customer(rosa)->feeling, Feeling(1));
        QCOMPARE(brief.contactsThisYear.size(), std::size_t{1});
    }

    // How, when, how often and by whom, theirs beside ours, and where we have it from; what they
    // said moves what falls due.
    void R4_theTermsCard()
    {
        const Id rosa = customer("Rosa");
        const Id visit = met(rosa, "2026-06-01");
        m_journal->put("terms",
            {{"customer_id", link(rosa)}, {"whose", "ours"}, {"words", "every month"},
                {"rhythm_days", std::int64_t{30}}, {"channel", "visit"}});
        QVERIFY(!briefOf(m_journal->database(), rosa, on("2026-07-01"))->reasons.empty());
        m_journal->put("terms",
            {{"customer_id", link(rosa)}, {"whose", "theirs"}, {"words", "twice a year, mornings"},
                {"rhythm_days", std::int64_t{182}}, {"channel", "phone"}, {"hours", "mornings"},
                {"by_whom", "Ben"}, {"visit_id", link(visit)}, {"since_on", "2026-06-01"}});
        const Brief brief = briefOf(m_journal->database(), rosa, on("2026-07-01")).value();
        QVERIFY(brief.reasons.empty());
        QVERIFY(brief.theirTerms && brief.ourTerms);
        QCOMPARE(brief.ourTerms->channel, std::string("visit"));
        const TermsFact &theirs = *brief.theirTerms;
        QCOMPARE(theirs.words, std::string("twice a year, mornings"));
        QCOMPARE(theirs.channel + '/' + theirs.hours + '/' + theirs.byWhom,
            std::string("phone/mornings/Ben"));
        QVERIFY(theirs.visit == visit && theirs.sinceOn == on("2026-06-01"));
        const Brief later = briefOf(m_journal->database(), rosa, on("2026-12-01")).value();
        QVERIFY(later.reasons.at(0).kind == ReasonKind::RhythmDue);
        QCOMPARE(later.reasons[0].evidence.at(1), theirs.id);
    }

    // Events that a script wrote without a moment happened when their row was made.
    void F6_anEventWithoutAMomentIsOfItsRow()
    {
        const Id rosa = customer("Rosa");
        const Id remark = m_journal->put("remark",
            {{"customer_id", link(rosa)}, {"words", "it is freezing"}, {"to_role", "office"},
                {"heard_at", replica::inMs(at("2026-06-01T09:00:00Z"))}});
        m_journal->put("relay_event", {{"remark_id", link(remark)}, {"kind", "passed"}});
        m_journal->put("relay_event",
            {{"remark_id", link(remark)}, {"kind", "told_rep"},
                {"at", replica::inMs(at("2026-06-02T09:00:00Z"))}});
        const auto remarks = readRelayed(m_journal->database()).value();
        QCOMPARE(remarks.at(0).events.size(), std::size_t{2});
        QVERIFY(remarks[0].events[0].kind == RelayKind::ToldRep);
        QVERIFY(deputyFromMs(remarks[0], 24) > replica::inMs(at("2026-06-03T09:00:00Z")));
    }

    // The last five that anybody knew.
    void C7_theLastFiveKnownEffects()
    {
        const Id rosa = customer("Rosa");
        for (int day = 1; day <= 8; ++day) {
            const Id visit = met(rosa, "2026-06-0" + std::to_string(day));
            m_journal->put("visit", {{"effect", day % 4 == 0 ? "unknown" : "same"}}, visit);
        }
        const Brief brief = briefOf(m_journal->database(), rosa, on("2026-06-11")).value();
        QCOMPARE(brief.effects.size(), std::size_t{5});
        QVERIFY(brief.effects.front().day == on("2026-06-07"));
        QVERIFY(brief.effects.back().day == on("2026-06-02"));
    }

    // What is done, said long ago or over stays out of the page.
    void F8_whatIsOverIsNotInTheBrief()
    {
        const Id rosa = customer("Rosa");
        met(rosa, "2025-06-11", "long ago");
        const Id last = met(rosa, "2026-06-01", "lately");
        m_journal->put("promise",
            {{"customer_id", link(rosa)}, {"what", "the list"}, {"state", "kept"},
                {"done_on", "2026-06-02"}});
        m_journal->put("need",
            {{"customer_id", link(rosa)}, {"words", "quieter"}, {"state", "confirmed"},
                {"confirmed_visit_id", link(last)}});
        m_journal->put("circumstance",
            {{"customer_id", link(rosa)}, {"what", "they move"}, {"until_on", "2026-06-10"}});
        const Brief brief = briefOf(m_journal->database(), rosa, on("2026-06-11")).value();
        QVERIFY(brief.openPromises.empty() && brief.openNeeds.empty());
        QVERIFY(brief.circumstances.empty());
        QCOMPARE(brief.contactsThisYear, std::vector<Id>{last});  // 365 days ago is too long ago
    }

    // What the office has to say to them, where it concerns them and while it holds.
    void P1_64_aMarketNoteIsInTheNextTalk()
    {
        const Id rosa = customer("Rosa");
        const Id piet = customer("Piet");
        m_journal->put("sale", {{"customer_id", link(rosa)}, {"item", "Kuga SUV"}});
        m_journal->put("market_note",
            {{"words", "a hybrid comes in autumn"}, {"item", "suv"}, {"until_on", "2026-07-01"}});
        const auto notes = [&](const Id &whose, const char *day) {
            return briefOf(m_journal->database(), whose, on(day))->notes.size();
        };
        QCOMPARE(notes(rosa, "2026-06-11"), std::size_t{1});
        QCOMPARE(notes(rosa, "2026-07-02"), std::size_t{0});
        QCOMPARE(notes(piet, "2026-06-11"), std::size_t{0});
    }

    // Done in a visit that is only its author's.
    void F3_whatAColleagueDidIsDone()
    {
        const Id rosa = customer("Rosa");
        met(rosa, "2026-06-10");
        const Id elsewhere = "0190a000-0000-7000-8000-000000000001";
        m_journal->put("follow_up",
            {{"customer_id", link(rosa)}, {"about", "tyres"}, {"due_on", "2026-06-11"},
                {"done_visit_id", link(elsewhere)}});
        const auto brief = briefOf(m_journal->database(), rosa, on("2026-06-11"));
        QVERIFY(brief->reasons.empty());
    }

    void F1_dueOnTheDayOfTheRhythm()
    {
        const Id rosa = customer("Rosa");
        rhythm(rosa, 30);
        met(rosa, "2026-05-12");
        QVERIFY(briefOf(m_journal->database(), rosa, on("2026-06-10"))->reasons.empty());
        const auto brief = briefOf(m_journal->database(), rosa, on("2026-06-11"));
        QCOMPARE(brief->reasons.size(), std::size_t{1});
        QVERIFY(brief->reasons[0].day == on("2026-06-11"));
    }

    void L2_whatWasSaidIsTheirsAndOfItsDay()
    {
        const Id rosa = customer("Rosa");
        const auto at = [&](const char *day) {
            const auto answers = answerTo(
                m_journal->database(), ReadyQuestion::SaidSomethingAbout, on(day), "clutch");
            QStringList told;
            for (const ReadyAnswer &answer : *answers)
                told.append(QString::fromStdString(answer.name + ' ' + dayText(answer.day)));
            return told;
        };
        met(rosa, "2026-05-10", "the clutch again");
        met(rosa, "2026-01-10", "the clutch slips");  // written later
        QCOMPARE(at("2026-06-01"), QStringList{"Rosa 2026-05-10"});
        QCOMPARE(at("2026-04-01"), QStringList{"Rosa 2026-01-10"});
        const Id bob = customer("Bob");
        const Id party = m_journal->put(
            "visit", {{"customer_id", link(rosa)}, {"outcome", "met"}, {"on_day", "2026-05-01"}});
        m_journal->put("visit_customer",
            {{"visit_id", link(party)}, {"customer_id", link(bob)}, {"said", "my clutch too"}});
        QCOMPARE(at("2026-04-01"), QStringList{"Rosa 2026-01-10"});
        QCOMPARE(at("2026-05-02"), (QStringList{"Rosa 2026-01-10", "Bob 2026-05-01"}));
        const Id ann = customer("Ann");
        m_journal->put("visit",
            {{"customer_id", link(ann)}, {"outcome", "met"}, {"on_day", "2026-03-01"},
                {"said", "fine"}, {"impression", "rides the clutch"}});
        m_journal->remove("customer", bob);
        QCOMPARE(at("2026-05-02"), QStringList{"Rosa 2026-01-10"});
    }

    void L2_fiveQuestionsAndTheirPeople()
    {
        const Id quiet = customer("Quiet");
        rhythm(quiet, 10);
        met(quiet, "2026-05-01");
        const Id unhappy = customer("Unhappy");
        met(unhappy, "2026-04-01", "fine", 2);
        met(unhappy, "2026-06-01", "the oven smokes", -1);
        const Id happyAgain = customer("Happy again");
        met(happyAgain, "2026-04-01", "dreadful", -2);
        met(happyAgain, "2026-06-01", "good oven", 1);
        const Id promised = customer("Promised");
        met(promised, "2026-06-01");
        const auto promise = [&](const Id &whose, const char *by, const char *state) {
            m_journal->put("promise",
                {{"customer_id", link(whose)}, {"what", "the list"}, {"by", by}, {"state", state},
                    {"due_on", "2026-07-01"}});
        };
        promise(promised, "us", "open");
        promise(happyAgain, "them", "open");
        promise(unhappy, "us", "kept");
        const Id moved = customer("Moved");
        met(moved, "2026-06-01");
        m_journal->put("circumstance",
            {{"customer_id", link(moved)}, {"what", "a new shop"}, {"since_on", "2026-05-01"},
                {"until_on", "2026-08-01"}});
        m_journal->put("circumstance",
            {{"customer_id", link(quiet)}, {"what", "over"}, {"since_on", "2025-05-01"},
                {"until_on", "2026-01-01"}});
        m_journal->put("remark", {{"customer_id", link(moved)}, {"words", "ovens are too dear"}});
        QCOMPARE(names(ReadyQuestion::NotSeenLately), QStringList{"Quiet"});
        QCOMPARE(names(ReadyQuestion::Unhappy), QStringList{"Unhappy"});
        QCOMPARE(names(ReadyQuestion::Promised), QStringList{"Promised"});
        QCOMPARE(names(ReadyQuestion::LifeChanged), QStringList{"Moved"});
        QStringList about = names(ReadyQuestion::SaidSomethingAbout, "oven");
        about.sort();
        // The remark was made after that day.
        QCOMPARE(about, (QStringList{"Happy again", "Unhappy"}));
    }
};

QTEST_GUILESS_MAIN(AcceptanceTest)
#include "acceptance_test.moc"
