#include <QtTest>

#include "app/journal/facts_reader.h"
#include "app/journal/reasons.h"
#include "app/journal/retention.h"
#include "app/journal/row_text.h"
#include "app/journal/voices.h"
#include "tests/support/written_journal.h"

using namespace tend;

namespace {

Day on(const char *text)
{
    return parseDay(text).value();
}

}  // namespace

// docs/RULES.md: who leaves and comes back, what they say when asked, what the office tells them.
class VoicesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;

    Id customer(const char *name) { return m_journal->put("customer", {{"name", name}}); }

    Id met(const Id &whose, const std::string &day)
    {
        return m_journal->put("visit",
            {{"customer_id", link(whose)}, {"outcome", "met"}, {"kind", "call"}, {"on_day", day},
                {"started_at", replica::inMs(*parseTime(day + "T09:00:00Z"))}});
    }

    [[nodiscard]] Retention stateOn(const Id &whose, const char *day) const
    {
        const auto facts = FactsReader(m_journal->database()).of(whose);
        const RetentionState state = retentionOf(*facts, on(day));
        if (state.state != Retention::None && state.evidence.empty())
            qFatal("a state without a row");
        return state.state;
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
    }

    void R12_leftAndCameBackOnTheirDays()
    {
        const Id rosa = customer("Rosa");
        m_journal->put("terms", {{"customer_id", link(rosa)}, {"rhythm_days", std::int64_t{30}}});
        QVERIFY(stateOn(rosa, "2026-01-01") == Retention::None);
        met(rosa, "2026-01-01");
        met(rosa, "2026-01-20");
        QVERIFY(stateOn(rosa, "2026-01-25") == Retention::Staying);
        QVERIFY(stateOn(rosa, "2026-02-19") == Retention::Staying);
        QVERIFY(stateOn(rosa, "2026-02-20") == Retention::AtRisk);
        m_journal->put("loss",
            {{"customer_id", link(rosa)}, {"reason", "competition"}, {"on_day", "2026-03-01"}});
        m_journal->put(
            "loss", {{"customer_id", link(rosa)}, {"reason", "service"}, {"on_day", "2026-03-01"}});
        QVERIFY(stateOn(rosa, "2026-02-28") == Retention::AtRisk);
        QVERIFY(stateOn(rosa, "2026-03-01") == Retention::Left);
        const auto facts = FactsReader(m_journal->database()).of(rosa);
        QCOMPARE(retentionOf(*facts, on("2026-03-05")).reasons.size(), std::size_t{2});
        met(rosa, "2026-06-01");
        QVERIFY(stateOn(rosa, "2026-05-31") == Retention::Left);
        QVERIFY(stateOn(rosa, "2026-06-02") == Retention::CameBack);
        QVERIFY(stateOn(rosa, "2026-07-02") == Retention::AtRisk);
    }

    // Who never bought and never talked is no loss: they are in search and in the why report.
    void P1_56_whoDoesNotBuyIsNoLoss()
    {
        const Id rosa = customer("Rosa");
        m_journal->put(
            "loss", {{"customer_id", link(rosa)}, {"reason", "market"}, {"on_day", "2026-03-01"}});
        QVERIFY(stateOn(rosa, "2026-03-05") == Retention::None);
    }

    void P1_51_whoWouldMoveForWhat()
    {
        const Id rosa = customer("Rosa");
        const Id piet = customer("Piet");
        const auto says = [&](const Id &whose, const char *day, const char *change) {
            m_journal->put("buying",
                {{"customer_id", link(whose)}, {"where", "elsewhere"}, {"said_on", day},
                    {"would_change", change}});
        };
        says(rosa, "2026-01-01", "a better price");
        says(piet, "2026-01-01", "parking");
        says(piet, "2026-02-01", "the Price of parking");
        const auto would = [&](const char *words, const char *day) {
            QStringList names;
            const auto cards = buyingCards(m_journal->database(), on(day), words);
            for (const BuyingCard &card : *cards)
                names.append(QString::fromStdString(card.name));
            return names;
        };
        QCOMPARE(would("price", "2026-03-01"), (QStringList{"Piet", "Rosa"}));
        QCOMPARE(would("PRICE ", "2026-01-15"), QStringList{"Rosa"});
        says(rosa, "2026-03-02", "nothing");
        QCOMPARE(would("price", "2026-03-03"), QStringList{"Piet"});  // their last word counts
        QCOMPARE(would("", "2026-03-03").size(), 2);
        const Id bo = customer("Bo");
        m_journal->put("buying",
            {{"customer_id", link(bo)}, {"would_change", "HÖHERER Rabatt"},
                {"said_on", "2026-03-01"}});
        QCOMPARE(would("höherer rabatt", "2026-03-03"), QStringList{"Bo"});
    }

    void P1_50_whatTheySaidBeforeStays()
    {
        const Id rosa = customer("Rosa");
        m_journal->put("client_says",
            {{"customer_id", link(rosa)}, {"wants", "bread at six"}, {"said_on", "2026-01-01"}});
        m_journal->put("client_says",
            {{"customer_id", link(rosa)}, {"wants", "bread at seven"}, {"worth", "a walk"},
                {"said_on", "2026-02-01"}});
        const auto said = whatClientSays(m_journal->database(), rosa, on("2026-03-01"));
        QCOMPARE(said->size(), std::size_t{2});
        QCOMPARE(said->front().wants, std::string("bread at seven"));
        QCOMPARE(said->back().wants, std::string("bread at six"));
        QCOMPARE(
            whatClientSays(m_journal->database(), rosa, on("2026-01-10"))->size(), std::size_t{1});
    }

    void P1_53_aQuestionAndItsAnswers()
    {
        const Id rosa = customer("Rosa");
        const Id question = m_journal->put("question",
            {{"words", "What would you bring home?"}, {"from_on", "2026-03-02"},
                {"until_on", "2026-03-08"}});
        const auto answer = [&](const replica::Value &whose) {
            m_journal->put("answer",
                {{"question_id", link(question)}, {"customer_id", whose}, {"words", "a cake"},
                    {"on_day", "2026-03-03"}});
        };
        answer(link(rosa));
        answer({});
        const auto asked = askedQuestions(m_journal->database(), on("2026-03-05"));
        QVERIFY(asked->front().isCurrent);
        QCOMPARE(asked->front().answers.size(), std::size_t{2});
        QCOMPARE(asked->front().answers.front().name, std::string("Rosa"));
        QVERIFY(!askedQuestions(m_journal->database(), on("2026-03-09"))->front().isCurrent);
        QVERIFY(askedQuestions(m_journal->database(), on("2026-03-01"))->front().answers.empty());
    }

    void P1_64_aNoteConcernsExactlyItsPeople()
    {
        const Id rosa = customer("Rosa");
        const Id piet = customer("Piet");
        const Id bo = customer("Bo");
        m_journal->put("sale", {{"customer_id", link(rosa)}, {"item", "Terra SUV 2.0"}});
        m_journal->put("sale", {{"customer_id", link(rosa)}, {"item", "Sedan"}});
        m_journal->put("sale", {{"customer_id", link(piet)}, {"item", "Sedan"}});
        const Id tag = m_journal->put("tag", {{"name", "drives far"}});
        m_journal->put("customer_tag", {{"customer_id", link(bo)}, {"tag_id", link(tag)}});
        const auto people = [&](const Id &note, const Id &only = {}) {
            QStringList names;
            const auto notes = marketNotes(m_journal->database(), on("2026-03-05"), only);
            for (const MarketNote &one : *notes) {
                for (const MarketNote::Person &person : one.people) {
                    if (one.id != note)
                        continue;
                    names.append(QString::fromStdString(person.name));
                    if (person.evidence.empty())
                        names.append("without a row");
                }
            }
            return names;
        };
        const Id suv = m_journal->put("market_note",
            {{"words", "fuel goes up"}, {"item", "suv"}, {"until_on", "2026-04-01"}});
        const Id far = m_journal->put(
            "market_note", {{"words", "fuel goes up"}, {"item", "suv"}, {"tag_id", link(tag)}});
        const Id all = m_journal->put("market_note", {{"words", "closed on Monday"}});
        const Id over
            = m_journal->put("market_note", {{"words", "over"}, {"until_on", "2026-03-04"}});
        QCOMPARE(people(suv), QStringList{"Rosa"});
        QCOMPARE(people(far), (QStringList{"Bo", "Rosa"}));
        QCOMPARE(people(all), (QStringList{"Bo", "Piet", "Rosa"}));
        QCOMPARE(people(over), QStringList());
        QCOMPARE(people(suv, piet), QStringList());
        QCOMPARE(people(suv, rosa), QStringList{"Rosa"});
        QCOMPARE(
            marketNotes(m_journal->database(), on("2026-03-05"), piet)->size(), std::size_t{1});
    }

    void F9_aHandoverIsOpenUntilAVisitSaysSo()
    {
        const Id rosa = customer("Rosa");
        met(rosa, "2026-03-01");
        const Id colleague = customer("a colleague's id");
        const Id handover = m_journal->put("handover",
            {{"customer_id", link(rosa)}, {"to_id", link(colleague)}, {"on_day", "2026-03-02"}});
        const auto owner = [&](const char *day) {
            const auto facts = FactsReader(m_journal->database()).of(rosa);
            for (const Reason &reason : reasonsOf(*facts, on(day))) {
                if (reason.kind == ReasonKind::HandoverToTell)
                    return reason.owner;
            }
            return Id{};
        };
        QCOMPARE(owner("2026-03-05"), colleague);
        QVERIFY(m_journal->refusal("handover", {{"told_visit_id", link(colleague)}}, handover)
                    .contains("visit"));
        const Id told = met(rosa, "2026-03-06");
        m_journal->put("handover", {{"told_visit_id", link(told)}}, handover);
        QCOMPARE(owner("2026-03-07"), Id{});
        QCOMPARE(owner("2026-03-05"), colleague);
    }

    void C11_aGroupVisitStandsInEachTimeline()
    {
        const Id rosa = customer("Rosa");
        const Id piet = customer("Piet");
        const Id visit = m_journal->put("visit",
            {{"outcome", "met"}, {"kind", "group"},
                {"started_at", std::int64_t{1'780'000'000'000}}});
        const auto takesPart = [&](const Id &whose, const char *said, std::int64_t feeling) {
            m_journal->put("visit_customer",
                {{"visit_id", link(visit)}, {"customer_id", link(whose)}, {"said", said},
                    {"customer_feeling", feeling}});
        };
        takesPart(rosa, "too loud", -1);
        takesPart(piet, "just right", 2);
        StoreJournal pages(*m_journal->its().store, *m_journal->its().replica);
        const auto rosas = pages.customer(rosa);
        QCOMPARE(rosas->story.size(), std::size_t{1});
        QCOMPARE(rosas->story.front().said, std::string("too loud"));
        QCOMPARE(rosas->feeling, Feeling{-1});
        const auto piets = pages.customer(piet);
        QCOMPARE(piets->story.front().said, std::string("just right"));
        QCOMPARE(piets->story.front().visitId, visit);
        QVERIFY(piets->story.front().kind == VisitKind::Group);
    }
};

QTEST_GUILESS_MAIN(VoicesTest)
#include "voices_test.moc"
