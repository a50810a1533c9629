// Which property fills which field, in both directions. One list of rules serves both, so that what
// is written is what is read back.
#include <algorithm>
#include <array>

#include "app/interop/contact.h"
#include "app/journal/words.h"
#include "sync/domain/ids.h"

namespace tend {

using namespace replica;

namespace {

constexpr auto none = static_cast<std::size_t>(-1);
const std::string placeProperty = "X-TEND-PLACE";

// A field's value and the property that gave it; none where it follows from others.
struct Taken {
    std::string value;
    std::size_t from = none;
};

std::string trimmed(const std::string &text)
{
    const std::size_t from = text.find_first_not_of(" \t\n");
    return from == std::string::npos ? std::string()
                                     : text.substr(from, text.find_last_not_of(" \t\n") - from + 1);
}

std::string part(const std::vector<std::string> &parts, std::size_t index)
{
    return index < parts.size() ? trimmed(plainText(parts[index])) : std::string();
}

std::size_t find(const Card &card, std::string_view name)
{
    const auto at = std::find_if(card.properties.begin(), card.properties.end(),
        [&](const ContentLine &line) { return line.name == name; });
    return at == card.properties.end() ? none
                                       : static_cast<std::size_t>(at - card.properties.begin());
}

// The lower, the rather: what is marked as preferred, else what comes first.
int rankOf(const ContentLine &line)
{
    const Parameter *preferred = line.parameter("PREF");
    if (preferred && !preferred->values.empty() && preferred->values.front().size() <= 3)
        return std::atoi(preferred->values.front().c_str());
    return line.has("TYPE", "PREF") ? 1 : 1'000;
}

// The preferred one of a name that is not empty and has none of these types.
std::size_t findBest(
    const Card &card, std::string_view name, std::initializer_list<std::string_view> unwanted = {})
{
    std::size_t best = none;
    for (std::size_t i = 0; i < card.properties.size(); ++i) {
        const ContentLine &line = card.properties[i];
        const bool isWanted = line.name == name && !trimmed(plainText(line.value)).empty()
            && std::none_of(unwanted.begin(), unwanted.end(),
                [&](std::string_view type) { return line.has("TYPE", type); });
        if (isWanted && (best == none || rankOf(line) < rankOf(card.properties[best])))
            best = i;
    }
    return best;
}

Taken plainField(const Card &card, std::size_t at)
{
    return at == none ? Taken{} : Taken{trimmed(plainText(card.properties[at].value)), at};
}

Taken nameOf(const Card &card)
{
    Taken whole = plainField(card, findBest(card, "FN"));
    if (!whole.value.empty())
        return whole;
    if (const std::size_t at = find(card, "N"); at != none) {
        const auto parts = splitValue(card.properties[at].value, ';');
        const std::string name = joined(
            {part(parts, 3), part(parts, 1), part(parts, 2), part(parts, 0), part(parts, 4)}, " ");
        if (!name.empty())
            return {name, at};
    }
    if (const std::size_t at = findBest(card, "ORG"); at != none)
        return {part(splitValue(card.properties[at].value, ';'), 0), none};
    return {plainField(card, findBest(card, "EMAIL")).value, none};
}

Taken organisationOf(const Card &card)
{
    const std::size_t at = findBest(card, "ORG");
    if (at == none)
        return {};
    return {part(splitValue(card.properties[at].value, ';'), 0), at};
}

bool hasPartedName(const Card &card)
{
    const std::size_t at = find(card, "N");
    return at != none && !joined(splitValue(card.properties[at].value, ';'), "").empty();
}

Taken kindOf(const Card &card)
{
    if (const std::size_t at = find(card, "KIND"); at != none)
        return {inCapitals(trimmed(card.properties[at].value)) == "ORG" ? "organisation" : "person",
            at};
    if (const std::size_t at = find(card, "X-ABSHOWAS"); at != none)
        return {
            inCapitals(trimmed(card.properties[at].value)) == "COMPANY" ? "organisation" : "person",
            at};
    // Telephones write a firm as a card without a name in parts.
    const std::string organisation = organisationOf(card).value;
    const bool isFirm
        = !organisation.empty() && !hasPartedName(card) && nameOf(card).value == organisation;
    return {isFirm ? "organisation" : "person", none};
}

Taken phoneOf(const Card &card)
{
    Taken taken = plainField(card, findBest(card, "TEL", {"FAX", "PAGER"}));
    if (inCapitals(taken.value.substr(0, 4)) == "TEL:")
        taken.value.erase(0, 4);
    return taken;
}

// Post box, extra, street, town with its postcode, region, country.
Taken addressOf(const Card &card)
{
    const std::size_t at = findBest(card, "ADR");
    if (at == none)
        return {};
    const auto parts = splitValue(card.properties[at].value, ';');
    const std::string town = joined({part(parts, 5), part(parts, 3)}, " ");
    const std::string whole = joined(
        {part(parts, 0), part(parts, 1), part(parts, 2), town, part(parts, 4), part(parts, 6)},
        ", ");
    return {whole, whole.empty() ? none : at};
}

Taken placeOf(const Card &card)
{
    if (const std::size_t at = find(card, placeProperty); at != none)
        return plainField(card, at);
    const std::string organisation
        = kindOf(card).value == "person" ? organisationOf(card).value : std::string();
    if (!organisation.empty())
        return {organisation, none};
    const std::size_t at = findBest(card, "ADR");
    return at == none ? Taken{} : Taken{part(splitValue(card.properties[at].value, ';'), 3), none};
}

using Rule = Taken (*)(const Card &);

struct FieldRule {
    const char *field;
    Rule take;
};

const std::array<FieldRule, 9> rules = {{
    {"name", nameOf},
    {"kind", kindOf},
    {"organisation",
        [](const Card &card) {
            return kindOf(card).value == "person" ? organisationOf(card) : Taken{};
        }},
    {"title",
        [](const Card &card) {
            return plainField(card, findBest(card, "TITLE"));
        }},
    {"phone", phoneOf},
    {"email",
        [](const Card &card) {
            return plainField(card, findBest(card, "EMAIL"));
        }},
    {"address", addressOf},
    {"place", placeOf},
    {"note",
        [](const Card &card) {
            return plainField(card, findBest(card, "NOTE"));
        }},
}};

// A name that nobody parted: the last word is taken for the family's.
std::string partedName(const std::string &name, bool isPerson)
{
    const std::size_t space = isPerson ? name.find_last_of(' ') : std::string::npos;
    if (space == std::string::npos)
        return escapedText(name) + ";;;;";
    return escapedText(name.substr(space + 1)) + ';' + escapedText(name.substr(0, space)) + ";;;";
}

void put(Card &card, std::size_t at, const std::string &name, std::string value)
{
    if (at != none)
        card.properties[at].value = std::move(value);
    else
        card.properties.push_back({{}, name, {}, std::move(value), 0});
}

void setName(Card &card, const std::string &name, bool isPerson)
{
    put(card, find(card, "FN"), "FN", escapedText(name));
    put(card, find(card, "N"), "N", partedName(name, isPerson));
}

void setKind(Card &card, const std::string &kind, CardVersion version)
{
    const bool isFirm = kind == "organisation";
    if (version == CardVersion::V4 || find(card, "KIND") != none)
        put(card, find(card, "KIND"), "KIND", isFirm ? "org" : "individual");
    else
        put(card, find(card, "X-ABSHOWAS"), "X-ABSHOWAS", isFirm ? "COMPANY" : "PERSON");
}

const char *propertyOf(const std::string &field)
{
    constexpr std::array<std::pair<std::string_view, const char *>, 7> names
        = {{{"organisation", "ORG"}, {"title", "TITLE"}, {"phone", "TEL"}, {"email", "EMAIL"},
            {"address", "ADR"}, {"place", "X-TEND-PLACE"}, {"note", "NOTE"}}};
    for (const auto &[name, property] : names) {
        if (name == field)
            return property;
    }
    return "X-TEND-FIELD";
}

void setField(Card &card, const std::string &field, const Taken &now, const std::string &wanted)
{
    if (wanted.empty() && now.from != none && field != "place") {
        card.properties.erase(card.properties.begin() + static_cast<std::ptrdiff_t>(now.from));
        return;
    }
    // The parts of an address that a person wrote by hand are not known: it stands as the street.
    const std::string value
        = field == "address" ? ";;" + escapedText(wanted) + ";;;;" : escapedText(wanted);
    put(card, now.from, propertyOf(field), value);
}

}  // namespace

Result<Contact> contactOf(const Card &card)
{
    Contact contact;
    contact.line = card.line;
    // The second is how Apple's address book writes it in 3.0.
    for (const char *name : {"KIND", "X-ADDRESSBOOKSERVER-KIND"}) {
        const ContentLine *kind = card.property(name);
        if (kind && inCapitals(trimmed(kind->value)) == "GROUP")
            return fail(
                ErrorCode::Invalid, "this card is a list of members, not a person or a firm");
    }
    for (const FieldRule &rule : rules)
        contact.fields[rule.field] = rule.take(card).value;
    if (contact.field("name").empty())
        return fail(
            ErrorCode::Invalid, "the card has no name: none of FN, N, ORG and EMAIL says anything");
    if (const ContentLine *uid = card.property("UID"))
        contact.foreignId = comparableId(trimmed(plainText(uid->value)));
    Card kept = card;
    const std::size_t photo = find(kept, "PHOTO");
    if (photo != none) {
        contact.photo = octetsOf(kept.properties[photo]);
        if (contact.photo)
            kept.properties.erase(kept.properties.begin() + static_cast<std::ptrdiff_t>(photo));
    }
    contact.kept = keptOf(kept);
    return contact;
}

std::vector<std::string> remarksOn(const Card &card)
{
    constexpr std::size_t toldMax = 10;
    std::vector<std::string> remarks;
    if (card.version != "2.1" && card.version != "3.0" && card.version != "4.0")
        remarks.push_back("its VERSION " + card.version.substr(0, 20)
            + " is none of 2.1, 3.0 and 4.0; it was read like 4.0");
    const ContentLine *photo = card.property("PHOTO");
    if (photo && !photo->value.empty() && isOfOctets(*photo) && !octetsOf(*photo))
        remarks.emplace_back("its PHOTO is no base64 and becomes no picture; it is kept as it is");
    for (const InputFault &fault : card.faults) {
        if (&fault - card.faults.data() == toldMax) {
            remarks.push_back(
                "and " + std::to_string(card.faults.size() - toldMax) + " lines more");
            break;
        }
        remarks.push_back("line " + std::to_string(fault.line) + ": " + fault.reason);
    }
    return remarks;
}

std::string keptOf(const Card &card)
{
    std::string kept = "vcard " + card.version + '\n';
    for (const ContentLine &property : card.properties) {
        std::string line = writeContentLine(property);
        // Unfolded: one line a property.
        for (std::size_t at = 0; (at = line.find("\r\n ", at)) != std::string::npos;)
            line.erase(at, 3);
        kept += line.substr(0, line.size() - 2) + '\n';
    }
    return kept;
}

Card cardFromKept(const std::string &kept)
{
    Card card;
    card.version = "3.0";
    for (const PhysicalLine &line : physicalLines(kept)) {
        if (line.number == 1) {
            if (line.text.substr(0, 6) != "vcard ")
                return card;
            card.version = std::string(line.text.substr(6));
        } else if (auto property = parseContentLine(line.text, 0, BareWords::Types)) {
            card.properties.push_back(*std::move(property));
        }
    }
    return card;
}

Card cardWith(Card card, const std::map<std::string, std::string> &fields, CardVersion version)
{
    for (const FieldRule &rule : rules) {
        const auto wanted = fields.find(rule.field);
        if (wanted == fields.end())
            continue;
        for (int removed = 0; removed < 100; ++removed) {
            const Taken now = rule.take(card);
            if (now.value == wanted->second)
                break;
            const std::string field = rule.field;
            const auto kind = fields.find("kind");
            if (field == "name")
                setName(
                    card, wanted->second, kind == fields.end() || kind->second != "organisation");
            else if (field == "kind")
                setKind(card, wanted->second, version);
            else
                setField(card, field, now, wanted->second);
            // Where one was removed, the next of its kind would take its place.
            if (!wanted->second.empty())
                break;
        }
    }
    // A firm's card names itself as its organisation, for programs that know no KIND.
    const auto kind = fields.find("kind");
    if (kind != fields.end() && kind->second == "organisation" && findBest(card, "ORG") == none)
        put(card, find(card, "ORG"), "ORG", escapedText(nameOf(card).value));
    if (find(card, "FN") == none)
        put(card, none, "FN", escapedText(nameOf(card).value));
    return card;
}

std::string comparableId(const std::string &id)
{
    const std::string bare = inCapitals(id.substr(0, 9)) == "URN:UUID:" ? id.substr(9) : id;
    const auto uuid = parseUuid(bare);
    return uuid ? toText(*uuid) : bare;
}

}  // namespace tend
