#include "tests/support/server_process.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace replica::test {

namespace {

constexpr std::chrono::seconds patience{20};

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return std::move(content).str();
}

// The child's id. Its output goes to the files.
int spawn(const std::vector<std::string> &arguments, const std::filesystem::path &out,
    const std::filesystem::path &err, int errFlags)
{
    // Everything that takes memory, before the fork.
    std::vector<char *> argv;
    argv.push_back(const_cast<char *>(TEND_SERVER_PROGRAM));
    for (const std::string &argument : arguments)
        argv.push_back(const_cast<char *>(argument.c_str()));
    argv.push_back(nullptr);
    const int outFile = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int errFile = ::open(err.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | errFlags, 0600);
    const int process = ::fork();
    if (process == 0) {
        ::dup2(outFile, STDOUT_FILENO);
        ::dup2(errFile, STDERR_FILENO);
        ::execv(argv.front(), argv.data());
        ::_exit(127);
    }
    ::close(outFile);
    ::close(errFile);
    return process;
}

// The exit code, 128 + signal when one ended it; nothing while it runs.
std::optional<int> ended(int process)
{
    int state = 0;
    if (::waitpid(process, &state, WNOHANG) != process)
        return std::nullopt;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

std::optional<int> endedWithin(int process, std::chrono::milliseconds within)
{
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < deadline) {
        if (const auto code = ended(process))
            return code;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::makeEmpty()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "tend-server-XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        return fail(ErrorCode::Io, "no temporary directory");
    return std::unique_ptr<ServerProcess>(new ServerProcess(pattern));
}

Result<std::unique_ptr<ServerProcess>> ServerProcess::make(
    const std::string &workspace, const std::vector<std::string> &initOptions)
{
    auto made = TRY(makeEmpty());
    std::vector<std::string> verb{"init", "--workspace", workspace};
    verb.insert(verb.end(), initOptions.begin(), initOptions.end());
    const Output output = TRY(made->run(std::move(verb)));
    if (output.exitCode != 0)
        return fail(ErrorCode::Io, output.err);
    return made;
}

ServerProcess::~ServerProcess()
{
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

Status ServerProcess::start(const std::vector<std::string> &options)
{
    const std::filesystem::path out = m_folder / "serve.out";
    std::vector<std::string> arguments{
        "serve", "--data", data().string(), "--listen", "127.0.0.1:" + std::to_string(m_port)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    m_process = spawn(arguments, out, m_folder / "serve.err", O_APPEND);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    constexpr std::string_view line = "tend-server listening on https://127.0.0.1:";
    while (std::chrono::steady_clock::now() < deadline) {
        const std::string said = contentOf(out);
        if (said.starts_with(line) && said.ends_with('\n')) {
            m_port = static_cast<std::uint16_t>(std::stoi(said.substr(line.size())));
            return {};
        }
        if (ended(m_process)) {
            m_process = -1;
            return fail(ErrorCode::Io, "the server ended: " + log());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    kill();
    return fail(ErrorCode::Io, "the server did not begin to listen: " + log());
}

Result<int> ServerProcess::terminate()
{
    if (m_process <= 0)
        return fail(ErrorCode::NotFound, "no server runs");
    ::kill(m_process, SIGTERM);
    const auto code = endedWithin(m_process, patience);
    if (!code)
        return fail(ErrorCode::Io, "the server did not end");
    m_process = -1;
    return *code;
}

void ServerProcess::kill()
{
    if (m_process <= 0)
        return;
    ::kill(m_process, SIGKILL);
    ::waitpid(m_process, nullptr, 0);
    m_process = -1;
}

Result<ServerProcess::Output> ServerProcess::run(std::vector<std::string> verb) const
{
    verb.insert(verb.end(), {"--data", data().string()});
    const int process = spawn(verb, m_folder / "verb.out", m_folder / "verb.err", O_TRUNC);
    const auto code = endedWithin(process, std::chrono::minutes(1));
    if (!code) {
        ::kill(process, SIGKILL);
        ::waitpid(process, nullptr, 0);
        return fail(ErrorCode::Io, "tend-server " + verb.front() + " did not end");
    }
    return Output{*code, contentOf(m_folder / "verb.out"), contentOf(m_folder / "verb.err")};
}

Result<std::string> ServerProcess::invite(const std::string &name, const std::string &role,
    const std::vector<std::string> &territories) const
{
    std::vector<std::string> verb{"invite", "--json", "--name", name, "--role", role};
    for (const std::string &territory : territories)
        verb.insert(verb.end(), {"--territory", territory});
    const Output output = TRY(run(std::move(verb)));
    if (output.exitCode != 0)
        return fail(ErrorCode::Io, output.err);
    const auto json = nlohmann::json::parse(output.out, nullptr, false);
    if (!json.is_object() || !json.contains("invitation"))
        return fail(ErrorCode::Io, "unexpected output: " + output.out);
    return json["invitation"].get<std::string>();
}

std::string ServerProcess::log() const
{
    return contentOf(m_folder / "serve.err");
}

}  // namespace replica::test
