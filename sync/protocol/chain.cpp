#include "sync/protocol/chain.h"

#include "sync/crypto/digest.h"

namespace replica {

Bytes nextChain(BytesView before, const GroupId &id, BytesView digest)
{
    Bytes numbers;
    for (const std::uint64_t number : {raw(id.incarnation), raw(id.counter)}) {
        for (unsigned i = 0; i < 8; ++i)
            numbers.push_back(static_cast<char>(number >> (8 * i)));
    }
    return crypto::sha256({before, id.device.bytes(), numbers, digest});
}

}  // namespace replica
