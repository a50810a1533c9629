#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace replica {

// A run of octets. A string holds it because SQLite, protobuf and zstd all take one as it is.
using Bytes = std::string;
using BytesView = std::string_view;

[[nodiscard]] std::string toHex(BytesView bytes);
// Nothing unless text is an even number of hexadecimal digits, either case.
[[nodiscard]] std::optional<Bytes> fromHex(std::string_view text);

// RFC 4648 section 5, without padding: safe in links and file names.
[[nodiscard]] std::string toBase64Url(BytesView bytes);
[[nodiscard]] std::optional<Bytes> fromBase64Url(std::string_view text);

// Overwrites the octets in a way the compiler keeps: for keys and invitations.
void wipe(Bytes &bytes) noexcept;

}  // namespace replica
