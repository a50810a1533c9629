#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/session/file_life_mark.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/crypto/device_key.h"
#include "sync/files/file_store.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

// Port: keeps secrets by name outside any file of ours. Both may block for as long as a person
// needs to unlock it. Errors: Offline when no keychain answers here, Unauthorized when it was not
// unlocked, Io.
struct Keychain {
    // Nothing when there is no secret of this name.
    std::function<replica::Result<std::optional<std::string>>(const std::string &name)> read;
    std::function<replica::Status(const std::string &name, const std::string &secret)> write;
};

// Where the database key comes from: the file named here, else the one TEND_KEY_FILE names, else
// the own key file where there is one, else the keychain. A key that exists is never replaced.
struct KeyChoice {
    std::filesystem::path keyFile;
    std::filesystem::path newKeyFile;  // make a key here first, readable by the user alone
    // The app's own place for a key: asked before the keychain, and filled for a new replica where
    // no keychain answers. Empty: there is none.
    std::filesystem::path ownKeyFile;
    std::optional<Keychain> keychain;
    bool isPlaintext = false;  // an unencrypted replica, on purpose
};

// Under which name the keychain holds the key of the replica in `file`: its whole path, so that a
// person who looks into the keychain sees what the entry opens.
[[nodiscard]] std::string keychainName(const std::filesystem::path &file);

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
    std::unique_ptr<replica::FileStore> files;  // beside the replica, in <file>.files
    std::unique_ptr<replica::Replica> replica;
};

enum class WhenMissing { Fail, Make };

// Errors: NotFound, Conflict (making one where one is), Unauthorized (no key, or another one),
// TooNew, Corrupt, Full, Io. Each says what to do.
[[nodiscard]] replica::Result<std::unique_ptr<OpenReplica>> openReplicaFile(
    const std::filesystem::path &file, const KeyChoice &choice, WhenMissing whenMissing);

}  // namespace tend
