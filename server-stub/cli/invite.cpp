#include <algorithm>
#include <unistd.h>

#include "server-stub/cli/issue.h"
#include "server-stub/cli/output.h"
#include "server-stub/cli/people.h"
#include "server-stub/cli/qr.h"
#include "server-stub/cli/verbs.h"
#include "sync/crypto/device_key.h"

namespace tend::server::cli {

using namespace replica;

namespace {

constexpr std::int64_t validForMs = 7LL * 24 * 3600 * 1000;
constexpr const char *defaultAddress = "127.0.0.1:8443";

// A server that listens on every address is found under this machine's name.
ServerAddress reachable(ServerAddress address)
{
    if (address.host != "0.0.0.0" && address.host != "::")
        return address;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0')
        address.host = name.data();
    return address;
}

Result<ServerAddress> addressFor(OpenWorkspace &open, const std::string &asked)
{
    if (!asked.empty())
        return parseAddress(asked);
    for (const char *name : {addressFact, listeningFact}) {
        const auto kept = TRY(open.store->fact(name));
        if (kept && !kept->empty())
            return reachable(TRY(parseAddress(*kept)));
    }
    return parseAddress(defaultAddress);
}

Result<Bytes> pinOf(const std::filesystem::path &keyFile)
{
    Bytes pem = TRY(readFile(keyFile));
    const auto key = crypto::DeviceKey::fromPem(pem);
    wipe(pem);
    if (!key)
        return within(keyFile.string(), key.error());
    return key->publicKeyDigest();
}

// A member who comes back, or whose role the invitation changes.
Status updateMember(OpenWorkspace &open, const Workspace::NewMember &wanted)
{
    const auto all = TRY(members(open));
    const auto known = std::find_if(
        all.begin(), all.end(), [&](const Member &member) { return member.name == wanted.name; });
    if (known == all.end() || (known->isActive && known->role == wanted.role))
        return {};
    const Table &table = open.table("member");
    return open.workspace->commit({{table.id, known->id, ChangeKind::Update,
        {{table.column("role")->id, wanted.role}, {table.column("active")->id, std::int64_t{1}}}}});
}

}  // namespace

Result<Issued> issueInvitation(
    const DataDirectory &directory, OpenWorkspace &open, const InviteOptions &options)
{
    TRY_STATUS(checkName("a person", options.name));
    InvitationLink link;
    link.server = TRY(addressFor(open, options.address));
    link.pins.push_back(TRY(pinOf(directory.serverKey())));
    if (std::filesystem::exists(directory.nextServerKey()))
        link.pins.push_back(TRY(pinOf(directory.nextServerKey())));
    // Before anything is written: a misspelt territory leaves no half-made member.
    for (const std::string &name : options.territories)
        static_cast<void>(TRY(territoryNamed(open, name)));
    const WallTime expiresAt{inMs(open.clock.wallNow()) + validForMs};
    const Workspace::NewMember member{options.name, options.role};
    TRY_STATUS(updateMember(open, member));
    link.secret = TRY(open.workspace->invite(member, expiresAt));
    link.workspaceName = open.workspace->name();
    if (!options.territories.empty()) {
        const Member made = TRY(memberNamed(open, options.name));
        TRY_STATUS(keepMemberTerritories(open, made.id, options.territories));
    }
    Issued issued{toText(link), expiresAt};
    wipe(link.secret);
    return issued;
}

Status printInvitation(const Issued &issued, Output output, bool isDrawn)
{
    if (output == Output::Json) {
        printLine(nlohmann::ordered_json{
            {"invitation", issued.link}, {"expires_at", timeText(issued.expiresAt)}});
        return {};
    }
    printLine(issued.link);
    if (isDrawn)
        printLine(TRY(qrCode(issued.link)));
    static_cast<void>(
        std::fprintf(stderr, "It lets one device in, once, until %s. Hand it over privately.\n",
            timeText(issued.expiresAt).c_str()));
    return {};
}

Status invite(const DataDirectory &directory, const InviteOptions &options)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const Issued issued = TRY(issueInvitation(directory, *open, options));
    return printInvitation(issued, options.output, options.isDrawn);
}

}  // namespace tend::server::cli
