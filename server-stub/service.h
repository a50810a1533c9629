#pragma once

#include <deque>
#include <map>
#include <string>

#include "server-stub/files/file_desk.h"
#include "server-stub/http/handler.h"
#include "server-stub/http/log.h"
#include "server-stub/workspace.h"
#include "sync/base/clock.h"

namespace tend::server {

// So many in a minute for each address. One thread.
class RateLimit {
public:
    RateLimit(replica::Clock &clock, std::size_t perMinute)
        : m_clock(clock)
        , m_perMinute(perMinute)
    {
    }

    // Counts one; how long to wait when it is one too many, nothing when it may go on.
    [[nodiscard]] std::optional<std::chrono::seconds> exceeded(const std::string &address);

private:
    replica::Clock &m_clock;
    std::size_t m_perMinute;
    std::map<std::string, std::deque<replica::MonotonicTime>> m_times;
};

// Whether pushes that wait at the same time become durable together or one by one.
enum class Commits { Together, Each };

// What the routes mean: looks the caller's key up in the workspace at each request, so that a
// revoked device is refused at its next one, and passes the message on. The thread of the
// workspace; workspace and clock outlive it.
class Service final : public http::Handler {
public:
    static constexpr std::size_t enrolsPerMinute = 10;
    static constexpr std::chrono::milliseconds holdMax{60'000};

    Service(
        Workspace &workspace, replica::Clock &clock, Log log, Commits commits = Commits::Together)
        : m_workspace(workspace)
        , m_log(std::move(log))
        , m_strangers(clock, enrolsPerMinute)
        , m_commits(commits)
    {
    }

    // Without it the server keeps no files, and says so. It outlives the service.
    void setFiles(FileDesk &files) { m_files = &files; }

    // What is older than this is kept no longer in the log; see Workspace::compact().
    void keepLogFor(std::chrono::milliseconds keepFor) { m_keepLogFor = keepFor; }

    [[nodiscard]] std::chrono::milliseconds inSpareTime() override;
    [[nodiscard]] std::optional<http::Problem> objection(
        const http::Caller &caller, replica::Route route) override;
    [[nodiscard]] http::Reply answer(
        const http::Caller &caller, replica::Route route, const replica::Bytes &body) override;
    void answerAll(const std::vector<http::Request> &requests,
        const std::function<void(std::size_t, http::Reply)> &reply) override;

private:
    void pushTogether(const std::vector<http::Request> &requests,
        const std::vector<std::size_t> &places,
        const std::function<void(std::size_t, http::Reply)> &reply);
    [[nodiscard]] replica::Result<replica::PullAnswer> pull(
        const Device &device, const Bytes &body, std::optional<http::Hold> &hold);
    [[nodiscard]] http::Reply file(const Device &device, replica::Route route, const Bytes &body);
    [[nodiscard]] replica::Result<Bytes> fileAnswer(
        const Device &device, replica::Route route, const Bytes &body);
    [[nodiscard]] replica::Result<Bytes> enrol(const http::Caller &caller, const Bytes &body);

    Workspace &m_workspace;
    Log m_log;
    RateLimit m_strangers;
    Commits m_commits;
    std::chrono::milliseconds m_keepLogFor = std::chrono::hours(400 * 24);
    FileDesk *m_files = nullptr;
    std::map<Bytes, Device> m_known;  // by key: those of the requests under way
};

// What a failed request becomes on the wire. Only errors that are the caller's own are told in
// words.
[[nodiscard]] http::Problem problemOf(const replica::Error &error);

}  // namespace tend::server
