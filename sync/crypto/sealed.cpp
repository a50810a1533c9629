#include "sync/crypto/sealed.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "sync/base/ensure.h"
#include "sync/crypto/openssl_handle.h"

namespace replica::crypto {

namespace {

const unsigned char *in(BytesView octets)
{
    return reinterpret_cast<const unsigned char *>(octets.data());
}

unsigned char *out(Bytes &octets)
{
    return reinterpret_cast<unsigned char *>(octets.data());
}

int length(BytesView octets)
{
    return static_cast<int>(octets.size());
}

OSSL_PARAM parameter(const char *name, BytesView octets)
{
    // OpenSSL takes no octets at all, but no null.
    const BytesView given = octets.empty() ? BytesView("") : octets;
    return OSSL_PARAM_construct_octet_string(name, const_cast<char *>(given.data()), given.size());
}

const EVP_CIPHER *aes()
{
    static const EVP_CIPHER *cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return cipher;
}

}  // namespace

Bytes derivedKey(BytesView key, BytesView salt, BytesView purpose)
{
    using Kdf = Handle<EVP_KDF, &EVP_KDF_free>;
    using KdfContext = Handle<EVP_KDF_CTX, &EVP_KDF_CTX_free>;
    static const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[]
        = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
            parameter(OSSL_KDF_PARAM_KEY, key), parameter(OSSL_KDF_PARAM_SALT, salt),
            parameter(OSSL_KDF_PARAM_INFO, purpose), OSSL_PARAM_construct_end()};
    Bytes derived(sealKeyOctets, '\0');
    ENSURE(context && EVP_KDF_derive(context.get(), out(derived), derived.size(), parameters) == 1);
    return derived;
}

Bytes seal(BytesView key, BytesView nonce, BytesView bound, BytesView octets)
{
    ENSURE(key.size() == sealKeyOctets && nonce.size() == sealNonceOctets);
    const CipherContext context(EVP_CIPHER_CTX_new());
    Bytes sealed(octets.size() + sealOctets, '\0');
    int written = 0;
    int rest = 0;
    ENSURE(context && EVP_EncryptInit_ex2(context.get(), aes(), in(key), in(nonce), nullptr) == 1
        && EVP_EncryptUpdate(context.get(), nullptr, &written, in(bound), length(bound)) == 1
        && EVP_EncryptUpdate(context.get(), out(sealed), &written, in(octets), length(octets)) == 1
        && EVP_EncryptFinal_ex(context.get(), out(sealed) + written, &rest) == 1
        && EVP_CIPHER_CTX_ctrl(
               context.get(), EVP_CTRL_AEAD_GET_TAG, sealOctets, out(sealed) + octets.size())
            == 1);
    return sealed;
}

Result<Bytes> unseal(BytesView key, BytesView nonce, BytesView bound, BytesView sealed)
{
    ENSURE(key.size() == sealKeyOctets && nonce.size() == sealNonceOctets);
    if (sealed.size() < sealOctets)
        return fail(ErrorCode::Corrupt, "sealed octets are cut off");
    const BytesView text = sealed.substr(0, sealed.size() - sealOctets);
    Bytes tag(sealed.substr(text.size()));
    const CipherContext context(EVP_CIPHER_CTX_new());
    Bytes octets(text.size(), '\0');
    int written = 0;
    int rest = 0;
    ENSURE(context && EVP_DecryptInit_ex2(context.get(), aes(), in(key), in(nonce), nullptr) == 1
        && EVP_DecryptUpdate(context.get(), nullptr, &written, in(bound), length(bound)) == 1
        && EVP_DecryptUpdate(context.get(), out(octets), &written, in(text), length(text)) == 1
        && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, sealOctets, tag.data()) == 1);
    if (EVP_DecryptFinal_ex(context.get(), out(octets) + written, &rest) != 1)
        return fail(ErrorCode::Corrupt, "sealed octets were changed, or the key is another one");
    return octets;
}

}  // namespace replica::crypto
