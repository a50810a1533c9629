#include "sync/store/keyed_id.h"

#include <algorithm>

#include "sync/crypto/digest.h"

namespace replica {

namespace {

// Its octets behind how many they are.
void addPiece(Bytes &octets, BytesView piece)
{
    for (unsigned i = 0; i < 4; ++i)
        octets.push_back(static_cast<char>(piece.size() >> (8 * i)));
    octets += piece;
}

Bytes octetsOfValue(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *blob = std::get_if<Blob>(&value))
        return blob->octets;
    if (const auto *number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    return {};
}

}  // namespace

RowId idOfPieces(const std::vector<Bytes> &pieces)
{
    Bytes octets;
    for (const Bytes &piece : pieces)
        addPiece(octets, piece);
    return makeDerivedUuid(crypto::sha256(octets));
}

std::optional<RowId> keyedId(const Table &table, const std::vector<Assignment> &assignments)
{
    if (table.key.empty())
        return std::nullopt;
    std::vector<Bytes> pieces{table.name};
    for (const ColumnId column : table.key) {
        const auto given = std::find_if(assignments.begin(), assignments.end(),
            [&](const Assignment &one) { return one.column == column; });
        if (given == assignments.end() || isEmpty(given->value))
            return std::nullopt;
        pieces.push_back(octetsOfValue(given->value));
    }
    return idOfPieces(pieces);
}

}  // namespace replica
