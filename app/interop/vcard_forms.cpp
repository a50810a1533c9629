// What 3.0 and 4.0 say differently. Octets and preferences are in vcard_writing.cpp.
#include "app/interop/vcard_forms.h"

#include <algorithm>

namespace tend {

namespace {

constexpr std::string_view omittedYear = "X-APPLE-OMIT-YEAR";
// What stands for no year at all in 3.0, as address books that know it write it.
constexpr std::string_view standInYear = "1604";

bool isOneOf(const std::string &name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isDate(const std::string &name)
{
    return isOneOf(name, {"BDAY", "ANNIVERSARY", "DEATHDATE", "REV"});
}

void drop(ContentLine &line, std::string_view parameter)
{
    std::erase_if(line.parameters, [&](const Parameter &given) { return given.name == parameter; });
}

bool areDigits(std::string_view text)
{
    return std::all_of(
        text.begin(), text.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
}

// 1984-02-29T10:00:00Z as 19840229T100000Z: 4.0 knows the form without dashes only.
void toShortDate(ContentLine &line)
{
    std::string &value = line.value;
    const bool isLong = value.size() >= 10 && value[4] == '-' && value[7] == '-'
        && areDigits(value.substr(0, 4)) && areDigits(value.substr(5, 2))
        && areDigits(value.substr(8, 2)) && (value.size() == 10 || value[10] == 'T');
    if (isLong) {
        value.erase(7, 1).erase(4, 1);
        std::erase(value, ':');
    }
    const Parameter *omitted = line.parameter(omittedYear);
    const bool hasNoYear = omitted && value.size() == 8 && areDigits(value)
        && omitted->values == std::vector<std::string>{value.substr(0, 4)};
    if (hasNoYear) {
        value.replace(0, 4, "--");
        drop(line, omittedYear);
    }
    if (line.has("VALUE", "date") || line.has("VALUE", "date-time"))
        drop(line, "VALUE");
}

// --0412 and --04-12, which 3.0 has no form for.
void toWholeDate(ContentLine &line)
{
    std::string day = line.value;
    if (day.substr(0, 2) != "--")
        return;
    std::erase(day, '-');
    if (day.size() != 4 || !areDigits(day))
        return;
    line.value = std::string(standInYear) + '-' + day.substr(0, 2) + '-' + day.substr(2);
    drop(line, "VALUE");
    line.parameters.push_back({std::string(omittedYear), {std::string(standInYear)}});
}

// 3.0 says 52.5;13.4 where 4.0 says geo:52.5,13.4.
void toPosition(ContentLine &line, CardVersion version)
{
    const bool isAddress = inCapitals(line.value.substr(0, 4)) == "GEO:";
    const char parting = isAddress ? ',' : ';';
    const std::string plain = plainText(isAddress ? line.value.substr(4) : line.value);
    const std::size_t at = plain.find(parting);
    if (isAddress == (version == CardVersion::V4) || at == std::string::npos
        || plain.find_first_not_of("+-.0123456789,;") != std::string::npos
        || plain.find_first_of(",;", at + 1) != std::string::npos)
        return;
    line.value = version == CardVersion::V4
        ? "geo:" + plain.substr(0, at) + ',' + plain.substr(at + 1)
        : plain.substr(0, at) + ';' + plain.substr(at + 1);
    drop(line, "VALUE");
}

// A number is text in 3.0: what reads one there would show "tel:", or end at a semicolon.
void toNumber(ContentLine &line)
{
    if (inCapitals(line.value.substr(0, 4)) != "TEL:")
        return;
    line.value = escapedText(plainText(line.value.substr(4)));
    drop(line, "VALUE");
}

// TYPE="voice,cell" is two types in 4.0, and one that nobody knows in 3.0.
void partTypes(ContentLine &line)
{
    for (Parameter &parameter : line.parameters) {
        if (parameter.name != "TYPE")
            continue;
        std::vector<std::string> types;
        for (const std::string &value : parameter.values) {
            for (std::string &type : splitValue(value, ','))
                types.push_back(std::move(type));
        }
        parameter.values = std::move(types);
    }
}

// Whether a card is a firm's has a property in 4.0, and one that address books understand in 3.0.
void toKind(ContentLine &line, const Card &card, CardVersion version)
{
    const std::string word = inCapitals(line.value);
    if (version == CardVersion::V4 && line.name == "X-ABSHOWAS" && !card.property("KIND")
        && isOneOf(word, {"COMPANY", "PERSON"}))
        line = {line.group, "KIND", {}, word == "COMPANY" ? "org" : "individual", 0};
    else if (version == CardVersion::V3 && line.name == "KIND" && !card.property("X-ABSHOWAS")
        && isOneOf(word, {"ORG", "INDIVIDUAL"}))
        line = {line.group, "X-ABSHOWAS", {}, word == "ORG" ? "COMPANY" : "PERSON", 0};
}

}  // namespace

void toFormOf(CardVersion version, const Card &card, ContentLine &line)
{
    const bool is3 = version == CardVersion::V3;
    toKind(line, card, version);
    if (is3)
        partTypes(line);
    if (isDate(line.name) && is3)
        toWholeDate(line);
    else if (isDate(line.name))
        toShortDate(line);
    else if (line.name == "GEO")
        toPosition(line, version);
    else if (line.name == "TEL" && is3)
        toNumber(line);
    // Addresses have no escapes in either version; nobody finds a page at "https\:".
    else if (line.name == "URL")
        line.value = plainText(line.value);
}

}  // namespace tend
