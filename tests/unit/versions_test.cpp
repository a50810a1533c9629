#include <QtTest>

#include "tests/support/office.h"

using namespace replica;
using test::MemoryMark;
using test::MemorySharedStore;
using test::MemoryStore;
using test::SetClock;

namespace {

std::string declared(const std::string &laterColumn, const std::string &laterTable)
{
    return R"({"tables": [
        {"id": 1, "name": "customer", "columns": [{"id": 1, "name": "name"})"
        + laterColumn + R"(]},
        {"id": 2, "name": "member", "writer": "server", "columns": [
            {"id": 1, "name": "name"}, {"id": 2, "name": "role"},
            {"id": 3, "name": "active", "type": "boolean"}]},
        {"id": 3, "name": "device", "writer": "server", "columns": [
            {"id": 1, "name": "member_id", "type": "id"}, {"id": 2, "name": "name"},
            {"id": 3, "name": "revoked_at", "type": "time"}]})"
        + laterTable + "]}";
}

constexpr TableId customers{1};
constexpr TableId gifts{4};
constexpr ColumnId nameColumn{1};
constexpr ColumnId laterColumn{2};

// A workspace and one device, whose programs can be changed for others.
struct Pair {
    SetClock clock;
    SeededRandom random{1};
    Schema earlier = *Schema::parse(declared("", ""));
    Schema present = *Schema::parse(declared(R"(, {"id": 2, "name": "later"})",
        R"(, {"id": 4, "name": "gift", "columns": [{"id": 1, "name": "what"}]})"));
    MemorySharedStore shared;
    std::unique_ptr<tend::server::Workspace> workspace;

    struct Phone {
        MemoryStore store;
        MemoryMark mark;
        tend::server::Device device;
        std::unique_ptr<Replica> replica;
    };

    explicit Pair(bool isServerOld)
    {
        workspace = *tend::server::Workspace::create(
            shared, isServerOld ? earlier : present, clock, random, "Pair");
    }

    Status startServer(const Schema &schema)
    {
        workspace.reset();
        workspace = TRY(tend::server::Workspace::open(shared, schema, clock, random));
        return {};
    }

    Status start(Phone &phone, const Schema &schema)
    {
        phone.replica.reset();
        phone.replica
            = TRY(Replica::open(phone.store, schema, clock, random, phone.mark, phone.device.id));
        return {};
    }

    void join(Phone &phone, char letter, const Schema &schema)
    {
        const Bytes key(32, letter);
        phone.device.id = makeDerivedUuid(key);
        ENSURE(start(phone, schema).has_value());
        const auto secret
            = workspace->invite({"Kim", "office"}, WallTime{inMs(clock.now) + 1'000'000});
        const auto enrolled = workspace->enrol(key, {protocolVersion, *secret, "phone"});
        ENSURE(enrolled.has_value() && phone.replica->enrolled(*enrolled).has_value());
        phone.device = shared.deviceByKey(key)->value();
    }

    // Until nothing is left to send or fetch.
    Status sync(Phone &phone)
    {
        for (int round = 0; round < 50; ++round) {
            while (const auto push = TRY(phone.replica->nextPush())) {
                const auto answer = TRY(workspace->push(phone.device, *push));
                static_cast<void>(TRY(phone.replica->take(*push, answer)));
            }
            const auto pull = TRY(phone.replica->nextPull());
            const auto intake = TRY(phone.replica->take(TRY(workspace->pull(phone.device, pull))));
            if (!intake.wentOn && !intake.hasMore && !intake.mustPushFirst)
                return {};
        }
        return fail(ErrorCode::Io, "never at the end");
    }

    static Value shown(Phone &phone, const RowId &row, ColumnId column)
    {
        const auto change = *phone.replica->records().row(customers, row);
        if (change) {
            for (const Assignment &given : change->assignments) {
                if (given.column == column)
                    return given.value;
            }
        }
        return Empty{};
    }
};

Value text(const char *words)
{
    return std::string(words);
}

}  // namespace

// Programs of different ages with one workspace.
class VersionsTest : public QObject {
    Q_OBJECT

private slots:

    void whatAnOlderDeviceDoesNotKnowIsThereOnceItIsUpdated()
    {
        Pair pair(false);
        Pair::Phone fresh;
        Pair::Phone old;
        pair.join(fresh, 'f', pair.present);
        pair.join(old, 'o', pair.earlier);
        const RowId row = makeUuid7(pair.clock.now, pair.random);
        const RowId gift = makeUuid7(pair.clock.now, pair.random);
        QVERIFY(fresh.replica
                    ->commit({{customers, row, ChangeKind::Insert,
                                  {{nameColumn, text("Rosa")}, {laterColumn, text("rye")}}},
                        {gifts, gift, ChangeKind::Insert, {{nameColumn, text("flowers")}}}})
                    .has_value());
        QVERIFY(pair.sync(fresh).has_value());
        QVERIFY(pair.sync(old).has_value());
        QVERIFY(Pair::shown(old, row, nameColumn) == text("Rosa"));

        // It edits what it knows, and leaves the rest alone.
        QVERIFY(
            old.replica
                ->commit({{customers, row, ChangeKind::Update, {{nameColumn, text("Rosa M.")}}}})
                .has_value());
        QVERIFY(pair.sync(old).has_value());
        QVERIFY(pair.sync(fresh).has_value());
        QVERIFY(Pair::shown(fresh, row, nameColumn) == text("Rosa M."));
        QVERIFY(Pair::shown(fresh, row, laterColumn) == text("rye"));

        QVERIFY(pair.start(old, pair.present).has_value());
        QVERIFY(pair.sync(old).has_value());
        QVERIFY(Pair::shown(old, row, laterColumn) == text("rye"));
        QVERIFY(old.replica->records().row(gifts, gift)->has_value());
        QCOMPARE(*old.replica->facts().sum, *fresh.replica->facts().sum);
        QCOMPARE(old.replica->facts().mismatches, std::uint64_t{0});
    }

    // A program that does not know, or does not care, that rows of a table stay as they were
    // written.
    void whatMustStayIsRefusedByTheServerToo()
    {
        Pair pair(true);
        const Schema staying = *Schema::parse(
            declared("", R"(, {"id": 4, "name": "gift", "append_only": true, "columns": [
                {"id": 1, "name": "what"}]})"));
        QVERIFY(pair.startServer(staying).has_value());
        Pair::Phone honest;
        Pair::Phone other;
        pair.join(honest, 'h', staying);
        pair.join(other, 'o', pair.present);
        const RowId gift = makeUuid7(pair.clock.now, pair.random);
        const Change insert{gifts, gift, ChangeKind::Insert, {{nameColumn, text("flowers")}}};
        QVERIFY(honest.replica->commit({insert}).has_value());
        QVERIFY(honest.replica->commit({{gifts, gift, ChangeKind::Delete, {}}}).error().code
            == ErrorCode::Invalid);
        QVERIFY(pair.sync(honest) && pair.sync(other));
        QVERIFY(other.replica->commit({insert}).has_value());  // the same again is no change
        QVERIFY(pair.sync(other).has_value());
        QCOMPARE(other.replica->status()->refused, std::size_t{0});
        QVERIFY(other.replica
                    ->commit({{gifts, gift, ChangeKind::Update, {{nameColumn, text("weeds")}}}})
                    .has_value());
        QVERIFY(other.replica
                    ->commit({{gifts, gift, ChangeKind::Insert, {{nameColumn, text("weeds")}}}})
                    .has_value());
        QVERIFY(other.replica->commit({{gifts, gift, ChangeKind::Delete, {}}}).has_value());
        QVERIFY(pair.sync(other) && pair.sync(honest));
        QCOMPARE(other.replica->status()->refused, std::size_t{3});
        for (Pair::Phone *phone : {&honest, &other}) {
            const auto shown = *phone->replica->records().row(gifts, gift);
            QVERIFY(shown && shown->assignments == insert.assignments);
        }
    }

    void aWriteThatAnOlderDeviceDoesNotKnowKeepsTheRowFromItsDelete()
    {
        Pair pair(false);
        Pair::Phone fresh;
        Pair::Phone old;
        pair.join(fresh, 'f', pair.present);
        pair.join(old, 'o', pair.earlier);
        const RowId row = makeUuid7(pair.clock.now, pair.random);
        QVERIFY(fresh.replica
                    ->commit({{customers, row, ChangeKind::Insert, {{nameColumn, text("Rosa")}}}})
                    .has_value());
        QVERIFY(pair.sync(fresh) && pair.sync(old));
        QVERIFY(fresh.replica
                    ->commit({{customers, row, ChangeKind::Update, {{laterColumn, text("rye")}}}})
                    .has_value());
        QVERIFY(old.replica->commit({{customers, row, ChangeKind::Delete, {}}}).has_value());
        QVERIFY(pair.sync(fresh) && pair.sync(old) && pair.sync(fresh));
        for (Pair::Phone *phone : {&fresh, &old}) {
            QVERIFY(phone->replica->records().row(customers, row)->has_value());
            QCOMPARE(phone->replica->conflicts()->size(), std::size_t{1});
        }
    }

    void whatAnOlderServerDoesNotKnowWaitsAndIsNotRefused()
    {
        Pair pair(true);
        Pair::Phone fresh;
        pair.join(fresh, 'f', pair.present);
        const RowId row = makeUuid7(pair.clock.now, pair.random);
        const RowId second = makeUuid7(pair.clock.now, pair.random);
        QVERIFY(fresh.replica
                    ->commit({{customers, row, ChangeKind::Insert, {{nameColumn, text("Rosa")}}}})
                    .has_value());
        QVERIFY(fresh.replica
                    ->commit({{customers, row, ChangeKind::Update, {{laterColumn, text("rye")}}}})
                    .has_value());
        QVERIFY(fresh.replica
                    ->commit({{customers, second, ChangeKind::Insert, {{nameColumn, text("Tom")}}}})
                    .has_value());
        const auto failed = pair.sync(fresh);
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::TooNew);
        QVERIFY(failed.error().message.find("update the server") != std::string::npos);
        const auto status = fresh.replica->status();
        QCOMPARE(status->waiting, std::size_t{2});
        QCOMPARE(status->refused, std::size_t{0});

        QVERIFY(pair.startServer(pair.present).has_value());
        QVERIFY(pair.sync(fresh).has_value());
        QCOMPARE(fresh.replica->status()->waiting, std::size_t{0});
        Pair::Phone other;
        pair.join(other, 'x', pair.present);
        QVERIFY(pair.sync(other).has_value());
        QVERIFY(Pair::shown(other, row, laterColumn) == text("rye"));
        QVERIFY(Pair::shown(other, second, nameColumn) == text("Tom"));
        QVERIFY(pair.workspace->verify()->empty());
    }

    void anOlderProgramDoesNotTouchWhatANewerOneWrote()
    {
        Pair pair(false);
        Pair::Phone phone;
        pair.join(phone, 'f', pair.present);
        const RowId row = makeUuid7(pair.clock.now, pair.random);
        QVERIFY(phone.replica
                    ->commit({{customers, row, ChangeKind::Insert, {{laterColumn, text("rye")}}}})
                    .has_value());
        const auto older = pair.start(phone, pair.earlier);
        QVERIFY(!older);
        QCOMPARE(older.error().code, ErrorCode::TooNew);
        QVERIFY(older.error().message.find("update Tend") != std::string::npos);
        const auto olderServer = pair.startServer(pair.earlier);
        QVERIFY(!olderServer);
        QCOMPARE(olderServer.error().code, ErrorCode::TooNew);
        QVERIFY(pair.startServer(pair.present).has_value());
        QVERIFY(pair.start(phone, pair.present).has_value());
        QVERIFY(pair.sync(phone).has_value());
        QCOMPARE(phone.replica->status()->waiting, std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(VersionsTest)
#include "versions_test.moc"
