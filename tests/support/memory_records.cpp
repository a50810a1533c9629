#include "tests/support/memory_records.h"

#include <algorithm>

#include "sync/base/ensure.h"

namespace replica::test {

MemoryRecords::MemoryRecords(const MemoryRecords &other)
    : m_lastGroup(other.m_lastGroup)
    , m_groups(other.m_groups)
    , m_names(other.m_names)
    , m_rows(other.m_rows)
    , m_history(other.m_history)
    , m_changes(other.m_changes)
{
    ENSURE(!other.m_isOpen);
}

Status MemoryRecords::begin()
{
    ENSURE(!m_isOpen);
    m_isOpen = true;
    m_undo.mark();
    return {};
}

Status MemoryRecords::commit()
{
    ENSURE(m_isOpen);
    m_isOpen = false;
    ++m_commits;
    m_undo.keep();
    return {};
}

void MemoryRecords::rollback() noexcept
{
    m_isOpen = false;
    m_undo.takeBack();
}

const GroupHeader &MemoryRecords::header(GroupRef group)
{
    const GroupHeader *header = m_groups.find(group);
    ENSURE(header);
    return *header;
}

Result<GroupRef> MemoryRecords::addGroup(const GroupHeader &header)
{
    ENSURE(m_isOpen);
    if (m_names.find(header.id))
        return fail(ErrorCode::Conflict, "group exists");
    m_undo.add([this] { --m_lastGroup; });
    const GroupRef group{++m_lastGroup};
    m_groups.set(m_undo, group, header);
    m_names.set(m_undo, header.id, group);
    return group;
}

Result<std::optional<GroupRef>> MemoryRecords::findGroup(const GroupId &id)
{
    const GroupRef *group = m_names.find(id);
    return group ? std::optional<GroupRef>(*group) : std::nullopt;
}

Status MemoryRecords::changeGroup(GroupRef group, const GroupHeader &header)
{
    ENSURE(m_isOpen);
    const GroupId before = this->header(group).id;
    if (before != header.id) {
        if (m_names.find(header.id))
            return fail(ErrorCode::Conflict, "group exists");
        m_names.erase(m_undo, before);
        m_names.set(m_undo, header.id, group);
    }
    m_groups.set(m_undo, group, header);
    return {};
}

Status MemoryRecords::removeGroup(GroupRef group)
{
    m_names.erase(m_undo, header(group).id);
    m_groups.erase(m_undo, group);
    return {};
}

Result<std::vector<GroupRef>> MemoryRecords::unacceptedGroups()
{
    std::vector<GroupRef> groups;
    for (const auto &[group, header] : m_groups.all()) {
        if (header.sequence == Sequence{0})
            groups.push_back(group);
    }
    return groups;
}

Result<bool> MemoryRecords::hasUnaccepted()
{
    return std::any_of(m_groups.all().begin(), m_groups.all().end(),
        [](const auto &group) { return group.second.sequence == Sequence{0}; });
}

Result<std::vector<GroupRef>> MemoryRecords::firstUnaccepted(
    std::size_t countMax, const std::optional<GroupId> &after)
{
    using Life = std::pair<DeviceId, Incarnation>;
    std::map<Life, std::map<Counter, GroupRef>> lives;
    for (const auto &[group, header] : m_groups.all()) {
        if (header.sequence == Sequence{0})
            lives[{header.id.device, header.id.incarnation}][header.id.counter] = group;
    }
    auto life = lives.end();
    if (after) {
        life = lives.find({after->device, after->incarnation});
        if (life != lives.end())
            life->second.erase(life->second.begin(), life->second.upper_bound(after->counter));
    } else {
        life = std::min_element(lives.begin(), lives.end(), [](const auto &one, const auto &other) {
            return one.second.begin()->second < other.second.begin()->second;
        });
    }
    std::vector<GroupRef> groups;
    if (life != lives.end()) {
        for (const auto &[counter, group] : life->second) {
            if (groups.size() < countMax)
                groups.push_back(group);
        }
    }
    return groups;
}

Result<std::vector<GroupRef>> MemoryRecords::groupsAfter(Sequence sequence)
{
    std::vector<GroupRef> groups;
    for (const auto &[group, header] : m_groups.all()) {
        if (header.sequence > sequence)
            groups.push_back(group);
    }
    std::sort(groups.begin(), groups.end(), [&](GroupRef one, GroupRef other) {
        return header(one).sequence < header(other).sequence;
    });
    return groups;
}

Result<Counter> MemoryRecords::lastCounter(const DeviceId &device, Incarnation incarnation)
{
    Counter last{};
    for (const auto &[id, group] : m_names.all()) {
        if (id.device == device && id.incarnation == incarnation)
            last = std::max(last, id.counter);
    }
    return last;
}

Result<bool> MemoryRecords::insertFresh(const Change &insert, GroupRef group)
{
    const Key key{insert.table, insert.row};
    if (m_rows.find(key))
        return false;
    RowState state{insert.table, insert.row, {}};
    static_cast<void>(merge(state, insert, group, *this));
    m_rows.set(m_undo, key, std::move(state));
    return true;
}

Result<RowState> MemoryRecords::load(TableId table, const RowId &row)
{
    const RowState *state = m_rows.find({table, row});
    return state ? *state : RowState{table, row, {}};
}

Status MemoryRecords::save(
    const RowState &before, const RowState &after, const std::vector<Head> &overtaken)
{
    static_cast<void>(before);
    const Key key{after.table, after.row};
    m_rows.set(m_undo, key, after);
    std::vector<Head> history;
    if (const auto *known = m_history.find(key))
        history = *known;
    for (const Head &head : overtaken) {
        if (std::find(history.begin(), history.end(), head) == history.end())
            history.push_back(head);
    }
    m_history.set(m_undo, key, std::move(history));
    return {};
}

Status MemoryRecords::replace(const RowState &state, const std::vector<Head> &history)
{
    const Key key{state.table, state.row};
    if (state.isKnown())
        m_rows.set(m_undo, key, state);
    else
        m_rows.erase(m_undo, key);
    m_history.set(m_undo, key, history);
    return {};
}

Status MemoryRecords::recordChange(GroupRef group, const Change &change)
{
    std::vector<Change> changes;
    if (const auto *known = m_changes.find(group))
        changes = *known;
    changes.push_back(change);
    m_changes.set(m_undo, group, std::move(changes));
    return {};
}

Result<std::vector<Change>> MemoryRecords::changesOf(GroupRef group)
{
    const auto *changes = m_changes.find(group);
    return changes ? *changes : std::vector<Change>{};
}

Result<std::size_t> MemoryRecords::countChangesOf(GroupRef group)
{
    const auto *changes = m_changes.find(group);
    return changes ? changes->size() : 0;
}

Status MemoryRecords::forgetChanges(GroupRef group)
{
    m_changes.erase(m_undo, group);
    return {};
}

Result<std::optional<Change>> MemoryRecords::row(TableId table, const RowId &row)
{
    const RowState *state = m_rows.find({table, row});
    if (!state || !state->isAlive(*this))
        return std::optional<Change>();
    Change change{table, row, ChangeKind::Insert, {}};
    for (const Head &head : state->heads) {
        if (head.column != existence && state->winner(head.column, *this) == &head
            && !isEmpty(head.value))
            change.assignments.push_back({head.column, head.value});
    }
    return std::optional<Change>(std::move(change));
}

Result<std::optional<Change>> MemoryRecords::placing(TableId table, const RowId &id)
{
    auto shown = TRY(row(table, id));
    return shown ? std::move(shown) : lastShown(TRY(load(table, id)), *this);
}

Result<bool> MemoryRecords::wasDeleted(TableId table, const RowId &row)
{
    const auto entries = TRY(history(table, row));
    return std::any_of(entries.begin(), entries.end(), [](const HistoryEntry &entry) {
        return entry.column == existence && entry.value == deleted;
    });
}

Result<std::vector<RowId>> MemoryRecords::rowIds(TableId table)
{
    std::vector<RowId> ids;
    for (const auto &[key, state] : m_rows.all()) {
        if (key.first == table && state.isAlive(*this))
            ids.push_back(key.second);
    }
    return ids;
}

Result<std::vector<RowId>> MemoryRecords::buriedIds(TableId table)
{
    std::vector<RowId> ids;
    for (const auto &[key, state] : m_rows.all()) {
        if (key.first == table && !state.isAlive(*this))
            ids.push_back(key.second);
    }
    return ids;
}

Result<std::vector<std::pair<RowId, Uuid>>> MemoryRecords::buriedLinks(
    TableId table, ColumnId column)
{
    std::vector<std::pair<RowId, Uuid>> links;
    for (const auto &[key, state] : m_rows.all()) {
        if (key.first != table || state.isAlive(*this))
            continue;
        for (const Head &head : state.heads) {
            const auto *blob = std::get_if<Blob>(&head.value);
            const auto to = blob && head.column == column ? uuidOf(blob->octets) : std::nullopt;
            if (to)
                links.emplace_back(key.second, *to);
        }
    }
    return links;
}

Result<std::uint64_t> MemoryRecords::rowsAbout(TableId table)
{
    return TRY(rowIds(table)).size();
}

Result<std::vector<RowId>> MemoryRecords::rowsShowing(
    TableId table, const std::vector<Assignment> &values, const RowId &after, std::size_t countMax)
{
    std::vector<RowId> found = TRY(rowIds(table));
    for (const Assignment &wanted : values) {
        const auto showing = TRY(rowsWhere(table, wanted.column, wanted.value));
        std::erase_if(found, [&](const RowId &id) {
            return !std::binary_search(showing.begin(), showing.end(), id);
        });
    }
    std::erase_if(found, [&](const RowId &id) { return id <= after; });
    found.resize(std::min(found.size(), countMax));
    return found;
}

Result<std::vector<RowId>> MemoryRecords::rowsWhere(
    TableId table, ColumnId column, const Value &value)
{
    std::vector<RowId> ids;
    for (const RowId &id : TRY(rowIds(table))) {
        const RowState state = TRY(load(table, id));
        const Head *shown = state.winner(column, *this);
        if ((shown ? shown->value : Value{Empty{}}) == value)
            ids.push_back(id);
    }
    return ids;
}

Status MemoryRecords::forgetRow(TableId table, const RowId &row)
{
    for (const HistoryEntry &entry : TRY(history(table, row))) {
        std::vector<Change> kept = TRY(changesOf(entry.group));
        std::erase_if(
            kept, [&](const Change &change) { return change.table == table && change.row == row; });
        m_changes.set(m_undo, entry.group, std::move(kept));
    }
    m_rows.erase(m_undo, {table, row});
    m_history.erase(m_undo, {table, row});
    return {};
}

Result<bool> MemoryRecords::hasWritten(
    TableId table, const RowId &row, ColumnId column, GroupRef group)
{
    const auto wrote = [&](const Head &head) {
        return head.column == column && head.group == group;
    };
    const RowState *state = m_rows.find({table, row});
    const std::vector<Head> *history = m_history.find({table, row});
    return (state && std::any_of(state->heads.begin(), state->heads.end(), wrote))
        || (history && std::any_of(history->begin(), history->end(), wrote));
}

Result<std::vector<HistoryEntry>> MemoryRecords::history(TableId table, const RowId &row)
{
    std::vector<HistoryEntry> entries;
    if (const auto *known = m_history.find({table, row})) {
        for (const Head &head : *known)
            entries.push_back({head.column, head.value, head.group, false});
    }
    const RowState state = TRY(load(table, row));
    for (const Head &head : state.heads)
        entries.push_back(
            {head.column, head.value, head.group, state.winner(head.column, *this) == &head});
    std::sort(
        entries.begin(), entries.end(), [&](const HistoryEntry &one, const HistoryEntry &other) {
            if (one.group != other.group)
                return wins(header(other.group), header(one.group));
            return one.column < other.column;
        });
    return entries;
}

Result<std::vector<Rival>> MemoryRecords::rivals()
{
    std::vector<Rival> found;
    for (const auto &[key, state] : m_rows.all()) {
        if (!state.isAlive(*this))
            continue;
        const Head *base = nullptr;
        for (const Head &head : state.heads) {
            if (head.column == existence && head.value == present
                && (!base || wins(header(head.group), header(base->group))))
                base = &head;
        }
        for (const Head &head : state.heads) {
            const bool isShown = head.column == existence
                ? &head == base
                : state.winner(head.column, *this) == &head;
            if (!isShown)
                found.push_back({key.first, key.second, head});
        }
    }
    return found;
}

}  // namespace replica::test
