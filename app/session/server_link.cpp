#include "app/session/server_link.h"

#include "sync/net/enrol.h"
#include "sync/protocol/invitation.h"

namespace tend {

using namespace replica;

namespace {

const std::string addressFact = "server_address";
const std::string pinsFact = "server_pins";
const std::string deviceNameFact = "device_name";

Result<net::Peer> peerOf(OpenReplica &open, const ServerAddress &server, std::vector<Bytes> pins)
{
    net::Peer peer;
    peer.server = server;
    peer.pins = std::move(pins);
    peer.certificatePem = TRY(open.key->selfSignedCertificate("tend device"));
    peer.privateKeyPem = TRY(open.key->toPem());
    return peer;
}

Status remember(OpenReplica &open, const InvitationLink &link, const std::string &deviceName)
{
    Bytes pins;
    for (const Bytes &pin : link.pins)
        pins += pin;
    Store &store = *open.store;
    TRY_STATUS(store.records().begin());
    const auto keep = [&]() -> Status {
        TRY_STATUS(store.keepFact(addressFact, toText(link.server)));
        TRY_STATUS(store.keepFact(pinsFact, pins));
        TRY_STATUS(store.keepFact(deviceNameFact, deviceName));
        return store.records().commit();
    };
    Status kept = keep();
    if (!kept)
        store.records().rollback();
    return kept;
}

}  // namespace

Status joinServer(OpenReplica &open, const std::string &invitation, const std::string &deviceName)
{
    const InvitationLink link = TRY(parseInvitation(invitation));
    if (const auto joined = TRY(open.store->fact(addressFact)))
        return fail(ErrorCode::Conflict,
            "this replica has joined a workspace at " + *joined
                + " already; use another replica for another one");
    const net::Peer peer = TRY(peerOf(open, link.server, link.pins));
    const EnrolAnswer answer = TRY(net::enrol(peer, {protocolVersion, link.secret, deviceName}));
    TRY_STATUS(open.replica->enrolled(answer));
    return remember(open, link, deviceName);
}

Result<std::optional<ServerLink>> linkToServer(OpenReplica &open, EnginePace pace)
{
    const auto address = TRY(open.store->fact(addressFact));
    const auto kept = TRY(open.store->fact(pinsFact));
    if (!address || !kept)
        return std::optional<ServerLink>();
    std::vector<Bytes> pins;
    for (std::size_t at = 0; at + pinBytes <= kept->size(); at += pinBytes)
        pins.push_back(kept->substr(at, pinBytes));
    ServerLink link;
    link.transport = TRY(net::CurlTransport::create(
        TRY(peerOf(open, TRY(parseAddress(*address)), std::move(pins)))));
    link.files = std::make_unique<FileTransfer>(*open.replica, *open.files, open.clock);
    link.engine
        = std::make_unique<Engine>(*open.replica, *link.transport, open.clock, open.random, pace);
    link.engine->setFiles(*link.files);
    return std::optional<ServerLink>(std::move(link));
}

}  // namespace tend
