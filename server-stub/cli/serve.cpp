#include <csignal>
#include <fcntl.h>
#include <iostream>
#include <mutex>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "server-stub/cli/identity.h"
#include "server-stub/cli/output.h"
#include "server-stub/cli/verbs.h"
#include "server-stub/service.h"

namespace tend::server::cli {

using namespace replica;

namespace {

// One JSON object a line on stderr, for whatever collects a service's output. Any thread.
void logLine(const LogEvent &event)
{
    static std::mutex mutex;
    SystemClock clock;
    nlohmann::ordered_json line{{"at", timeText(clock.wallNow())}, {"event", event.event}};
    for (const auto &[name, value] : event.fields)
        line[name] = value;
    const std::string text
        = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex);
    static_cast<void>(std::fputs(text.c_str(), stderr));
}

// Held while serving: two servers of one workspace would answer from different memories.
class ServeLock {
public:
    [[nodiscard]] static Result<ServeLock> take(const DataDirectory &directory)
    {
        const std::filesystem::path path = directory.path / "serve.lock";
        ServeLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (lock.m_file < 0 || ::flock(lock.m_file, LOCK_EX | LOCK_NB) != 0)
            return fail(ErrorCode::Busy,
                directory.path.string() + " is being served already; stop that server first");
        return lock;
    }

    ServeLock(ServeLock &&other) noexcept
        : m_file(std::exchange(other.m_file, -1))
    {
    }

    ServeLock(const ServeLock &) = delete;
    ServeLock &operator=(const ServeLock &) = delete;
    ServeLock &operator=(ServeLock &&) = delete;

    ~ServeLock()
    {
        if (m_file >= 0)
            ::close(m_file);
    }

private:
    explicit ServeLock(int file)
        : m_file(file)
    {
    }

    int m_file;
};

// A connection is a descriptor; the usual 1,024 are few.
void raiseDescriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
        return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65'536);
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

}  // namespace

Status serve(const DataDirectory &directory, const ServeOptions &options)
{
    const sigset_t signals = stopSignals();
    // Before any thread, so that none takes the signal instead.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    raiseDescriptorLimit();
    ServerAddress address = TRY(parseAddress(options.listen, PortZero::Taken));
    const auto open = TRY(OpenWorkspace::open(directory));
    const ServeLock lock = TRY(ServeLock::take(directory));
    http::Identity identity = TRY(readIdentity(directory));
    Service service(*open->workspace, open->clock, &logLine,
        options.isEachCommitted ? Commits::Each : Commits::Together);
    OpenShelf shelf(directory, TRY(directory.openOptions()));
    FileDesk files(*open->store, open->schema, shelf.shelf(), open->clock, options.files);
    service.setFiles(files);
    service.keepLogFor(options.keepLogFor);
    http::Limits limits;
    limits.connectionsMax = options.connectionsMax;
    const auto server = TRY(http::HttpServer::listen(address, identity, service, &logLine, limits));
    wipe(identity.privateKeyPem);
    address.port = server->port();
    TRY_STATUS(open->keepFact(listeningFact, toText(address)));
    server->serve();
    printLine("tend-server listening on https://" + toText(address));
    static_cast<void>(std::fflush(stdout));
    logLine({"listening", {{"address", toText(address)}}});
    int signal = 0;
    sigwait(&signals, &signal);
    logLine({"stopping", {}});
    server->drain();
    logLine({"stopped", {}});
    return {};
}

}  // namespace tend::server::cli
