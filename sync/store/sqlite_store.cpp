#include "sync/store/sqlite_store.h"

#include "embedded/staged_sql.h"
#include "embedded/store_sql.h"
#include "embedded/waiting_sql.h"

namespace replica {

namespace {

template <typename Number>
std::int64_t stored(Number number)
{
    return static_cast<std::int64_t>(number);
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(
    const std::filesystem::path &path, const sqlite::OpenOptions &options, const Schema &schema)
{
    sqlite::Database database = TRY(sqlite::Database::open(path, options));
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(database)));
    auto migrations = recordMigrations();
    migrations.push_back(embedded::store_sql);
    migrations.push_back(embedded::staged_sql);
    migrations.push_back(embedded::waiting_sql);
    TRY_STATUS(sqlite::migrate(store->m_database, migrations));
    store->m_records = TRY(SqliteRecords::open(store->m_database, schema));
    return store;
}

Result<std::optional<Bytes>> SqliteStore::fact(const std::string &name)
{
    auto select = TRY(m_database.prepare("SELECT value FROM meta WHERE name = ?1"));
    std::optional<Bytes> value;
    if (TRY(select.bindText(1, name).step()))
        value = Bytes(select.blob(0));
    return value;
}

Status SqliteStore::keepFact(const std::string &name, const Bytes &value)
{
    auto insert
        = TRY(m_database.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES (?1, ?2)"));
    return insert.bindText(1, name).bindBlob(2, value).run();
}

Status SqliteStore::dropFact(const std::string &name)
{
    auto erase = TRY(m_database.prepare("DELETE FROM meta WHERE name = ?1"));
    return erase.bindText(1, name).run();
}

Result<OwnGroup> SqliteStore::ownGroup(const GroupId &id)
{
    auto select = TRY(
        m_database.prepare("SELECT digest, chain, was_accepted, body, former FROM own_group WHERE "
                           "incarnation = ?1 AND counter = ?2"));
    OwnGroup own;
    if (TRY(select.bind(1, stored(raw(id.incarnation))).bind(2, stored(raw(id.counter))).step())) {
        own = {Bytes(select.blob(0)), Bytes(select.blob(1)), Bytes(select.blob(3)),
            select.int64(2) != 0, {}};
        for (const GroupId &former : seenIn(select.blob(4)))
            own.former = former;
    }
    return own;
}

Status SqliteStore::keepOwnGroup(const GroupId &id, const OwnGroup &own)
{
    auto insert = TRY(m_database.prepare(
        "INSERT OR REPLACE INTO own_group(incarnation, counter, digest, chain, was_accepted, "
        "body, former) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    const Bytes former = own.former ? seenOctetsOf({*own.former}) : Bytes();
    return insert.bind(1, stored(raw(id.incarnation)))
        .bind(2, stored(raw(id.counter)))
        .bindBlob(3, own.digest)
        .bindBlob(4, own.chain)
        .bind(5, std::int64_t{own.isStampFinal})
        .bindBlob(6, own.body)
        .bindBlob(7, former)
        .run();
}

Result<std::vector<Store::LifeCounter>> SqliteStore::keptBodies()
{
    auto select = TRY(
        m_database.prepare("SELECT incarnation, counter FROM own_group WHERE length(body) > 0"));
    std::vector<LifeCounter> kept;
    while (TRY(select.step()))
        kept.push_back({Incarnation{static_cast<std::uint64_t>(select.int64(0))},
            Counter{static_cast<std::uint64_t>(select.int64(1))}});
    return kept;
}

Status SqliteStore::dropBodies()
{
    return m_database.execute("UPDATE own_group SET body = x'' WHERE length(body) > 0");
}

Status SqliteStore::setAside(const SetAside &group)
{
    auto insert = TRY(m_database.prepare("INSERT OR REPLACE INTO aside(device, incarnation, "
                                         "counter, stamp, made_at_ms, at_ms, is_own, reason, body, "
                                         "base, also_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                                         "?9, ?10, ?11)"));
    const GroupHeader &header = group.header;
    const Bytes alsoSeen = seenOctetsOf(header.alsoSeen);
    return insert.bindBlob(1, header.id.device.bytes())
        .bind(2, stored(raw(header.id.incarnation)))
        .bind(3, stored(raw(header.id.counter)))
        .bind(4, stored(static_cast<std::uint64_t>(header.stamp)))
        .bind(5, inMs(header.madeAt))
        .bind(6, inMs(group.at))
        .bind(7, std::int64_t{group.isOwn})
        .bindText(8, group.reason)
        .bindBlob(9, group.body)
        .bind(10, stored(raw(header.base)))
        .bindBlob(11, alsoSeen)
        .run();
}

Status SqliteStore::forgetAside(const GroupId &id)
{
    auto erase = TRY(m_database.prepare(
        "DELETE FROM aside WHERE device = ?1 AND incarnation = ?2 AND counter = ?3"));
    return erase.bindBlob(1, id.device.bytes())
        .bind(2, stored(raw(id.incarnation)))
        .bind(3, stored(raw(id.counter)))
        .run();
}

Result<std::vector<SetAside>> SqliteStore::asides()
{
    auto select = TRY(m_database.prepare(
        "SELECT device, incarnation, counter, stamp, made_at_ms, at_ms, is_own, reason, body, "
        "base, also_seen FROM aside ORDER BY at_ms, device, incarnation, counter"));
    std::vector<SetAside> groups;
    while (TRY(select.step())) {
        SetAside group;
        group.header.id.device = uuidOf(select.blob(0)).value_or(Uuid{});
        group.header.id.incarnation = Incarnation{static_cast<std::uint64_t>(select.int64(1))};
        group.header.id.counter = Counter{static_cast<std::uint64_t>(select.int64(2))};
        group.header.stamp = Stamp{static_cast<std::uint64_t>(select.int64(3))};
        group.header.madeAt = WallTime{select.int64(4)};
        group.at = WallTime{select.int64(5)};
        group.isOwn = select.int64(6) != 0;
        group.reason = std::string(select.text(7));
        group.body = Bytes(select.blob(8));
        group.header.base = Sequence{static_cast<std::uint64_t>(select.int64(9))};
        group.header.alsoSeen = seenIn(select.blob(10));
        groups.push_back(std::move(group));
    }
    return groups;
}

Status SqliteStore::stagePart(const Bytes &part)
{
    auto insert = TRY(m_database.prepare("INSERT INTO staged(number, part) VALUES ((SELECT "
                                         "coalesce(max(number), 0) + 1 FROM staged), ?1)"));
    return insert.bindBlob(1, part).run();
}

Result<std::optional<Bytes>> SqliteStore::stagedPart(std::int64_t number)
{
    auto select = TRY(m_database.prepare("SELECT part FROM staged WHERE number = ?1"));
    std::optional<Bytes> part;
    if (TRY(select.bind(1, number).step()))
        part = Bytes(select.blob(0));
    return part;
}

Status SqliteStore::dropStaged()
{
    return m_database.execute("DELETE FROM staged");
}

Status SqliteStore::noteMerge(const MergeNote &note)
{
    auto insert = TRY(m_database.prepare("INSERT OR IGNORE INTO merge_note(tbl, row, mine, theirs, "
                                         "at_ms) VALUES (?1, ?2, ?3, ?4, ?5)"));
    return insert.bind(1, stored(note.table))
        .bindBlob(2, note.row.bytes())
        .bind(3, stored(note.mine))
        .bind(4, stored(note.theirs))
        .bind(5, inMs(note.at))
        .run();
}

Result<std::vector<MergeNote>> SqliteStore::mergeNotes(int countMax)
{
    auto select = TRY(m_database.prepare(
        "SELECT id, tbl, row, mine, theirs, at_ms FROM merge_note ORDER BY id DESC LIMIT ?1"));
    select.bind(1, std::int64_t{countMax});
    std::vector<MergeNote> notes;
    while (TRY(select.step())) {
        notes.push_back({select.int64(0), TableId{static_cast<std::uint32_t>(select.int64(1))},
            uuidOf(select.blob(2)).value_or(Uuid{}), GroupRef{select.int64(3)},
            GroupRef{select.int64(4)}, WallTime{select.int64(5)}});
    }
    return notes;
}

Status SqliteStore::dropMergeNote(std::int64_t id)
{
    auto erase = TRY(m_database.prepare("DELETE FROM merge_note WHERE id = ?1"));
    return erase.bind(1, id).run();
}

}  // namespace replica
