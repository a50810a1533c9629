#include "app/journal/kept_alive.h"

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

struct Deletion {
    GroupRef group{};
    RowName row;
};

// Those that other devices made, of rows on which others hang.
Result<std::vector<Deletion>> deletionsSince(
    sqlite::Database &database, const DeviceId &self, std::int64_t after)
{
    auto select = TRY(database.prepare(
        "SELECT c.grp, c.tbl, c.row FROM grp g JOIN change c ON c.grp = g.ord JOIN device_number d "
        "ON d.number = g.device WHERE g.sequence > ?1 AND c.kind = ?2 AND d.id <> ?3 ORDER BY "
        "g.sequence, c.place"));
    const Bytes own(self.bytes());
    select.bind(1, after).bind(2, static_cast<std::int64_t>(ChangeKind::Delete)).bindBlob(3, own);
    std::vector<Deletion> deletions;
    while (TRY(select.step())) {
        const TableId table{static_cast<std::uint32_t>(select.int64(1))};
        const auto row = uuidOf(select.blob(2));
        const Table *declared = journalSchema().table(table);
        if (row && declared && declared->hasDependents)
            deletions.push_back({GroupRef{select.int64(0)}, {table, *row}});
    }
    return deletions;
}

class Hanging {
public:
    Hanging(Records &records, DeviceId self)
        : m_records(records)
        , m_self(self)
    {
    }

    // Whether this device wrote something on that row without either having seen the other.
    Result<bool> isThereFor(const Deletion &deletion)
    {
        const GroupHeader gone = m_records.header(deletion.group);
        const Value its{Blob{Bytes(deletion.row.row.bytes())}};
        for (const Schema::Link &link : journalSchema().linksTo(deletion.row.table)) {
            if (!isWords(*link.table))
                continue;
            for (const RowId &row : TRY(m_records.rowsWhere(link.table->id, link.column, its))) {
                if (TRY(isWrittenBeside(gone, link.table->id, row)))
                    return true;
            }
        }
        return false;
    }

private:
    Result<bool> isWrittenBeside(const GroupHeader &gone, TableId table, const RowId &row)
    {
        for (const HistoryEntry &entry : TRY(m_records.history(table, row))) {
            const GroupHeader &written = m_records.header(entry.group);
            if (written.id.device == m_self && !sees(gone, written) && !sees(written, gone))
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
    Records &records = replica.records();
    const DeviceId self = replica.facts().device;
    Hanging hanging(records, self);
    std::vector<std::vector<Change>> back;  // each an action of its own
    for (const Deletion &deletion : TRY(deletionsSince(store.database(), self, after))) {
        const bool isGone = !TRY(records.row(deletion.row.table, deletion.row.row))
            && TRY(records.wasDeleted(deletion.row.table, deletion.row.row));
        if (isGone && TRY(hanging.isThereFor(deletion)))
            back.push_back({{deletion.row.table, deletion.row.row, ChangeKind::Touch, {}}});
    }
    if (!back.empty())
        TRY_STATUS(replica.commitAll(back));
    TRY_STATUS(store.keepFact(lookedFact, log + std::to_string(newest)));
    return back.size();
}

}  // namespace tend
