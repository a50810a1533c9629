#include "server-stub/cli/identity.h"
#include "server-stub/cli/issue.h"
#include "server-stub/cli/people.h"
#include "server-stub/cli/verbs.h"

namespace tend::server::cli {

using namespace replica;

Status init(const DataDirectory &directory, const InitOptions &options)
{
    TRY_STATUS(checkName("a workspace", options.workspace));
    if (!options.address.empty())
        static_cast<void>(TRY(parseAddress(options.address)));
    const auto key = TRY(directory.openOptions());
    std::error_code failed;
    std::filesystem::create_directories(directory.path, failed);
    if (failed)
        return fail(
            ErrorCode::Io, "cannot make " + directory.path.string() + ": " + failed.message());
    const auto open = TRY(OpenWorkspace::openStore(directory.database(), key));
    // An init that was cut off leaves a file without a workspace; this one goes on there.
    auto workspace = Workspace::create(
        *open->store, open->schema, open->clock, open->random, options.workspace);
    if (!workspace)
        return within(directory.path.string(), workspace.error());
    open->workspace = *std::move(workspace);
    if (!std::filesystem::exists(directory.serverKey()))
        TRY_STATUS(makeIdentity(directory));
    if (!options.address.empty())
        TRY_STATUS(open->keepFact(addressFact, options.address));
    InviteOptions administrator;
    administrator.name = options.administrator;
    administrator.role = "admin";
    const Issued issued = TRY(issueInvitation(directory, *open, administrator));
    return printInvitation(issued, options.output, false);
}

}  // namespace tend::server::cli
