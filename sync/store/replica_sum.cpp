// The sum over what this device holds, and what happens when the server's is another.
#include "sync/base/mutant.h"
#include "sync/store/replica.h"

namespace replica {

// Our own count once they were offered to a server: until then only this device knows them, and a
// save costs nothing more.
Result<bool> Replica::isCounted(GroupRef group)
{
    const GroupHeader &header = records().header(group);
    return header.sequence != Sequence{0} || !TRY(m_store.ownGroup(header.id)).chain.empty();
}

// Asked while the group counts and its writes are there.
Status Replica::count(const std::vector<Change> &changes, GroupRef group)
{
    for (const Change &change : changes)
        TRY_STATUS(countOne(change, group, false));
    return {};
}

Status Replica::countOne(const Change &change, GroupRef group, bool isFresh)
{
    const auto counts = [&](GroupRef other) {
        return isCounted(other);
    };
    *m_facts.sum += TRY(sumAdded(records(), m_schema, change, group, counts, isFresh));
    return {};
}

Status Replica::discount(const std::vector<Change> &changes, GroupRef group)
{
    const auto counts = [&](GroupRef other) {
        return isCounted(other);
    };
    for (const Change &change : changes)
        *m_facts.sum -= TRY(sumAdded(records(), m_schema, change, group, counts));
    return {};
}

Result<RowSum> Replica::sumOfAll()
{
    RowSum sum = 0;
    for (const Table &table : m_schema.tables()) {
        auto rows = TRY(records().rowIds(table.id));
        const auto buried = TRY(records().buriedIds(table.id));
        rows.insert(rows.end(), buried.begin(), buried.end());
        for (const RowId &row : rows)
            sum += TRY(sumOfRow(records(), m_schema, table.id, row,
                [&](GroupRef group) { return isCounted(group); }));
    }
    return sum;
}

// Where the sums differ, something was lost, doubled or mangled on the way, by whatever fault: all
// is fetched anew and takes the place of what is here. Once a day, so that a fault that comes again
// does not fetch for ever.
Status Replica::compare(const PullAnswer &answer, Intake &intake)
{
    const bool isComparable = answer.sum && !answer.fill && !intake.mustPushFirst
        && answer.to == m_facts.cursor && !m_facts.mustRefill;
    if (!isComparable || *answer.sum == *m_facts.sum || TRY(records().hasUnaccepted()))
        return {};
    constexpr std::int64_t dayMs = 24LL * 3600 * 1000;
    const bool isSettled
        = !m_facts.lastMismatchAt || inMs(now()) - inMs(*m_facts.lastMismatchAt) > dayMs;
    ++m_facts.mismatches;
    if (!isSettled)
        return {};
    m_facts.lastMismatchAt = now();
    m_facts.mustRefill = true;
    m_facts.scopes.clear();
    m_facts.view.clear();
    intake.wentOn = intake.hasMore = true;
    return {};
}

}  // namespace replica
