#include <QtTest>

#include "tests/support/office.h"

using namespace replica;
using test::Office;

// What devices and a server tell each other, value by value.
class ExchangeTest : public QObject {
    Q_OBJECT

private slots:

    // A fault that no other check knows of: a page comes without one of its groups.
    void aLostGroupIsNoticedAndFetchedAnew()
    {
        Office office;
        Office::Desk &writer = office.join("Kim", "office");
        Office::Desk &reader = office.join("Ana", "office");
        office.sync(writer);
        office.sync(reader);
        const RowId first = customer(office, writer, "Rosa's bakery");
        const RowId second = customer(office, writer, "The corner shop");
        office.sync(writer);

        auto answer = office.workspace->pull(reader.device, *reader.replica->nextPull());
        QVERIFY(answer->sum.has_value());
        const Group lost = answer->groups[answer->groups.size() - 2];
        answer->groups.erase(answer->groups.end() - 2);
        const auto intake = reader.replica->take(*answer);
        QVERIFY(intake.has_value());
        QCOMPARE(reader.replica->facts().mismatches, std::uint64_t{1});
        QVERIFY(Office::text(reader, "customer", first, "name") == "(not there)");

        office.sync(reader);
        QCOMPARE(Office::text(reader, "customer", first, "name"), std::string("Rosa's bakery"));
        QCOMPARE(Office::text(reader, "customer", second, "name"), std::string("The corner shop"));
        QCOMPARE(reader.replica->facts().mismatches, std::uint64_t{1});
        QCOMPARE(*reader.replica->facts().sum, *reader.replica->sumOfAll());
    }

    // A server whose own sums are wrong must not make its devices fetch all for ever.
    void aSumThatStaysWrongIsAskedAboutOnceADay()
    {
        Office office;
        Office::Desk &writer = office.join("Kim", "office");
        office.sync(writer);
        QVERIFY(office.store->records().begin().has_value());
        QVERIFY(office.store->addToSum({everybody}, 5).has_value());
        QVERIFY(office.store->records().commit().has_value());
        QVERIFY(!office.workspace->verify()->empty());
        const RowId id = customer(office, writer, "Rosa's bakery");
        for (int i = 0; i < 3; ++i) {
            customer(office, writer, "The corner shop");
            office.sync(writer);
        }
        QVERIFY(writer.replica->facts().mismatches >= 3);
        QVERIFY(!writer.replica->facts().mustRefill);
        QCOMPARE(Office::text(writer, "customer", id, "name"), std::string("Rosa's bakery"));
    }

    void aServerWithOtherColumnsSendsNoSum()
    {
        Office office;
        Office::Desk &writer = office.join("Kim", "office");
        auto pull = *writer.replica->nextPull();
        QVERIFY(office.workspace->pull(writer.device, pull)->sum.has_value());
        pull.countedBy += 1;
        QVERIFY(!office.workspace->pull(writer.device, pull)->sum.has_value());
    }

    void twoThatWroteIntoOneNoteFindOneText()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = customer(office, kim, "Rosa's bakery");
        write(kim, id, "Opens at six. Likes rye.");
        office.sync(kim);
        office.sync(ana);
        write(kim, id, "Opens at six. Likes rye. Has a dog.");
        write(ana, id, "Opens at five. Likes rye.");
        office.sync(kim);
        office.sync(ana);
        office.sync(kim);
        for (Office::Desk *desk : {&kim, &ana}) {
            QCOMPARE(Office::text(*desk, "customer", id, "note"),
                std::string("Opens at five. Likes rye. Has a dog."));
            QCOMPARE(desk->replica->conflicts()->size(), std::size_t{0});
            QCOMPARE(desk->store.mergeNotes(10)->size(), std::size_t{1});
        }
        QVERIFY(office.workspace->verify()->empty());
    }

    void twoThatChangedOneSentenceAreAsked()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = customer(office, kim, "Rosa's bakery");
        write(kim, id, "Opens at six.");
        office.sync(kim);
        office.sync(ana);
        write(kim, id, "Opens at five.");
        write(ana, id, "Opens at seven.");
        office.sync(kim);
        office.sync(ana);
        office.sync(kim);
        const auto open = kim.replica->conflicts();
        QCOMPARE(open->size(), std::size_t{1});
        QVERIFY(open->front().base == Value{std::string("Opens at six.")});
        QVERIFY(kim.replica->resolve(open->front().id, std::string("Opens at five, says Ana."))
                    .has_value());
        office.sync(kim);
        office.sync(ana);
        QCOMPARE(ana.replica->conflicts()->size(), std::size_t{0});
        QCOMPARE(
            Office::text(ana, "customer", id, "note"), std::string("Opens at five, says Ana."));
        // That was a person, and no merge.
        QCOMPARE(ana.store.mergeNotes(10)->size(), std::size_t{0});
        QCOMPARE(kim.store.mergeNotes(10)->size(), std::size_t{0});
    }

    // Kim corrects what Ana deletes, and corrects the rest in another action.
    void whereAPersonIsAskedNothingMergedByItself()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId bakery = customer(office, kim, "Rosa's bakery");
        const RowId shop = customer(office, kim, "The corner shop");
        office.sync(kim);
        office.sync(ana);
        const auto set
            = [](Office::Desk &desk, const RowId &id, const char *column, const char *words) {
                  const auto change = Office::row(
                      "customer", id, ChangeKind::Update, {{column, std::string(words)}});
                  ENSURE(desk.replica->commit({change}).has_value());
              };
        set(kim, bakery, "phone", "1");
        const TableId customers = Office::schema().table("customer")->id;
        QVERIFY(ana.replica->commit({{customers, bakery, ChangeKind::Delete, {}}}).has_value());
        set(kim, shop, "phone", "1");
        set(kim, shop, "place", "Bonn");
        set(ana, shop, "phone", "2");
        office.sync(ana);
        office.sync(kim);
        QCOMPARE(kim.replica->conflicts()->size(), std::size_t{2});
        QCOMPARE(kim.store.mergeNotes(10)->size(), std::size_t{0});
    }

    // Kept or broken is asked; when it was, and in which visit, is of whoever is believed.
    void R7_whatWasDecidedTakesItsDayAlong_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("doneOn");
        QTest::newRow("kept") << "kept"
                              << "2026-05-03";
        QTest::newRow("broken") << "broken"
                                << "";
        QTest::newRow("a third") << "released"
                                 << "2026-05-03";
    }

    void R7_whatWasDecidedTakesItsDayAlong()
    {
        QFETCH(QString, answer);
        QFETCH(QString, doneOn);
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId rosa = customer(office, kim, "Rosa's bakery");
        const RowId id = office.newId();
        const auto write = [&](Office::Desk &desk, ChangeKind kind,
                               const std::vector<std::pair<std::string, Value>> &values) {
            office.clock.now = WallTime{inMs(office.clock.now) + 1000};
            QVERIFY(desk.replica->commit({Office::row("promise", id, kind, values)}).has_value());
        };
        write(kim, ChangeKind::Insert,
            {{"customer_id", Blob{Bytes(rosa.bytes())}}, {"by", std::string("us")},
                {"what", std::string("a quote")}, {"state", std::string("open")}});
        office.sync(kim);
        office.sync(ana);
        // The day is written a moment after the word, and corrected.
        write(kim, ChangeKind::Update, {{"state", std::string("kept")}});
        write(kim, ChangeKind::Update, {{"done_on", std::string("2026-05-02")}});
        write(kim, ChangeKind::Update, {{"done_on", std::string("2026-05-03")}});
        write(ana, ChangeKind::Update, {{"state", std::string("broken")}});
        office.sync(kim);
        office.sync(ana);
        office.sync(kim);
        const auto open = ana.replica->conflicts();
        QCOMPARE(open->size(), std::size_t{1});
        QVERIFY(ana.replica->resolve(open->front().id, answer.toStdString()).has_value());
        office.sync(ana);
        office.sync(kim);
        for (Office::Desk *desk : {&kim, &ana}) {
            QCOMPARE(desk->replica->conflicts()->size(), std::size_t{0});
            QCOMPARE(Office::text(*desk, "promise", id, "state"), answer.toStdString());
            QCOMPARE(Office::text(*desk, "promise", id, "done_on"), doneOn.toStdString());
        }
    }

    // What is hidden behind the text that shows is not overwritten unseen.
    void aTextWrittenOnWhileTwoWaitTakesInBoth()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = customer(office, kim, "Rosa's bakery");
        write(kim, id, "Likes rye.");
        office.sync(kim);
        office.sync(ana);
        write(kim, id, "Likes rye. Has a dog.");
        office.sync(kim);
        office.clock.now = WallTime{inMs(office.clock.now) + 1000};
        write(ana, id, "Closed on Mondays. Likes rye.");
        const auto page = office.workspace->pull(ana.device, *ana.replica->nextPull());
        QVERIFY(ana.replica->take(*page).has_value());
        QCOMPARE(Office::text(ana, "customer", id, "note"),
            std::string("Closed on Mondays. Likes rye."));
        write(ana, id, "Closed on Mondays. Likes rye and buns.");
        QCOMPARE(Office::text(ana, "customer", id, "note"),
            std::string("Closed on Mondays. Likes rye and buns. Has a dog."));
    }

    // Where the two cannot be made one, only what the hidden one alone says is taken in.
    void noSentenceStandsTwiceWhereTextsCannotBeMerged()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = customer(office, kim, "Rosa's bakery");
        write(kim, id, "Opens at six. Likes rye.");
        office.sync(kim);
        office.sync(ana);
        write(kim, id, "Opens at five. Likes rye. Has a dog.");
        office.sync(kim);
        office.clock.now = WallTime{inMs(office.clock.now) + 1000};
        write(ana, id, "Opens at seven. Likes rye.");
        const auto page = office.workspace->pull(ana.device, *ana.replica->nextPull());
        QVERIFY(ana.replica->take(*page).has_value());
        write(ana, id, "Opens at eight. Likes rye.");
        QCOMPARE(Office::text(ana, "customer", id, "note"),
            std::string("Opens at eight. Likes rye.\nOpens at five. Has a dog."));
    }

    // A manager of two territories brings a customer from one to the other, and loses the first,
    // while somebody hangs a visit of that customer elsewhere.
    void whatHungOnARowBroughtIntoViewLeavesWhenItHangsElsewhere()
    {
        Office office;
        Office::Desk &chief = office.join("Kim", "admin");
        Office::Desk &manager = office.join("Ana", "manager");
        const RowId north = territory(office, "North");
        const RowId south = territory(office, "South");
        const RowId west = territory(office, "West");
        const RowId holdsNorth = hold(office, manager, north);
        hold(office, manager, south);
        const auto customerIn = [&](const RowId &place) {
            const RowId id = customer(office, chief, "Rosa");
            bringTo(chief, id, place);
            return id;
        };
        const RowId rosa = customerIn(north);
        const RowId other = customerIn(west);
        const RowId visit = office.newId();
        QVERIFY(chief.replica
                    ->commit({Office::row("visit", visit, ChangeKind::Insert,
                        {{"customer_id", Blob{Bytes(rosa.bytes())}}, {"said", std::string("hm")}})})
                    .has_value());
        office.sync(chief);
        office.sync(manager);
        QCOMPARE(Office::text(manager, "visit", visit, "said"), std::string("hm"));

        QVERIFY(chief.replica
                    ->commit({Office::row("visit", visit, ChangeKind::Update,
                        {{"customer_id", Blob{Bytes(other.bytes())}}})})
                    .has_value());
        office.sync(chief);
        bringTo(manager, rosa, south);
        must(office,
            {{Office::schema().table("member_territory")->id, holdsNorth, ChangeKind::Delete, {}}});
        office.sync(manager);
        QCOMPARE(Office::text(manager, "customer", rosa, "name"), std::string("Rosa"));
        QCOMPARE(Office::text(manager, "visit", visit, "said"), std::string("(not there)"));
        QCOMPARE(manager.replica->facts().mismatches, std::uint64_t{0});
        QVERIFY(office.workspace->verify()->empty());
    }

    // What is left out of a row's story must not be passed while the row still stands here: a note
    // written then would count as having seen it.
    void aLostRowLeavesBeforeItsStoryIsLeftOut()
    {
        Office office;
        Office::Desk &chief = office.join("Kim", "admin");
        Office::Desk &rep = office.join("Ana", "rep");
        const RowId north = territory(office, "North");
        const RowId holdsNorth = hold(office, rep, north);
        const RowId rosa = customer(office, chief, "Rosa");
        bringTo(chief, rosa, north);
        office.sync(chief);
        office.sync(rep);
        const Sequence known = rep.replica->facts().cursor;

        QVERIFY(chief.replica
                    ->commit({Office::row("customer", rosa, ChangeKind::Update,
                                  {{"note", std::string("Likes rye.")}}),
                        Office::row("tag", office.newId(), ChangeKind::Insert,
                            {{"name", std::string("bakes")}})})
                    .has_value());
        office.sync(chief);
        QVERIFY(rep.replica
                    ->commit({Office::row("customer", rosa, ChangeKind::Update,
                        {{"phone", std::string("030 1234")}})})
                    .has_value());
        const auto push = *rep.replica->nextPush();
        QVERIFY(rep.replica->take(*push, *office.workspace->push(rep.device, *push)).has_value());
        must(office,
            {{Office::schema().table("member_territory")->id, holdsNorth, ChangeKind::Delete, {}}});
        while (rep.replica->facts().cursor < office.workspace->head()) {
            PullRequest request = *rep.replica->nextPull();
            request.bytesMax = 1;
            QVERIFY(rep.replica->take(*office.workspace->pull(rep.device, request)).has_value());
            QVERIFY(rep.replica->facts().cursor == known
                || Office::text(rep, "customer", rosa, "name") == "(not there)");
        }
        QVERIFY(rep.replica->facts().cursor > known);
        office.sync(rep);
        QCOMPARE(rep.replica->facts().mismatches, std::uint64_t{0});
        QVERIFY(office.workspace->verify()->empty());
    }

    // A device set back may hold a refused group under another stamp than the server refused.
    // Offered again under its own it could stand in the way of what was accepted behind it, for
    // ever.
    void whatWasRefusedKeepsTheStampItWasRefusedWith()
    {
        Office office;
        Office::Desk &rep = office.join("Ana", "rep");
        const RowId north = territory(office, "North");
        office.sync(rep);
        const RowId id = customer(office, rep, "Rosa");
        bringTo(rep, id, north);
        const auto push = *rep.replica->nextPush();
        auto answer = *office.workspace->push(rep.device, *push);
        QCOMPARE(answer.verdicts.size(), std::size_t{2});
        Verdict &refused = answer.verdicts[1];
        QVERIFY(refused.kind == VerdictKind::Quarantined);
        QVERIFY(refused.stamp == push->groups[1].header.stamp);
        refused.stamp = Stamp{raw(refused.stamp) - 1};
        QVERIFY(rep.replica->take(*push, answer).has_value());
        const auto asides = *rep.store.asides();
        QCOMPARE(asides.size(), std::size_t{1});
        QVERIFY(asides[0].header.stamp == refused.stamp);
        // Asked once more, the server tells the stamp it has.
        PushRequest again = *push;
        again.attempt += 1;
        const auto known = *office.workspace->push(rep.device, again);
        QVERIFY(known.verdicts.at(1).stamp == push->groups[1].header.stamp);
    }

    void aDeputyHoldsWhatIsPassedToWhomTheyStandInFor()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &lee = office.join("Lee", "rep");
        Office::Desk &ana = office.join("Ana", "rep");
        const RowId remark = office.newId();
        QVERIFY(ana.replica
                    ->commit({Office::row("remark", remark, ChangeKind::Insert,
                        {{"words", std::string("it smokes")},
                            {"member_id", Blob{Bytes(ana.device.member.bytes())}},
                            {"to_role", std::string("office")}})})
                    .has_value());
        office.sync(ana);
        office.sync(lee);
        QCOMPARE(Office::text(lee, "remark", remark, "words"), std::string("(not there)"));
        const auto change = [&](const char *column, Value value) {
            must(office,
                {Office::row("member", kim.device.member, ChangeKind::Update,
                    {{column, std::move(value)}})});
            office.sync(lee);
        };
        change("deputy_id", Blob{Bytes(lee.device.member.bytes())});
        QCOMPARE(Office::text(lee, "remark", remark, "words"), std::string("it smokes"));
        change("active", std::int64_t{0});  // who has ended has nobody to stand in for
        QCOMPARE(Office::text(lee, "remark", remark, "words"), std::string("(not there)"));
    }

    void aCheckedBackupLetsOctetsGo()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        customer(office, kim, "Rosa's bakery");
        office.sync(kim);
        QVERIFY(office.workspace->noteDurable(office.workspace->head()).has_value());
        office.sync(kim);
        QVERIFY(kim.replica->facts().durable == office.workspace->head());
        QVERIFY(office.workspace->noteDurable(Sequence{1}).has_value());
        office.sync(kim);
        QVERIFY(kim.replica->facts().durable == office.workspace->head());
    }

    // More than one answer may hold comes in by one action: the device is filled in anew, in parts,
    // and what waits there lives through it.
    void aTerritoryFullOfCustomersMovesInParts()
    {
        Office office;
        const RowId north = office.newId();
        const RowId south = office.newId();
        Office::Desk &chief = office.join("Kim", "manager");
        Office::Desk &rep = office.join("Ana", "rep");
        for (const RowId &id : {north, south}) {
            must(office,
                {Office::row("territory", id, ChangeKind::Insert,
                    {{"name", id == north ? std::string("North") : std::string("South")}})});
        }
        must(office,
            {Office::row("member_territory", office.newId(), ChangeKind::Insert,
                {{"member_id", Blob{Bytes(rep.device.member.bytes())}},
                    {"territory_id", Blob{Bytes(south.bytes())}}})});
        std::vector<RowId> customers;
        for (int i = 0; i < 200; ++i) {
            customers.push_back(office.newId());
            std::vector<Change> rows{Office::row("customer", customers.back(), ChangeKind::Insert,
                {{"name", std::string("Weber")}, {"kind", std::string("organisation")},
                    {"territory_id", Blob{Bytes(north.bytes())}}})};
            for (int visit = 0; visit < 5; ++visit)
                rows.push_back(Office::row("visit", office.newId(), ChangeKind::Insert,
                    {{"customer_id", Blob{Bytes(customers.back().bytes())}},
                        {"kind", std::string("face_to_face")}, {"outcome", std::string("met")},
                        {"direction", std::string("us")},
                        {"started_at", std::int64_t{1'790'000'000'000}},
                        {"said", std::string(10'000, 'x')}}));
            QVERIFY(chief.replica->commit(rows).has_value());
        }
        office.sync(chief);
        office.sync(rep);
        const TableId visits = Office::schema().table("visit")->id;
        QCOMPARE(rep.replica->records().rowIds(visits)->size(), std::size_t{0});

        std::vector<Change> moves;
        for (const RowId &id : customers)
            moves.push_back(Office::row("customer", id, ChangeKind::Update,
                {{"territory_id", Blob{Bytes(south.bytes())}}}));
        QVERIFY(chief.replica->commit(moves).has_value());
        office.sync(chief);
        const RowId own = customer(office, rep, "The corner shop");  // not sent yet

        std::size_t longest = 0;
        std::size_t answers = 0;
        while (true) {
            if (const auto push = rep.replica->nextPush(); *push) {
                const auto answer = office.workspace->push(rep.device, **push);
                QVERIFY(rep.replica->take(**push, *answer).has_value());
                continue;
            }
            const auto answer = office.workspace->pull(rep.device, *rep.replica->nextPull());
            QVERIFY(answer.has_value());
            longest = std::max(longest, encode(*answer).size());
            ++answers;
            const auto intake = rep.replica->take(*answer);
            QVERIFY(intake.has_value());
            if (!intake->wentOn && !intake->hasMore)
                break;
        }
        QVERIFY2(longest < 2 * pageBytesAim, std::to_string(longest).c_str());
        QVERIFY(answers > 15);
        QCOMPARE(rep.replica->records().rowIds(visits)->size(), std::size_t{1000});
        QCOMPARE(Office::text(rep, "customer", own, "name"), std::string("The corner shop"));
        QCOMPARE(*rep.replica->facts().sum, *rep.replica->sumOfAll());
        QCOMPARE(rep.replica->facts().mismatches, std::uint64_t{0});
        QVERIFY(office.workspace->verify()->empty());
        // And what follows is told as ever, not by another fill.
        write(chief, customers.front(), "moved");
        office.sync(chief);
        const auto next = office.workspace->pull(rep.device, *rep.replica->nextPull());
        QVERIFY(!next->fill.has_value());
        QCOMPARE(next->groups.size(), std::size_t{1});
    }

    // A new territory from which more went on than is told row by row: all of it comes anew, also
    // where it fits into one answer.
    void aGainedTerritoryThatMovedOnIsToldWhole()
    {
        Office office;
        office.workspace->setMovedMax(1);
        const RowId south = territory(office, "South");
        const RowId west = territory(office, "West");
        Office::Desk &chief = office.join("Kim", "office");
        Office::Desk &rep = office.join("Ana", "rep");
        hold(office, rep, south);
        const RowId stays = customer(office, chief, "Rosa's bakery");
        const RowId moves = customer(office, chief, "The corner shop");
        bringTo(chief, stays, west);
        bringTo(chief, moves, west);
        office.sync(chief);
        office.sync(rep);
        hold(office, rep, west);
        bringTo(chief, moves, south);
        office.sync(chief);
        office.sync(rep);
        QCOMPARE(Office::text(rep, "customer", stays, "name"), std::string("Rosa's bakery"));
        QCOMPARE(Office::text(rep, "customer", moves, "name"), std::string("The corner shop"));
        QCOMPARE(rep.replica->facts().mismatches, std::uint64_t{0});
        QCOMPARE(*rep.replica->facts().sum, *rep.replica->sumOfAll());
    }

    // A gained territory is told in parts, by the customers' order. One that was elsewhere while
    // its place was told, and came back before the end, is told as well.
    void aCustomerWhoCameBackBetweenTwoPartsIsTold()
    {
        Office office;
        const RowId south = territory(office, "South");
        const RowId west = territory(office, "West");
        Office::Desk &chief = office.join("Kim", "office");
        Office::Desk &rep = office.join("Ana", "rep");
        hold(office, rep, south);
        std::vector<RowId> ids;
        for (const char *name : {"Rosa's bakery", "The corner shop", "The mill"})
            ids.push_back(customer(office, chief, name));
        std::sort(ids.begin(), ids.end());
        const RowId first = ids.front();
        for (const RowId &id : ids)
            bringTo(chief, id, west);
        office.sync(chief);
        office.sync(rep);
        hold(office, rep, west);
        bringTo(chief, first, south);
        office.sync(chief);
        bool hasComeBack = false;
        while (true) {
            auto request = *rep.replica->nextPull();
            request.bytesMax = 1;
            const auto answer = office.workspace->pull(rep.device, request);
            QVERIFY(answer.has_value());
            const auto intake = rep.replica->take(*answer);
            QVERIFY(intake.has_value());
            if (answer->fill && !answer->fill->isLast && !hasComeBack) {
                hasComeBack = true;
                bringTo(chief, first, west);
                office.sync(chief);
            }
            if (!intake->wentOn && !intake->hasMore)
                break;
        }
        QVERIFY(hasComeBack);
        for (const RowId &id : ids)
            QCOMPARE(Office::text(rep, "customer", id, "name"),
                Office::text(chief, "customer", id, "name"));
        QCOMPARE(rep.replica->facts().mismatches, std::uint64_t{0});
        QCOMPARE(*rep.replica->facts().sum, *rep.replica->sumOfAll());
    }

private:
    static void must(Office &office, const std::vector<Change> &changes)
    {
        ENSURE(office.workspace->commit(changes).has_value());
    }

    static RowId territory(Office &office, const std::string &name)
    {
        const RowId id = office.newId();
        must(office, {Office::row("territory", id, ChangeKind::Insert, {{"name", name}})});
        return id;
    }

    static RowId hold(Office &office, Office::Desk &desk, const RowId &territory)
    {
        const RowId link = office.newId();
        must(office,
            {Office::row("member_territory", link, ChangeKind::Insert,
                {{"member_id", Blob{Bytes(desk.device.member.bytes())}},
                    {"territory_id", Blob{Bytes(territory.bytes())}}})});
        return link;
    }

    static void bringTo(Office::Desk &desk, const RowId &customer, const RowId &territory)
    {
        ENSURE(desk.replica
                   ->commit({Office::row("customer", customer, ChangeKind::Update,
                       {{"territory_id", Blob{Bytes(territory.bytes())}}})})
                   .has_value());
    }

    static void write(Office::Desk &desk, const RowId &id, const std::string &note)
    {
        ENSURE(desk.replica
                   ->commit({Office::row("customer", id, ChangeKind::Update, {{"note", note}})})
                   .has_value());
    }

    static RowId customer(Office &office, Office::Desk &desk, const std::string &name)
    {
        const RowId id = office.newId();
        ENSURE(desk.replica
                   ->commit({Office::row("customer", id, ChangeKind::Insert,
                       {{"name", name}, {"kind", std::string("organisation")}})})
                   .has_value());
        return id;
    }
};

QTEST_APPLESS_MAIN(ExchangeTest)
#include "exchange_test.moc"
