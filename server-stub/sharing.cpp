#include "server-stub/sharing.h"

#include <algorithm>

#include "sync/base/mutant.h"

namespace tend::server {

using namespace replica;

namespace {

bool isOfPeople(const Table &table)
{
    return table.name == "member" || table.name == "member_territory" || table.name == "territory";
}

enum class Reach { Stays, MayMove, MayChangeParent };

// Whether such a change can put the row elsewhere.
Reach reachOf(const Table &table, const Change &change)
{
    Reach reach = Reach::Stays;
    for (const auto *rules : {&table.scopes, &table.alsoScopes}) {
        for (const ScopeRule &rule : *rules) {
            const bool isNamed = std::any_of(change.assignments.begin(), change.assignments.end(),
                [&](const Assignment &given) { return given.column == rule.column; });
            if (isNamed)
                reach
                    = std::max(reach, rule.kind.empty() ? Reach::MayChangeParent : Reach::MayMove);
        }
    }
    return reach;
}

void add(Scopes &into, const Scopes &more)
{
    into.insert(into.end(), more.begin(), more.end());
}

}  // namespace

Result<std::map<Uuid, Scopes>> Sharing::views()
{
    std::map<Uuid, Scopes> all;
    const Table *members = m_schema.table("member");
    if (!members)
        return all;
    for (const RowId &id : TRY(m_store.records().rowIds(members->id))) {
        Device device;
        device.member = id;
        all[id] = TRY(viewOf(m_store.records(), m_schema, device)).scopes;
    }
    return all;
}

Status Sharing::before(const std::vector<Change> &changes)
{
    if (!m_schema.isShared())
        return {};
    m_touchesPeople = std::any_of(changes.begin(), changes.end(),
        [&](const Change &change) { return isOfPeople(*m_schema.table(change.table)); });
    if (m_touchesPeople)
        m_viewsBefore = TRY(views());
    ScopeReader reader(m_store.records(), m_schema);
    for (const Change &change : changes) {
        const RowName name{change.table, change.row};
        if (change.kind == ChangeKind::Insert) {
            // In all but rare cases new; applied() tells.
            if (m_schema.table(change.table)->hasDependents)
                TRY_STATUS(adoptOrphans(reader, name));
            continue;
        }
        Scopes scopes = TRY(reader.of(name));
        const Reach reach = reachOf(*m_schema.table(change.table), change);
        if (!scopes.empty() && reach != Reach::Stays) {
            // Deleted ones too: what stood in them lies on devices as long as they do.
            for (const RowName &dependent :
                TRY(reader.treeOf(name, ScopeReader::Following::DeletedToo))) {
                m_placesBefore.emplace(dependent, TRY(reader.of(dependent)));
                if (reach == Reach::MayChangeParent)
                    m_rehung.insert(dependent);
            }
        }
        if (!scopes.empty())
            m_placesBefore.emplace(name, std::move(scopes));
    }
    return {};
}

Status Sharing::applied(const Change &change, GroupRef group, const Applied &applied)
{
    const RowName name{change.table, change.row};
    m_changed.insert(name);
    m_written[name]
        += TRY(sumAdded(m_store.records(), m_schema, change, group, countsAlways, applied.isFresh));
    if (!m_schema.isShared())
        return {};
    if (applied.isFresh)
        m_fresh.push_back(&change);
    else if (!m_placesBefore.contains(name))
        m_met.push_back(name);
    if (!applied.isFresh
        && reachOf(*m_schema.table(change.table), change) == Reach::MayChangeParent)
        m_rehanging.push_back(change);
    return {};
}

// What waited for this row goes where it is.
Status Sharing::adoptOrphans(ScopeReader &reader, const RowName &parent)
{
    for (const RowName &orphan : TRY(m_store.takeOrphans(parent))) {
        for (const RowName &row : TRY(reader.treeOf(orphan, ScopeReader::Following::DeletedToo))) {
            m_placesBefore.emplace(row, TRY(reader.of(row)));
            m_rehung.insert(row);
        }
    }
    return {};
}

// Its parent is not known yet; when it comes, the row goes where the parent is.
Status Sharing::noteOrphan(const Change &change)
{
    for (const RowName &parent : parentsIn(*m_schema.table(change.table), change))
        TRY_STATUS(m_store.noteOrphan(parent, {change.table, change.row}));
    return {};
}

// What this group wrote to a row that stays where it is.
void Sharing::countAt(const Scopes &place, const RowName &name)
{
    if (const auto written = m_written.extract(name))
        m_added[place] += written.mapped();
}

Status Sharing::countMoved(const Scopes &from, const Scopes &to, const RowName &name)
{
    if (from == to) {
        countAt(to, name);
        return {};
    }
    const auto written = m_written.extract(name);
    const RowSum all = TRY(sumOfRow(m_store.records(), m_schema, name.table, name.row));
    m_added[from] += (written ? written.mapped() : 0) - all;
    m_added[to] += all;
    return {};
}

Status Sharing::placeFresh(const std::vector<const Change *> &changes, Scopes &touched)
{
    ScopeReader reader(m_store.records(), m_schema, changes);
    for (const Change *change : changes) {
        const RowName name{change->table, change->row};
        const Scopes scopes = TRY(reader.of(name));
        add(touched, scopes);
        if (touched.size() > 64)
            sortOut(touched);
        countAt(scopes, name);
        if (holds(scopes, orphaned))
            TRY_STATUS(noteOrphan(*change));
    }
    return {};
}

// Whoever wrote to a row whose parent nobody knows keeps it, and is told of what others write
// there.
// One who had to give it up, and wrote to it before hearing so, is told the whole of it. `touched`
// is sorted.
Status Sharing::addAuthors(Sequence sequence, Scopes &touched)
{
    if (!holds(touched, orphaned))
        return {};
    ScopeReader reader(m_store.records(), m_schema);
    for (const RowName &name : m_changed) {
        if (!holds(TRY(reader.of(name)), orphaned))
            continue;
        TRY_STATUS(m_store.noteMove({sequence, name, {orphaned}, true}));
        for (const HistoryEntry &entry : TRY(m_store.records().history(name.table, name.row)))
            touched.push_back(ownScope(m_store.records().header(entry.group).id.device));
    }
    return {};
}

Status Sharing::finish(Sequence sequence, WallTime at)
{
    if (!m_schema.isShared()) {
        for (const auto &[name, sum] : m_written)
            TRY_STATUS(m_store.addToSum({everybody}, sum));
        return m_store.appendScopes(sequence, {everybody});
    }
    Scopes touched;
    ScopeReader reader(m_store.records(), m_schema);
    for (const RowName &name : m_met) {
        const Scopes now = TRY(reader.of(name));
        add(touched, now);
        countAt(now, name);
    }
    for (const auto &[name, from] : m_placesBefore) {
        const Scopes now = TRY(reader.of(name));
        add(touched, from);
        add(touched, now);
        TRY_STATUS(countMoved(from, now, name));
        // A row under another parent is told whole: a fill may have passed that parent already.
        const bool isRehung = m_rehung.contains(name) && !MUTANT(rehung_in_part);
        if ((from != now || isRehung) && !MUTANT(no_moves))
            TRY_STATUS(m_store.noteMove({sequence, name, from, isRehung}));
    }
    for (const Change &change : m_rehanging) {
        if (holds(TRY(reader.of({change.table, change.row})), orphaned))
            TRY_STATUS(noteOrphan(change));
    }
    TRY_STATUS(placeFresh(m_fresh, touched));
    sortOut(touched);
    TRY_STATUS(addAuthors(sequence, touched));
    for (const auto &[place, sum] : m_added)
        TRY_STATUS(m_store.addToSum(place, sum));
    sortOut(touched);
    if (touched.empty())
        touched.push_back(everybody);
    TRY_STATUS(m_store.appendScopes(sequence, touched));
    if (!m_touchesPeople)
        return {};
    for (const auto &[member, scopes] : TRY(views())) {
        const auto before = m_viewsBefore.find(member);
        if (before != m_viewsBefore.end() && before->second != scopes)
            TRY_STATUS(m_store.noteViewChange(member, {sequence, before->second, at}));
    }
    return {};
}

Result<std::map<Scopes, RowSum>> countSums(Records &records, const Schema &schema)
{
    std::map<Scopes, RowSum> sums;
    ScopeReader reader(records, schema);
    for (const Table &table : schema.tables()) {
        for (const RowId &id : TRY(records.rowIds(table.id))) {
            const Scopes place
                = schema.isShared() ? TRY(reader.of({table.id, id})) : Scopes{everybody};
            sums[place] += TRY(sumOfRow(records, schema, table.id, id));
        }
    }
    return sums;
}

}  // namespace tend::server
