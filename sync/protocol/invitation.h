#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

namespace replica {

// Where a server answers. Written "host:port", an IPv6 address in brackets.
struct ServerAddress {
    std::string host;  // without brackets
    std::uint16_t port = 0;

    bool operator==(const ServerAddress &) const = default;
};

// Errors: Invalid with a sentence. Port 0 is taken where it means "any free one".
enum class PortZero { Refused, Taken };
[[nodiscard]] Result<ServerAddress> parseAddress(
    std::string_view text, PortZero zero = PortZero::Refused);
[[nodiscard]] std::string toText(const ServerAddress &address);

inline constexpr std::size_t pinBytes = 32;  // SHA-256 of a SubjectPublicKeyInfo
inline constexpr std::size_t invitationSecretBytes = 32;

// What one person hands to another so that a device can join: where the server is, how to know it
// for the real one, and the secret that lets one device in, once. A link of the form
// tend://join?server=HOST:PORT&pin=...&next=...&secret=...&workspace=NAME, with pins and secret in
// base64url.
struct InvitationLink {
    ServerAddress server;
    std::vector<Bytes> pins;  // of the server's key and, where there is one, of its next
    Bytes secret;
    std::string workspaceName;

    bool operator==(const InvitationLink &) const = default;
};

[[nodiscard]] std::string toText(const InvitationLink &link);
// Parameters it does not know are passed over. Errors: Invalid, in words for the person who pasted
// the link.
[[nodiscard]] Result<InvitationLink> parseInvitation(std::string_view text);

}  // namespace replica
