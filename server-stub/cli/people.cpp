#include "server-stub/cli/people.h"

#include <algorithm>

namespace tend::server::cli {

using namespace replica;

namespace {

constexpr std::size_t nameOctetsMax = 200;

Value valueOf(const Change &row, ColumnId column)
{
    for (const Assignment &given : row.assignments) {
        if (given.column == column)
            return given.value;
    }
    return Empty{};
}

std::string textOf(const Change &row, const Table &table, const char *column)
{
    const Value value = valueOf(row, table.column(column)->id);
    const auto *text = std::get_if<std::string>(&value);
    return text ? *text : std::string();
}

Result<std::vector<Change>> rowsOf(OpenWorkspace &open, const Table &table)
{
    std::vector<Change> rows;
    const auto ids = TRY(open.store->records().rowIds(table.id));
    for (const RowId &id : ids) {
        if (auto row = TRY(open.store->records().row(table.id, id)))
            rows.push_back(*std::move(row));
    }
    return rows;
}

template <typename Named>
Result<Named> oneNamed(
    const std::vector<Named> &all, const std::string &name, const std::string &what)
{
    std::string known;
    for (const Named &one : all) {
        if (one.name == name)
            return one;
        known += (known.empty() ? "" : ", ") + one.name;
    }
    return fail(ErrorCode::NotFound,
        "there is no " + what + " \"" + name + "\"; there "
            + (known.empty() ? "is none yet" : "are: " + known));
}

constexpr auto byName = [](const auto &one, const auto &other) {
    return one.name < other.name;
};

}  // namespace

Result<std::vector<Territory>> territories(OpenWorkspace &open)
{
    const Table &table = open.table("territory");
    std::vector<Territory> all;
    const auto rows = TRY(rowsOf(open, table));
    for (const Change &row : rows)
        all.push_back({row.row, textOf(row, table, "name")});
    std::sort(all.begin(), all.end(), byName);
    return all;
}

Result<std::vector<Member>> members(OpenWorkspace &open)
{
    const Table &table = open.table("member");
    std::vector<Member> all;
    const auto rows = TRY(rowsOf(open, table));
    for (const Change &row : rows) {
        const bool isActive = valueOf(row, table.column("active")->id) == Value{std::int64_t{1}};
        all.push_back({row.row, textOf(row, table, "name"), textOf(row, table, "role"), isActive});
    }
    std::sort(all.begin(), all.end(), byName);
    return all;
}

Result<Territory> territoryNamed(OpenWorkspace &open, const std::string &name)
{
    return oneNamed(TRY(territories(open)), name, "territory");
}

Result<Member> memberNamed(OpenWorkspace &open, const std::string &name)
{
    return oneNamed(TRY(members(open)), name, "member");
}

Result<MemberTerritories> memberTerritories(OpenWorkspace &open)
{
    MemberTerritories all;
    const Table &table = open.table("member_territory");
    const auto rows = TRY(rowsOf(open, table));
    for (const Change &row : rows) {
        const auto idIn = [&](const char *column) {
            const Value value = valueOf(row, table.column(column)->id);
            const auto *blob = std::get_if<Blob>(&value);
            return blob ? uuidOf(blob->octets).value_or(Uuid{}) : Uuid{};
        };
        all[idIn("member_id")].push_back(idIn("territory_id"));
    }
    return all;
}

Status keepMemberTerritories(
    OpenWorkspace &open, const RowId &member, const std::vector<std::string> &names)
{
    const Table &table = open.table("member_territory");
    std::vector<RowId> wanted;
    for (const std::string &name : names)
        wanted.push_back(TRY(territoryNamed(open, name)).id);
    std::vector<Change> changes;
    const auto known = TRY(memberTerritories(open))[member];
    const auto rows = TRY(rowsOf(open, table));
    const Value owner = Blob{Bytes(member.bytes())};
    for (const Change &row : rows) {
        const Value place = valueOf(row, table.column("territory_id")->id);
        const bool isWanted = std::any_of(wanted.begin(), wanted.end(),
            [&](const RowId &id) { return place == Value{Blob{Bytes(id.bytes())}}; });
        if (valueOf(row, table.column("member_id")->id) == owner && !isWanted)
            changes.push_back({table.id, row.row, ChangeKind::Delete, {}});
    }
    for (const RowId &id : wanted) {
        if (std::find(known.begin(), known.end(), id) != known.end())
            continue;
        changes.push_back(
            {table.id, makeUuid7(open.clock.wallNow(), open.random), ChangeKind::Insert,
                {{table.column("member_id")->id, owner},
                    {table.column("territory_id")->id, Blob{Bytes(id.bytes())}}}});
    }
    return changes.empty() ? Status{} : open.workspace->commit(changes);
}

Status checkName(const std::string &what, const std::string &name)
{
    if (name.empty() || name.size() > nameOctetsMax)
        return fail(ErrorCode::Invalid, what + " needs a name of 1 to 200 octets");
    return {};
}

}  // namespace tend::server::cli
