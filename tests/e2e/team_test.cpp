// What the people of one team write, hear and take over from each other, through real replicas and
// a server that is not always there.
#include <QDateTime>
#include <QtTest>

#include "sync/base/random.h"
#include "tests/support/team.h"

using replica::SeededRandom;
using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;
using replica::test::json;
using replica::test::Team;

namespace {

Json atHoursAgo(int hours)
{
    return QDateTime::currentDateTimeUtc()
        .addSecs(-3600LL * hours)
        .toString(Qt::ISODate)
        .toStdString();
}

// A figure as "people of customers, percent".
std::string figure(const std::vector<Json> &radar, const std::string &name)
{
    for (const Json &its : radar) {
        if (its["figure"] == name)
            return its["people"].dump() + " of " + its["customers"].dump() + ", "
                + its["percent"].dump();
    }
    return "none";
}

}  // namespace

class TeamTest : public QObject, private Team {
    Q_OBJECT

private:
    [[nodiscard]] static std::string memberNamed(const Desk &desk, const std::string &name)
    {
        for (const Json &member : told(desk, {"get", "member"})) {
            if (member["name"] == name)
                return member["id"];
        }
        qFatal("no member %s", name.c_str());
    }

    // Where a remark stands for whoever works this replica; empty when it is not on their list.
    [[nodiscard]] static Json standsFor(const Desk &desk, const std::string &remark)
    {
        for (const Json &row : told(desk, {"heard"})) {
            if (row["remark"] == remark)
                return row;
        }
        return {};
    }

    // A sync in the midst of which the server may lose its power, again and again until it is done.
    void syncThrough(const Desk &desk, SeededRandom &random)
    {
        for (int round = 0; round < 20; ++round) {
            QProcess syncing;
            syncing.start(TENDCTL_PROGRAM, desk.with({"sync"}));
            QVERIFY(syncing.waitForStarted());
            if (random.below(2) == 0) {
                QTest::qSleep(static_cast<int>(random.below(60)));
                server().kill();
            }
            QVERIFY(syncing.waitForFinished(60'000));
            if (!server().isRunning()) {
                QVERIFY(server().start().has_value());
                continue;
            }
            if (syncing.exitCode() == 0)
                return;
        }
        QVERIFY2(desk.sync(), "not once in twenty times");
    }

private slots:

    void init() { gather(); }

    void cleanup() { disband(); }

    // Every kind, way and outcome, with its moment, length and place.
    void C4_allKindsReachTheOthersAndTheExport()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        QByteArray visits;
        int number = 0;
        for (const char *kind : {"face_to_face", "call", "counter", "group", "message"}) {
            for (const char *outcome : {"met", "no_answer", "left_message"}) {
                for (const char *direction : {"us", "them"})
                    visits
                        += json({{"customer_id", rosa}, {"kind", kind}, {"outcome", outcome},
                               {"direction", direction}, {"minutes", ++number},
                               {"started_at", "2026-03-01T09:00:00.250Z"}, {"on_day", "2026-03-01"},
                               {"latitude", 52.5 + number}, {"longitude", -13.25}})
                        + '\n';
            }
        }
        QCOMPARE(ann.run({"put", "visit"}, visits).code, 0);
        const auto written = told(ann, {"get", "visit"});
        QCOMPARE(written.size(), std::size_t{30});
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(told(bo, {"get", "visit"}), written);

        const QString file = path("all.jsonl");
        QCOMPARE(bo.run({"export", "--format", "json", "--to", file}).code, 0);
        const Desk apart(path(), "apart");
        QCOMPARE(apart.run({"init"}).code, 0);
        QCOMPARE(apart.run({"import", file}).code, 0);
        QCOMPARE(told(apart, {"get", "visit"}), written);
        const QByteArray csv = bo.run({"export", "--format", "csv", "--table", "visit"}).out;
        for (const char *word : {"face_to_face", "call", "counter", "group", "message"})
            QCOMPARE(csv.count(',' + QByteArray(word) + ','), 6);
    }

    // What they said and what we think: two columns, in the export as well, and only theirs counts.
    void C6_theirWordsStayTheirsOnTheirWay()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        addVisit(ann, rosa, "2026-03-01",
            {{"said", "it is loud"}, {"impression", "she looks tired"}, {"rep_feeling", -2}});
        QVERIFY(ann.sync() && bo.sync());
        const QList<QByteArray> csv
            = bo.run({"export", "--format", "csv", "--table", "visit"}).out.split('\n');
        const QList<QByteArray> names = csv.at(0).trimmed().split(',');
        const QList<QByteArray> cells = csv.at(1).trimmed().split(',');
        QCOMPARE(cells.at(names.indexOf("said")), QByteArray("it is loud"));
        QCOMPARE(cells.at(names.indexOf("impression")), QByteArray("she looks tired"));
        const Json brief = told(bo, {"brief", "Rosa", "--on", "2026-03-02"}).at(0);
        QCOMPARE(brief["last_words"][0]["said"], Json("it is loud"));
        QVERIFY(brief.dump().find("tired") == std::string::npos);
        const auto rating = [&] {
            return told(bo, {"profile", "Rosa", "--on", "2026-03-02"})
                .at(0)["signals"]["rating"]["value"];
        };
        QCOMPARE(rating(), Json());  // that we think so is no word of hers
        addVisit(bo, rosa, "2026-03-02", {{"customer_feeling", -1}});
        QCOMPARE(rating(), Json(25));
    }

    // Counted by hand: of five customers three are more than data; of Ann's three two, of Bo's one.
    void P1_7_relationshipsOrDataForMeAndForTheTeam()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const auto customerOf = [](const Desk &desk, const char *name, const char *owner) {
            return add(desk, "customer",
                {{"name", name}, {"owner_id", memberNamed(desk, owner)}, {"phone", "0301234567"},
                    {"email", "a@example.org"}, {"note", "forty fields would not help"}});
        };
        const std::string rosa = customerOf(ann, "Rosa", "Ann");
        const std::string piet = customerOf(ann, "Piet", "Ann");
        const std::string lea = customerOf(ann, "Lea", "Ann");
        const std::string max = customerOf(bo, "Max", "Bo");
        customerOf(bo, "Ida", "Bo");
        addVisit(ann, rosa, "2026-03-01");
        addVisit(ann, piet, "2026-03-02", {{"kind", "call"}});
        addVisit(ann, lea, "2026-03-03", {{"kind", "message"}});  // one way
        addVisit(ann, lea, "2026-03-04", {{"outcome", "no_answer"}});
        addVisit(bo, max, "2026-03-05", {{"kind", "counter"}});
        QVERIFY(ann.sync() && bo.sync() && ann.sync());
        const QStringList radar{"radar", "--on", "2026-03-09"};
        for (const Desk *desk : {&ann, &bo})
            QCOMPARE(figure(told(*desk, radar), "relationships"), std::string("3 of 5, 60"));
        QCOMPARE(told(ann, radar), told(bo, radar));
        QCOMPARE(figure(told(ann, radar + QStringList{"--mine"}), "relationships"),
            std::string("2 of 3, 66"));
        QCOMPARE(figure(told(bo, radar + QStringList{"--mine"}), "relationships"),
            std::string("1 of 2, 50"));
        // And the figure opens exactly those people.
        const auto mine = told(ann, {"radar", "relationships", "--mine", "--on", "2026-03-09"});
        QCOMPARE(mine.size(), std::size_t{2});
        QCOMPARE(mine[0]["name"], Json("Piet"));
        QCOMPARE(mine[1]["name"], Json("Rosa"));
        // Whom one has talked to is one's own as well.
        addVisit(ann, max, "2026-03-06");
        QCOMPARE(figure(told(ann, radar + QStringList{"--mine"}), "relationships"),
            std::string("3 of 4, 75"));
    }

    // Passed on, seen, taken, answered, known, told: through a server that dies again and again the
    // one who passed it on sees each state, in order, and none is lost.
    void F6_everyStateReachesTheSenderThroughOutages()
    {
        SeededRandom random(66);
        const Desk ann = joined("Ann");
        const Desk kim = joined("Kim", "office");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string remark = add(ann, "remark",
            {{"customer_id", rosa}, {"words", "the oven smokes"}, {"to_role", "office"}});
        const auto happens
            = [&](const Desk &desk, const char *kind, const Json &more = Json::object()) {
                  Json event{{"remark_id", remark}, {"kind", kind}, {"at", atHoursAgo(0)}};
                  event.update(more);
                  add(desk, "relay_event", event);
              };
        const auto exchange = [&] {
            for (const Desk *desk : {&ann, &kim, &ann})
                syncThrough(*desk, random);
        };
        happens(ann, "passed");
        exchange();
        QCOMPARE(standsFor(kim, remark)["group"], Json("to_answer"));
        QCOMPARE(standsFor(ann, remark)["state"], Json("passed"));
        for (const char *kind : {"seen", "taken"}) {
            happens(kim, kind);
            exchange();
            QCOMPARE(standsFor(ann, remark)["state"], Json(kind));
        }
        happens(kim, "answered", {{"words", "The valve is new."}});
        QCOMPARE(standsFor(ann, remark)["state"], Json("taken"));  // not here yet
        exchange();
        QCOMPARE(standsFor(ann, remark)["group"], Json("came_back"));
        QCOMPARE(standsFor(ann, remark)["answer"], Json("The valve is new."));
        QCOMPARE(standsFor(kim, remark), Json());
        happens(ann, "told_rep");
        QCOMPARE(standsFor(ann, remark)["group"], Json("to_tell"));
        const std::string visit = addVisit(ann, rosa, "2026-03-01");
        happens(ann, "told_customer", {{"visit_id", visit}});
        exchange();
        QCOMPARE(standsFor(ann, remark), Json());
        for (const Desk *desk : {&ann, &kim}) {
            std::vector<std::string> kinds;
            for (const Json &event : told(*desk, {"get", "relay_event"}))
                kinds.push_back(event["kind"]);
            QCOMPARE(kinds,
                (std::vector<std::string>{
                    "passed", "seen", "taken", "answered", "told_rep", "told_customer"}));
        }
    }

    void P1_54_whatNobodySawGoesToTheDeputy()
    {
        const Desk ann = joined("Ann");
        const Desk kim = joined("Kim", "office");
        const Desk lee = joined("Lee", "manager");
        QVERIFY(server().run({"member", "set", "Kim", "--deputy", "Lee"})->exitCode == 0);
        const auto passed = [&](const char *words, int hours) {
            const std::string remark = add(ann, "remark",
                {{"words", words}, {"to_role", "office"}, {"heard_at", atHoursAgo(hours)}});
            add(ann, "relay_event",
                {{"remark_id", remark}, {"kind", "passed"}, {"at", atHoursAgo(hours)}});
            return remark;
        };
        const std::string old = passed("the oven smokes", 25);
        const std::string fresh = passed("the door sticks", 23);
        const std::string seen = passed("the light flickers", 25);
        add(kim, "relay_event", {{"remark_id", seen}, {"kind", "seen"}, {"at", atHoursAgo(20)}});
        for (const Desk *desk : {&ann, &kim, &lee, &ann})
            QVERIFY(desk->sync());
        QCOMPARE(standsFor(lee, old)["group"], Json("to_answer"));
        QCOMPARE(standsFor(lee, old)["as_deputy"], Json(true));
        QCOMPARE(standsFor(lee, fresh), Json());
        QCOMPARE(standsFor(lee, seen), Json());
        QCOMPARE(standsFor(kim, old)["group"], Json("to_answer"));  // and with Kim it stays
        // The answer of the deputy comes back to the one who heard it, who wrote no name on it.
        add(lee, "relay_event",
            {{"remark_id", old}, {"kind", "answered"}, {"words", "Mended."},
                {"at", atHoursAgo(0)}});
        QVERIFY(lee.sync() && ann.sync() && kim.sync());
        QCOMPARE(standsFor(ann, old)["group"], Json("came_back"));
        QCOMPARE(standsFor(kim, old), Json());
    }

    // The call belongs to the one who sold. When they leave nobody gets it in silence.
    void P1_58_theCallIsTheSellersUntilItIsHandedOver()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        addVisit(ann, rosa, "2026-03-01");
        add(ann, "sale", {{"customer_id", rosa}, {"item", "Corolla"}, {"sold_on", "2026-03-01"}});
        QVERIFY(ann.sync() && bo.sync());
        const auto call = [&] {
            for (const Json &row : told(bo, {"today", "--on", "2026-03-04"})) {
                for (const Json &reason : row["reasons"]) {
                    if (reason["reason"] == "call_after_sale")
                        return std::pair(reason["owner"], reason["hand_over"]);
                }
            }
            return std::pair(Json(), Json());
        };
        const Json itsSeller = memberNamed(bo, "Ann");
        QCOMPARE(call(), std::pair(itsSeller, Json(false)));
        QVERIFY(server().run({"member", "end", "Ann"})->exitCode == 0);
        QVERIFY(bo.sync());
        QCOMPARE(call(), std::pair(itsSeller, Json(true)));
        QVERIFY(bo.run({"today", "--on", "2026-03-04"}).out.contains("hand over"));
        const Json heir = memberNamed(bo, "Bo");
        const std::string handover = add(
            bo, "handover", {{"customer_id", rosa}, {"to_id", heir}, {"on_day", "2026-03-04"}});
        QCOMPARE(call(), std::pair(heir, Json(false)));
        // And the customer is told: it stays in Today until a visit says so.
        QVERIFY(bo.run({"today", "--on", "2026-03-04"}).out.contains("tell them"));
        const std::string visit = addVisit(bo, rosa, "2026-03-04");
        add(bo, "handover", {{"id", handover}, {"told_visit_id", visit}});
        QVERIFY(!bo.run({"today", "--on", "2026-03-04"}).out.contains("tell them"));
    }

    // Sold, called and asked for an honest opinion, answered in their words, help asked for and
    // promised, kept and told: one chain, each link a row that names the one before.
    void P1_59_theAnswerNamesItemAndVisit()
    {
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        addVisit(ann, rosa, "2026-03-01");
        const std::string sale = add(
            ann, "sale", {{"customer_id", rosa}, {"item", "Corolla"}, {"sold_on", "2026-03-01"}});
        const auto brief = [&](const char *day) {
            return told(ann, {"brief", "Rosa", "--on", day}).at(0);
        };
        QCOMPARE(brief("2026-03-04")["question"]["ask"], Json("honest_opinion"));
        QCOMPARE(brief("2026-03-04")["question"]["topic"], Json("Corolla"));
        QCOMPARE(brief("2026-03-04")["question"]["evidence"], Json(sale));

        const Done made = ann.run({"put", "visit"},
            json({{"customer_id", rosa}, {"kind", "call"}, {"outcome", "met"},
                {"on_day", "2026-03-04"}, {"said", "It pulls to the left. Can you look at it?"},
                {"help", "asked"}}));
        QCOMPARE(made.code, 0);
        const std::string visit = made.lines().at(0)["id"];
        const std::string promise = made.lines().at(0)["promise"];
        add(ann, "follow_up",
            {{"customer_id", rosa}, {"sale_id", sale}, {"due_on", "2026-03-04"},
                {"done_visit_id", visit}});
        const Json after = brief("2026-03-05");
        QCOMPARE(after["question"]["ask"], Json("what_could_be_better"));
        QCOMPARE(after["promises"][0]["id"], Json(promise));
        QCOMPARE(after["promises"][0]["due_on"], Json("2026-03-07"));
        QCOMPARE(after["last_words"][0]["visit"], Json(visit));
        QCOMPARE(brief("2026-03-08")["promises"][0]["state"], Json("late"));

        const Json answer = told(ann, {"get", "follow_up"}).at(0);
        QCOMPARE(told(ann, {"get", "sale", "--id", QString::fromStdString(answer["sale_id"])})
                     .at(0)["item"],
            Json("Corolla"));
        QCOMPARE(
            told(ann, {"get", "visit", "--id", QString::fromStdString(answer["done_visit_id"])})
                .at(0)["said"],
            Json("It pulls to the left. Can you look at it?"));
        add(ann, "promise", {{"id", promise}, {"state", "kept"}, {"done_on", "2026-03-06"}});
        const Json kept = told(ann, {"profile", "Rosa", "--on", "2026-03-09"})
                              .at(0)["signals"]["promises_kept"];
        QCOMPARE(kept["value"], Json(100));
        QCOMPARE(kept["evidence"], Json({promise}));
    }
};

QTEST_GUILESS_MAIN(TeamTest)
#include "team_test.moc"
