// Writing cards, and the octets inside them.
#include <algorithm>
#include <array>

#include "app/interop/vcard.h"
#include "app/interop/vcard_forms.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::string_view base64Digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct MediaName {
    std::string_view name;  // as TYPE has it in 3.0
    std::string_view mediaType;
};

constexpr std::array<MediaName, 9> mediaNames = {{{"JPEG", "image/jpeg"}, {"JPG", "image/jpeg"},
    {"PNG", "image/png"}, {"GIF", "image/gif"}, {"WEBP", "image/webp"}, {"BMP", "image/bmp"},
    {"TIFF", "image/tiff"}, {"BASIC", "audio/basic"}, {"X509", "application/x-x509-ca-cert"}}};

std::string mediaTypeOf(const std::string &word)
{
    const std::string capitals = inCapitals(word);
    for (const MediaName &known : mediaNames) {
        if (capitals == known.name || capitals == inCapitals(known.mediaType))
            return std::string(known.mediaType);
    }
    return {};
}

std::string nameOf(const std::string &mediaType)
{
    for (const MediaName &known : mediaNames) {
        if (known.mediaType == mediaType)
            return std::string(known.name);
    }
    return inCapitals(mediaType.substr(mediaType.find('/') + 1));
}

bool isBase64(const ContentLine &line)
{
    return line.has("ENCODING", "b");
}

struct DataAddress {
    std::string mediaType;
    std::string base64;
};

// data:image/jpeg;base64,...  A comma of it may have been escaped.
std::optional<DataAddress> dataAddressOf(const std::string &value)
{
    if (inCapitals(value.substr(0, 5)) != "DATA:")
        return std::nullopt;
    const std::size_t comma = value.find(',');
    if (comma == std::string::npos)
        return std::nullopt;
    std::string head = value.substr(5, comma - 5);
    std::erase(head, '\\');
    const std::size_t mark = inCapitals(head).find(";BASE64");
    if (mark == std::string::npos)
        return std::nullopt;
    return DataAddress{head.substr(0, head.find(';')), value.substr(comma + 1)};
}

void drop(ContentLine &line, std::string_view parameter)
{
    std::erase_if(line.parameters, [&](const Parameter &given) { return given.name == parameter; });
}

// TYPE=JPEG of octets becomes part of the address; PREF is a parameter of its own.
ContentLine asV4(ContentLine line)
{
    std::string mediaType;
    bool isPreferred = false;
    // What is no base64 stays as it was written: as an address it would be broken.
    const bool hasOctets = isBase64(line) && fromBase64(line.value);
    for (Parameter &parameter : line.parameters) {
        if (parameter.name != "TYPE")
            continue;
        std::erase_if(parameter.values, [&](const std::string &value) {
            if (inCapitals(value) == "PREF") {
                isPreferred = true;
                return true;
            }
            // Any address for mail is one of the internet now, and 4.0 has no word for it.
            if (line.name == "EMAIL" && inCapitals(value) == "INTERNET")
                return true;
            const std::string media = hasOctets ? mediaTypeOf(value) : std::string();
            mediaType = media.empty() ? mediaType : media;
            return !media.empty();
        });
    }
    if (hasOctets) {
        line.value = "data:" + (mediaType.empty() ? "application/octet-stream" : mediaType)
            + ";base64," + line.value;
        std::erase_if(line.parameters, [](const Parameter &given) {
            return given.name == "ENCODING" || given.name == "VALUE";
        });
    }
    std::erase_if(line.parameters,
        [](const Parameter &given) { return given.name == "TYPE" && given.values.empty(); });
    if (isPreferred && !line.parameter("PREF"))
        line.parameters.push_back({"PREF", {"1"}});
    return line;
}

ContentLine asV3(ContentLine line)
{
    if (const auto data = dataAddressOf(line.value); data && fromBase64(data->base64)) {
        line.value = data->base64;
        line.parameters.insert(line.parameters.begin(), {"ENCODING", {"b"}});
        if (!data->mediaType.empty() && data->mediaType != "application/octet-stream")
            line.parameters.push_back({"TYPE", {nameOf(data->mediaType)}});
        drop(line, "VALUE");
        drop(line, "MEDIATYPE");
    }
    // What has no types in 3.0 keeps the parameter of 4.0.
    constexpr std::array<std::string_view, 6> typed
        = {"TEL", "EMAIL", "ADR", "LABEL", "URL", "IMPP"};
    const Parameter *preferred = line.parameter("PREF");
    if (preferred && preferred->values == std::vector<std::string>{"1"}
        && std::find(typed.begin(), typed.end(), line.name) != typed.end()) {
        drop(line, "PREF");
        line.parameters.push_back({"TYPE", {"PREF"}});
    }
    return line;
}

}  // namespace

std::string writeCard(const Card &card, CardVersion version)
{
    std::string text = "BEGIN:VCARD\r\nVERSION:";
    text += version == CardVersion::V4 ? "4.0\r\n" : "3.0\r\n";
    for (ContentLine line : card.properties) {
        toFormOf(version, card, line);
        line = version == CardVersion::V4 ? asV4(std::move(line)) : asV3(std::move(line));
        text += writeContentLine(line);
    }
    // RFC 2426 wants N in every card.
    if (version == CardVersion::V3 && !card.property("N")) {
        const ContentLine *name = card.property("FN");
        text += writeContentLine({{}, "N", {}, (name ? name->value : std::string()) + ";;;;", 0});
    }
    return text + "END:VCARD\r\n";
}

bool isOfOctets(const ContentLine &property)
{
    return isBase64(property) || dataAddressOf(property.value);
}

std::optional<CardOctets> octetsOf(const ContentLine &property)
{
    std::string base64;
    std::string mediaType;
    if (const auto data = dataAddressOf(property.value)) {
        base64 = data->base64;
        mediaType = data->mediaType;
    } else if (isBase64(property)) {
        base64 = property.value;
        for (const Parameter &parameter : property.parameters) {
            for (const std::string &value : parameter.values) {
                const std::string media = parameter.name == "TYPE" || parameter.name == "MEDIATYPE"
                    ? mediaTypeOf(value)
                    : std::string();
                mediaType = media.empty() ? mediaType : media;
            }
        }
    } else {
        return std::nullopt;
    }
    auto octets = fromBase64(base64);
    if (!octets || octets->empty())
        return std::nullopt;
    return CardOctets{
        *std::move(octets), mediaType.empty() ? "application/octet-stream" : mediaType};
}

ContentLine octetsProperty(const std::string &name, BytesView octets, const std::string &mediaType)
{
    ContentLine line{{}, name, {{"ENCODING", {"b"}}}, toBase64(octets), 0};
    if (!mediaType.empty() && mediaType != "application/octet-stream")
        line.parameters.push_back({"TYPE", {nameOf(mediaType)}});
    return line;
}

std::string toBase64(BytesView octets)
{
    std::string text;
    text.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const bool isThere = at + i < octets.size();
            bits = bits << 8U | (isThere ? static_cast<std::uint8_t>(octets[at + i]) : 0U);
        }
        for (unsigned i = 0; i < 4; ++i)
            text.push_back(
                at + i > octets.size() ? '=' : base64Digits[bits >> (18U - 6U * i) & 63U]);
    }
    return text;
}

std::optional<Bytes> fromBase64(std::string_view text)
{
    Bytes octets;
    std::uint32_t bits = 0;
    unsigned count = 0;
    bool isOver = false;
    for (const char letter : text) {
        if (letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n')
            continue;
        if (letter == '=') {
            isOver = true;
            continue;
        }
        const std::size_t digit = base64Digits.find(letter);
        if (digit == std::string_view::npos || isOver)
            return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            octets.push_back(static_cast<char>(bits >> count & 0xFFU));
        }
    }
    if (count == 6)
        return std::nullopt;  // one digit alone is no octet
    return octets;
}

}  // namespace tend
