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
                {"name", device.name}, {"revoked", device.isRevoked}, {"wiped", device.isWiped}});
        } else {
            printLine(toText(device.id) + "\t" + name + "\t" + device.name + "\t"
                + (device.isRevoked      ? "revoked"
                        : device.isWiped ? "to give up all it holds"
                                         : "active"));
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
    if (removal == Removal::Revoke)
        return open->workspace->revoke(*id);
    TRY_STATUS(open->workspace->wipe(*id));
    static_cast<void>(std::fprintf(stderr,
        "At its next sync the device hands over what it has not sent yet, and gives up all it "
        "holds. "
        "After that, `tend-server device revoke` shuts it out.\n"));
    return {};
}

}  // namespace tend::server::cli
