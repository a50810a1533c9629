#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace replica::test {

// The disk below SQLite, which fails when told to. Lies under the encryption, so that what fails
// are the calls that reach a real file. One for the process; one thread.
class FaultyDisk {
public:
    enum class Fault {
        None,
        Error,  // one call fails
        ShortWrite,  // one write ends half way, and fails
        Full,  // from that call on nothing more fits
        PowerLoss,  // from that call on nothing works; what was not synced is gone afterwards
    };

    // Every database opened from the first call on lies on it.
    static FaultyDisk &instance();

    // The call of that number, from 1, is struck: opening, writing, syncing, cutting and removing
    // files count.
    void arm(Fault fault, std::uint64_t at);
    // Works again. After a loss of power only what was synced is there. Close what is open first.
    void heal();

    [[nodiscard]] std::uint64_t calls() const { return m_calls; }

    [[nodiscard]] bool hasStruck() const { return m_hasStruck; }

    FaultyDisk(const FaultyDisk &) = delete;
    FaultyDisk &operator=(const FaultyDisk &) = delete;
    ~FaultyDisk() = default;

    // ---- for its files
    enum class Call { Open, Write, Sync, Truncate, Delete };
    // What becomes of this call: an SQLite code, 0 when it goes through; `isHalf` when half of what
    // it writes does.
    [[nodiscard]] int strike(Call call, bool &isHalf);
    void touched(const std::string &path);
    void synced(const std::string &path);
    void removed(const std::string &path);

private:
    FaultyDisk();

    Fault m_fault = Fault::None;
    std::uint64_t m_at = 0;
    std::uint64_t m_calls = 0;
    bool m_hasStruck = false;
    std::set<std::string> m_touched;
    std::map<std::string, std::string> m_durable;  // files as they were last synced
};

}  // namespace replica::test
