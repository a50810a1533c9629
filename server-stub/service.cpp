#include "server-stub/service.h"

#include <algorithm>

#include "sync/protocol/messages.h"

namespace tend::server {

using namespace replica;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// Bodies that one transaction takes in; what waits besides is in the next one.
constexpr std::size_t togetherOctetsAim = 2U << 20U;

Status checkVersion(std::uint32_t version)
{
    if (version == protocolVersion)
        return {};
    return fail(ErrorCode::TooNew,
        "This server speaks version " + std::to_string(protocolVersion)
            + ", the request is of version " + std::to_string(version)
            + ". Update the older of the two.");
}

http::Problem unknownDevice()
{
    // The same for a key never seen and one that was revoked: a stranger learns nothing.
    return {401, "This device may not sync here.", {}};
}

}  // namespace

http::Problem problemOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Invalid:
        return {400, error.message, {}};
    case ErrorCode::Refused:
        return {403, error.message, {}};
    case ErrorCode::TooNew:
        return {426, error.message, {}};
    case ErrorCode::Busy:
        return {503, "The workspace is in use. Try again.", seconds(2), error.message};
    case ErrorCode::Full:
        return {507,
            "The server's disk is full: nothing was stored, and nothing is lost on the device.",
            seconds(60), error.message};
    default:
        return {500, "The server failed, and wrote down why.", seconds(5), error.message};
    }
}

std::optional<seconds> RateLimit::exceeded(const std::string &address)
{
    constexpr std::int64_t minuteMs = 60'000;
    const MonotonicTime now = m_clock.monotonicNow();
    // Forget those of the last minute's past, so that strangers cannot fill the memory.
    std::erase_if(m_times, [&](const auto &entry) {
        return entry.second.empty() || inMs(now) - inMs(entry.second.back()) >= minuteMs;
    });
    auto &times = m_times[address];
    while (!times.empty() && inMs(now) - inMs(times.front()) >= minuteMs)
        times.pop_front();
    if (times.size() >= m_perMinute)
        return seconds((minuteMs - (inMs(now) - inMs(times.front()))) / 1000 + 1);
    times.push_back(now);
    return std::nullopt;
}

std::optional<http::Problem> Service::objection(const http::Caller &caller, Route route)
{
    if (caller.keyDigest.empty())
        return unknownDevice();
    auto device = m_workspace.store().deviceByKey(caller.keyDigest);
    if (!device)
        return problemOf(device.error());
    const bool isKnown = *device && !(*device)->isRevoked;
    if (route != Route::Enrol) {
        if (!isKnown)
            return unknownDevice();
        m_known[caller.keyDigest] = **std::move(device);
        return std::nullopt;
    }
    if (isKnown)
        return std::nullopt;
    if (const auto wait = m_strangers.exceeded(caller.address))
        return http::Problem{429, "Too many attempts to join from this address.", *wait};
    return std::nullopt;
}

http::Reply Service::answer(const http::Caller &caller, Route route, const Bytes &body)
{
    http::Reply only;
    answerAll(
        {{caller, route, body}}, [&](std::size_t, http::Reply reply) { only = std::move(reply); });
    return only;
}

void Service::answerAll(const std::vector<http::Request> &requests,
    const std::function<void(std::size_t, http::Reply)> &reply)
{
    const auto sendOff = [&](std::size_t at, Result<Bytes> octets, std::optional<http::Hold> hold) {
        octets ? reply(at, {*std::move(octets), std::nullopt, std::move(hold)})
               : reply(at, {{}, problemOf(octets.error())});
    };
    std::vector<std::size_t> pushes;
    std::size_t octets = 0;
    const auto push = [&] {
        pushTogether(requests, std::exchange(pushes, {}), reply);
        octets = 0;
    };
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (requests[i].route != Route::Push)
            continue;
        pushes.push_back(i);
        octets += requests[i].body.size();
        if (octets >= togetherOctetsAim || m_commits == Commits::Each)
            push();
    }
    push();
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const http::Request &request = requests[i];
        std::optional<http::Hold> hold;
        if (request.route == Route::Enrol) {
            sendOff(i, enrol(request.caller, request.body), hold);
        } else if (request.route == Route::Pull) {
            const auto told = pull(m_known.at(request.caller.keyDigest), request.body, hold);
            sendOff(i, told ? Result<Bytes>(encode(*told)) : tl::unexpected<Error>(told.error()),
                std::move(hold));
        } else if (isOfFiles(request.route)) {
            reply(i, file(m_known.at(request.caller.keyDigest), request.route, request.body));
        }
    }
    m_known.clear();
}

// Pushes of several devices in one durable transaction.
void Service::pushTogether(const std::vector<http::Request> &requests,
    const std::vector<std::size_t> &places,
    const std::function<void(std::size_t, http::Reply)> &reply)
{
    std::vector<Workspace::Push> pushes;
    std::vector<std::size_t> placesOfPushes;
    for (const std::size_t at : places) {
        auto request = decodePushRequest(requests[at].body);
        const Status isOurs
            = request ? checkVersion(request->version) : tl::unexpected<Error>(request.error());
        if (!isOurs) {
            reply(at, {{}, problemOf(isOurs.error())});
            continue;
        }
        pushes.push_back({m_known.at(requests[at].caller.keyDigest), *std::move(request)});
        placesOfPushes.push_back(at);
    }
    const auto answers = m_workspace.pushAll(pushes);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i])
            reply(placesOfPushes[i], {encode(*answers[i]), std::nullopt});
        else
            reply(placesOfPushes[i], {{}, problemOf(answers[i].error())});
    }
}

Result<PullAnswer> Service::pull(
    const Device &device, const Bytes &body, std::optional<http::Hold> &hold)
{
    const PullRequest request = TRY(decodePullRequest(body));
    TRY_STATUS(checkVersion(request.version));
    PullAnswer answer = TRY(m_workspace.pull(device, request));
    if (request.waitMs > 0 && tellsNothing(answer)) {
        hold = http::Hold{std::min(milliseconds(request.waitMs), holdMax),
            [this, watch = TRY(m_workspace.watch(device, answer.to))] {
                // What went wrong while looking is told to whoever asks then.
                return m_workspace.hasNews(watch).value_or(true);
            }};
    }
    return answer;
}

http::Reply Service::file(const Device &device, Route route, const Bytes &body)
{
    auto answer = fileAnswer(device, route, body);
    if (answer)
        return {*std::move(answer), std::nullopt};
    // The same for a row that is not there and for one that is not theirs.
    if (answer.error().code == ErrorCode::NotFound)
        return {{}, http::Problem{404, answer.error().message, {}}};
    return {{}, problemOf(answer.error())};
}

Result<Bytes> Service::fileAnswer(const Device &device, Route route, const Bytes &body)
{
    if (!m_files)
        return fail(ErrorCode::NotFound, "This server keeps no files.");
    if (route == Route::FileState) {
        const FileStateRequest request = TRY(decodeFileStateRequest(body));
        TRY_STATUS(checkVersion(request.version));
        return encode(TRY(m_files->state(device, request)));
    }
    if (route == Route::FilePut) {
        const FilePutRequest request = TRY(decodeFilePutRequest(body));
        TRY_STATUS(checkVersion(request.version));
        return encode(TRY(m_files->put(device, request)));
    }
    const FileGetRequest request = TRY(decodeFileGetRequest(body));
    TRY_STATUS(checkVersion(request.version));
    return encode(TRY(m_files->get(device, request)));
}

std::chrono::milliseconds Service::inSpareTime()
{
    constexpr milliseconds afterFailure{60'000};
    const Sequence floor = m_workspace.floor();
    const auto nextOfLog = m_workspace.tidy(m_keepLogFor);
    if (!nextOfLog)
        m_log({"the log was not compacted", {{"cause", nextOfLog.error().message}}});
    else if (m_workspace.floor() > floor)
        m_log({"compacted", {{"up_to", std::to_string(raw(m_workspace.floor()))}}});
    const auto nextOfFiles
        = m_files ? m_files->tidy() : Result<milliseconds>(Handler::inSpareTime());
    if (!nextOfFiles)
        m_log({"files were not looked through", {{"cause", nextOfFiles.error().message}}});
    return std::min(nextOfLog.value_or(afterFailure), nextOfFiles.value_or(afterFailure));
}

Result<Bytes> Service::enrol(const http::Caller &caller, const Bytes &body)
{
    const EnrolRequest request = TRY(decodeEnrolRequest(body));
    TRY_STATUS(checkVersion(request.version));
    const EnrolAnswer answer = TRY(m_workspace.enrol(caller.keyDigest, request));
    m_log({"enrolled", {{"device", toText(answer.device)}, {"address", caller.address}}});
    return encode(answer);
}

}  // namespace tend::server
