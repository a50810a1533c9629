#include "sync/crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "sync/base/ensure.h"
#include "sync/crypto/openssl_handle.h"

namespace replica::crypto {

Bytes sha256(BytesView octets)
{
    return sha256({octets});
}

Bytes sha256(std::initializer_list<BytesView> pieces)
{
    // Fetching the algorithm costs more than hashing a short group, so it is done once.
    static const EVP_MD *algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const DigestContext context(EVP_MD_CTX_new());
    ENSURE(context && algorithm && EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1);
    for (const BytesView piece : pieces)
        ENSURE(EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1);
    Bytes digest(32, '\0');
    unsigned int size = 0;
    ENSURE(
        EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char *>(digest.data()), &size)
        == 1);
    ENSURE(size == digest.size());
    return digest;
}

void freeDigest(evp_md_ctx_st *context) noexcept
{
    EVP_MD_CTX_free(context);
}

RunningDigest::RunningDigest()
    : m_context(EVP_MD_CTX_new())
{
    ENSURE(m_context && EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) == 1);
}

void RunningDigest::add(BytesView octets)
{
    ENSURE(EVP_DigestUpdate(m_context.get(), octets.data(), octets.size()) == 1);
}

Bytes RunningDigest::finish()
{
    Bytes digest(32, '\0');
    ENSURE(EVP_DigestFinal_ex(
               m_context.get(), reinterpret_cast<unsigned char *>(digest.data()), nullptr)
        == 1);
    return digest;
}

bool equalInConstantTime(BytesView one, BytesView other)
{
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace replica::crypto
