// Small companies made by chance, in which people write, move and hide things and are given and
// lose rights. A naive company says who may hold and change what; the words themselves are looked
// for, octet by octet, in the files of each device. 40 companies, or 400 with TEND_LONG=1.
#include <deque>
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QtTest>

#include "sync/protocol/body.h"
#include "sync/store/sqlite_store.h"
#include "tests/support/naive_company.h"
#include "tests/support/office.h"

using namespace replica;
using namespace std::chrono_literals;
using test::mayWrite;
using test::NaiveCompany;
using test::NaiveMember;
using test::NaiveWrite;

namespace {

constexpr const char *tables = R"({"tables": [
  {"id": 1, "name": "territory", "writer": "server", "columns": [{"id": 1, "name": "name", "required": true}]},
  {"id": 2, "name": "member", "writer": "server", "columns": [
    {"id": 1, "name": "name", "required": true}, {"id": 2, "name": "role", "required": true},
    {"id": 3, "name": "deputy_id", "type": "id"}, {"id": 4, "name": "active", "type": "boolean"}]},
  {"id": 3, "name": "device", "writer": "server", "columns": [
    {"id": 1, "name": "member_id", "type": "id", "required": true}, {"id": 2, "name": "name", "required": true},
    {"id": 3, "name": "revoked_at", "type": "time"}]},
  {"id": 4, "name": "customer", "scopes": [{"kind": "territory", "by": "territory_id"}], "columns": [
    {"id": 1, "name": "name", "required": true}, {"id": 2, "name": "phone", "policy": "ask"},
    {"id": 3, "name": "margin", "read": ["admin", "manager"]},
    {"id": 4, "name": "territory_id", "type": "id", "change": ["admin", "manager", "office"]}]},
  {"id": 5, "name": "visit", "indexes": ["customer_id"],
   "scopes": [{"kind": "member", "by": "private_to"}, {"parent": "customer", "by": "customer_id"}, {"kind": "author", "by": "member_id"}],
   "columns": [
    {"id": 1, "name": "customer_id", "type": "id"}, {"id": 2, "name": "said"},
    {"id": 3, "name": "impression", "read": ["admin", "manager", "office"]},
    {"id": 4, "name": "member_id", "type": "id"}, {"id": 5, "name": "private_to", "type": "id"}]},
  {"id": 7, "name": "remark", "indexes": ["customer_id", "visit_id"],
   "scopes": [{"kind": "member", "by": "private_to"}, {"parent": "customer", "by": "customer_id"}, {"parent": "visit", "by": "visit_id"}, {"kind": "author", "by": "member_id"}],
   "also": [{"kind": "circle", "by": "to_role"}], "columns": [
    {"id": 1, "name": "visit_id", "type": "id"}, {"id": 2, "name": "customer_id", "type": "id"},
    {"id": 3, "name": "words", "required": true}, {"id": 4, "name": "member_id", "type": "id"},
    {"id": 5, "name": "to_role"}, {"id": 6, "name": "private_to", "type": "id"}]},
  {"id": 19, "name": "tag", "columns": [{"id": 1, "name": "name", "required": true}]},
  {"id": 22, "name": "member_territory", "writer": "server", "indexes": ["member_id"], "columns": [
    {"id": 1, "name": "member_id", "type": "id", "required": true},
    {"id": 2, "name": "territory_id", "type": "id", "required": true}]}]})";

const Schema &schema()
{
    static const Schema parsed = Schema::parse(tables).value();
    return parsed;
}

// Columns with words of people in them; the first is in every row.
const std::map<std::string, std::vector<std::string>> wordColumns{
    {"customer", {"name", "phone", "margin"}}, {"visit", {"said", "impression"}},
    {"remark", {"words"}}, {"tag", {"name"}}};

const std::vector<std::string> roles{"rep", "rep", "rep", "office", "manager", "admin"};

// Of one length, none part of another.
std::string canaryOf(std::size_t number)
{
    std::string digits = std::to_string(number);
    return "cnry" + std::string(7 - digits.size(), '0') + digits + 'z';
}

constexpr std::size_t canaryOctets = 12;

std::set<std::string> canariesIn(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    const std::string octets{std::istreambuf_iterator<char>(in), {}};
    std::set<std::string> found;
    for (auto at = octets.find("cnry"); at != std::string::npos; at = octets.find("cnry", at + 1))
        found.insert(octets.substr(at, canaryOctets));
    return found;
}

struct Canary {
    std::string table;
    std::string row;
    std::string column;
    std::size_t writer = 0;  // which device; beyond all for who has none
    bool isTaken = false;  // by the server
};

struct Desk {
    std::filesystem::path file;
    std::string member;
    tend::server::Device device;
    SeededRandom random{0};
    test::MemoryMark mark;
    std::unique_ptr<SqliteStore> store;
    std::unique_ptr<Replica> replica;
    bool isWiped = false;
    std::size_t lookedAt = 0;  // the moment of the company it last saw
    std::optional<NaiveWrite> waiting;
    std::string waitingCanary;
};

// Who makes requests by hand, with a member's key and no program of ours.
struct Forger {
    std::string member;
    tend::server::Device device;
    std::uint64_t count = 0;
};

}  // namespace

class PermissionOracleTest : public QObject {
    Q_OBJECT

private slots:

    void eachHoldsWhatIsTheirs_data()
    {
        QTest::addColumn<int>("seed");
        const int companies = qEnvironmentVariableIsSet("TEND_LONG") ? 400 : 40;
        for (int seed = 1; seed <= companies; ++seed)
            QTest::addRow("company %d", seed) << seed;
    }

    void eachHoldsWhatIsTheirs()
    {
        QFETCH(int, seed);
        found(static_cast<std::uint64_t>(seed));
        for (int day = 0; day < 4 && !QTest::currentTestFailed(); ++day) {
            for (int i = 0; i < 15 && !QTest::currentTestFailed(); ++i)
                act();
            everybodySyncs();
            lookIntoFiles(KeptForSafety::MayBeThere);
        }
        // A backup holds all that was written. What devices kept of their own for the server's sake
        // goes with the next word of it.
        addTerritory();
        QVERIFY(m_workspace->noteDurable(m_workspace->head()).has_value());
        everybodySyncs();
        lookIntoFiles(KeptForSafety::IsGone);
        QVERIFY(m_workspace->verify()->empty());
        for (Desk &desk : m_desks)
            QCOMPARE(desk.replica->facts().mismatches, std::uint64_t{0});
    }

    void cleanup()
    {
        m_desks.clear();
        m_forgers.clear();
        m_workspace.reset();
    }

    void cleanupTestCase()
    {
        qInfo(
            "%zu writes taken, %zu refused, %zu of those made by hand; %zu words found where they "
            "may be, %zu not where they may not",
            m_taken, m_refused, m_forged, m_there, m_absent);
        QVERIFY(m_taken > 100 && m_refused > 100 && m_forged > 20);
    }

private:
    // ---- a company begins

    void found(std::uint64_t seed)
    {
        m_random = SeededRandom(seed);
        m_clock.now = WallTime{1'800'000'000'000};
        const bool isInMemory = std::filesystem::exists("/dev/shm");
        m_folder = std::make_unique<QTemporaryDir>(
            (isInMemory ? QString("/dev/shm") : QDir::tempPath()) + "/tend-oracle-XXXXXX");
        m_shared = std::make_unique<test::MemorySharedStore>();
        m_workspace
            = *tend::server::Workspace::create(*m_shared, schema(), m_clock, m_random, "Company");
        if (m_random.below(2) == 0)
            m_workspace->setReplayMax(0);
        m_past = {NaiveCompany{}};
        m_canaries.clear();
        for (int i = 0; i < 3; ++i)
            addTerritory();
        const std::size_t people = 4 + m_random.below(3);
        for (std::size_t i = 0; i < people; ++i) {
            addMember("Member " + std::to_string(i), roles[m_random.below(roles.size())]);
            if (m_random.below(3) == 0)
                addDesk(m_forgers.back().member);
        }
        everybodySyncs();
    }

    // The company as it is now; each change is a moment of its own.
    [[nodiscard]] const NaiveCompany &company() const { return m_past.back(); }

    [[nodiscard]] NaiveCompany &nextMoment()
    {
        m_clock.now = WallTime{inMs(m_clock.now) + 1'000};
        m_past.push_back(m_past.back());
        return m_past.back();
    }

    void addTerritory()
    {
        const RowId id = makeUuid7(m_clock.now, m_random);
        byServer(change("territory", id, ChangeKind::Insert, {{"name", std::string("North")}}));
        nextMoment().territories.insert(toText(id));
    }

    void addMember(const std::string &name, const std::string &role)
    {
        const auto [device, member] = enrol(name, role);
        nextMoment().members[toText(member)] = NaiveMember{role, {}, true};
        m_forgers.push_back({toText(member), device, 0});
        m_names[toText(member)] = name;
        addDesk(toText(member));
        if (m_random.below(4) > 0)
            setTerritory(toText(member), pick(company().territories));
    }

    std::pair<tend::server::Device, Uuid> enrol(const std::string &name, const std::string &role)
    {
        const Bytes key = m_random.bytes(32);
        const auto secret
            = m_workspace->invite({name, role}, WallTime{inMs(m_clock.now) + 1'000'000});
        m_enrolled = *m_workspace->enrol(key, {protocolVersion, *secret, name});
        return {m_shared->deviceByKey(key)->value(), m_enrolled.member};
    }

    void addDesk(const std::string &member)
    {
        Desk &desk = m_desks.emplace_back();
        desk.file = m_folder->filePath(QString("desk-%1.db").arg(m_desks.size())).toStdString();
        desk.member = member;
        desk.device = enrol(m_names.at(member), "").first;
        desk.random = SeededRandom(m_random.below(1'000'000));
        open(desk);
        ENSURE(desk.replica->enrolled(m_enrolled).has_value());
    }

    void open(Desk &desk)
    {
        desk.store = *SqliteStore::open(desk.file, {}, schema());
        desk.replica = *Replica::open(
            *desk.store, schema(), m_clock, desk.random, desk.mark, desk.device.id);
        desk.replica->keepBodiesFor(0ms);
    }

    // ---- what happens in it

    void act()
    {
        Desk &desk = m_desks[m_random.below(m_desks.size())];
        switch (m_random.below(16)) {
        case 0:
        case 1:
            return changeRights();
        case 2:
            return forge();
        case 3:
            return lose(desk);
        case 4:
        case 5:
            // Written without a network; what happens next happens before it arrives.
            if (begin(desk) && writeSomething(desk))
                return changeRights();
            return;
        default:
            break;
        }
        if (begin(desk) && writeSomething(desk))
            sync(desk);
    }

    // Whether this device is to write now: it looks first.
    [[nodiscard]] bool begin(Desk &desk)
    {
        sync(desk);
        return !desk.isWiped;
    }

    void changeRights()
    {
        const std::string member = pick(keysOf(company().members));
        switch (m_random.below(5)) {
        case 0:
        case 1:
            return setTerritory(member, pick(company().territories));
        case 2: {
            const std::string &role = roles[m_random.below(roles.size())];
            nextMoment().members.at(member).role = role;
            return byServer(
                change("member", *parseUuid(member), ChangeKind::Update, {{"role", role}}));
        }
        case 3: {
            const bool isActive = !company().members.at(member).isActive;
            nextMoment().members.at(member).isActive = isActive;
            return byServer(change("member", *parseUuid(member), ChangeKind::Update,
                {{"active", std::int64_t{isActive ? 1 : 0}}}));
        }
        default:
            return moveByServer();
        }
    }

    // Given where the member has it not, else taken.
    void setTerritory(const std::string &member, const std::string &territory)
    {
        const auto link = std::pair(member, territory);
        NaiveMember &now = nextMoment().members.at(member);
        if (now.territories.erase(territory) > 0) {
            byServer(change("member_territory", m_links.at(link), ChangeKind::Delete, {}));
            return;
        }
        now.territories.insert(territory);
        m_links[link] = makeUuid7(m_clock.now, m_random);
        byServer(change("member_territory", m_links[link], ChangeKind::Insert,
            {{"member_id", idOf(member)}, {"territory_id", idOf(territory)}}));
    }

    void moveByServer()
    {
        const std::string customer = rowOf("customer");
        if (customer.empty())
            return;
        const std::string territory = pick(company().territories);
        NaiveCompany &now = nextMoment();
        NaiveWrite{{}, "customer", customer, {{"territory_id", territory}}, {}, false,
            inMs(m_clock.now), 0}
            .mergeInto(now, m_past.size() - 1);
        byServer(change("customer", *parseUuid(customer), ChangeKind::Update,
            {{"territory_id", idOf(territory)}}));
    }

    void lose(Desk &desk)
    {
        const bool isActive = company().members.at(desk.member).isActive;
        if (m_random.below(8) == 0 && m_desks.size() < 9 && isActive)
            return addDesk(desk.member);
        if (m_random.below(8) > 0 || desk.isWiped)
            return;
        QVERIFY(m_workspace->wipe(desk.device.id).has_value());
        desk.isWiped = true;
    }

    // A write of any kind into what the device holds, or past it. Whether there was one.
    [[nodiscard]] bool writeSomething(Desk &desk)
    {
        NaiveWrite write{desk.member, {}, {}, {}, {}, false, inMs(m_clock.now), desk.lookedAt};
        ChangeKind kind = ChangeKind::Insert;
        const auto held = heldRows(desk);
        const auto what = m_random.below(10);
        if (what < 4 || held.empty()) {
            if (!plan(write))
                return false;
        } else if (what == 4) {
            // Under the id of a row that others hold.
            const std::string row = pick(foreignRows(desk));
            if (row.empty())
                return false;
            write.table = company().rows.at(row).table;
            write.row = row;
        } else {
            kind = what == 5 ? ChangeKind::Delete : ChangeKind::Update;
            write.row = pick(held);
            write.table = company().rows.at(write.row).table;
            write.isDelete = what == 5;
            if (what > 7)
                planMove(write);
        }
        desk.waitingCanary = nextCanary(write, indexOf(desk), kind);
        const auto made = desk.replica->commit({changeOf(write, kind, desk.waitingCanary)});
        ENSURE(made.has_value());
        desk.waiting = std::move(write);
        return true;
    }

    // A new row, anywhere.
    [[nodiscard]] bool plan(NaiveWrite &write)
    {
        const std::vector<std::string> kinds{
            "customer", "customer", "visit", "visit", "remark", "tag"};
        write.table = kinds[m_random.below(kinds.size())];
        write.row = toText(makeUuid7(m_clock.now, m_random));
        const auto link = [&](const char *column, const std::string &to) {
            if (!to.empty())
                write.links[column] = to;
        };
        if (write.table == "tag")
            return true;
        if (write.table == "customer") {
            if (m_random.below(4) > 0)
                link("territory_id", pick(company().territories));
            return true;
        }
        link("member_id", write.member);
        if (m_random.below(3) > 0)
            link("customer_id", rowOf("customer"));
        if (m_random.below(4) == 0)
            link("private_to",
                m_random.below(4) > 0 ? write.member : pick(keysOf(company().members)));
        if (write.table == "remark") {
            if (m_random.below(3) == 0)
                link("visit_id", rowOf("visit"));
            if (m_random.below(3) == 0)
                link("to_role", roles[m_random.below(roles.size())]);
        }
        return true;
    }

    // Another place for a row that is there.
    void planMove(NaiveWrite &write)
    {
        if (write.table == "customer")
            write.links["territory_id"]
                = m_random.below(4) > 0 ? pick(company().territories) : std::string();
        else if (write.table == "visit" && m_random.below(2) == 0)
            write.links["customer_id"] = rowOf("customer");
        else if (write.table == "visit" || write.table == "remark")
            write.links["private_to"] = m_random.below(2) == 0 ? write.member : std::string();
        if (write.table == "remark" && m_random.below(2) == 0)
            write.links["to_role"] = roles[m_random.below(roles.size())];
    }

    // What no program of ours would send.
    void forge()
    {
        Forger &forger = m_forgers[m_random.below(m_forgers.size())];
        NaiveWrite write{
            forger.member, {}, {}, {}, {}, false, inMs(m_clock.now) + 1'000, m_past.size() - 1};
        std::vector<Change> changes;
        std::string canary;
        const bool isOfServer = m_random.below(3) == 0;
        if (isOfServer) {
            changes = {forgedRights(forger.member)};
        } else {
            write.row = pick(livingRows());
            if (write.row.empty())
                return;
            write.table = company().rows.at(write.row).table;
            write.isDelete = m_random.below(3) == 0;
            if (m_random.below(2) == 0 && !write.isDelete)
                planMove(write);
            canary = nextCanary(write, noDesk, ChangeKind::Update);
            changes = {
                changeOf(write, write.isDelete ? ChangeKind::Delete : ChangeKind::Update, canary)};
        }
        ++m_forged;
        decide(pushByHand(forger, changes), !isOfServer && mayWrite({company()}, write), write,
            canary);
    }

    // A role or a territory for oneself.
    [[nodiscard]] Change forgedRights(const std::string &member)
    {
        if (m_random.below(2) == 0)
            return change(
                "member", *parseUuid(member), ChangeKind::Update, {{"role", std::string("admin")}});
        return change("member_territory", makeUuid7(m_clock.now, m_random), ChangeKind::Insert,
            {{"member_id", idOf(member)}, {"territory_id", idOf(pick(company().territories))}});
    }

    [[nodiscard]] VerdictKind pushByHand(Forger &forger, const std::vector<Change> &changes)
    {
        m_clock.now = WallTime{inMs(m_clock.now) + 1'000};
        PushRequest request;
        request.epoch = m_enrolled.server.epochs.back().id;
        request.incarnation = Incarnation{7};
        request.attempt = ++forger.count;
        Group group;
        group.header.id = {forger.device.id, request.incarnation, Counter{forger.count}};
        group.header.stamp = stampAt(m_clock.now);
        group.header.base = m_workspace->head();
        group.header.madeAt = m_clock.now;
        group.body = encodeBody(changes);
        request.groups = {group};
        const auto answer = m_workspace->push(forger.device, request);
        ENSURE(answer.has_value() && answer->verdicts.size() == 1);
        return answer->verdicts.front().kind;
    }

    // ---- exchanges

    void sync(Desk &desk)
    {
        m_clock.now = WallTime{inMs(m_clock.now) + 1'000};
        const auto now = m_shared->deviceByKey(desk.device.keyDigest)->value();
        for (int round = 0; round < 200; ++round) {
            while (const auto push = *desk.replica->nextPush()) {
                const auto answer = m_workspace->push(now, *push);
                ENSURE(answer.has_value());
                for (const Verdict &verdict : answer->verdicts)
                    takeVerdict(desk, verdict.kind);
                ENSURE(desk.replica->take(*push, *answer).has_value());
            }
            auto pull = *desk.replica->nextPull();
            pull.bytesMax = 1 + m_random.below(600);
            const auto answer = m_workspace->pull(now, pull);
            ENSURE(answer.has_value());
            const auto intake = desk.replica->take(*answer);
            ENSURE(intake.has_value());
            const bool isAtHead = desk.replica->facts().cursor >= m_workspace->head();
            if (!intake->wentOn && !intake->hasMore && !intake->mustPushFirst && isAtHead) {
                desk.lookedAt = m_past.size() - 1;
                return;
            }
        }
        QFAIL("a device does not come to an end");
    }

    void takeVerdict(Desk &desk, VerdictKind kind)
    {
        if (kind == VerdictKind::Duplicate || !desk.waiting)
            return;
        const NaiveWrite write = *std::exchange(desk.waiting, std::nullopt);
        const std::vector<NaiveCompany> since(
            m_past.begin() + static_cast<std::ptrdiff_t>(desk.lookedAt), m_past.end());
        decide(kind, !desk.isWiped && mayWrite(since, write), write, desk.waitingCanary);
    }

    // Compares what the server did with what it had to do, and notes down what is so now.
    void decide(
        VerdictKind kind, bool isAllowed, const NaiveWrite &write, const std::string &canary)
    {
        const bool isTaken = kind == VerdictKind::Accepted;
        const std::string words = std::string(isTaken ? "taken" : "refused") + ": "
            + (write.isDelete ? "a delete" : "a write") + " by a "
            + company().members.at(write.member).role + " to " + write.table + ' ' + canary;
        QVERIFY2(isTaken == isAllowed, words.c_str());
        (isTaken ? m_taken : m_refused) += 1;
        if (!isTaken)
            return;
        if (!canary.empty())
            m_canaries.at(canary).isTaken = true;
        NaiveCompany &now = nextMoment();
        write.mergeInto(now, m_past.size() - 1);
    }

    void everybodySyncs()
    {
        for (int turn = 0; turn < 2; ++turn) {
            for (Desk &desk : m_desks)
                sync(desk);
        }
    }

    void byServer(const Change &made)
    {
        const Status done = m_workspace->commit({made});
        QVERIFY2(done.has_value(), done ? "" : done.error().message.c_str());
    }

    // ---- looking

    enum class KeptForSafety { MayBeThere, IsGone };

    // Each word is where it must be, and nowhere it must not be.
    void lookIntoFiles(KeptForSafety kept)
    {
        for (Desk &desk : m_desks) {
            const auto rows = rowsOf(desk);
            const auto held = heldRows(desk);
            if (rows != held)
                QFAIL(difference(desk, rows, held).c_str());
            desk.replica.reset();
            desk.store.reset();
            std::set<std::string> there;
            for (const char *tail : {"", "-wal", "-shm", "-journal"})
                there.merge(canariesIn(desk.file.string() + tail));
            for (const auto &[word, canary] : m_canaries)
                judge(desk, word, canary, there.contains(word), kept);
            open(desk);
        }
    }

    [[nodiscard]] std::string difference(const Desk &desk, const std::set<std::string> &rows,
        const std::set<std::string> &held) const
    {
        std::string words = "a " + company().members.at(desk.member).role
            + (company().members.at(desk.member).isActive ? "" : " who ended") + " and";
        for (const auto &[id, row] : company().rows) {
            if (rows.contains(id) == held.contains(id))
                continue;
            words += rows.contains(id) ? ", too many: a " : ", missing: a ";
            words += row.table + " that is";
            for (const std::string &place : company().placesOf(id))
                words += " (" + place + ')';
        }
        return words;
    }

    void judge(const Desk &desk, const std::string &word, const Canary &canary, bool isThere,
        KeptForSafety kept)
    {
        const auto row = company().rows.find(canary.row);
        const NaiveMember &member = company().members.at(desk.member);
        const bool isAllowed = canary.isTaken && !desk.isWiped
            && company().mayHold(desk.member, canary.row)
            && NaiveCompany::maySee(member.role, canary.table, canary.column);
        const std::string where
            = word + " (" + canary.table + '.' + canary.column + ") at a " + member.role;
        if (isAllowed) {
            // Of a deleted row a device need not know what stood there.
            if (!row->second.isDeleted())
                QVERIFY2(isThere, ("missing: " + where).c_str());
            m_there += isThere ? 1 : 0;
            return;
        }
        // Its own words: what was refused is shown to its author.
        const bool isOwn = canary.writer == indexOf(desk);
        if (isOwn && (!canary.isTaken || kept == KeptForSafety::MayBeThere))
            return;
        QVERIFY2(!isThere, ("leaked: " + where).c_str());
        ++m_absent;
    }

    [[nodiscard]] std::set<std::string> rowsOf(Desk &desk) const
    {
        std::set<std::string> rows;
        for (const auto &[name, ignored] : wordColumns) {
            const auto ids = *desk.replica->records().rowIds(schema().table(name)->id);
            for (const RowId &id : ids)
                rows.insert(toText(id));
        }
        return rows;
    }

    [[nodiscard]] std::set<std::string> livingRows() const
    {
        std::set<std::string> rows;
        for (const auto &[id, row] : company().rows) {
            if (!row.isDeleted())
                rows.insert(id);
        }
        return rows;
    }

    [[nodiscard]] std::set<std::string> heldRows(const Desk &desk) const
    {
        std::set<std::string> rows = livingRows();
        std::erase_if(rows, [&](const std::string &row) {
            return desk.isWiped || !company().mayHold(desk.member, row);
        });
        return rows;
    }

    [[nodiscard]] std::set<std::string> foreignRows(const Desk &desk) const
    {
        std::set<std::string> rows = livingRows();
        for (const std::string &held : heldRows(desk))
            rows.erase(held);
        return rows;
    }

    [[nodiscard]] std::string rowOf(const std::string &table)
    {
        std::set<std::string> rows = livingRows();
        std::erase_if(
            rows, [&](const std::string &row) { return company().rows.at(row).table != table; });
        return pick(rows);
    }

    // ---- small things

    static constexpr std::size_t noDesk = ~std::size_t{0};

    [[nodiscard]] std::size_t indexOf(const Desk &desk) const
    {
        for (std::size_t i = 0; i < m_desks.size(); ++i) {
            if (&m_desks[i] == &desk)
                return i;
        }
        return noDesk;
    }

    [[nodiscard]] std::string pick(const std::set<std::string> &from)
    {
        return from.empty()
            ? std::string()
            : *std::next(from.begin(), static_cast<std::ptrdiff_t>(m_random.below(from.size())));
    }

    template <typename Map>
    static std::set<std::string> keysOf(const Map &map)
    {
        std::set<std::string> keys;
        for (const auto &[key, ignored] : map)
            keys.insert(key);
        return keys;
    }

    // A word of its own for this write, in a column of it.
    [[nodiscard]] std::string nextCanary(NaiveWrite &write, std::size_t writer, ChangeKind kind)
    {
        for (const auto &[column, ignored] : write.links)
            write.columns.push_back(column);
        if (write.isDelete)
            return {};
        const auto &columns = wordColumns.at(write.table);
        // An insert gives what is required.
        const std::string &column
            = columns[kind == ChangeKind::Insert ? 0 : m_random.below(columns.size())];
        write.columns.push_back(column);
        const std::string word = canaryOf(++m_words);
        m_canaries[word] = {write.table, write.row, column, writer, false};
        return word;
    }

    [[nodiscard]] static Change changeOf(
        const NaiveWrite &write, ChangeKind kind, const std::string &canary)
    {
        if (write.isDelete)
            return change(write.table, *parseUuid(write.row), kind, {});
        std::map<std::string, Value> values;
        for (const auto &[column, to] : write.links) {
            if (to.empty())
                values[column] = Empty{};
            else
                values[column] = column == "to_role" ? Value{to} : idOf(to);
        }
        values[write.columns.back()] = canary;
        return change(write.table, *parseUuid(write.row), kind, values);
    }

    static Value idOf(const std::string &text) { return Blob{Bytes(parseUuid(text)->bytes())}; }

    static Change change(const std::string &name, const RowId &id, ChangeKind kind,
        const std::map<std::string, Value> &values)
    {
        const Table *table = schema().table(name);
        Change made{table->id, id, kind, {}};
        for (const auto &[column, value] : values)
            made.assignments.push_back({table->column(column)->id, value});
        std::sort(made.assignments.begin(), made.assignments.end(),
            [](const auto &one, const auto &other) { return one.column < other.column; });
        return made;
    }

    SeededRandom m_random{0};
    test::SetClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::MemorySharedStore> m_shared;
    std::unique_ptr<tend::server::Workspace> m_workspace;
    EnrolAnswer m_enrolled;
    std::deque<Desk> m_desks;
    std::deque<Forger> m_forgers;
    std::vector<NaiveCompany> m_past;
    std::map<std::string, Canary> m_canaries;
    std::map<std::string, std::string> m_names;
    std::map<std::pair<std::string, std::string>, RowId> m_links;
    std::size_t m_words = 0;
    std::size_t m_taken = 0;
    std::size_t m_refused = 0;
    std::size_t m_forged = 0;
    std::size_t m_there = 0;
    std::size_t m_absent = 0;
};

QTEST_APPLESS_MAIN(PermissionOracleTest)
#include "permission_oracle_test.moc"
