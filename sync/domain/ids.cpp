#include "sync/domain/ids.h"

#include <algorithm>

namespace replica {

namespace {

void setVersion(Uuid &id, std::uint8_t version)
{
    id.octets[6] = static_cast<std::uint8_t>((id.octets[6] & 0x0fU) | (version << 4U));
    id.octets[8] = static_cast<std::uint8_t>((id.octets[8] & 0x3fU) | 0x80U);
}

}  // namespace

Uuid makeUuid7(WallTime now, Random &random)
{
    Uuid id;
    const std::uint64_t words[] = {random.next(), random.next()};
    for (std::size_t i = 0; i < 16; ++i)
        id.octets[i] = static_cast<std::uint8_t>(words[i / 8] >> (8 * (i % 8)));
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, inMs(now)));
    for (std::size_t i = 0; i < 6; ++i)
        id.octets[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
    setVersion(id, 7);
    return id;
}

Uuid makeDerivedUuid(BytesView digest)
{
    Uuid id;
    std::copy_n(digest.begin(), std::min<std::size_t>(16, digest.size()), id.octets.begin());
    setVersion(id, 8);
    return id;
}

std::string toText(const Uuid &id)
{
    const std::string hex = toHex(id.bytes());
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-'
        + hex.substr(16, 4) + '-' + hex.substr(20);
}

std::optional<Uuid> parseUuid(std::string_view text)
{
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-'
        || text[23] != '-')
        return std::nullopt;
    std::string hex;
    for (const char letter : text) {
        if (letter != '-')
            hex.push_back(letter);
    }
    const auto octets = fromHex(hex);
    return octets ? uuidOf(*octets) : std::nullopt;
}

std::optional<Uuid> uuidOf(BytesView octets)
{
    Uuid id;
    if (octets.size() != id.octets.size())
        return std::nullopt;
    std::copy(octets.begin(), octets.end(), id.octets.begin());
    return id;
}

}  // namespace replica
