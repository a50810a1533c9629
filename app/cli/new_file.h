#pragma once

#include <filesystem>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

namespace tend::cli {

// A file that is there whole and on the disk once finish() answered well, or not at all; never in
// place of another one. Readable by the user alone.
class NewFile {
public:
    // Errors: Conflict when there is one of that name, Io.
    [[nodiscard]] static replica::Result<NewFile> make(const std::filesystem::path &path);

    NewFile(NewFile &&other) noexcept
        : m_path(std::move(other.m_path))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
    {
    }

    NewFile(const NewFile &) = delete;
    NewFile &operator=(const NewFile &) = delete;
    NewFile &operator=(NewFile &&) = delete;
    ~NewFile();  // takes an unfinished one away

    // Errors: Full, Io.
    [[nodiscard]] replica::Status write(replica::BytesView octets);
    [[nodiscard]] replica::Status finish();

private:
    NewFile(std::filesystem::path path, int descriptor)
        : m_path(std::move(path))
        , m_descriptor(descriptor)
    {
    }

    std::filesystem::path m_path;
    int m_descriptor;
};

// Errors: Full, Io; `name` is what they are said of.
[[nodiscard]] replica::Status writeAll(
    int descriptor, replica::BytesView octets, const std::string &name);

}  // namespace tend::cli
