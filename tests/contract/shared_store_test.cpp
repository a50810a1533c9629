#include <QTemporaryDir>
#include <QtTest>

#include "server-stub/sqlite/sqlite_shared_store.h"
#include "sync/base/ensure.h"
#include "tests/support/memory_store.h"

using namespace replica;
using namespace tend::server;
using namespace std::string_literals;

namespace {

constexpr const char *tables
    = R"({"tables": [{"id": 1, "name": "tag", "columns": [{"id": 1, "name": "name"}]}]})";

Uuid id(std::uint8_t number)
{
    Uuid made;
    made.octets.fill(number);
    return made;
}

GroupHeader header(std::uint64_t counter)
{
    GroupHeader made;
    made.id = {id(1), Incarnation{7}, Counter{counter}};
    made.stamp = Stamp{counter << 16U};
    made.sequence = Sequence{counter};
    return made;
}

}  // namespace

// What every realisation of SharedStore owes, run on each.
class SharedStoreTest : public QObject {
    Q_OBJECT

private slots:

    void init()
    {
        m_memory = std::make_unique<test::MemorySharedStore>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_sqlite = SqliteSharedStore::open(m_folder->filePath("s.db").toStdString(), {}, m_schema)
                       .value();
    }

    void anEmptyStoreKnowsNothing_data() { stores(); }

    void anEmptyStoreKnowsNothing()
    {
        SharedStore &store = tested();
        QVERIFY(store.head() == Sequence{0});
        QVERIFY(!store.fact("name").value());
        QVERIFY(!store.deviceByKey(Bytes(32, 'k')).value());
        QVERIFY(!store.invitation(Bytes(32, 's')).value());
        QVERIFY(store.devices()->empty() && store.quarantined()->empty());
        QCOMPARE(raw(store.life(id(1), Incarnation{1})->accepted), std::uint64_t{0});
        QCOMPARE(store.logEntry(Sequence{1}).error().code, ErrorCode::Corrupt);
    }

    void theLogKeepsBodiesInOrder_data() { stores(); }

    void theLogKeepsBodiesInOrder()
    {
        SharedStore &store = tested();
        for (std::uint64_t number = 1; number <= 3; ++number) {
            whole(store, [&] {
                const GroupRef group = store.records().addGroup(header(number)).value();
                return store.appendBody(
                    Sequence{number}, {group, "body\0x"s + std::to_string(number), "digest"});
            });
        }
        QVERIFY(store.head() == Sequence{3});
        const auto entry = store.logEntry(Sequence{2});
        QCOMPARE(entry->body, "body\0x2"s);
        QCOMPARE(entry->digest, std::string("digest"));
        QVERIFY(store.records().header(entry->group).id == header(2).id);
    }

    void aLifeIsReplacedAndKeptPerIncarnation_data() { stores(); }

    void aLifeIsReplacedAndKeptPerIncarnation()
    {
        SharedStore &store = tested();
        const std::uint64_t high = ~std::uint64_t{0};  // incarnations are random
        for (const std::uint64_t attempt : {1U, 2U}) {
            whole(store, [&] {
                return store.keepLife(
                    id(1), Incarnation{high}, {Counter{5}, "chain", Stamp{high - 1}, attempt});
            });
        }
        const auto life = store.life(id(1), Incarnation{high});
        QVERIFY(life->accepted == Counter{5} && life->chain == "chain"
            && life->stamp == Stamp{high - 1});
        QCOMPARE(life->attempt, std::uint64_t{2});
        QCOMPARE(store.life(id(1), Incarnation{1})->attempt, std::uint64_t{0});
        QCOMPARE(store.life(id(2), Incarnation{high})->attempt, std::uint64_t{0});
    }

    void aDeviceIsFoundByItsKeyAndReplaced_data() { stores(); }

    void aDeviceIsFoundByItsKeyAndReplaced()
    {
        SharedStore &store = tested();
        Device device{id(1), Bytes(32, 'k'), id(9), "Ann's phone", false};
        whole(store, [&] { return store.keepDevice(device); });
        device.isRevoked = true;
        whole(store, [&] { return store.keepDevice(device); });
        const auto found = store.deviceByKey(Bytes(32, 'k')).value();
        QVERIFY(found && found->id == id(1) && found->member == id(9) && found->isRevoked);
        QCOMPARE(found->name, std::string("Ann's phone"));
        QCOMPARE(store.devices()->size(), std::size_t{1});
        QVERIFY(!store.deviceByKey(Bytes(31, 'k')).value());
    }

    void anInvitationIsKeptAndUsed_data() { stores(); }

    void anInvitationIsKeptAndUsed()
    {
        SharedStore &store = tested();
        Invitation made{Bytes(32, 's'), id(9), WallTime{1'790'000'000'000}, false};
        whole(store, [&] { return store.keepInvitation(made); });
        QVERIFY(!store.invitation(made.secretDigest).value()->isUsed);
        made.isUsed = true;
        whole(store, [&] { return store.keepInvitation(made); });
        const auto found = store.invitation(made.secretDigest).value();
        QVERIFY(
            found && found->isUsed && found->member == id(9) && found->expiresAt == made.expiresAt);
    }

    void whatWasNotTakenIsKeptWhole_data() { stores(); }

    void whatWasNotTakenIsKeptWhole()
    {
        SharedStore &store = tested();
        GroupHeader refused = header(4);
        refused.sequence = Sequence{0};
        refused.actor = id(9);
        whole(store, [&] { return store.quarantine({refused, "body", "because", WallTime{5}}); });
        const auto all = store.quarantined();
        QCOMPARE(all->size(), std::size_t{1});
        QVERIFY(all->front().header.id == refused.id && all->front().header.actor == id(9));
        QVERIFY(all->front().body == "body" && all->front().reason == "because");
        QVERIFY(all->front().at == WallTime{5});
    }

    void aFactIsOctetsAndReplaced_data() { stores(); }

    void aFactIsOctetsAndReplaced()
    {
        SharedStore &store = tested();
        const Bytes value("a\0b", 3);
        whole(store, [&] { return store.keepFact("name", "first"); });
        whole(store, [&] { return store.keepFact("name", value); });
        QVERIFY(store.fact("name").value() == value);
    }

    void whatIsInAScopeIsFoundByIt_data() { stores(); }

    void whatIsInAScopeIsFoundByIt()
    {
        SharedStore &store = tested();
        whole(store, [&]() -> Status {
            TRY_STATUS(store.appendScopes(Sequence{1}, {"territory/a"}));
            TRY_STATUS(store.appendScopes(Sequence{2}, {"territory/a", "territory/b"}));
            TRY_STATUS(store.appendScopes(Sequence{3}, {"territory/b"}));
            return store.appendScopes(Sequence{5}, {"workspace"});
        });
        const auto in = [&](const Scopes &scopes, std::uint64_t after, std::size_t countMax) {
            std::vector<std::uint64_t> numbers;
            const auto found = store.sequencesIn(scopes, Sequence{after}, countMax).value();
            for (const Sequence sequence : found)
                numbers.push_back(raw(sequence));
            return numbers;
        };
        using Numbers = std::vector<std::uint64_t>;
        QCOMPARE(in({"territory/a", "territory/b"}, 0, 9), (Numbers{1, 2, 3}));
        QCOMPARE(in({"territory/a", "workspace"}, 1, 9), (Numbers{2, 5}));
        QCOMPARE(in({"territory/a", "territory/b"}, 0, 2), (Numbers{1, 2}));
        QCOMPARE(in({"territory/nobody"}, 0, 9), Numbers{});
        QCOMPARE(store.allScopes().value(), (Scopes{"territory/a", "territory/b", "workspace"}));
    }

    void behindItsFloorTheLogKeepsDigestsOnly_data() { stores(); }

    void behindItsFloorTheLogKeepsDigestsOnly()
    {
        SharedStore &store = tested();
        const RowName row{TableId{1}, id(9)};
        whole(store, [&]() -> Status {
            for (std::uint64_t number = 1; number <= 4; ++number) {
                const Sequence at{number};
                const GroupRef group = TRY(store.records().addGroup(header(number)));
                TRY_STATUS(store.appendBody(at, {group, "body", "digest"}));
                TRY_STATUS(store.appendScopes(at, {"workspace"}));
                TRY_STATUS(store.noteMove({at, row, {"territory/1"}, false}));
                TRY_STATUS(store.noteViewChange(id(3), {at, {"workspace"}, WallTime{5}}));
            }
            return {};
        });
        QVERIFY(!*store.isDead(row));
        whole(store, [&]() -> Status {
            TRY_STATUS(store.noteDead(row));
            return store.compact(Sequence{2});
        });
        QVERIFY(*store.isDead(row));
        QVERIFY(!*store.isDead({TableId{1}, id(8)}));
        QVERIFY(store.head() == Sequence{4});
        QCOMPARE(store.logEntry(Sequence{2})->body, Bytes());
        QCOMPARE(store.logEntry(Sequence{2})->digest, std::string("digest"));
        QCOMPARE(store.logEntry(Sequence{3})->body, std::string("body"));
        QCOMPARE(store.sequencesIn({"workspace"}, Sequence{0}, 9)->size(), std::size_t{2});
        QCOMPARE(store.movesAfter(Sequence{0})->size(), std::size_t{2});
        QCOMPARE(store.viewChangesAfter(id(3), Sequence{0})->size(), std::size_t{2});
    }

    void movesAndOrphansAreRemembered_data() { stores(); }

    void movesAndOrphansAreRemembered()
    {
        SharedStore &store = tested();
        const RowName row{TableId{1}, id(7)};
        const RowName child{TableId{2}, id(8)};
        whole(store, [&]() -> Status {
            TRY_STATUS(store.noteMove({Sequence{4}, row, {"territory/a", "workspace"}, false}));
            TRY_STATUS(store.noteMove({Sequence{4}, row, {"a later word is not kept"}, true}));
            TRY_STATUS(store.noteMove({Sequence{9}, child, {}, true}));
            TRY_STATUS(store.noteViewChange(id(3), {Sequence{5}, {"territory/a"}, WallTime{77}}));
            TRY_STATUS(store.noteOrphan(row, child));
            return store.noteOrphan(row, child);
        });
        const auto moves = store.movesAfter(Sequence{3}).value();
        QCOMPARE(moves.size(), std::size_t{2});
        QVERIFY(moves[0].row == row && !moves[0].isWhole);
        QCOMPARE(moves[0].from, (Scopes{"territory/a", "workspace"}));
        QVERIFY(moves[1].row == child && moves[1].isWhole && moves[1].from.empty());
        QCOMPARE(store.movesAfter(Sequence{4}).value().size(), std::size_t{1});
        const auto views = store.viewChangesAfter(id(3), Sequence{4}).value();
        QCOMPARE(views.size(), std::size_t{1});
        QVERIFY(views[0].from == Scopes{"territory/a"} && views[0].at == WallTime{77});
        QVERIFY(store.viewChangesAfter(id(3), Sequence{5}).value().empty());
        QVERIFY(store.viewChangesAfter(id(4), Sequence{0}).value().empty());
        QCOMPARE(store.orphans().value().size(), std::size_t{1});
        whole(store, [&]() -> Status {
            const auto taken = TRY(store.takeOrphans(row));
            return taken == std::vector<RowName>{child} ? Status{}
                                                        : fail(ErrorCode::Corrupt, "another row");
        });
        QVERIFY(store.orphans().value().empty());
    }

    void whatIsRolledBackNeverWas_data() { stores(); }

    void whatIsRolledBackNeverWas()
    {
        SharedStore &store = tested();
        whole(store, [&] { return store.keepFact("name", "before"); });
        QVERIFY(store.records().begin().has_value());
        const GroupRef group = store.records().addGroup(header(1)).value();
        QVERIFY(store.appendBody(Sequence{1}, {group, "body", "digest"}).has_value());
        QVERIFY(
            store.keepLife(id(1), Incarnation{1}, {Counter{5}, "chain", Stamp{1}, 1}).has_value());
        QVERIFY(
            store.keepDevice({id(1), Bytes(32, 'k'), id(9), "phone", false, false}).has_value());
        QVERIFY(store.keepInvitation({Bytes(32, 's'), id(9), WallTime{1}, false}).has_value());
        QVERIFY(store.quarantine({header(2), "body", "because", WallTime{5}}).has_value());
        QVERIFY(store.keepFact("name", "after").has_value());
        store.records().rollback();
        QVERIFY(store.head() == Sequence{0});
        QVERIFY(store.fact("name").value() == "before");
        QVERIFY(store.devices()->empty() && store.quarantined()->empty());
        QVERIFY(!store.invitation(Bytes(32, 's')).value());
        QCOMPARE(raw(store.life(id(1), Incarnation{1})->accepted), std::uint64_t{0});
        QVERIFY(!store.records().findGroup(header(1).id).value());
    }

private:
    static void stores()
    {
        QTest::addColumn<bool>("onSqlite");
        QTest::newRow("in memory") << false;
        QTest::newRow("SQLite") << true;
    }

    SharedStore &tested()
    {
        const bool onSqlite = *static_cast<bool *>(QTest::qData("onSqlite", qMetaTypeId<bool>()));
        return onSqlite ? static_cast<SharedStore &>(*m_sqlite) : *m_memory;
    }

    template <typename Work>
    static void whole(SharedStore &store, Work work)
    {
        ENSURE(store.records().begin().has_value());
        const Status done = work();
        ENSURE(done.has_value());
        ENSURE(store.records().commit().has_value());
    }

    Schema m_schema = Schema::parse(tables).value();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::MemorySharedStore> m_memory;
    std::unique_ptr<SqliteSharedStore> m_sqlite;
};

QTEST_GUILESS_MAIN(SharedStoreTest)
#include "shared_store_test.moc"
