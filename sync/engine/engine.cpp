#include "sync/engine/engine.h"

#include <algorithm>

namespace replica {

using std::chrono::milliseconds;

namespace {

// Every group was taken as it was sent, so nothing is renamed, restamped or withdrawn for it.
bool isPlain(const PushRequest &request, const PushAnswer &answer)
{
    if (answer.outcome != SyncOutcome::Ok || answer.verdicts.size() != request.groups.size()
        || !answer.left.empty() || answer.server.epochs.empty()
        || answer.server.epochs.back().id != request.epoch)
        return false;
    for (std::size_t i = 0; i < request.groups.size(); ++i) {
        const GroupHeader &sent = request.groups[i].header;
        const Verdict &verdict = answer.verdicts[i];
        if (verdict.kind == VerdictKind::Quarantined || verdict.knownAs || verdict.id != sent.id
            || verdict.stamp != sent.stamp)
            return false;
    }
    return true;
}

}  // namespace

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
    if (isListening())
        forgetExchange();
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
    if (m_exchange && m_exchange->push && !m_isPrepared) {
        TRY_STATUS(prepare());
        return milliseconds(0);
    }
    if (m_exchange && now < m_exchange->giveUpAt)
        return milliseconds(inMs(m_exchange->giveUpAt) - inMs(now));
    if (m_exchange) {
        forgetExchange();
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
    if (auto next = TRY(nextPush(nullptr))) {
        m_status.phase = EnginePhase::Working;
        post(Route::Push, std::move(next->octets), std::move(next->push), milliseconds(0));
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

Result<std::optional<Engine::Prepared>> Engine::nextPush(const PushRequest *underWay)
{
    auto request = TRY(m_replica.nextPush(underWay));
    if (!request)
        return std::optional<Prepared>();
    Bytes octets = encode(*request);
    // The bodies were only needed on the wire.
    for (Group &group : request->groups)
        group.body.clear();
    return std::optional<Prepared>({*std::move(request), std::move(octets)});
}

Status Engine::prepare()
{
    m_isPrepared = true;
    m_prepared = TRY(nextPush(&*m_exchange->push));
    return {};
}

void Engine::forgetExchange()
{
    m_transport.giveUp(m_exchange->id);
    m_exchange.reset();
    m_prepared.reset();
}

void Engine::post(
    Route route, Bytes request, std::optional<PushRequest> push, milliseconds listenFor)
{
    const ExchangeId id{++m_lastExchange};
    const MonotonicTime now = m_clock.monotonicNow();
    // A chunk that a slow network carries would be sent again for ever where it were given up.
    const milliseconds within = isOfFiles(route) ? 4 * m_pace.answerWithin : m_pace.answerWithin;
    m_exchange = Exchange{id, route, now, now + within + listenFor, std::move(push), listenFor};
    m_prepared.reset();
    m_isPrepared = false;
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
        m_prepared.reset();
        roundFailed(arrival.body.error(), arrival.retryAfter);
        return {};
    }
    return exchange.route == Route::Push ? takeInPush(exchange, *arrival.body)
                                         : takeInPull(exchange, *arrival.body);
}

Status Engine::takeInPush(const Exchange &exchange, const Bytes &body)
{
    auto prepared = std::exchange(m_prepared, std::nullopt);
    const auto answer = decodePushAnswer(body);
    if (!answer) {
        roundFailed(answer.error(), milliseconds(0));
        return {};
    }
    if (prepared && isPlain(*exchange.push, *answer))
        post(Route::Push, std::move(prepared->octets), std::move(prepared->push), milliseconds(0));
    const Intake intake = TRY(m_replica.take(*exchange.push, *answer));
    if (m_exchange && !TRY(m_replica.stands(*m_exchange->push)))
        forgetExchange();
    count(intake);
    if (!intake.wentOn)
        roundFailed(
            {ErrorCode::Refused, "the server took nothing and gave no reason"}, milliseconds(0));
    return {};
}

Status Engine::takeInPull(const Exchange &exchange, const Bytes &body)
{
    const auto answer = decodePullAnswer(body);
    if (!answer) {
        roundFailed(answer.error(), milliseconds(0));
        return {};
    }
    const auto behind = TRY(m_replica.pullBehind(*answer));
    if (behind)
        post(Route::Pull, encode(*behind), std::nullopt, milliseconds(0));
    const auto taken = m_replica.take(*answer);
    if (behind && (!taken || TRY(m_replica.nextPull()) != *behind))
        forgetExchange();
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
    if (isAtHead && !intake.mustPushFirst && !TRY(m_replica.records().hasUnaccepted()))
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
