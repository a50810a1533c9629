#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sync/base/result.h"
#include "sync/protocol/invitation.h"

namespace replica::test {

// A real tend-server with a workspace of its own in a temporary directory, on a loopback port of
// its own: the first start() takes a free one, later ones the same. What runs is killed, and the
// directory removed, at the end. One thread. Errors say what the program said.
class ServerProcess {
public:
    // Makes the workspace; nothing runs yet.
    [[nodiscard]] static Result<std::unique_ptr<ServerProcess>> make(
        const std::string &workspace = "Test workspace",
        const std::vector<std::string> &initOptions = {});
    // For a directory that `restore` will make: nothing is there yet.
    [[nodiscard]] static Result<std::unique_ptr<ServerProcess>> makeEmpty();

    ~ServerProcess();
    ServerProcess(const ServerProcess &) = delete;
    ServerProcess &operator=(const ServerProcess &) = delete;

    // Returns once it listens. Errors: Io when it ended instead, or did not say so within 20 s.
    [[nodiscard]] Status start(const std::vector<std::string> &options = {});
    // SIGTERM; its exit code. Errors: Io when it did not end within 20 s.
    [[nodiscard]] Result<int> terminate();
    // SIGKILL, as if the power went.
    void kill();

    struct Output {
        int exitCode = 0;
        std::string out;
        std::string err;
    };

    // Runs a verb to its end, with --data added.
    [[nodiscard]] Result<Output> run(std::vector<std::string> verb) const;
    // The link of a new invitation. Start the server first: only then is its port known.
    [[nodiscard]] Result<std::string> invite(const std::string &name,
        const std::string &role = "rep", const std::vector<std::string> &territories = {}) const;

    [[nodiscard]] bool isRunning() const { return m_process > 0; }

    // Where start() listens; a restored server takes the place of the one it was made from.
    void setPort(std::uint16_t port) { m_port = port; }

    [[nodiscard]] std::uint16_t port() const { return m_port; }

    [[nodiscard]] int processId() const { return m_process; }

    [[nodiscard]] std::filesystem::path data() const { return m_folder / "data"; }

    [[nodiscard]] const std::filesystem::path &folder() const { return m_folder; }

    // What it wrote to stderr so far, over all its runs.
    [[nodiscard]] std::string log() const;

private:
    explicit ServerProcess(std::filesystem::path folder)
        : m_folder(std::move(folder))
    {
    }

    std::filesystem::path m_folder;
    int m_process = -1;
    std::uint16_t m_port = 0;
};

}  // namespace replica::test
