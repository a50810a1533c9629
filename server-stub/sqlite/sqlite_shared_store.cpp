#include "server-stub/sqlite/sqlite_shared_store.h"

#include <algorithm>

#include "embedded/floor_sql.h"
#include "embedded/shared_sql.h"
#include "embedded/sharing_sql.h"
#include "embedded/sums_sql.h"

namespace tend::server {

using namespace replica;

namespace {

template <typename Number>
std::int64_t stored(Number number)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(number));
}

std::uint64_t numberAt(const sqlite::Statement &select, int column)
{
    return static_cast<std::uint64_t>(select.int64(column));
}

Device deviceAt(const sqlite::Statement &select)
{
    return {uuidOf(select.blob(1)).value_or(Uuid{}), Bytes(select.blob(0)),
        uuidOf(select.blob(2)).value_or(Uuid{}), std::string(select.text(3)), select.int64(4) != 0,
        select.int64(5) != 0};
}

std::string linesOf(const Scopes &scopes)
{
    std::string text;
    for (const Scope &scope : scopes)
        text += (text.empty() ? "" : "\n") + scope;
    return text;
}

Scopes scopesIn(std::string_view text)
{
    Scopes scopes;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        scopes.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return scopes;
}

RowName rowAt(const sqlite::Statement &select, int column)
{
    return {TableId{static_cast<std::uint32_t>(select.int64(column))},
        uuidOf(select.blob(column + 1)).value_or(Uuid{})};
}

}  // namespace

Result<std::unique_ptr<SqliteSharedStore>> SqliteSharedStore::open(
    const std::filesystem::path &path, const sqlite::OpenOptions &options, const Schema &schema)
{
    sqlite::Database database = TRY(sqlite::Database::open(path, options));
    std::unique_ptr<SqliteSharedStore> store(new SqliteSharedStore(std::move(database)));
    auto migrations = recordMigrations();
    migrations.push_back(embedded::shared_sql);
    migrations.push_back(embedded::sharing_sql);
    migrations.push_back(embedded::sums_sql);
    migrations.push_back(embedded::floor_sql);
    TRY_STATUS(sqlite::migrate(store->m_database, migrations));
    store->m_records
        = TRY(SqliteRecords::open(store->m_database, schema, SqliteRecords::Remembers::RowsOnly));
    return store;
}

Result<sqlite::Statement *> SqliteSharedStore::statement(std::string_view sql)
{
    auto at = m_statements.find(sql);
    if (at == m_statements.end())
        at = m_statements.emplace(std::string(sql), TRY(m_database.prepare(sql))).first;
    at->second.reset();
    return &at->second;
}

Result<Sequence> SqliteSharedStore::head()
{
    auto *select = TRY(statement("SELECT coalesce(max(sequence), 0) FROM log"));
    const bool isThere = TRY(select->step());
    const Sequence head{isThere ? numberAt(*select, 0) : 0};
    select->reset();
    return head;
}

Status SqliteSharedStore::appendBody(Sequence sequence, const LogEntry &entry)
{
    auto *insert
        = TRY(statement("INSERT INTO log(sequence, grp, digest, body) VALUES (?1, ?2, ?3, ?4)"));
    return insert->bind(1, stored(raw(sequence)))
        .bind(2, static_cast<std::int64_t>(entry.group))
        .bindBlob(3, entry.digest)
        .bindBlob(4, entry.body)
        .run();
}

Result<SqliteSharedStore::LogEntry> SqliteSharedStore::logEntry(Sequence sequence)
{
    auto *select = TRY(statement("SELECT grp, body, digest FROM log WHERE sequence = ?1"));
    if (!TRY(select->bind(1, stored(raw(sequence))).step()))
        return fail(ErrorCode::Corrupt, "the log has no entry " + std::to_string(raw(sequence)));
    LogEntry entry{GroupRef{select->int64(0)}, Bytes(select->blob(1)), Bytes(select->blob(2))};
    select->reset();
    return entry;
}

Status SqliteSharedStore::compact(Sequence floor)
{
    for (const char *sql : {"UPDATE log SET body = x'' WHERE sequence <= ?1 AND body <> x''",
             "DELETE FROM log_scope WHERE sequence <= ?1", "DELETE FROM moved WHERE sequence <= ?1",
             "DELETE FROM view_change WHERE sequence <= ?1"}) {
        TRY_STATUS(TRY(statement(sql))->bind(1, stored(raw(floor))).run());
    }
    return {};
}

Status SqliteSharedStore::noteDead(const RowName &row)
{
    auto *insert = TRY(statement("INSERT OR IGNORE INTO dead(tbl, row) VALUES (?1, ?2)"));
    return insert->bind(1, static_cast<std::int64_t>(row.table)).bindBlob(2, row.row.bytes()).run();
}

Result<bool> SqliteSharedStore::isDead(const RowName &row)
{
    auto *select = TRY(statement("SELECT 1 FROM dead WHERE tbl = ?1 AND row = ?2"));
    select->bind(1, static_cast<std::int64_t>(row.table)).bindBlob(2, row.row.bytes());
    const bool isThere = TRY(select->step());
    select->reset();
    return isThere;
}

// ---- sharing ------------------------------------------------------------------------------------

Result<std::int64_t> SqliteSharedStore::scopeNumber(const Scope &scope)
{
    auto *select = TRY(statement("SELECT number FROM scope WHERE name = ?1"));
    if (TRY(select->bindText(1, scope).step())) {
        const auto number = select->int64(0);
        select->reset();
        return number;
    }
    select->reset();
    auto *insert = TRY(statement("INSERT INTO scope(name) VALUES (?1) RETURNING number"));
    static_cast<void>(TRY(insert->bindText(1, scope).step()));
    const auto number = insert->int64(0);
    insert->reset();
    return number;
}

Result<Scopes> SqliteSharedStore::allScopes()
{
    Scopes all;
    auto *select
        = TRY(statement("SELECT name FROM scope WHERE name NOT GLOB 'own/*' ORDER BY name"));
    while (TRY(select->step()))
        all.emplace_back(select->text(0));
    select->reset();
    return all;
}

Status SqliteSharedStore::appendScopes(Sequence sequence, const Scopes &scopes)
{
    for (const Scope &scope : scopes) {
        const auto number = TRY(scopeNumber(scope));
        auto *insert
            = TRY(statement("INSERT OR IGNORE INTO log_scope(scope, sequence) VALUES (?1, ?2)"));
        TRY_STATUS(insert->bind(1, number).bind(2, stored(raw(sequence))).run());
    }
    return {};
}

Result<std::vector<Sequence>> SqliteSharedStore::sequencesIn(
    const Scopes &scopes, Sequence after, std::size_t countMax)
{
    std::vector<Sequence> found;
    for (const Scope &scope : scopes) {
        auto *select = TRY(statement(
            "SELECT sequence FROM log_scope WHERE scope = (SELECT number FROM scope WHERE name = "
            "?1) AND sequence > ?2 ORDER BY sequence LIMIT ?3"));
        select->bindText(1, scope).bind(2, stored(raw(after))).bind(3, stored(countMax));
        while (TRY(select->step()))
            found.push_back(Sequence{numberAt(*select, 0)});
        select->reset();
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    if (found.size() > countMax)
        found.resize(countMax);
    return found;
}

Status SqliteSharedStore::addToSum(const Scopes &place, RowSum sum)
{
    // SQLite's own sums stop at 2^63.
    const std::string scopes = linesOf(place);
    auto *select = TRY(statement("SELECT sum FROM place WHERE scopes = ?1"));
    if (TRY(select->bindText(1, scopes).step()))
        sum += numberAt(*select, 0);
    select->reset();
    auto *keep = TRY(statement("INSERT OR REPLACE INTO place(scopes, sum) VALUES (?1, ?2)"));
    return keep->bindText(1, scopes).bind(2, stored(sum)).run();
}

Result<std::map<Scopes, RowSum>> SqliteSharedStore::sums()
{
    auto *select = TRY(statement("SELECT scopes, sum FROM place"));
    std::map<Scopes, RowSum> all;
    while (TRY(select->step()))
        all.emplace(scopesIn(select->text(0)), numberAt(*select, 1));
    select->reset();
    return all;
}

Status SqliteSharedStore::noteMove(const Move &move)
{
    auto *insert = TRY(statement(
        "INSERT OR IGNORE INTO moved(sequence, tbl, row, scopes, is_whole) VALUES (?1, ?2, ?3, ?4, "
        "?5)"));
    return insert->bind(1, stored(raw(move.sequence)))
        .bind(2, static_cast<std::int64_t>(move.row.table))
        .bindBlob(3, move.row.row.bytes())
        .bindText(4, linesOf(move.from))
        .bind(5, std::int64_t{move.isWhole})
        .run();
}

Result<std::vector<Move>> SqliteSharedStore::movesAfter(Sequence sequence)
{
    auto *select = TRY(
        statement("SELECT sequence, tbl, row, scopes, is_whole FROM moved WHERE sequence > ?1 "
                  "ORDER BY sequence, tbl, row"));
    select->bind(1, stored(raw(sequence)));
    std::vector<Move> moves;
    while (TRY(select->step()))
        moves.push_back({Sequence{numberAt(*select, 0)}, rowAt(*select, 1),
            scopesIn(select->text(3)), select->int64(4) != 0});
    select->reset();
    return moves;
}

Status SqliteSharedStore::noteViewChange(const Uuid &member, const ViewChange &change)
{
    auto *insert = TRY(statement("INSERT OR IGNORE INTO view_change(member, sequence, scopes, "
                                 "at_ms) VALUES (?1, ?2, ?3, ?4)"));
    return insert->bindBlob(1, member.bytes())
        .bind(2, stored(raw(change.sequence)))
        .bindText(3, linesOf(change.from))
        .bind(4, inMs(change.at))
        .run();
}

Result<std::vector<ViewChange>> SqliteSharedStore::viewChangesAfter(
    const Uuid &member, Sequence sequence)
{
    auto *select = TRY(statement("SELECT sequence, scopes, at_ms FROM view_change WHERE member = "
                                 "?1 AND sequence > ?2 ORDER BY sequence"));
    select->bindBlob(1, member.bytes()).bind(2, stored(raw(sequence)));
    std::vector<ViewChange> changes;
    while (TRY(select->step()))
        changes.push_back({Sequence{numberAt(*select, 0)}, scopesIn(select->text(1)),
            WallTime{select->int64(2)}});
    select->reset();
    return changes;
}

Status SqliteSharedStore::noteOrphan(const RowName &parent, const RowName &row)
{
    auto *insert = TRY(statement(
        "INSERT OR IGNORE INTO orphan(parent_tbl, parent, tbl, row) VALUES (?1, ?2, ?3, ?4)"));
    return insert->bind(1, static_cast<std::int64_t>(parent.table))
        .bindBlob(2, parent.row.bytes())
        .bind(3, static_cast<std::int64_t>(row.table))
        .bindBlob(4, row.row.bytes())
        .run();
}

Result<std::vector<RowName>> SqliteSharedStore::orphans()
{
    auto *select = TRY(statement("SELECT DISTINCT tbl, row FROM orphan ORDER BY tbl, row"));
    std::vector<RowName> rows;
    while (TRY(select->step()))
        rows.push_back(rowAt(*select, 0));
    select->reset();
    return rows;
}

Result<std::vector<RowName>> SqliteSharedStore::takeOrphans(const RowName &parent)
{
    std::vector<RowName> rows;
    auto *select
        = TRY(statement("SELECT tbl, row FROM orphan WHERE parent_tbl = ?1 AND parent = ?2"));
    select->bind(1, static_cast<std::int64_t>(parent.table)).bindBlob(2, parent.row.bytes());
    while (TRY(select->step()))
        rows.push_back(rowAt(*select, 0));
    select->reset();
    if (rows.empty())
        return rows;  // as for nearly every new row
    auto *erase = TRY(statement("DELETE FROM orphan WHERE parent_tbl = ?1 AND parent = ?2"));
    TRY_STATUS(erase->bind(1, static_cast<std::int64_t>(parent.table))
                   .bindBlob(2, parent.row.bytes())
                   .run());
    return rows;
}

Result<Life> SqliteSharedStore::life(const DeviceId &device, Incarnation incarnation)
{
    auto *select = TRY(statement(
        "SELECT accepted, chain, stamp, attempt FROM life WHERE device = ?1 AND incarnation = ?2"));
    Life life;
    if (TRY(select->bindBlob(1, device.bytes()).bind(2, stored(raw(incarnation))).step())) {
        life = {Counter{numberAt(*select, 0)}, Bytes(select->blob(1)), Stamp{numberAt(*select, 2)},
            numberAt(*select, 3)};
    }
    select->reset();
    return life;
}

Status SqliteSharedStore::keepLife(
    const DeviceId &device, Incarnation incarnation, const Life &life)
{
    auto *insert
        = TRY(statement("INSERT OR REPLACE INTO life(device, incarnation, accepted, chain, stamp, "
                        "attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    return insert->bindBlob(1, device.bytes())
        .bind(2, stored(raw(incarnation)))
        .bind(3, stored(raw(life.accepted)))
        .bindBlob(4, life.chain)
        .bind(5, stored(life.stamp))
        .bind(6, stored(life.attempt))
        .run();
}

Result<std::optional<Device>> SqliteSharedStore::deviceByKey(BytesView keyDigest)
{
    auto *select = TRY(statement("SELECT key_digest, device, member, name, is_revoked, is_wiped "
                                 "FROM enrolled WHERE key_digest = ?1"));
    std::optional<Device> device;
    if (TRY(select->bindBlob(1, keyDigest).step()))
        device = deviceAt(*select);
    select->reset();
    return device;
}

Result<std::vector<Device>> SqliteSharedStore::devices()
{
    auto *select = TRY(statement("SELECT key_digest, device, member, name, is_revoked, is_wiped "
                                 "FROM enrolled ORDER BY name, device"));
    std::vector<Device> devices;
    while (TRY(select->step()))
        devices.push_back(deviceAt(*select));
    select->reset();
    return devices;
}

Status SqliteSharedStore::keepDevice(const Device &device)
{
    auto *insert
        = TRY(statement("INSERT OR REPLACE INTO enrolled(key_digest, device, member, name, "
                        "is_revoked, is_wiped) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    return insert->bindBlob(1, device.keyDigest)
        .bindBlob(2, device.id.bytes())
        .bindBlob(3, device.member.bytes())
        .bindText(4, device.name)
        .bind(5, std::int64_t{device.isRevoked})
        .bind(6, std::int64_t{device.isWiped})
        .run();
}

Result<std::optional<Invitation>> SqliteSharedStore::invitation(BytesView secretDigest)
{
    auto *select = TRY(statement("SELECT secret_digest, member, expires_at_ms, is_used FROM "
                                 "invitation WHERE secret_digest = ?1"));
    std::optional<Invitation> invitation;
    if (TRY(select->bindBlob(1, secretDigest).step())) {
        invitation = Invitation{Bytes(select->blob(0)), uuidOf(select->blob(1)).value_or(Uuid{}),
            WallTime{select->int64(2)}, select->int64(3) != 0};
    }
    select->reset();
    return invitation;
}

Status SqliteSharedStore::keepInvitation(const Invitation &invitation)
{
    auto *insert
        = TRY(statement("INSERT OR REPLACE INTO invitation(secret_digest, member, expires_at_ms, "
                        "is_used) VALUES (?1, ?2, ?3, ?4)"));
    return insert->bindBlob(1, invitation.secretDigest)
        .bindBlob(2, invitation.member.bytes())
        .bind(3, inMs(invitation.expiresAt))
        .bind(4, std::int64_t{invitation.isUsed})
        .run();
}

Status SqliteSharedStore::quarantine(const Quarantined &group)
{
    auto *insert = TRY(statement(
        "INSERT OR REPLACE INTO quarantine(device, incarnation, counter, stamp, base, made_at_ms, "
        "actor, at_ms, reason, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
    const GroupHeader &header = group.header;
    return insert->bindBlob(1, header.id.device.bytes())
        .bind(2, stored(raw(header.id.incarnation)))
        .bind(3, stored(raw(header.id.counter)))
        .bind(4, stored(header.stamp))
        .bind(5, stored(raw(header.base)))
        .bind(6, inMs(header.madeAt))
        .bindBlob(7, header.actor.bytes())
        .bind(8, inMs(group.at))
        .bindText(9, group.reason)
        .bindBlob(10, group.body)
        .run();
}

Result<std::vector<Quarantined>> SqliteSharedStore::quarantined()
{
    auto *select
        = TRY(statement("SELECT device, incarnation, counter, stamp, base, made_at_ms, actor, "
                        "at_ms, reason, body FROM quarantine ORDER BY at_ms, device, counter"));
    std::vector<Quarantined> groups;
    while (TRY(select->step())) {
        Quarantined group;
        group.header.id = {uuidOf(select->blob(0)).value_or(Uuid{}),
            Incarnation{numberAt(*select, 1)}, Counter{numberAt(*select, 2)}};
        group.header.stamp = Stamp{numberAt(*select, 3)};
        group.header.base = Sequence{numberAt(*select, 4)};
        group.header.madeAt = WallTime{select->int64(5)};
        group.header.actor = uuidOf(select->blob(6)).value_or(Uuid{});
        group.at = WallTime{select->int64(7)};
        group.reason = std::string(select->text(8));
        group.body = Bytes(select->blob(9));
        groups.push_back(std::move(group));
    }
    select->reset();
    return groups;
}

Result<std::optional<Bytes>> SqliteSharedStore::fact(const std::string &name)
{
    auto *select = TRY(statement("SELECT value FROM meta WHERE name = ?1"));
    std::optional<Bytes> value;
    if (TRY(select->bindText(1, name).step()))
        value = Bytes(select->blob(0));
    select->reset();
    return value;
}

Status SqliteSharedStore::keepFact(const std::string &name, const Bytes &value)
{
    auto *insert = TRY(statement("INSERT OR REPLACE INTO meta(name, value) VALUES (?1, ?2)"));
    return insert->bindText(1, name).bindBlob(2, value).run();
}

}  // namespace tend::server
