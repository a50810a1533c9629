#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "server-stub/files/directory_shelf.h"
#include "server-stub/files/sealed_shelf.h"
#include "server-stub/sqlite/sqlite_shared_store.h"
#include "server-stub/workspace.h"
#include "sync/protocol/invitation.h"

namespace tend::server::cli {

// Where a workspace lies and how its file is opened.
struct DataDirectory {
    std::filesystem::path path;
    std::filesystem::path keyFile;  // empty: the file is plain

    [[nodiscard]] std::filesystem::path database() const { return path / "workspace.db"; }

    // The bytes of attachments, beside the workspace.
    [[nodiscard]] std::filesystem::path files() const { return path / "files"; }

    [[nodiscard]] std::filesystem::path serverKey() const { return path / "server.key"; }

    [[nodiscard]] std::filesystem::path serverCertificate() const { return path / "server.crt"; }

    // A key the operator made ahead of a change of keys; invitations pin it where it exists.
    [[nodiscard]] std::filesystem::path nextServerKey() const { return path / "server-next.key"; }

    // Errors: NotFound, Invalid with a sentence naming the key file.
    [[nodiscard]] Result<replica::sqlite::OpenOptions> openOptions() const;
};

// Facts of the store that the command line keeps.
inline constexpr const char *addressFact = "address";  // as the operator wants it in invitations
inline constexpr const char *listeningFact = "listening";  // where `serve` last listened
inline constexpr const char *serverKeyFact = "server_key";  // in backups only

// The file, what reads it, and the ports: what every verb works on. Move-only by pointer. One
// thread.
struct OpenWorkspace {
    replica::Schema schema;
    replica::SystemClock clock;
    replica::SystemRandom random;
    std::unique_ptr<SqliteSharedStore> store;
    std::unique_ptr<Workspace> workspace;

    // The declared tables and the file, without looking for a workspace in it.
    [[nodiscard]] static Result<std::unique_ptr<OpenWorkspace>> openStore(
        const std::filesystem::path &database, const replica::sqlite::OpenOptions &options);
    // Errors: NotFound with a sentence when there is no workspace.
    [[nodiscard]] static Result<std::unique_ptr<OpenWorkspace>> open(
        const DataDirectory &directory);

    // In a transaction of its own.
    [[nodiscard]] Status keepFact(const std::string &name, const Bytes &value);

    [[nodiscard]] const replica::Table &table(const char *name) const
    {
        return *schema.table(name);
    }
};

// The shelf of a workspace's files; sealed where the workspace is encrypted.
struct OpenShelf {
    DirectoryShelf directory;
    std::optional<SealedShelf> sealed;

    explicit OpenShelf(const DataDirectory &data, const replica::sqlite::OpenOptions &options)
        : directory(data.files())
    {
        if (!options.key.empty())
            sealed.emplace(directory, options.key);
    }

    OpenShelf(const OpenShelf &) = delete;
    OpenShelf &operator=(const OpenShelf &) = delete;
    ~OpenShelf() = default;

    [[nodiscard]] FileShelf &shelf()
    {
        if (sealed)
            return *sealed;
        return directory;
    }
};

[[nodiscard]] Result<Bytes> readFile(const std::filesystem::path &path);
// Readable by its owner only; there whole or not at all.
[[nodiscard]] Status writePrivateFile(const std::filesystem::path &path, BytesView octets);

}  // namespace tend::server::cli
