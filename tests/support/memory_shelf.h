#pragma once

#include <map>

#include "server-stub/files/file_shelf.h"

namespace replica::test {

// A shelf in memory, which can be full.
class MemoryShelf final : public tend::server::FileShelf {
public:
    [[nodiscard]] Status put(BytesView file, BytesView chunk, BytesView octets) override
    {
        if (isFull)
            return fail(ErrorCode::Full, "no room");
        m_chunks.emplace(std::pair(Bytes(file), Bytes(chunk)), Bytes(octets));
        return {};
    }

    [[nodiscard]] Result<bool> has(BytesView file, BytesView chunk) override
    {
        return m_chunks.contains({Bytes(file), Bytes(chunk)});
    }

    [[nodiscard]] Result<Bytes> read(BytesView file, BytesView chunk) override
    {
        const auto at = m_chunks.find({Bytes(file), Bytes(chunk)});
        if (at == m_chunks.end())
            return fail(ErrorCode::NotFound, "no such chunk");
        return at->second;
    }

    [[nodiscard]] Status erase(BytesView file) override
    {
        std::erase_if(m_chunks, [&](const auto &entry) { return entry.first.first == file; });
        return {};
    }

    [[nodiscard]] Result<std::vector<Bytes>> files(BytesView after, std::size_t countMax) override
    {
        std::vector<Bytes> found;
        for (const auto &[place, octets] : m_chunks) {
            if (place.first > after && found.size() < countMax
                && (found.empty() || found.back() != place.first))
                found.push_back(place.first);
        }
        return found;
    }

    [[nodiscard]] Result<std::vector<Bytes>> chunks(BytesView file) override
    {
        std::vector<Bytes> found;
        for (const auto &[place, octets] : m_chunks) {
            if (place.first == file)
                found.push_back(place.second);
        }
        return found;
    }

    [[nodiscard]] Result<std::uint64_t> octets() override
    {
        std::uint64_t sum = 0;
        for (const auto &[place, octets] : m_chunks)
            sum += octets.size();
        return sum;
    }

    bool isFull = false;

private:
    std::map<std::pair<Bytes, Bytes>, Bytes> m_chunks;
};

}  // namespace replica::test
