// Groups, transactions and the list of what each group changed. Rows are in sqlite_rows.cpp.
#include "sync/records/sqlite_records.h"

#include "embedded/records_sql.h"
#include "sync/base/ensure.h"
#include "sync/records/table_sql.h"

namespace replica {

namespace {

constexpr std::size_t seenOctets = 32;
constexpr std::size_t headersKeptMax = 4096;

void putNumber(Bytes &bytes, std::uint64_t number, std::size_t octets)
{
    for (std::size_t i = 0; i < octets; ++i)
        bytes.push_back(static_cast<char>(number >> (8 * i)));
}

std::uint64_t takeNumber(BytesView bytes, std::size_t at, std::size_t octets)
{
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < octets; ++i)
        number |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
    return number;
}

}  // namespace

Bytes seenOctetsOf(const std::vector<GroupId> &groups)
{
    Bytes octets;
    for (const GroupId &seen : groups) {
        octets.append(seen.device.bytes());
        putNumber(octets, raw(seen.incarnation), 8);
        putNumber(octets, raw(seen.counter), 8);
    }
    return octets;
}

std::vector<GroupId> seenIn(BytesView bytes)
{
    std::vector<GroupId> seen;
    for (std::size_t at = 0; at + seenOctets <= bytes.size(); at += seenOctets) {
        seen.push_back({*uuidOf(bytes.substr(at, 16)), Incarnation{takeNumber(bytes, at + 16, 8)},
            Counter{takeNumber(bytes, at + 24, 8)}});
    }
    return seen;
}

namespace {

Bytes columnsOf(const Change &change)
{
    Bytes columns;
    for (const Assignment &assignment : change.assignments)
        putNumber(columns, static_cast<std::uint32_t>(assignment.column), 2);
    return columns;
}

template <typename Number>
std::int64_t stored(Number number)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(number));
}

}  // namespace

std::vector<std::string_view> recordMigrations()
{
    return {embedded::records_sql};
}

SqliteRecords::SqliteRecords(sqlite::Database &database, const Schema &schema, Remembers remembers)
    : m_database(database)
    , m_schema(schema)
    , m_remembers(remembers)
    , m_run(std::make_unique<Run>())
{
}

SqliteRecords::~SqliteRecords() = default;

Result<std::unique_ptr<SqliteRecords>> SqliteRecords::open(
    sqlite::Database &database, const Schema &schema, Remembers remembers)
{
    std::unique_ptr<SqliteRecords> records(new SqliteRecords(database, schema, remembers));
    TRY_STATUS(records->prepareTables());
    return records;
}

Result<sqlite::Statement *> SqliteRecords::statement(std::string_view sql)
{
    auto at = m_statements.find(sql);
    if (at == m_statements.end())
        at = m_statements.emplace(std::string(sql), TRY(m_database.prepare(sql))).first;
    at->second.reset();
    return &at->second;
}

Status SqliteRecords::begin()
{
    m_failure.reset();
    m_placeGroup = GroupRef{0};
    TRY_STATUS(m_database.execute("BEGIN IMMEDIATE"));
    // Another connection may have written meanwhile; what we remember of the database is then
    // stale.
    const auto version = m_database.queryInt("PRAGMA data_version");
    if (version && *version == m_dataVersion)
        return {};
    Status refreshed = version ? refreshNumbers() : tl::unexpected<Error>(version.error());
    if (!refreshed)
        rollback();
    else
        m_dataVersion = *version;
    return refreshed;
}

Status SqliteRecords::refreshNumbers()
{
    m_headers.clear();
    m_deviceNumbers.clear();
    for (auto &[id, sql] : m_tables) {
        const std::string number = std::to_string(static_cast<unsigned>(id));
        sql->nextN = TRY(m_database.queryInt("SELECT max(coalesce((SELECT max(_n) FROM \""
            + sql->table->name + "\"), 0), coalesce((SELECT max(n) FROM grave WHERE tbl = " + number
            + "), 0)) + 1"));
        sql->graves = TRY(m_database.queryInt("SELECT count(*) FROM grave WHERE tbl = " + number));
    }
    return {};
}

Status SqliteRecords::commit()
{
    TRY_STATUS(flushRun());
    if (m_failure)
        return tl::unexpected<Error>(*m_failure);
    return m_database.execute("COMMIT");
}

void SqliteRecords::rollback() noexcept
{
    static_cast<void>(m_database.execute("ROLLBACK"));
    m_run->count = 0;
    m_run->lastN = 0;
    m_dataVersion = 0;  // what the transaction gave out is given out again
    // For who reads before the next transaction; that one counts again, should this fail.
    static_cast<void>(refreshNumbers());
}

Result<std::int64_t> SqliteRecords::deviceNumber(const DeviceId &device)
{
    if (const auto at = m_deviceNumbers.find(device); at != m_deviceNumbers.end())
        return at->second;
    auto *insert
        = TRY(statement("INSERT INTO device_number(id) VALUES (?1) ON CONFLICT(id) DO NOTHING"));
    TRY_STATUS(insert->bindBlob(1, device.bytes()).run());
    auto *select = TRY(statement("SELECT number FROM device_number WHERE id = ?1"));
    const bool isThere = TRY(select->bindBlob(1, device.bytes()).step());
    ENSURE(isThere);
    const auto number = select->int64(0);
    select->reset();
    m_deviceNumbers.emplace(device, number);
    return number;
}

Result<DeviceId> SqliteRecords::deviceOf(std::int64_t number)
{
    for (const auto &[id, known] : m_deviceNumbers) {
        if (known == number)
            return id;
    }
    auto *select = TRY(statement("SELECT id FROM device_number WHERE number = ?1"));
    if (!TRY(select->bind(1, number).step()))
        return fail(
            ErrorCode::Corrupt, "device number " + std::to_string(number) + " is not known");
    const auto id = uuidOf(select->blob(0));
    select->reset();
    if (!id)
        return fail(ErrorCode::Corrupt, "a device's id is not 16 octets");
    m_deviceNumbers.emplace(*id, number);
    return *id;
}

Result<GroupHeader> SqliteRecords::readHeader(GroupRef group)
{
    auto *select = TRY(statement("SELECT device, incarnation, counter, stamp, base, sequence, "
                                 "made_at_ms, actor, also_seen FROM grp WHERE ord = ?1"));
    if (!TRY(select->bind(1, static_cast<std::int64_t>(group)).step()))
        return fail(ErrorCode::Corrupt,
            "group " + std::to_string(static_cast<std::int64_t>(group)) + " is missing");
    const auto unsignedAt = [&](int column) {
        return static_cast<std::uint64_t>(select->int64(column));
    };
    GroupHeader header;
    const auto device = select->int64(0);
    header.id.incarnation = Incarnation{unsignedAt(1)};
    header.id.counter = Counter{unsignedAt(2)};
    header.stamp = Stamp{unsignedAt(3)};
    header.base = Sequence{unsignedAt(4)};
    header.sequence = Sequence{unsignedAt(5)};
    header.madeAt = WallTime{select->int64(6)};
    header.actor = uuidOf(select->blob(7)).value_or(Uuid{});
    header.alsoSeen = seenIn(select->blob(8));
    select->reset();
    header.id.device = TRY(deviceOf(device));
    return header;
}

const GroupHeader &SqliteRecords::header(GroupRef group)
{
    const auto key = static_cast<std::int64_t>(group);
    if (const auto at = m_headers.find(key); at != m_headers.end())
        return *at->second;
    auto read = readHeader(group);
    if (!read && !m_failure)
        m_failure = read.error();
    auto kept = std::make_unique<GroupHeader>(read ? std::move(*read) : GroupHeader{});
    return *m_headers.emplace(key, std::move(kept)).first->second;
}

Status SqliteRecords::bindHeader(
    sqlite::Statement &into, const GroupHeader &header, Bytes &alsoSeen)
{
    alsoSeen = seenOctetsOf(header.alsoSeen);
    into.bind(1, TRY(deviceNumber(header.id.device)))
        .bind(2, stored(header.id.incarnation))
        .bind(3, stored(header.id.counter))
        .bind(4, stored(header.stamp))
        .bind(5, stored(header.base))
        .bind(6, stored(header.sequence))
        .bind(7, inMs(header.madeAt));
    header.actor.isNil() ? into.bindNull(8) : into.bindBlob(8, header.actor.bytes());
    alsoSeen.empty() ? into.bindNull(9) : into.bindBlob(9, alsoSeen);
    return {};
}

Result<GroupRef> SqliteRecords::addGroup(const GroupHeader &header)
{
    if (m_headers.size() > headersKeptMax)
        m_headers.clear();
    auto *insert = TRY(statement(
        "INSERT INTO grp(device, incarnation, counter, stamp, base, sequence, made_at_ms, actor, "
        "also_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING ord"));
    Bytes alsoSeen;
    TRY_STATUS(bindHeader(*insert, header, alsoSeen));
    const bool isThere = TRY(insert->step());
    ENSURE(isThere);
    const GroupRef group{insert->int64(0)};
    insert->reset();
    m_headers[static_cast<std::int64_t>(group)] = std::make_unique<GroupHeader>(header);
    return group;
}

Result<std::optional<GroupRef>> SqliteRecords::findGroup(const GroupId &id)
{
    auto *select = TRY(
        statement("SELECT ord FROM grp WHERE device = ?1 AND incarnation = ?2 AND counter = ?3"));
    const auto device = TRY(deviceNumber(id.device));
    const bool isThere = TRY(
        select->bind(1, device).bind(2, stored(id.incarnation)).bind(3, stored(id.counter)).step());
    std::optional<GroupRef> group;
    if (isThere)
        group = GroupRef{select->int64(0)};
    select->reset();
    return group;
}

Status SqliteRecords::changeGroup(GroupRef group, const GroupHeader &header)
{
    auto *update = TRY(statement(
        "UPDATE grp SET device = ?1, incarnation = ?2, counter = ?3, stamp = ?4, base = ?5, "
        "sequence = ?6, made_at_ms = ?7, actor = ?8, also_seen = ?9 WHERE ord = ?10"));
    Bytes alsoSeen;
    TRY_STATUS(bindHeader(*update, header, alsoSeen));
    TRY_STATUS(update->bind(10, static_cast<std::int64_t>(group)).run());
    m_headers[static_cast<std::int64_t>(group)] = std::make_unique<GroupHeader>(header);
    return {};
}

Status SqliteRecords::removeGroup(GroupRef group)
{
    auto *erase = TRY(statement("DELETE FROM grp WHERE ord = ?1"));
    TRY_STATUS(erase->bind(1, static_cast<std::int64_t>(group)).run());
    m_headers.erase(static_cast<std::int64_t>(group));
    return {};
}

Result<std::vector<GroupRef>> SqliteRecords::unacceptedGroups()
{
    std::vector<GroupRef> groups;
    // The plus keeps SQLite from walking all groups in their order to find the few that wait.
    auto *select = TRY(statement("SELECT ord FROM grp WHERE sequence = 0 ORDER BY +ord"));
    while (TRY(select->step()))
        groups.push_back(GroupRef{select->int64(0)});
    select->reset();
    return groups;
}

Result<bool> SqliteRecords::hasUnaccepted()
{
    auto *select = TRY(statement("SELECT EXISTS(SELECT 1 FROM grp WHERE sequence = 0)"));
    const bool has = TRY(select->step()) && select->int64(0) != 0;
    select->reset();
    return has;
}

// The life with something unaccepted whose first such group was added before the others'.
Result<std::optional<SqliteRecords::Life>> SqliteRecords::firstUnacceptedLife()
{
    std::optional<Life> first;
    GroupRef firstGroup{};
    // From life to life, whatever waits in each.
    auto *select = TRY(statement("SELECT device, incarnation, ord FROM grp WHERE sequence = 0 AND "
                                 "(device, incarnation) > (?1, ?2) ORDER BY device, incarnation, "
                                 "counter LIMIT 1"));
    Life at{0, 0};
    while (TRY(select->reset().bind(1, at.device).bind(2, at.incarnation).step())) {
        at = {select->int64(0), select->int64(1)};
        const GroupRef group{select->int64(2)};
        if (!first || group < firstGroup) {
            first = at;
            firstGroup = group;
        }
    }
    select->reset();
    return first;
}

Result<std::vector<GroupRef>> SqliteRecords::firstUnaccepted(
    std::size_t countMax, const std::optional<GroupId> &after)
{
    std::vector<GroupRef> groups;
    std::optional<Life> life;
    std::int64_t behind = -1;
    if (after) {
        life = Life{TRY(deviceNumber(after->device)), stored(after->incarnation)};
        behind = stored(after->counter);
    } else {
        life = TRY(firstUnacceptedLife());
    }
    if (!life)
        return groups;
    auto *select = TRY(statement("SELECT ord FROM grp WHERE sequence = 0 AND device = ?1 AND "
                                 "incarnation = ?2 AND counter > ?3 ORDER BY counter LIMIT ?4"));
    select->bind(1, life->device)
        .bind(2, life->incarnation)
        .bind(3, behind)
        .bind(4, static_cast<std::int64_t>(countMax));
    while (TRY(select->step()))
        groups.push_back(GroupRef{select->int64(0)});
    select->reset();
    return groups;
}

Result<std::vector<GroupRef>> SqliteRecords::groupsAfter(Sequence sequence)
{
    std::vector<GroupRef> groups;
    auto *select = TRY(
        statement("SELECT ord FROM grp WHERE sequence > ?1 AND sequence > 0 ORDER BY sequence"));
    select->bind(1, stored(sequence));
    while (TRY(select->step()))
        groups.push_back(GroupRef{select->int64(0)});
    select->reset();
    return groups;
}

Result<Counter> SqliteRecords::lastCounter(const DeviceId &device, Incarnation incarnation)
{
    const auto number = TRY(deviceNumber(device));
    auto *select = TRY(statement(
        "SELECT coalesce(max(counter), 0) FROM grp WHERE device = ?1 AND incarnation = ?2"));
    const bool isThere = TRY(select->bind(1, number).bind(2, stored(incarnation)).step());
    const Counter last{isThere ? static_cast<std::uint64_t>(select->int64(0)) : 0U};
    select->reset();
    return last;
}

Status SqliteRecords::flushRun()
{
    if (m_run->count == 0)
        return {};
    auto *insert = TRY(statement("INSERT INTO change(grp, place, tbl, kind, first_n, count) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    TRY_STATUS(insert->bind(1, static_cast<std::int64_t>(m_run->group))
                   .bind(2, ++m_place)
                   .bind(3, static_cast<std::int64_t>(m_run->table))
                   .bind(4, static_cast<std::int64_t>(ChangeKind::Insert))
                   .bind(5, m_run->first)
                   .bind(6, m_run->count)
                   .run());
    m_run->count = 0;
    return {};
}

Status SqliteRecords::recordChange(GroupRef group, const Change &change)
{
    if (m_remembers == Remembers::RowsOnly)
        return {};
    if (m_placeGroup != group) {
        TRY_STATUS(flushRun());
        auto *select = TRY(statement("SELECT coalesce(max(place), 0) FROM change WHERE grp = ?1"));
        const bool isThere = TRY(select->bind(1, static_cast<std::int64_t>(group)).step());
        m_place = isThere ? select->int64(0) : 0;
        select->reset();
        m_placeGroup = group;
    }
    Run &run = *m_run;
    const bool isFresh = change.kind == ChangeKind::Insert && run.lastN != 0
        && run.lastRow == change.row && run.lastTable == change.table;
    if (isFresh) {
        const bool continues
            = run.count > 0 && run.table == change.table && run.first + run.count == run.lastN;
        if (!continues) {
            TRY_STATUS(flushRun());
            run.group = group;
            run.table = change.table;
            run.first = run.lastN;
        }
        ++run.count;
        run.lastN = 0;
        return {};
    }
    TRY_STATUS(flushRun());
    auto *insert = TRY(statement("INSERT INTO change(grp, place, tbl, kind, count, row, columns) "
                                 "VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)"));
    const Bytes columns = columnsOf(change);
    return insert->bind(1, static_cast<std::int64_t>(group))
        .bind(2, ++m_place)
        .bind(3, static_cast<std::int64_t>(change.table))
        .bind(4, static_cast<std::int64_t>(change.kind))
        .bindBlob(5, change.row.bytes())
        .bindBlob(6, columns)
        .run();
}

Result<std::size_t> SqliteRecords::countChangesOf(GroupRef group)
{
    TRY_STATUS(flushRun());
    auto *select = TRY(statement("SELECT coalesce(sum(count), 0) FROM change WHERE grp = ?1"));
    const bool isThere = TRY(select->bind(1, static_cast<std::int64_t>(group)).step());
    const auto count = isThere ? static_cast<std::size_t>(select->int64(0)) : 0;
    select->reset();
    return count;
}

Status SqliteRecords::forgetChanges(GroupRef group)
{
    TRY_STATUS(flushRun());
    m_placeGroup = GroupRef{0};
    auto *erase = TRY(statement("DELETE FROM change WHERE grp = ?1"));
    return erase->bind(1, static_cast<std::int64_t>(group)).run();
}

Status SqliteRecords::forgetChange(GroupRef group, TableId table, const RowId &row, std::int64_t n)
{
    TRY_STATUS(flushRun());
    m_placeGroup = GroupRef{0};
    auto *erase = TRY(statement("DELETE FROM change WHERE grp = ?1 AND tbl = ?2 AND row = ?3"));
    TRY_STATUS(erase->bind(1, static_cast<std::int64_t>(group))
                   .bind(2, static_cast<std::int64_t>(table))
                   .bindBlob(3, row.bytes())
                   .run());
    auto *select = TRY(statement("SELECT place, first_n, count, (SELECT max(place) FROM change "
                                 "WHERE grp = ?1) FROM change WHERE grp = ?1 AND tbl = ?2 AND "
                                 "first_n <= ?3 AND first_n + count > ?3"));
    select->bind(1, static_cast<std::int64_t>(group)).bind(2, static_cast<std::int64_t>(table));
    if (!TRY(select->bind(3, n).step())) {
        select->reset();
        return {};
    }
    const auto place = select->int64(0);
    const auto first = select->int64(1);
    const auto count = select->int64(2);
    const auto last = select->int64(3);
    select->reset();
    auto *drop = TRY(statement("DELETE FROM change WHERE grp = ?1 AND place = ?2"));
    TRY_STATUS(drop->bind(1, static_cast<std::int64_t>(group)).bind(2, place).run());
    // What stood before and after it in the run.
    const std::pair<std::int64_t, std::int64_t> parts[] = {{first, n}, {n + 1, first + count}};
    std::int64_t at = place;
    for (const auto &[from, to] : parts) {
        if (from == to)
            continue;
        auto *insert = TRY(statement("INSERT INTO change(grp, place, tbl, kind, first_n, count) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
        TRY_STATUS(insert->bind(1, static_cast<std::int64_t>(group))
                       .bind(2, at)
                       .bind(3, static_cast<std::int64_t>(table))
                       .bind(4, static_cast<std::int64_t>(ChangeKind::Insert))
                       .bind(5, from)
                       .bind(6, to - from)
                       .run());
        at = last + 1;
    }
    return {};
}

Result<std::vector<Change>> SqliteRecords::changesOf(GroupRef group)
{
    struct Entry {
        TableId table{};
        ChangeKind kind{};
        std::int64_t first = 0;
        std::int64_t count = 0;
        RowId row;
        Bytes columns;
    };

    TRY_STATUS(flushRun());
    std::vector<Entry> entries;
    auto *select = TRY(statement("SELECT tbl, kind, first_n, count, row, columns FROM change WHERE "
                                 "grp = ?1 ORDER BY place"));
    select->bind(1, static_cast<std::int64_t>(group));
    while (TRY(select->step())) {
        Entry entry{TableId{static_cast<std::uint32_t>(select->int64(0))},
            ChangeKind{static_cast<std::uint8_t>(select->int64(1))}, select->int64(2),
            select->int64(3), {}, Bytes(select->blob(5))};
        if (!select->isNull(4))
            entry.row = uuidOf(select->blob(4)).value_or(Uuid{});
        entries.push_back(std::move(entry));
    }
    select->reset();

    std::vector<Change> changes;
    for (const Entry &entry : entries) {
        TableSql &sql = *TRY(sqlOf(entry.table));
        if (entry.first != 0) {
            for (Change &change : TRY(changesOfRun(sql, group, entry.first, entry.count)))
                changes.push_back(std::move(change));
        } else {
            changes.push_back(TRY(retell(sql, group, entry.kind, entry.row, entry.columns)));
        }
    }
    return changes;
}

Result<std::vector<Change>> SqliteRecords::changesOfRun(
    TableSql &sql, GroupRef group, std::int64_t first, std::int64_t count)
{
    std::vector<Change> changes;
    changes.reserve(static_cast<std::size_t>(count));
    const bool hasCells = TRY(m_database.queryInt("SELECT EXISTS(SELECT 1 FROM cell WHERE tbl = "
                              + std::to_string(static_cast<unsigned>(sql.table->id)) + ")"))
        != 0;
    for (std::int64_t n = first; n < first + count; ++n) {
        sql.selectByN.reset().bind(1, n);
        if (TRY(sql.selectByN.step())) {
            const auto row = uuidOf(sql.selectByN.blob(0)).value_or(Uuid{});
            if (!hasCells && sql.selectByN.int64(1) == static_cast<std::int64_t>(group)) {
                // Untouched since: the row is the change.
                Change change{sql.table->id, row, ChangeKind::Insert, {}};
                for (std::size_t i = 0; i < sql.table->columns.size(); ++i) {
                    Value value = valueAt(sql.selectByN, static_cast<int>(i) + 2);
                    if (!isEmpty(value))
                        change.assignments.push_back({sql.table->columns[i].id, std::move(value)});
                }
                sql.selectByN.reset();
                changes.push_back(std::move(change));
                continue;
            }
            sql.selectByN.reset();
            changes.push_back(TRY(retell(sql, group, ChangeKind::Insert, row, {})));
            continue;
        }
        auto *select = TRY(statement("SELECT row FROM grave WHERE tbl = ?1 AND n = ?2"));
        select->bind(1, static_cast<std::int64_t>(sql.table->id)).bind(2, n);
        if (!TRY(select->step()))
            return fail(ErrorCode::Corrupt,
                sql.table->name + ": row number " + std::to_string(n) + " is lost");
        const auto row = uuidOf(select->blob(0)).value_or(Uuid{});
        select->reset();
        changes.push_back(TRY(retell(sql, group, ChangeKind::Insert, row, {})));
    }
    return changes;
}

// What one group wrote to a row and others overwrote since. By column, where those are known: a row
// that was edited thousands of times costs no more than another.
Status SqliteRecords::readWritten(TableId table, const RowId &row, GroupRef group,
    BytesView columns, std::map<ColumnId, Value> &written)
{
    const auto read = [&](sqlite::Statement &select) -> Status {
        while (TRY(select.step()))
            written[ColumnId{static_cast<std::uint32_t>(select.int64(0))}] = valueAt(select, 1);
        select.reset();
        return {};
    };
    if (columns.empty()) {
        auto *select = TRY(statement("SELECT col, value FROM history WHERE tbl = ?1 AND row = ?2 "
                                     "AND grp = ?3 AND col > 0"));
        select->bind(1, static_cast<std::int64_t>(table))
            .bindBlob(2, row.bytes())
            .bind(3, static_cast<std::int64_t>(group));
        return read(*select);
    }
    for (std::size_t at = 0; at + 2 <= columns.size(); at += 2) {
        auto *select = TRY(statement("SELECT col, value FROM history WHERE tbl = ?1 AND row = ?2 "
                                     "AND col = ?3 AND grp = ?4"));
        select->bind(1, static_cast<std::int64_t>(table))
            .bindBlob(2, row.bytes())
            .bind(3, static_cast<std::int64_t>(takeNumber(columns, at, 2)))
            .bind(4, static_cast<std::int64_t>(group));
        TRY_STATUS(read(*select));
    }
    return {};
}

Result<Change> SqliteRecords::retell(
    TableSql &sql, GroupRef group, ChangeKind kind, const RowId &row, BytesView columns)
{
    Change change{sql.table->id, row, kind, {}};
    std::map<ColumnId, Value> written;
    for (const Head &head : TRY(load(sql.table->id, row)).heads) {
        if (head.group == group && head.column != existence)
            written[head.column] = head.value;
    }
    TRY_STATUS(readWritten(sql.table->id, row, group, columns, written));
    for (std::size_t at = 0; at + 2 <= columns.size(); at += 2) {
        const ColumnId column{static_cast<std::uint32_t>(takeNumber(columns, at, 2))};
        change.assignments.push_back({column, written[column]});
    }
    if (kind == ChangeKind::Insert && columns.empty()) {
        for (auto &[column, value] : written)
            change.assignments.push_back({column, std::move(value)});
    }
    return change;
}

}  // namespace replica
