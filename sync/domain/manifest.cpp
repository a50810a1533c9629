#include "sync/domain/manifest.h"

namespace replica {

std::optional<Manifest> Manifest::make(Bytes digest, std::uint64_t size, Bytes chunks)
{
    const bool isSound = digest.size() == digestOctets && size > 0 && size <= fileOctetsMax
        && chunks.size() == chunkCountOf(size) * digestOctets;
    if (!isSound)
        return std::nullopt;
    return Manifest(std::move(digest), size, std::move(chunks));
}

std::size_t Manifest::chunkSize(std::size_t index) const
{
    const bool isLast = index + 1 == chunkCount();
    return isLast ? static_cast<std::size_t>(m_size - index * chunkOctets) : chunkOctets;
}

}  // namespace replica
