#include "server-stub/rights.h"

#include <algorithm>

#include "sync/base/mutant.h"
#include "sync/crypto/digest.h"

namespace tend::server {

using namespace replica;

namespace {

bool isAmong(const std::vector<std::string> &words, const std::string &word)
{
    return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

// What a row shows in a column, by name; empty when schema or row have none.
Value shown(Records &records, const Table &table, const RowId &row, const char *name)
{
    const Column *column = table.column(name);
    const auto change = records.row(table.id, row);
    if (!column || !change || !*change)
        return Empty{};
    for (const Assignment &given : (*change)->assignments) {
        if (given.column == column->id)
            return given.value;
    }
    return Empty{};
}

Result<Scopes> territoriesOf(Records &records, const Schema &schema, const Uuid &member)
{
    Scopes scopes;
    const Table *links = schema.table("member_territory");
    if (!links)
        return scopes;
    const ColumnId column = links->column("member_id")->id;
    for (const RowId &link :
        TRY(records.rowsWhere(links->id, column, Blob{Bytes(member.bytes())}))) {
        const Value territory = shown(records, *links, link, "territory_id");
        if (const auto *blob = std::get_if<Blob>(&territory))
            scopes.push_back("territory/" + toText(uuidOf(blob->octets).value_or(Uuid{})));
    }
    return scopes;
}

// Of each row of that table.
Result<Scopes> scopesOfAll(
    Records &records, const Schema &schema, const char *name, const std::string &kind)
{
    Scopes scopes;
    if (const Table *table = schema.table(name)) {
        for (const RowId &id : TRY(records.rowIds(table->id)))
            scopes.push_back(kind + '/' + toText(id));
    }
    return scopes;
}

// Of those whose deputy this member is: what is passed to them must be there when it is due.
Result<std::vector<std::string>> rolesStoodInFor(
    Records &records, const Schema &schema, const Uuid &deputy)
{
    std::vector<std::string> roles;
    const Table *members = schema.table("member");
    const Column *column = members ? members->column("deputy_id") : nullptr;
    if (!column)
        return roles;
    for (const RowId &member :
        TRY(records.rowsWhere(members->id, column->id, Blob{Bytes(deputy.bytes())}))) {
        const Value role = shown(records, *members, member, "role");
        const bool hasEnded = shown(records, *members, member, "active") == Value{std::int64_t{0}};
        if (const auto *word = std::get_if<std::string>(&role); word && !hasEnded)
            roles.push_back(*word);
    }
    return roles;
}

std::string hiddenColumns(const Schema &schema, const View &view)
{
    std::string names;
    for (const Table &table : schema.tables()) {
        for (const Column &column : table.columns) {
            if (!view.shows(column))
                names += table.name + '.' + column.name + '\n';
        }
    }
    return names;
}

}  // namespace

bool View::shows(const Column &column) const
{
    return isAmong(column.readers, role) || MUTANT(hidden_column_shown);
}

Result<View> viewOf(Records &records, const Schema &schema, const Device &device)
{
    View view;
    view.member = device.member;
    const Table *members = schema.table("member");
    if (members) {
        const Value role = shown(records, *members, device.member, "role");
        if (const auto *word = std::get_if<std::string>(&role))
            view.role = *word;
    }
    const bool hasEnded
        = members && shown(records, *members, device.member, "active") == Value{std::int64_t{0}};
    if (!hasEnded && !device.isWiped) {
        view.scopes = TRY(territoriesOf(records, schema, device.member));
        const bool seesAll = view.role != "rep" && view.scopes.empty();
        if (seesAll) {
            view.scopes = TRY(scopesOfAll(records, schema, "territory", "territory"));
            const Scopes authors = TRY(scopesOfAll(records, schema, "member", "author"));
            view.scopes.insert(view.scopes.end(), authors.begin(), authors.end());
        }
        view.scopes.push_back(everybody);
        view.scopes.push_back("member/" + toText(device.member));
        view.scopes.push_back("author/" + toText(device.member));
        view.scopes.push_back("circle/" + view.role);
        for (const std::string &role : TRY(rolesStoodInFor(records, schema, device.member)))
            view.scopes.push_back("circle/" + role);
        if (view.role == "admin" || view.role == "manager")
            view.scopes.push_back(orphaned);
        const std::string hidden = hiddenColumns(schema, view);
        if (!hidden.empty())
            view.scopes.push_back(columnsKind + toHex(crypto::sha256(hidden)).substr(0, 8));
    }
    sortOut(view.scopes);
    Bytes all;
    for (const Scope &scope : view.scopes)
        all += scope + '\n';
    view.token = crypto::sha256(all).substr(0, 8);
    return view;
}

namespace {

// What the member held at any time since `base`, so far back as is still honoured.
Result<Scopes> heldSince(SharedStore &store, const View &view, Sequence base, WallTime ago)
{
    Scopes held = view.scopes;
    for (const ViewChange &change : TRY(store.viewChangesAfter(view.member, base))) {
        if (change.at >= ago)
            held.insert(held.end(), change.from.begin(), change.from.end());
    }
    sortOut(held);
    return held;
}

std::optional<std::string> columnObjection(
    const Table &table, const View &view, const Change &change, bool isNew)
{
    for (const Assignment &given : change.assignments) {
        const Column &column = *table.column(given.column);
        if (!view.shows(column))
            return "your role may not write " + table.name + "." + column.name;
        if (!isNew && !isAmong(column.changers, view.role))
            return "your role may not change " + table.name + "." + column.name
                + " once it is there";
    }
    return std::nullopt;
}

bool namesPlace(const Table &table, const Change &change)
{
    const auto names = [&](const ScopeRule &rule) {
        return std::any_of(change.assignments.begin(), change.assignments.end(),
            [&](const Assignment &given) { return given.column == rule.column; });
    };
    return std::any_of(table.scopes.begin(), table.scopes.end(), names)
        || std::any_of(table.alsoScopes.begin(), table.alsoScopes.end(), names);
}

// Why a row that belongs to these scopes may not be made by somebody who holds none of them.
std::string notTheirs(const Table &table, const Scopes &scopes)
{
    for (const ScopeRule &rule : table.scopes) {
        const bool isPersonal = rule.kind == "member" || rule.kind == "author";
        const bool isOfOneMember = isPersonal
            && std::any_of(scopes.begin(), scopes.end(),
                [&](const Scope &scope) { return scope.rfind(rule.kind + '/', 0) == 0; });
        if (isOfOneMember)
            return "this " + table.name + " names another member as "
                + table.column(rule.column)->name + ", and would be theirs alone";
    }
    return "this " + table.name + " would not be in your territories";
}

}  // namespace

Result<Judgement> judge(SharedStore &store, const Schema &schema, const View &view,
    const std::vector<Change> &changes, Sequence base, WallTime ago)
{
    Judgement judgement;
    judgement.view = view;
    if (MUTANT(no_rights))
        return judgement;
    const Scopes held = TRY(heldSince(store, view, base, ago));
    ScopeReader now(store.records(), schema);
    ScopeReader then(store.records(), schema, changes);
    std::optional<std::vector<Move>> moves;
    for (const Change &change : changes) {
        const Table &table = *schema.table(change.table);
        const RowName name{change.table, change.row};
        const Scopes before = TRY(now.of(name));
        const bool isNew = before.empty();
        const Scopes after = TRY(then.of(name));
        // A row whose parent nobody knows here yet waits for it.
        const bool waitsForParent = holds(after, orphaned);
        if (!waitsForParent && !meet(after, view.scopes))
            judgement.strays.push_back(name);
        if (!judgement.objection)
            judgement.objection = columnObjection(table, view, change, isNew);
        const bool isHeld = isNew || before == Scopes{orphaned} || meet(before, held);
        const bool staysHeld = waitsForParent || meet(after, held);
        if (isHeld && staysHeld)
            continue;
        // It, or what it hangs on, may have moved away since the author saw it.
        if (!moves)
            moves = TRY(store.movesAfter(base));
        const auto wasHeld = [&](const RowName &row) {
            return std::any_of(moves->begin(), moves->end(),
                [&](const Move &move) { return move.row == row && meet(move.from, held); });
        };
        const auto hungOn = TRY(now.ancestorsOf(name, ScopeReader::Parents::Placing));
        const auto willHangOn = TRY(then.ancestorsOf(name, ScopeReader::Parents::Placing));
        const bool wasTheirs = wasHeld(name) || std::any_of(hungOn.begin(), hungOn.end(), wasHeld);
        // Where it is put by this very change must be theirs; where it was put since need not.
        const bool wouldBeTheirs = (wasTheirs && !namesPlace(table, change))
            || std::any_of(willHangOn.begin(), willHangOn.end(), wasHeld);
        if (!isHeld && !wasTheirs)
            judgement.objection = "this " + table.name + " is not in your territories";
        else if (!staysHeld && !wouldBeTheirs)
            judgement.objection = notTheirs(table, after);
    }
    return judgement;
}

}  // namespace tend::server
