#include <QtTest>

#include "app/journal/profile.h"
#include "app/journal/reasons.h"

using namespace tend;

namespace {

constexpr Day today{20'600};

Day ago(int days)
{
    return daysLater(today, -days);
}

// Builds one customer's facts; ids tell in a failure which row was meant.
struct Facts {
    CustomerFacts its;

    Facts() { its.id = "c"; }

    VisitFact &visit(int daysAgo, VisitKind kind = VisitKind::Call, Outcome outcome = Outcome::Met)
    {
        VisitFact visit;
        visit.id = "v" + std::to_string(1000 - daysAgo);
        visit.day = ago(daysAgo);
        visit.atMs = std::int64_t{static_cast<int>(visit.day)} * 86'400'000;
        visit.kind = kind;
        visit.outcome = outcome;
        const auto later = std::find_if(its.visits.begin(), its.visits.end(),
            [&](const VisitFact &other) { return other.atMs > visit.atMs; });
        return *its.visits.insert(later, visit);
    }

    void terms(bool theirs, int days)
    {
        TermsFact terms;
        terms.id = theirs ? "t" : "o";
        terms.isTheirs = theirs;
        terms.rhythmDays = days;
        its.terms.push_back(terms);
    }

    PromiseFact &promise(PromiseState state, std::optional<Day> due, std::optional<Day> done = {})
    {
        its.promises.push_back(
            {"p" + std::to_string(its.promises.size()), true, "a quote", state, {}, due, done});
        return its.promises.back();
    }

    [[nodiscard]] Standing standing() const { return profileOf(its, today).standing; }

    [[nodiscard]] std::optional<int> signal(SignalKind kind) const
    {
        return profileOf(its, today).parts.at(static_cast<std::size_t>(kind)).value;
    }

    [[nodiscard]] std::vector<ReasonKind> reasons() const
    {
        std::vector<ReasonKind> kinds;
        for (const Reason &reason : reasonsOf(its, today))
            kinds.push_back(reason.kind);
        return kinds;
    }
};

bool holds(const std::vector<ReasonKind> &kinds, ReasonKind wanted)
{
    return std::find(kinds.begin(), kinds.end(), wanted) != kinds.end();
}

}  // namespace

// docs/RULES.md, row by row, written by hand from that page.
class RulesTest : public QObject {
    Q_OBJECT

private slots:

    void R2_relationshipOrDataOnly()
    {
        Facts ana;
        for (int i = 0; i < 40; ++i)
            ana.promise(PromiseState::Open, ago(-5));
        QVERIFY(ana.standing() == Standing::DataOnly);
        ana.visit(9, VisitKind::Call, Outcome::NoAnswer);
        ana.visit(8, VisitKind::Message);
        QVERIFY(ana.standing() == Standing::DataOnly);
        ana.visit(7, VisitKind::Counter);  // one two-way contact flips it
        QVERIFY(ana.standing() == Standing::Steady);
    }

    void oneMeetingIsNotEnoughToKnow()
    {
        Facts ana;
        ana.visit(500);
        QVERIFY(ana.standing() == Standing::NotEnoughKnown);
        ana.visit(450);
        QVERIFY(ana.standing() == Standing::GoneQuiet);
    }

    void F7_quietOnTheExactDay_data()
    {
        QTest::addColumn<int>("last");
        QTest::addColumn<int>("standing");
        QTest::newRow("on the rhythm") << 30 << static_cast<int>(Standing::Steady);
        QTest::newRow("past it") << 31 << static_cast<int>(Standing::Cooling);
        QTest::newRow("at twice") << 60 << static_cast<int>(Standing::Cooling);
        QTest::newRow("past twice") << 61 << static_cast<int>(Standing::GoneQuiet);
    }

    void F7_quietOnTheExactDay()
    {
        QFETCH(int, last);
        QFETCH(int, standing);
        Facts ana;
        ana.terms(true, 30);
        ana.visit(last + 1);
        ana.visit(last);
        QCOMPARE(static_cast<int>(ana.standing()), standing);
        QCOMPARE(holds(ana.reasons(), ReasonKind::GoneQuiet), last > 60);
        QCOMPARE(holds(ana.reasons(), ReasonKind::RhythmDue), last >= 30 && last <= 60);
    }

    void R4_theirTermsOverrideOurs()
    {
        Facts ana;
        for (const int daysAgo : {80, 60, 40, 20})
            ana.visit(daysAgo);
        QCOMPARE(rhythmOf(ana.its).days, 20);
        QVERIFY(rhythmOf(ana.its).from == RhythmFrom::Habit);
        ana.terms(false, 45);
        QCOMPARE(rhythmOf(ana.its).days, 45);
        ana.terms(true, 180);
        QCOMPARE(rhythmOf(ana.its).days, 180);
        QCOMPARE(rhythmOf(ana.its).evidence, std::string("t"));
    }

    void theHabitIsTheMedianOfSixContacts()
    {
        Facts ana;
        for (const int daysAgo : {300, 100, 98, 94, 86, 70, 38})  // gaps 2, 4, 8, 16, 32
            ana.visit(daysAgo);
        QCOMPARE(rhythmOf(ana.its).days, 8);
        Facts often;
        for (const int daysAgo : {9, 8, 8, 3})  // two gaps of days
            often.visit(daysAgo);
        QCOMPARE(rhythmOf(often.its).days, 90);
        often.visit(2);
        QCOMPARE(rhythmOf(often.its).days, 7);
        QCOMPARE(rhythmOf(Facts().its).days, 90);
    }

    void C5_attemptMovesNothing()
    {
        Facts ana;
        ana.terms(true, 30);
        ana.visit(70).rating = 3;
        ana.visit(69);
        const auto before = profileOf(ana.its, today);
        // Whatever is written into them.
        for (const auto &[daysAgo, outcome] :
            {std::pair(2, Outcome::NoAnswer), std::pair(1, Outcome::LeftMessage)}) {
            QVERIFY(!shouldGoThere(ana.its));
            VisitFact &tried = ana.visit(daysAgo, VisitKind::FaceToFace, outcome);
            tried.rating = 10;
            tried.feeling = 2;
            tried.effect = Effect::Damaged;
            tried.direction = Direction::Them;
            tried.minutes = 60;
            tried.member = "m";
        }
        const auto after = profileOf(ana.its, today);
        QVERIFY(after.standing == before.standing && after.quietDays == before.quietDays);
        QVERIFY(after.evidence == before.evidence && after.rhythm.days == before.rhythm.days);
        for (std::size_t i = 0; i < after.parts.size(); ++i) {
            QVERIFY(after.parts[i].value == before.parts[i].value);
            QVERIFY(after.parts[i].evidence == before.parts[i].evidence);
        }
        QVERIFY(!lastChangeOf(ana.its, today, 5));
        QVERIFY(shouldGoThere(ana.its));
        ana.visit(0);
        QVERIFY(!shouldGoThere(ana.its));
    }

    // A rhythm that somebody gave all with a tag: after what was said of this customer, before
    // habit.
    void F2_theRhythmOfATag()
    {
        Facts ana;
        for (int daysAgo : {40, 33, 26, 19})
            ana.visit(daysAgo);
        QCOMPARE(rhythmOf(ana.its).days, 7);
        ana.its.tags = {{"a", 60}, {"b", 45}, {"c", 45}};
        QCOMPARE(rhythmOf(ana.its).days, 45);
        QVERIFY(rhythmOf(ana.its).from == RhythmFrom::Tag && rhythmOf(ana.its).evidence == "b");
        ana.terms(false, 20);
        QCOMPARE(rhythmOf(ana.its).days, 20);
    }

    // What became of their remark is told to them, by whoever heard it, until a visit says so.
    void F4_anAnswerWaitsToBeTold()
    {
        Facts ana;
        ana.visit(3);
        ana.its.answers.push_back({"r", "e", "it is freezing", 0, ago(2), "me", {}});
        const auto reasons = reasonsOf(ana.its, today);
        QCOMPARE(reasons.size(), std::size_t{1});
        QVERIFY(reasons[0].kind == ReasonKind::AnswerToTell && reasons[0].group == TodayGroup::Now);
        QVERIFY(reasons[0].owner == "me" && reasons[0].topic == "it is freezing");
        QCOMPARE(reasons[0].evidence, (std::vector<Id>{"r", "e"}));
        QVERIFY(reasonsOf(ana.its, ago(3)).empty());  // not answered yet
        ana.its.answers[0].toldVisits = {ana.visit(1).id};
        QVERIFY(reasonsOf(ana.its, today).empty());
        QCOMPARE(reasonsOf(ana.its, ago(2)).size(), std::size_t{1});  // told the day after
    }

    // Their names in a list are no reason to talk.
    void F4_whomAnotherProgramBroughtWaitsForNobody()
    {
        Facts ana;
        ana.its.addedOn = ago(5);
        QCOMPARE(ana.reasons(), std::vector<ReasonKind>{ReasonKind::NeverTalked});
        ana.its.waitsForNobody = true;
        QVERIFY(ana.reasons().empty());
        ana.promise(PromiseState::Open, ago(0));
        QCOMPARE(ana.reasons(), std::vector<ReasonKind>{ReasonKind::PromiseDue});
    }

    void aMessageAloneEndsNoSilence()
    {
        Facts ana;
        ana.terms(true, 10);
        ana.visit(60);
        ana.visit(50);
        ana.visit(5, VisitKind::Message);
        QVERIFY(ana.standing() == Standing::GoneQuiet);
        ana.visit(35, VisitKind::Message);  // in time, it counts; and so does the next within 20
        ana.visit(20, VisitKind::Message);
        QCOMPARE(profileOf(ana.its, today).quietDays, std::optional<int>(5));
    }

    void C7_unknownEffectsCountForNothing()
    {
        Facts ana;
        ana.terms(true, 90);
        ana.visit(12).effect = Effect::Weakened;
        ana.visit(10).effect = Effect::Damaged;
        ana.visit(8);
        ana.visit(6);
        QVERIFY(ana.standing() == Standing::Cooling);
        const auto evidence = profileOf(ana.its, today).evidence;
        QCOMPARE(evidence, (std::vector<Id>{"v990", "v988"}));
        ana.visit(4).effect = Effect::Same;
        QVERIFY(ana.standing() == Standing::Cooling);
        ana.visit(2).effect = Effect::Same;
        QVERIFY(ana.standing() == Standing::Steady);
    }

    void growingNeedsTwoGoodVisitsAndAKeptPromise()
    {
        Facts ana;
        ana.visit(9).effect = Effect::Strengthened;
        ana.visit(3).effect = Effect::Strengthened;
        QVERIFY(ana.standing() == Standing::Steady);
        ana.promise(PromiseState::Kept, ago(20), ago(10));
        QVERIFY(ana.standing() == Standing::Steady);
        ana.promise(PromiseState::Kept, ago(20), ago(9));
        QVERIFY(ana.standing() == Standing::Growing);
    }

    void R7_promisesAreLateOnTheDayAfter()
    {
        Facts ana;
        ana.visit(5);
        ana.visit(4);
        ana.promise(PromiseState::Open, ago(0));
        QVERIFY(stateOn(ana.its.promises[0], today) == PromiseState::Open);
        QVERIFY(stateOn(ana.its.promises[0], daysLater(today, 1)) == PromiseState::Late);
        QVERIFY(holds(ana.reasons(), ReasonKind::PromiseDue));
        QVERIFY(!ana.signal(SignalKind::PromisesKept));
        ana.promise(PromiseState::Kept, ago(10), ago(11));
        ana.promise(PromiseState::Open, ago(7));
        QCOMPARE(ana.signal(SignalKind::PromisesKept), std::optional<int>(50));
        QVERIFY(ana.standing() == Standing::Steady);
        ana.promise(PromiseState::Open, ago(8));
        QCOMPARE(ana.signal(SignalKind::PromisesKept), std::optional<int>(33));
        QVERIFY(ana.standing() == Standing::Cooling);
    }

    void R3_theirRatingHasAVisitAndUnknownIsNotZero()
    {
        Facts ana;
        ana.visit(5);
        QVERIFY(!ana.signal(SignalKind::Rating));
        ana.visit(9).feeling = -2;
        QCOMPARE(ana.signal(SignalKind::Rating), std::optional<int>(0));
        ana.visit(8).rating = 7;
        QCOMPARE(ana.signal(SignalKind::Rating), std::optional<int>(70));
        const auto evidence = profileOf(ana.its, today).parts[3].evidence;
        QCOMPARE(evidence, std::vector<Id>{"v992"});
    }

    void P1_72_beingThereWeighsMost_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("weight");
        QTest::newRow("face to face") << static_cast<int>(VisitKind::FaceToFace) << 5;
        QTest::newRow("group") << static_cast<int>(VisitKind::Group) << 4;
        QTest::newRow("counter") << static_cast<int>(VisitKind::Counter) << 3;
        QTest::newRow("call") << static_cast<int>(VisitKind::Call) << 2;
        QTest::newRow("message") << static_cast<int>(VisitKind::Message) << 1;
    }

    void P1_72_beingThereWeighsMost()
    {
        QFETCH(int, kind);
        QFETCH(int, weight);
        Facts ana;
        ana.visit(9, VisitKind::Message).member = "m1";
        ana.visit(5, static_cast<VisitKind>(kind)).member = "m1";
        QCOMPARE(ana.signal(SignalKind::Breadth), std::optional<int>(weight));
        ana.visit(4, VisitKind::Call).member = "m2";
        QCOMPARE(ana.signal(SignalKind::Breadth), std::optional<int>(weight + 2));
    }

    // Worked out by hand from the page: days ago with kind, who, direction, feeling; a promise kept
    // or not; and what each signal is then.
    void R1_goldenTable_data()
    {
        QTest::addColumn<QString>("visits");
        QTest::addColumn<QString>("promises");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << ""
                                 << ""
                                 << "- - - - -";
        // 10 days of 90; one contact says nothing of two sides; 25 * (1 + 2)
        QTest::newRow("once") << "10:f:a:u:1"
                              << ""
                              << "11 - - 75 -";
        // gaps 10, 20, 30: the middle one is 20; 10 * 100 / 20. Two of four by them. 5 for a, 2 for
        // b.
        QTest::newRow("a habit") << "70:f:a:t 40:c:b:u 20:f:a:t 10:c:a:u"
                                 << ""
                                 << "50 50 - - 7";
        // Of the last six contacts three by them; the seventh is not asked.
        QTest::newRow("the last six") << "70:f:a:t 60:f:a:u 50:f:a:t 40:f:a:t 30:f:a:u 20:f:a:u "
                                         "10:f:a:t"
                                      << ""
                                      << "100 50 - - 5";
        // Two kept of three that are over; the open one is not over.
        QTest::newRow("promises") << "10:f:a:u"
                                  << "k:20 k:30 l:9 o:-9"
                                  << "11 - 66 - -";
        QTest::newRow("kept long ago") << "10:f:a:u"
                                       << "k:366"
                                       << "11 - - - -";
        // Older than two years is no opinion of today; a message weighs 1, a counter 3.
        QTest::newRow("old words") << "731:f:a:u:2 9:m:b:u 5:n:a:t"
                                   << ""
                                   << "5 33 - - 4";
    }

    void R1_goldenTable()
    {
        QFETCH(QString, visits);
        QFETCH(QString, promises);
        QFETCH(QString, expected);
        Facts ana;
        const QMap<QString, VisitKind> kinds{{"f", VisitKind::FaceToFace}, {"c", VisitKind::Call},
            {"m", VisitKind::Message}, {"n", VisitKind::Counter}};
        for (const QString &one : visits.split(' ', Qt::SkipEmptyParts)) {
            const QStringList parts = one.split(':');
            VisitFact &visit = ana.visit(parts[0].toInt(), kinds[parts[1]]);
            visit.member = parts[2].toStdString();
            visit.direction = parts[3] == "t" ? Direction::Them : Direction::Us;
            if (parts.size() > 4)
                visit.feeling = parts[4].toInt();
        }
        for (const QString &one : promises.split(' ', Qt::SkipEmptyParts)) {
            const Day day = ago(one.mid(2).toInt());
            if (one.startsWith('k'))
                ana.promise(PromiseState::Kept, day, day);
            else
                ana.promise(PromiseState::Open, day);
        }
        QStringList told;
        for (int i = 0; i < 5; ++i) {
            const auto value = ana.signal(static_cast<SignalKind>(i));
            told.append(value ? QString::number(*value) : QString("-"));
        }
        QCOMPARE(told.join(' '), expected);
    }

    void trendsLookBackNinetyDays()
    {
        Facts ana;
        ana.visit(200).rating = 5;
        ana.visit(100);
        ana.visit(20).rating = 8;
        const Profile profile = profileOf(ana.its, today);
        QVERIFY(profile.parts[3].trend == Trend::Better);
        QVERIFY(profile.parts[0].trend == Trend::Worse);  // 20 days against 10
        QVERIFY(profile.parts[2].trend == Trend::NotKnown);
    }

    void R14_whatComesLaterChangesNoEarlierDay()
    {
        Facts ana;
        ana.visit(100);
        ana.visit(90).effect = Effect::Weakened;
        ana.promise(PromiseState::Open, ago(85));
        const Profile then = profileOf(ana.its, ago(80));
        ana.visit(50).effect = Effect::Damaged;
        ana.its.promises[0].state = PromiseState::Kept;
        ana.its.promises[0].doneOn = ago(60);
        const Profile still = profileOf(ana.its, ago(80));
        QVERIFY(still.standing == then.standing && still.evidence == then.evidence);
        QVERIFY(still.parts[2].value == then.parts[2].value);
    }

    void aChangeOfTheWordNamesWhatCausedIt()
    {
        Facts ana;
        ana.visit(60).effect = Effect::Weakened;
        ana.visit(40).effect = Effect::Damaged;
        auto change = lastChangeOf(ana.its, today, 365);
        QVERIFY(change.has_value());
        QVERIFY(change->after == Standing::Cooling && change->before == Standing::NotEnoughKnown);
        QCOMPARE(change->causes, std::vector<Id>{"v960"});
        Facts quiet;
        quiet.terms(true, 10);
        quiet.visit(25);
        quiet.visit(24);
        change = lastChangeOf(quiet.its, today, 365);
        QVERIFY(change->after == Standing::GoneQuiet && change->causes.empty());
        QVERIFY(change->on == ago(3));
    }

    void F3_saleMakesItsCallsOnce()
    {
        QCOMPARE(callsAfter(ago(800), today).size(), std::size_t{5});  // 3, 30, 90, 365, 730
        Facts ana;
        ana.visit(1);
        ana.its.sales.push_back({"s1", "Corolla", ago(30), "seller"});
        ana.its.sales.push_back({"s2", "corolla ", ago(30), "seller"});
        const auto calls = [&] {
            const auto kinds = ana.reasons();
            return std::count(kinds.begin(), kinds.end(), ReasonKind::CallAfterSale);
        };
        QCOMPARE(calls(), 1);
        QCOMPARE(reasonsOf(ana.its, today).front().owner, std::string("seller"));
        // Made by the one who recorded it second: made for both.
        ana.its.followUps.push_back({"f", "s2", {}, {}, ago(0), "v999"});
        QCOMPARE(calls(), 0);
    }

    void P1_58_nothingChangesHandsInSilence()
    {
        Facts ana;
        ana.visit(1);
        ana.its.sales.push_back({"s", "Corolla", ago(30), "seller"});
        const auto call = [&] {
            return reasonsOf(ana.its, today).front();
        };
        QVERIFY(call().owner == "seller" && !call().shouldHandOver);
        ana.its.left = {"another", "seller"};
        QVERIFY(call().owner == "seller" && call().shouldHandOver);
        // Handed over in so many words; from that day on.
        ana.its.handovers.push_back({"h1", "heir", ago(-1), "told"});
        QVERIFY(call().shouldHandOver);
        ana.its.handovers[0].onDay = ago(5);
        QVERIFY(call().owner == "heir" && !call().shouldHandOver);
        // Who left as well does not go on with it.
        ana.its.handovers.push_back({"h2", "another", ago(4), "told"});
        QVERIFY(call().owner == "seller" && call().shouldHandOver);
        // What is nobody's is not handed over.
        ana.its.sales[0].seller.clear();
        QVERIFY(!call().shouldHandOver);
    }

    void R8_circumstancesAreAskedAboutWhenTheyEnd()
    {
        Facts ana;
        ana.visit(1);
        ana.its.circumstances.push_back({"x", "no car since the accident", ago(900), ago(-8)});
        QVERIFY(!holds(ana.reasons(), ReasonKind::CircumstanceEnds));
        ana.its.circumstances[0].untilOn = ago(-7);
        QVERIFY(holds(ana.reasons(), ReasonKind::CircumstanceEnds));
    }

    void R6_whatWasGivenWantsToBeConfirmed()
    {
        Facts ana;
        ana.visit(1);
        ana.its.needs.push_back({"n", "a quieter oven", NeedState::Heard});
        QVERIFY(ana.reasons().empty());
        ana.its.needs[0].state = NeedState::Given;
        QCOMPARE(ana.reasons(), std::vector<ReasonKind>{ReasonKind::NeedToConfirm});
    }

    void F5_eachReasonHasItsRow()
    {
        Facts ana;
        QVERIFY(reasonsOf(ana.its, today).front().kind == ReasonKind::NeverTalked);
        ana.visit(200).nextStep = "send the list";
        ana.its.visits[0].nextStepOn = ago(3);
        ana.promise(PromiseState::Open, ago(-2));
        ana.its.followUps.push_back({"f", {}, "me", "how it went", ago(0), {}});
        const auto reasons = reasonsOf(ana.its, today);
        QCOMPARE(reasons.size(), std::size_t{4});
        for (const Reason &reason : reasons)
            QVERIFY(!reason.evidence.empty());
        QVERIFY(reasons[0].kind == ReasonKind::NextStepDue && reasons[0].topic == "send the list");
        QVERIFY(reasons[1].kind == ReasonKind::FollowUpDue && reasons[1].owner == "me");
        QVERIFY(reasons[2].group == TodayGroup::Soon);
        QVERIFY(reasons[3].group == TodayGroup::GoneQuiet);
    }
};

QTEST_GUILESS_MAIN(RulesTest)
#include "rules_test.moc"
