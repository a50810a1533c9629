#include "sync/store/rescue.h"

#include <istream>

#include "sync/crypto/digest.h"
#include "sync/protocol/body.h"

namespace replica {

namespace {

constexpr std::string_view firstLine = "TEND RESCUE 1\n";
constexpr std::size_t digestOctets = 32;
// Far more than a part is ever written with: a length beyond it is no length.
constexpr std::size_t partOctetsMax = 64U << 20U;

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

// Reads exactly that many octets, or nothing.
std::optional<Bytes> read(std::istream &from, std::size_t count)
{
    Bytes octets(count, '\0');
    from.read(octets.data(), static_cast<std::streamsize>(count));
    return from ? std::optional(std::move(octets)) : std::nullopt;
}

Error cutOrChanged()
{
    return {ErrorCode::Invalid, "the rescue file was cut or changed; nothing was laid in"};
}

Result<std::vector<Group>> groupsIn(std::istream &rescue)
{
    const auto line = read(rescue, firstLine.size());
    if (line != Bytes(firstLine))
        return fail(ErrorCode::Invalid, "this is no rescue file");
    crypto::RunningDigest digest;
    digest.add(*line);
    std::vector<Bytes> parts;
    for (;;) {
        const auto size = read(rescue, 4);
        const std::size_t length = size ? lengthAt(*size) : partOctetsMax + 1;
        if (length > partOctetsMax)
            return tl::unexpected(cutOrChanged());
        digest.add(*size);
        if (length == 0)
            break;
        auto part = read(rescue, length);
        if (!part)
            return tl::unexpected(cutOrChanged());
        digest.add(*part);
        parts.push_back(*std::move(part));
    }
    if (read(rescue, digestOctets) != digest.finish())
        return tl::unexpected(cutOrChanged());
    std::vector<Group> groups;
    for (const Bytes &part : parts) {
        for (Group &group : TRY(decodePushRequest(part)).groups)
            groups.push_back(std::move(group));
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

bool isRescue(std::istream &from)
{
    from.clear();
    from.seekg(0);
    return read(from, firstLine.size()) == Bytes(firstLine);
}

Status checkRescue(std::istream &from)
{
    from.clear();
    from.seekg(0);
    return groupsIn(from).map([](const std::vector<Group> &) {});
}

Result<Rescued> layIn(Replica &replica, std::istream &rescue)
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
        const Status made = replica.commitAll(
            {changes}, [&] { return replica.store().keepFact(fact, "1"); }, Replica::Said::Again);
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
