#include "sync/crypto/device_key.h"

#include <array>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "sync/crypto/digest.h"
#include "sync/crypto/openssl_handle.h"

namespace replica::crypto {

namespace {

// Everything OpenSSL put down about the last failure; the queue is empty afterwards.
tl::unexpected<Error> opensslFailed(const char *what)
{
    std::string message = what;
    while (const unsigned long code = ERR_get_error()) {
        std::array<char, 256> text{};
        ERR_error_string_n(code, text.data(), text.size());
        message += std::string(": ") + text.data();
    }
    return fail(ErrorCode::Io, std::move(message));
}

Result<Bytes> contentOf(BIO *file)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(file, &data);
    if (size <= 0 || !data)
        return opensslFailed("read what OpenSSL wrote");
    return Bytes(data, static_cast<std::size_t>(size));
}

bool isP256(EVP_PKEY *key)
{
    std::array<char, 64> group{};
    std::size_t length = 0;
    return EVP_PKEY_is_a(key, "EC") == 1
        && EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1
        && std::string_view(group.data(), length) == "prime256v1";
}

// A passphrase would be asked for on the terminal; there is none.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

Status nameCertificate(X509 *certificate, const std::string &commonName)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    const auto *text = reinterpret_cast<const unsigned char *>(commonName.c_str());
    if (!name || X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) != 1
        || X509_set_issuer_name(certificate, name) != 1)
        return opensslFailed("name the certificate");
    return {};
}

Status numberCertificate(X509 *certificate)
{
    // 63 bits of chance: positive, and never the same for two certificates of one issuer.
    std::uint64_t serial = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial) != 1
        || ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (serial >> 1U) | 1U) != 1)
        return opensslFailed("number the certificate");
    return {};
}

}  // namespace

void freeKey(evp_pkey_st *key) noexcept
{
    EVP_PKEY_free(key);
}

Result<DeviceKey> DeviceKey::generate()
{
    Pair pair(EVP_EC_gen("P-256"));
    if (!pair)
        return opensslFailed("make a P-256 key");
    return DeviceKey(std::move(pair));
}

Result<DeviceKey> DeviceKey::fromPem(BytesView pem)
{
    const MemoryFile file(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!file)
        return opensslFailed("read a private key");
    Pair pair(PEM_read_bio_PrivateKey(file.get(), nullptr, &noPassphrase, nullptr));
    if (!pair) {
        auto failed = opensslFailed("this is no private key in PEM");
        failed.value().code = ErrorCode::Invalid;
        return failed;
    }
    if (!isP256(pair.get()))
        return fail(ErrorCode::Invalid, "this private key is not of the curve P-256");
    return DeviceKey(std::move(pair));
}

Result<Bytes> DeviceKey::toPem() const
{
    // A memory BIO wipes its buffer when it is freed.
    const MemoryFile file(BIO_new(BIO_s_mem()));
    if (!file
        || PEM_write_bio_PKCS8PrivateKey(
               file.get(), m_pair.get(), nullptr, nullptr, 0, nullptr, nullptr)
            != 1)
        return opensslFailed("write a private key");
    return contentOf(file.get());
}

Result<Bytes> DeviceKey::publicKeyDigest() const
{
    unsigned char *der = nullptr;
    const int size = i2d_PUBKEY(m_pair.get(), &der);
    if (size <= 0)
        return opensslFailed("encode a public key");
    const Bytes digest
        = sha256(BytesView(reinterpret_cast<const char *>(der), static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return digest;
}

Result<std::string> DeviceKey::selfSignedCertificate(const std::string &commonName) const
{
    const Certificate certificate(X509_new());
    if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1)
        return opensslFailed("make a certificate");
    TRY_STATUS(numberCertificate(certificate.get()));
    if (ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "19700101000000Z") != 1
        || ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z") != 1)
        return opensslFailed("date the certificate");
    TRY_STATUS(nameCertificate(certificate.get(), commonName));
    if (X509_set_pubkey(certificate.get(), m_pair.get()) != 1
        || X509_sign(certificate.get(), m_pair.get(), EVP_sha256()) == 0)
        return opensslFailed("sign the certificate");
    const MemoryFile file(BIO_new(BIO_s_mem()));
    if (!file || PEM_write_bio_X509(file.get(), certificate.get()) != 1)
        return opensslFailed("write the certificate");
    return contentOf(file.get());
}

}  // namespace replica::crypto
