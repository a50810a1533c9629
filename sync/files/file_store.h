#pragma once

#include <filesystem>
#include <functional>
#include <set>

#include "sync/domain/ids.h"
#include "sync/domain/manifest.h"
#include "sync/files/file_key.h"

namespace replica {

// The bytes of the files that rows name, sealed, in a folder beside the replica. One folder for
// each file and in it one file for each chunk, so what is here and what is missing is seen by
// looking; nothing says "ready".
//
//   <replica>.files/<name>/<index>    a chunk: AES-256-GCM, the index in five digits
//   <replica>.files/<name>/receipt    the server had all of it: in which epoch it said so, and when
//   <replica>.files/lock              shared by who adds, alone for who tidies
//
// The name is derived from the manifest and the file key, so that it tells nobody which picture it
// is; so is the key of each file. The nonce of a chunk is its index and whether it is the last, and
// the file's identity is bound to it: chunks that change places do not open. A chunk is sealed only
// after its digest was found right, so one key and nonce never seal two texts.
//
// A chunk is written under another name, made durable and renamed: it is there whole or not at all.
// One thread; several processes.
class FileStore {
public:
    FileStore(std::filesystem::path folder, FileKey key)
        : m_folder(std::move(folder))
        , m_key(key)
    {
    }

    // While one lives, nothing is tidied away: held from the first chunk of a new file until the
    // row that names it is saved.
    class Hold {
    public:
        explicit Hold(int descriptor)
            : m_descriptor(descriptor)
        {
        }

        Hold(Hold &&other) noexcept
            : m_descriptor(std::exchange(other.m_descriptor, -1))
        {
        }

        Hold(const Hold &) = delete;
        Hold &operator=(const Hold &) = delete;
        Hold &operator=(Hold &&) = delete;
        ~Hold();

    private:
        int m_descriptor;
    };

    [[nodiscard]] Result<Hold> hold();

    // Keeps a copy of a file; all of it is durable when this returns. Reads it twice, a chunk at a
    // time. Errors: NotFound, Invalid (empty, too large, a pipe, or changed while it was read),
    // Full, Io.
    [[nodiscard]] Result<Manifest> add(const std::filesystem::path &source);

    [[nodiscard]] Result<bool> has(const Manifest &manifest, std::size_t index);
    [[nodiscard]] Result<std::vector<std::uint32_t>> missing(const Manifest &manifest);
    [[nodiscard]] Result<bool> isWhole(const Manifest &manifest);

    // Errors: NotFound when it is not here, Corrupt when it is not what it was.
    [[nodiscard]] Result<Bytes> read(const Manifest &manifest, std::size_t index);
    // Keeps a chunk that was fetched. With the last one the whole file is compared with its digest.
    // Errors: Invalid when the chunk is not the one that the manifest names, Corrupt when the whole
    // is not (then nothing of it is kept), Full, Io.
    [[nodiscard]] Status keep(const Manifest &manifest, std::size_t index, BytesView octets);
    // Takes one out that cannot be read any more.
    [[nodiscard]] Status eraseChunk(const Manifest &manifest, std::size_t index);

    // The server said that it had all of this file.
    struct Receipt {
        EpochId epoch;
        WallTime at{};
    };

    [[nodiscard]] Status noteReceipt(const Manifest &manifest, const Receipt &receipt);
    [[nodiscard]] Result<std::optional<Receipt>> receipt(const Manifest &manifest);

    // What the folder of this file is called; empty while there is no key, and so no file.
    [[nodiscard]] Result<std::string> nameOf(const Manifest &manifest);
    // Erases every file but these, and where none is left the key. Does nothing while another
    // process adds one, or where `isStillSo`, asked while none can, says no. Answers how many went.
    [[nodiscard]] Result<std::size_t> eraseAllBut(
        const std::set<std::string> &names, const std::function<Result<bool>()> &isStillSo);

    [[nodiscard]] const std::filesystem::path &folder() const { return m_folder; }

private:
    struct Place {
        std::filesystem::path folder;
        Bytes key;
        Bytes identity;
    };

    [[nodiscard]] Result<std::optional<Place>> find(const Manifest &manifest);
    [[nodiscard]] Result<Place> make(const Manifest &manifest);
    [[nodiscard]] Status write(
        const Place &place, const Manifest &manifest, std::size_t index, BytesView octets);
    [[nodiscard]] static bool lies(const Place &place, const Manifest &manifest, std::size_t index);
    [[nodiscard]] Result<bool> makesWhole(
        const Manifest &manifest, std::size_t index, BytesView octets);
    [[nodiscard]] Status checkRoom(std::uint64_t octets) const;

    std::filesystem::path m_folder;
    FileKey m_key;
};

}  // namespace replica
