#pragma once

#include "server-stub/files/file_shelf.h"

namespace tend::server {

// Seals what another shelf keeps, for a workspace whose own file is encrypted. Names stay as they
// are. A chunk's name is its content's digest, so one key and nonce never seal two texts.
class SealedShelf final : public FileShelf {
public:
    // `key`: the workspace's; the files' is derived from it. The inner shelf outlives this one.
    SealedShelf(FileShelf &inner, BytesView key);
    ~SealedShelf() override;
    SealedShelf(const SealedShelf &) = delete;
    SealedShelf &operator=(const SealedShelf &) = delete;

    [[nodiscard]] Status put(BytesView file, BytesView chunk, BytesView octets) override;
    // Errors besides: Corrupt.
    [[nodiscard]] Result<Bytes> read(BytesView file, BytesView chunk) override;

    [[nodiscard]] Result<bool> has(BytesView file, BytesView chunk) override
    {
        return m_inner.has(file, chunk);
    }

    [[nodiscard]] Status erase(BytesView file) override { return m_inner.erase(file); }

    [[nodiscard]] Result<std::vector<Bytes>> files(BytesView after, std::size_t countMax) override
    {
        return m_inner.files(after, countMax);
    }

    [[nodiscard]] Result<std::vector<Bytes>> chunks(BytesView file) override
    {
        return m_inner.chunks(file);
    }

    [[nodiscard]] Result<std::uint64_t> octets() override { return m_inner.octets(); }

private:
    FileShelf &m_inner;
    Bytes m_key;
};

}  // namespace tend::server
