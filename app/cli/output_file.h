#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "sync/base/result.h"

namespace tend::cli {

// What a verb writes to a file, or to stdout where it is named "-". A file has another name until
// all of it is on the disk: whoever reads it never sees half of one, and what was there before
// stays if anything fails.
class OutputFile {
public:
    // Errors: Io.
    [[nodiscard]] static replica::Result<OutputFile> open(const std::filesystem::path &path);

    OutputFile(OutputFile &&other) noexcept
        : m_path(std::move(other.m_path))
        , m_temporary(std::move(other.m_temporary))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
        , m_waiting(std::move(other.m_waiting))
    {
    }

    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;
    OutputFile &operator=(OutputFile &&) = delete;
    ~OutputFile();

    // Errors: Full, Io.
    [[nodiscard]] replica::Status write(std::string_view octets);
    // Gives it its name. Errors: Full, Io.
    [[nodiscard]] replica::Status finish();

private:
    OutputFile(std::filesystem::path path, std::filesystem::path temporary, int descriptor)
        : m_path(std::move(path))
        , m_temporary(std::move(temporary))
        , m_descriptor(descriptor)
    {
    }

    [[nodiscard]] replica::Status flush();

    std::filesystem::path m_path;
    std::filesystem::path m_temporary;  // empty: written as it comes
    int m_descriptor;
    std::string m_waiting;
};

}  // namespace tend::cli
