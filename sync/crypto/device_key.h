#pragma once

#include <string>

#include "sync/base/bytes.h"
#include "sync/base/handle.h"
#include "sync/base/result.h"

struct evp_pkey_st;

namespace replica::crypto {

void freeKey(evp_pkey_st *key) noexcept;

// A P-256 key pair: who a device is, and who a server is. Both sides of a connection show a
// certificate made for their key by the key itself, and both look at nothing in it but the key.
// Move-only. One thread at a time. Errors: Io with OpenSSL's own words where OpenSSL refuses.
class DeviceKey {
public:
    [[nodiscard]] static Result<DeviceKey> generate();
    // Errors: Invalid unless it is the unencrypted PEM of a P-256 private key.
    [[nodiscard]] static Result<DeviceKey> fromPem(BytesView pem);

    // PKCS#8, unencrypted. Wipe it after use.
    [[nodiscard]] Result<Bytes> toPem() const;
    // SHA-256 of the SubjectPublicKeyInfo: what a pin compares, and a device's name at its server.
    [[nodiscard]] Result<Bytes> publicKeyDigest() const;
    // Signed by this key, good from 1970 to the year 9999, because dates are never consulted.
    [[nodiscard]] Result<std::string> selfSignedCertificate(const std::string &commonName) const;

private:
    using Pair = Handle<evp_pkey_st, &freeKey>;

    explicit DeviceKey(Pair pair)
        : m_pair(std::move(pair))
    {
    }

    Pair m_pair;
};

}  // namespace replica::crypto
