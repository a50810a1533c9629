#include "sync/store/rescue.h"

#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"

namespace replica {

namespace {

constexpr std::string_view firstLine = "TEND RESCUE 1\n";
constexpr std::size_t digestOctets = 32;

void putLength(Bytes &octets, std::size_t length)
{
    for (unsigned i = 0; i < 4; ++i)
        octets.push_back(static_cast<char>(length >> (8 * i)));
}

std::size_t lengthAt(BytesView octets)
{
    std::size_t length = 0;
    for (unsigned i = 0; i < 4; ++i)
        length |= static_cast<std::size_t>(static_cast<std::uint8_t>(octets[i])) << (8 * i);
    return length;
}

Result<std::vector<Group>> groupsIn(BytesView rescue)
{
    const bool isOne = rescue.size() > firstLine.size() + 4 + digestOctets
        && rescue.substr(0, firstLine.size()) == firstLine;
    if (!isOne)
        return fail(ErrorCode::Invalid, "this is no rescue file");
    const BytesView whole = rescue.substr(0, rescue.size() - digestOctets);
    if (crypto::sha256(whole) != rescue.substr(whole.size()))
        return fail(ErrorCode::Invalid, "the rescue file was cut or changed; nothing was laid in");
    std::vector<Group> groups;
    BytesView rest = whole.substr(firstLine.size());
    while (rest.size() >= 4) {
        const std::size_t length = lengthAt(rest);
        rest.remove_prefix(4);
        if (length == 0 || length > rest.size())
            break;
        for (Group &group : TRY(decodePushRequest(rest.substr(0, length))).groups)
            groups.push_back(std::move(group));
        rest.remove_prefix(length);
    }
    return groups;
}

// By which a replica knows that it laid a group in.
std::string factOf(const GroupId &id)
{
    return "rescued/" + toText(id.device) + '/' + std::to_string(raw(id.incarnation)) + '/'
        + std::to_string(raw(id.counter));
}

}  // namespace

Result<Bytes> makeRescue(Replica &replica)
{
    Bytes octets(firstLine);
    PushRequest part;
    std::size_t size = 0;
    const auto write = [&] {
        const Bytes encoded = encode(part);
        putLength(octets, encoded.size());
        octets += encoded;
        part.groups.clear();
        size = 0;
    };
    for (Group &group : TRY(replica.unsent())) {
        size += group.body.size();
        part.groups.push_back(std::move(group));
        if (size > pageBytesAim)
            write();
    }
    if (!part.groups.empty())
        write();
    putLength(octets, 0);
    octets += crypto::sha256(octets);
    return octets;
}

Result<Rescued> layIn(Replica &replica, BytesView rescue)
{
    Rescued outcome;
    for (const Group &group : TRY(groupsIn(rescue))) {
        const std::string fact = factOf(group.header.id);
        const bool isKnown = TRY(replica.records().findGroup(group.header.id)).has_value()
            || TRY(replica.store().fact(fact)).has_value();
        if (isKnown) {
            ++outcome.known;
            continue;
        }
        const auto changes = TRY(decodeBody(group.body));
        const auto made
            = replica.commit(changes, [&] { return replica.store().keepFact(fact, "1"); });
        if (made) {
            ++outcome.laidIn;
            continue;
        }
        if (made.error().code != ErrorCode::NotFound)
            return tl::unexpected<Error>(made.error());
        ++outcome.homeless;
    }
    return outcome;
}

}  // namespace replica
