#include "server-stub/cli/people.h"

#include <algorithm>
#include <nlohmann/json.hpp>

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
    const auto text = TRY(open.store->fact(memberTerritoriesFact));
    if (!text)
        return all;
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object())
        return fail(ErrorCode::Corrupt, "the members' territories are unreadable");
    for (const auto &[member, ids] : json.items()) {
        auto &known = all[parseUuid(member).value_or(Uuid{})];
        for (const auto &id : ids)
            known.push_back(
                parseUuid(id.is_string() ? id.get<std::string>() : "").value_or(Uuid{}));
    }
    return all;
}

Status keepMemberTerritories(
    OpenWorkspace &open, const RowId &member, const std::vector<std::string> &names)
{
    auto all = TRY(memberTerritories(open));
    all[member].clear();
    for (const std::string &name : names)
        all[member].push_back(TRY(territoryNamed(open, name)).id);
    auto json = nlohmann::json::object();
    for (const auto &[id, given] : all) {
        json[toText(id)] = nlohmann::json::array();
        for (const RowId &territory : given)
            json[toText(id)].push_back(toText(territory));
    }
    return open.keepFact(memberTerritoriesFact, json.dump());
}

Status checkName(const std::string &what, const std::string &name)
{
    if (name.empty() || name.size() > nameOctetsMax)
        return fail(ErrorCode::Invalid, what + " needs a name of 1 to 200 octets");
    return {};
}

}  // namespace tend::server::cli
