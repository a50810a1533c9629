#include <algorithm>

#include <QtTest>

#include "sync/base/random.h"
#include "sync/domain/row_state.h"

using namespace replica;

namespace {

constexpr TableId table{1};
const RowId row = *parseUuid("01890000-0000-7000-8000-000000000001");

DeviceId device(unsigned number)
{
    DeviceId id;
    id.octets[15] = static_cast<std::uint8_t>(number + 1);
    return id;
}

class Groups final : public GroupLookup {
public:
    const GroupHeader &header(GroupRef group) override
    {
        return headers.at(static_cast<std::size_t>(group));
    }

    std::vector<GroupHeader> headers;
};

// A history that devices could have made: each group saw a prefix of the log and its device's own.
struct History {
    Groups groups;
    std::vector<Change> changes;
};

History randomHistory(Random &random, std::size_t count)
{
    History history;
    std::vector<std::uint64_t> counters(3, 0);
    std::vector<std::uint64_t> seen(3, 0);
    for (std::size_t i = 0; i < count; ++i) {
        const auto author = static_cast<std::size_t>(random.below(3));
        seen[author] += random.below(i + 1 - seen[author]);
        GroupHeader header;
        header.id
            = {device(static_cast<unsigned>(author)), Incarnation{1}, Counter{++counters[author]}};
        header.base = Sequence{seen[author]};
        header.sequence = Sequence{i + 1};
        // Stamps rise along what was seen, as the hybrid clock makes them.
        std::uint64_t stamp = random.below(3);
        for (const GroupHeader &before : history.groups.headers) {
            if (sees(header, before))
                stamp = std::max(stamp, static_cast<std::uint64_t>(before.stamp) + 1);
        }
        header.stamp = Stamp{stamp};
        Change change{table, row, ChangeKind::Update, {}};
        const auto kind = random.below(10);
        if (i == 0 || kind == 0)
            change.kind = ChangeKind::Insert;
        else if (kind == 1)
            change.kind = ChangeKind::Delete;
        else if (kind == 2)
            change.kind = ChangeKind::Touch;
        if (change.kind == ChangeKind::Insert || change.kind == ChangeKind::Update) {
            for (std::uint32_t column = 1; column <= 2; ++column) {
                if (random.below(2) == 0)
                    change.assignments.push_back(
                        {ColumnId{column}, static_cast<std::int64_t>(random.below(4))});
            }
        }
        history.groups.headers.push_back(header);
        history.changes.push_back(change);
    }
    return history;
}

RowState applied(History &history, const std::vector<std::size_t> &order)
{
    RowState state{table, row, {}};
    for (const std::size_t i : order)
        static_cast<void>(merge(
            state, history.changes[i], GroupRef{static_cast<std::int64_t>(i)}, history.groups));
    return state;
}

std::vector<Head> writesOf(const History &history)
{
    std::vector<Head> writes;
    for (std::size_t i = 0; i < history.changes.size(); ++i) {
        const GroupRef group{static_cast<std::int64_t>(i)};
        const Change &change = history.changes[i];
        if (change.kind != ChangeKind::Update)
            writes.push_back(
                {existence, group, change.kind == ChangeKind::Delete ? deleted : present});
        for (const Assignment &given : change.assignments)
            writes.push_back({given.column, group, given.value});
    }
    return writes;
}

GroupHeader header(
    unsigned author, std::uint64_t counter, std::uint64_t sequence, std::uint64_t base)
{
    GroupHeader made;
    made.id = {device(author), Incarnation{1}, Counter{counter}};
    made.sequence = Sequence{sequence};
    made.base = Sequence{base};
    return made;
}

}  // namespace

class MergeTest : public QObject {
    Q_OBJECT

private slots:

    // Commutative and associative: all 5,040 orders of seven changes give one state, and that state
    // is the one the specification gives.
    void everyOrderGivesTheSpecifiedState()
    {
        SeededRandom random(1);
        for (int round = 0; round < 6; ++round) {
            History history = randomHistory(random, 7);
            std::vector<std::size_t> order(history.changes.size());
            for (std::size_t i = 0; i < order.size(); ++i)
                order[i] = i;
            const RowState expected = resolve(table, row, writesOf(history), history.groups);
            do {
                QVERIFY(applied(history, order).heads == expected.heads);
            } while (std::next_permutation(order.begin(), order.end()));
        }
    }

    void largeRandomSetsAgreeInRandomOrders()
    {
        SeededRandom random(2);
        for (int round = 0; round < 300; ++round) {
            History history = randomHistory(random, 30);
            const RowState expected = resolve(table, row, writesOf(history), history.groups);
            std::vector<std::size_t> order(history.changes.size());
            for (std::size_t i = 0; i < order.size(); ++i)
                order[i] = i;
            for (std::size_t i = order.size(); i > 1; --i)
                std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(i))]);
            const RowState state = applied(history, order);
            QVERIFY(state.heads == expected.heads);
            QCOMPARE(state.isAlive(history.groups), expected.isAlive(history.groups));
        }
    }

    void applyingAgainChangesNothing()
    {
        SeededRandom random(3);
        History history = randomHistory(random, 12);
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < history.changes.size(); ++i) {
            order.push_back(i);
            order.push_back(i);
        }
        const RowState expected = resolve(table, row, writesOf(history), history.groups);
        QVERIFY(applied(history, order).heads == expected.heads);
    }

    void nothingIsLostBetweenHeadsAndOvertaken()
    {
        SeededRandom random(4);
        History history = randomHistory(random, 25);
        RowState state{table, row, {}};
        std::vector<Head> all;
        for (std::size_t i = 0; i < history.changes.size(); ++i) {
            const auto overtaken = merge(
                state, history.changes[i], GroupRef{static_cast<std::int64_t>(i)}, history.groups);
            all.insert(all.end(), overtaken.begin(), overtaken.end());
        }
        all.insert(all.end(), state.heads.begin(), state.heads.end());
        for (const Head &write : writesOf(history))
            QCOMPARE(std::count(all.begin(), all.end(), write), 1);
    }

    void seesTable_data()
    {
        QTest::addColumn<int>("laterDevice");
        QTest::addColumn<int>("earlierSequence");
        QTest::addColumn<int>("laterBase");
        QTest::addColumn<int>("laterCounter");
        QTest::addColumn<bool>("expected");
        QTest::newRow("own, earlier counter") << 0 << 0 << 0 << 2 << true;
        QTest::newRow("own, same counter") << 0 << 0 << 9 << 1 << false;
        QTest::newRow("other, waiting") << 1 << 0 << 9 << 1 << false;
        QTest::newRow("other, at the base") << 1 << 5 << 5 << 1 << true;
        QTest::newRow("other, below the base") << 1 << 4 << 5 << 1 << true;
        QTest::newRow("other, above the base") << 1 << 6 << 5 << 1 << false;
    }

    void seesTable()
    {
        QFETCH(int, laterDevice);
        QFETCH(int, earlierSequence);
        QFETCH(int, laterBase);
        QFETCH(int, laterCounter);
        QFETCH(bool, expected);
        const GroupHeader earlier = header(0, 1, static_cast<std::uint64_t>(earlierSequence), 0);
        const GroupHeader later = header(static_cast<unsigned>(laterDevice),
            static_cast<std::uint64_t>(laterCounter), 0, static_cast<std::uint64_t>(laterBase));
        QCOMPARE(sees(later, earlier), expected);
        QCOMPARE(covers(later, earlier), expected);
    }

    void besidesItsBaseAGroupSeesWhatItNames()
    {
        const GroupHeader earlier = header(0, 4, 9, 0);
        GroupHeader later = header(1, 1, 10, 3);
        QVERIFY(!sees(later, earlier));
        later.alsoSeen = {{device(0), Incarnation{1}, Counter{3}}};
        QVERIFY(!sees(later, earlier));
        later.alsoSeen = {{device(0), Incarnation{2}, Counter{9}}};
        QVERIFY(!sees(later, earlier));
        later.alsoSeen = {{device(0), Incarnation{1}, Counter{4}}};
        QVERIFY(sees(later, earlier));
    }

    // By stamp, then device, then incarnation, then counter: total, and never both.
    void winsTable()
    {
        std::vector<GroupHeader> all;
        for (unsigned stamp = 0; stamp < 2; ++stamp) {
            for (unsigned author = 0; author < 2; ++author) {
                for (unsigned incarnation = 0; incarnation < 2; ++incarnation) {
                    for (unsigned counter = 1; counter < 3; ++counter) {
                        GroupHeader made = header(author, counter, 0, 0);
                        made.id.incarnation = Incarnation{incarnation};
                        made.stamp = Stamp{stamp};
                        all.push_back(made);
                    }
                }
            }
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t j = 0; j < all.size(); ++j)
                QCOMPARE(wins(all[i], all[j]), i > j);
        }
    }
};

QTEST_APPLESS_MAIN(MergeTest)
#include "merge_test.moc"
