// Every call to the disk below a server's workspace fails once in each way, while devices push, the
// log is cut off, and a device is let in. What was answered stays true, nothing is there by half,
// and who was not answered asks again. All calls with TEND_LONG=1, else some 30 of each flow and
// kind, spread evenly.
#include <filesystem>
#include <functional>
#include <sstream>

#include <QTemporaryDir>
#include <QtTest>

#include "server-stub/sqlite/sqlite_shared_store.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/office.h"

using namespace replica;
using test::FaultyDisk;
using test::Office;
using Fault = FaultyDisk::Fault;

namespace {

// A workspace in a file, as tend-server opens it.
struct Server {
    Server(std::filesystem::path file, test::SetClock &now)
        : path(std::move(file))
        , clock(now)
    {
    }

    [[nodiscard]] Status open()
    {
        sqlite::OpenOptions options;
        options.key = Bytes(32, 'k');
        if (!store)
            store = TRY(tend::server::SqliteSharedStore::open(path, options, Office::schema()));
        if (!workspace)
            workspace = TRY(tend::server::Workspace::open(*store, Office::schema(), clock, random));
        return {};
    }

    void close()
    {
        workspace.reset();
        store.reset();
    }

    // All rows with their history, the log, and what was refused; without ids of chance.
    [[nodiscard]] std::string everything()
    {
        std::vector<std::string> lines;
        for (const Table &table : Office::schema().tables()) {
            auto rows = *store->records().rowIds(table.id);
            const auto buried = *store->records().buriedIds(table.id);
            rows.insert(rows.end(), buried.begin(), buried.end());
            for (const RowId &row : rows) {
                const auto history = *store->records().history(table.id, row);
                for (const HistoryEntry &entry : history) {
                    std::ostringstream line;
                    line << table.name << ' ' << static_cast<unsigned>(entry.column) << ' '
                         << entry.isShown << ' '
                         << raw(store->records().header(entry.group).sequence);
                    if (const auto *text = std::get_if<std::string>(&entry.value))
                        line << ' ' << *text;
                    lines.push_back(line.str());
                }
            }
        }
        std::sort(lines.begin(), lines.end());
        std::string all = "head " + std::to_string(raw(workspace->head())) + " floor "
            + std::to_string(raw(workspace->floor())) + " refused "
            + std::to_string(store->quarantined()->size()) + " devices "
            + std::to_string(store->devices()->size()) + '\n';
        for (const std::string &line : lines)
            all += line + '\n';
        return all;
    }

    std::filesystem::path path;
    test::SetClock &clock;
    SeededRandom random{3};
    std::unique_ptr<tend::server::SqliteSharedStore> store;
    std::unique_ptr<tend::server::Workspace> workspace;
};

// A device whose own disk is well.
struct Phone {
    Phone(test::SetClock &now, std::uint64_t seed, const EnrolAnswer &answer,
        tend::server::Device its)
        : random(seed)
        , device(std::move(its))
    {
        auto opened = Replica::open(store, Office::schema(), now, random, mark, answer.device);
        ENSURE(opened.has_value());
        replica = *std::move(opened);
        ENSURE(replica->enrolled(answer).has_value());
    }

    SeededRandom random;
    test::MemoryStore store;
    test::MemoryMark mark;
    tend::server::Device device;
    std::unique_ptr<Replica> replica;
    bool hasWrittenMore = false;
};

using Phones = std::vector<std::unique_ptr<Phone>>;

struct Flow {
    // May be called again after a failure, and then goes on.
    std::function<Status(Server &, Phones &)> run;
    std::function<bool(Server &)> isDone;
    // Nothing of it, or all, as far as it is one transaction. Empty is well.
    std::function<std::string(Server &)> broken;
};

}  // namespace

class FaultyServerDiskTest : public QObject {
    Q_OBJECT

private slots:

    void initTestCase() { static_cast<void>(FaultyDisk::instance()); }

    void init()
    {
        const bool isInMemory = std::filesystem::exists("/dev/shm");
        m_folder = std::make_unique<QTemporaryDir>(
            (isInMemory ? QString("/dev/shm") : QDir::tempPath()) + "/tend-server-disk-XXXXXX");
        m_clock.now = WallTime{1'800'000'000'000};
        m_actions = {};
        m_enrolled.clear();
        m_devices.clear();
        FaultyDisk::instance().arm(Fault::None, 0);
        m_base = std::make_unique<Server>(m_folder->filePath("base.db").toStdString(), m_clock);
        sqlite::OpenOptions options;
        options.key = Bytes(32, 'k');
        m_base->store
            = *tend::server::SqliteSharedStore::open(m_base->path, options, Office::schema());
        m_base->workspace = *tend::server::Workspace::create(
            *m_base->store, Office::schema(), m_clock, m_base->random, "Office");
        join("Kim");
        join("Ana");
    }

    void cleanup() { m_base.reset(); }

    void pushesAreDecidedOrNot_data() { faults(); }

    // Of two devices, decided together: rows in one group, one that moves with what hangs on it,
    // one that is refused. Then one more, while receipts for those are held.
    void pushesAreDecidedOrNot()
    {
        const RowId territory = newId();
        const RowId shop = newId();
        const RowId visit = newId();
        const auto inTerritory = Blob{Bytes(territory.bytes())};
        commit(
            {Office::row("territory", territory, ChangeKind::Insert, {{"name", text("North")}})});
        m_actions[0] = {{named(shop, "Rosa's bakery"),
                            Office::row("visit", visit, ChangeKind::Insert,
                                {{"customer_id", Blob{Bytes(shop.bytes())}}, {"kind", text("call")},
                                    {"said", text("The van came at seven.")}})},
            {Office::row("customer", shop, ChangeKind::Update, {{"territory_id", inTerritory}})}};
        const RowId nowhere = newId();
        m_actions[1] = {{named(newId(), "The corner shop")},
            {Office::row("customer", newId(), ChangeKind::Insert,
                {{"name", text("x")}, {"territory_id", Blob{Bytes(nowhere.bytes())}}})}};
        const Sequence before = m_base->workspace->head();
        const auto has = [](Server &server, const char *name, const RowId &id) {
            return server.store->records().row(table(name), id)->has_value();
        };
        const RowId later = newId();
        play({[later](Server &server, Phones &phones) -> Status {
                  TRY_STATUS(server.open());
                  TRY_STATUS(exchange(server, phones));
                  Phone &one = *phones.front();
                  if (!std::exchange(one.hasWrittenMore, true))
                      static_cast<void>(TRY(one.replica->commit({named(later, "Later shop")})));
                  return exchange(server, phones);
              },
            [&](Server &server) {
                return raw(server.workspace->head()) == raw(before) + 4
                    && server.store->quarantined()->size() == 1;
            },
            [&](Server &server) {
                if (has(server, "customer", shop) != has(server, "visit", visit))
                    return std::string("half of a group is there");
                const auto head = *server.store->head();
                return head == server.workspace->head() ? std::string()
                                                        : "the server remembers another head";
            }});
    }

    void theLogIsCutOffOrNot_data() { faults(); }

    // Bodies go, deleted rows are forgotten, devices are told which.
    void theLogIsCutOffOrNot()
    {
        std::vector<RowId> shops;
        for (int i = 0; i < 40; ++i) {
            shops.push_back(newId());
            commit({named(shops.back(), "Shop")});
        }
        for (std::size_t i = 0; i < 10; ++i)
            commit({Office::row("customer", shops[i], ChangeKind::Delete, {})});
        const Sequence floor = m_base->workspace->head();
        for (int i = 0; i < 5; ++i)
            commit({named(newId(), "Later shop")});
        const auto isDone = [&](Server &server) {
            return server.workspace->floor() == floor;
        };
        play({[&](Server &server, Phones &phones) -> Status {
                  TRY_STATUS(server.open());
                  if (!isDone(server))
                      TRY_STATUS(server.workspace->compact(floor));
                  return exchange(server, phones);
              },
            isDone,
            [&](Server &server) {
                const bool hasBody = !server.store->logEntry(Sequence{3})->body.empty();
                const auto buried = server.store->records().buriedIds(table("customer"))->size();
                const bool isOld = !isDone(server) && hasBody && buried == 10;
                const bool isNew = isDone(server) && !hasBody && buried == 0;
                return isOld || isNew ? std::string() : "the log is cut off by half";
            }});
    }

    void aDeviceIsLetInOrAsksAgain_data() { faults(); }

    // The answer may be lost after the commit: the same key and secret give it again.
    void aDeviceIsLetInOrAsksAgain()
    {
        const Bytes key(32, 'n');
        const Bytes secret = *m_base->workspace->invite({"Bo", "rep"}, inAWeek());
        const auto isDone = [key](Server &server) {
            return server.store->deviceByKey(key)->has_value();
        };
        play({[key, secret](Server &server, Phones &phones) -> Status {
                  TRY_STATUS(server.open());
                  const auto answer
                      = TRY(server.workspace->enrol(key, {protocolVersion, secret, "Bo's phone"}));
                  if (answer.memberName != "Bo")
                      return fail(ErrorCode::Corrupt, "another member was let in");
                  return exchange(server, phones);
              },
            isDone,
            [&](Server &server) {
                const auto rows = server.store->records().rowIds(table("device"))->size();
                return rows == (isDone(server) ? 3U : 2U) ? std::string()
                                                          : "a device without its row";
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

    [[nodiscard]] RowId newId() { return makeUuid7(m_clock.now, m_random); }

    [[nodiscard]] WallTime inAWeek() const { return WallTime{inMs(m_clock.now) + 604'800'000}; }

    [[nodiscard]] static Change named(const RowId &id, const char *name)
    {
        return Office::row("customer", id, ChangeKind::Insert, {{"name", text(name)}});
    }

    void commit(const std::vector<Change> &changes)
    {
        ENSURE(m_base->workspace->commit(changes).has_value());
    }

    // One with a territory of its own to be refused others.
    void join(const std::string &name)
    {
        const Bytes key(32, name.front());
        const auto secret
            = m_base->workspace->invite({name, name == "Ana" ? "rep" : "office"}, inAWeek());
        m_enrolled.push_back(*m_base->workspace->enrol(key, {protocolVersion, *secret, name}));
        m_devices.push_back(m_base->store->deviceByKey(key)->value());
    }

    // As the devices were when the base was made, with what they wrote since.
    [[nodiscard]] Phones phones()
    {
        Phones all;
        for (std::size_t i = 0; i < m_enrolled.size(); ++i) {
            all.push_back(std::make_unique<Phone>(m_clock, 50 + i, m_enrolled[i], m_devices[i]));
            for (const auto &changes : m_actions[i])
                ENSURE(all.back()->replica->commit(changes).has_value());
        }
        return all;
    }

    // Pushes of all, decided together as the server's working thread does, then each fetches.
    static Status exchange(Server &server, Phones &phones)
    {
        for (int round = 0; round < 10; ++round) {
            std::vector<tend::server::Workspace::Push> pushes;
            std::vector<Phone *> senders;
            for (const auto &phone : phones) {
                if (auto push = TRY(phone->replica->nextPush())) {
                    pushes.push_back({phone->device, *std::move(push)});
                    senders.push_back(phone.get());
                }
            }
            if (pushes.empty())
                break;
            auto answers = server.workspace->pushAll(pushes);
            std::optional<Error> failed;
            for (std::size_t i = 0; i < answers.size(); ++i) {
                if (answers[i])
                    static_cast<void>(
                        TRY(senders[i]->replica->take(pushes[i].request, *answers[i])));
                else
                    failed = answers[i].error();
            }
            if (failed)
                return tl::unexpected<Error>(*failed);
        }
        for (const auto &phone : phones) {
            Intake intake;
            for (int page = 0; page == 0 || intake.wentOn || intake.hasMore; ++page) {
                if (page > 20)
                    return fail(ErrorCode::Corrupt, "a device does not come to an end");
                const auto pull = TRY(phone->replica->nextPull());
                intake
                    = TRY(phone->replica->take(TRY(server.workspace->pull(phone->device, pull))));
            }
        }
        return {};
    }

    // What devices hold receipts for stands in the log, under that sequence.
    static std::string missing(Server &server, const Phones &phones)
    {
        for (const auto &phone : phones) {
            const auto accepted = *phone->replica->records().groupsAfter(Sequence{0});
            for (const GroupRef own : accepted) {
                const GroupHeader &header = phone->replica->records().header(own);
                const auto there = *server.store->records().findGroup(header.id);
                if (!there || server.store->records().header(*there).sequence != header.sequence)
                    return "what was acknowledged is not there";
            }
        }
        return {};
    }

    // A copy of the base, in a folder of its own.
    [[nodiscard]] Server fresh()
    {
        m_play = std::make_unique<QTemporaryDir>(m_folder->filePath("play-XXXXXX"));
        Server server(m_play->filePath("server.db").toStdString(), m_clock);
        std::filesystem::copy(m_base->path, server.path);
        return server;
    }

    void play(const Flow &flow)
    {
        QFETCH(int, fault);
        m_base->close();
        FaultyDisk &disk = FaultyDisk::instance();
        Server whole = fresh();
        Phones all = phones();
        disk.arm(Fault::None, 0);
        const Status done = flow.run(whole, all);
        QVERIFY2(done.has_value(), done ? "" : done.error().message.c_str());
        const std::uint64_t calls = disk.calls();
        QVERIFY(flow.isDone(whole));
        const std::string wanted = whole.everything();
        whole.close();
        const std::uint64_t step
            = qEnvironmentVariableIsSet("TEND_LONG") ? 1 : std::max<std::uint64_t>(1, calls / 25);
        std::uint64_t struck = 0;
        std::uint64_t told = 0;
        for (std::uint64_t at = 1; at <= calls && !QTest::currentTestFailed(); at += step)
            playOne(flow, static_cast<Fault>(fault), at, wanted, struck, told);
        qInfo("%llu calls to the disk, %llu of them struck, %llu of those flows ended well",
            static_cast<unsigned long long>(calls), static_cast<unsigned long long>(struck),
            static_cast<unsigned long long>(told));
        QVERIFY(struck > 0);
    }

    void playOne(const Flow &flow, Fault fault, std::uint64_t at, const std::string &wanted,
        std::uint64_t &struck, std::uint64_t &told)
    {
        const auto where = [&](const std::string &what) {
            return "call " + std::to_string(at) + ": " + what;
        };
        FaultyDisk &disk = FaultyDisk::instance();
        Server server = fresh();
        Phones all = phones();
        disk.arm(fault, at);
        const Status ended = flow.run(server, all);
        struck += disk.hasStruck() ? 1 : 0;
        told += disk.hasStruck() && ended ? 1 : 0;
        // The same program goes on where the disk works again; after a loss of power a new one.
        if (fault == Fault::PowerLoss)
            server.close();
        disk.heal();
        const auto check = [&](const std::string &when) {
            if (const Status opened = server.open(); !opened)
                QFAIL(where(when + ": " + opened.error().message).c_str());
            if (ended && !flow.isDone(server))
                QFAIL(where(when + ": it was called done and is not").c_str());
            const std::string broken = missing(server, all) + flow.broken(server);
            if (!broken.empty())
                QFAIL(where(when + ": " + broken).c_str());
            const auto faults = server.workspace->verify();
            if (!faults || !faults->empty())
                QFAIL(where(when + ": " + (faults ? faults->front() : faults.error().message))
                          .c_str());
        };
        if (fault != Fault::PowerLoss)
            check("in the same program");
        server.close();
        check("opened again");
        if (QTest::currentTestFailed())
            return;
        const Status again = flow.run(server, all);
        if (!again)
            QFAIL(where("again: " + again.error().message).c_str());
        check("at the end");
        QVERIFY2(flow.isDone(server), where("it is not done").c_str());
        if (server.everything() != wanted)
            QFAIL(where("it ends otherwise than without a fault").c_str());
        for (const auto &phone : all) {
            QCOMPARE(phone->replica->status()->waiting, std::size_t{0});
            QCOMPARE(phone->replica->facts().mismatches, std::uint64_t{0});
        }
    }

    test::SetClock m_clock;
    SeededRandom m_random{9};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_play;
    std::unique_ptr<Server> m_base;
    std::vector<EnrolAnswer> m_enrolled;
    std::vector<tend::server::Device> m_devices;
    std::array<std::vector<std::vector<Change>>, 2> m_actions;  // of each device
};

QTEST_APPLESS_MAIN(FaultyServerDiskTest)
#include "faulty_server_disk_test.moc"
