#include "app/journal/kept_alive.h"

#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

// On this device, never replicated: up to which group deletions were looked at.
const std::string lookedFact = "deletions_looked_at";

struct Deletion {
    GroupRef group{};
    RowName row;
};

// Those that other devices made, of rows on which others hang.
Result<std::vector<Deletion>> deletionsSince(
    sqlite::Database &database, const DeviceId &self, std::int64_t after)
{
    auto select = TRY(database.prepare(
        "SELECT c.grp, c.tbl, c.row FROM change c JOIN grp g ON g.ord = c.grp JOIN device_number d "
        "ON d.number = g.device WHERE c.grp > ?1 AND c.kind = ?2 AND d.id <> ?3 ORDER BY c.grp"));
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
    const auto newest = TRY(store.database().queryInt("SELECT coalesce(max(ord), 0) FROM grp"));
    const auto known = TRY(store.fact(lookedFact));
    const std::int64_t after = known ? std::strtoll(known->c_str(), nullptr, 10) : 0;
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
    TRY_STATUS(store.keepFact(lookedFact, std::to_string(newest)));
    return back.size();
}

}  // namespace tend
