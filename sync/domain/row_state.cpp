#include "sync/domain/row_state.h"

#include <algorithm>

#include "sync/base/mutant.h"

namespace replica {

namespace {

bool isBefore(const Head &one, const Head &other)
{
    return one.column != other.column ? one.column < other.column : one.group < other.group;
}

bool isDelete(const Head &head)
{
    return head.column == existence && head.value == deleted;
}

// The writes a change makes, its say on the row's existence among them.
std::vector<Head> writesOf(const Change &change, GroupRef group)
{
    std::vector<Head> writes;
    writes.reserve(change.assignments.size() + 1);
    if (change.kind == ChangeKind::Delete)
        writes.push_back({existence, group, deleted});
    if (change.kind == ChangeKind::Insert || change.kind == ChangeKind::Touch)
        writes.push_back({existence, group, present});
    for (const Assignment &assignment : change.assignments)
        writes.push_back({assignment.column, group, assignment.value});
    return writes;
}

void add(RowState &state, Head write, std::vector<Head> &overtaken, GroupLookup &groups)
{
    const GroupHeader header = groups.header(write.group);
    auto &heads = state.heads;
    for (const Head &head : heads) {
        if (head.column != write.column)
            continue;
        if (head.group == write.group)
            return;  // applied before
        if (sees(groups.header(head.group), header)) {
            overtaken.push_back(std::move(write));
            return;
        }
    }
    const auto overtake = [&](const Head &head) {
        return head.column == write.column && sees(header, groups.header(head.group));
    };
    std::copy_if(heads.begin(), heads.end(), std::back_inserter(overtaken), overtake);
    std::erase_if(heads, overtake);
    heads.insert(std::upper_bound(heads.begin(), heads.end(), write, isBefore), std::move(write));
}

}  // namespace

const Head *RowState::winner(ColumnId column, GroupLookup &groups) const
{
    const Head *best = nullptr;
    for (const Head &head : heads) {
        if (head.column != column)
            continue;
        if (!best || wins(groups.header(head.group), groups.header(best->group)))
            best = &head;
    }
    return best;
}

bool RowState::isAlive(GroupLookup &groups) const
{
    // Enough to ask the heads: a write already overtaken was seen by a head, and whoever covers the
    // head had seen that write too.
    return std::any_of(heads.begin(), heads.end(), [&](const Head &write) {
        return !isDelete(write)
            && std::none_of(heads.begin(), heads.end(), [&](const Head &deletion) {
                   return isDelete(deletion)
                       && covers(groups.header(deletion.group), groups.header(write.group));
               });
    });
}

bool covers(const GroupHeader &deletion, const GroupHeader &write)
{
    return MUTANT(hard_delete) || sees(deletion, write);
}

std::vector<Head> merge(RowState &state, const Change &change, GroupRef group, GroupLookup &groups)
{
    std::vector<Head> overtaken;
    for (Head &write : writesOf(change, group))
        add(state, std::move(write), overtaken, groups);
    return overtaken;
}

RowState resolve(
    TableId table, const RowId &row, const std::vector<Head> &writes, GroupLookup &groups)
{
    RowState state{table, row, {}};
    for (const Head &write : writes) {
        const GroupHeader header = groups.header(write.group);
        const bool isSeen = std::any_of(writes.begin(), writes.end(), [&](const Head &other) {
            return other.column == write.column && sees(groups.header(other.group), header);
        });
        if (!isSeen
            && std::find(state.heads.begin(), state.heads.end(), write) == state.heads.end())
            state.heads.push_back(write);
    }
    std::sort(state.heads.begin(), state.heads.end(), isBefore);
    return state;
}

}  // namespace replica
