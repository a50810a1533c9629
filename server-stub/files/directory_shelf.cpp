#include "server-stub/files/directory_shelf.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <unistd.h>

namespace tend::server {

using namespace replica;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t digestDigits = 64;

Error systemFailed(const fs::path &path, int code)
{
    return {code == ENOSPC || code == EDQUOT ? ErrorCode::Full : ErrorCode::Io,
        path.string() + ": " + std::strerror(code)};
}

Status syncPath(const fs::path &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool isSafe = file >= 0 && ::fsync(file) == 0;
    const int code = errno;
    if (file >= 0)
        ::close(file);
    return isSafe ? Status() : Status(tl::unexpected<Error>(systemFailed(path, code)));
}

// With every folder above it that had to be made.
Status makeFolder(const fs::path &folder)
{
    std::error_code failed;
    if (fs::is_directory(folder, failed))
        return {};
    if (folder.has_parent_path())
        TRY_STATUS(makeFolder(folder.parent_path()));
    fs::create_directory(folder, failed);
    if (failed)
        return tl::unexpected<Error>(systemFailed(folder, failed.value()));
    return syncPath(folder.parent_path().empty() ? "." : folder.parent_path());
}

Status writeDurably(const fs::path &path, BytesView octets)
{
    const fs::path unfinished = path.string() + ".part";
    const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool isWritten = file >= 0;
    while (isWritten && !octets.empty()) {
        const ssize_t count = ::write(file, octets.data(), octets.size());
        isWritten = count > 0 || (count < 0 && errno == EINTR);
        octets.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    isWritten = isWritten && ::fsync(file) == 0;
    const int code = errno;
    if (file >= 0)
        ::close(file);
    if (!isWritten) {
        ::unlink(unfinished.c_str());
        return tl::unexpected<Error>(systemFailed(path, code));
    }
    if (::rename(unfinished.c_str(), path.c_str()) != 0)
        return tl::unexpected<Error>(systemFailed(path, errno));
    return syncPath(path.parent_path());
}

// Names that are so many hexadecimal digits, sorted; what was cut off is none of them.
std::vector<std::string> namesIn(const fs::path &folder, std::size_t digits)
{
    std::vector<std::string> names;
    std::error_code none;
    for (const auto &entry : fs::directory_iterator(folder, none)) {
        std::string name = entry.path().filename().string();
        if (name.size() == digits && fromHex(name))
            names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Status forEachChunk(const fs::path &shelf, const std::function<Status(const fs::path &)> &work)
{
    for (const std::string &head : namesIn(shelf, 2)) {
        for (const std::string &rest : namesIn(shelf / head, digestDigits - 2)) {
            for (const std::string &chunk : namesIn(shelf / head / rest, digestDigits))
                TRY_STATUS(work(fs::path(head) / rest / chunk));
        }
    }
    return {};
}

Result<Bytes> contentOf(const fs::path &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail(ErrorCode::NotFound, path.string() + " is not there");
    Bytes octets;
    std::error_code failed;
    octets.resize(static_cast<std::size_t>(fs::file_size(path, failed)));
    std::size_t have = 0;
    ssize_t got = failed ? -1 : 1;
    while (have < octets.size() && got > 0) {
        got = ::read(file, octets.data() + have, octets.size() - have);
        have += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    const int code = errno;
    ::close(file);
    if (got < 0)
        return tl::unexpected<Error>(systemFailed(path, code));
    octets.resize(have);
    return octets;
}

}  // namespace

fs::path DirectoryShelf::pathOf(BytesView file) const
{
    const std::string name = toHex(file);
    return m_folder / name.substr(0, 2) / name.substr(2);
}

fs::path DirectoryShelf::pathOf(BytesView file, BytesView chunk) const
{
    return pathOf(file) / toHex(chunk);
}

Status DirectoryShelf::put(BytesView file, BytesView chunk, BytesView octets)
{
    const fs::path path = pathOf(file, chunk);
    std::error_code failed;
    if (fs::exists(path, failed))
        return {};
    TRY_STATUS(makeFolder(path.parent_path()));
    return writeDurably(path, octets);
}

Result<bool> DirectoryShelf::has(BytesView file, BytesView chunk)
{
    std::error_code failed;
    return fs::exists(pathOf(file, chunk), failed);
}

Result<Bytes> DirectoryShelf::read(BytesView file, BytesView chunk)
{
    return contentOf(pathOf(file, chunk));
}

Status DirectoryShelf::erase(BytesView file)
{
    std::error_code failed;
    fs::remove_all(pathOf(file), failed);
    if (failed)
        return tl::unexpected<Error>(systemFailed(pathOf(file), failed.value()));
    return {};
}

Result<std::vector<Bytes>> DirectoryShelf::files(BytesView after, std::size_t countMax)
{
    const std::string last = toHex(after);
    std::vector<Bytes> found;
    for (const std::string &head : namesIn(m_folder, 2)) {
        if (head < last.substr(0, 2))
            continue;
        for (const std::string &rest : namesIn(m_folder / head, digestDigits - 2)) {
            if (found.size() == countMax)
                return found;
            if (head + rest > last && !namesIn(m_folder / head / rest, digestDigits).empty())
                found.push_back(*fromHex(head + rest));
        }
    }
    return found;
}

Result<std::vector<Bytes>> DirectoryShelf::chunks(BytesView file)
{
    std::vector<Bytes> found;
    for (const std::string &name : namesIn(pathOf(file), digestDigits))
        found.push_back(*fromHex(name));
    return found;
}

Result<std::uint64_t> DirectoryShelf::octets()
{
    std::uint64_t sum = 0;
    TRY_STATUS(forEachChunk(m_folder, [&](const fs::path &chunk) -> Status {
        std::error_code gone;
        const auto size = fs::file_size(m_folder / chunk, gone);
        sum += gone ? 0 : size;
        return {};
    }));
    return sum;
}

Status addAll(const fs::path &from, const fs::path &to)
{
    return forEachChunk(from, [&](const fs::path &chunk) -> Status {
        const fs::path target = to / chunk;
        std::error_code failed;
        if (fs::exists(target, failed))
            return {};
        TRY_STATUS(makeFolder(target.parent_path()));
        if (::link((from / chunk).c_str(), target.c_str()) == 0)
            return syncPath(target.parent_path());
        const auto octets = contentOf(from / chunk);
        // Whoever serves meanwhile may have let it go, and then no row names it.
        if (!octets && octets.error().code == ErrorCode::NotFound)
            return {};
        return writeDurably(target, TRY(octets));
    });
}

void removeOthers(const fs::path &from, const fs::path &to)
{
    static_cast<void>(forEachChunk(to, [&](const fs::path &chunk) -> Status {
        std::error_code ignored;
        if (!fs::exists(from / chunk, ignored))
            fs::remove(to / chunk, ignored);
        return {};
    }));
}

}  // namespace tend::server
