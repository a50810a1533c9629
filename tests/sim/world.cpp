// The play: nodes, network, faults and edits. The checks are in checks.cpp.
#include "tests/sim/world.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "server-stub/sqlite/sqlite_shared_store.h"
#include "sync/base/ensure.h"
#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"
#include "sync/store/sqlite_store.h"
#include "tests/sim/world_parts.h"
#include "tests/support/memory_store.h"

namespace replica::sim {

namespace {

// So little that a move of a customer or two is more than one answer tells.
constexpr std::size_t movedOctetsMax = 700;

// Customers in territories, whose columns ask, merge, hold numbers and are for some only; visits
// that follow their customer; a marker for each group, which everybody sees.
constexpr std::string_view customers = R"({"tables": [
    {"id": 1, "name": "customer", "scopes": [{"kind": "territory", "by": "territory_id"}], "columns": [
        {"id": 1, "name": "name", "policy": "ask"},
        {"id": 2, "name": "phone", "policy": "ask"},
        {"id": 3, "name": "note"},
        {"id": 4, "name": "rank", "type": "integer"},
        {"id": 5, "name": "territory_id", "type": "id"},
        {"id": 6, "name": "terms", "read": ["manager"]})";
constexpr std::string_view others = R"(]},
    {"id": 2, "name": "visit", "indexes": ["customer_id"],
     "scopes": [{"parent": "customer", "by": "customer_id"}], "columns": [
        {"id": 1, "name": "customer_id", "type": "id"},
        {"id": 2, "name": "said"}, {"id": 3, "name": "account", "policy": "merge"}]},
    {"id": 3, "name": "member", "writer": "server", "columns": [
        {"id": 1, "name": "name"}, {"id": 2, "name": "role"}, {"id": 3, "name": "active", "type": "boolean"}]},
    {"id": 4, "name": "device", "writer": "server", "columns": [
        {"id": 1, "name": "member_id", "type": "id"}, {"id": 2, "name": "name"},
        {"id": 3, "name": "revoked_at", "type": "time"}]},
    {"id": 5, "name": "marker", "columns": []},
    {"id": 6, "name": "territory", "writer": "server", "columns": [{"id": 1, "name": "name"}]},
    {"id": 7, "name": "member_territory", "writer": "server", "indexes": ["member_id"], "columns": [
        {"id": 1, "name": "member_id", "type": "id"}, {"id": 2, "name": "territory_id", "type": "id"}]})";
// What came later, which older programs do not know.
constexpr std::string_view laterColumn = R"(, {"id": 7, "name": "extra"})";
constexpr std::string_view laterTable = R"(,
    {"id": 8, "name": "gift", "indexes": ["customer_id"],
     "scopes": [{"parent": "customer", "by": "customer_id"}], "columns": [
        {"id": 1, "name": "customer_id", "type": "id"}, {"id": 2, "name": "what"}]})";

Schema presentSchema()
{
    return *Schema::parse(std::string(customers) + std::string(laterColumn) + std::string(others)
        + std::string(laterTable) + "]}");
}

Schema earlierSchema()
{
    return *Schema::parse(std::string(customers) + std::string(others) + "]}");
}

// What the server of this world refuses, as a stand-in for any rule about rights.
const Value poison{std::string("poison")};

std::optional<std::string> refusePoison(const tend::server::Device &, const Change &change)
{
    for (const Assignment &given : change.assignments) {
        if (given.value == poison)
            return "poison";
    }
    return std::nullopt;
}

// How long a request is held at most.
constexpr std::int64_t heldMs = 10'000;

// SQLite with the durability the simulator does not need switched off: what is under test here is
// our own code over it, and processes killed at random are tested with real ones.
sqlite::OpenOptions simOptions()
{
    return {};
}

}  // namespace

World::World(const Plan &plan)
    : m_plan(plan)
    , m_random(plan.seed)
    , m_accountChance(plan.seed + 1'000'003)
    , m_compactChance(plan.seed + 2'000'003)
    , m_mixChance(plan.seed + 3'000'003)
    , m_undoChance(plan.seed + 4'000'003)
    , m_schema(presentSchema())
    , m_earlier(earlierSchema())
{
    m_serverClock = std::make_unique<NodeClock>(*this);
    m_serverRandom = std::make_unique<SeededRandom>(m_random.next());
    openServer();
    auto created = tend::server::Workspace::create(
        *m_serverStore, m_schema, *m_serverClock, *m_serverRandom, "sim");
    ENSURE(created.has_value());
    m_server = *std::move(created);
    m_server->setRights(refusePoison);
    m_server->setReplayMax(plan.seed % 3 == 0 ? 0 : 2);
    if (plan.seed % 5 == 0)
        m_server->setMovedMax(movedOctetsMax);
    for (int i = 0; i < plan.devices; ++i) {
        auto node = std::make_unique<Node>(*this, i, m_random.next());
        node->key = crypto::sha256(std::to_string(i));
        node->device = makeDerivedUuid(node->key);
        node->isOld = isMixed() && i % 2 == 1;
        m_nodes.push_back(std::move(node));
        openNode(*m_nodes.back());
    }
    for (int i = 0; i < 3; ++i) {
        const RowId id = makeUuid7(WallTime{worldStartMs}, *m_serverRandom);
        m_territories.push_back(id);
        ENSURE(m_server->commit({{territoryTable, id, ChangeKind::Insert, {{ColumnId{1}, "t"}}}})
                   .has_value());
    }
    for (auto &node : m_nodes) {
        const auto secret = m_server->invite(
            {"m" + std::to_string(node->index), node->index == 0 ? "manager" : "rep"},
            WallTime{worldStartMs + 1'000'000'000});
        ENSURE(secret.has_value());
        const auto enrolled = m_server->enrol(
            node->key, {protocolVersion, *secret, "d" + std::to_string(node->index)});
        ENSURE(enrolled.has_value());
        node->isEnrolled = true;
        node->member = enrolled->member;
        if (node->index > 0)
            reassign(*node);
        // Some make their first rows before they ever meet a server.
        for (int i = 0; i < static_cast<int>(m_random.below(3)); ++i)
            edit(*node);
        ENSURE(node->replica->enrolled(*enrolled).has_value());
    }
}

World::~World()
{
    m_nodes.clear();
    m_server.reset();
    m_serverStore.reset();
}

void World::openServer()
{
    m_held.clear();  // connections end with the process
    m_server.reset();
    if (m_plan.onSqlite) {
        m_serverStore.reset();
        auto store = tend::server::SqliteSharedStore::open(
            m_plan.folder / "server.db", simOptions(), m_schema);
        ENSURE(store.has_value());
        ENSURE((*store)->database().execute("PRAGMA synchronous = OFF").has_value());
        m_serverStore = *std::move(store);
    } else if (!m_serverStore) {
        m_serverStore = std::make_unique<test::MemorySharedStore>();
    }
    auto opened
        = tend::server::Workspace::open(*m_serverStore, m_schema, *m_serverClock, *m_serverRandom);
    if (opened) {
        m_server = *std::move(opened);
        m_server->setRights(refusePoison);
        m_server->setReplayMax(m_plan.seed % 3 == 0 ? 0 : 2);
        if (m_plan.seed % 5 == 0)
            m_server->setMovedMax(movedOctetsMax);
    }
}

void World::openNode(Node &node)
{
    node.engine.reset();
    node.replica.reset();
    if (node.isOld && node.lives > 0 && m_mixChance.below(4) == 0) {
        node.isOld = false;
        trace("device " + std::to_string(node.index) + " has a newer program");
    }
    const Schema &schema = node.isOld ? m_earlier : m_schema;
    if (m_plan.onSqlite) {
        node.store.reset();
        auto store = SqliteStore::open(node.path(), simOptions(), schema);
        ENSURE(store.has_value());
        ENSURE((*store)->database().execute("PRAGMA synchronous = OFF").has_value());
        node.store = *std::move(store);
    } else if (!node.store) {
        node.store = std::make_unique<test::MemoryStore>();
    }
    auto replica
        = Replica::open(*node.store, schema, node.clock, node.random, node.mark, node.device);
    ENSURE(replica.has_value());
    node.replica = *std::move(replica);
    node.replica->keepBodiesFor(std::chrono::milliseconds(0));
    node.wire.arrivals.clear();
    EnginePace pace;
    // In every second hundred of seeds, so that rare ones that are named elsewhere stay what they
    // are.
    if (node.index % 2 == 1 && m_plan.seed / 100 % 2 == 1)
        pace.listenFor = std::chrono::milliseconds(10'000);
    node.engine = std::make_unique<Engine>(*node.replica, node.wire, node.clock, node.random, pace);
    // Exchanges of an earlier life must not be taken for ours.
    node.wire.life = ++node.lives;
    node.cursor = raw(node.replica->facts().cursor);
}

// ---- network ------------------------------------------------------------------------------------

void World::send(
    int node, int life, bool toServer, ExchangeId id, Route route, const Result<Bytes> &body)
{
    if (!m_calm && m_random.below(100) < 8)
        return;  // lost
    const int copies = !m_calm && m_random.below(100) < 5 ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        Letter letter{m_nowMs + 5 + static_cast<std::int64_t>(m_random.below(m_calm ? 20 : 2'000)),
            node, toServer, id, route, body, life};
        // Now and then one dawdles past any patience.
        if (!m_calm && m_random.below(100) < 3)
            letter.at += 45'000;
        m_letters.push_back(std::move(letter));
        ++m_verdict.messages;
    }
}

void World::Wire::post(ExchangeId exchange, Route route, Bytes request, std::chrono::milliseconds)
{
    world.send(index, life, true, exchange, route, std::move(request));
}

Result<Bytes> World::serve(int from, Route route, const Bytes &request,
    std::optional<tend::server::Workspace::Watch> &listening)
{
    Node &node = *m_nodes[static_cast<std::size_t>(from)];
    const auto device = TRY(m_serverStore->deviceByKey(node.key));
    if (!device)
        return fail(ErrorCode::Unauthorized, "unknown device");
    if (route == Route::Push) {
        const auto decoded = TRY(decodePushRequest(request));
        const PushAnswer answer = TRY(m_server->push(*device, decoded));
        if (m_plan.isTraced)
            trace("device " + std::to_string(from) + " is answered " + describe(answer));
        for (const RowsOfTable &left : answer.left)
            m_givenUp.insert(left.rows.begin(), left.rows.end());
        return encode(answer);
    }
    auto decoded = TRY(decodePullRequest(request));
    // Pages of any size, down to a row each.
    static constexpr std::uint64_t sizes[] = {1, 200, 2'000, pageBytesAim};
    decoded.bytesMax = sizes[m_random.below(std::size(sizes))];
    const PullAnswer answer = TRY(m_server->pull(*device, decoded));
    checkSent(node, decoded, answer);
    if (decoded.waitMs > 0 && tend::server::tellsNothing(answer))
        listening = TRY(m_server->watch(*device, answer.to));
    if (m_plan.isTraced)
        trace("device " + std::to_string(from) + " is told " + describe(answer));
    return encode(answer);
}

void World::deliver()
{
    for (std::size_t i = 0; i < m_letters.size();) {
        if (m_letters[i].at > m_nowMs) {
            ++i;
            continue;
        }
        Letter letter = std::move(m_letters[i]);
        m_letters.erase(m_letters.begin() + static_cast<std::ptrdiff_t>(i));
        Node &node = *m_nodes[static_cast<std::size_t>(letter.node)];
        if (node.isCutOff && !m_calm)
            continue;
        if (letter.toServer) {
            // Who asks something else has given up waiting, and is told what there was to tell.
            for (Held &held : m_held) {
                if (held.letter.node == letter.node)
                    send(letter.node, held.letter.life, false, held.letter.exchange, Route::Pull,
                        std::move(held.answer));
            }
            std::erase_if(
                m_held, [&](const Held &held) { return held.letter.node == letter.node; });
            receive(std::move(letter), m_nowMs + heldMs);
        } else if (letter.life == node.wire.life) {
            node.wire.arrivals.push_back({letter.exchange, std::move(letter.body), {}});
        }
    }
    lookAtHeld();
}

void World::receive(Letter letter, std::int64_t heldUntil)
{
    std::optional<tend::server::Workspace::Watch> listening;
    auto answer = serve(letter.node, letter.route, *letter.body, listening);
    if (!answer && answer.error().code == ErrorCode::Corrupt)
        violation("server: " + answer.error().message);
    if (!answer && answer.error().code == ErrorCode::Invalid)
        violation("server refused a well-made request: " + answer.error().message);
    if (listening && heldUntil > m_nowMs)
        m_held.push_back({std::move(letter), *std::move(answer), heldUntil, *std::move(listening)});
    else
        send(letter.node, letter.life, false, letter.exchange, letter.route, answer);
}

void World::lookAtHeld()
{
    std::vector<Held> over;
    for (std::size_t i = 0; i < m_held.size();) {
        Held &held = m_held[i];
        if (held.until > m_nowMs && !must(m_server->hasNews(held.watch))) {
            ++i;
            continue;
        }
        over.push_back(std::move(held));
        m_held.erase(m_held.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (Held &held : over) {
        // A connection does not outlive its network.
        if (m_calm || !m_nodes[static_cast<std::size_t>(held.letter.node)]->isCutOff)
            receive(std::move(held.letter), held.until);
    }
}

// ---- faults -------------------------------------------------------------------------------------

void World::crash(Node &node)
{
    openNode(node);
}

void World::backUp(Node &node)
{
    if (m_plan.onSqlite) {
        node.backupPath = m_plan.folder / ("backup-" + std::to_string(++m_files) + ".db");
        ENSURE(static_cast<SqliteStore &>(*node.store)
                   .database()
                   .backupTo(node.backupPath, {})
                   .has_value());
    } else {
        node.backup
            = std::make_unique<test::MemoryStore>(static_cast<test::MemoryStore &>(*node.store));
    }
    node.hasBackup = true;
    trace("device " + std::to_string(node.index) + " is backed up");
    node.knownAtBackup = m_written.size();
    look(node);
    node.seenAtBackup = node.everSeen;
    node.markAtBackup = node.mark.mark;
}

void World::restoreNode(Node &node)
{
    if (!node.hasBackup)
        return;
    node.engine.reset();
    node.replica.reset();
    node.store.reset();
    if (m_plan.onSqlite) {
        for (const char *tail : {"", "-wal", "-shm"})
            std::filesystem::remove(node.path().string() + tail);
        std::filesystem::copy_file(node.backupPath, node.path());
    } else {
        node.store
            = std::make_unique<test::MemoryStore>(static_cast<test::MemoryStore &>(*node.backup));
    }
    for (std::size_t i = node.knownAtBackup; i < m_written.size(); ++i) {
        if (m_written[i].author == node.index)
            m_written[i].authorLostIt = true;
    }
    node.everSeen = node.seenAtBackup;
    // Sometimes the whole machine is set back with it, so that only the server can tell. Not
    // together with a server set back as well: then nobody is left who knows (docs/TESTING.md, what
    // is not covered).
    if (!m_serverWentBack && m_random.below(3) == 0) {
        node.mark.mark = node.markAtBackup;
        m_machineWentBack = true;
        trace("and so does all of its machine");
    }
    trace("device " + std::to_string(node.index) + " goes back to its backup");
    node.wentBack = true;
    node.incarnation = Incarnation{0};
    openNode(node);
}

void World::backUpServer()
{
    if (m_plan.onSqlite) {
        m_serverBackupPath = m_plan.folder / ("server-backup-" + std::to_string(++m_files) + ".db");
        ENSURE(static_cast<tend::server::SqliteSharedStore &>(*m_serverStore)
                   .database()
                   .backupTo(m_serverBackupPath, {})
                   .has_value());
    } else {
        m_serverBackup = std::make_unique<test::MemorySharedStore>(
            static_cast<test::MemorySharedStore &>(*m_serverStore));
    }
    ENSURE(m_server->noteDurable(m_server->head()).has_value());
}

// The log is cut off somewhere, as if all up to there were a year old.
void World::compactServer()
{
    const std::uint64_t floor = raw(m_server->floor());
    const Sequence upTo{floor + m_compactChance.below(raw(m_server->head()) - floor + 1)};
    for (Sequence at{floor + 1}; at <= upTo; at = after(at)) {
        const auto entry = must(m_serverStore->logEntry(at));
        if (const auto index = writtenOf(must(decodeBody(entry.body))))
            m_compacted[m_serverStore->records().header(entry.group).id] = *index;
    }
    trace("the server compacts its log up to " + std::to_string(raw(upTo)));
    ENSURE(m_server->compact(upTo).has_value());
}

void World::restoreServer()
{
    if ((!m_serverBackup && m_serverBackupPath.empty()) || m_machineWentBack)
        return;
    m_serverWentBack = true;
    m_server.reset();
    m_serverStore.reset();
    if (m_plan.onSqlite) {
        for (const char *tail : {"", "-wal", "-shm"})
            std::filesystem::remove((m_plan.folder / "server.db").string() + tail);
        std::filesystem::copy_file(m_serverBackupPath, m_plan.folder / "server.db");
    } else {
        m_serverStore = std::make_unique<test::MemorySharedStore>(
            static_cast<test::MemorySharedStore &>(*m_serverBackup));
    }
    openServer();
    ENSURE(m_server->beginEpoch().has_value());
    for (auto &node : m_nodes)
        node->cursor = 0;
    trace("the server goes back to its backup, head " + std::to_string(raw(m_server->head())));
}

void World::crashServer()
{
    openServer();
}

// ---- edits --------------------------------------------------------------------------------------

// Somebody adds a sentence to what is told of a visit, anywhere in it.
// Of a visit that was lost while something about it waited, only that is left here until the loss
// has come through: nothing that a page would show.
std::vector<RowId> World::visitsOn(Node &node)
{
    Records &records = node.replica->records();
    auto visits = must(records.rowIds(TableId{2}));
    std::erase_if(visits, [&](const RowId &visit) {
        const auto heads = must(records.load(TableId{2}, visit)).heads;
        return std::none_of(
            heads.begin(), heads.end(), [](const Head &head) { return head.column == existence; });
    });
    return visits;
}

std::optional<Change> World::accountBy(Node &node)
{
    const auto visits = visitsOn(node);
    if (visits.empty() || m_accountChance.below(5) != 0)
        return std::nullopt;
    // Few visits, so that people meet.
    const RowId id = visits[m_accountChance.below(std::min<std::size_t>(visits.size(), 3))];
    std::string text;
    const auto row = *node.replica->records().row(TableId{2}, id);
    for (const Assignment &given : row->assignments) {
        const auto *shown = std::get_if<std::string>(&given.value);
        if (given.column == ColumnId{3} && shown)
            text = *shown;
    }
    std::vector<std::size_t> places{text.size()};
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == 'n')
            places.push_back(at);
    }
    const std::size_t place = places[m_accountChance.below(places.size())];
    const std::string sentence = "n" + std::to_string(++m_lastToken) + '.';
    if (place < text.size())
        text.insert(place, sentence + ' ');
    else
        text += (text.empty() ? "" : " ") + sentence;
    return Change{TableId{2}, id, ChangeKind::Update, {{ColumnId{3}, std::move(text)}}};
}

// Something that only newer programs know.
std::optional<Change> World::laterBy(Node &node, const std::vector<Change> &besides)
{
    const auto known = *node.replica->records().rowIds(TableId{1});
    if (!isMixed() || node.isOld || known.empty() || m_mixChance.below(5) != 0)
        return std::nullopt;
    const RowId id = known[m_mixChance.below(known.size())];
    const std::string token = "l" + std::to_string(++m_lastToken);
    if (m_mixChance.below(2) == 0)
        return Change{giftTable, makeUuid7(node.clock.wallNow(), node.random), ChangeKind::Insert,
            {{ColumnId{1}, Blob{Bytes(id.bytes())}}, {ColumnId{2}, token}}};
    if (std::any_of(
            besides.begin(), besides.end(), [&](const Change &change) { return change.row == id; }))
        return std::nullopt;
    return Change{TableId{1}, id, ChangeKind::Update, {{laterColumnId, token}}};
}

// Somebody brings back what was deleted: in every tenth world, so that the seeds of the others stay
// what they are.
bool World::undoDelete(Node &node)
{
    if (m_plan.seed % 10 != 6 || m_undoChance.below(5) != 0)
        return false;
    const auto gone = *node.replica->records().buriedIds(TableId{1});
    if (gone.empty())
        return false;
    const RowId id = gone[m_undoChance.below(gone.size())];
    commit(node, {{TableId{1}, id, ChangeKind::Touch, {}}}, false);
    return true;
}

std::vector<std::string> World::sentencesOf(const std::string &text)
{
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

void World::edit(Node &node)
{
    if (undoDelete(node))
        return;
    const auto token = [&] {
        return "v" + std::to_string(++m_lastToken);
    };
    std::vector<Change> changes;
    const auto known = node.replica->records().rowIds(TableId{1});
    const bool makesRow = known->empty() || m_random.below(100) < 20;
    const auto someTerritory = [&]() -> Value {
        const auto held = territoriesOf(node);
        if (m_random.below(4) == 0)
            return Empty{};
        if (!held.empty() && m_random.below(10) != 0)
            return Blob{Bytes(held[m_random.below(held.size())].bytes())};
        return Blob{Bytes(m_territories[m_random.below(m_territories.size())].bytes())};
    };
    if (makesRow) {
        const RowId id = makeUuid7(node.clock.wallNow(), node.random);
        Change made{TableId{1}, id, ChangeKind::Insert,
            {{ColumnId{1}, token()}, {ColumnId{3}, token()}, {ColumnId{4}, std::int64_t{1}}}};
        if (Value territory = someTerritory(); !isEmpty(territory))
            made.assignments.push_back({ColumnId{5}, std::move(territory)});
        if (node.index == 0)
            made.assignments.push_back({ColumnId{6}, token()});
        changes.push_back(std::move(made));
        m_rows.push_back(id);
        if (m_random.below(3) == 0) {
            changes.push_back(
                {TableId{2}, makeUuid7(node.clock.wallNow(), node.random), ChangeKind::Insert,
                    {{ColumnId{1}, Blob{Bytes(id.bytes())}}, {ColumnId{2}, token()}}});
        }
    } else {
        const RowId id = (*known)[m_random.below(known->size())];
        const auto kind = m_random.below(100);
        const auto visits = visitsOn(node);
        if (kind >= 90) {
            // It moves to other hands, with all its visits.
            changes.push_back(
                {TableId{1}, id, ChangeKind::Update, {{ColumnId{5}, someTerritory()}}});
        } else if (kind >= 84) {
            changes.push_back(
                {TableId{2}, makeUuid7(node.clock.wallNow(), node.random), ChangeKind::Insert,
                    {{ColumnId{1}, Blob{Bytes(id.bytes())}}, {ColumnId{2}, token()}}});
        } else if (kind >= 78 && !visits.empty()) {
            // A visit is corrected, or was another customer's.
            Change change{
                TableId{2}, visits[m_random.below(visits.size())], ChangeKind::Update, {}};
            if (m_random.below(2) == 0)
                change.assignments.push_back({ColumnId{1}, Blob{Bytes(id.bytes())}});
            change.assignments.push_back({ColumnId{2}, token()});
            changes.push_back(std::move(change));
        } else if (kind >= 76 && node.index == 0) {
            changes.push_back({TableId{1}, id, ChangeKind::Update, {{ColumnId{6}, token()}}});
        } else if (kind < 10) {
            changes.push_back({TableId{1}, id, ChangeKind::Delete, {}});
        } else if (kind < 14) {
            changes.push_back({TableId{1}, id, ChangeKind::Touch, {}});
        } else {
            Change change{TableId{1}, id, ChangeKind::Update, {}};
            for (std::uint32_t column = 1; column <= 4; ++column) {
                if (m_random.below(3) != 0)
                    continue;
                // Few numbers, so that two people sometimes write the same one.
                if (column == 4)
                    change.assignments.push_back(
                        {ColumnId{4}, static_cast<std::int64_t>(m_random.below(3))});
                else if (m_random.below(12) == 0)
                    change.assignments.push_back({ColumnId{column}, Empty{}});
                else if (m_random.below(8) == 0)
                    change.assignments.push_back({ColumnId{column}, std::string("same")});
                else
                    change.assignments.push_back({ColumnId{column}, token()});
            }
            if (change.assignments.empty())
                change.assignments.push_back({ColumnId{2}, token()});
            changes.push_back(std::move(change));
            // A second row in the same action.
            const RowId other = (*known)[m_random.below(known->size())];
            if (other != id && m_random.below(4) == 0)
                changes.push_back(
                    {TableId{1}, other, ChangeKind::Update, {{ColumnId{3}, token()}}});
        }
    }
    if (auto account = accountBy(node))
        changes.push_back(*std::move(account));
    if (auto later = laterBy(node, changes))
        changes.push_back(*std::move(later));
    const bool isPoison = changes.front().kind == ChangeKind::Update
        && changes.front().table == TableId{1} && m_random.below(30) == 0;
    if (isPoison)
        changes.front().assignments = {{ColumnId{3}, poison}};
    commit(node, std::move(changes), isPoison);
}

std::vector<RowId> World::territoriesOf(const Node &node)
{
    std::vector<RowId> held;
    Records &records = m_serverStore->records();
    for (const RowId &link : must(records.rowIds(linkTable))) {
        const auto row = *records.row(linkTable, link);
        if (row->assignments.at(0).value == Value{Blob{Bytes(node.member.bytes())}})
            held.push_back(*uuidOf(std::get<Blob>(row->assignments.at(1).value).octets));
    }
    return held;
}

// The office gives a member other territories.
void World::reassign(Node &node)
{
    std::vector<Change> changes;
    Records &records = m_serverStore->records();
    for (const RowId &link : must(records.rowIds(linkTable))) {
        const auto row = *records.row(linkTable, link);
        if (row->assignments.at(0).value == Value{Blob{Bytes(node.member.bytes())}})
            changes.push_back({linkTable, link, ChangeKind::Delete, {}});
    }
    for (const RowId &territory : m_territories) {
        if (m_random.below(2) == 0)
            changes.push_back(
                {linkTable, makeUuid7(WallTime{worldStartMs}, *m_serverRandom), ChangeKind::Insert,
                    {{ColumnId{1}, Blob{Bytes(node.member.bytes())}},
                        {ColumnId{2}, Blob{Bytes(territory.bytes())}}}});
    }
    if (!changes.empty())
        ENSURE(m_server->commit(changes).has_value());
    node.held[raw(m_server->head())] = territoriesOf(node);
    trace("member " + std::to_string(node.index) + " holds "
        + std::to_string(territoriesOf(node).size()) + " territories");
    m_lastReassigned = m_written.size();
}

void World::settleConflict(Node &node)
{
    const auto open = node.replica->conflicts();
    if (!open) {
        violation("conflicts: " + open.error().message);
        return;
    }
    if (open->empty())
        return;
    const Conflict &conflict = (*open)[m_random.below(open->size())];
    std::vector<Change> changes;
    if (conflict.column == existence) {
        const bool keeps = m_random.below(2) == 0;
        changes.push_back(
            {conflict.table, conflict.row, keeps ? ChangeKind::Touch : ChangeKind::Delete, {}});
    } else {
        const Value value = m_random.below(2) == 0 ? conflict.mine.value : conflict.theirs.value;
        if (conflict.table == TableId{2})
            m_chosen.insert(conflict.row);
        changes.push_back(
            {conflict.table, conflict.row, ChangeKind::Update, {{conflict.column, value}}});
    }
    const bool isPoisoned
        = conflict.column != existence && changes.front().assignments.front().value == poison;
    commit(node, std::move(changes), isPoisoned);
}

// ---- the play -----------------------------------------------------------------------------------

// Rows whose writes are others here than on the server.
void World::traceDifferences(Node &node)
{
    Records &theirs = m_serverStore->records();
    ScopeReader reader(theirs, m_schema);
    for (const Table &table : m_schema.tables()) {
        std::set<RowId> rows;
        for (Records *records : {&theirs, &node.replica->records()}) {
            const auto ids = records->rowIds(table.id);
            rows.insert(ids->begin(), ids->end());
        }
        for (const RowId &id : rows) {
            const auto here = sumOfRow(node.replica->records(), m_schema, table.id, id);
            const auto there = sumOfRow(theirs, m_schema, table.id, id);
            std::string scopes;
            const auto place = reader.of({table.id, id});
            for (const Scope &scope : *place)
                scopes += scope + ' ';
            if (*here != (maySee(node, table.id, id) ? *there : 0))
                trace("  " + table.name + ' ' + toText(id) + " here " + std::to_string(*here)
                    + " there " + std::to_string(*there) + " of " + scopes);
        }
    }
    std::string held;
    for (const Scope &scope : node.replica->facts().scopes)
        held += scope + ' ';
    trace("  device " + std::to_string(node.index) + " holds " + held + "sum "
        + std::to_string(*node.replica->facts().sum) + " by rows "
        + std::to_string(node.replica->sumOfAll().value_or(0)));
}

void World::stepNode(Node &node)
{
    for (int i = 0; i < 4; ++i) {
        const auto wait = node.engine->step();
        if (!wait) {
            violation("engine: " + wait.error().message);
            return;
        }
        if (m_plan.isTraced && node.replica->sumOfAll().value_or(0) != *node.replica->facts().sum)
            trace("  device " + std::to_string(node.index) + " has lost count");
        const std::uint64_t mismatches = node.replica->facts().mismatches;
        if (mismatches > node.mismatches && m_plan.isTraced)
            traceDifferences(node);
        // Known: one that went back to a backup may, very rarely (seed 4915); it fetches all anew,
        // and I1 looks at what it has then.
        if (mismatches > node.mismatches && !node.wentBack)
            violation("device " + std::to_string(node.index) + " has another sum than the server");
        node.mismatches = mismatches;
        if (node.revision != node.replica->revision()) {
            node.revision = node.replica->revision();
            look(node);
        }
        if (wait->count() > 0)
            break;
    }
    if (m_plan.isTraced && node.incarnation != node.replica->facts().incarnation) {
        node.incarnation = node.replica->facts().incarnation;
        trace("device " + std::to_string(node.index) + " is in incarnation "
            + std::to_string(raw(node.incarnation) % 1000));
    }
    const std::uint64_t cursor = raw(node.replica->facts().cursor);
    if (cursor < node.cursor && node.epochs == node.replica->facts().epochs)
        violation("I7: a cursor went back within one epoch");
    node.cursor = cursor;
    node.epochs = node.replica->facts().epochs;
}

void World::act()
{
    if (m_plan.seed % 2 == 1 && m_compactChance.below(30) == 0)
        compactServer();
    Node &node = *m_nodes[m_random.below(m_nodes.size())];
    const auto what = m_random.below(1000);
    if (what < 600) {
        edit(node);
        // What was just written goes out at once, whatever the device listens to.
        if (node.engine->isListening() && m_random.below(2) == 0)
            node.engine->syncSoon();
    } else if (what < 680) {
        settleConflict(node);
    } else if (what < 740) {
        node.isCutOff = !node.isCutOff;
    } else if (what < 800) {
        crash(node);
    } else if (what < 830) {
        crashServer();
    } else if (what < 900) {
        // Wrong by seconds to decades, both ways, or right again.
        static constexpr std::int64_t offsets[] = {0, 0, 1'000, -1'000, 299'000, 301'000, 3'600'000,
            -3'600'000, 86'400'000, 31'536'000'000, 315'360'000'000, -1'576'800'000'000};
        node.clock.offsetMs = offsets[m_random.below(std::size(offsets))];
    } else if (what < 930) {
        backUp(node);
    } else if (what < 955) {
        restoreNode(node);
    } else if (what < 975) {
        backUpServer();
    } else if (what < 985) {
        restoreServer();
    } else if (what < 993) {
        reassign(*m_nodes[1 + m_random.below(m_nodes.size() - 1)]);
    } else {
        node.engine->syncSoon();
    }
}

void World::settle()
{
    m_calm = true;
    for (auto &node : m_nodes)
        node->isCutOff = false;
    // Liveness: twenty simulated minutes, no human act.
    for (int i = 0; i < 24'000; ++i) {
        m_nowMs += 50;
        deliver();
        bool isQuiet = m_letters.empty();
        for (auto &node : m_nodes) {
            stepNode(*node);
            isQuiet = isQuiet && node->wire.arrivals.empty() && !node->engine->isExchanging()
                && node->replica->facts().cursor == m_server->head()
                && node->replica->facts().epochs == m_server->epochs()
                && !node->replica->facts().view.empty()
                && node->replica->records().unacceptedGroups()->empty();
        }
        if (!m_verdict.violations.empty() || isQuiet)
            return;
        if (m_letters.empty())
            m_nowMs += 450;
    }
    violation("I14: still not settled after the faults stopped");
}

Verdict World::play()
{
    int edits = 0;
    while (edits < m_plan.edits && m_verdict.violations.empty()) {
        m_nowMs += static_cast<std::int64_t>(m_random.below(3'000));
        deliver();
        for (auto &node : m_nodes) {
            if (m_random.below(3) != 0)
                stepNode(*node);
        }
        act();
        ++edits;
    }
    if (m_verdict.violations.empty())
        settle();
    if (m_verdict.violations.empty()) {
        checkLog();
        checkConvergence();
        checkNothingLost();
        checkCausality();
        checkStamps();
        checkAtomicity();
        checkHistory();
        checkAccounts();
        checkConflicts();
    }
    return m_verdict;
}

}  // namespace replica::sim
