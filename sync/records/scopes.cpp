#include "sync/records/scopes.h"

#include <algorithm>
#include <set>

namespace replica {

namespace {

const Value *valueIn(const Change &row, ColumnId column)
{
    const auto at = std::lower_bound(row.assignments.begin(), row.assignments.end(), column,
        [](const Assignment &given, ColumnId wanted) { return given.column < wanted; });
    const bool isThere = at != row.assignments.end() && at->column == column && !isEmpty(at->value);
    return isThere ? &at->value : nullptr;
}

Scope scopeNamed(const std::string &kind, const Value &value)
{
    if (kind == everybody)
        return everybody;
    if (const auto *blob = std::get_if<Blob>(&value)) {
        const auto id = uuidOf(blob->octets);
        return kind + '/' + (id ? toText(*id) : toHex(blob->octets));
    }
    if (const auto *text = std::get_if<std::string>(&value))
        return kind + '/' + *text;
    if (const auto *number = std::get_if<std::int64_t>(&value))
        return kind + '/' + std::to_string(*number);
    return orphaned;
}

// The value that puts a row into this scope by a rule of that kind; nothing when it is of another.
std::optional<Value> valueFor(const Column &column, const std::string &kind, const Scope &scope)
{
    if (!scope.starts_with(kind + '/'))
        return std::nullopt;
    const std::string text = scope.substr(kind.size() + 1);
    if (column.type != ColumnType::Id)
        return Value{text};
    const auto id = parseUuid(text);
    return id ? std::optional<Value>(Blob{Bytes(id->bytes())}) : std::nullopt;
}

void overlay(Change &row, const Change &ahead)
{
    for (const Assignment &given : ahead.assignments) {
        const auto at
            = std::lower_bound(row.assignments.begin(), row.assignments.end(), given.column,
                [](const Assignment &have, ColumnId wanted) { return have.column < wanted; });
        if (at != row.assignments.end() && at->column == given.column)
            at->value = given.value;
        else
            row.assignments.insert(at, given);
    }
}

// Of its own rules the first that is filled places a row.
std::vector<RowName> placingParentsIn(const Table &table, const Change &row)
{
    std::vector<RowName> parents;
    const auto add = [&](const ScopeRule &rule) {
        const Value *value = valueIn(row, rule.column);
        const auto *blob = value ? std::get_if<Blob>(value) : nullptr;
        if (rule.kind.empty() && blob)
            parents.push_back({rule.parent, uuidOf(blob->octets).value_or(Uuid{})});
        return value != nullptr;
    };
    static_cast<void>(std::any_of(table.scopes.begin(), table.scopes.end(), add));
    for (const ScopeRule &rule : table.alsoScopes)
        static_cast<void>(add(rule));
    return parents;
}

}  // namespace

bool meet(const Scopes &one, const Scopes &other)
{
    return std::any_of(
        one.begin(), one.end(), [&](const Scope &scope) { return holds(other, scope); });
}

bool holds(const Scopes &scopes, const Scope &scope)
{
    return std::binary_search(scopes.begin(), scopes.end(), scope);
}

Scopes difference(const Scopes &from, const Scopes &without)
{
    Scopes left;
    std::set_difference(
        from.begin(), from.end(), without.begin(), without.end(), std::back_inserter(left));
    return left;
}

void sortOut(Scopes &scopes)
{
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
}

std::vector<RowName> parentsIn(const Table &table, const Change &change)
{
    std::vector<RowName> parents;
    for (const auto *rules : {&table.scopes, &table.alsoScopes}) {
        for (const ScopeRule &rule : *rules) {
            const Value *value = valueIn(change, rule.column);
            const auto *blob = value ? std::get_if<Blob>(value) : nullptr;
            if (rule.kind.empty() && blob)
                parents.push_back({rule.parent, uuidOf(blob->octets).value_or(Uuid{})});
        }
    }
    return parents;
}

Scopes keptOf(const Scopes &held, const Scopes &now)
{
    const auto columnsOf = [](const Scopes &scopes) {
        const auto at = std::find_if(scopes.begin(), scopes.end(),
            [](const Scope &scope) { return scope.starts_with(columnsKind); });
        return at == scopes.end() ? Scope() : *at;
    };
    if (columnsOf(held) != columnsOf(now))
        return {};
    Scopes kept;
    std::set_intersection(
        held.begin(), held.end(), now.begin(), now.end(), std::back_inserter(kept));
    return kept;
}

ScopeReader::ScopeReader(Records &records, const Schema &schema, const std::vector<Change> &ahead)
    : ScopeReader(records, schema)
{
    for (const Change &change : ahead)
        m_ahead.emplace(RowName{change.table, change.row}, &change);
}

ScopeReader::ScopeReader(
    Records &records, const Schema &schema, const std::vector<const Change *> &ahead)
    : ScopeReader(records, schema)
{
    for (const Change *change : ahead)
        m_ahead.emplace(RowName{change->table, change->row}, change);
}

Result<std::optional<Change>> ScopeReader::read(const RowName &name)
{
    const auto ahead = m_ahead.find(name);
    if (ahead != m_ahead.end() && ahead->second->kind == ChangeKind::Insert)
        return std::optional<Change>(*ahead->second);
    auto row = TRY(m_records.placing(name.table, name.row));
    if (row && ahead != m_ahead.end())
        overlay(*row, *ahead->second);
    return row;
}

Result<bool> ScopeReader::addBy(
    const Table &table, const ScopeRule &rule, const Change &row, Scopes &into)
{
    static_cast<void>(table);
    const Value *value = valueIn(row, rule.column);
    if (!value)
        return false;
    if (!rule.kind.empty()) {
        into.push_back(scopeNamed(rule.kind, *value));
        return true;
    }
    const auto *blob = std::get_if<Blob>(value);
    const auto id = blob ? uuidOf(blob->octets) : std::nullopt;
    const Scopes parents = id ? TRY(of({rule.parent, *id})) : Scopes{};
    if (parents.empty())
        into.push_back(orphaned);
    else
        into.insert(into.end(), parents.begin(), parents.end());
    return true;
}

Result<Scopes> ScopeReader::ofRow(const Table &table, const Change &row)
{
    Scopes scopes;
    bool belongs = false;
    for (const ScopeRule &rule : table.scopes) {
        belongs = TRY(addBy(table, rule, row, scopes));
        if (belongs)
            break;
    }
    if (!belongs)
        scopes.push_back(everybody);
    for (const ScopeRule &rule : table.alsoScopes)
        static_cast<void>(TRY(addBy(table, rule, row, scopes)));
    sortOut(scopes);
    return scopes;
}

Result<Scopes> ScopeReader::of(const RowName &name)
{
    const Table *table = m_schema.table(name.table);
    if (!table)
        return Scopes{};
    // Only what others hang on is asked for again.
    const auto known = table->hasDependents ? m_known.find(name) : m_known.end();
    if (known != m_known.end())
        return known->second;
    Scopes scopes;
    const auto ahead = m_ahead.find(name);
    if (ahead != m_ahead.end() && ahead->second->kind == ChangeKind::Insert)
        scopes = TRY(ofRow(*table, *ahead->second));
    else if (const auto row = TRY(read(name)))
        scopes = TRY(ofRow(*table, *row));
    if (table->hasDependents)
        m_known.emplace(name, scopes);
    return scopes;
}

Result<std::vector<RowName>> ScopeReader::ancestorsOf(const RowName &name, Parents parents)
{
    std::vector<RowName> found;
    std::vector<RowName> open{name};
    while (!open.empty()) {
        const RowName at = open.back();
        open.pop_back();
        const Table *table = m_schema.table(at.table);
        const auto row = table ? TRY(read(at)) : std::nullopt;
        if (!row)
            continue;
        const bool wantsAll = parents == Parents::All;
        for (const RowName &parent :
            wantsAll ? parentsIn(*table, *row) : placingParentsIn(*table, *row)) {
            if (std::find(found.begin(), found.end(), parent) == found.end()) {
                found.push_back(parent);
                open.push_back(parent);
            }
        }
    }
    return found;
}

Result<std::vector<RowId>> ScopeReader::buriedUnder(
    const Table &table, ColumnId column, const RowId &parent)
{
    const auto key = std::pair(table.id, column);
    if (!m_buried.contains(key)) {
        std::multimap<Uuid, RowId> byParent;
        for (const auto &[row, to] : TRY(m_records.buriedLinks(table.id, column)))
            byParent.emplace(to, row);
        m_buried.emplace(key, std::move(byParent));
    }
    std::vector<RowId> rows;
    const auto [first, last] = m_buried.at(key).equal_range(parent);
    for (auto at = first; at != last; ++at)
        rows.push_back(at->second);
    return rows;
}

Result<std::vector<RowName>> ScopeReader::treeOf(const RowName &root, Following following)
{
    std::set<RowName> found;
    std::vector<RowName> open{root};
    found.insert(root);
    while (!open.empty()) {
        const RowName name = open.back();
        open.pop_back();
        const Value id = Blob{Bytes(name.row.bytes())};
        for (const Schema::Link &link : m_schema.linksTo(name.table)) {
            auto rows = TRY(m_records.rowsWhere(link.table->id, link.column, id));
            if (following == Following::DeletedToo) {
                const auto buried = TRY(buriedUnder(*link.table, link.column, name.row));
                rows.insert(rows.end(), buried.begin(), buried.end());
            }
            for (const RowId &row : rows) {
                if (found.insert({link.table->id, row}).second)
                    open.push_back({link.table->id, row});
            }
        }
    }
    return std::vector<RowName>(found.begin(), found.end());
}

Result<ScopeReader::Roots> ScopeReader::rootsIn(
    const Table &table, const Scopes &scopes, const RowId &after)
{
    constexpr std::size_t atOnce = 512;
    Roots roots;
    std::vector<RowId> found;
    const auto add = [&](const std::vector<Assignment> &values) -> Status {
        const auto more = TRY(m_records.rowsShowing(table.id, values, after, atOnce));
        found.insert(found.end(), more.begin(), more.end());
        // What was cut off here bounds what is whole.
        if (more.size() == atOnce)
            roots.upTo = std::min(roots.upTo.value_or(more.back()), more.back());
        return {};
    };
    const auto addInto = [&](const ScopeRule &rule, std::vector<Assignment> values) -> Status {
        values.push_back({rule.column, Empty{}});
        for (const Scope &scope : scopes) {
            const auto value = valueFor(*table.column(rule.column), rule.kind, scope);
            if (value) {
                values.back().value = *value;
                TRY_STATUS(add(values));
            }
        }
        return {};
    };
    // A rule places a row where those before it have nothing to go by.
    std::vector<Assignment> unplaced;
    for (const ScopeRule &rule : table.scopes) {
        if (!rule.kind.empty())
            TRY_STATUS(addInto(rule, unplaced));
        unplaced.push_back({rule.column, Empty{}});
    }
    for (const ScopeRule &rule : table.alsoScopes) {
        if (!rule.kind.empty())
            TRY_STATUS(addInto(rule, {}));
    }
    if (holds(scopes, everybody))
        TRY_STATUS(add(unplaced));
    // Deleted ones too: others must know of it, and what hangs on them may live.
    for (const RowId &id : TRY(m_records.buriedIds(table.id))) {
        if (id > after)
            found.push_back(id);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const RowId &row : found) {
        if ((!roots.upTo || row <= *roots.upTo) && meet(TRY(of({table.id, row})), scopes))
            roots.rows.push_back(row);
    }
    return roots;
}

}  // namespace replica
