#include "server-stub/feed.h"

#include <algorithm>

#include "sync/base/mutant.h"
#include "sync/protocol/body.h"

namespace tend::server {

using namespace replica;

namespace {

constexpr std::size_t headerOctets = 64;
constexpr std::size_t positionOctets = 40;

std::size_t sizeOf(const Change &change)
{
    std::size_t octets = 24;
    for (const Assignment &given : change.assignments)
        octets += octetsOf(given.value);
    return octets;
}

// A position in a fill: the root whose tree is being told, and the last row of it that was.
struct Position {
    RowName root;
    RowName row;

    [[nodiscard]] Bytes octets() const
    {
        Bytes out;
        for (const RowName *name : {&root, &row}) {
            const auto table = static_cast<std::uint32_t>(name->table);
            for (unsigned i = 0; i < 4; ++i)
                out.push_back(static_cast<char>(table >> (8 * i)));
            out += name->row.bytes();
        }
        return out;
    }

    static std::optional<Position> from(BytesView octets)
    {
        if (octets.size() != positionOctets)
            return std::nullopt;
        const auto nameAt = [&](std::size_t at) {
            std::uint32_t table = 0;
            for (unsigned i = 0; i < 4; ++i)
                table |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(octets[at + i]))
                    << (8 * i);
            return RowName{TableId{table}, *uuidOf(octets.substr(at + 4, 16))};
        };
        return Position{nameAt(0), nameAt(20)};
    }
};

std::vector<const Table *> tablesByNumber(const Schema &schema)
{
    std::vector<const Table *> tables;
    for (const Table &table : schema.tables())
        tables.push_back(&table);
    std::sort(tables.begin(), tables.end(),
        [](const Table *one, const Table *other) { return one->id < other->id; });
    return tables;
}

}  // namespace

// ---- what the device may see --------------------------------------------------------------------

void Feed::hideColumns(Change &change) const
{
    const Table *table = m_schema.table(change.table);
    const auto isHidden = [&](const Assignment &given) {
        const Column *column = table ? table->column(given.column) : nullptr;
        return column && !m_view.shows(*column);
    };
    const bool isAllHidden = change.kind == ChangeKind::Update
        && std::all_of(change.assignments.begin(), change.assignments.end(), isHidden);
    if (!isAllHidden) {
        std::erase_if(change.assignments, isHidden);
        return;
    }
    // That it was written stays known, for it keeps the row from a delete that had not seen it.
    for (Assignment &given : change.assignments)
        given.value = Empty{};
}

// A row whose parent nobody knows is kept by whoever wrote it, until its place is known.
Result<bool> Feed::isVisible(const RowName &name)
{
    const Scopes scopes = TRY(m_reader.of(name));
    return meet(scopes, m_view.scopes)
        || (!m_view.scopes.empty() && holds(scopes, orphaned) && TRY(hasWritten(name)));
}

Result<bool> Feed::isAllVisible()
{
    for (const Scope &scope : m_view.scopes) {
        if (scope.starts_with(columnsKind))
            return false;
    }
    return difference(TRY(m_store.allScopes()), m_view.scopes).empty();
}

Result<bool> Feed::restrict(Group &group, Left &left)
{
    std::vector<Change> seen;
    for (Change &change : TRY(decodeBody(group.body))) {
        const RowName name{change.table, change.row};
        if (!TRY(isVisible(name)) && !MUTANT(rows_of_others)) {
            if (TRY(hasWritten(name)))
                TRY_STATUS(takeTreeBack(name, left));
            continue;
        }
        hideColumns(change);
        seen.push_back(std::move(change));
    }
    group.body = encodeBody(seen);
    return !seen.empty();
}

Result<std::size_t> Feed::collect(const RowName &name, Sequence upTo, Parts &parts)
{
    if (!parts.rows.insert(name).second)
        return 0;
    std::map<GroupRef, Change> written;
    for (HistoryEntry &entry : TRY(m_store.records().history(name.table, name.row))) {
        const Sequence sequence = m_store.records().header(entry.group).sequence;
        if (sequence > upTo)
            continue;
        Change &change = written[entry.group];
        if (change.row.isNil())
            change = {name.table, name.row, ChangeKind::Update, {}};
        if (entry.column == existence)
            change.kind = entry.value == deleted ? ChangeKind::Delete : ChangeKind::Insert;
        else
            change.assignments.push_back({entry.column, std::move(entry.value)});
    }
    std::size_t octets = 0;
    for (auto &[group, change] : written) {
        hideColumns(change);
        std::sort(change.assignments.begin(), change.assignments.end(),
            [](const Assignment &one, const Assignment &other) {
                return one.column < other.column;
            });
        octets += sizeOf(change);
        auto &part = parts.groups[m_store.records().header(group).sequence];
        part.first = group;
        part.second.push_back(std::move(change));
    }
    return octets;
}

std::vector<Group> Feed::told(const Groups &parts)
{
    std::vector<Group> groups;
    for (const auto &[sequence, part] : parts) {
        Group group;
        group.header = m_store.records().header(part.first);
        group.body = encodeBody(part.second);
        groups.push_back(std::move(group));
    }
    return groups;
}

// ---- the answer ---------------------------------------------------------------------------------

Result<bool> Feed::mustFill(const PullRequest &request)
{
    // At the start of the log nothing is there yet, so any view of it is whole.
    if (request.cursor != Sequence{0} || m_floor != Sequence{0})
        return true;
    std::uint64_t rows = 0;
    for (const Table &table : m_schema.tables())
        rows += TRY(m_store.records().rowsAbout(table.id));
    return raw(m_head) > m_replayMax * (rows + 100);
}

// It begins, asks to, was away for longer than the log tells, or is at it already.
bool Feed::startsOver(const PullRequest &request) const
{
    return request.cursor == Sequence{0} || request.isRefill
        || (request.cursor < m_floor && !MUTANT(floor_ignored))
        || (request.fill && request.fill->at > request.cursor);
}

Status Feed::answer(const PullRequest &request, PullAnswer &answer)
{
    answer.view = m_view.token;
    answer.from = answer.to = request.cursor;
    const bool isAsKnown = request.view == m_view.token;
    if (!isAsKnown && !request.view.empty()) {
        answer.outcome = SyncOutcome::ViewChanged;
        answer.scopes = m_view.scopes;
        return {};
    }
    if (!isAsKnown)
        answer.scopes = m_view.scopes;
    Scopes held = isAsKnown ? m_view.scopes : request.scopes;
    sortOut(held);
    Scopes kept = keptOf(held, m_view.scopes);
    const bool isFresh
        = held.empty() && !request.isRefill && !request.fill && !TRY(mustFill(request));
    if (isFresh)
        kept = m_view.scopes;
    else if (request.cursor != Sequence{0} && startsOver(request))
        kept.clear();
    const Scopes gained = difference(m_view.scopes, kept);
    const PullAnswer before = answer;
    TRY_STATUS(gained.empty() ? page(kept, request, answer)
                              : fill(gained, startsOver(request), request, answer));
    if (!m_movedTooMuch)
        return {};
    // All of it anew costs less. Nothing moved since what that tells.
    m_movedTooMuch = false;
    answer = before;
    return fill(m_view.scopes, true, request, answer);
}

Result<RowSum> Feed::sum()
{
    RowSum sum = 0;
    for (const auto &[place, its] : TRY(m_store.sums())) {
        if (meet(place, m_view.scopes))
            sum += its;
    }
    std::set<RowName> own;
    for (const RowName &orphan : TRY(m_store.orphans())) {
        for (const RowName &row : TRY(m_reader.treeOf(orphan))) {
            const bool isElsewhere = !meet(TRY(m_reader.of(row)), m_view.scopes);
            if (isElsewhere && TRY(isVisible(row)) && own.insert(row).second)
                sum += TRY(sumOfRow(m_store.records(), m_schema, row.table, row.row));
        }
    }
    return sum;
}

Status Feed::fill(
    const Scopes &gained, bool startsOver, const PullRequest &request, PullAnswer &answer)
{
    Fill part;
    part.scopes = gained;
    // A device's rows must all stand at one sequence: at the head where it starts, else at its
    // cursor.
    part.at = startsOver ? m_head : request.cursor;
    std::optional<Position> position;
    if (request.fill && request.fill->scopes == gained && request.fill->at <= m_head
        && request.fill->at >= m_floor && (startsOver || request.fill->at == request.cursor)) {
        part.at = request.fill->at;
        part.after = request.fill->position;
        position = Position::from(request.fill->position);
    }
    const std::size_t octetsMax = std::clamp<std::size_t>(request.bytesMax, 1, pageBytesAim);
    std::size_t octets = 0;
    Parts parts;
    Position last = position.value_or(Position{});
    part.isLast = true;
    const auto finish = [&] {
        part.position = last.octets();
        answer.groups = told(parts.groups);
        answer.fill = std::move(part);
    };
    // False when the answer was full before its end.
    const auto addTree = [&](const RowName &root) -> Result<bool> {
        for (const RowName &row : TRY(m_reader.treeOf(root))) {
            const bool wasTold = position && root == position->root && row <= position->row;
            if (wasTold || !meet(TRY(m_reader.of(row)), gained))
                continue;
            if (octets >= octetsMax)
                return false;
            octets += TRY(collect(row, part.at, parts));
            last = {root, row};
        }
        return true;
    };
    for (const Table *table : tablesByNumber(m_schema)) {
        if (position && table->id < position->root.table)
            continue;
        ScopeReader::Roots roots;
        if (position && table->id == position->root.table) {
            // The one whose tree was not told to its end.
            roots.rows = {position->root.row};
            roots.upTo = position->root.row;
        } else {
            roots = TRY(m_reader.rootsIn(*table, gained, RowId{}));
        }
        while (true) {
            for (const RowId &id : roots.rows) {
                part.isLast = TRY(addTree({table->id, id}));
                if (part.isLast)
                    continue;
                finish();
                return {};
            }
            if (!roots.upTo)
                break;
            roots = TRY(m_reader.rootsIn(*table, gained, *roots.upTo));
        }
    }
    TRY_STATUS(addMovedOn(gained, startsOver, part.at, parts));
    if (m_movedTooMuch)
        return {};
    TRY_STATUS(addOrphans(gained, startsOver, part.at, parts));
    finish();
    return {};
}

// What stood in these scopes at that sequence and went on to another the device holds; and what
// came back while the parts were told, for the place where it is told now may have been passed
// before.
Status Feed::addMovedOn(const Scopes &gained, bool startsOver, Sequence at, Parts &parts)
{
    std::size_t moved = 0;
    for (const Move &move : TRY(m_store.movesAfter(at))) {
        const Scopes now = TRY(m_reader.of(move.row));
        const bool isToldInItsPlace = startsOver && meet(now, gained);
        if (meet(move.from, gained) && !isToldInItsPlace && meet(now, m_view.scopes))
            moved += TRY(collect(move.row, at, parts));
        m_movedTooMuch = !startsOver && moved > m_movedMax;
        if (m_movedTooMuch)
            return {};
    }
    return {};
}

Status Feed::addOrphans(const Scopes &gained, bool startsOver, Sequence at, Parts &parts)
{
    for (const RowName &orphan : TRY(m_store.orphans())) {
        for (const RowName &row : TRY(m_reader.treeOf(orphan))) {
            if (holds(gained, orphaned) || (startsOver && TRY(isVisible(row))))
                static_cast<void>(TRY(collect(row, at, parts)));
        }
    }
    return {};
}

Result<std::vector<Sequence>> Feed::sequencesAfter(
    const Scopes &kept, Sequence cursor, std::size_t countMax)
{
    if (m_schema.isShared())
        return m_store.sequencesIn(kept, cursor, countMax);
    std::vector<Sequence> all;
    for (Sequence at = after(cursor); at <= m_head && all.size() < countMax; at = after(at))
        all.push_back(at);
    return all;
}

Status Feed::page(const Scopes &kept, const PullRequest &request, PullAnswer &answer)
{
    constexpr std::size_t groupsMax = 8'192;
    const std::size_t octetsMax = std::clamp<std::size_t>(request.bytesMax, 1, pageBytesAim);
    const bool isAllVisible = !m_schema.isShared() || TRY(this->isAllVisible());
    Scopes listed = kept;
    listed.push_back(ownScope(m_device.id));
    sortOut(listed);
    const auto sequences = TRY(sequencesAfter(listed, request.cursor, groupsMax));
    std::size_t octets = 0;
    Left left;
    // Before anything of such a row is left out: what is written to it then would count as having
    // seen that.
    if (request.view != m_view.token && !isAllVisible)
        TRY_STATUS(takeAllBack(request.cursor, left));
    bool isFull = sequences.size() == groupsMax;
    for (const Sequence sequence : sequences) {
        SharedStore::LogEntry entry = TRY(m_store.logEntry(sequence));
        Group group;
        group.header = m_store.records().header(entry.group);
        // What this very incarnation made, it has.
        const bool isItsOwn = !request.isWhole && group.header.id.device == m_device.id
            && group.header.id.incarnation == request.incarnation;
        if (group.header.id.device == m_device.id && !isAllVisible)
            TRY_STATUS(takeBack(entry.body, left));
        if (!isItsOwn)
            group.body = std::move(entry.body);
        const bool isTold = isItsOwn || isAllVisible || TRY(restrict(group, left));
        if (!isItsOwn && group.body.empty()) {
            answer.to = sequence;  // of the server: only what moved with it counts
            continue;
        }
        const std::size_t size = group.body.size() + headerOctets;
        if (isTold && !answer.groups.empty() && octets + size > octetsMax) {
            isFull = true;
            break;
        }
        answer.to = sequence;
        if (!isTold)
            continue;
        octets += size;
        answer.groups.push_back(std::move(group));
        if (octets >= octetsMax) {
            isFull = true;
            break;
        }
    }
    const bool isAtEnd
        = sequences.size() < groupsMax && (sequences.empty() || answer.to == sequences.back());
    if (!isFull || isAtEnd)
        answer.to = m_head;
    return moves(kept, left, answer);
}

// Rows of its own that the device may not hold: it wrote them in a scope that was given and taken
// again before it heard of either, or the answer that said so was lost.
Status Feed::takeBack(const Bytes &body, Left &left)
{
    for (const Change &change : TRY(decodeBody(body)))
        TRY_STATUS(takeTreeBack({change.table, change.row}, left));
    return {};
}

// A device that lost scopes keeps what its own groups beyond the cursor wrote, until it is told.
Status Feed::takeAllBack(Sequence cursor, Left &left)
{
    constexpr std::size_t atOnce = 8'192;
    while (true) {
        const auto own = TRY(m_store.sequencesIn({ownScope(m_device.id)}, cursor, atOnce));
        for (const Sequence sequence : own)
            TRY_STATUS(takeBack(TRY(m_store.logEntry(sequence)).body, left));
        if (own.size() < atOnce)
            return {};
        cursor = own.back();
    }
}

Status Feed::takeTreeBack(const RowName &name, Left &left)
{
    const auto isHeld = [&](const Scopes &scopes) {
        return meet(scopes, m_view.scopes) || holds(scopes, orphaned);
    };
    if (isHeld(TRY(m_reader.of(name))))
        return {};
    for (const RowName &row : TRY(m_reader.treeOf(name))) {
        if (!isHeld(TRY(m_reader.of(row))) && !MUTANT(strays_stay))
            left[row.table].insert(row.row);
    }
    return {};
}

// Then it has the row, wherever that belongs.
Result<bool> Feed::hasWritten(const RowName &name)
{
    const auto history = TRY(m_store.records().history(name.table, name.row));
    return std::any_of(history.begin(), history.end(), [&](const HistoryEntry &entry) {
        return m_store.records().header(entry.group).id.device == m_device.id;
    });
}

// A device whose own writes lie beyond its cursor may have brought a row into its scopes with what
// hung on it there, and cannot know that this one hangs elsewhere by now.
Result<bool> Feed::hungInView(const RowName &name)
{
    const Table &table = *m_schema.table(name.table);
    for (const HistoryEntry &entry : TRY(m_store.records().history(name.table, name.row))) {
        if (entry.column == existence)
            continue;
        const Change hung{name.table, name.row, ChangeKind::Update, {{entry.column, entry.value}}};
        for (const RowName &parent : parentsIn(table, hung)) {
            if (TRY(isVisible(parent)))
                return true;
        }
    }
    return false;
}

Status Feed::moves(const Scopes &kept, Left &left, PullAnswer &answer)
{
    if (!m_schema.isShared())
        return {};
    Parts parts;
    std::map<RowName, std::vector<Move>> moved;
    for (Move &move : TRY(m_store.movesAfter(answer.from)))
        moved[move.row].push_back(std::move(move));
    std::size_t octets = 0;
    for (const auto &[name, moves] : moved) {
        const bool isVisible = TRY(this->isVisible(name));
        const bool wasHeld = std::any_of(moves.begin(), moves.end(), [&](const Move &move) {
            return meet(move.from, kept);
        }) || (!isVisible && (TRY(hasWritten(name)) || TRY(hungInView(name))));
        const bool cameIn = std::any_of(moves.begin(), moves.end(),
            [&](const Move &move) { return move.isWhole || !meet(move.from, kept); });
        if (isVisible && cameIn)
            octets += TRY(collect(name, answer.to, parts));
        else if (!isVisible && wasHeld)
            left[name.table].insert(name.row);
        m_movedTooMuch = octets > m_movedMax;
        if (m_movedTooMuch)
            return {};
    }
    // With a row that left goes what hangs on it there, also what is yet to be told that it lies
    // elsewhere.
    const auto hasLeft = [&](const RowName &name) {
        const auto rows = left.find(name.table);
        return rows != left.end() && rows->second.contains(name.row);
    };
    for (const auto &[name, ignored] : moved) {
        const auto above = TRY(m_reader.ancestorsOf(name));
        if (std::any_of(above.begin(), above.end(), hasLeft) && TRY(isVisible(name)))
            octets += TRY(collect(name, answer.to, parts));
        m_movedTooMuch = octets > m_movedMax;
        if (m_movedTooMuch)
            return {};
    }
    answer.entered = told(parts.groups);
    for (const auto &[table, rows] : left)
        answer.left.push_back({table, {rows.begin(), rows.end()}});
    return {};
}

}  // namespace tend::server
