#include "sync/records/row_sum.h"

#define XXH_INLINE_ALL
#include <bit>
#include <xxhash.h>

namespace replica {

namespace {

void putNumber(Bytes &into, std::uint64_t number, unsigned octets)
{
    for (unsigned i = 0; i < octets; ++i)
        into.push_back(static_cast<char>(number >> (8 * i)));
}

struct ValueOctets {
    Bytes &into;

    void operator()(Empty) const { }

    void operator()(std::int64_t number) const
    {
        into.push_back('i');
        putNumber(into, static_cast<std::uint64_t>(number), 8);
    }

    void operator()(double number) const
    {
        into.push_back('r');
        putNumber(into, std::bit_cast<std::uint64_t>(number), 8);
    }

    void operator()(const std::string &text) const { (into += 't') += text; }

    void operator()(const Blob &blob) const { (into += 'b') += blob.octets; }
};

bool isCounted(const Table &table, ColumnId column)
{
    if (column == existence)
        return true;
    const Column *declared = table.column(column);
    return declared && declared->readers.empty();
}

}  // namespace

RowSum sumOf(const Table &table, const RowId &row, ColumnId column, const Value &value)
{
    if (isEmpty(value) || !isCounted(table, column))
        return 0;
    thread_local Bytes octets;  // kept, for this is asked for each cell that travels
    octets.clear();
    putNumber(octets, static_cast<std::uint32_t>(table.id), 4);
    octets += row.bytes();
    putNumber(octets, static_cast<std::uint32_t>(column), 4);
    std::visit(ValueOctets{octets}, value);
    return XXH3_64bits(octets.data(), octets.size());
}

Result<bool> countsAlways(GroupRef)
{
    return true;
}

Result<RowSum> sumOfRow(Records &records, const Schema &schema, TableId table, const RowId &row,
    const Counts &counts, std::optional<GroupRef> without)
{
    const Table *declared = schema.table(table);
    if (!declared)
        return 0;
    RowSum sum = 0;
    for (const HistoryEntry &entry : TRY(records.history(table, row))) {
        if (entry.group == without || !TRY(counts(entry.group)))
            continue;
        if (entry.column == existence && entry.value == deleted)
            return 0;
        sum += sumOf(*declared, row, entry.column, entry.value);
    }
    return sum;
}

Result<RowSum> sumAdded(Records &records, const Schema &schema, const Change &change,
    GroupRef group, const Counts &counts, bool isFresh)
{
    const Table *table = schema.table(change.table);
    if (!table)
        return 0;
    if (change.kind == ChangeKind::Delete)
        return 0 - TRY(sumOfRow(records, schema, change.table, change.row, counts, group));
    if (!isFresh && TRY(records.wasDeleted(change.table, change.row))) {
        for (const HistoryEntry &entry : TRY(records.history(change.table, change.row))) {
            const bool deletes = entry.column == existence && entry.value == deleted;
            if (deletes && TRY(counts(entry.group)))
                return 0;
        }
    }
    RowSum sum = 0;
    if (change.kind != ChangeKind::Update)
        sum += sumOf(*table, change.row, existence, present);
    for (const Assignment &given : change.assignments)
        sum += sumOf(*table, change.row, given.column, given.value);
    return sum;
}

std::uint32_t countedBy(const Schema &schema)
{
    std::uint64_t all = 0;
    for (const Table &table : schema.tables()) {
        for (const Column &column : table.columns) {
            const Bytes type(1, static_cast<char>('0' + static_cast<int>(column.type)));
            all += sumOf(table, RowId{}, column.id, type);
        }
    }
    const auto folded = static_cast<std::uint32_t>(all ^ (all >> 32U));
    return folded == 0 ? 1 : folded;
}

}  // namespace replica
