#include "sync/protocol/invitation.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace replica {

namespace {

constexpr std::string_view linkStart = "tend://join?";
constexpr std::size_t linkOctetsMax = 4096;
constexpr std::size_t workspaceNameOctetsMax = 400;
constexpr std::string_view askAgain = "; ask for a new invitation, or copy the whole link again";

bool isPlain(char octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' || octet == '.'
        || octet == '~';
}

std::string percentEncoded(std::string_view text)
{
    std::string out;
    for (const char octet : text) {
        if (isPlain(octet))
            out += octet;
        else
            out += "%" + toHex(BytesView(&octet, 1));
    }
    return out;
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        const auto octet = fromHex(text.substr(at + 1, 2));
        if (!octet || octet->size() != 1)
            return std::nullopt;
        out += *octet;
        at += 2;
    }
    return out;
}

using Parameters = std::map<std::string, std::string, std::less<>>;

Result<Parameters> parametersOf(std::string_view query)
{
    Parameters parameters;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos)
            return fail(
                ErrorCode::Invalid, "a part of this link has no value" + std::string(askAgain));
        const auto value = percentDecoded(pair.substr(equals + 1));
        if (!value)
            return fail(
                ErrorCode::Invalid, "this link is damaged after a % sign" + std::string(askAgain));
        if (!parameters.emplace(pair.substr(0, equals), *value).second)
            return fail(
                ErrorCode::Invalid, "this link says one thing twice" + std::string(askAgain));
    }
    return parameters;
}

Result<Bytes> octetsOf(const Parameters &parameters, std::string_view name, std::size_t size)
{
    const auto at = parameters.find(name);
    if (at == parameters.end())
        return fail(
            ErrorCode::Invalid, "this link has no " + std::string(name) + std::string(askAgain));
    auto octets = fromBase64Url(at->second);
    if (!octets || octets->size() != size)
        return fail(ErrorCode::Invalid,
            "the " + std::string(name) + " in this link is damaged" + std::string(askAgain));
    return *std::move(octets);
}

}  // namespace

Result<ServerAddress> parseAddress(std::string_view text, PortZero zero)
{
    const auto wrong = [&](const char *why) {
        return fail(ErrorCode::Invalid,
            "\"" + std::string(text) + "\" is no server address: " + why
                + "; write it as HOST:PORT");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return wrong("it has no port");
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    ServerAddress address;
    const auto [end, fault]
        = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    if (fault != std::errc{} || end != digits.data() + digits.size()
        || (address.port == 0 && zero == PortZero::Refused))
        return wrong("the port is no number from 1 to 65535");
    const bool isBracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (isBracketed)
        host = host.substr(1, host.size() - 2);
    const auto fits = [&](char octet) {
        return isPlain(octet) ? octet != '~' : isBracketed && (octet == ':' || octet == '%');
    };
    if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), fits))
        return wrong("the host is no name and no number");
    address.host = std::string(host);
    return address;
}

std::string toText(const ServerAddress &address)
{
    const bool isIpv6 = address.host.find(':') != std::string::npos;
    return (isIpv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string toText(const InvitationLink &link)
{
    std::string text = std::string(linkStart) + "server=" + toText(link.server);
    const char *name = "&pin=";
    for (const Bytes &pin : link.pins) {
        text += name + toBase64Url(pin);
        name = "&next=";
    }
    text += "&secret=" + toBase64Url(link.secret);
    return text + "&workspace=" + percentEncoded(link.workspaceName);
}

Result<InvitationLink> parseInvitation(std::string_view text)
{
    // Mail programs and people add blanks around a link.
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ')
        text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
        text.remove_suffix(1);
    if (text.size() > linkOctetsMax)
        return fail(
            ErrorCode::Invalid, "this is too long for an invitation" + std::string(askAgain));
    if (!text.starts_with(linkStart))
        return fail(ErrorCode::Invalid,
            "this is no invitation: it does not begin with " + std::string(linkStart)
                + std::string(askAgain));
    const auto parameters = TRY(parametersOf(text.substr(linkStart.size())));
    InvitationLink link;
    const auto server = parameters.find("server");
    if (server == parameters.end())
        return fail(ErrorCode::Invalid, "this link has no server" + std::string(askAgain));
    link.server = TRY(parseAddress(server->second));
    link.pins.push_back(TRY(octetsOf(parameters, "pin", pinBytes)));
    if (parameters.contains("next"))
        link.pins.push_back(TRY(octetsOf(parameters, "next", pinBytes)));
    link.secret = TRY(octetsOf(parameters, "secret", invitationSecretBytes));
    if (const auto name = parameters.find("workspace"); name != parameters.end())
        link.workspaceName = name->second.substr(0, workspaceNameOctetsMax);
    return link;
}

}  // namespace replica
