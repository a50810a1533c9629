// The journal's rules over real replicas and a real server: what people wrote apart is one
// afterwards.
#include <map>
#include <set>

#include <QFile>
#include <QtTest>

#include "tests/support/team.h"

using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;
using replica::test::json;
using replica::test::Team;

class JournalTest : public QObject, private Team {
    Q_OBJECT

private:
    [[nodiscard]] static bool holdsWords(const Desk &desk, const QByteArray &words)
    {
        for (const char *tail : {"", "-wal", "-shm", "-journal"}) {
            QFile file(desk.file() + tail);
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(words))
                return true;
        }
        return false;
    }

private slots:

    void init() { gather(); }

    void cleanup() { disband(); }

    // Written, corrected and found again by programs of which none asks for a socket.
    void C1_noSocketIsAskedFor()
    {
        const Desk ann = joined("Ann");
        const QString asked = path("asked");
        qputenv("REFUSED_SOCKETS", asked.toUtf8());
        qputenv("LD_PRELOAD", REFUSING_SOCKETS);
        const auto end = qScopeGuard([] {
            qunsetenv("LD_PRELOAD");
            qunsetenv("REFUSED_SOCKETS");
        });
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        QByteArray visits;
        for (int i = 0; i < 1000; ++i)
            visits += json({{"customer_id", rosa}, {"said", "loaf" + std::to_string(i)},
                          {"outcome", "met"}})
                + '\n';
        const Done made = ann.run({"put", "visit", "--batch", "50"}, visits);
        QCOMPARE(made.code, 0);
        QByteArray corrections;
        for (const Json &line : made.lines())
            corrections += json({{"id", line["id"]}, {"impression", "glad"}}) + '\n';
        QCOMPARE(ann.run({"put", "visit", "--batch", "50"}, corrections).code, 0);
        QCOMPARE(ann.run({"get", "visit"}).out.count("\"impression\":\"glad\""), 1000);
        QCOMPARE(told(ann, {"search", "loaf777"}).size(), std::size_t{1});
        for (const char *verb : {"today", "profile", "heard", "radar", "status", "recent"})
            QCOMPARE(ann.run({verb}).code, 0);
        QCOMPARE(ann.run({"brief", "Rosa"}).code, 0);
        QVERIFY(!QFile::exists(asked));
        // And who does need one is told, and counted.
        QVERIFY(!ann.sync());
        QVERIFY(QFile(asked).size() > 0);
        QVERIFY(ann.status()["waiting"].get<int>() > 0);
    }

    // Deleted by one while another, who has not heard of it, writes what hangs on them.
    void S4_whoeverSomebodyWroteAboutComesBack()
    {
        const Desk ann = joined("Ann");
        const Desk ben = joined("Ben", "office");
        const std::string yara = add(ann, "customer", {{"name", "Yara"}});
        const std::string piet = add(ann, "customer", {{"name", "Piet"}});
        addVisit(ben, piet, "2026-06-01");  // of one who is not here yet; nobody deletes him
        QVERIFY(ann.sync() && ben.sync());
        QCOMPARE(ben.run({"delete", "customer", QString::fromStdString(yara)}).code, 0);
        QVERIFY(ben.sync());
        addVisit(ann, yara, "2026-06-10", {{"said", "ring me tomorrow"}, {"help", "asked"}});
        QVERIFY(ann.sync());
        for (const Desk *desk : {&ann, &ben}) {
            QVERIFY(desk->sync());
            QCOMPARE(desk->status()["waiting"], Json(0));
            QCOMPARE(told(*desk, {"brief", "Yara"}).at(0)["last_words"][0]["said"],
                Json("ring me tomorrow"));
            QCOMPARE(told(*desk, {"who", "promised"}).at(0)["name"], Json("Yara"));
        }
        // That somebody looked at the page is no word.
        QCOMPARE(ben.run({"delete", "customer", QString::fromStdString(piet)}).code, 0);
        QVERIFY(ben.sync());
        QCOMPARE(ann.run({"brief", "Piet"}).code, 0);
        QVERIFY(ann.sync());
        QVERIFY(ann.run({"brief", "Piet"}).err.contains("no customer"));
        // Whoever deletes them having seen all that means it.
        QCOMPARE(ben.run({"delete", "customer", QString::fromStdString(yara)}).code, 0);
        QVERIFY(ben.sync() && ann.sync() && ben.sync());
        QVERIFY(ann.run({"brief", "Yara"}).err.contains("no customer"));
        // Also where all deletions are looked at once more, as after a restore of the server.
        QCOMPARE(QProcess::execute("sqlite3",
                     {ann.file(), "DELETE FROM meta WHERE name LIKE '%deletions_looked_at'"}),
            0);
        add(ben, "tag", {{"name", "something to fetch"}});
        QVERIFY(ben.sync() && ann.sync());
        QVERIFY(ann.run({"brief", "Yara"}).err.contains("no customer"));
    }

    // Both write down that help was asked for; it is one promise, and whose words differ are asked.
    void P1_60_twoDevicesMakeOnePromise()
    {
        const Desk ann = joined("Ann");
        const Desk ben = joined("Ben");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string visit = addVisit(ann, rosa, "2026-06-10", {{"said", "the lid"}});
        QVERIFY(ann.sync() && ben.sync());
        for (const Desk *desk : {&ann, &ben})
            add(*desk, "visit", {{"id", visit}, {"help", "asked"}});
        QVERIFY(ann.sync() && ben.sync() && ann.sync());
        for (const Desk *desk : {&ann, &ben}) {
            QCOMPARE(desk->run({"get", "promise"}).lines().size(), std::size_t{1});
            QCOMPARE(desk->status()["conflicts"], Json(0));
        }
        // Ended differently, apart: a person chooses.
        const std::string promise = ann.run({"get", "promise"}).lines().at(0)["id"];
        add(ann, "promise", {{"id", promise}, {"state", "kept"}, {"done_on", "2026-06-11"}});
        add(ben, "promise", {{"id", promise}, {"state", "broken"}});
        QVERIFY(ann.sync() && ben.sync() && ann.sync());
        QCOMPARE(ann.status()["conflicts"], Json(1));
    }

    // Cem wrote neither: both sides have a name there, and nothing is called his.
    void bothSidesOfAConflictAreNamed()
    {
        const Desk ann = joined("Ann");
        const Desk ben = joined("Ben");
        const Desk cem = joined("Cem");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}, {"phone", "1"}});
        const std::string piet = add(ann, "customer", {{"name", "Piet"}});
        const std::string remark = add(
            ann, "remark", {{"words", "too dear"}, {"to_role", "rep"}, {"customer_id", rosa}});
        const std::string second = add(ann, "customer", {{"name", "Dora"}, {"phone", "1"}});
        QVERIFY(ann.sync() && ben.sync() && cem.sync());
        add(ann, "customer", {{"id", rosa}, {"phone", "111"}});
        add(ben, "customer", {{"id", rosa}, {"phone", "222"}});
        add(ann, "customer", {{"id", second}, {"phone", "111"}});
        add(ben, "customer", {{"id", second}, {"phone", "222"}});
        add(ann, "remark", {{"id", remark}, {"customer_id", nullptr}});
        add(ben, "remark", {{"id", remark}, {"customer_id", piet}});
        QVERIFY(ann.sync() && ben.sync() && ann.sync() && cem.sync());
        std::map<std::pair<std::string, std::string>, Json> asked;
        for (const Json &one : told(cem, {"conflicts"}))
            asked[{one["row"], one["column"]}] = one;
        const Json phone = asked.at({rosa, "phone"});
        QCOMPARE((std::set<std::string>{phone["mine_by"], phone["by"]}),
            (std::set<std::string>{"Ann", "Ben"}));
        QCOMPARE(phone["mine"], Json(phone["mine_by"] == "Ann" ? "111" : "222"));
        QVERIFY(phone["mine_at"].is_string() && phone["mine_device"].is_string());
        const Json whose = asked.at({remark, "customer_id"});
        QCOMPARE(whose[whose["by"] == "Ben" ? "theirs_name" : "mine_name"], Json("Piet"));
        QCOMPARE(whose["base_name"], Json("Rosa"));
        const Done text = cem.run({"conflicts"});
        QVERIFY2(!text.out.contains("mine    ") && !text.out.contains("theirs  \""), text.out);
        QVERIFY2(text.out.contains("by Ann on ") && text.out.contains("by Ben on "), text.out);
        QVERIFY2(text.out.contains("Piet"), text.out);
        QVERIFY2(ann.run({"conflicts"}).out.contains("mine    \"111\"  by Ann on"), text.out);
        // By the name of whoever wrote it.
        const auto id = [](const Json &one) {
            return QString::fromStdString(one["id"].get<std::string>());
        };
        QVERIFY(cem.run({"resolve", id(phone), "--take", "Dora"}).err.contains("wrote neither"));
        QCOMPARE(cem.run({"resolve", id(phone), "--take", "Ben"}).code, 0);
        QCOMPARE(cem.run({"resolve", id(asked.at({second, "phone"})), "--take", "Ann"}).code, 0);
        const QByteArray customers = cem.run({"get", "customer"}).out;
        QVERIFY2(customers.count("\"222\"") == 1 && customers.count("\"111\"") == 1, customers);
    }

    // What merged names who of us, and on which device, also where both are one person's.
    void whatMergedNamesWhoseItWas()
    {
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        QVERIFY(ann.sync());
        const Desk laptop(path(), "laptop");
        const auto invitation = server().invite("Ann", "rep");
        QVERIFY(invitation.has_value());
        QCOMPARE(
            laptop.run({"join", QString::fromStdString(*invitation), "--device", "laptop"}).code,
            0);
        QVERIFY(laptop.sync());
        add(ann, "customer", {{"id", rosa}, {"place", "Bonn"}});
        add(laptop, "customer", {{"id", rosa}, {"address", "4 Mill Lane"}});
        QVERIFY(laptop.sync() && ann.sync());
        QCOMPARE(told(ann, {"merged"}).at(0)["by"], Json("Ann"));
        QCOMPARE(told(ann, {"merged"}).at(0)["device"], Json("laptop"));
        QVERIFY(ann.run({"merged"}).out.contains("you: place; Ann on laptop: address"));
    }

    // The page begins with them: words, promises, what to talk about; no address comes before.
    void P1_21_theBriefBeginsWithThem()
    {
        const Desk ann = joined("Ann");
        const std::string rosa = add(
            ann, "customer", {{"name", "Rosa"}, {"address", "4 Mill Lane"}, {"phone", "555"}});
        const std::string visit
            = addVisit(ann, rosa, "2026-06-10", {{"said", "the lid rattles"}, {"minutes", 1}});
        add(ann, "promise",
            {{"customer_id", rosa}, {"what", "look at the lid"}, {"due_on", "2026-06-12"}});
        const auto places = [&](const char *day, const QList<QByteArray> &wanted) {
            const QByteArray page = ann.run({"brief", "Rosa", "--on", day}).out;
            QList<qsizetype> found;
            for (const QByteArray &words : wanted)
                found.append(page.indexOf(words));
            return found;
        };
        const auto found = places("2026-06-11",
            {"the lid rattles", "look at the lid, by", "Talk about", "we promised by", "Ask",
                "1 time, 1 minute"});
        QVERIFY(!found.contains(-1) && std::is_sorted(found.begin(), found.end()));
        QCOMPARE(places("2026-06-11", {"Mill Lane", "555"}), (QList<qsizetype>{-1, -1}));
        // Who has no next reason is marked.
        QVERIFY(places("2026-06-11", {"find a reason to come back"}).at(0) == -1);
        add(ann, "promise", {{"id", told(ann, {"get", "promise"}).at(0)["id"]}, {"state", "kept"}});
        QVERIFY(places("2026-06-11", {"find a reason to come back"}).at(0) > 0);
    }

    // Asked in the office, answered on two devices without a network, told there to the last word.
    void F10_theQuestionOfTheWeek()
    {
        const Desk office = joined("Mia", "office");
        const Desk ann = joined("Ann");
        const Desk ben = joined("Ben");
        const std::string rosa = add(office, "customer", {{"name", "Rosa"}});
        const std::string question = add(office, "question",
            {{"words", "What would you miss?"}, {"from_on", "2026-06-08"},
                {"until_on", "2026-06-14"}});
        QVERIFY(office.sync() && ann.sync() && ben.sync());
        add(ann, "answer",
            {{"question_id", question}, {"customer_id", rosa}, {"words", "the bread"}});
        add(ann, "answer", {{"question_id", question}, {"words", "the bench"}});
        add(ben, "answer",
            {{"question_id", question}, {"customer_id", rosa}, {"words", "the bread"}});
        QVERIFY(ben.sync() && ann.sync() && office.sync());
        const auto asked = told(office, {"questions", "--on", "2026-06-10"});
        QCOMPARE(asked.size(), std::size_t{1});
        QVERIFY(asked[0]["current"] == Json(true));
        QCOMPARE(asked[0]["answers"].size(), std::size_t{3});
        int bread = 0;
        for (const Json &answer : asked[0]["answers"]) {
            bread += answer["words"] == "the bread" && answer["name"] == "Rosa" ? 1 : 0;
            QVERIFY(!answer["answer"].empty());
        }
        QCOMPARE(bread, 2);
        QVERIFY(office.run({"questions", "--on", "2026-06-10"}).out.contains("3 answers"));
        QVERIFY(told(office, {"questions", "--on", "2026-06-15"}).at(0)["current"] == Json(false));
    }

    // In the evening west of Greenwich it is tomorrow already in UTC, and the visit is today's.
    void R14_aVisitIsOfTheDayWhereItTookPlace()
    {
        qputenv("TZ", "America/Los_Angeles");
        const auto end = qScopeGuard([] { qunsetenv("TZ"); });
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const Json evening{{"customer_id", rosa}, {"outcome", "met"}, {"said", "the lid"},
            {"started_at", "2026-06-11T02:30:00Z"}};
        const std::string visit = add(ann, "visit", evening);
        const auto dayOf = [&](const std::string &id) {
            return ann.run({"get", "visit", "--id", QString::fromStdString(id)})
                .lines()
                .at(0)["on_day"];
        };
        QCOMPARE(dayOf(visit), Json("2026-06-10"));
        QCOMPARE(told(ann, {"brief", "Rosa", "--on", "2026-06-10"}).at(0)["last_words"].size(),
            std::size_t{1});
        // The day goes with its moment, unless somebody wrote another.
        add(ann, "visit", {{"id", visit}, {"started_at", "2026-06-09T02:30:00Z"}});
        QCOMPARE(dayOf(visit), Json("2026-06-08"));
        add(ann, "visit", {{"id", visit}, {"on_day", "2026-06-01"}});
        add(ann, "visit", {{"id", visit}, {"started_at", "2026-06-11T02:30:00Z"}});
        QCOMPARE(dayOf(visit), Json("2026-06-01"));
        // What somebody gave stays, also that it has none.
        Json undated = evening;
        undated["on_day"] = nullptr;
        QCOMPARE(dayOf(add(ann, "visit", undated)), Json(nullptr));
        // Without a moment it is of the day on which it was written, and goes to the one it gets.
        const std::string now = add(ann, "visit", {{"customer_id", rosa}, {"outcome", "met"}});
        QVERIFY(dayOf(now).is_string());
        add(ann, "visit", {{"id", now}, {"started_at", "2026-06-11T02:30:00Z"}});
        QCOMPARE(dayOf(now), Json("2026-06-10"));
    }

    void mistakesInTheCallAreNamed()
    {
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string roza = add(ann, "customer", {{"name", "Roza"}});
        QCOMPARE(ann.run({"unite", "Rosa", "Roza"}).code, 0);
        const Done missing = ann.run({"brief"});
        QCOMPARE(missing.code, 2);
        QVERIFY(!missing.err.contains("say which") && missing.err.contains("customer"));
        // An id in capitals is the same id.
        const QString loud = QString::fromStdString(roza).toUpper();
        QCOMPARE(told(ann, {"profile", loud}).at(0)["customer"], Json(rosa));
    }

    // A name is found by any of its words, small or large, with accents or without.
    void L1_aNameAsItIsTyped()
    {
        const Desk ann = joined("Ann");
        add(ann, "customer", {{"name", "Élodie Ünal"}});
        add(ann, "customer", {{"name", "Rosa"}});
        for (const char *name : {"Élodie", "élodie", "elodie", "ünal", "UNAL", "elo una"})
            QCOMPARE(told(ann, {"brief", name}).at(0)["name"], Json("Élodie Ünal"));
        for (const char *name : {"", "  "})
            QVERIFY(ann.run({"brief", name}).err.contains("say whom"));
        QVERIFY(ann.run({"brief", "nobody"}).err.contains("no customer"));
    }

    void L1_whatCannotBeLookedForIsNamed()
    {
        const Desk ann = joined("Ann");
        for (const char *words : {"😀", "– €"})
            QVERIFY(ann.run({"search", words}).out.contains("no letters or digits to look for"));
        QVERIFY(ann.run({"search", "bread"}).out.contains("Nothing holds all"));
        QVERIFY(told(ann, {"search", "😀"}).empty());
    }

    // A break in what somebody wrote begins no line that looks like ours.
    void whatPeopleWroteStaysInItsLine()
    {
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa\nFORGED"}});
        addVisit(ann, rosa, "2026-05-01",
            {{"said", "ovens\nFORGED"}, {"next_step", "call\nFORGED"},
                {"next_step_on", "2026-05-02"}});
        add(ann, "remark", {{"customer_id", rosa}, {"words", "too dear\nFORGED"}});
        add(ann, "promise", {{"customer_id", rosa}, {"what", "a list\nFORGED"}});
        add(ann, "client_says", {{"customer_id", rosa}, {"wants", "rye\nFORGED"}});
        for (const QStringList &verb :
            {QStringList{"today"}, {"brief", "Rosa"}, {"profile", "Rosa"}, {"search", "FORGED"},
                {"heard"}, {"who", "promised"}, {"who", "said", "ovens"}, {"says", "Rosa"},
                {"remind", "--at", "00:00"}, {"doubles", "Rosa forged"}, {"retention"}}) {
            const Done done = ann.run(verb);
            QCOMPARE(done.code, 0);
            for (const QByteArray &line : done.out.split('\n'))
                QVERIFY2(!line.trimmed().startsWith("FORGED"), done.out.constData());
        }
    }

    void mistakesInACallAreNamed()
    {
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        QVERIFY(ann.run({"who", "nobody"}).err.contains("'nobody' is not a tendctl who verb"));
        QVERIFY(ann.run({"who", "quite"}).err.contains("did you mean 'quiet'?"));
        QVERIFY(ann.run({"undo-merge", "xyz"}).err.contains("no merge xyz"));
        QVERIFY(ann.run({"recent", "--count", "0"}).err.contains("1 to 1000000"));
        QVERIFY(
            ann.run({"export", "--format", "vcard", "--table", "visit"}).err.contains("--table"));
        QCOMPARE(told(ann, {"verify"}).at(0)["faults"], Json::array());
        // Nobody waits for a talk before they were known.
        QCOMPARE(told(ann, {"today"}).size(), std::size_t{1});
        QCOMPARE(told(ann, {"today", "--on", "2020-01-01"}).size(), std::size_t{0});
        QFile file(path("door.jpg"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("a door") == 6);
        file.close();
        const QStringList words{
            "attach", "customer", QString::fromStdString(rosa), file.fileName()};
        QCOMPARE(ann.run(words).code, 0);
        QCOMPARE(told(ann, {"attachments", "--customer", "rosa"}).size(), std::size_t{1});
    }

    // What Ann deleted, and everybody had, comes back for everybody as it was, by a change more.
    void P9_undoAfterSyncIsAChangeMore()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}, {"phone", "030 1234"}});
        const std::string visit = addVisit(ann, rosa, "2026-03-01", {{"said", "rye"}});
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(bo.put("customer", json({{"id", rosa}, {"email", "r@example.org"}})),
            QString::fromStdString(rosa));
        QVERIFY(bo.sync() && ann.sync());
        const QByteArray before = bo.everything();
        QCOMPARE(ann.run({"delete", "customer", QString::fromStdString(rosa)}).code, 0);
        QVERIFY(ann.sync() && bo.sync());
        QVERIFY(!bo.run({"get", "customer"}).out.contains("Rosa"));

        const auto undone = told(ann, {"undo"});
        QCOMPARE(undone.at(0)["brought_back"], Json(1));
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(bo.everything(), before);
        QCOMPARE(ann.everything(), before);
        const Done history = bo.run({"history", "customer", QString::fromStdString(rosa)});
        QCOMPARE(history.out.count("deleted"), 1);
        QCOMPARE(history.out.count("present"), 2);
        // Bo takes back what Ann wrote, and what Ann corrected since stays.
        QCOMPARE(ann.put("visit", json({{"id", visit}, {"said", "rye bread"}})),
            QString::fromStdString(visit));
        QVERIFY(ann.sync() && bo.sync());
        Json first;
        for (const Json &entry : told(bo, {"history", "visit", QString::fromStdString(visit)}))
            first = entry["value"] == "rye" ? entry : first;
        const Done refused = bo.run({"undo", QString::number(first["action"].get<int>())});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("was changed since"), refused.err);
        QCOMPARE(bo.status()["conflicts"], Json(0));
        QCOMPARE(ann.status()["conflicts"], Json(0));
    }

    // Kim opens the page of Ann's customer: Ann sees it, and nobody can take it back.
    void A10_viewersAreVisible()
    {
        const Desk ann = joined("Ann");
        const Desk kim = joined("Kim", "manager");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        for (const Json &member : told(ann, {"get", "member"})) {
            if (member["name"] == "Ann")
                add(ann, "customer", {{"id", rosa}, {"owner_id", member["id"]}});
        }
        QVERIFY(ann.sync() && kim.sync());
        QCOMPARE(ann.run({"brief", "Rosa"}).code, 0);  // she looks after Rosa
        QVERIFY(told(ann, {"looks", "Rosa"}).empty());
        for (const char *verb : {"today", "profile", "heard", "radar"})
            QCOMPARE(kim.run({verb}).code, 0);
        QVERIFY(told(kim, {"looks", "Rosa"}).empty());
        QCOMPARE(kim.run({"brief", "Rosa"}).code, 0);
        QCOMPARE(kim.run({"profile", "Rosa"}).code, 0);  // once a day is enough
        QVERIFY(kim.sync() && ann.sync());
        const auto looks = told(ann, {"looks", "Rosa"});
        QCOMPARE(looks.size(), std::size_t{1});
        QCOMPARE(looks[0]["by"], Json("Kim"));
        QCOMPARE(looks[0]["role"], Json("manager"));
        const QString look = QString::fromStdString(looks[0]["evidence"]);
        for (const Done &taken : {kim.run({"delete", "look", look}),
                 kim.run({"put", "look"},
                     json({{"id", look.toStdString()}, {"on_day", "2020-01-01"}}))}) {
            QCOMPARE(taken.code, 1);
            QVERIFY2(taken.err.contains("stays as it was written"), taken.err);
        }
        QCOMPARE(kim.run({"undo"}).code, 1);
    }

    // Two who tag a customer alike, or add the same guest, without having seen each other.
    void aLinkAddedTwiceIsOne()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string tag = add(ann, "tag", {{"name", "regular"}});
        QVERIFY(ann.sync() && bo.sync());
        const Json link{{"customer_id", rosa}, {"tag_id", tag}};
        const std::string one = add(ann, "customer_tag", link);
        QCOMPARE(add(bo, "customer_tag", link), one);
        QCOMPARE(add(bo, "customer_tag", link), one);
        QVERIFY(ann.sync() && bo.sync() && ann.sync());
        for (const Desk *desk : {&ann, &bo}) {
            QCOMPARE(told(*desk, {"get", "customer_tag"}).size(), std::size_t{1});
            QCOMPARE(desk->status()["conflicts"], Json(0));
        }
        // Ann takes it away, and Bo adds it again.
        QCOMPARE(ann.run({"delete", "customer_tag", QString::fromStdString(one)}).code, 0);
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(told(bo, {"get", "customer_tag"}).size(), std::size_t{0});
        QCOMPARE(add(bo, "customer_tag", link), one);
        QVERIFY(bo.sync() && ann.sync());
        for (const Desk *desk : {&ann, &bo}) {
            QCOMPARE(told(*desk, {"get", "customer_tag"}).size(), std::size_t{1});
            QCOMPARE(desk->status()["conflicts"], Json(0));
        }
        // And while he adds it: what is added stays, and nobody is asked.
        QCOMPARE(ann.run({"delete", "customer_tag", QString::fromStdString(one)}).code, 0);
        QCOMPARE(add(bo, "customer_tag", link), one);
        QVERIFY(ann.sync() && bo.sync() && ann.sync());
        for (const Desk *desk : {&ann, &bo}) {
            QCOMPARE(told(*desk, {"get", "customer_tag"}).size(), std::size_t{1});
            QCOMPARE(desk->status()["conflicts"], Json(0));
        }
    }

    // Ann keeps one row, Bo the other, while Cem still writes to the double.
    void L4_twoDevicesUniteDifferently()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const Desk cem = joined("Cem");
        const std::string one = add(ann, "customer", {{"name", "Piet Jansen"}});
        const std::string two = add(bo, "customer", {{"name", "P. Jansen"}});
        const std::string three = add(cem, "customer", {{"name", "Piet Janssen"}});
        QVERIFY(ann.sync() && bo.sync() && cem.sync() && ann.sync() && bo.sync());
        const auto id = [](const std::string &text) {
            return QString::fromStdString(text);
        };
        QCOMPARE(ann.run({"unite", id(one), id(two)}).code, 0);
        QCOMPARE(bo.run({"unite", id(two), id(one)}).code, 0);
        QCOMPARE(bo.run({"unite", id(two), id(three)}).code, 0);
        addVisit(ann, one, "2026-03-01");
        addVisit(bo, two, "2026-03-02");
        addVisit(cem, three, "2026-03-03");
        for (int round = 0; round < 2; ++round)
            QVERIFY(ann.sync() && bo.sync() && cem.sync());
        const auto profiles = told(ann, {"profile", "--on", "2026-03-09"});
        QCOMPARE(profiles.size(), std::size_t{1});
        QCOMPARE(profiles.front()["signals"]["two_wayness"]["evidence"].size(), std::size_t{3});
        for (const Desk *desk : {&bo, &cem})
            QCOMPARE(told(*desk, {"profile", "--on", "2026-03-09"}), profiles);
        QCOMPARE(ann.status()["conflicts"], Json(0));

        // A name that belongs to one of them names the person.
        QCOMPARE(told(ann, {"profile", "Piet Jansen", "--on", "2026-03-09"}), profiles);
        QCOMPARE(told(ann, {"profile", "p", "--on", "2026-03-09"}), profiles);
        // Cem takes it all back: three rows, each with what was written to it, at everybody.
        QCOMPARE(cem.run({"part", id(two)}).code, 0);
        QVERIFY(cem.sync() && ann.sync() && bo.sync());
        for (const Desk *desk : {&ann, &bo, &cem}) {
            const auto parted = told(*desk, {"profile", "--on", "2026-03-09"});
            QCOMPARE(parted.size(), std::size_t{3});
            for (const Json &its : parted)
                QCOMPARE(its["signals"]["recency"]["evidence"].size(), std::size_t{1});
        }
    }

    // A remark that hung on a card, or on nobody, is joined once; two who join it differently are
    // asked.
    void P1_52_lateJoinMovesTheRemarkOnce()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}, {"card", "4711-22"}});
        const std::string piet = add(ann, "customer", {{"name", "Piet"}});
        const std::string remark = add(ann, "remark",
            {{"words", "no bread after six"}, {"card", "4711-22"}, {"to_role", "rep"}});
        QVERIFY(ann.sync() && bo.sync());
        // By the card it is found with whom it belongs to.
        const auto hits = told(bo, {"search", "4711"});
        QCOMPARE(hits.size(), std::size_t{2});
        QCOMPARE(hits.at(0)["who"], Json("Rosa"));

        QCOMPARE(add(ann, "remark", {{"id", remark}, {"customer_id", rosa}}), remark);
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(told(bo, {"get", "remark"}).at(0)["customer_id"], Json(rosa));
        QCOMPARE(told(bo, {"get", "remark"}).size(), std::size_t{1});

        const std::string second
            = add(ann, "remark", {{"words", "closed too early"}, {"to_role", "rep"}});
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(add(ann, "remark", {{"id", second}, {"customer_id", rosa}}), second);
        QCOMPARE(add(bo, "remark", {{"id", second}, {"customer_id", piet}}), second);
        QVERIFY(ann.sync() && bo.sync() && ann.sync());
        const auto asked = told(ann, {"conflicts"});
        QCOMPARE(asked.size(), std::size_t{1});
        QCOMPARE(asked.at(0)["column"], Json("customer_id"));
        const auto conflict = QString::fromStdString(asked.at(0)["id"]);
        QCOMPARE(ann.run({"resolve", conflict, "--take", "mine"}).code, 0);
        QVERIFY(ann.sync() && bo.sync());
        for (const Desk *desk : {&ann, &bo}) {
            QCOMPARE(told(*desk, {"get", "remark", "--id", QString::fromStdString(second)})
                         .at(0)["customer_id"],
                Json(rosa));
            QCOMPARE(desk->status()["conflicts"], Json(0));
        }
    }

    // Absent in what others see, in search and in their files.
    void R8_sensitiveCircumstancesAreNowhereElse()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const Desk mia = joined("Mia", "manager");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        std::string self;
        for (const Json &member : told(ann, {"get", "member"}))
            if (member["name"] == "Ann")
                self = member["id"];
        const Json open{{"customer_id", rosa}, {"what", "canary-moves-house"}};
        add(ann, "circumstance", open);
        add(ann, "circumstance",
            {{"customer_id", rosa}, {"what", "canary-mine-alone"}, {"private_to", self}});
        const std::string serious = add(ann, "circumstance",
            {{"customer_id", rosa}, {"what", "canary-illness"}, {"private_to", self},
                {"also_role", "manager"}, {"until_on", "2026-05-01"}});
        QVERIFY(ann.sync() && bo.sync() && mia.sync());
        QVERIFY(holdsWords(bo, "canary-moves-house"));
        QVERIFY(!holdsWords(bo, "canary-illness") && !holdsWords(bo, "canary-mine-alone"));
        QVERIFY(holdsWords(mia, "canary-illness") && !holdsWords(mia, "canary-mine-alone"));
        QCOMPARE(told(bo, {"search", "canary"}).size(), std::size_t{1});
        QCOMPARE(told(mia, {"search", "canary"}).size(), std::size_t{2});
        // It expires to "ask again" for those who know of it.
        const auto asks = [](const Desk &desk) {
            for (const Json &row : told(desk, {"today", "--on", "2026-05-02"}))
                for (const Json &reason : row["reasons"])
                    if (reason["reason"] == "circumstance")
                        return true;
            return false;
        };
        QVERIFY(asks(ann) && asks(mia) && !asks(bo));

        // Ann thinks better of it: it is hers alone, and leaves the manager's file.
        QCOMPARE(add(ann, "circumstance", {{"id", serious}, {"also_role", nullptr}}), serious);
        QVERIFY(ann.sync() && mia.sync());
        QVERIFY(!holdsWords(mia, "canary-illness"));
        QVERIFY(holdsWords(ann, "canary-illness"));
    }

    void R5_aVisitFromAPhoneThatWasAwayRedrawsTheLineEverywhere()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string plan = add(ann, "plan", {{"customer_id", rosa}, {"title", "Grow"}});
        add(ann, "goal",
            {{"plan_id", plan}, {"words", "glad"}, {"measure", "rating"}, {"baseline", 50},
                {"target", 80}, {"since_on", "2026-01-01"}, {"due_on", "2026-06-30"}});
        QCOMPARE(add(ann, "plan", {{"id", plan}, {"active", true}}), plan);
        QVERIFY(ann.sync() && bo.sync());
        addVisit(bo, rosa, "2026-02-10", {{"customer_rating", 3}});  // in a cellar
        addVisit(ann, rosa, "2026-03-10", {{"customer_rating", 7}});
        QVERIFY(ann.sync());
        const auto before = told(ann, {"plan", "--on", "2026-04-15"});
        QCOMPARE(before.at(0)["goals"][0]["points"].size(), std::size_t{2});
        QVERIFY(bo.sync() && ann.sync());
        const auto after = told(ann, {"plan", "--on", "2026-04-15"});
        QCOMPARE(after.at(0)["goals"][0]["points"].size(), std::size_t{3});
        QCOMPARE(after.at(0)["goals"][0]["points"][0]["value"], Json(30.0));
        QCOMPARE(told(bo, {"plan", "--on", "2026-04-15"}), after);
    }

    // Whoever of us talked to them, the next talk counts from there.
    void F2_aColleaguesContactMovesTheRhythm()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        add(ann, "terms", {{"customer_id", rosa}, {"whose", "theirs"}, {"rhythm_days", 30}});
        addVisit(ann, rosa, "2026-03-01");
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(told(ann, {"who", "quiet", "--on", "2026-04-10"}).size(), std::size_t{1});
        addVisit(bo, rosa, "2026-04-05", {{"outcome", "no_answer"}});
        QVERIFY(bo.sync() && ann.sync());
        QCOMPARE(told(ann, {"who", "quiet", "--on", "2026-04-10"}).size(), std::size_t{1});
        addVisit(bo, rosa, "2026-04-06");
        QVERIFY(bo.sync() && ann.sync());
        QCOMPARE(told(ann, {"who", "quiet", "--on", "2026-04-10"}).size(), std::size_t{0});
        QCOMPARE(told(ann, {"who", "quiet", "--on", "2026-05-06"}).size(), std::size_t{0});
        QCOMPARE(told(ann, {"who", "quiet", "--on", "2026-05-07"}).size(), std::size_t{1});
    }

    // The office writes, the phone goes away, and the note reaches the right people there.
    void P1_64_aNoteReachesThePeopleOnAPhoneThatIsAway()
    {
        const Desk office = joined("Mia", "office");
        const Desk ann = joined("Ann");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        add(ann, "customer", {{"name", "Piet"}});
        add(ann, "sale", {{"customer_id", rosa}, {"item", "Terra SUV"}});
        add(office, "market_note", {{"words", "a hybrid is coming"}, {"item", "suv"}});
        QVERIFY(office.sync() && ann.sync());
        const auto notes = told(ann, {"notes"});
        QCOMPARE(notes.size(), std::size_t{1});
        QCOMPARE(notes.at(0)["people"].size(), std::size_t{1});
        QCOMPARE(notes.at(0)["people"][0]["customer"], Json(rosa));
        QCOMPARE(told(ann, {"notes", "Piet"}).size(), std::size_t{0});
    }

    // Two write what one of a group said; the others' words are untouched.
    void C11_oneConflictLeavesTheOthersOfAGroup()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string piet = add(ann, "customer", {{"name", "Piet"}});
        const std::string visit = add(ann, "visit",
            {{"kind", "group"}, {"outcome", "met"}, {"started_at", "2026-03-01T09:00:00Z"}});
        const std::string rosas
            = add(ann, "visit_customer", {{"visit_id", visit}, {"customer_id", rosa}});
        const std::string piets
            = add(ann, "visit_customer", {{"visit_id", visit}, {"customer_id", piet}});
        QVERIFY(ann.sync() && bo.sync());
        add(ann, "visit_customer", {{"id", rosas}, {"said", "too loud"}});
        add(bo, "visit_customer", {{"id", rosas}, {"said", "too warm"}});
        add(bo, "visit_customer", {{"id", piets}, {"said", "just right"}});
        QVERIFY(ann.sync() && bo.sync() && ann.sync());
        const auto asked = told(ann, {"conflicts"});
        QCOMPARE(asked.size(), std::size_t{1});
        QCOMPARE(asked.at(0)["row"], Json(rosas));
        QCOMPARE(told(ann, {"get", "visit_customer", "--id", QString::fromStdString(piets)})
                     .at(0)["said"],
            Json("just right"));
    }

    // A visit that names nobody is its writer's, until somebody is said to have been there.
    void C11_colleaguesSeeAGroupByWhoWasThere()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        const std::string piet = add(ann, "customer", {{"name", "Piet"}});
        const std::string visit = add(ann, "visit",
            {{"kind", "group"}, {"outcome", "met"}, {"on_day", "2026-03-01"},
                {"effect", "damaged"}});
        const auto seenByBo = [&] {
            return ann.sync() && bo.sync() ? told(bo, {"get", "visit"}).size() : std::size_t{9};
        };
        QCOMPARE(seenByBo(), std::size_t{0});
        for (const std::string &guest : {rosa, piet})
            add(ann, "visit_customer",
                {{"visit_id", visit}, {"customer_id", guest}, {"said", "too loud"}});
        QCOMPARE(seenByBo(), std::size_t{1});
        for (const char *name : {"Rosa", "Piet"}) {
            for (const Desk *desk : {&ann, &bo}) {
                const auto profile = told(*desk, {"profile", name, "--on", "2026-03-05"}).at(0);
                QCOMPARE(profile["last_contact"], Json(visit));
                const auto brief = told(*desk, {"brief", name, "--on", "2026-03-05"}).at(0);
                QCOMPARE(brief["last_words"][0]["said"], Json("too loud"));
                QVERIFY(brief["effects"].empty());  // the host is not whom the visit names
            }
        }
        QCOMPARE(ann.run({"undo"}).code, 0);
        QVERIFY(ann.sync() && bo.sync());
        QCOMPARE(told(bo, {"profile", "Piet"}).at(0)["standing"], Json("data_only"));
    }

    // What hangs on a private visit is seen by whom it is passed on to, and by nobody else.
    void A2_aRemarkOfAPrivateVisitIsAsPrivate()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const Desk office = joined("Olga", "office");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        QVERIFY(ann.sync());
        std::string me;
        for (const Json &member : told(ann, {"get", "member"}))
            me = member["name"] == "Ann" ? member["id"].get<std::string>() : me;
        const std::string visit = add(ann, "visit",
            {{"customer_id", rosa}, {"outcome", "met"}, {"said", "quokka"}, {"private_to", me}});
        add(ann, "remark", {{"customer_id", rosa}, {"visit_id", visit}, {"words", "okapi"}});
        add(ann, "circumstance", {{"customer_id", rosa}, {"visit_id", visit}, {"what", "tapir"}});
        add(ann, "remark",
            {{"customer_id", rosa}, {"visit_id", visit}, {"words", "gnu"}, {"to_role", "office"}});
        QVERIFY(ann.sync() && bo.sync() && office.sync());
        for (const char *word : {"quokka", "okapi", "tapir", "gnu"}) {
            QVERIFY(!told(ann, {"search", word}).empty());
            QVERIFY2(told(bo, {"search", word}).empty(), word);
            QCOMPARE(told(office, {"search", word}).empty(), std::string(word) != "gnu");
        }
    }

    // A week of work with no server; one is added, and all arrives once.
    void P2_aServerCanBeAddedLater()
    {
        const Desk alone(path(), "alone");
        QCOMPARE(alone.run({"init"}).code, 0);
        const std::string rosa = add(alone, "customer", {{"name", "Rosa"}});
        std::vector<std::string> visits;
        for (int day = 1; day <= 7; ++day)
            visits.push_back(addVisit(alone, rosa, "2026-03-0" + std::to_string(day)));
        add(alone, "visit", {{"id", visits[2]}, {"said", "corrected later"}});
        QCOMPARE(alone.run({"delete", "visit", QString::fromStdString(visits[6])}).code, 0);
        const QByteArray before = alone.run({"get", "visit"}).out;
        QCOMPARE(alone.run({"remind", "--at", "00:00"}).code, 0);
        const auto invitation = server().invite("Ann", "rep");
        QCOMPARE(alone.run({"join", QString::fromStdString(*invitation)}).code, 0);
        const Desk bo = joined("Bo");
        QVERIFY(alone.sync() && bo.sync());
        QCOMPARE(alone.run({"get", "visit"}).out, before);
        QCOMPARE(bo.run({"get", "visit"}).out, before);
        QCOMPARE(told(bo, {"get", "customer"}).size(), std::size_t{1});
        QVERIFY(alone.sync() && bo.sync());
        QCOMPARE(bo.run({"get", "visit"}).out, before);
    }

    void F3_oneSaleOnTwoDevicesMakesOneSetOfCalls()
    {
        const Desk ann = joined("Ann");
        const Desk bo = joined("Bo");
        const std::string rosa = add(ann, "customer", {{"name", "Rosa"}});
        QVERIFY(ann.sync() && bo.sync());
        const Json sale{{"customer_id", rosa}, {"item", "Corolla"}, {"sold_on", "2026-03-01"}};
        const std::string anns = add(ann, "sale", sale);
        add(bo, "sale", sale);
        QVERIFY(ann.sync() && bo.sync() && ann.sync());
        const auto calls = [](const Desk &desk, const char *day) {
            int count = 0;
            for (const Json &row : told(desk, {"today", "--on", day}))
                for (const Json &reason : row["reasons"])
                    count += reason["reason"] == "call_after_sale" ? 1 : 0;
            return count;
        };
        for (const Desk *desk : {&ann, &bo})
            QCOMPARE(calls(*desk, "2026-03-04"), 1);
        // Made once, by whichever row: it is made for both.
        const std::string visit = addVisit(ann, rosa, "2026-03-04");
        add(ann, "follow_up",
            {{"customer_id", rosa}, {"sale_id", anns}, {"due_on", "2026-03-04"},
                {"done_visit_id", visit}});
        QVERIFY(ann.sync() && bo.sync());
        for (const Desk *desk : {&ann, &bo})
            QCOMPARE(calls(*desk, "2026-03-05"), 0);
    }
};

QTEST_GUILESS_MAIN(JournalTest)
#include "journal_test.moc"
