#include "app/journal/kept_alive.h"

#include <algorithm>

#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

// On this device, never replicated: up to which place of the server's log deletions were looked at,
// behind the log's name, for after a restore the server gives the same places to others.
const std::string lookedFact = "deletions_looked_at";

// What says nothing of its own: that somebody looked, that two rows belong together, and what
// another program calls them.
bool isWords(const Table &table)
{
    return table.name != "look" && table.name != "outside_record"
        && (table.key.empty() || table.key.size() < table.columns.size());
}

// Rows on which others hang, of which a deletion came behind that place.
Result<std::vector<RowName>> deletedSince(sqlite::Database &database, std::int64_t after)
{
    auto select = TRY(database.prepare(
        "SELECT DISTINCT c.tbl, c.row FROM grp g JOIN change c ON c.grp = g.ord WHERE g.sequence > "
        "?1 AND c.kind = ?2"));
    select.bind(1, after).bind(2, static_cast<std::int64_t>(ChangeKind::Delete));
    std::vector<RowName> rows;
    while (TRY(select.step())) {
        const TableId table{static_cast<std::uint32_t>(select.int64(0))};
        const auto row = uuidOf(select.blob(1));
        const Table *declared = journalSchema().table(table);
        if (row && declared && declared->hasDependents)
            rows.push_back({table, *row});
    }
    return rows;
}

class Hanging {
public:
    Hanging(Records &records, DeviceId self)
        : m_records(records)
        , m_self(self)
    {
    }

    // Whether the row is gone, though this device wrote something on it that none of those who
    // deleted it, as it stands now, had seen, and without having seen them.
    Result<bool> isOn(const RowName &name)
    {
        if (TRY(m_records.row(name.table, name.row)))
            return false;
        std::vector<GroupHeader> deletions;
        for (const Head &head : TRY(m_records.load(name.table, name.row)).heads) {
            if (head.column == existence && head.value == deleted)
                deletions.push_back(m_records.header(head.group));
        }
        const Value its{Blob{Bytes(name.row.bytes())}};
        for (const Schema::Link &link : journalSchema().linksTo(name.table)) {
            if (deletions.empty() || !isWords(*link.table))
                continue;
            for (const RowId &row : TRY(m_records.rowsWhere(link.table->id, link.column, its))) {
                if (TRY(isWrittenBeside(deletions, link.table->id, row)))
                    return true;
            }
        }
        return false;
    }

private:
    Result<bool> isWrittenBeside(
        const std::vector<GroupHeader> &deletions, TableId table, const RowId &row)
    {
        for (const HistoryEntry &entry : TRY(m_records.history(table, row))) {
            const GroupHeader written = m_records.header(entry.group);
            const bool isBesideAll = std::none_of(
                deletions.begin(), deletions.end(), [&](const GroupHeader &deletion) {
                    return sees(deletion, written) || sees(written, deletion);
                });
            if (written.id.device == m_self && isBesideAll)
                return true;
        }
        return false;
    }

    Records &m_records;
    DeviceId m_self;
};

}  // namespace

Result<std::size_t> bringBackWhatWordsHangOn(SqliteStore &store, Replica &replica)
{
    const Facts &facts = replica.facts();
    if (facts.epochs.empty())
        return std::size_t{0};  // it never met a server
    const std::string log = toText(facts.epochs.back().id) + ' ';
    const auto newest = static_cast<std::int64_t>(facts.cursor);
    const std::string known = TRY(store.fact(lookedFact)).value_or("");
    const bool isThisLog = known.rfind(log, 0) == 0;
    const std::int64_t after
        = isThisLog ? std::strtoll(known.c_str() + log.size(), nullptr, 10) : 0;
    if (newest <= after)
        return std::size_t{0};
    Hanging words(replica.records(), facts.device);
    std::vector<std::vector<Change>> back;  // each an action of its own
    for (const RowName &name : TRY(deletedSince(store.database(), after))) {
        if (TRY(words.isOn(name)))
            back.push_back({{name.table, name.row, ChangeKind::Touch, {}}});
    }
    if (!back.empty())
        TRY_STATUS(replica.commitAll(back));
    TRY_STATUS(store.keepFact(lookedFact, log + std::to_string(newest)));
    return back.size();
}

}  // namespace tend
