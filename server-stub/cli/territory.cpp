#include <algorithm>

#include "server-stub/cli/output.h"
#include "server-stub/cli/people.h"
#include "server-stub/cli/verbs.h"

namespace tend::server::cli {

using namespace replica;

namespace {

Status refuseTaken(OpenWorkspace &open, const std::string &name)
{
    TRY_STATUS(checkName("a territory", name));
    const auto all = TRY(territories(open));
    if (std::any_of(all.begin(), all.end(), [&](const Territory &one) { return one.name == name; }))
        return fail(ErrorCode::Conflict,
            "there is a territory \"" + name + "\" already; nothing was changed");
    return {};
}

}  // namespace

Status addTerritory(const DataDirectory &directory, const std::string &name)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    TRY_STATUS(refuseTaken(*open, name));
    const Table &table = open->table("territory");
    const RowId id = makeUuid7(open->clock.wallNow(), open->random);
    TRY_STATUS(open->workspace->commit(
        {{table.id, id, ChangeKind::Insert, {{table.column("name")->id, name}}}}));
    printLine(toText(id));
    return {};
}

Status listTerritories(const DataDirectory &directory, Output output)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const auto all = TRY(territories(*open));
    for (const Territory &one : all) {
        if (output == Output::Json)
            printLine(nlohmann::ordered_json{{"id", toText(one.id)}, {"name", one.name}});
        else
            printLine(one.name);
    }
    return {};
}

Status renameTerritory(
    const DataDirectory &directory, const std::string &oldName, const std::string &newName)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const Territory territory = TRY(territoryNamed(*open, oldName));
    TRY_STATUS(refuseTaken(*open, newName));
    const Table &table = open->table("territory");
    return open->workspace->commit(
        {{table.id, territory.id, ChangeKind::Update, {{table.column("name")->id, newName}}}});
}

}  // namespace tend::server::cli
