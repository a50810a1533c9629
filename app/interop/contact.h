#pragma once

#include <map>
#include <optional>
#include <string>

#include "app/interop/vcard.h"

namespace tend {

// What other programs know of a person or an organisation, whichever format brought it.
struct Contact {
    std::size_t line = 0;  // of the file
    // By customer column; "organisation" is the name of the one a person belongs to. A field that
    // the file does not speak of at all is absent; one that it leaves empty is empty.
    std::map<std::string, std::string> fields;
    std::string foreignId;  // what the other program calls it; empty where it does not say
    std::string kept;  // all that Tend has no field for, as text
    std::optional<CardOctets> photo;
    std::string text;  // as it stood in the file, for telling about it; may be cut

    [[nodiscard]] std::string field(const std::string &name) const
    {
        const auto at = fields.find(name);
        return at == fields.end() ? std::string() : at->second;
    }
};

// The fields that a vCard and a table of contacts can fill, in the order they are told.
inline constexpr const char *contactFields[]
    = {"name", "kind", "organisation", "title", "phone", "email", "address", "place", "note"};

// A card as a contact. Its photo is taken out; all other properties stay in `kept`, those that
// fill a field too, so that their types and parts survive. Errors: Invalid for a card of a group,
// or one without a name.
[[nodiscard]] Result<Contact> contactOf(const Card &card);

// What whoever imports a card should know of how it was read.
[[nodiscard]] std::vector<std::string> remarksOn(const Card &card);

// The card that `kept` holds; an empty one where it holds none.
[[nodiscard]] Card cardFromKept(const std::string &kept);
[[nodiscard]] std::string keptOf(const Card &card);

// The card with these fields: a property that says so already stays as it is.
[[nodiscard]] Card cardWith(
    Card card, const std::map<std::string, std::string> &fields, CardVersion version);

// An id as it is compared: without urn:uuid:, and a UUID in small letters.
[[nodiscard]] std::string comparableId(const std::string &id);

}  // namespace tend
