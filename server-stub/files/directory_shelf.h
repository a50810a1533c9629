#pragma once

#include <filesystem>

#include "server-stub/files/file_shelf.h"

namespace tend::server {

// A shelf in a directory: <first two digits of the file>/<the rest>/<chunk>, all hexadecimal. A
// chunk is written under another name, made durable and renamed; after that it is never written to,
// so a backup may link to it. The directory is made with the first chunk.
class DirectoryShelf final : public FileShelf {
public:
    explicit DirectoryShelf(std::filesystem::path folder)
        : m_folder(std::move(folder))
    {
    }

    [[nodiscard]] Status put(BytesView file, BytesView chunk, BytesView octets) override;
    [[nodiscard]] Result<bool> has(BytesView file, BytesView chunk) override;
    [[nodiscard]] Result<Bytes> read(BytesView file, BytesView chunk) override;
    [[nodiscard]] Status erase(BytesView file) override;
    [[nodiscard]] Result<std::vector<Bytes>> files(BytesView after, std::size_t countMax) override;
    [[nodiscard]] Result<std::vector<Bytes>> chunks(BytesView file) override;
    [[nodiscard]] Result<std::uint64_t> octets() override;

    [[nodiscard]] std::filesystem::path pathOf(BytesView file, BytesView chunk) const;

private:
    [[nodiscard]] std::filesystem::path pathOf(BytesView file) const;

    std::filesystem::path m_folder;
};

// Puts into one shelf's directory what another has and it has not: as links where both lie on one
// disk, else as copies. Durable when it returns. What is there already stays as it is.
[[nodiscard]] Status addAll(const std::filesystem::path &from, const std::filesystem::path &to);
// Takes out of `to` what `from` has not.
void removeOthers(const std::filesystem::path &from, const std::filesystem::path &to);

}  // namespace tend::server
