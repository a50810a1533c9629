#include <algorithm>

#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "sync/base/ensure.h"
#include "sync/store/keyed_id.h"

namespace tend {

using namespace replica;

ChangeBuilder::ChangeBuilder(const char *table, const RowId &row, ChangeKind kind)
    : m_table(*journalSchema().table(table))
    , m_change{m_table.id, row, kind, {}}
{
}

ChangeBuilder &ChangeBuilder::set(const char *column, Value value)
{
    const Column *declared = m_table.column(column);
    ENSURE(declared);
    m_change.assignments.push_back({declared->id, std::move(value)});
    return *this;
}

ChangeBuilder &ChangeBuilder::text(const char *column, const std::string &value)
{
    return set(column, value.empty() ? Value{} : Value{value});
}

Change ChangeBuilder::take()
{
    std::sort(m_change.assignments.begin(), m_change.assignments.end(),
        [](const Assignment &one, const Assignment &other) { return one.column < other.column; });
    if (m_change.row.isNil()) {
        const auto keyed = keyedId(m_table, m_change.assignments);
        ENSURE(keyed);
        m_change.row = *keyed;
    }
    return std::move(m_change);
}

}  // namespace tend
