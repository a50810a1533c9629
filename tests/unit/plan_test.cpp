#include <QtTest>

#include "app/journal/plan_reader.h"
#include "app/journal/relay.h"
#include "app/journal/row_text.h"
#include "tests/support/written_journal.h"

using namespace tend;

namespace {

Day on(const char *text)
{
    return parseDay(text).value();
}

}  // namespace

// docs/RULES.md, "The plan" and "What may be written".
class PlanTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;
    Id m_rosa;

    Id met(const std::string &day, const char *column, std::int64_t value)
    {
        return m_journal->put("visit",
            {{"customer_id", link(m_rosa)}, {"outcome", "met"}, {"on_day", day},
                {"started_at", replica::inMs(*parseTime(day + "T09:00:00Z"))}, {column, value}});
    }

    Id visitAt(const std::string &moment)
    {
        return m_journal->put("visit",
            {{"customer_id", link(m_rosa)}, {"outcome", "met"},
                {"started_at", replica::inMs(*parseTime(moment))}});
    }

    Id plan(const Id &customer)
    {
        return m_journal->put("plan",
            {{"title", "Grow"},
                {"customer_id", customer.empty() ? replica::Value{} : link(customer)}});
    }

    Id goal(const Id &plan, const char *measure, double from, double to)
    {
        return m_journal->put("goal",
            {{"plan_id", link(plan)}, {"words", "better"}, {"measure", measure}, {"baseline", from},
                {"target", to}, {"since_on", "2026-01-01"}, {"due_on", "2026-12-31"}});
    }

    [[nodiscard]] ReadPlan read(const char *day, std::size_t at = 0) const
    {
        const auto plans = readPlans(m_journal->database(), {}, on(day));
        if (!plans || plans->size() <= at)
            qFatal("no plan");
        return plans->at(at);
    }

    [[nodiscard]] QString pointsOn(const char *day) const
    {
        QStringList words;
        const ReadPlan plan = read(day);
        for (const GoalPoint &point : plan.goals.at(0).line.points)
            words.append(
                QString::fromStdString(dayText(point.on)) + '=' + QString::number(point.value));
        return words.join(' ');
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
        m_rosa = m_journal->put("customer", {{"name", "Rosa"}});
    }

    void P1_27_aPlanIsActiveWithOneGoalThatHasAllFour()
    {
        const Id its = plan(m_rosa);
        QVERIFY(
            m_journal->refusal("plan", {{"active", std::int64_t{1}}}, its).contains("baseline"));
        const Id half = m_journal->put("goal",
            {{"plan_id", link(its)}, {"words", "glad"}, {"measure", "rating"}, {"baseline", 50.0},
                {"target", 80.0}});
        QVERIFY(m_journal->refusal("plan", {{"active", std::int64_t{1}}}, its).contains("due_on"));
        QVERIFY(!isActive(read("2026-06-01").facts));
        m_journal->put("goal", {{"due_on", "2026-12-31"}}, half);
        QCOMPARE(m_journal->refusal("plan", {{"active", std::int64_t{1}}}, its), QString());
        QVERIFY(isActive(read("2026-06-01").facts));
        // Somebody else deletes the goal meanwhile: nothing is refused, and it is not active.
        m_journal->remove("goal", half);
        QVERIFY(!isActive(read("2026-06-01").facts));
    }

    void P1_27_anInitiativeHasAnOwner()
    {
        const Id its = plan(m_rosa);
        QVERIFY(m_journal->refusal("initiative", {{"plan_id", link(its)}, {"what", "a course"}})
                    .contains("owner_id"));
        const Id course = m_journal->put("initiative",
            {{"plan_id", link(its)}, {"what", "a course"}, {"owner_id", link(m_rosa)}});
        QVERIFY(m_journal->refusal("initiative", {{"owner_id", {}}}, course).contains("owner_id"));
        QCOMPARE(m_journal->refusal("initiative", {{"what", "two courses"}}, course), QString());
    }

    void P1_36_technologyOnlyIsSaid()
    {
        const Id its = plan({});
        QVERIFY(!isTechnologyOnly(read("2026-06-01").facts));
        const auto add = [&](const char *kind) {
            m_journal->put("initiative",
                {{"plan_id", link(its)}, {"what", "a thing"}, {"kind", kind},
                    {"owner_id", link(m_rosa)}});
        };
        add("technology");
        add("technology");
        QVERIFY(isTechnologyOnly(read("2026-06-01").facts));
        add("attitude");
        QVERIFY(!isTechnologyOnly(read("2026-06-01").facts));
    }

    void P1_28_twelveMonthlyPointsByHand()
    {
        const Id its = goal(plan({}), "the count of smiles", 0, 120);
        for (int month = 12; month >= 1; --month) {  // in any order
            const std::string day
                = "2026-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-15";
            m_journal->put("measurement",
                {{"goal_id", link(its)}, {"on_day", day}, {"value", 10.0 * month - 0.5}});
        }
        const ReadGoal line = read("2026-12-20").goals.at(0);
        QCOMPARE(line.line.points.size(), std::size_t{12});
        QCOMPARE(line.line.points.front().value, Thousandths{9'500});
        QCOMPARE(line.line.points.back().value, Thousandths{119'500});
        QVERIFY(line.line.standing == GoalStanding::Ahead);
        // As of a day in summer what came later is not there, and behind was behind.
        QCOMPARE(read("2026-07-20").goals.at(0).line.points.size(), std::size_t{7});
        // The last one written that day counts.
        m_journal->put(
            "measurement", {{"goal_id", link(its)}, {"on_day", "2026-12-15"}, {"value", 60.0}});
        const ReadGoal corrected = read("2026-12-20").goals.at(0);
        QCOMPARE(corrected.line.points.size(), std::size_t{12});
        QVERIFY(corrected.line.standing == GoalStanding::Behind);
    }

    void R5_aLateVisitRedrawsTheSameLine()
    {
        goal(this->plan(m_rosa), "rating", 50, 90);
        met("2026-01-20", "customer_rating", 5);
        met("2026-03-10", "customer_rating", 8);
        QCOMPARE(pointsOn("2026-04-02"),
            QString("2026-01-31=50000 2026-02-28=50000 2026-03-31=80000 2026-04-02=80000"));
        // A colleague's phone was away since February.
        met("2026-02-11", "customer_rating", 2);
        QCOMPARE(pointsOn("2026-04-02"),
            QString("2026-01-31=50000 2026-02-28=20000 2026-03-31=80000 2026-04-02=80000"));
        QCOMPARE(pointsOn("2026-02-20"), QString("2026-01-31=50000 2026-02-20=20000"));
        const ReadPlan plan = read("2026-04-02");
        for (const GoalPoint &point : plan.goals.at(0).line.points)
            QVERIFY(!point.evidence.empty());
    }

    void hoursAreOfTheYearAndCountedOnce()
    {
        goal(plan(m_rosa), "hours", 0, 4);
        met("2025-03-01", "minutes", 600);  // more than a year before
        met("2026-02-01", "minutes", 50);
        met("2026-02-02", "minutes", 50);
        met("2026-02-03", "minutes", 50);
        QCOMPARE(read("2026-03-02").goals.at(0).line.points.back().value, Thousandths{2'500});
    }

    void fewerCanBeTheAim()
    {
        goal(plan({}), "gone_quiet", 3, 0);
        m_journal->put("customer", {{"name", "Piet"}});
        const ReadGoal line = read("2026-06-30").goals.at(0);
        QVERIFY(line.line.standing == GoalStanding::Reached);
        QCOMPARE(line.line.points.back().value, Thousandths{0});
        QVERIFY(!line.line.points.back().evidence.empty());
    }

    void aMeasureOfEverybodyIsNoneOfOne()
    {
        goal(plan(m_rosa), "relationships", 0, 4);
        goal(plan({}), "rating", 0, 4);
        for (const std::size_t at : {0U, 1U})
            QVERIFY(read("2026-06-30", at).goals.at(0).line.points.empty());
    }

    void R6_onlyTheCustomerConfirmsLater()
    {
        const Id heard = visitAt("2026-03-01T10:00:00Z");
        const Id before = visitAt("2026-02-01T10:00:00Z");
        const Id after = visitAt("2026-04-01T10:00:00Z");
        const Id attempt = m_journal->put("visit",
            {{"outcome", "no_answer"},
                {"started_at", replica::inMs(*parseTime("2026-04-02T10:00:00Z"))}});
        const Id need = m_journal->put("need",
            {{"customer_id", link(m_rosa)}, {"words", "quieter"}, {"heard_visit_id", link(heard)}});
        const auto confirm = [&](const replica::Value &visit) {
            return m_journal->refusal(
                "need", {{"state", "confirmed"}, {"confirmed_visit_id", visit}}, need);
        };
        QVERIFY(confirm({}).contains("only the customer"));
        QVERIFY(confirm(link(heard)).contains("only the customer"));
        QVERIFY(confirm(link(before)).contains("only the customer"));
        QVERIFY(confirm(link(attempt)).contains("only the customer"));
        QVERIFY(confirm(link(need)).contains("only the customer"));  // no visit at all
        QCOMPARE(confirm(link(after)), QString());
        QVERIFY(m_journal->refusal("need", {{"confirmed_visit_id", {}}}, need)
                    .contains("only the customer"));
        QCOMPARE(m_journal->refusal("need", {{"words", "much quieter"}}, need), QString());
    }

    void R6_theVisitIsTheirsAndItsMomentCounts()
    {
        const Id piet = m_journal->put("customer", {{"name", "Piet"}});
        const auto visit = [&](const Id &whose, WrittenJournal::Columns when) {
            const Id id
                = m_journal->put("visit", {{"customer_id", link(whose)}, {"outcome", "met"}});
            m_journal->put("visit", when, id);
            return id;
        };
        const auto at = [](const char *moment) {
            return replica::Value{replica::inMs(*parseTime(moment))};
        };
        const Id heard = visit(m_rosa, {{"started_at", at("2026-03-01T10:00:00Z")}});
        const Id need = m_journal->put("need",
            {{"customer_id", link(m_rosa)}, {"words", "quieter"}, {"heard_visit_id", link(heard)}});
        const auto confirm = [&](const Id &in) {
            return m_journal->refusal(
                "need", {{"state", "confirmed"}, {"confirmed_visit_id", link(in)}}, need);
        };
        QVERIFY(confirm(visit(piet, {{"started_at", at("2026-04-01T10:00:00Z")}}))
                    .contains("only the customer"));
        QVERIFY(confirm(visit(m_rosa, {{"started_at", at("2026-03-01T09:59:59Z")}}))
                    .contains("only the customer"));
        QCOMPARE(confirm(visit(m_rosa, {{"started_at", at("2026-03-01T10:00:00.5Z")}})), QString());
        QCOMPARE(confirm(visit(m_rosa, {{"on_day", "2026-03-01"}})), QString());
        QCOMPARE(confirm(visit(m_rosa, {})), QString());  // it is of today
        // In a group, and by another row of the same person.
        const Id party = visit(piet, {{"started_at", at("2026-05-01T10:00:00Z")}});
        QVERIFY(confirm(party).contains("only the customer"));
        const Id twin = m_journal->put("customer", {{"name", "Rosa L."}});
        m_journal->put("visit_customer", {{"visit_id", link(party)}, {"customer_id", link(twin)}});
        QVERIFY(confirm(party).contains("only the customer"));
        m_journal->put("same_customer", {{"customer_id", link(twin)}, {"same_as", link(m_rosa)}});
        QCOMPARE(confirm(party), QString());
        // A handover likewise.
        const auto told = [&](const Id &in) {
            return m_journal->refusal("handover",
                {{"customer_id", link(m_rosa)}, {"to_id", link(piet)}, {"on_day", "2026-03-01"},
                    {"told_visit_id", link(in)}});
        };
        QVERIFY(told(visit(piet, {{"on_day", "2020-01-01"}})).contains("this customer was told"));
        QCOMPARE(told(party), QString());
    }

    void aYearMistypedCostsNoMonthsWithoutNumber()
    {
        const auto days = pointDays(on("0202-01-01"), on("2026-03-05"));
        QVERIFY(days.size() < 125);
        QVERIFY(days.back() == on("2026-03-05"));
    }

    void whatNobodyMeansIsNotWritten()
    {
        const auto refused = [&](const char *column, const replica::Value &value) {
            return m_journal->refusal("visit", {{"customer_id", link(m_rosa)}, {column, value}});
        };
        QVERIFY(refused("customer_rating", std::int64_t{-5}).contains("goes from 0 to 10, not -5"));
        QVERIFY(refused("customer_feeling", std::int64_t{7}).contains("from -2 to 2"));
        QVERIFY(refused("minutes", std::int64_t{2147483647}).contains("from 0 to 10080"));
        QCOMPARE(refused("customer_rating", std::int64_t{10}), QString());
        QVERIFY(m_journal->refusal("customer", {{"name", " \t"}}).contains("blank"));
        QVERIFY(m_journal
                    ->refusal("measurement",
                        {{"goal_id", link(m_rosa)}, {"on_day", "2026-01-01"}, {"value", 1e300}})
                    .contains("goes from"));
    }

    void P1_63_closedNeedsAVisitInWhichItWasTold()
    {
        const Id remark = m_journal->put("remark", {{"words", "the oven smokes"}});
        QVERIFY(
            m_journal
                ->refusal("relay_event", {{"remark_id", link(remark)}, {"kind", "told_customer"}})
                .contains("visit_id"));
        QCOMPARE(m_journal->refusal("relay_event",
                     {{"remark_id", link(remark)}, {"kind", "told_customer"},
                         {"visit_id", link(visitAt("2026-04-01T10:00:00Z"))}}),
            QString());
        const Id nobodyThere = m_journal->put("visit", {{"outcome", "no_answer"}});
        QVERIFY(m_journal
                    ->refusal("relay_event",
                        {{"remark_id", link(remark)}, {"kind", "told_customer"},
                            {"visit_id", link(nobodyThere)}})
                    .contains("were met"));
    }

    // Told means told to them, after they said it.
    void P1_63_toldToWhoeverSaidIt()
    {
        const Id piet = m_journal->put("customer", {{"name", "Piet"}});
        const Id remark = m_journal->put("remark",
            {{"customer_id", link(m_rosa)}, {"words", "it is freezing"}, {"to_role", "office"},
                {"heard_at", replica::inMs(*parseTime("2026-03-10T09:00:00Z"))}});
        const auto told = [&](const Id &whose, const char *day) {
            const Id visit = m_journal->put(
                "visit", {{"customer_id", link(whose)}, {"outcome", "met"}, {"on_day", day}});
            return m_journal->refusal("relay_event",
                {{"remark_id", link(remark)}, {"kind", "told_customer"},
                    {"visit_id", link(visit)}});
        };
        QVERIFY(told(piet, "2026-04-01").contains("told_customer"));
        QVERIFY(told(m_rosa, "2020-01-01").contains("not before they said it"));
        QCOMPARE(told(m_rosa, "2026-03-09"), QString());  // elsewhere that is the same day
        QCOMPARE(told(m_rosa, "2026-04-01"), QString());
        const auto remarks = readRelayed(m_journal->database());
        QVERIFY(isClosed(remarks->front()));
    }

    void R6_confirmedNotBeforeItWasGiven()
    {
        const Id need = m_journal->put("need",
            {{"customer_id", link(m_rosa)}, {"words", "quieter"}, {"state", "given"},
                {"given_on", "2026-03-10"}});
        const auto confirm = [&](const char *moment) {
            return m_journal->refusal("need",
                {{"state", "confirmed"}, {"confirmed_visit_id", link(visitAt(moment))}}, need);
        };
        QVERIFY(confirm("2026-03-09T10:00:00Z").contains("not before it was given"));
        QCOMPARE(confirm("2026-03-10T10:00:00Z"), QString());
        // Nor does a later word about when it was given make it so.
        QVERIFY(m_journal->refusal("need", {{"given_on", "2026-03-11"}}, need)
                    .contains("not before it was given"));
    }
};

QTEST_GUILESS_MAIN(PlanTest)
#include "plan_test.moc"
