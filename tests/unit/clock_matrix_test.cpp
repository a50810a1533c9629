// Two devices with wrong clocks, every pair of eleven errors, and a server whose clock is right:
// who saw a value and wrote another one wins, whatever the clocks say.
#include <QtTest>

#include "sync/engine/engine.h"
#include "tests/support/office.h"

using namespace replica;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::Office;
using test::SetClock;

namespace {

constexpr std::int64_t dayMs = 86'400'000;
constexpr std::int64_t stampAheadMaxMs = 300'000;

struct ClockError {
    const char *name;
    milliseconds by;
};

constexpr std::array<ClockError, 11> errors{
    {{"-30 years", milliseconds(-30 * 365 * dayMs)}, {"-1 day", -24h}, {"-6 min", -6min},
        {"-4 min", -4min}, {"-1 s", -1s}, {"0", 0s}, {"+1 s", 1s}, {"+4 min", 4min},
        {"+6 min", 6min}, {"+1 day", 24h}, {"+10 years", milliseconds(10 * 365 * dayMs)}}};

class WrongClock final : public Clock {
public:
    explicit WrongClock(SetClock &right)
        : m_right(right)
    {
    }

    [[nodiscard]] WallTime wallNow() override
    {
        return WallTime{inMs(m_right.now) + error.count()};
    }

    [[nodiscard]] MonotonicTime monotonicNow() override { return m_right.monotonicNow(); }

    milliseconds error{0};

private:
    SetClock &m_right;
};

// A network without faults: what is posted is answered at once. Looks at every stamp that is
// accepted.
class Wire final : public Transport {
public:
    explicit Wire(Office &office)
        : m_office(office)
    {
    }

    void post(ExchangeId exchange, Route route, Bytes request, milliseconds) override
    {
        m_arrival = Arrival{exchange, route == Route::Push ? push(request) : pull(request), 0ms};
    }

    void giveUp(ExchangeId) override { m_arrival.reset(); }

    [[nodiscard]] std::optional<Arrival> poll() override
    {
        return std::exchange(m_arrival, std::nullopt);
    }

    tend::server::Device device;
    int restamps = 0;
    bool hasTakenTooFar = false;

private:
    [[nodiscard]] Result<Bytes> push(const Bytes &octets)
    {
        const Sequence before = m_office.workspace->head();
        const PushAnswer answer
            = TRY(m_office.workspace->push(device, TRY(decodePushRequest(octets))));
        restamps += answer.outcome == SyncOutcome::Restamp ? 1 : 0;
        Records &records = m_office.store->records();
        const Stamp latest = stampAt(WallTime{inMs(m_office.clock.now) + stampAheadMaxMs});
        for (const GroupRef group : TRY(records.groupsAfter(before)))
            hasTakenTooFar = hasTakenTooFar || records.header(group).stamp > latest;
        return encode(answer);
    }

    [[nodiscard]] Result<Bytes> pull(const Bytes &octets)
    {
        return encode(TRY(m_office.workspace->pull(device, TRY(decodePullRequest(octets)))));
    }

    Office &m_office;
    std::optional<Arrival> m_arrival;
};

// A device with its engine.
struct Person {
    Person(Office &office, std::string itsName, std::uint64_t seed)
        : clock(office.clock)
        , random(seed)
        , key(32, static_cast<char>(seed))
        , name(std::move(itsName))
        , wire(office)
    {
        auto opened
            = Replica::open(store, Office::schema(), clock, random, mark, makeDerivedUuid(key));
        ENSURE(opened.has_value());
        replica = *std::move(opened);
    }

    void join(Office &office)
    {
        const auto secret
            = office.workspace->invite({name, "office"}, WallTime{inMs(office.clock.now) + dayMs});
        const auto enrolled = office.workspace->enrol(key, {protocolVersion, *secret, name});
        ENSURE(enrolled.has_value() && replica->enrolled(*enrolled).has_value());
        wire.device = office.store->deviceByKey(key)->value();
        engine = std::make_unique<Engine>(*replica, wire, clock, random);
    }

    WrongClock clock;
    SeededRandom random;
    Bytes key;
    std::string name;
    test::MemoryStore store;
    test::MemoryMark mark;
    std::unique_ptr<Replica> replica;
    Wire wire;
    std::unique_ptr<Engine> engine;
};

}  // namespace

class ClockMatrixTest : public QObject {
    Q_OBJECT

private slots:

    void whoSawWins_data() { pairs(); }

    // The two hand a value to and fro; in between their clocks are mended, then swapped.
    void whoSawWins()
    {
        begin();
        for (const char *column : {"phone", "place"}) {
            handOver(column);
            setErrors(0ms, 0ms);
            handOver(column);
            setErrors(m_boError, m_annError);
            handOver(column);
            setErrors(m_annError, m_boError);
            handOver(column);
        }
        everybodyAgrees(0);
        for (const char *column : {"phone", "place"})
            QCOMPARE(m_written[column].size(), std::size_t{16});
    }

    void whoDidNotSeeIsKept_data() { pairs(); }

    // Both write at once. A person is asked about the one column; the other keeps what lost in its
    // history. The answer wins everywhere.
    void whoDidNotSeeIsKept()
    {
        begin();
        for (const bool annIsFirst : {true, false}) {
            for (const char *column : {"phone", "place"}) {
                edit(*m_ann, column);
                edit(*m_bo, column);
            }
            Person &first = annIsFirst ? *m_ann : *m_bo;
            Person &second = annIsFirst ? *m_bo : *m_ann;
            sync(first);
            sync(second);
            sync(first);
            everybodyAgrees(1);
            const auto open = second.replica->conflicts();
            const Value answer = nextWords("phone");
            QVERIFY(second.replica->resolve(open->front().id, answer).has_value());
            sync(second);
            sync(first);
            everybodyAgrees(0);
            QVERIFY(Value{shown(*m_carl, "phone")} == answer);
            setErrors(m_boError, m_annError);
        }
    }

    void whatWasWrittenBeforeJoiningCounts_data() { pairs(); }

    // Before the first answer of any server nothing says that the clock is wrong.
    void whatWasWrittenBeforeJoiningCounts()
    {
        m_office = std::make_unique<Office>();
        fetchErrors();
        m_ann = std::make_unique<Person>(*m_office, "Ann", 'a');
        m_bo = std::make_unique<Person>(*m_office, "Bo", 'b');
        setErrors(m_annError, m_boError);
        insert(*m_ann);
        edit(*m_ann, "phone");
        joinAll();
        QCOMPARE(m_ann->wire.restamps, m_annError > 5min ? 1 : 0);
        handOver("phone");
        everybodyAgrees(0);
    }

    // The device that is refused is told the time, once, and goes on by itself.
    void onlyWhatLiesTooFarAheadIsStampedAnew_data() { pairs(); }

    void onlyWhatLiesTooFarAheadIsStampedAnew()
    {
        m_office = std::make_unique<Office>();
        fetchErrors();
        m_ann = std::make_unique<Person>(*m_office, "Ann", 'a');
        m_bo = std::make_unique<Person>(*m_office, "Bo", 'b');
        joinAll();
        insert(*m_ann);
        syncAll();
        setErrors(m_annError, m_boError);
        for (int i = 0; i < 3; ++i)
            edit(*m_ann, "phone");
        sync(*m_ann);
        QCOMPARE(m_ann->wire.restamps, m_annError > 5min ? 1 : 0);
        sync(*m_bo);
        QCOMPARE(shown(*m_bo, "phone"), m_written["phone"].back());
        edit(*m_bo, "phone");
        sync(*m_bo);
        QCOMPARE(m_bo->wire.restamps, 0);
        sync(*m_ann);
        QCOMPARE(shown(*m_ann, "phone"), m_written["phone"].back());
        everybodyAgrees(0);
    }

private:
    static void pairs()
    {
        QTest::addColumn<qint64>("annError");
        QTest::addColumn<qint64>("boError");
        for (const ClockError &ann : errors) {
            for (const ClockError &bo : errors)
                QTest::addRow("%s and %s", ann.name, bo.name)
                    << qint64{ann.by.count()} << qint64{bo.by.count()};
        }
    }

    void fetchErrors()
    {
        QFETCH(qint64, annError);
        QFETCH(qint64, boError);
        m_annError = milliseconds(annError);
        m_boError = milliseconds(boError);
        m_written.clear();
    }

    // A row both have, and then the clocks go wrong.
    void begin()
    {
        m_office = std::make_unique<Office>();
        fetchErrors();
        m_ann = std::make_unique<Person>(*m_office, "Ann", 'a');
        m_bo = std::make_unique<Person>(*m_office, "Bo", 'b');
        joinAll();
        insert(*m_ann);
        syncAll();
        setErrors(m_annError, m_boError);
    }

    void joinAll()
    {
        m_carl = std::make_unique<Person>(*m_office, "Carl", 'c');
        for (Person *person : {m_ann.get(), m_bo.get(), m_carl.get()})
            person->join(*m_office);
        syncAll();
    }

    void setErrors(milliseconds ann, milliseconds bo)
    {
        m_ann->clock.error = ann;
        m_bo->clock.error = bo;
    }

    void insert(Person &person)
    {
        m_row = m_office->newId();
        ENSURE(person.replica
                   ->commit({Office::row("customer", m_row, ChangeKind::Insert,
                       {{"name", std::string("Rosa's bakery")}})})
                   .has_value());
    }

    std::string nextWords(const std::string &column)
    {
        auto &words = m_written[column];
        words.push_back(column + ' ' + std::to_string(words.size()));
        return words.back();
    }

    void edit(Person &person, const std::string &column)
    {
        const auto made = person.replica->commit(
            {Office::row("customer", m_row, ChangeKind::Update, {{column, nextWords(column)}})});
        ENSURE(made.has_value());
    }

    [[nodiscard]] std::string shown(Person &person, const std::string &column) const
    {
        const Table *table = Office::schema().table("customer");
        const auto row = person.replica->records().row(table->id, m_row);
        for (const Assignment &given : (*row)->assignments) {
            if (given.column == table->column(column)->id)
                return std::get<std::string>(given.value);
        }
        return {};
    }

    // A second later, until a round ended well.
    void sync(Person &person)
    {
        m_office->clock.now = WallTime{inMs(m_office->clock.now) + 1'000};
        person.engine->syncSoon();
        const auto rounds = person.engine->status().rounds;
        for (int steps = 0; person.engine->status().rounds == rounds; ++steps) {
            ENSURE(person.engine->step().has_value());
            if (person.engine->status().failures > 0 || steps > 100)
                QFAIL("a round failed");
        }
        QCOMPARE(person.replica->status()->waiting, std::size_t{0});
        QVERIFY2(!person.wire.hasTakenTooFar, "a stamp beyond five minutes was taken");
    }

    void syncAll()
    {
        for (int turn = 0; turn < 2; ++turn) {
            for (Person *person : {m_ann.get(), m_bo.get(), m_carl.get()})
                sync(*person);
        }
    }

    // Ann writes, Bo sees and writes, Ann sees and writes, Bo sees.
    void handOver(const std::string &column)
    {
        edit(*m_ann, column);
        sync(*m_ann);
        sync(*m_bo);
        QCOMPARE(shown(*m_bo, column), m_written[column].back());
        edit(*m_bo, column);
        sync(*m_bo);
        sync(*m_ann);
        QCOMPARE(shown(*m_ann, column), m_written[column].back());
        edit(*m_ann, column);
        edit(*m_ann, column);
        sync(*m_ann);
        sync(*m_bo);
        QCOMPARE(shown(*m_bo, column), m_written[column].back());
    }

    // Three devices and the server show the same, by the same groups, and every value ever written
    // is shown or in the history, once.
    void everybodyAgrees(std::size_t conflicts)
    {
        syncAll();
        const TableId table = Office::schema().table("customer")->id;
        const auto expected = historyOf(m_office->store->records(), table);
        QCOMPARE(expected.size(), writes() + 2);
        for (Person *person : {m_ann.get(), m_bo.get(), m_carl.get()}) {
            QVERIFY(historyOf(person->replica->records(), table) == expected);
            QCOMPARE(person->replica->conflicts()->size(), conflicts);
            QCOMPARE(person->replica->facts().mismatches, std::uint64_t{0});
            const auto off = inMs(person->replica->now()) - inMs(m_office->clock.now);
            QVERIFY2(std::abs(off) <= 60'000, std::to_string(off).c_str());
            QCOMPARE(person->replica->status()->refused, std::size_t{0});
        }
        for (const auto &[column, words] : m_written) {
            for (const std::string &word : words) {
                const auto found = std::count_if(expected.begin(), expected.end(),
                    [&](const Kept &kept) { return kept.value == Value{word}; });
                QCOMPARE(found, std::ptrdiff_t{1});
            }
        }
        QVERIFY(m_office->workspace->verify()->empty());
    }

    struct Kept {
        ColumnId column{};
        Value value;
        Sequence sequence{};
        Stamp stamp{};
        bool isShown = false;

        bool operator==(const Kept &) const = default;
    };

    [[nodiscard]] std::vector<Kept> historyOf(Records &records, TableId table) const
    {
        std::vector<Kept> all;
        const auto history = *records.history(table, m_row);
        for (const HistoryEntry &entry : history) {
            const GroupHeader &header = records.header(entry.group);
            all.push_back(
                {entry.column, entry.value, header.sequence, header.stamp, entry.isShown});
        }
        std::sort(all.begin(), all.end(), [](const Kept &one, const Kept &other) {
            return std::pair(one.sequence, one.column) < std::pair(other.sequence, other.column);
        });
        return all;
    }

    [[nodiscard]] std::size_t writes() const
    {
        std::size_t all = 0;
        for (const auto &[column, words] : m_written)
            all += words.size();
        return all;
    }

    std::unique_ptr<Office> m_office;
    std::unique_ptr<Person> m_ann;
    std::unique_ptr<Person> m_bo;
    std::unique_ptr<Person> m_carl;
    milliseconds m_annError{0};
    milliseconds m_boError{0};
    RowId m_row;
    std::map<std::string, std::vector<std::string>> m_written;
};

QTEST_APPLESS_MAIN(ClockMatrixTest)
#include "clock_matrix_test.moc"
