// One suite for the port Records: the same random life is led over SQLite and in memory, and both
// must show the same rows, histories, rivals and retold changes at every step.
#include <algorithm>

#include <QTemporaryDir>
#include <QtTest>

#include "sync/base/random.h"
#include "sync/records/sqlite_records.h"
#include "tests/support/memory_records.h"

using namespace replica;

namespace {

constexpr std::string_view declaration = R"({"tables": [{"id": 1, "name": "thing",
    "scopes": [{"kind": "circle", "by": "word"}], "columns": [
    {"id": 1, "name": "word"}, {"id": 2, "name": "count", "type": "integer"},
    {"id": 4, "name": "part", "type": "real"}, {"id": 7, "name": "link", "type": "id"}]}]})";
constexpr TableId thing{1};

Value randomValue(Random &random, std::uint32_t column)
{
    if (random.below(6) == 0)
        return Empty{};
    switch (column) {
    case 1:
        return std::string("w") + std::to_string(random.below(9));
    case 2:
        return static_cast<std::int64_t>(random.below(9));
    case 4:
        return static_cast<double>(random.below(9)) / 2;
    default:
        return Blob{random.bytes(16)};
    }
}

Change randomChange(Random &random, const std::vector<RowId> &ids)
{
    Change change{thing, ids[static_cast<std::size_t>(random.below(ids.size()))],
        static_cast<ChangeKind>(1 + random.below(4)), {}};
    if (change.kind == ChangeKind::Insert || change.kind == ChangeKind::Update) {
        for (const std::uint32_t column : {1U, 2U, 4U, 7U}) {
            if (random.below(2) == 0)
                change.assignments.push_back({ColumnId{column}, randomValue(random, column)});
        }
    }
    return change;
}

// The word by which the row is placed, as it shows or last did.
std::optional<std::string> placeOf(Records &records, const RowId &id)
{
    const auto row = *records.placing(thing, id);
    if (!row)
        return std::nullopt;
    for (const Assignment &given : row->assignments) {
        if (given.column == ColumnId{1} && !isEmpty(given.value))
            return std::get<std::string>(given.value);
    }
    return std::string();
}

bool isSame(const HistoryEntry &one, const HistoryEntry &other)
{
    return one.column == other.column && one.value == other.value && one.group == other.group
        && one.isShown == other.isShown;
}

std::vector<Change> sorted(std::vector<Change> changes)
{
    std::sort(changes.begin(), changes.end(),
        [](const Change &one, const Change &other) { return one.row < other.row; });
    return changes;
}

}  // namespace

class RecordsTest : public QObject {
    Q_OBJECT

private:
    void compare(Records &one, Records &other, const std::vector<RowId> &ids)
    {
        QVERIFY(*one.rowIds(thing) == *other.rowIds(thing));
        auto links = *one.buriedLinks(thing, ColumnId{7});
        auto expectedLinks = *other.buriedLinks(thing, ColumnId{7});
        std::sort(links.begin(), links.end());
        std::sort(expectedLinks.begin(), expectedLinks.end());
        QVERIFY(links == expectedLinks);
        m_links += links.size();
        for (const RowId &id : ids) {
            QVERIFY(*one.row(thing, id) == *other.row(thing, id));
            QVERIFY(one.load(thing, id)->heads == other.load(thing, id)->heads);
            QCOMPARE(placeOf(one, id), placeOf(other, id));
            QCOMPARE(placeOf(one, id).has_value(), one.load(thing, id)->isKnown());
            const auto history = *one.history(thing, id);
            const auto expected = *other.history(thing, id);
            QCOMPARE(history.size(), expected.size());
            QVERIFY(std::equal(history.begin(), history.end(), expected.begin(), isSame));
            for (Records *records : {&one, &other}) {
                for (const HistoryEntry &entry : history)
                    QVERIFY(*records->hasWritten(thing, id, entry.column, entry.group));
                QVERIFY(!*records->hasWritten(thing, id, existence, GroupRef{987'654}));
            }
        }
        const auto rivals = *one.rivals();
        const auto expected = *other.rivals();
        QCOMPARE(rivals.size(), expected.size());
        for (std::size_t i = 0; i < rivals.size(); ++i)
            QVERIFY(rivals[i].row == expected[i].row && rivals[i].head == expected[i].head);
    }

    std::size_t m_links = 0;

private slots:

    void cleanupTestCase() { QVERIFY(m_links > 0); }

    void bothRealisationsLeadTheSameLife_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
    }

    void bothRealisationsLeadTheSameLife()
    {
        QFETCH(quint64, seed);
        SeededRandom random(seed);
        QTemporaryDir folder;
        const auto schema = Schema::parse(declaration);
        auto database = sqlite::Database::open((folder.path() + "/r.db").toStdString(), {});
        QVERIFY(database.has_value());
        QVERIFY(sqlite::migrate(*database, recordMigrations()).has_value());
        auto opened = SqliteRecords::open(*database, *schema);
        QVERIFY(opened.has_value());
        test::MemoryRecords memory;
        std::vector<Records *> both = {opened->get(), &memory};
        std::vector<RowId> ids;
        for (int i = 0; i < 4; ++i)
            ids.push_back(makeUuid7(WallTime{1'790'000'000'000}, random));
        std::vector<GroupRef> groups;
        std::uint64_t sequence = 0;
        std::vector<std::uint64_t> counters(3, 0);
        for (int step = 0; step < 70; ++step) {
            const auto author = static_cast<std::size_t>(random.below(3));
            GroupHeader header;
            header.id.device.octets[0] = static_cast<std::uint8_t>(author + 1);
            header.id.incarnation = Incarnation{0xffff'ffff'ffff'0000U + author};
            header.id.counter = Counter{++counters[author]};
            header.stamp = Stamp{static_cast<std::uint64_t>(step / 2)};
            header.base = Sequence{random.below(sequence + 1)};
            header.sequence = Sequence{++sequence};
            std::vector<Change> changes;
            for (const RowId &id : ids) {
                Change change = randomChange(random, {id});
                if (random.below(2) == 0)
                    changes.push_back(std::move(change));
            }
            const bool isKept = random.below(8) != 0;
            for (Records *records : both) {
                QVERIFY(records->begin().has_value());
                const auto group = records->addGroup(header);
                QVERIFY(group.has_value());
                for (const Change &change : changes)
                    QVERIFY(apply(*records, change, *group).has_value());
                if (isKept) {
                    QVERIFY(records->commit().has_value());
                } else {
                    records->rollback();
                }
                if (isKept && records == both.front())
                    groups.push_back(*group);
            }
            if (!isKept) {
                --sequence;
                --counters[author];
                continue;
            }
            QVERIFY(*both[0]->findGroup(header.id) == *both[1]->findGroup(header.id));
            compare(*both[0], *both[1], ids);
            if (random.below(12) == 0) {
                // A row leaves, and some of these come back by a later change.
                const RowId &left = ids[static_cast<std::size_t>(random.below(ids.size()))];
                for (Records *records : both) {
                    QVERIFY(records->begin().has_value());
                    QVERIFY(records->forgetRow(thing, left).has_value());
                    QVERIFY(records->commit().has_value());
                    QVERIFY(!records->load(thing, left)->isKnown());
                    QVERIFY(records->history(thing, left)->empty());
                }
                compare(*both[0], *both[1], ids);
            }
            for (const Value &value : {Value{std::string("w3")}, Value{Empty{}}}) {
                QVERIFY(*both[0]->rowsWhere(thing, ColumnId{1}, value)
                    == *both[1]->rowsWhere(thing, ColumnId{1}, value));
            }
        }
        for (const GroupRef group : groups) {
            QVERIFY(sorted(*both[0]->changesOf(group)) == sorted(*both[1]->changesOf(group)));
            for (Records *records : both)
                QCOMPARE(*records->countChangesOf(group), records->changesOf(group)->size());
        }
        // Withdraw half of them again, newest first.
        for (std::size_t i = groups.size(); i > groups.size() / 2; --i) {
            for (Records *records : both) {
                QVERIFY(records->begin().has_value());
                const auto changes = *records->changesOf(groups[i - 1]);
                for (const Change &change : changes)
                    QVERIFY(rebuild(*records, change.table, change.row, groups[i - 1]).has_value());
                QVERIFY(records->forgetChanges(groups[i - 1]).has_value());
                QVERIFY(records->removeGroup(groups[i - 1]).has_value());
                QVERIFY(records->commit().has_value());
            }
            compare(*both[0], *both[1], ids);
        }
    }

    void whatWaitsIsToldLifeByLifeInTheOrderOfTheCounters()
    {
        QTemporaryDir folder;
        const auto schema = Schema::parse(declaration);
        auto database = sqlite::Database::open((folder.path() + "/r.db").toStdString(), {});
        QVERIFY(sqlite::migrate(*database, recordMigrations()).has_value());
        auto opened = SqliteRecords::open(*database, *schema);
        test::MemoryRecords memory;
        for (Records *records : std::initializer_list<Records *>{opened->get(), &memory}) {
            const auto id = [](std::uint64_t incarnation, std::uint64_t counter) {
                GroupId name;
                name.device.octets[0] = 1;
                name.incarnation = Incarnation{incarnation};
                name.counter = Counter{counter};
                return name;
            };
            std::map<GroupId, GroupRef> groups;
            QVERIFY(!*records->hasUnaccepted());
            QVERIFY(records->firstUnaccepted(9, {})->empty());
            QVERIFY(records->begin().has_value());
            // The second life is the older one here; of the first, one was added late.
            const std::uint64_t late = 0xffff'ffff'ffff'fff0U;
            for (const auto &[incarnation, counter] : std::vector<std::pair<std::uint64_t, int>>{
                     {7, 2}, {7, 3}, {late, 1}, {7, 1}, {late, 2}, {7, 4}}) {
                GroupHeader header;
                header.id = id(incarnation, static_cast<std::uint64_t>(counter));
                header.stamp = Stamp{9};
                groups[header.id] = *records->addGroup(header);
            }
            QVERIFY(records->commit().has_value());
            QVERIFY(*records->hasUnaccepted());
            const auto named = [&](const std::vector<GroupRef> &found) {
                QStringList names;
                for (const GroupRef group : found) {
                    const GroupId name = records->header(group).id;
                    names << QStringLiteral("%1.%2")
                                 .arg(name.incarnation == Incarnation{7} ? "7" : "late")
                                 .arg(raw(name.counter));
                }
                return names.join(' ');
            };
            // The late life's first was added before 7.1 was.
            QCOMPARE(named(*records->firstUnaccepted(9, {})), "late.1 late.2");
            QCOMPARE(named(*records->firstUnaccepted(9, id(7, 0))), "7.1 7.2 7.3 7.4");
            QCOMPARE(named(*records->firstUnaccepted(2, id(7, 1))), "7.2 7.3");
            QCOMPARE(named(*records->firstUnaccepted(2, id(7, 4))), "");
            QVERIFY(records->begin().has_value());
            for (const std::uint64_t counter : {1U, 2U}) {
                GroupHeader header = records->header(groups[id(late, counter)]);
                header.sequence = Sequence{counter};
                QVERIFY(records->changeGroup(groups[id(late, counter)], header).has_value());
            }
            QVERIFY(records->commit().has_value());
            QCOMPARE(named(*records->firstUnaccepted(3, {})), "7.1 7.2 7.3");
            QVERIFY(records->unacceptedGroups()->size() == 4);
        }
    }
};

QTEST_APPLESS_MAIN(RecordsTest)
#include "records_test.moc"
