#include "tests/support/memory_store.h"

#include <set>

namespace replica::test {

namespace {

template <typename Key, typename Value>
std::vector<Value> valuesOf(const UndoMap<Key, Value> &map)
{
    std::vector<Value> values;
    for (const auto &[key, value] : map.all())
        values.push_back(value);
    return values;
}

template <typename Key, typename Value>
std::optional<Value> lookUp(const UndoMap<Key, Value> &map, const Key &key)
{
    const Value *value = map.find(key);
    return value ? std::optional<Value>(*value) : std::nullopt;
}

}  // namespace

Result<std::optional<Bytes>> MemoryStore::fact(const std::string &name)
{
    return lookUp(m_facts, name);
}

Status MemoryStore::keepFact(const std::string &name, const Bytes &value)
{
    m_facts.set(m_records.undo(), name, value);
    return {};
}

Status MemoryStore::dropFact(const std::string &name)
{
    m_facts.erase(m_records.undo(), name);
    return {};
}

Result<OwnGroup> MemoryStore::ownGroup(const GroupId &id)
{
    return lookUp(m_own, Life{id.incarnation, id.counter}).value_or(OwnGroup{});
}

Status MemoryStore::keepOwnGroup(const GroupId &id, const OwnGroup &own)
{
    m_own.set(m_records.undo(), Life{id.incarnation, id.counter}, own);
    return {};
}

Result<std::vector<Store::LifeCounter>> MemoryStore::keptBodies()
{
    std::vector<LifeCounter> kept;
    for (const auto &[life, own] : m_own.all()) {
        if (!own.body.empty())
            kept.push_back({life.first, life.second});
    }
    return kept;
}

Status MemoryStore::dropBodies()
{
    std::vector<Life> lives;
    for (const auto &[life, own] : m_own.all())
        lives.push_back(life);
    for (const Life &life : lives) {
        OwnGroup own = *m_own.find(life);
        own.body.clear();
        m_own.set(m_records.undo(), life, own);
    }
    return {};
}

Status MemoryStore::setAside(const SetAside &group)
{
    m_asides.set(m_records.undo(), group.header.id, group);
    return {};
}

Status MemoryStore::forgetAside(const GroupId &id)
{
    m_asides.erase(m_records.undo(), id);
    return {};
}

Result<std::vector<SetAside>> MemoryStore::asides()
{
    return valuesOf(m_asides);
}

Status MemoryStore::stagePart(const Bytes &part)
{
    const std::int64_t last = m_staged.all().empty() ? 0 : m_staged.all().rbegin()->first;
    m_staged.set(m_records.undo(), last + 1, part);
    return {};
}

Result<std::optional<Bytes>> MemoryStore::stagedPart(std::int64_t number)
{
    return lookUp(m_staged, number);
}

Status MemoryStore::dropStaged()
{
    while (!m_staged.all().empty())
        m_staged.erase(m_records.undo(), m_staged.all().begin()->first);
    return {};
}

Status MemoryStore::noteMerge(const MergeNote &note)
{
    for (const auto &[id, known] : m_notes.all()) {
        if (known.table == note.table && known.row == note.row && known.mine == note.mine
            && known.theirs == note.theirs)
            return {};
    }
    MergeNote kept = note;
    kept.id = ++m_lastNote;
    m_notes.set(m_records.undo(), kept.id, kept);
    return {};
}

Result<std::vector<MergeNote>> MemoryStore::mergeNotes(int countMax)
{
    auto notes = valuesOf(m_notes);
    std::vector<MergeNote> newest(notes.rbegin(), notes.rend());
    if (newest.size() > static_cast<std::size_t>(countMax))
        newest.resize(static_cast<std::size_t>(countMax));
    return newest;
}

Status MemoryStore::dropMergeNote(std::int64_t id)
{
    m_notes.erase(m_records.undo(), id);
    return {};
}

Result<Sequence> MemorySharedStore::head()
{
    return m_log.all().empty() ? Sequence{0} : m_log.all().rbegin()->first;
}

Status MemorySharedStore::appendBody(Sequence sequence, const LogEntry &entry)
{
    m_log.set(m_records.undo(), sequence, entry);
    return {};
}

Result<MemorySharedStore::LogEntry> MemorySharedStore::logEntry(Sequence sequence)
{
    const auto entry = lookUp(m_log, sequence);
    if (!entry)
        return fail(ErrorCode::Corrupt, "log gap");
    return *entry;
}

namespace {

// What lies up to the floor, by the sequence that `sequenceOf` finds in a key.
template <typename Map, typename SequenceOf>
void dropUpTo(MemoryRecords &records, Map &map, Sequence floor, SequenceOf sequenceOf)
{
    auto keys = std::vector<typename std::decay_t<decltype(map.all())>::key_type>();
    for (const auto &[key, value] : map.all()) {
        if (sequenceOf(key) <= floor)
            keys.push_back(key);
    }
    for (const auto &key : keys)
        map.erase(records.undo(), key);
}

}  // namespace

Status MemorySharedStore::compact(Sequence floor)
{
    for (Sequence at{1}; at <= floor; at = after(at)) {
        const LogEntry *entry = m_log.find(at);
        if (entry && !entry->body.empty())
            m_log.set(m_records.undo(), at, LogEntry{entry->group, {}, entry->digest});
    }
    const auto second = [](const auto &key) {
        return key.second;
    };
    dropUpTo(m_records, m_scopes, floor, second);
    dropUpTo(m_records, m_moves, floor, [](const auto &key) { return key.first; });
    dropUpTo(m_records, m_viewChanges, floor, second);
    return {};
}

Status MemorySharedStore::noteDead(const RowName &row)
{
    m_dead.set(m_records.undo(), row, true);
    return {};
}

Result<bool> MemorySharedStore::isDead(const RowName &row)
{
    return m_dead.find(row) != nullptr;
}

Status MemorySharedStore::appendScopes(Sequence sequence, const Scopes &scopes)
{
    for (const Scope &scope : scopes)
        m_scopes.set(m_records.undo(), {scope, sequence}, true);
    return {};
}

Result<Scopes> MemorySharedStore::allScopes()
{
    Scopes all;
    for (const auto &[key, isThere] : m_scopes.all()) {
        if (!key.first.starts_with("own/"))
            all.push_back(key.first);
    }
    sortOut(all);
    return all;
}

Result<std::vector<Sequence>> MemorySharedStore::sequencesIn(
    const Scopes &scopes, Sequence after, std::size_t countMax)
{
    std::set<Sequence> found;
    for (const auto &[key, isThere] : m_scopes.all()) {
        if (key.second > after && holds(scopes, key.first))
            found.insert(key.second);
    }
    std::vector<Sequence> rising(found.begin(), found.end());
    if (rising.size() > countMax)
        rising.resize(countMax);
    return rising;
}

Status MemorySharedStore::addToSum(const Scopes &place, RowSum sum)
{
    const RowSum *known = m_sums.find(place);
    m_sums.set(m_records.undo(), place, sum + (known ? *known : 0));
    return {};
}

Result<std::map<Scopes, RowSum>> MemorySharedStore::sums()
{
    return m_sums.all();
}

Status MemorySharedStore::noteMove(const tend::server::Move &move)
{
    if (!m_moves.find({move.sequence, move.row}))
        m_moves.set(m_records.undo(), {move.sequence, move.row}, move);
    return {};
}

Result<std::vector<tend::server::Move>> MemorySharedStore::movesAfter(Sequence sequence)
{
    std::vector<tend::server::Move> moves;
    for (const auto &[key, move] : m_moves.all()) {
        if (key.first > sequence)
            moves.push_back(move);
    }
    return moves;
}

Status MemorySharedStore::noteViewChange(const Uuid &member, const tend::server::ViewChange &change)
{
    if (!m_viewChanges.find({member, change.sequence}))
        m_viewChanges.set(m_records.undo(), {member, change.sequence}, change);
    return {};
}

Result<std::vector<tend::server::ViewChange>> MemorySharedStore::viewChangesAfter(
    const Uuid &member, Sequence sequence)
{
    std::vector<tend::server::ViewChange> changes;
    for (const auto &[key, change] : m_viewChanges.all()) {
        if (key.first == member && key.second > sequence)
            changes.push_back(change);
    }
    return changes;
}

Status MemorySharedStore::noteOrphan(const RowName &parent, const RowName &row)
{
    m_orphans.set(m_records.undo(), {parent, row}, true);
    return {};
}

Result<std::vector<RowName>> MemorySharedStore::orphans()
{
    std::set<RowName> rows;
    for (const auto &[key, isThere] : m_orphans.all())
        rows.insert(key.second);
    return std::vector<RowName>(rows.begin(), rows.end());
}

Result<std::vector<RowName>> MemorySharedStore::takeOrphans(const RowName &parent)
{
    std::vector<RowName> rows;
    for (const auto &[key, isThere] : m_orphans.all()) {
        if (key.first == parent)
            rows.push_back(key.second);
    }
    for (const RowName &row : rows)
        m_orphans.erase(m_records.undo(), {parent, row});
    return rows;
}

Result<tend::server::Life> MemorySharedStore::life(const DeviceId &device, Incarnation incarnation)
{
    return lookUp(m_lives, LifeName{device, incarnation}).value_or(tend::server::Life{});
}

Status MemorySharedStore::keepLife(
    const DeviceId &device, Incarnation incarnation, const tend::server::Life &life)
{
    m_lives.set(m_records.undo(), LifeName{device, incarnation}, life);
    return {};
}

Result<std::optional<tend::server::Device>> MemorySharedStore::deviceByKey(BytesView keyDigest)
{
    return lookUp(m_devices, Bytes(keyDigest));
}

Result<std::vector<tend::server::Device>> MemorySharedStore::devices()
{
    return valuesOf(m_devices);
}

Status MemorySharedStore::keepDevice(const tend::server::Device &device)
{
    m_devices.set(m_records.undo(), device.keyDigest, device);
    return {};
}

Result<std::optional<tend::server::Invitation>> MemorySharedStore::invitation(BytesView digest)
{
    return lookUp(m_invitations, Bytes(digest));
}

Status MemorySharedStore::keepInvitation(const tend::server::Invitation &invitation)
{
    m_invitations.set(m_records.undo(), invitation.secretDigest, invitation);
    return {};
}

Status MemorySharedStore::quarantine(const tend::server::Quarantined &group)
{
    m_quarantined.set(m_records.undo(), group.header.id, group);
    return {};
}

Result<std::vector<tend::server::Quarantined>> MemorySharedStore::quarantined()
{
    return valuesOf(m_quarantined);
}

Result<std::optional<Bytes>> MemorySharedStore::fact(const std::string &name)
{
    return lookUp(m_facts, name);
}

Status MemorySharedStore::keepFact(const std::string &name, const Bytes &value)
{
    m_facts.set(m_records.undo(), name, value);
    return {};
}

}  // namespace replica::test
