// Carrying out an import. Undoing one is in import_undo.cpp.
#include "app/interop/import_run.h"

#include <algorithm>

#include "app/journal/tables.h"
#include "sync/crypto/digest.h"
#include "sync/records/table_sql.h"

namespace tend {

using namespace replica;

namespace {

// What a group takes (decision 7), with room for what encoding adds.
constexpr std::size_t groupRows = 1'000;
constexpr std::size_t groupOctets = 768U << 10U;

void putNumber(Bytes &octets, std::uint64_t number)
{
    for (unsigned i = 0; i < 8; ++i)
        octets.push_back(static_cast<char>(number >> (8 * i)));
}

}  // namespace

std::size_t ImportPlan::count(Verdict verdict) const
{
    return static_cast<std::size_t>(std::count_if(records.begin(), records.end(),
        [&](const PlannedRecord &record) { return record.verdict == verdict; }));
}

void ImportPlan::reject(const InputFault &fault)
{
    PlannedRecord record;
    record.line = fault.line;
    record.verdict = Verdict::Reject;
    record.reason = fault.reason;
    record.text = fault.text;
    records.push_back(std::move(record));
}

std::size_t roughOctetsOf(const Change &change)
{
    std::size_t octets = 32;
    for (const Assignment &given : change.assignments)
        octets += octetsOf(given.value) + 4;
    return octets;
}

std::vector<std::vector<Change>> inGroups(const std::vector<Change> &changes)
{
    std::vector<std::vector<Change>> groups;
    std::size_t octets = 0;
    for (const Change &change : changes) {
        const std::size_t more = roughOctetsOf(change);
        if (groups.empty() || groups.back().size() == groupRows || octets + more > groupOctets) {
            groups.emplace_back();
            octets = 0;
        }
        octets += more;
        groups.back().push_back(change);
    }
    return groups;
}

std::string fingerprintOf(const std::vector<Assignment> &assignments)
{
    Bytes octets;
    for (const Assignment &given : assignments) {
        if (isEmpty(given.value))
            continue;
        putNumber(octets, static_cast<std::uint64_t>(given.column));
        putNumber(octets, given.value.index());
        if (const auto *number = std::get_if<std::int64_t>(&given.value)) {
            putNumber(octets, static_cast<std::uint64_t>(*number));
        } else if (const auto *real = std::get_if<double>(&given.value)) {
            octets += std::to_string(*real);
        } else {
            const auto *text = std::get_if<std::string>(&given.value);
            const Bytes &held = text ? *text : std::get<Blob>(given.value).octets;
            putNumber(octets, held.size());
            octets += held;
        }
    }
    return toHex(crypto::sha256(octets).substr(0, 8));
}

Status ImportRuns::makeTables()
{
    return m_store.database().execute(
        "CREATE TABLE IF NOT EXISTS import_run(id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER "
        "NOT NULL, file TEXT NOT NULL, format TEXT NOT NULL, made INTEGER NOT NULL, changed "
        "INTEGER NOT NULL, undone_at_ms INTEGER) STRICT;"
        // col 0: the row was made; what it then said is `after`.
        "CREATE TABLE IF NOT EXISTS import_row(run INTEGER NOT NULL, tbl INTEGER NOT NULL, row "
        "BLOB NOT NULL, col INTEGER NOT NULL, before ANY, after ANY, PRIMARY KEY(run, tbl, row, "
        "col)) STRICT, WITHOUT ROWID;"
        // The last group it made: what wrote a column is the import's, or came after it.
        "CREATE TABLE IF NOT EXISTS import_group(run INTEGER PRIMARY KEY, last INTEGER NOT NULL) "
        "STRICT;"
        "CREATE TABLE IF NOT EXISTS import_mapping(headers TEXT PRIMARY KEY, mapping TEXT NOT "
        "NULL) STRICT, WITHOUT ROWID;");
}

Status ImportRuns::keepFiles(const ImportPlan &plan)
{
    for (const PlannedFile &file : plan.files) {
        for (std::size_t i = 0; i < file.manifest.chunkCount(); ++i)
            TRY_STATUS(m_files->keep(file.manifest, i,
                BytesView(file.octets).substr(i * chunkOctets, file.manifest.chunkSize(i))));
    }
    return {};
}

Result<std::int64_t> ImportRuns::carryOut(const ImportPlan &plan)
{
    std::vector<Change> changes;
    for (const PlannedRecord &record : plan.records) {
        for (const PlannedChange &planned : record.changes)
            changes.push_back(planned.change);
    }
    if (changes.empty())
        return 0;
    TRY_STATUS(makeTables());
    std::optional<FileStore::Hold> held;
    if (m_files && !plan.files.empty()) {
        held.emplace(TRY(m_files->hold()));
        TRY_STATUS(keepFiles(plan));
    }
    std::int64_t id = 0;
    TRY_STATUS(m_replica.commitAll(inGroups(changes), [&]() -> Status {
        auto insert = TRY(m_store.database().prepare(
            "INSERT INTO import_run(at_ms, file, format, made, changed) VALUES (?1, ?2, ?3, ?4, "
            "?5) RETURNING id"));
        insert.bind(1, inMs(m_replica.now()))
            .bindText(2, plan.file)
            .bindText(3, plan.format)
            .bind(4, static_cast<std::int64_t>(plan.count(Verdict::Make)))
            .bind(5, static_cast<std::int64_t>(plan.count(Verdict::Change)));
        if (!TRY(insert.step()))
            return fail(ErrorCode::Io, "the import could not be noted");
        id = insert.int64(0);
        insert.reset();
        return note(id, plan);
    }));
    return id;
}

Status ImportRuns::note(std::int64_t run, const ImportPlan &plan)
{
    for (const PlannedRecord &record : plan.records) {
        for (const PlannedChange &planned : record.changes)
            TRY_STATUS(noteChange(run, planned));
    }
    auto last
        = TRY(m_store.database().prepare("INSERT INTO import_group SELECT ?1, max(ord) FROM grp"));
    return last.bind(1, run).run();
}

Status ImportRuns::noteChange(std::int64_t run, const PlannedChange &planned)
{
    const Change &change = planned.change;
    auto insert = TRY(m_store.database().prepare(
        "INSERT INTO import_row(run, tbl, row, col, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT DO UPDATE SET after = excluded.after"));
    const auto put = [&](ColumnId column, const Value &before, const Value &after) -> Status {
        insert.reset()
            .bind(1, run)
            .bind(2, static_cast<std::int64_t>(change.table))
            .bindBlob(3, change.row.bytes())
            .bind(4, static_cast<std::int64_t>(column));
        bindValue(insert, 5, before);
        bindValue(insert, 6, after);
        return insert.run();
    };
    if (change.kind == ChangeKind::Insert)
        return put(existence, {}, fingerprintOf(change.assignments));
    for (std::size_t i = 0; i < change.assignments.size(); ++i)
        TRY_STATUS(
            put(change.assignments[i].column, planned.before[i], change.assignments[i].value));
    return {};
}

Result<std::optional<std::int64_t>> ImportRuns::runOf(TableId table, const RowId &row)
{
    TRY_STATUS(makeTables());
    auto select = TRY(m_store.database().prepare(
        "SELECT r.id FROM import_run r JOIN import_row i ON i.run = r.id WHERE r.undone_at_ms IS "
        "NULL AND i.tbl = ?1 AND i.row = ?2 ORDER BY r.id DESC LIMIT 1"));
    select.bind(1, static_cast<std::int64_t>(table)).bindBlob(2, row.bytes());
    std::optional<std::int64_t> run;
    if (TRY(select.step()))
        run = select.int64(0);
    return run;
}

Result<std::vector<ImportedRun>> ImportRuns::list()
{
    TRY_STATUS(makeTables());
    std::vector<ImportedRun> runs;
    auto select = TRY(m_store.database().prepare(
        "SELECT id, at_ms, file, format, made, changed, undone_at_ms FROM import_run ORDER BY id "
        "DESC"));
    while (TRY(select.step()))
        runs.push_back({select.int64(0), WallTime{select.int64(1)}, std::string(select.text(2)),
            std::string(select.text(3)), select.int64(4), select.int64(5), !select.isNull(6)});
    return runs;
}

Result<std::optional<std::string>> ImportRuns::rememberedMapping(const std::string &headers)
{
    TRY_STATUS(makeTables());
    auto select
        = TRY(m_store.database().prepare("SELECT mapping FROM import_mapping WHERE headers = ?1"));
    std::optional<std::string> mapping;
    if (TRY(select.bindText(1, headers).step()))
        mapping = std::string(select.text(0));
    return mapping;
}

Status ImportRuns::rememberMapping(const std::string &headers, const std::string &mapping)
{
    TRY_STATUS(makeTables());
    auto put = TRY(m_store.database().prepare("INSERT INTO import_mapping VALUES (?1, ?2) ON "
                                              "CONFLICT DO UPDATE SET mapping = excluded.mapping"));
    return put.bindText(1, headers).bindText(2, mapping).run();
}

}  // namespace tend
