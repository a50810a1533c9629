#include "sync/files/file_store.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sync/crypto/digest.h"
#include "sync/crypto/sealed.h"

namespace replica {

namespace {

// What a disk must have left after a file was kept: words come before pictures.
constexpr std::uint64_t reserveOctets = 32U << 20U;
constexpr const char *receiptName = "receipt";

class Descriptor {
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }

    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }

    [[nodiscard]] int get() const { return m_number; }

private:
    int m_number;
};

tl::unexpected<Error> systemFailed(const std::filesystem::path &path)
{
    const int code = errno;
    if (code == ENOSPC || code == EDQUOT)
        return fail(ErrorCode::Full, "no room for " + path.string() + "; free some space");
    return fail(ErrorCode::Io, path.string() + ": " + std::strerror(code));
}

Status syncFolder(const std::filesystem::path &folder)
{
    const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (open.get() < 0 || ::fsync(open.get()) != 0)
        return systemFailed(folder);
    return {};
}

Status writeAll(int descriptor, BytesView octets)
{
    while (!octets.empty()) {
        const ssize_t count = ::write(descriptor, octets.data(), octets.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(ErrorCode::Io, "");
        octets.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

// There whole and on the disk, or not at all.
Status writeDurably(const std::filesystem::path &path, BytesView octets)
{
    const std::filesystem::path unfinished = path.string() + ".part";
    {
        const Descriptor file(
            ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        const bool isWritten
            = file.get() >= 0 && writeAll(file.get(), octets) && ::fsync(file.get()) == 0;
        if (!isWritten) {
            const auto failed = systemFailed(path);
            ::unlink(unfinished.c_str());
            return failed;
        }
    }
    if (::rename(unfinished.c_str(), path.c_str()) != 0)
        return systemFailed(path);
    return syncFolder(path.parent_path());
}

// As many octets as there are, up to `count`.
Result<Bytes> readUpTo(int descriptor, std::size_t count, const std::filesystem::path &path)
{
    Bytes octets(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const ssize_t got = ::read(descriptor, octets.data() + have, count - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemFailed(path);
        if (got == 0)
            break;
        have += static_cast<std::size_t>(got);
    }
    octets.resize(have);
    return octets;
}

Bytes identityOf(const Manifest &manifest)
{
    return crypto::sha256(
        {manifest.digest(), std::to_string(manifest.size()) + ':', manifest.chunks()});
}

Bytes nonceOf(const Manifest &manifest, std::size_t index)
{
    Bytes nonce(crypto::sealNonceOctets, '\0');
    for (std::size_t i = 0; i < 4; ++i)
        nonce[7 + i] = static_cast<char>(index >> (8 * (3 - i)));
    nonce[11] = index + 1 == manifest.chunkCount() ? '\1' : '\0';
    return nonce;
}

std::string chunkName(std::size_t index)
{
    std::string number = std::to_string(index);
    return std::string(5 - std::min<std::size_t>(5, number.size()), '0') + number;
}

std::string sizeText(std::uint64_t octets)
{
    return std::to_string((octets + (1U << 20U) - 1) >> 20U) + " MiB";
}

// First reading: what the file is.
Result<Manifest> describe(int descriptor, const std::filesystem::path &source)
{
    struct stat found { };

    if (::fstat(descriptor, &found) != 0)
        return systemFailed(source);
    if (!S_ISREG(found.st_mode))
        return fail(ErrorCode::Invalid,
            source.string() + " is no file that can be read twice; name a file");
    const auto size = static_cast<std::uint64_t>(found.st_size);
    if (size == 0)
        return fail(ErrorCode::Invalid, source.string() + " is empty; nothing was attached");
    if (size > fileOctetsMax)
        return fail(ErrorCode::Invalid,
            source.string() + " has " + sizeText(size) + ", and an attachment may have "
                + sizeText(fileOctetsMax) + " at most; nothing was attached");
    crypto::RunningDigest whole;
    Bytes chunks;
    std::uint64_t seen = 0;
    for (;;) {
        const Bytes octets = TRY(readUpTo(descriptor, chunkOctets, source));
        if (octets.empty())
            break;
        whole.add(octets);
        chunks += crypto::sha256(octets);
        seen += octets.size();
        if (seen > fileOctetsMax)
            break;
    }
    auto manifest = Manifest::make(whole.finish(), seen, std::move(chunks));
    if (!manifest || seen != size)
        return fail(ErrorCode::Invalid,
            source.string() + " changed while it was read; nothing was attached");
    return *std::move(manifest);
}

}  // namespace

FileStore::Hold::~Hold()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<FileStore::Hold> FileStore::hold()
{
    std::error_code failed;
    const bool isNew = std::filesystem::create_directories(m_folder, failed);
    if (failed)
        return fail(ErrorCode::Io, m_folder.string() + ": " + failed.message());
    if (isNew)
        std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all, failed);
    const std::filesystem::path path = m_folder / "lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    Hold held(descriptor);
    // Who tidies has it for milliseconds.
    if (descriptor < 0 || ::flock(descriptor, LOCK_SH) != 0)
        return systemFailed(path);
    return held;
}

Result<std::string> FileStore::nameOf(const Manifest &manifest)
{
    const auto key = TRY(m_key.read());
    if (!key)
        return std::string();
    return toHex(crypto::derivedKey(*key, identityOf(manifest), "tend file name")).substr(0, 40);
}

Result<std::optional<FileStore::Place>> FileStore::find(const Manifest &manifest)
{
    const auto key = TRY(m_key.read());
    if (!key)
        return std::optional<Place>();
    Bytes identity = identityOf(manifest);
    const std::string name
        = toHex(crypto::derivedKey(*key, identity, "tend file name")).substr(0, 40);
    return std::optional<Place>(
        Place{m_folder / name, crypto::derivedKey(*key, identity, "tend file"), identity});
}

Result<FileStore::Place> FileStore::make(const Manifest &manifest)
{
    static_cast<void>(TRY(m_key.readOrMake()));
    Place place = *TRY(find(manifest));
    std::error_code failed;
    const bool isNew = std::filesystem::create_directory(place.folder, failed);
    if (failed)
        return fail(failed == std::errc::no_space_on_device ? ErrorCode::Full : ErrorCode::Io,
            place.folder.string() + ": " + failed.message());
    if (isNew)
        TRY_STATUS(syncFolder(m_folder));
    return place;
}

Status FileStore::checkRoom(std::uint64_t octets) const
{
    struct statvfs disk { };

    if (::statvfs(m_folder.c_str(), &disk) != 0)
        return systemFailed(m_folder);
    const std::uint64_t left = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (left < octets + reserveOctets)
        return fail(ErrorCode::Full,
            "the disk has " + std::to_string(left >> 20U)
                + " MiB left; what you write still has "
                  "room, but this file has not. Free some space and try again");
    return {};
}

Status FileStore::write(
    const Place &place, const Manifest &manifest, std::size_t index, BytesView octets)
{
    const Bytes bound = place.identity + chunkName(index);
    return writeDurably(place.folder / chunkName(index),
        crypto::seal(place.key, nonceOf(manifest, index), bound, octets));
}

Result<Manifest> FileStore::add(const std::filesystem::path &source)
{
    const Descriptor file(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0)
        return fail(ErrorCode::NotFound, source.string() + ": " + std::strerror(errno));
    const Manifest manifest = TRY(describe(file.get(), source));
    const Hold held = TRY(hold());
    TRY_STATUS(checkRoom(manifest.size()));
    const Place place = TRY(make(manifest));
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        return systemFailed(source);
    for (std::size_t index = 0; index < manifest.chunkCount(); ++index) {
        const Bytes octets = TRY(readUpTo(file.get(), manifest.chunkSize(index), source));
        if (crypto::sha256(octets) != manifest.chunkDigest(index))
            return fail(ErrorCode::Invalid,
                source.string() + " changed while it was read; nothing was attached");
        // One that is here is looked at all the same: what lies there may be damaged.
        if (!read(manifest, index))
            TRY_STATUS(write(place, manifest, index, octets));
    }
    return manifest;
}

bool FileStore::lies(const Place &place, const Manifest &manifest, std::size_t index)
{
    std::error_code none;
    const auto size = std::filesystem::file_size(place.folder / chunkName(index), none);
    return !none && size == manifest.chunkSize(index) + crypto::sealOctets;
}

Result<bool> FileStore::has(const Manifest &manifest, std::size_t index)
{
    const auto place = TRY(find(manifest));
    return place && lies(*place, manifest, index);
}

Result<std::vector<std::uint32_t>> FileStore::missing(const Manifest &manifest)
{
    const auto place = TRY(find(manifest));
    std::vector<std::uint32_t> indices;
    for (std::size_t index = 0; index < manifest.chunkCount(); ++index) {
        if (!place || !lies(*place, manifest, index))
            indices.push_back(static_cast<std::uint32_t>(index));
    }
    return indices;
}

Result<bool> FileStore::isWhole(const Manifest &manifest)
{
    const auto place = TRY(find(manifest));
    for (std::size_t index = 0; index < manifest.chunkCount(); ++index) {
        if (!place || !lies(*place, manifest, index))
            return false;
    }
    return true;
}

Result<Bytes> FileStore::read(const Manifest &manifest, std::size_t index)
{
    const auto place = TRY(find(manifest));
    const std::filesystem::path path
        = place ? place->folder / chunkName(index) : std::filesystem::path();
    const Descriptor file(place ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : -1);
    if (file.get() < 0)
        return fail(ErrorCode::NotFound, "this part of the file is not here");
    const std::size_t size = manifest.chunkSize(index) + crypto::sealOctets;
    const Bytes sealed = TRY(readUpTo(file.get(), size + 1, path));
    const Bytes bound = place->identity + chunkName(index);
    Bytes octets = TRY(crypto::unseal(place->key, nonceOf(manifest, index), bound, sealed));
    if (octets.size() != manifest.chunkSize(index)
        || crypto::sha256(octets) != manifest.chunkDigest(index))
        return fail(ErrorCode::Corrupt, "a part of the file is not what its row names");
    return octets;
}

// True also when a chunk here is damaged: it is taken out, so the file is not whole yet.
Result<bool> FileStore::makesWhole(const Manifest &manifest, std::size_t index, BytesView octets)
{
    crypto::RunningDigest whole;
    for (std::size_t i = 0; i < manifest.chunkCount(); ++i) {
        if (i == index) {
            whole.add(octets);
            continue;
        }
        const auto there = read(manifest, i);
        if (!there) {
            TRY_STATUS(eraseChunk(manifest, i));
            return true;
        }
        whole.add(*there);
    }
    return whole.finish() == manifest.digest();
}

Status FileStore::keep(const Manifest &manifest, std::size_t index, BytesView octets)
{
    if (index >= manifest.chunkCount() || crypto::sha256(octets) != manifest.chunkDigest(index))
        return fail(ErrorCode::Invalid, "this is no part of the file that the row names");
    const Hold held = TRY(hold());
    TRY_STATUS(checkRoom(octets.size()));
    const Place place = TRY(make(manifest));
    const auto left = TRY(missing(manifest));
    // Before it is kept: what is here with all its chunks is right.
    const bool isLast = left.size() == 1 && left.front() == index;
    if (isLast && !TRY(makesWhole(manifest, index, octets))) {
        std::error_code ignored;
        std::filesystem::remove_all(place.folder, ignored);
        return fail(ErrorCode::Corrupt,
            "its parts do not make the file that the row names; nothing of it was kept");
    }
    return write(place, manifest, index, octets);
}

Status FileStore::eraseChunk(const Manifest &manifest, std::size_t index)
{
    const auto place = TRY(find(manifest));
    if (place && ::unlink((place->folder / chunkName(index)).c_str()) != 0 && errno != ENOENT)
        return systemFailed(place->folder);
    return {};
}

Status FileStore::noteReceipt(const Manifest &manifest, const Receipt &receipt)
{
    const auto place = TRY(find(manifest));
    if (!place)
        return fail(ErrorCode::NotFound, "the file is not here");
    return writeDurably(place->folder / receiptName,
        Bytes(receipt.epoch.bytes()) + std::to_string(inMs(receipt.at)));
}

Result<std::optional<FileStore::Receipt>> FileStore::receipt(const Manifest &manifest)
{
    constexpr std::size_t idOctets = 16;
    const auto place = TRY(find(manifest));
    const std::filesystem::path path = place ? place->folder / receiptName : "";
    const Descriptor file(place ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : -1);
    if (file.get() < 0)
        return std::optional<Receipt>();
    const Bytes octets = TRY(readUpTo(file.get(), 64, path));
    const auto epoch = uuidOf(BytesView(octets).substr(0, std::min(idOctets, octets.size())));
    std::int64_t ms = 0;
    const auto *end = octets.data() + octets.size();
    if (!epoch || std::from_chars(octets.data() + idOctets, end, ms).ec != std::errc())
        return std::optional<Receipt>();
    return std::optional<Receipt>(Receipt{*epoch, WallTime{ms}});
}

Result<std::size_t> FileStore::eraseAllBut(
    const std::set<std::string> &names, const std::function<Result<bool>()> &isStillSo)
{
    std::error_code failed;
    if (!std::filesystem::exists(m_folder, failed))
        return std::size_t{0};
    const std::filesystem::path path = m_folder / "lock";
    const Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.get() < 0)
        return systemFailed(path);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return std::size_t{0};
    std::vector<std::filesystem::path> gone;
    std::size_t left = 0;
    for (const auto &entry : std::filesystem::directory_iterator(m_folder, failed)) {
        if (entry.path().filename() == "lock")
            continue;
        names.contains(entry.path().filename().string()) ? void(++left)
                                                         : gone.push_back(entry.path());
    }
    if (gone.empty() || !TRY(isStillSo()))
        return std::size_t{0};
    // The key first: whatever becomes of the rest, it cannot be read any more.
    if (left == 0)
        TRY_STATUS(m_key.drop());
    for (const auto &folder : gone)
        std::filesystem::remove_all(folder, failed);
    TRY_STATUS(syncFolder(m_folder));
    return gone.size();
}

}  // namespace replica
