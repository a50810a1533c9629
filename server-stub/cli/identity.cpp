#include "server-stub/cli/identity.h"

#include "sync/crypto/device_key.h"

namespace tend::server::cli {

using namespace replica;

Status makeIdentity(const DataDirectory &directory)
{
    const auto key = TRY(crypto::DeviceKey::generate());
    Bytes pem = TRY(key.toPem());
    Status kept = keepIdentity(directory, pem);
    wipe(pem);
    return kept;
}

Status keepIdentity(const DataDirectory &directory, BytesView privateKeyPem)
{
    const auto key = TRY(crypto::DeviceKey::fromPem(privateKeyPem));
    const std::string certificate = TRY(key.selfSignedCertificate("tend-server"));
    TRY_STATUS(writePrivateFile(directory.serverCertificate(), certificate));
    // The key last: where it is, all is.
    return writePrivateFile(directory.serverKey(), privateKeyPem);
}

Result<http::Identity> readIdentity(const DataDirectory &directory)
{
    http::Identity identity;
    identity.certificatePem = TRY(readFile(directory.serverCertificate()));
    identity.privateKeyPem = TRY(readFile(directory.serverKey()));
    return identity;
}

}  // namespace tend::server::cli
