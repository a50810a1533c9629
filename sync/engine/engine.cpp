#include "sync/engine/engine.h"

#include <algorithm>

namespace replica {

using std::chrono::milliseconds;

milliseconds retryDelay(int failures, Random &random)
{
    constexpr std::int64_t firstMs = 1'000;
    constexpr std::int64_t lastMs = 300'000;
    const std::int64_t doubled = firstMs << std::clamp(failures - 1, 0, 9);
    const std::int64_t delay = std::min(doubled, lastMs);
    const auto jitter
        = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(delay) / 2));
    return milliseconds(delay - delay / 4 + jitter);
}

void Engine::syncSoon()
{
    m_nextAt = MonotonicTime{0};
    m_status.failures = 0;
    m_listensNext = false;
    m_isAtFiles = false;
    if (isListening()) {
        m_transport.giveUp(m_exchange->id);
        m_exchange.reset();
    }
    if (!m_exchange)
        m_status.phase = EnginePhase::Working;
}

Result<milliseconds> Engine::step()
{
    if (auto arrival = m_transport.poll()) {
        if (m_exchange && arrival->exchange == m_exchange->id)
            TRY_STATUS(takeIn(*std::move(arrival)));
        return milliseconds(0);
    }
    const MonotonicTime now = m_clock.monotonicNow();
    if (m_exchange && now < m_exchange->giveUpAt)
        return milliseconds(inMs(m_exchange->giveUpAt) - inMs(now));
    if (m_exchange) {
        m_transport.giveUp(m_exchange->id);
        m_exchange.reset();
        roundFailed({ErrorCode::Offline, "the server did not answer in time"}, milliseconds(0));
    }
    if (now < m_nextAt)
        return milliseconds(inMs(m_nextAt) - inMs(now));
    TRY_STATUS(begin());
    return milliseconds(0);
}

Status Engine::begin()
{
    if (!m_listensNext)
        m_status.phase = EnginePhase::Working;
    if (auto request = TRY(m_replica.nextPush())) {
        Bytes octets = encode(*request);
        // The bodies were only needed on the wire.
        for (Group &group : request->groups)
            group.body.clear();
        m_status.phase = EnginePhase::Working;
        post(Route::Push, std::move(octets), std::move(request), milliseconds(0));
        return {};
    }
    if (m_isAtFiles && m_clock.monotonicNow() < m_inStepAt + m_pace.restFor)
        return goOnWithFiles();
    m_isAtFiles = false;
    PullRequest request = TRY(m_replica.nextPull());
    const milliseconds listenFor = m_listensNext ? m_pace.listenFor : milliseconds(0);
    request.waitMs = static_cast<std::uint32_t>(listenFor.count());
    post(Route::Pull, encode(request), std::nullopt, listenFor);
    return {};
}

void Engine::post(
    Route route, Bytes request, std::optional<PushRequest> push, milliseconds listenFor)
{
    const ExchangeId id{++m_lastExchange};
    const MonotonicTime now = m_clock.monotonicNow();
    // A chunk that a slow network carries would be sent again for ever where it were given up.
    const milliseconds within = isOfFiles(route) ? 4 * m_pace.answerWithin : m_pace.answerWithin;
    m_exchange = Exchange{id, route, now, now + within + listenFor, std::move(push), listenFor};
    m_listensNext = false;
    m_transport.post(id, route, std::move(request), listenFor);
}

Status Engine::takeIn(Arrival arrival)
{
    const Exchange exchange = *std::move(m_exchange);
    m_exchange.reset();
    if (isOfFiles(exchange.route))
        return takeInFile(std::move(arrival));
    if (!arrival.body) {
        roundFailed(arrival.body.error(), arrival.retryAfter);
        return {};
    }
    if (exchange.route == Route::Push) {
        const auto answer = decodePushAnswer(*arrival.body);
        if (!answer) {
            roundFailed(answer.error(), milliseconds(0));
            return {};
        }
        const Intake intake = TRY(m_replica.take(*exchange.push, *answer));
        count(intake);
        if (!intake.wentOn)
            roundFailed({ErrorCode::Refused, "the server took nothing and gave no reason"},
                milliseconds(0));
        return {};
    }
    const auto answer = decodePullAnswer(*arrival.body);
    if (!answer) {
        roundFailed(answer.error(), milliseconds(0));
        return {};
    }
    const auto taken = m_replica.take(*answer);
    if (!taken && taken.error().code == ErrorCode::Refused) {
        // A person must look first; what others did stays where it is.
        roundFailed(taken.error(), milliseconds(900'000));
        return {};
    }
    const Intake intake = TRY(taken);
    count(intake);
    m_status.problem.reset();
    m_status.failures = 0;
    const bool isAtHead = m_replica.facts().cursor >= answer->server.head && !intake.hasMore;
    if (isAtHead && !intake.mustPushFirst && TRY(m_replica.records().unacceptedGroups()).empty())
        textInStep(exchange, intake);
    else
        m_status.phase = EnginePhase::Working;
    return {};
}

void Engine::textInStep(const Exchange &exchange, const Intake &intake)
{
    const MonotonicTime now = m_clock.monotonicNow();
    // A server that answers at once with nothing has no room for listeners, or does not know of
    // them: asking it again and again would help nobody.
    m_wasTurnedAway = exchange.listensFor.count() > 0 && !intake.wentOn
        && inMs(now) - inMs(exchange.postedAt) < exchange.listensFor.count() / 2;
    if (!m_files) {
        roundEnded();
        return;
    }
    m_isAtFiles = true;
    m_inStepAt = now;
    m_nextAt = now;
}

// One piece; whoever writes meanwhile comes before the next one.
Status Engine::goOnWithFiles()
{
    auto piece = TRY(m_files->next());
    if (piece.request) {
        m_status.phase = EnginePhase::Working;
        post(piece.request->route, std::move(piece.request->body), std::nullopt, milliseconds(0));
        return {};
    }
    if (piece.hasMore) {
        m_status.phase = EnginePhase::Working;
        return {};
    }
    m_isAtFiles = false;
    roundEnded();
    return {};
}

Status Engine::takeInFile(Arrival arrival)
{
    const bool isSettled = arrival.body || arrival.body.error().code == ErrorCode::Refused;
    if (!isSettled) {
        roundFailed(arrival.body.error(), arrival.retryAfter);
        return {};
    }
    m_status.phase = EnginePhase::Working;
    return m_files->take(std::move(arrival.body));
}

void Engine::roundEnded()
{
    ++m_status.rounds;
    m_status.phase = EnginePhase::Resting;
    const MonotonicTime now = m_clock.monotonicNow();
    m_listensNext = m_pace.listenFor.count() > 0;
    m_nextAt = m_listensNext && !m_wasTurnedAway ? now : now + m_pace.restFor;
}

void Engine::roundFailed(Error error, milliseconds atLeast)
{
    ++m_status.failures;
    m_isAtFiles = false;
    m_status.phase = EnginePhase::Waiting;
    // Nothing a retry mends: look again seldom, and at once when a person asks.
    const bool needsPerson = error.code == ErrorCode::Unauthorized
        || error.code == ErrorCode::Untrusted || error.code == ErrorCode::TooNew;
    const milliseconds delay = needsPerson
        ? milliseconds(900'000)
        : retryDelay(static_cast<int>(m_status.failures), m_random);
    m_nextAt = m_clock.monotonicNow() + std::max(delay, atLeast);
    m_status.problem = std::move(error);
}

void Engine::count(const Intake &intake)
{
    m_status.pushed += intake.pushed;
    m_status.pulled += intake.pulled;
    m_status.refused += intake.refused;
}

}  // namespace replica
