#pragma once

#include <filesystem>

#include "sync/base/handle.h"
#include "sync/store/life_mark.h"

namespace tend {

// The mark of one replica in a file of the user's state directory ($XDG_STATE_HOME/tend, else
// ~/.local/state/tend): where no backup of the replica itself takes it along. One thread.
class FileLifeMark final : public replica::LifeMarkKeeper {
public:
    explicit FileLifeMark(const std::filesystem::path &replica);
    ~FileLifeMark() override;
    FileLifeMark(const FileLifeMark &) = delete;
    FileLifeMark &operator=(const FileLifeMark &) = delete;

    [[nodiscard]] std::optional<replica::LifeMark> read() override;
    [[nodiscard]] replica::Status write(const replica::LifeMark &mark) override;

private:
    [[nodiscard]] bool open();

    std::filesystem::path m_path;
    int m_descriptor = -1;
};

}  // namespace tend
