#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <zip.h>

#include "sync/base/handle.h"
#include "sync/base/result.h"

namespace tend {

using replica::Result;
using replica::Status;

// A ZIP file being read. Its parts come in pieces and are checked against their CRC by libzip.
class ZipReader {
public:
    // Errors: NotFound, Corrupt.
    [[nodiscard]] static Result<ZipReader> open(const std::filesystem::path &path);

    // Errors: Corrupt when it is not there or cannot be read whole, and what `take` answers.
    [[nodiscard]] Status read(
        const std::string &name, const std::function<Status(std::string_view piece)> &take);

private:
    using Handle = replica::Handle<zip_t, &zip_discard>;

    ZipReader(Handle handle, std::filesystem::path path)
        : m_handle(std::move(handle))
        , m_path(std::move(path))
    {
    }

    Handle m_handle;
    std::filesystem::path m_path;
};

// A ZIP file being written, under another name until finish().
class ZipWriter {
public:
    // Gives the next piece into the buffer and answers how much; 0 at the end.
    using Pieces = std::function<Result<std::size_t>(char *buffer, std::size_t room)>;

    // Errors: Conflict when it is there already, Io.
    [[nodiscard]] static Result<ZipWriter> create(const std::filesystem::path &path);

    ZipWriter(ZipWriter &&other) noexcept = default;
    ZipWriter(const ZipWriter &) = delete;
    ZipWriter &operator=(const ZipWriter &) = delete;
    ZipWriter &operator=(ZipWriter &&) = delete;
    ~ZipWriter();

    enum class Packing { Deflate, None };

    // `makePieces` is called, once or more, while finish() runs.
    [[nodiscard]] Status add(const std::string &name, Packing packing, std::uint64_t size,
        std::function<Pieces()> makePieces);
    [[nodiscard]] Status add(const std::string &name, const std::string &octets);
    // Errors: Full, Io, and what the pieces answered.
    [[nodiscard]] Status finish();

private:
    using Handle = replica::Handle<zip_t, &zip_discard>;

    ZipWriter(Handle handle, std::filesystem::path path, std::filesystem::path temporary)
        : m_handle(std::move(handle))
        , m_path(std::move(path))
        , m_temporary(std::move(temporary))
        , m_failure(std::make_unique<std::optional<replica::Error>>())
    {
    }

    Handle m_handle;
    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    std::unique_ptr<std::optional<replica::Error>> m_failure;  // of a part's pieces
};

}  // namespace tend
