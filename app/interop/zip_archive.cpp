#include "app/interop/zip_archive.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

namespace tend {

using namespace replica;

namespace {

using Part = replica::Handle<zip_file_t, &zip_fclose>;

// What libzip asks while it writes one part.
struct Source {
    std::function<ZipWriter::Pieces()> make;
    ZipWriter::Pieces pieces;
    std::uint64_t size = 0;
    std::optional<Error> *failure = nullptr;
    zip_error_t error{};
};

zip_int64_t statOf(const Source &source, void *data, zip_uint64_t size)
{
    if (size < sizeof(zip_stat_t))
        return -1;
    auto *stat = static_cast<zip_stat_t *>(data);
    zip_stat_init(stat);
    stat->size = source.size;
    stat->valid = ZIP_STAT_SIZE | ZIP_STAT_MTIME;
    stat->mtime = 315'532'800;  // 1980, the first day a ZIP knows: the same rows, the same octets
    return sizeof(zip_stat_t);
}

zip_int64_t answer(void *user, void *data, zip_uint64_t size, zip_source_cmd_t command)
{
    auto &source = *static_cast<Source *>(user);
    switch (command) {
    case ZIP_SOURCE_OPEN:
        source.pieces = source.make();
        return 0;
    case ZIP_SOURCE_READ: {
        auto count = source.pieces(static_cast<char *>(data), size);
        if (count)
            return static_cast<zip_int64_t>(*count);
        *source.failure = count.error();
        zip_error_set(&source.error, ZIP_ER_READ, EIO);
        return -1;
    }
    case ZIP_SOURCE_CLOSE:
        source.pieces = nullptr;
        return 0;
    case ZIP_SOURCE_STAT:
        return statOf(source, data, size);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&source.error, data, size);
    case ZIP_SOURCE_FREE:
        zip_error_fini(&source.error);
        delete &source;
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
            ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default:
        zip_error_set(&source.error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

tl::unexpected<Error> damaged(const std::filesystem::path &path, const std::string &what)
{
    return fail(ErrorCode::Corrupt,
        path.string() + " is damaged or cut: " + what
            + ". Nothing was restored; take another copy of it");
}

tl::unexpected<Error> systemFailed(const std::filesystem::path &path, int reason)
{
    return fail(reason == ENOSPC || reason == EDQUOT ? ErrorCode::Full : ErrorCode::Io,
        path.string() + ": " + std::strerror(reason));
}

}  // namespace

Result<ZipReader> ZipReader::open(const std::filesystem::path &path)
{
    int reason = 0;
    Handle handle(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &reason));
    if (handle)
        return ZipReader(std::move(handle), path);
    if (reason == ZIP_ER_NOENT || reason == ZIP_ER_OPEN)
        return fail(ErrorCode::NotFound, path.string() + " cannot be read");
    return damaged(path, "its list of parts cannot be read");
}

Status ZipReader::read(
    const std::string &name, const std::function<Status(std::string_view piece)> &take)
{
    const Part part(zip_fopen(m_handle.get(), name.c_str(), 0));
    if (!part)
        return damaged(m_path, name + " is not in it");
    std::array<char, 65536> piece{};
    while (true) {
        const zip_int64_t count = zip_fread(part.get(), piece.data(), piece.size());
        if (count < 0)
            return damaged(m_path, name + " cannot be read");
        if (count == 0)
            return {};
        TRY_STATUS(take({piece.data(), static_cast<std::size_t>(count)}));
    }
}

Result<ZipWriter> ZipWriter::create(const std::filesystem::path &path)
{
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored))
        return fail(ErrorCode::Conflict, path.string() + " is there already; nothing was written");
    std::string temporary = path.string() + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0)
        return systemFailed(path, errno);
    ::close(descriptor);
    int reason = 0;
    Handle handle(zip_open(temporary.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &reason));
    if (!handle) {
        ::unlink(temporary.c_str());
        return fail(ErrorCode::Io, path.string() + " cannot be made");
    }
    return ZipWriter(std::move(handle), path, temporary);
}

ZipWriter::~ZipWriter()
{
    if (m_temporary.empty())
        return;
    m_handle.reset();
    ::unlink(m_temporary.c_str());
}

Status ZipWriter::add(const std::string &name, Packing packing, std::uint64_t size,
    std::function<Pieces()> makePieces)
{
    auto source = std::make_unique<Source>();
    source->make = std::move(makePieces);
    source->size = size;
    source->failure = m_failure.get();
    zip_error_init(&source->error);
    zip_source_t *given = zip_source_function(m_handle.get(), &answer, source.get());
    if (!given)
        return fail(ErrorCode::Io, m_path.string() + ": " + zip_strerror(m_handle.get()));
    static_cast<void>(source.release());  // libzip frees it from here on
    const zip_int64_t index = zip_file_add(m_handle.get(), name.c_str(), given, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(given);
        return fail(ErrorCode::Io, m_path.string() + ": " + zip_strerror(m_handle.get()));
    }
    if (packing == Packing::None)
        zip_set_file_compression(m_handle.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
    return {};
}

Status ZipWriter::add(const std::string &name, const std::string &octets)
{
    return add(name, Packing::Deflate, octets.size(), [octets]() -> Pieces {
        return [octets, at = std::size_t{0}](char *buffer, std::size_t room) mutable {
            const std::size_t count = octets.copy(buffer, room, at);
            at += count;
            return Result<std::size_t>(count);
        };
    });
}

Status ZipWriter::finish()
{
    if (zip_close(m_handle.get()) != 0) {
        const int reason = zip_error_code_system(zip_get_error(m_handle.get()));
        const std::string words = zip_strerror(m_handle.get());
        if (*m_failure)
            return tl::unexpected<Error>(**m_failure);
        return fail(reason == ENOSPC || reason == EDQUOT ? ErrorCode::Full : ErrorCode::Io,
            m_path.string() + ": " + words);
    }
    static_cast<void>(m_handle.release());
    const int descriptor = ::open(m_temporary.c_str(), O_RDONLY | O_CLOEXEC);
    const bool isDurable = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    if (!isDurable)
        return systemFailed(m_path, reason);
    // Never in place of a file that came meanwhile; some file systems have no second names, though.
    const bool isNamed = ::link(m_temporary.c_str(), m_path.c_str()) == 0;
    if (!isNamed && errno == EEXIST)
        return fail(
            ErrorCode::Conflict, m_path.string() + " is there already; nothing was written");
    if (!isNamed && ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        return systemFailed(m_path, errno);
    ::unlink(m_temporary.c_str());
    m_temporary.clear();
    return {};
}

}  // namespace tend
