#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "app/session/file_life_mark.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/crypto/device_key.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

// Where the database key comes from: the file named here, else the one TEND_KEY_FILE names.
struct KeyChoice {
    std::filesystem::path keyFile;
    std::filesystem::path newKeyFile;  // make a key here first, readable by the user alone
    bool isPlaintext = false;  // an unencrypted replica, on purpose
};

// One open replica with all it stands on. Not movable: the parts refer to each other.
struct OpenReplica {
    explicit OpenReplica(const std::filesystem::path &file)
        : mark(file)
    {
    }

    replica::SystemClock clock;
    replica::SystemRandom random;
    FileLifeMark mark;
    std::unique_ptr<replica::SqliteStore> store;
    std::optional<replica::crypto::DeviceKey> key;  // the device's own, made with the replica
    std::unique_ptr<replica::Replica> replica;
};

enum class WhenMissing { Fail, Make };

// Errors: NotFound, Conflict (making one where one is), Unauthorized (no key, or another one),
// TooNew, Corrupt, Full, Io. Each says what to do.
[[nodiscard]] replica::Result<std::unique_ptr<OpenReplica>> openReplicaFile(
    const std::filesystem::path &file, const KeyChoice &key, WhenMissing whenMissing);

}  // namespace tend
