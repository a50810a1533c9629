#pragma once

#include "sync/protocol/messages.h"

// What device and server say to each other about files, as values. Fields as in files.proto.
namespace replica {

inline constexpr std::size_t filesAskedMax = 64;

// A file by the row that names it: who may see the row may have the file.
struct FileName {
    TableId table{};
    RowId row;
    Bytes digest;

    auto operator<=>(const FileName &) const = default;
};

struct FileStateRequest {
    std::uint32_t version = protocolVersion;
    std::vector<FileName> files;
};

struct FileState {
    bool isKnown = false;
    Bytes chunks;  // bits

    [[nodiscard]] bool has(std::size_t chunk) const
    {
        return chunk / 8 < chunks.size()
            && ((static_cast<unsigned char>(chunks[chunk / 8]) >> (chunk % 8)) & 1U) != 0;
    }
};

struct FileStateAnswer {
    std::vector<FileState> files;
};

struct FilePutRequest {
    std::uint32_t version = protocolVersion;
    FileName file;
    std::uint32_t chunk = 0;
    Bytes octets;
};

struct FilePutAnswer {
    bool isWhole = false;
};

struct FileGetRequest {
    std::uint32_t version = protocolVersion;
    FileName file;
    std::uint32_t chunk = 0;
};

struct FileGetAnswer {
    bool isHere = false;
    Bytes octets;
};

[[nodiscard]] Bytes encode(const FileStateRequest &message);
[[nodiscard]] Bytes encode(const FileStateAnswer &message);
[[nodiscard]] Bytes encode(const FilePutRequest &message);
[[nodiscard]] Bytes encode(const FilePutAnswer &message);
[[nodiscard]] Bytes encode(const FileGetRequest &message);
[[nodiscard]] Bytes encode(const FileGetAnswer &message);

[[nodiscard]] Result<FileStateRequest> decodeFileStateRequest(BytesView octets);
[[nodiscard]] Result<FileStateAnswer> decodeFileStateAnswer(BytesView octets);
[[nodiscard]] Result<FilePutRequest> decodeFilePutRequest(BytesView octets);
[[nodiscard]] Result<FilePutAnswer> decodeFilePutAnswer(BytesView octets);
[[nodiscard]] Result<FileGetRequest> decodeFileGetRequest(BytesView octets);
[[nodiscard]] Result<FileGetAnswer> decodeFileGetAnswer(BytesView octets);

}  // namespace replica
