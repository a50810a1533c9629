// Undoing an import: exactly what it wrote, and nothing that somebody has worked with since.
#include <algorithm>
#include <map>
#include <set>

#include "app/interop/import_run.h"
#include "app/journal/tables.h"
#include "sync/records/table_sql.h"

namespace tend {

using namespace replica;

namespace {

// One entry of what the import noted.
struct Noted {
    RowName name;
    ColumnId column{};
    Value before;
    Value after;
};

const Table &tableOf(const RowName &name)
{
    return *journalSchema().table(name.table);
}

Value valueIn(const Change &row, ColumnId column)
{
    for (const Assignment &given : row.assignments) {
        if (given.column == column)
            return given.value;
    }
    return Empty{};
}

// What people would call the row: its first text.
std::string titleOf(const Change &row)
{
    for (const Assignment &given : row.assignments) {
        if (const auto *text = std::get_if<std::string>(&given.value))
            return *text;
    }
    return {};
}

// Records of other programs and files belong to their row: they neither hold it nor outlive it.
bool isCompanion(const Table &table)
{
    return table.name == "outside_record" || table.name == "attachment";
}

class Undo {
public:
    enum class Time { First, Again };

    Undo(sqlite::Database &database, Records &records, std::int64_t run, Time time)
        : m_database(database)
        , m_records(records)
        , m_run(run)
        , m_time(time)
    {
    }

    // Finds out what can be taken back, without writing.
    Status survey()
    {
        TRY_STATUS(readNotes());
        TRY_STATUS(surveyMade());
        TRY_STATUS(surveyColumns());
        TRY_STATUS(surveyLinks());
        spread();
        return {};
    }

    [[nodiscard]] std::vector<Change> changes() const
    {
        std::vector<Change> all = m_restored;
        for (const auto &[name, made] : m_made) {
            if (made.reason.empty())
                all.push_back({name.table, name.row, ChangeKind::Delete, {}});
        }
        return all;
    }

    [[nodiscard]] UndoneImport report() const
    {
        UndoneImport report;
        for (const auto &[name, made] : m_made) {
            if (made.reason.empty())
                ++report.removed;
            else if (!isCompanion(tableOf(name)))
                report.kept.push_back(
                    {tableOf(name).name, toText(name.row), made.title, made.reason});
        }
        for (const Change &change : m_restored)
            report.restored += change.assignments.size();
        // Values were told about, or given back, the first time.
        if (m_time == Time::First)
            report.kept.insert(report.kept.end(), m_kept.begin(), m_kept.end());
        return report;
    }

private:
    struct Made {
        std::string fingerprint;
        std::string title;
        std::string reason;  // why it stays; empty: it goes
        std::vector<RowName> parents;  // made rows it refers to
    };

    Status readNotes()
    {
        auto select = TRY(m_database.prepare(
            "SELECT tbl, row, col, before, after FROM import_row WHERE run = ?1"));
        select.bind(1, m_run);
        while (TRY(select.step())) {
            const RowName name{TableId{static_cast<std::uint32_t>(select.int64(0))},
                uuidOf(select.blob(1)).value_or(Uuid{})};
            const ColumnId column{static_cast<std::uint32_t>(select.int64(2))};
            if (column == existence)
                m_made[name].fingerprint = std::string(select.text(4));
            else
                m_columns.push_back({name, column, valueAt(select, 3), valueAt(select, 4)});
        }
        auto last = TRY(m_database.prepare("SELECT last FROM import_group WHERE run = ?1"));
        if (TRY(last.bind(1, m_run).step()))
            m_lastGroup = GroupRef{last.int64(0)};
        return {};
    }

    Status surveyMade()
    {
        for (auto at = m_made.begin(); at != m_made.end();) {
            const auto row = TRY(m_records.row(at->first.table, at->first.row));
            if (!row) {
                at = m_made.erase(at);  // somebody deleted it: so much is done already
                continue;
            }
            at->second.title = titleOf(*row);
            if (tableOf(at->first).isAppendOnly)
                at->second.reason = "such rows stay as they were written";
            if (!isCompanion(tableOf(at->first))
                && fingerprintOf(row->assignments) != at->second.fingerprint)
                at->second.reason = "it was changed since";
            ++at;
        }
        return {};
    }

    // Who refers to a made row, in every column of ids of every table: each is read once, however
    // many rows were made.
    Status surveyLinks()
    {
        TRY_STATUS(m_database.execute("CREATE TEMP TABLE IF NOT EXISTS undo_made(row BLOB PRIMARY "
                                      "KEY, tbl INTEGER) WITHOUT ROWID; DELETE FROM undo_made;"));
        auto put = TRY(m_database.prepare("INSERT OR IGNORE INTO undo_made VALUES (?1, ?2)"));
        for (const auto &[name, made] : m_made)
            TRY_STATUS(put.reset()
                           .bindBlob(1, name.row.bytes())
                           .bind(2, static_cast<std::int64_t>(name.table))
                           .run());
        for (const Table &table : journalSchema().tables()) {
            for (const Column &column : table.columns) {
                if (column.type == ColumnType::Id)
                    TRY_STATUS(surveyLink(table, column));
            }
        }
        return m_database.execute("DROP TABLE undo_made");
    }

    Status surveyLink(const Table &table, const Column &column)
    {
        auto select = TRY(m_database.prepare("SELECT t.id, u.row, u.tbl FROM \"" + table.name
            + "\" t CROSS JOIN undo_made u ON u.row = t.\"" + column.name + "\""));
        while (TRY(select.step())) {
            const RowName from{table.id, uuidOf(select.blob(0)).value_or(Uuid{})};
            const RowName to{TableId{static_cast<std::uint32_t>(select.int64(2))},
                uuidOf(select.blob(1)).value_or(Uuid{})};
            const auto child = m_made.find(from);
            if (child != m_made.end())
                child->second.parents.push_back(to);
            else if (column.name != "photo_id" && table.name != "look"
                && !m_givenBack.contains({from, column.id}))
                hold(to, reasonOf(table));
        }
        return {};
    }

    static std::string reasonOf(const Table &table)
    {
        if (table.name == "customer")
            return "a customer belongs to it";
        return table.name == "outside_record" ? "another import joined it"
                                              : "a row of " + table.name + " hangs on it";
    }

    void hold(const RowName &name, const std::string &reason)
    {
        const auto at = m_made.find(name);
        if (at != m_made.end() && at->second.reason.empty())
            at->second.reason = reason;
    }

    // What a row that stays refers to stays, and so does what accompanies a row that stays.
    void spread()
    {
        bool hasMoved = true;
        while (hasMoved) {
            hasMoved = false;
            for (auto &[name, made] : m_made) {
                for (const RowName &parent : made.parents) {
                    const auto above = m_made.find(parent);
                    if (above == m_made.end())
                        continue;
                    const bool isCompanionRow = isCompanion(tableOf(name));
                    if (isCompanionRow && made.reason.empty() && !above->second.reason.empty()) {
                        made.reason = "it belongs to a row that stays";
                        hasMoved = true;
                    } else if (!isCompanionRow && !made.reason.empty()
                        && above->second.reason.empty()) {
                        above->second.reason = "a row that stays refers to it";
                        hasMoved = true;
                    }
                }
            }
        }
    }

    Status surveyColumns()
    {
        for (std::size_t i = 0; i < m_columns.size();) {
            const RowName name = m_columns[i].name;
            const auto row = TRY(m_records.row(name.table, name.row));
            Change change{name.table, name.row, ChangeKind::Update, {}};
            for (; i < m_columns.size() && m_columns[i].name == name; ++i) {
                const Noted &noted = m_columns[i];
                if (!row)
                    continue;
                const bool stands = valueIn(*row, noted.column) == noted.after
                    && !TRY(isConfirmed(name, noted.column));
                if (stands) {
                    change.assignments.push_back({noted.column, noted.before});
                    m_givenBack.insert({name, noted.column});
                } else if (!isCompanion(tableOf(name)))
                    m_kept.push_back({tableOf(name).name, toText(name.row), titleOf(*row),
                        tableOf(name).column(noted.column)->name + " was changed since"});
            }
            if (!change.assignments.empty())
                m_restored.push_back(std::move(change));
        }
        return {};
    }

    // Somebody who saw it wrote the same again: it is theirs too.
    Result<bool> isConfirmed(const RowName &name, ColumnId column)
    {
        if (!m_lastGroup || isCompanion(tableOf(name)))
            return false;
        const RowState state = TRY(m_records.load(name.table, name.row));
        return std::none_of(state.heads.begin(), state.heads.end(),
            [&](const Head &head) { return head.column == column && head.group <= *m_lastGroup; });
    }

    sqlite::Database &m_database;
    Records &m_records;
    std::int64_t m_run;
    Time m_time;
    std::optional<GroupRef> m_lastGroup;  // of the import
    std::map<RowName, Made> m_made;
    std::vector<Noted> m_columns;
    std::vector<Change> m_restored;
    std::set<std::pair<RowName, ColumnId>> m_givenBack;  // what they name, they name no longer
    std::vector<KeptBack> m_kept;
};

}  // namespace

Result<UndoneImport> ImportRuns::undo(std::int64_t id)
{
    TRY_STATUS(makeTables());
    sqlite::Database &database = m_store.database();
    auto select = TRY(database.prepare("SELECT undone_at_ms FROM import_run WHERE id = ?1"));
    if (!TRY(select.bind(1, id).step()))
        return fail(ErrorCode::NotFound,
            "there is no import " + std::to_string(id)
                + " on this device; tendctl imports lists them");
    const bool isUndone = !select.isNull(0);
    select.reset();
    Undo undo(database, m_replica.records(), id, isUndone ? Undo::Time::Again : Undo::Time::First);
    TRY_STATUS(undo.survey());
    // What stayed the first time goes the second, when nothing hangs on it any more.
    if (isUndone && undo.changes().empty())
        return fail(ErrorCode::Conflict,
            "import " + std::to_string(id) + " was undone already, and nothing more of it can go");
    const auto mark = [&]() -> Status {
        auto update
            = TRY(database.prepare("UPDATE import_run SET undone_at_ms = ?2 WHERE id = ?1"));
        return update.bind(1, id).bind(2, inMs(m_replica.now())).run();
    };
    TRY_STATUS(m_replica.commitAll(inGroups(undo.changes()), mark, Replica::Said::Again));
    return undo.report();
}

}  // namespace tend
