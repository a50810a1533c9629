#pragma once

#include "sync/base/bytes.h"
#include "sync/base/result.h"

namespace replica::crypto {

inline constexpr std::size_t sealKeyOctets = 32;
inline constexpr std::size_t sealNonceOctets = 12;
// How much longer sealed octets are.
inline constexpr std::size_t sealOctets = 16;

// HKDF-SHA256 (RFC 5869), 32 octets: a key of its own for each purpose and thing.
[[nodiscard]] Bytes derivedKey(BytesView key, BytesView salt, BytesView purpose);

// AES-256-GCM. One key and nonce never seal two different texts; `bound` is not hidden, but must be
// the same to open.
[[nodiscard]] Bytes seal(BytesView key, BytesView nonce, BytesView bound, BytesView octets);
// Errors: Corrupt when one octet differs, of key, nonce, bound or text.
[[nodiscard]] Result<Bytes> unseal(
    BytesView key, BytesView nonce, BytesView bound, BytesView sealed);

}  // namespace replica::crypto
