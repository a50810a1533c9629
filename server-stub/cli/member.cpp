#include <algorithm>

#include "server-stub/cli/output.h"
#include "server-stub/cli/people.h"
#include "server-stub/cli/verbs.h"

namespace tend::server::cli {

using namespace replica;

Status listMembers(const DataDirectory &directory, Output output)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const auto all = TRY(members(*open));
    const auto places = TRY(territories(*open));
    const auto given = TRY(memberTerritories(*open));
    for (const Member &member : all) {
        auto names = nlohmann::ordered_json::array();
        std::string list;
        for (const Territory &place : places) {
            const auto at = given.find(member.id);
            if (at == given.end()
                || std::find(at->second.begin(), at->second.end(), place.id) == at->second.end())
                continue;
            names.push_back(place.name);
            list += (list.empty() ? "" : ", ") + place.name;
        }
        if (output == Output::Json) {
            printLine(nlohmann::ordered_json{{"id", toText(member.id)}, {"name", member.name},
                {"role", member.role}, {"active", member.isActive}, {"territories", names}});
        } else {
            printLine(member.name + "\t" + member.role + "\t"
                + (member.isActive ? "active" : "ended") + "\t" + list);
        }
    }
    return {};
}

Status setMember(const DataDirectory &directory, const MemberChange &change)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const Member member = TRY(memberNamed(*open, change.name));
    if (!member.isActive)
        return fail(ErrorCode::Refused,
            "\"" + member.name + "\" has ended; an invitation in that name brings them back");
    if (change.territories)
        TRY_STATUS(keepMemberTerritories(*open, member.id, *change.territories));
    const Table &table = open->table("member");
    Change written{table.id, member.id, ChangeKind::Update, {}};
    if (change.role && *change.role != member.role)
        written.assignments.push_back({table.column("role")->id, *change.role});
    if (change.deputy) {
        Value deputy;
        if (*change.deputy != "-") {
            const Member named = TRY(memberNamed(*open, *change.deputy));
            deputy = Blob{Bytes(named.id.bytes())};
        }
        written.assignments.push_back({table.column("deputy_id")->id, deputy});
    }
    if (written.assignments.empty())
        return {};
    return open->workspace->commit({written});
}

Status endMember(const DataDirectory &directory, const std::string &name)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const Member member = TRY(memberNamed(*open, name));
    const auto devices = TRY(open->store->devices());
    for (const Device &device : devices) {
        if (device.member == member.id && !device.isRevoked)
            TRY_STATUS(open->workspace->revoke(device.id));
    }
    const Table &table = open->table("member");
    return open->workspace->commit({{table.id, member.id, ChangeKind::Update,
        {{table.column("active")->id, std::int64_t{0}}}}});
}

}  // namespace tend::server::cli
