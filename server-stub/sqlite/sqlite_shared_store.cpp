#include "server-stub/sqlite/sqlite_shared_store.h"

#include "embedded/shared_sql.h"

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
        uuidOf(select.blob(2)).value_or(Uuid{}), std::string(select.text(3)), select.int64(4) != 0};
}

}  // namespace

Result<std::unique_ptr<SqliteSharedStore>> SqliteSharedStore::open(
    const std::filesystem::path &path, const sqlite::OpenOptions &options, const Schema &schema)
{
    std::unique_ptr<SqliteSharedStore> store(
        new SqliteSharedStore(TRY(sqlite::Database::open(path, options))));
    auto migrations = recordMigrations();
    migrations.push_back(embedded::shared_sql);
    TRY_STATUS(sqlite::migrate(store->m_database, migrations));
    store->m_records = TRY(SqliteRecords::open(store->m_database, schema));
    return store;
}

Result<sqlite::Statement *> SqliteSharedStore::statement(const char *sql)
{
    auto at = m_statements.find(sql);
    if (at == m_statements.end())
        at = m_statements.emplace(sql, TRY(m_database.prepare(sql))).first;
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

Status SqliteSharedStore::appendBody(
    Sequence sequence, GroupRef group, const Bytes &body, const Bytes &digest)
{
    auto *insert
        = TRY(statement("INSERT INTO log(sequence, grp, digest, body) VALUES (?1, ?2, ?3, ?4)"));
    return insert->bind(1, stored(raw(sequence)))
        .bind(2, static_cast<std::int64_t>(group))
        .bindBlob(3, digest)
        .bindBlob(4, body)
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
    auto *select = TRY(statement(
        "SELECT key_digest, device, member, name, is_revoked FROM enrolled WHERE key_digest = ?1"));
    std::optional<Device> device;
    if (TRY(select->bindBlob(1, keyDigest).step()))
        device = deviceAt(*select);
    select->reset();
    return device;
}

Result<std::vector<Device>> SqliteSharedStore::devices()
{
    auto *select = TRY(statement(
        "SELECT key_digest, device, member, name, is_revoked FROM enrolled ORDER BY name, device"));
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
                        "is_revoked) VALUES (?1, ?2, ?3, ?4, ?5)"));
    return insert->bindBlob(1, device.keyDigest)
        .bindBlob(2, device.id.bytes())
        .bindBlob(3, device.member.bytes())
        .bindText(4, device.name)
        .bind(5, std::int64_t{device.isRevoked})
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
