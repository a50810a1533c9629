#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/base/bytes.h"

namespace replica {

// Files travel and lie in pieces of this size; only the last is shorter.
inline constexpr std::size_t chunkOctets = 256U << 10U;
inline constexpr std::uint64_t fileOctetsMax = 64U << 20U;
inline constexpr std::size_t digestOctets = 32;

// What a row says about the file it names: enough to recognise each chunk by itself, so that a
// wrong one is never kept, whoever sent it. At least one octet, at most fileOctetsMax.
class Manifest {
public:
    // Nothing when these do not fit together.
    [[nodiscard]] static std::optional<Manifest> make(
        Bytes digest, std::uint64_t size, Bytes chunks);

    // SHA-256 of the whole file.
    [[nodiscard]] const Bytes &digest() const { return m_digest; }

    [[nodiscard]] std::uint64_t size() const { return m_size; }

    // SHA-256 of each chunk, one after the other.
    [[nodiscard]] const Bytes &chunks() const { return m_chunks; }

    [[nodiscard]] std::size_t chunkCount() const { return m_chunks.size() / digestOctets; }

    [[nodiscard]] BytesView chunkDigest(std::size_t index) const
    {
        return BytesView(m_chunks).substr(index * digestOctets, digestOctets);
    }

    [[nodiscard]] std::size_t chunkSize(std::size_t index) const;

    auto operator<=>(const Manifest &) const = default;

private:
    Manifest(Bytes digest, std::uint64_t size, Bytes chunks)
        : m_digest(std::move(digest))
        , m_size(size)
        , m_chunks(std::move(chunks))
    {
    }

    Bytes m_digest;
    std::uint64_t m_size = 0;
    Bytes m_chunks;
};

[[nodiscard]] constexpr std::size_t chunkCountOf(std::uint64_t size)
{
    return static_cast<std::size_t>((size + chunkOctets - 1) / chunkOctets);
}

}  // namespace replica
