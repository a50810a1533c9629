#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/interop/content_lines.h"
#include "sync/base/bytes.h"

// vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) in; 3.0 and 4.0 out. A card keeps every property
// whether Tend has a place for it or not, with its parameters and group, in the order of the file.
namespace tend {

// What could not be read, and where.
struct InputFault {
    std::size_t line = 0;
    std::string reason;
    std::string text;  // what stood there, for the file of rejects; empty where it helps nobody
};

// A card in one form, whatever its version was: values in UTF-8 with the escapes of 3.0 and 4.0,
// quoted-printable and charsets undone, octets as base64 with ENCODING=b or as a data: address.
struct Card {
    std::string version;  // as the file said; 3.0 where it did not
    std::vector<ContentLine> properties;  // without BEGIN, END, VERSION
    std::size_t line = 0;  // of its BEGIN
    std::vector<InputFault> faults;  // lines of it that were left out

    [[nodiscard]] const ContentLine *property(std::string_view name) const;
};

struct Cards {
    std::vector<Card> cards;
    std::vector<InputFault> faults;  // cards left out, and what stands in no card
};

// Reads what it can: a bad line is left out of its card and told, a card without an end is left out
// and told, with its text. The text is UTF-8.
[[nodiscard]] Cards parseCards(std::string_view text);

enum class CardVersion { V3, V4 };

// BEGIN to END. UID, REV and all else are properties that the caller puts there.
[[nodiscard]] std::string writeCard(const Card &card, CardVersion version);

// Octets inside a property (a photo), with what kind they are said to be.
struct CardOctets {
    replica::Bytes octets;
    std::string mediaType;  // image/jpeg
};

// Whether a property is written as octets, though they may be none.
[[nodiscard]] bool isOfOctets(const ContentLine &property);
// Nothing where the property names an address instead, or its octets cannot be read.
[[nodiscard]] std::optional<CardOctets> octetsOf(const ContentLine &property);
// A property that holds octets, in the form of 3.0; writeCard() knows that of 4.0.
[[nodiscard]] ContentLine octetsProperty(
    const std::string &name, replica::BytesView octets, const std::string &mediaType);

[[nodiscard]] std::string toBase64(replica::BytesView octets);
// Spaces and line ends among the digits do not matter.
[[nodiscard]] std::optional<replica::Bytes> fromBase64(std::string_view text);

}  // namespace tend
