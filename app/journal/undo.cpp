#include "app/journal/undo.h"

#include <algorithm>
#include <map>
#include <set>

#include "app/journal/tables.h"
#include "app/journal/write_rules.h"
#include "sync/records/table_sql.h"

namespace tend {

using namespace replica;

namespace {

const Value *valueOf(const Change &change, const Column *column)
{
    for (const Assignment &given : change.assignments) {
        if (column && given.column == column->id)
            return &given.value;
    }
    return nullptr;
}

std::string plainName(const Table &table)
{
    std::string name = table.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

Result<std::optional<Change>> shownOrLast(Records &records, TableId table, const RowId &row)
{
    if (auto shown = TRY(records.row(table, row)))
        return shown;
    return lastShown(TRY(records.load(table, row)), records);
}

// What taking one group back comes to.
class TakingBack {
public:
    TakingBack(Records &records, GroupRef group)
        : m_records(records)
        , m_group(group)
        , m_header(records.header(group))
    {
    }

    // Finds out what can be taken back, without writing.
    Status survey()
    {
        const auto changes = TRY(m_records.changesOf(m_group));
        for (const Change &change : changes)
            m_own.insert({change.table, change.row});
        for (const Change &change : changes) {
            const Table *table = journalSchema().table(change.table);
            if (!table || table->writer == TableWriter::Server)
                continue;
            TRY_STATUS(survey(*table, change));
        }
        return takeAwayWhatNobodyNames();
    }

    [[nodiscard]] const std::vector<Change> &changes() const { return m_changes; }

    [[nodiscard]] const Undone &report() const { return m_report; }

private:
    Status survey(const Table &table, const Change &change)
    {
        switch (change.kind) {
        case ChangeKind::Insert:
            return takeAway(table, change);
        case ChangeKind::Update:
            return giveBack(table, change);
        case ChangeKind::Delete:
            return bringBack(table, change);
        case ChangeKind::Touch:
            return TRY(isReturn(change)) ? takeAway(table, change) : Status{};
        }
        return {};
    }

    // It brought back a deleted row.
    Result<bool> isReturn(const Change &change)
    {
        return change.kind == ChangeKind::Touch
            && !TRY(asTheAuthorSawIt(change)).isAlive(m_records);
    }

    // A row that the group made, or brought back, goes, unless somebody has worked with it.
    Status takeAway(const Table &table, const Change &made)
    {
        if (table.isAppendOnly)
            return {};
        const auto shown = TRY(m_records.row(made.table, made.row));
        if (!shown)
            return {};  // somebody deleted it: so much is done already
        if (TRY(wasWrittenSince(table, made.row)))
            return keep(table, *shown, "it was changed since");
        m_going.emplace(RowName{made.table, made.row}, *shown);
        return {};
    }

    // A row that stays holds those it names, and they hold theirs.
    Status takeAwayWhatNobodyNames()
    {
        for (bool isSettled = false; !isSettled;) {
            isSettled = true;
            for (auto at = m_going.begin(); at != m_going.end();) {
                const Table *holder = TRY(whoNames(at->first.row));
                if (!holder) {
                    ++at;
                    continue;
                }
                TRY_STATUS(keep(*journalSchema().table(at->first.table), at->second,
                    "a " + plainName(*holder) + " names it"));
                at = m_going.erase(at);
                isSettled = false;
            }
        }
        for (const auto &[name, shown] : m_going)
            m_changes.push_back({name.table, name.row, ChangeKind::Delete, {}});
        m_report.removed = m_going.size();
        return {};
    }

    // The table of a row that stays and names this one; null where there is none.
    Result<const Table *> whoNames(const RowId &row)
    {
        for (const Table &other : journalSchema().tables()) {
            // That somebody looked at it is no work with it.
            if (other.name != "look" && TRY(refersToIt(other, row)))
                return &other;
        }
        return nullptr;
    }

    // Values that still stand become what they were.
    Status giveBack(const Table &table, const Change &written)
    {
        const auto shown = TRY(m_records.row(written.table, written.row));
        if (!shown) {
            const auto last = TRY(shownOrLast(m_records, written.table, written.row));
            return keep(table, last.value_or(written), "it was deleted since");
        }
        const RowState before = TRY(asTheAuthorSawIt(written));
        Change back{written.table, written.row, ChangeKind::Update, {}};
        for (const Assignment &given : written.assignments) {
            const Column *column = table.column(given.column);
            if (!column || column->policy == MergePolicy::Server)
                continue;
            const Head *was = before.winner(given.column, m_records);
            const Value wanted = was ? was->value : Value{};
            const Value *stands = valueOf(*shown, column);
            const Value now = stands ? *stands : Value{};
            if (now == wanted)
                continue;
            if (now == given.value && !TRY(isOvertaken(written, given.column))) {
                back.assignments.push_back({given.column, wanted});
                m_givenBack.insert({{written.table, written.row}, given.column});
            } else
                TRY_STATUS(keep(table, *shown, column->name + " was changed since"));
        }
        m_report.restored += back.assignments.size();
        if (!back.assignments.empty())
            m_changes.push_back(std::move(back));
        return {};
    }

    Status bringBack(const Table &table, const Change &deletion)
    {
        if (TRY(m_records.row(deletion.table, deletion.row)))
            return {};  // somebody kept it, or brought it back
        const RowState state = TRY(m_records.load(deletion.table, deletion.row));
        const auto last = lastShown(state, m_records);
        if (!last || last->assignments.empty())
            return keep(table, deletion, "what it said is kept no longer");
        m_changes.push_back({deletion.table, deletion.row, ChangeKind::Touch, {}});
        ++m_report.broughtBack;
        return {};
    }

    // Whether a row of that table names this one and goes on doing so, and not since before this
    // action.
    Result<bool> refersToIt(const Table &other, const RowId &row)
    {
        const Value its{Blob{Bytes(row.bytes())}};
        for (const Column &column : other.columns) {
            if (column.type != ColumnType::Id)
                continue;
            for (const RowId &from : TRY(m_records.rowsWhere(other.id, column.id, its))) {
                const RowName name{other.id, from};
                if (m_going.contains(name) || m_givenBack.contains({name, column.id}))
                    continue;
                if (m_own.contains(name) || TRY(wasWrittenSince(other, from)))
                    return true;
            }
        }
        return false;
    }

    // By anybody, the server's own columns aside: those are nobody's work.
    Result<bool> wasWrittenSince(const Table &table, const RowId &row)
    {
        const auto history = TRY(m_records.history(table.id, row));
        return std::any_of(history.begin(), history.end(), [&](const HistoryEntry &entry) {
            const Column *column = table.column(entry.column);
            return entry.group != m_group && !(column && column->policy == MergePolicy::Server)
                && !sees(m_header, m_records.header(entry.group));
        });
    }

    Result<RowState> asTheAuthorSawIt(const Change &change)
    {
        std::vector<Head> seen;
        for (HistoryEntry &entry : TRY(m_records.history(change.table, change.row))) {
            if (entry.group != m_group && sees(m_header, m_records.header(entry.group)))
                seen.push_back({entry.column, entry.group, std::move(entry.value)});
        }
        return resolve(change.table, change.row, seen, m_records);
    }

    // Somebody who saw it wrote the same again: it is theirs too.
    Result<bool> isOvertaken(const Change &change, ColumnId column)
    {
        const RowState state = TRY(m_records.load(change.table, change.row));
        return std::none_of(state.heads.begin(), state.heads.end(),
            [&](const Head &head) { return head.column == column && head.group == m_group; });
    }

    Status keep(const Table &table, const Change &row, const std::string &reason)
    {
        m_report.kept.push_back(
            {table.name, toText(row.row), TRY(titleOf(m_records, row)), reason});
        return {};
    }

    Records &m_records;
    GroupRef m_group;
    GroupHeader m_header;
    std::set<RowName> m_own;  // rows of the group
    std::map<RowName, Change> m_going;  // those it made that nothing holds, as they show
    std::set<std::pair<RowName, ColumnId>> m_givenBack;
    std::vector<Change> m_changes;
    Undone m_report;
};

Result<Deed> deedOf(Records &records, GroupRef group)
{
    Deed deed;
    deed.number = static_cast<std::int64_t>(group);
    deed.at = records.header(group).madeAt;
    for (const Change &change : TRY(records.changesOf(group))) {
        const Table *table = journalSchema().table(change.table);
        if (!table)
            continue;
        Deed::Part part;
        part.table = table->name;
        part.row = toText(change.row);
        part.kind = change.kind;
        if (const auto shown = TRY(shownOrLast(records, change.table, change.row)))
            part.title = TRY(titleOf(records, *shown));
        for (const Assignment &given : change.assignments) {
            const Column *column = table->column(given.column);
            if (column && change.kind == ChangeKind::Update)
                part.columns.push_back(column->name);
        }
        deed.parts.push_back(std::move(part));
    }
    return deed;
}

}  // namespace

Result<std::string> nameOfNamed(Records &records, const Value &id)
{
    const auto *octets = std::get_if<Blob>(&id);
    const auto row = octets ? uuidOf(octets->octets) : std::nullopt;
    for (const Table &table : journalSchema().tables()) {
        const auto shown = row ? TRY(records.row(table.id, *row)) : std::nullopt;
        if (shown)
            return titleOf(records, *shown);
    }
    return std::string();
}

Result<std::string> titleOf(Records &records, const Change &shown)
{
    const Table &table = *journalSchema().table(shown.table);
    const auto *customer = valueOf(shown, table.column("customer_id"));
    if (const auto *id = customer ? std::get_if<Blob>(customer) : nullptr) {
        const TableId customers = journalSchema().table("customer")->id;
        const auto name = uuidOf(id->octets);
        const auto row = name ? TRY(shownOrLast(records, customers, *name)) : std::nullopt;
        return row ? TRY(titleOf(records, *row)) : std::string();
    }
    for (const char *name : {"name", "words", "what", "title", "said"}) {
        const Value *value = valueOf(shown, table.column(name));
        if (const auto *text = value ? std::get_if<std::string>(value) : nullptr)
            return *text;
    }
    return std::string();
}

namespace {

enum class Of { All, WhatIsHere };  // rows that left took their changes along

// What this device wrote, looks aside, the newest first.
Result<std::vector<GroupRef>> newestGroups(
    SqliteStore &store, Replica &replica, std::size_t countMax, Of which)
{
    // Each life of the device numbers its own groups, and each is read from its end by the index.
    const Bytes device(replica.facts().device.bytes());
    auto lives = TRY(store.database().prepare(
        "WITH RECURSIVE life(device, incarnation) AS (SELECT d.number, (SELECT min(incarnation) "
        "FROM grp WHERE device = d.number) FROM device_number d WHERE d.id = ?1 UNION ALL SELECT "
        "device, (SELECT min(g.incarnation) FROM grp g WHERE g.device = life.device AND "
        "g.incarnation > life.incarnation) FROM life WHERE incarnation IS NOT NULL) SELECT device, "
        "incarnation FROM life WHERE incarnation IS NOT NULL"));
    auto newest = TRY(store.database().prepare(
        "SELECT ord FROM grp WHERE device = ?1 AND incarnation = ?2 AND NOT EXISTS (SELECT 1 FROM "
        "change WHERE grp = ord AND tbl = ?4) AND (?5 OR EXISTS (SELECT 1 FROM change WHERE grp = "
        "ord)) ORDER BY counter DESC LIMIT ?3"));
    const auto looks = static_cast<std::int64_t>(journalSchema().table("look")->id);
    std::vector<std::pair<Stamp, GroupRef>> byStamp;
    lives.bindBlob(1, device);
    while (TRY(lives.step())) {
        newest.reset().bind(1, lives.int64(0)).bind(2, lives.int64(1));
        newest.bind(3, static_cast<std::int64_t>(countMax)).bind(4, looks);
        newest.bind(5, std::int64_t{which == Of::All ? 1 : 0});
        while (TRY(newest.step())) {
            const GroupRef group{newest.int64(0)};
            byStamp.emplace_back(replica.records().header(group).stamp, group);
        }
    }
    std::sort(byStamp.rbegin(), byStamp.rend());
    byStamp.resize(std::min(byStamp.size(), countMax));
    std::vector<GroupRef> groups;
    for (const auto &[stamp, group] : byStamp)
        groups.push_back(group);
    return groups;
}

}  // namespace

Result<std::vector<Deed>> recentDeeds(SqliteStore &store, Replica &replica, std::size_t countMax)
{
    std::vector<Deed> deeds;
    const auto groups = TRY(newestGroups(store, replica, countMax, Of::WhatIsHere));
    for (const GroupRef group : groups) {
        Deed deed = TRY(deedOf(replica.records(), group));
        if (!deed.parts.empty())
            deeds.push_back(std::move(deed));
    }
    return deeds;
}

Result<bool> hasTheLastLeft(SqliteStore &store, Replica &replica)
{
    return TRY(newestGroups(store, replica, 1, Of::All))
        != TRY(newestGroups(store, replica, 1, Of::WhatIsHere));
}

namespace {

Status mustBeKnown(SqliteStore &store, std::int64_t number)
{
    auto known = TRY(store.database().prepare("SELECT 1 FROM grp WHERE ord = ?1"));
    if (!TRY(known.bind(1, number).step()))
        return fail(ErrorCode::NotFound,
            "there is no action " + std::to_string(number) + " in this replica");
    return {};
}

}  // namespace

Result<Deed> deedNumbered(SqliteStore &store, Replica &replica, std::int64_t number)
{
    TRY_STATUS(mustBeKnown(store, number));
    return deedOf(replica.records(), GroupRef{number});
}

Result<Undone> undoDeed(SqliteStore &store, Replica &replica, std::int64_t number)
{
    TRY_STATUS(mustBeKnown(store, number));
    Records &records = replica.records();
    TakingBack back(records, GroupRef{number});
    TRY_STATUS(back.survey());
    if (back.changes().empty())
        return fail(ErrorCode::Conflict,
            "nothing of it can be taken back"
                + (back.report().kept.empty()
                        ? std::string(": it is so already, or stays as it was written")
                        : ": " + back.report().kept.front().name + ", "
                            + back.report().kept.front().reason));
    for (const Change &change : back.changes())
        TRY_STATUS(mayWrite(records, change));
    const auto made = replica.commit(back.changes());
    return made ? Result<Undone>(back.report()) : Result<Undone>(tl::unexpected(made.error()));
}

}  // namespace tend
