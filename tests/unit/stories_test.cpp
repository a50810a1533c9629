#include <QtTest>

#include "tests/support/office.h"

using namespace replica;
using test::Office;

// Failures that others had, each with the test that would have caught it; docs/testing/stories.md
// numbers them. Those that need a network, a disk or a process are with those.
class StoriesTest : public QObject {
    Q_OBJECT

private slots:

    // 12
    void aTextWithAZeroOctetBlocksNothing()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const std::string odd = std::string("Rosa\0's", 7) + "\x01 \xF0\x9F\x8C\xB1";
        const RowId first = named(office, kim, odd);
        const RowId second = named(office, kim, "The corner shop");
        office.sync(kim);
        office.sync(ana);
        QCOMPARE(Office::text(ana, "customer", first, "name"), odd);
        QCOMPARE(Office::text(ana, "customer", second, "name"), std::string("The corner shop"));
        QVERIFY(office.workspace->verify()->empty());
    }

    // 15
    void aConflictStaysUntilAPersonSettledIt()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = named(office, kim, "Rosa's bakery");
        office.sync(kim);
        office.sync(ana);
        rename(kim, id, "Rosa's");
        rename(ana, id, "Bakery Rosa");
        office.sync(kim);
        office.sync(ana);
        for (int i = 0; i < 5; ++i) {
            named(office, kim, "Another shop");
            office.sync(kim);
            office.sync(ana);
            office.sync(kim);
            QCOMPARE(kim.replica->conflicts()->size(), std::size_t{1});
            QCOMPARE(ana.replica->conflicts()->size(), std::size_t{1});
        }
        QVERIFY(ana.replica->resolve(ana.replica->conflicts()->front().id, std::string("Rosa's"))
                    .has_value());
        office.sync(ana);
        office.sync(kim);
        QCOMPARE(kim.replica->conflicts()->size(), std::size_t{0});
    }

    // 16, 21, 27: what was answered twice, late or in another order changes nothing.
    void anAnswerThatComesTwiceChangesNothing()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = named(office, ana, "Rosa's bakery");
        office.sync(ana);
        const auto early = *office.workspace->pull(kim.device, *kim.replica->nextPull());
        const auto push = [&] {
            return **kim.replica->nextPush();
        };
        named(office, kim, "The corner shop");
        const PushRequest request = push();
        const PushAnswer answer = *office.workspace->push(kim.device, request);
        QVERIFY(kim.replica->take(request, answer).has_value());
        // Written after the answer was on its way: it must stay in the queue.
        const RowId later = named(office, kim, "Later");
        QVERIFY(kim.replica->take(request, answer).has_value());
        QCOMPARE(kim.replica->status()->waiting, std::size_t{1});
        office.sync(kim);
        const RowSum sum = *kim.replica->facts().sum;
        const Sequence cursor = kim.replica->facts().cursor;
        QVERIFY(kim.replica->take(early).has_value());
        QVERIFY(kim.replica->facts().cursor == cursor);
        QCOMPARE(*kim.replica->facts().sum, sum);
        QCOMPARE(Office::text(kim, "customer", id, "name"), std::string("Rosa's bakery"));
        QCOMPARE(Office::text(kim, "customer", later, "name"), std::string("Later"));
        // The request itself again: known, and taken once.
        const Sequence head = office.workspace->head();
        QVERIFY(office.workspace->push(kim.device, request).has_value());
        QVERIFY(office.workspace->head() == head);
    }

    // 29
    void manyEditsOfOneRowBetweenTwoSyncsArrive()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = named(office, kim, "Rosa's bakery");
        office.sync(kim);
        office.sync(ana);
        for (int i = 0; i < 500; ++i)
            rename(kim, id, "Rosa " + std::to_string(i));
        rename(ana, id, "Bakery");
        office.sync(ana);
        office.sync(kim);
        office.sync(ana);
        QCOMPARE(kim.replica->status()->waiting, std::size_t{0});
        QCOMPARE(kim.replica->conflicts()->size(), std::size_t{1});
        QCOMPARE(ana.replica->conflicts()->size(), std::size_t{1});
        const Table *customers = Office::schema().table("customer");
        QVERIFY(ana.replica->records().history(customers->id, id)->size() > 500);
    }

    // 25, 30
    void aRowThatTwoDeletedIsGoneForBothAndDoesNotComeBack()
    {
        Office office;
        Office::Desk &kim = office.join("Kim", "office");
        Office::Desk &ana = office.join("Ana", "office");
        const RowId id = named(office, kim, "Rosa's bakery");
        office.sync(kim);
        office.sync(ana);
        const TableId customers = Office::schema().table("customer")->id;
        for (Office::Desk *desk : {&kim, &ana})
            QVERIFY(desk->replica->commit({{customers, id, ChangeKind::Delete, {}}}).has_value());
        office.sync(kim);
        office.sync(ana);
        office.sync(kim);
        QCOMPARE(Office::text(kim, "customer", id, "name"), std::string("(not there)"));
        QCOMPARE(Office::text(ana, "customer", id, "name"), std::string("(not there)"));
        // A third, who edits what they had not seen deleted, keeps it, and a person is asked.
        Office::Desk &tom = office.join("Tom", "office");
        const RowId other = named(office, kim, "The corner shop");
        office.sync(kim);
        office.sync(tom);
        office.sync(ana);
        for (Office::Desk *desk : {&kim, &ana})
            QVERIFY(
                desk->replica->commit({{customers, other, ChangeKind::Delete, {}}}).has_value());
        rename(tom, other, "The corner");
        for (Office::Desk *desk : {&kim, &ana, &tom, &kim, &ana})
            office.sync(*desk);
        for (Office::Desk *desk : {&kim, &ana, &tom}) {
            QCOMPARE(Office::text(*desk, "customer", other, "name"), std::string("The corner"));
            QVERIFY(!desk->replica->conflicts()->empty());
            QCOMPARE(Office::text(*desk, "customer", id, "name"), std::string("(not there)"));
        }
    }

    // 34
    void aLostAnswerToJoiningIsAskedForAgain()
    {
        Office office;
        const auto secret = office.workspace->invite(
            {"Kim", "office"}, WallTime{inMs(office.clock.now) + 1'000'000});
        const Bytes key(32, 'k');
        const auto first = office.workspace->enrol(key, {protocolVersion, *secret, "phone"});
        const auto again = office.workspace->enrol(key, {protocolVersion, *secret, "phone"});
        QVERIFY(first && again);
        QVERIFY(first->device == again->device && first->member == again->member);
        QCOMPARE(office.store->devices()->size(), std::size_t{1});
        QVERIFY(!office.workspace->enrol(Bytes(32, 'x'), {protocolVersion, *secret, "thief"}));
    }

private:
    static RowId named(Office &office, Office::Desk &desk, const std::string &name)
    {
        const RowId id = office.newId();
        ENSURE(desk.replica
                   ->commit({Office::row("customer", id, ChangeKind::Insert, {{"name", name}})})
                   .has_value());
        return id;
    }

    static void rename(Office::Desk &desk, const RowId &id, const std::string &name)
    {
        ENSURE(desk.replica
                   ->commit({Office::row("customer", id, ChangeKind::Update, {{"name", name}})})
                   .has_value());
    }
};

QTEST_APPLESS_MAIN(StoriesTest)
#include "stories_test.moc"
