// The invariants, checked against what the simulator knows of every group: who made it and what lay
// before its author's eyes. docs/TESTING.md numbers them.
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "sync/protocol/body.h"
#include "tests/sim/world_parts.h"

namespace replica::sim {

namespace {

constexpr TableId markerTable{5};

std::string show(const Value &value)
{
    if (const auto *number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *blob = std::get_if<Blob>(&value))
        return toHex(blob->octets);
    return "-";
}

std::string list(const std::set<std::size_t> &indexes)
{
    std::string text;
    for (const std::size_t index : indexes)
        text += ' ' + std::to_string(index);
    return text;
}

std::string show(const GroupHeader &header)
{
    std::ostringstream out;
    const auto name = [&](const GroupId &id) {
        out << toText(id.device).substr(0, 4) << '/' << raw(id.incarnation) % 1000 << '/'
            << raw(id.counter);
    };
    name(header.id);
    out << " #" << raw(header.sequence) << " base " << raw(header.base) << " besides";
    for (const GroupId &id : header.alsoSeen) {
        out << ' ';
        name(id);
    }
    return out.str();
}

std::string list(const std::vector<Change> &changes)
{
    std::ostringstream out;
    for (const Change &change : changes) {
        out << ' ' << toText(change.row).substr(9, 14)
            << (change.kind == ChangeKind::Delete ? "x" : "");
        for (const Assignment &given : change.assignments)
            out << (&given == &change.assignments.front() ? ":" : ",")
                << static_cast<unsigned>(given.column);
    }
    return out.str();
}

bool writes(const Change &change, ColumnId column)
{
    if (column == existence)
        return change.kind != ChangeKind::Update;
    return std::any_of(
        change.assignments.begin(), change.assignments.end(), [&](const Assignment &given) {
            return given.column == column
                && !(change.kind == ChangeKind::Insert && isEmpty(given.value));
        });
}

}  // namespace

void World::violation(const std::string &what)
{
    m_verdict.violations.push_back(what);
}

void World::trace(const std::string &what) const
{
    if (m_plan.isTraced)
        std::printf("%lld %s\n", static_cast<long long>(m_nowMs), what.c_str());
}

std::string World::describe(const PullAnswer &answer)
{
    std::ostringstream out;
    out << "outcome " << static_cast<int>(answer.outcome) << ' ' << raw(answer.from) << ".."
        << raw(answer.to) << " of " << raw(answer.server.head);
    if (answer.fill)
        out << (answer.fill->isLast ? " last part" : " part") << " at " << raw(answer.fill->at);
    for (const std::string &scope : answer.scopes)
        out << ' ' << scope.substr(0, 4) << scope.substr(scope.size() - 4);
    for (const auto &[name, groups] :
        {std::pair("told", &answer.groups), std::pair("entered", &answer.entered)}) {
        for (const Group &group : *groups)
            out << "\n      " << name << ' ' << show(group.header)
                << list(must(decodeBody(group.body)));
    }
    for (const RowsOfTable &rows : answer.left) {
        for (const RowId &row : rows.rows)
            out << "\n      left " << toText(row).substr(9, 14);
    }
    return out.str();
}

std::string World::describe(const PushAnswer &answer)
{
    std::ostringstream out;
    out << "outcome " << static_cast<int>(answer.outcome);
    for (const replica::Verdict &verdict : answer.verdicts)
        out << ' ' << raw(verdict.id.incarnation) % 1000 << '/' << raw(verdict.id.counter)
            << (verdict.kind == VerdictKind::Accepted           ? " accepted #"
                       : verdict.kind == VerdictKind::Duplicate ? " known #"
                                                                : " refused #")
            << raw(verdict.sequence);
    for (const RowsOfTable &rows : answer.left) {
        for (const RowId &row : rows.rows)
            out << " left " << toText(row).substr(9, 14);
    }
    return out.str();
}

void World::look(Node &node)
{
    for (const RowId &marker : must(node.replica->records().rowIds(markerTable))) {
        const std::size_t index = m_markers.at(marker);
        if (!node.everSeen.insert(index).second)
            continue;
        node.everSeen.insert(m_written[index].seen.begin(), m_written[index].seen.end());
    }
}

void World::commit(Node &node, std::vector<Change> changes, bool isPoison)
{
    look(node);
    const RowId marker = makeUuid7(WallTime{worldStartMs}, node.random);
    changes.push_back({markerTable, marker, ChangeKind::Insert, {}});
    const std::size_t index = m_written.size();
    m_markers[marker] = index;
    Written written;
    written.marker = marker;
    written.author = node.index;
    written.changes = changes;
    written.seen = node.everSeen;
    written.isPoison = isPoison;
    written.isBold = isBold(node, changes);
    m_written.push_back(std::move(written));
    const auto made = node.replica->commit(changes);
    if (!made) {
        violation("commit of device " + std::to_string(node.index) + ": " + made.error().message
            + ", incarnation " + std::to_string(raw(node.replica->facts().incarnation) % 1000));
        return;
    }
    node.everSeen.insert(index);
    if (m_plan.isTraced) {
        const auto group = must(node.replica->records().findGroup(*made));
        trace("device " + std::to_string(node.index) + " makes " + std::to_string(index) + ": "
            + show(node.replica->records().header(*group)) + ", rows" + list(changes));
    }
    ++m_verdict.commits;
    checkReadBack(node, changes);
}

// I10: what was just written is what is read.
void World::checkReadBack(Node &node, const std::vector<Change> &changes)
{
    for (const Change &change : changes) {
        const auto row = node.replica->records().row(change.table, change.row);
        const bool shouldBeThere = change.kind != ChangeKind::Delete;
        if (!row || row->has_value() != shouldBeThere) {
            violation("I10: a row is not as just written");
            return;
        }
        for (const Assignment &given : change.assignments) {
            // May have taken in what others wrote there; checkAccounts() looks at it.
            if (change.table == TableId{2} && given.column == ColumnId{3})
                continue;
            const auto &shown = (*row)->assignments;
            const bool isShown = isEmpty(given.value)
                ? std::none_of(shown.begin(), shown.end(),
                    [&](const Assignment &have) { return have.column == given.column; })
                : std::find(shown.begin(), shown.end(), given) != shown.end();
            if (!isShown)
                violation("I10: a value is not as just written");
        }
    }
}

std::optional<std::size_t> World::writtenOf(const std::vector<Change> &changes) const
{
    for (const Change &change : changes) {
        if (change.table == markerTable)
            return m_markers.at(change.row);
    }
    return std::nullopt;
}

// I4, I7: the log has no gap, and no group twice.
void World::checkLog()
{
    std::set<std::size_t> met;
    for (Sequence sequence{1}; sequence <= m_server->head(); sequence = after(sequence)) {
        const auto entry = m_serverStore->logEntry(sequence);
        if (!entry) {
            violation("I7: the log has a gap at " + std::to_string(raw(sequence)));
            return;
        }
        const bool isCompacted = sequence <= m_server->floor();
        const GroupId id = m_serverStore->records().header(entry->group).id;
        if (isCompacted && !entry->body.empty())
            violation("I7: below its floor the log keeps a body");
        const auto index = isCompacted && m_compacted.contains(id)
            ? std::optional(m_compacted.at(id))
            : writtenOf(*decodeBody(entry->body));
        if (!index)
            continue;  // the server's own
        if (m_plan.isTraced)
            trace("log: " + std::to_string(*index) + ": "
                + show(m_serverStore->records().header(entry->group)) + ", had seen"
                + list(m_written[*index].seen));
        if (!met.insert(*index).second)
            violation("I4: group " + std::to_string(*index) + " stands in the log twice");
        m_accepted[id] = *index;
    }
    for (const std::string &fault : must(m_server->verify()))
        violation("verify: " + fault);
}

bool World::isDoomed(const Written &written, const std::set<RowId> &unmade)
{
    const auto isGone = [&](TableId table, const RowId &row) {
        return unmade.contains(row) || must(m_serverStore->isDead({table, row}));
    };
    for (const Change &change : written.changes) {
        if (isGone(change.table, change.row))
            return true;
        for (const RowName &parent : parentsIn(*m_schema.table(change.table), change)) {
            if (isGone(parent.table, parent.row))
                return true;
        }
    }
    return false;
}

// I2, I3: whatever was made stands in the log or in quarantine, unless its author's device went
// back to a time before it.
void World::checkNothingLost()
{
    std::set<std::size_t> there;
    for (const auto &[id, index] : m_accepted)
        there.insert(index);
    std::set<std::size_t> refused;
    std::set<std::size_t> refusedFromBelow;
    for (auto &node : m_nodes) {
        for (const SetAside &aside : must(node->store->asides())) {
            if (!aside.isOwn)
                continue;
            const std::size_t index = *writtenOf(*decodeBody(aside.body));
            refused.insert(index);
            // What its rows moved from since is not known below the floor.
            if (aside.header.base < m_server->floor())
                refusedFromBelow.insert(index);
        }
        for (const GroupRef group : must(node->replica->records().groupsAfter(Sequence{0}))) {
            const GroupHeader header = node->replica->records().header(group);
            const auto entry = m_serverStore->logEntry(header.sequence);
            if (!entry || m_serverStore->records().header(entry->group).id != header.id)
                violation("I2: device " + std::to_string(node->index)
                    + " holds a receipt for what the log has not: " + show(header));
        }
    }
    std::set<RowId> unmade;
    for (std::size_t i = 0; i < m_written.size(); ++i) {
        const Written &written = m_written[i];
        const bool isDoomed
            = refused.contains(i) && !there.contains(i) && this->isDoomed(written, unmade);
        for (const Change &change : written.changes) {
            if (isDoomed && change.kind == ChangeKind::Insert)
                unmade.insert(change.row);
        }
        if (written.isPoison) {
            if (there.contains(i))
                violation("what the server must refuse was accepted");
            if (!refused.contains(i) && !written.authorLostIt)
                violation("I3: refused group " + std::to_string(i) + " is not shown to its author");
        } else if (refused.contains(i) && !there.contains(i)) {
            if (!isDoomed && !refusedFromBelow.contains(i) && !written.isBold && !m_serverWentBack
                && !m_machineWentBack)
                violation("group " + std::to_string(i) + " was refused for no reason");
        } else if (!there.contains(i) && !written.authorLostIt) {
            violation("I3: group " + std::to_string(i) + " of device "
                + std::to_string(written.author) + " is lost");
        }
    }
}

bool World::maySee(const Node &node, TableId table, const RowId &row)
{
    return maySee(node, table, row, territoriesOf(node));
}

// As one who holds these territories.
bool World::maySee(
    const Node &node, TableId table, const RowId &row, const std::vector<RowId> &held)
{
    const bool isOfCustomer = table == TableId{2} || table == giftTable;
    if (table != TableId{1} && !isOfCustomer)
        return true;
    Records &records = m_serverStore->records();
    const auto shown = [&](TableId of, const RowId &id, ColumnId column) -> std::optional<Uuid> {
        const RowState state = must(records.load(of, id));
        const Head *head = state.winner(column, records);
        const auto *blob = head ? std::get_if<Blob>(&head->value) : nullptr;
        return blob ? uuidOf(blob->octets) : std::nullopt;
    };
    RowId customer = row;
    if (isOfCustomer) {
        const auto parent = shown(table, row, ColumnId{1});
        if (!parent)
            return must(records.load(table, row)).isKnown();
        customer = *parent;
    }
    if (!must(records.load(TableId{1}, customer)).isKnown()) {
        // Nobody knows whose it is: the manager looks after it, and whoever wrote it keeps it.
        const auto history = must(records.history(table, row));
        return node.index == 0
            || std::any_of(history.begin(), history.end(), [&](const HistoryEntry &entry) {
                   return records.header(entry.group).id.device == node.device;
               });
    }
    const auto territory = shown(TableId{1}, customer, ColumnId{5});
    if (!territory || node.index == 0)
        return true;
    return std::find(held.begin(), held.end(), *territory) != held.end();
}

void World::checkSent(const Node &node, const PullRequest &request, const PullAnswer &answer)
{
    for (const auto *groups : {&answer.groups, &answer.entered}) {
        for (const Group &group : *groups) {
            const bool isItsOwn = group.header.id.device == node.device
                && group.header.id.incarnation == request.incarnation;
            if (isItsOwn)
                continue;
            for (const Change &change : must(decodeBody(group.body))) {
                if (!maySee(node, change.table, change.row))
                    violation("I11: device " + std::to_string(node.index)
                        + " was sent a row it may not see");
                for (const Assignment &given : change.assignments) {
                    if (change.table == TableId{1} && given.column == ColumnId{6} && node.index != 0
                        && !isEmpty(given.value))
                        violation("I11: a device was sent a column it may not see");
                }
            }
        }
    }
}

// What its member held when the log stood at the device's cursor, or was given since.
std::vector<RowId> World::heldSinceCursor(const Node &node)
{
    std::vector<RowId> all = territoriesOf(node);
    const std::uint64_t cursor = raw(node.replica->facts().cursor);
    auto from = node.held.upper_bound(cursor);
    if (from != node.held.begin())
        --from;
    for (; from != node.held.end(); ++from)
        all.insert(all.end(), from->second.begin(), from->second.end());
    return all;
}

// The row went where the author holds nothing, and the author's cursor has passed that.
bool World::isLostAndKnown(const Node &node, const RowName &name)
{
    if (!must(m_serverStore->records().load(name.table, name.row)).isKnown()
        || maySee(node, name.table, name.row))
        return false;
    const auto moves = must(m_serverStore->movesAfter(node.replica->facts().cursor));
    return std::none_of(moves.begin(), moves.end(),
        [&](const tend::server::Move &move) { return move.row == name; });
}

// Whether the server may refuse it: it puts a row where its author holds nothing, or touches a row
// that was made so.
bool World::isBold(const Node &node, const std::vector<Change> &changes)
{
    const std::vector<RowId> held = heldSinceCursor(node);
    // The device was told of the loss; what is left of the row waits for its own groups only.
    const auto knowsItLost = [&](TableId table, const RowId &row) {
        return must(m_serverStore->records().load(table, row)).isKnown()
            && !maySee(node, table, row, held);
    };
    for (const Change &change : changes) {
        const bool isOfCustomer = change.table == TableId{2} || change.table == giftTable;
        const bool isAboutOthers = change.table == TableId{1} || isOfCustomer;
        if (isAboutOthers && knowsItLost(change.table, change.row))
            return true;
        for (const Assignment &given : change.assignments) {
            const auto *blob = std::get_if<Blob>(&given.value);
            if (change.table == TableId{1} && given.column == ColumnId{5} && blob
                && node.index != 0)
                return true;  // it may be taken from its author before it arrives
            // A visit of such a customer.
            if (isOfCustomer && given.column == ColumnId{1} && blob) {
                const RowId customer = *uuidOf(blob->octets);
                if (knowsItLost(TableId{1}, customer)
                    && isLostAndKnown(node, {TableId{1}, customer}))
                    return true;
                for (const Written &written : m_written) {
                    if (written.isBold && written.author == node.index
                        && std::any_of(written.changes.begin(), written.changes.end(),
                            [&](const Change &made) { return made.row == customer; }))
                        return true;
                }
            }
        }
        for (const Written &written : m_written) {
            if (written.isBold && written.author == node.index && change.table != markerTable
                && std::any_of(written.changes.begin(), written.changes.end(),
                    [&](const Change &made) { return made.row == change.row; }))
                return true;
        }
    }
    return false;
}

std::string World::canonical(Records &records, const Node *who)
{
    std::ostringstream out;
    for (const TableId table : {TableId{1}, TableId{2}, TableId{3}, TableId{4}, markerTable,
             territoryTable, linkTable, giftTable}) {
        if (who && who->isOld && table == giftTable)
            continue;
        // Deleted ones too: what stood in them lies in a device's file as long as they do.
        std::vector<RowId> ids = *records.rowIds(table);
        const std::vector<RowId> buried = *records.buriedIds(table);
        ids.insert(ids.end(), buried.begin(), buried.end());
        if (table == TableId{1})
            ids = m_rows;
        std::sort(ids.begin(), ids.end());
        for (const RowId &id : ids) {
            const bool isServer = &records == &m_serverStore->records();
            if (who && isServer && !maySee(*who, table, id))
                continue;
            const auto row = *records.row(table, id);
            std::vector<std::string> lines;
            for (const HistoryEntry &entry : must(records.history(table, id))) {
                const GroupHeader &by = records.header(entry.group);
                if (who && who->index != 0 && table == TableId{1} && entry.column == ColumnId{6})
                    continue;
                // Of a write that it does not know, an older program knows that it was.
                if (who && who->isOld && table == TableId{1}
                    && (entry.column == laterColumnId || entry.column == existence))
                    continue;
                std::ostringstream line;
                line << "\n  " << static_cast<unsigned>(entry.column) << ' ' << show(entry.value)
                     << " #" << raw(by.sequence) << " @" << static_cast<std::uint64_t>(by.stamp)
                     << (entry.isShown ? " shown" : "");
                lines.push_back(line.str());
            }
            if (!row && lines.empty())
                continue;
            out << static_cast<unsigned>(table) << ' ' << toText(id);
            if (row) {
                for (const Assignment &given : row->assignments) {
                    const bool isHidden = who && table == TableId{1}
                        && ((who->index != 0 && given.column == ColumnId{6})
                            || (who->isOld && given.column == laterColumnId));
                    if (!isHidden)
                        out << ' ' << static_cast<unsigned>(given.column) << '='
                            << show(given.value);
                }
            } else {
                out << " gone";
            }
            std::sort(lines.begin(), lines.end());
            for (const std::string &line : lines)
                out << line;
            out << '\n';
        }
    }
    return out.str();
}

// I1: the same groups give the same rows, history and conflicts everywhere, as far as each may see
// them; and what a device may not see is not on it.
void World::checkConvergence()
{
    const auto conflictsOf = [&](Node &node, const Node &asSeenBy) {
        std::string text;
        std::vector<std::string> lines;
        for (const Conflict &conflict : must(node.replica->conflicts())) {
            const bool isKnown = !asSeenBy.isOld
                || (conflict.column != existence && conflict.column != laterColumnId);
            if (isKnown && maySee(asSeenBy, conflict.table, conflict.row))
                lines.push_back(toText(conflict.id) + show(conflict.base));
        }
        std::sort(lines.begin(), lines.end());
        for (const std::string &line : lines)
            text += line + '\n';
        return text;
    };
    for (auto &node : m_nodes) {
        const std::string server = canonical(m_serverStore->records(), node.get());
        const std::string mine = canonical(node->replica->records(), node.get());
        if (mine != server) {
            std::istringstream one(server);
            std::istringstream other(mine);
            std::string a;
            std::string b;
            std::string context;
            while (std::getline(one, a) && std::getline(other, b) && a == b)
                context = a.starts_with("  ") ? context : a;
            violation("I1: device " + std::to_string(node->index) + " differs from the server at "
                + context + "\n   server: " + a + "\n   device: " + b);
            return;
        }
        if (conflictsOf(*node, *node) != conflictsOf(*m_nodes.front(), *node))
            violation("I1: devices show different conflicts");
    }
}

std::set<std::size_t> World::trueHeads(TableId table, const RowId &row, ColumnId column) const
{
    std::set<std::size_t> writers;
    for (const auto &[id, index] : m_accepted) {
        for (const Change &change : m_written[index].changes) {
            if (change.table == table && change.row == row && writes(change, column))
                writers.insert(index);
        }
    }
    std::set<std::size_t> heads = writers;
    for (const std::size_t one : writers) {
        const bool isSeen = std::any_of(writers.begin(), writers.end(),
            [&](std::size_t other) { return m_written[other].seen.contains(one); });
        if (isSeen)
            heads.erase(one);
    }
    return heads;
}

std::set<std::size_t> World::headsOf(const RowState &state, ColumnId column)
{
    std::set<std::size_t> heads;
    for (const Head &head : state.heads) {
        if (head.column == column)
            heads.insert(m_accepted.at(m_serverStore->records().header(head.group).id));
    }
    return heads;
}

// I5, I9: what stands is exactly what nobody had seen and overwritten; and a row is gone exactly
// when every write to it was seen by one that deleted it.
void World::checkCausality()
{
    for (const RowId &visit : must(m_serverStore->records().rowIds(TableId{2}))) {
        const auto row = must(m_serverStore->records().row(TableId{2}, visit));
        for (const RowName &parent : parentsIn(*m_schema.table(TableId{2}), *row)) {
            if (must(m_serverStore->isDead(parent)))
                violation("I9: visit " + toText(visit) + " hangs on what was forgotten");
        }
    }
    for (const RowId &row : m_rows) {
        const RowState state = *m_serverStore->records().load(TableId{1}, row);
        const bool isDead = must(m_serverStore->isDead({TableId{1}, row}));
        if (isDead && state.isKnown())
            violation("I9: row " + toText(row) + " was forgotten and is there again");
        for (std::uint32_t column = 0; column <= 4 && !isDead; ++column) {
            if (headsOf(state, ColumnId{column}) != trueHeads(TableId{1}, row, ColumnId{column}))
                violation("I5: column " + std::to_string(column) + " of " + toText(row)
                    + " shows a value that was seen and overwritten, or misses one that was not: "
                      "heads"
                    + list(headsOf(state, ColumnId{column})) + ", truly"
                    + list(trueHeads(TableId{1}, row, ColumnId{column})));
        }
        std::set<std::size_t> deletions;
        std::set<std::size_t> others;
        for (const auto &[id, index] : m_accepted) {
            for (const Change &change : m_written[index].changes) {
                if (change.table == TableId{1} && change.row == row)
                    (change.kind == ChangeKind::Delete ? deletions : others).insert(index);
            }
        }
        const bool shouldLive = std::any_of(others.begin(), others.end(), [&](std::size_t write) {
            return std::none_of(deletions.begin(), deletions.end(),
                [&](std::size_t deletion) { return m_written[deletion].seen.contains(write); });
        });
        if (m_serverStore->records().row(TableId{1}, row)->has_value() != shouldLive)
            violation("I9: row " + toText(row)
                + (shouldLive ? " was deleted by one who had not seen all"
                              : " rose from the dead"));
    }
}

// I12: no stamp lies further ahead than the server allows. And a group's stamp lies above those of
// all that its author had seen, unless a restored server had to take groups again.
void World::checkStamps()
{
    std::map<std::size_t, Stamp> stamps;
    for (const auto &[id, index] : m_accepted) {
        const auto group = must(m_serverStore->records().findGroup(id));
        stamps[index] = m_serverStore->records().header(*group).stamp;
        if (inMs(wallOf(stamps[index])) > worldStartMs + m_nowMs + 300'000)
            violation("I12: a stamp from the future was accepted");
    }
    if (m_serverWentBack || m_machineWentBack)
        return;
    for (const auto &[index, stamp] : stamps) {
        for (const std::size_t before : m_written[index].seen) {
            if (stamps.contains(before) && stamps[before] >= stamp)
                violation("I5: group " + std::to_string(index)
                    + " is stamped before what its author had seen");
        }
    }
}

// I6: a group is there whole or not at all.
void World::checkAtomicity()
{
    for (auto &node : m_nodes) {
        Records &records = node->replica->records();
        std::set<std::size_t> held;
        for (const RowId &marker : must(records.rowIds(markerTable)))
            held.insert(m_markers.at(marker));
        std::set<std::size_t> told;
        for (const RowId &row : m_rows) {
            for (const HistoryEntry &entry : must(records.history(TableId{1}, row)))
                told.insert(m_accepted.contains(records.header(entry.group).id)
                        ? m_accepted.at(records.header(entry.group).id)
                        : SIZE_MAX);
        }
        if (!std::includes(held.begin(), held.end(), told.begin(), told.end()))
            violation("I6: a device shows a part of a group");
    }
}

// I8: every accepted value is current or in the history. But where the author's device went back
// behind a group, fetched again what it may see of it by then, and the server forgot it as well,
// that part is all that the author can offer.
void World::checkHistory()
{
    std::set<std::tuple<RowId, ColumnId, std::size_t>> told;
    for (const RowId &row : m_rows) {
        for (const HistoryEntry &entry : must(m_serverStore->records().history(TableId{1}, row)))
            told.emplace(
                row, entry.column, m_accepted.at(m_serverStore->records().header(entry.group).id));
    }
    for (const auto &[id, index] : m_accepted) {
        if (m_serverWentBack && m_written[index].authorLostIt)
            continue;
        for (const Change &change : m_written[index].changes) {
            if (change.table != TableId{1} || must(m_serverStore->isDead({TableId{1}, change.row})))
                continue;
            for (const Assignment &given : change.assignments) {
                if (writes(change, given.column)
                    && !told.contains({change.row, given.column, index}))
                    violation(
                        "I8: a value of group " + std::to_string(index) + " is in no history");
            }
        }
    }
}

// What several wrote about one visit stands there, every sentence of it once. A server that goes
// back loses what it had merged, and with it the common origin of texts that devices went on from:
// then a sentence may stand twice, or a person is asked; the history has all.
void World::checkAccounts()
{
    if (m_serverWentBack)
        return;
    constexpr ColumnId account{3};
    std::map<RowId, std::set<std::string>> written;
    for (const auto &[id, index] : m_accepted) {
        for (const Change &change : m_written[index].changes) {
            for (const Assignment &given : change.assignments) {
                const auto *text = std::get_if<std::string>(&given.value);
                if (change.table != TableId{2} || given.column != account || !text)
                    continue;
                const auto sentences = sentencesOf(*text);
                written[change.row].insert(sentences.begin(), sentences.end());
            }
        }
    }
    for (const auto &[row, sentences] : written) {
        // Its author had to give it up while writing: they claim to have seen more than they held.
        if (m_givenUp.contains(row) || m_chosen.contains(row))
            continue;
        RowState state = must(m_serverStore->records().load(TableId{2}, row));
        std::erase_if(state.heads, [](const Head &head) { return head.column != account; });
        std::set<std::string> shown;
        std::size_t longest = 0;
        for (const Head &head : state.heads) {
            const auto its = sentencesOf(std::get<std::string>(head.value));
            shown.insert(its.begin(), its.end());
            longest = std::max(longest, its.size());
        }
        // Several heads: two brought the same sentences into another order, and a person is asked.
        // More than was accepted: a refused account may live on in the next one, which took it in.
        const bool isThere
            = std::includes(shown.begin(), shown.end(), sentences.begin(), sentences.end());
        if (isThere && longest <= shown.size())
            continue;
        for (const HistoryEntry &entry : must(m_serverStore->records().history(TableId{2}, row))) {
            if (entry.column == account)
                trace((entry.isShown ? "  shown " : "  ")
                    + show(m_serverStore->records().header(entry.group)) + ' '
                    + std::get<std::string>(entry.value));
        }
        std::string missing;
        for (const std::string &sentence : sentences)
            missing += shown.contains(sentence) ? "" : " without " + sentence;
        violation(
            "I13: what was written about visit " + toText(row) + " is not what shows" + missing);
    }
}

// A person is asked exactly where two wrote an asking column, or one deleted what the other wrote,
// without having seen each other, and the values differ.
void World::checkConflicts()
{
    std::size_t expected = 0;
    for (const RowId &row : m_rows) {
        if (!m_serverStore->records().row(TableId{1}, row)->has_value())
            continue;
        const RowState state = *m_serverStore->records().load(TableId{1}, row);
        for (const ColumnId column : {ColumnId{1}, ColumnId{2}}) {
            const Head *shown = state.winner(column, m_serverStore->records());
            for (const Head &head : state.heads)
                expected += head.column == column && head.value != shown->value ? 1 : 0;
        }
        for (const Head &head : state.heads)
            expected += head.column == existence && head.value == deleted ? 1 : 0;
    }
    for (const RowId &visit : must(m_serverStore->records().rowIds(TableId{2}))) {
        const RowState state = *m_serverStore->records().load(TableId{2}, visit);
        const Head *shown = state.winner(ColumnId{3}, m_serverStore->records());
        for (const Head &head : state.heads)
            expected += head.column == ColumnId{3} && head.value != shown->value ? 1 : 0;
    }
    const auto open = m_nodes.front()->replica->conflicts();
    if (open->size() != expected)
        violation("conflicts: " + std::to_string(open->size()) + " shown, "
            + std::to_string(expected) + " there");
}

}  // namespace replica::sim
