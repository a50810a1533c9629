// Every call to the disk in three flows fails once in each way, and what the device was told stays
// true. All calls with TEND_LONG=1, else at most 25 of each flow and kind, spread evenly.
#include <filesystem>
#include <functional>
#include <sstream>

#include <QTemporaryDir>
#include <QtTest>

#include "sync/store/sqlite_store.h"
#include "sync/store/verify.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/office.h"

using namespace replica;
using test::FaultyDisk;
using test::Office;
using Fault = FaultyDisk::Fault;

namespace {

sqlite::OpenOptions sealed()
{
    sqlite::OpenOptions options;
    options.key = Bytes(32, 'k');
    return options;
}

// A device's replica in a file, as the programs open it.
struct Device {
    Device(std::filesystem::path file, test::SetClock &now)
        : path(std::move(file))
        , clock(now)
    {
    }

    [[nodiscard]] Status open()
    {
        if (!store)
            store = TRY(SqliteStore::open(path, sealed(), Office::schema()));
        if (!replica)
            replica = TRY(Replica::open(*store, Office::schema(), clock, random, mark, id));
        return {};
    }

    void close()
    {
        replica.reset();
        store.reset();
    }

    // Every row with every value it ever had.
    [[nodiscard]] std::string everything()
    {
        std::ostringstream out;
        for (const Table &table : Office::schema().tables()) {
            const auto rows = *store->records().rowIds(table.id);
            for (const RowId &row : rows) {
                out << table.name << ' ' << toText(row) << '\n';
                const auto history = *store->records().history(table.id, row);
                for (const HistoryEntry &entry : history) {
                    out << "  " << static_cast<unsigned>(entry.column) << ' ' << entry.isShown
                        << ' ' << raw(store->records().header(entry.group).sequence) << ' ';
                    if (const auto *text = std::get_if<std::string>(&entry.value))
                        out << *text;
                    out << '\n';
                }
            }
        }
        return out.str();
    }

    std::filesystem::path path;
    test::SetClock &clock;
    SeededRandom random{5};
    test::MemoryMark mark;
    DeviceId id;
    std::unique_ptr<SqliteStore> store;
    std::unique_ptr<Replica> replica;
};

// What is played again and again, from the same start.
struct Flow {
    // May be called again after a failure, and then goes on.
    std::function<Status(Device &)> run;
    // Whether all of it is there.
    std::function<bool(Device &)> isDone;
    // Nothing of it, or all: never a part. Empty is well.
    std::function<std::string(Device &)> broken;
};

}  // namespace

class FaultyDiskTest : public QObject {
    Q_OBJECT

private slots:

    void initTestCase() { static_cast<void>(FaultyDisk::instance()); }

    void init()
    {
        const bool isInMemory = std::filesystem::exists("/dev/shm");
        m_folder = std::make_unique<QTemporaryDir>(
            (isInMemory ? QString("/dev/shm") : QDir::tempPath()) + "/tend-disk-XXXXXX");
        m_office = std::make_unique<Office>();
        m_base.reset();
    }

    // One action of a person: two rows in one group, with its place in the queue.
    void aSaveIsThereOrNot_data() { faults(); }

    void aSaveIsThereOrNot()
    {
        Device base = joined();
        const RowId customer = m_office->newId();
        QVERIFY(base.replica->commit({named(customer, "Rosa's bakery")}).has_value());
        keepAsBase(base);
        const RowId visit = m_office->newId();
        const auto isThere = [&](Device &device) {
            return device.store->records().row(table("visit"), visit)->has_value();
        };
        const auto isRenamed = [&](Device &device) {
            return textOf(device, "customer", customer, "name") == "Rosa M.";
        };
        play({[&](Device &device) -> Status {
                  TRY_STATUS(device.open());
                  if (isThere(device))
                      return {};
                  static_cast<void>(TRY(
                      device.replica->commit({Office::row("customer", customer, ChangeKind::Update,
                                                  {{"name", text("Rosa M.")}}),
                          Office::row("visit", visit, ChangeKind::Insert,
                              {{"customer_id", Blob{Bytes(customer.bytes())}},
                                  {"kind", text("call")}, {"outcome", text("met")},
                                  {"started_at", std::int64_t{1'700'000'000'000}},
                                  {"said", text("The van came at seven.")}})})));
                  return {};
              },
            isThere,
            [&](Device &device) {
                if (isThere(device) != isRenamed(device))
                    return std::string("half of a group is there");
                const std::size_t waiting = device.replica->unsent()->size();
                return waiting == (isThere(device) ? 2U : 1U) ? std::string()
                                                              : "the queue does not fit the rows";
            }});
    }

    // A page with another's rows and a value that disagrees with one that waits here.
    void aPageIsTakenInWithItsCursorOrNot_data() { faults(); }

    void aPageIsTakenInWithItsCursorOrNot()
    {
        Office::Desk &other = m_office->join("Ana", "office");
        const RowId customer = m_office->newId();
        QVERIFY(other.replica->commit({named(customer, "Rosa's bakery")}).has_value());
        m_office->sync(other);
        Device base = joined();
        fetch(base);
        const Sequence before = base.replica->facts().cursor;
        QVERIFY(base.replica
                    ->commit({Office::row(
                        "customer", customer, ChangeKind::Update, {{"phone", text("555 0101")}})})
                    .has_value());
        QVERIFY(other.replica
                    ->commit({Office::row(
                        "customer", customer, ChangeKind::Update, {{"phone", text("555 0202")}})})
                    .has_value());
        for (int i = 0; i < 30; ++i)
            QVERIFY(other.replica->commit({named(m_office->newId(), "Shop")}).has_value());
        m_office->sync(other);
        auto request = *base.replica->nextPull();
        const PullAnswer answer = *m_office->workspace->pull(m_device, request);
        QVERIFY(answer.groups.size() > 30);
        keepAsBase(base);
        const auto isDone = [&](Device &device) {
            return device.replica->facts().cursor == answer.to;
        };
        play({[&](Device &device) -> Status {
                  TRY_STATUS(device.open());
                  if (!isDone(device))
                      static_cast<void>(TRY(device.replica->take(answer)));
                  return {};
              },
            isDone,
            [&](Device &device) {
                const std::size_t rows = device.store->records().rowIds(table("customer"))->size();
                const std::size_t conflicts = device.replica->conflicts()->size();
                const bool isOld
                    = device.replica->facts().cursor == before && rows == 1 && conflicts == 0;
                const bool isNew = isDone(device) && rows == 31 && conflicts == 1;
                return isOld || isNew ? std::string() : "a part of a page is there";
            }});
    }

    // A new device: its file is made, and a fill of several parts laid into it.
    void aNewDeviceIsFilledOrBeginsAgain_data() { faults(); }

    void aNewDeviceIsFilledOrBeginsAgain()
    {
        Office::Desk &other = m_office->join("Ana", "office");
        for (int i = 0; i < 30; ++i)
            QVERIFY(other.replica->commit({named(m_office->newId(), "Shop")}).has_value());
        m_office->sync(other);
        m_office->workspace->setReplayMax(0);
        Device model = joined();
        std::vector<PullAnswer> answers;
        while (true) {
            auto request = *model.replica->nextPull();
            request.bytesMax = 1'000;
            answers.push_back(*m_office->workspace->pull(m_device, request));
            const Intake intake = *model.replica->take(answers.back());
            if (!intake.wentOn && !intake.hasMore)
                break;
        }
        QVERIFY(answers.size() > 2 && answers.front().fill && !answers.front().fill->isLast);
        const Sequence end = model.replica->facts().cursor;
        m_id = model.id;
        model.close();
        m_base = std::make_unique<QTemporaryDir>(m_folder->filePath("empty-XXXXXX"));
        const auto isDone = [&](Device &device) {
            return device.replica->facts().cursor == end
                && device.store->records().rowIds(table("customer"))->size() == 30;
        };
        play({[&](Device &device) -> Status {
                  TRY_STATUS(device.open());
                  TRY_STATUS(device.replica->enrolled(m_enrolled));
                  for (const PullAnswer &answer : answers) {
                      if (!isDone(device))
                          static_cast<void>(TRY(device.replica->take(answer)));
                  }
                  return {};
              },
            isDone,
            [&](Device &device) {
                const std::size_t rows = device.store->records().rowIds(table("customer"))->size();
                return rows == 0 || rows == 30 ? std::string() : "a part of a fill shows";
            }});
    }

private:
    static void faults()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("an error") << static_cast<int>(Fault::Error);
        QTest::newRow("a short write") << static_cast<int>(Fault::ShortWrite);
        QTest::newRow("a full disk") << static_cast<int>(Fault::Full);
        QTest::newRow("no more power") << static_cast<int>(Fault::PowerLoss);
    }

    static Value text(const char *words) { return std::string(words); }

    static TableId table(const char *name) { return Office::schema().table(name)->id; }

    [[nodiscard]] static Change named(const RowId &id, const char *name)
    {
        return Office::row("customer", id, ChangeKind::Insert, {{"name", text(name)}});
    }

    [[nodiscard]] static std::string textOf(
        Device &device, const char *name, const RowId &id, const char *column)
    {
        const Table *declared = Office::schema().table(name);
        const auto row = *device.store->records().row(declared->id, id);
        if (row) {
            for (const Assignment &given : row->assignments) {
                if (given.column == declared->column(column)->id)
                    return std::get<std::string>(given.value);
            }
        }
        return {};
    }

    [[nodiscard]] Device joined()
    {
        Device device(m_folder->filePath("base.db").toStdString(), m_office->clock);
        const Bytes key(32, 'z');
        device.id = makeDerivedUuid(key);
        const auto secret = m_office->workspace->invite(
            {"Kim", "office"}, WallTime{inMs(m_office->clock.now) + 1'000'000});
        m_enrolled = *m_office->workspace->enrol(key, {protocolVersion, *secret, "phone"});
        ENSURE(device.open().has_value() && device.replica->enrolled(m_enrolled).has_value());
        m_device = m_office->store->deviceByKey(key)->value();
        return device;
    }

    void fetch(Device &device)
    {
        while (true) {
            const auto request = *device.replica->nextPull();
            const Intake intake
                = *device.replica->take(*m_office->workspace->pull(m_device, request));
            if (!intake.wentOn && !intake.hasMore)
                return;
        }
    }

    void keepAsBase(Device &device)
    {
        m_id = device.id;
        m_mark = device.mark;
        device.close();
        m_base = std::make_unique<QTemporaryDir>(m_folder->filePath("kept-XXXXXX"));
        std::filesystem::copy(device.path, (m_base->path() + "/replica.db").toStdString());
    }

    // A copy of the base, in a folder of its own.
    [[nodiscard]] Device fresh()
    {
        m_play = std::make_unique<QTemporaryDir>(m_folder->filePath("play-XXXXXX"));
        Device device(m_play->filePath("replica.db").toStdString(), m_office->clock);
        const auto base = std::filesystem::path(m_base->filePath("replica.db").toStdString());
        if (std::filesystem::exists(base))
            std::filesystem::copy(base, device.path);
        device.id = m_id;
        device.mark = m_mark;
        return device;
    }

    void play(const Flow &flow)
    {
        QFETCH(int, fault);
        FaultyDisk &disk = FaultyDisk::instance();
        Device whole = fresh();
        disk.arm(Fault::None, 0);
        QVERIFY(flow.run(whole).has_value());
        const std::uint64_t calls = disk.calls();
        QVERIFY(flow.isDone(whole));
        const std::string wanted = whole.everything();
        whole.close();
        QVERIFY(calls > 0);
        const std::uint64_t step
            = qEnvironmentVariableIsSet("TEND_LONG") ? 1 : std::max<std::uint64_t>(1, calls / 25);
        std::uint64_t struck = 0;
        for (std::uint64_t at = 1; at <= calls; at += step)
            struck += playOne(flow, static_cast<Fault>(fault), at, wanted) ? 1 : 0;
        qInfo("%llu calls to the disk, %llu of them struck", static_cast<unsigned long long>(calls),
            static_cast<unsigned long long>(struck));
        QVERIFY(struck > 0);
    }

    bool playOne(const Flow &flow, Fault fault, std::uint64_t at, const std::string &wanted)
    {
        const auto where = [&](const std::string &what) {
            return "call " + std::to_string(at) + ": " + what;
        };
        FaultyDisk &disk = FaultyDisk::instance();
        Device device = fresh();
        disk.arm(fault, at);
        const Status told = flow.run(device);
        const bool hasStruck = disk.hasStruck();
        // The same program goes on where the disk works again; after a loss of power a new one.
        if (fault == Fault::PowerLoss)
            device.close();
        disk.heal();
        const auto check = [&](const std::string &when) {
            if (const Status opened = device.open(); !opened)
                QFAIL(where(when + ": " + opened.error().message).c_str());
            if (told && !flow.isDone(device))
                QFAIL(where(when + ": it was called done and is not").c_str());
            if (const std::string broken = flow.broken(device); !broken.empty())
                QFAIL(where(when + ": " + broken).c_str());
            const auto faults = verifyStore(*device.store, Office::schema());
            if (!faults || !faults->empty())
                QFAIL(where(when + ": " + (faults ? faults->front() : faults.error().message))
                          .c_str());
        };
        if (fault != Fault::PowerLoss)
            check("in the same program");
        device.close();
        check("opened again");
        const auto goOn = [&] {
            if (const Status again = flow.run(device); !again)
                QFAIL(where("again: " + again.error().message).c_str());
            QVERIFY(flow.isDone(device));
            if (device.everything() != wanted)
                QFAIL(where("it ends otherwise than without a fault").c_str());
            QCOMPARE(*device.replica->facts().sum, *device.replica->sumOfAll());
        };
        goOn();
        return hasStruck;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_base;
    std::unique_ptr<QTemporaryDir> m_play;
    std::unique_ptr<Office> m_office;
    tend::server::Device m_device;
    EnrolAnswer m_enrolled;
    DeviceId m_id;
    test::MemoryMark m_mark;
};

QTEST_APPLESS_MAIN(FaultyDiskTest)
#include "faulty_disk_test.moc"
