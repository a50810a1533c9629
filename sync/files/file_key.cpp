#include "sync/files/file_key.h"

#include "sync/crypto/sealed.h"

namespace replica {

namespace {

const std::string fileKeyFact = "file_key";

}  // namespace

Result<std::optional<Bytes>> FileKey::read()
{
    auto key = TRY(m_store.fact(fileKeyFact));
    if (key && key->size() != crypto::sealKeyOctets)
        return fail(ErrorCode::Corrupt, "the key of this replica's files is damaged");
    return key;
}

Result<Bytes> FileKey::readOrMake()
{
    if (auto key = TRY(read()))
        return *std::move(key);
    TRY_STATUS(m_store.records().begin());
    const auto make = [&]() -> Result<Bytes> {
        // Another process may have been first.
        auto known = TRY(read());
        Bytes key = known ? *std::move(known) : m_random.bytes(crypto::sealKeyOctets);
        TRY_STATUS(m_store.keepFact(fileKeyFact, key));
        TRY_STATUS(m_store.records().commit());
        return key;
    };
    auto key = make();
    if (!key)
        m_store.records().rollback();
    return key;
}

Status FileKey::drop()
{
    if (!TRY(m_store.fact(fileKeyFact)))
        return {};
    TRY_STATUS(m_store.records().begin());
    Status dropped = m_store.dropFact(fileKeyFact);
    if (dropped)
        dropped = m_store.records().commit();
    if (!dropped)
        m_store.records().rollback();
    return dropped;
}

}  // namespace replica
