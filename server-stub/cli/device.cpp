#include <algorithm>

#include "server-stub/cli/output.h"
#include "server-stub/cli/people.h"
#include "server-stub/cli/verbs.h"

namespace tend::server::cli {

using namespace replica;

Status listDevices(const DataDirectory &directory, Output output)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const auto devices = TRY(open->store->devices());
    const auto people = TRY(members(*open));
    for (const Device &device : devices) {
        const auto owner = std::find_if(people.begin(), people.end(),
            [&](const Member &member) { return member.id == device.member; });
        const std::string name = owner == people.end() ? std::string() : owner->name;
        if (output == Output::Json) {
            printLine(nlohmann::ordered_json{{"id", toText(device.id)}, {"member", name},
                {"name", device.name}, {"revoked", device.isRevoked}});
        } else {
            printLine(toText(device.id) + "\t" + name + "\t" + device.name + "\t"
                + (device.isRevoked ? "revoked" : "active"));
        }
    }
    return {};
}

Status removeDevice(const DataDirectory &directory, const std::string &text, Removal removal)
{
    const auto id = parseUuid(text);
    if (!id)
        return fail(
            ErrorCode::Invalid, "\"" + text + "\" is no device; `device list` shows their ids");
    const auto open = TRY(OpenWorkspace::open(directory));
    TRY_STATUS(open->workspace->revoke(*id));
    if (removal == Removal::Wipe) {
        static_cast<void>(std::fprintf(stderr,
            "The device was revoked: the server answers it no more. This release cannot reach into "
            "it: what it "
            "holds stays there, encrypted, until somebody who has it deletes it.\n"));
    }
    return {};
}

}  // namespace tend::server::cli
