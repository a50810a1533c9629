#include "server-stub/files/sealed_shelf.h"

#include "sync/crypto/sealed.h"

namespace tend::server {

using namespace replica;

namespace {

Bytes bound(BytesView file, BytesView chunk)
{
    return Bytes(file) + Bytes(chunk);
}

}  // namespace

SealedShelf::SealedShelf(FileShelf &inner, BytesView key)
    : m_inner(inner)
    , m_key(crypto::derivedKey(key, {}, "tend server files"))
{
}

SealedShelf::~SealedShelf()
{
    wipe(m_key);
}

Status SealedShelf::put(BytesView file, BytesView chunk, BytesView octets)
{
    const Bytes key = crypto::derivedKey(m_key, bound(file, chunk), "tend server chunk");
    const Bytes nonce(crypto::sealNonceOctets, '\0');
    return m_inner.put(file, chunk, crypto::seal(key, nonce, bound(file, chunk), octets));
}

Result<Bytes> SealedShelf::read(BytesView file, BytesView chunk)
{
    const Bytes sealed = TRY(m_inner.read(file, chunk));
    const Bytes key = crypto::derivedKey(m_key, bound(file, chunk), "tend server chunk");
    const Bytes nonce(crypto::sealNonceOctets, '\0');
    return crypto::unseal(key, nonce, bound(file, chunk), sealed);
}

}  // namespace tend::server
