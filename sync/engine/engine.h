#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/engine/file_work.h"
#include "sync/protocol/transport.h"
#include "sync/store/replica.h"

namespace replica {

// Waits between failed rounds: from 1 s doubling to 5 min, jittered by a quarter so that phones
// coming back from one tunnel do not arrive together. Errors: none.
[[nodiscard]] std::chrono::milliseconds retryDelay(int failures, Random &random);

enum class EnginePhase {
    Resting,  // the last round ended with nothing to send or fetch
    Working,
    Waiting,  // a round failed; the next try is planned
};

struct EngineStatus {
    EnginePhase phase = EnginePhase::Working;
    std::optional<Error> problem;  // why the last round failed
    std::uint64_t rounds = 0;  // ended well
    std::uint64_t failures = 0;  // ended badly, since the last that ended well
    std::size_t pushed = 0;
    std::size_t pulled = 0;
    std::size_t refused = 0;
};

struct EnginePace {
    std::chrono::milliseconds answerWithin{30'000};
    std::chrono::milliseconds restFor{20'000};  // between rounds while nothing happens here
    // How long the server is asked to hold the answer while it has nothing new: what others write
    // is then here as soon as it is there. None, and the engine rests and asks again; so does a
    // program in the background, and one that wants a single round.
    std::chrono::milliseconds listenFor{0};
};

// Keeps a replica and its server in step: pushes what waits, then pulls to the head, then listens
// or rests. A state machine without threads, clock or chance of its own; one exchange is under way
// at a time, and only its own answer is obeyed. Both ends work at once: the next push is made while
// the server reads the last one, and the next request goes out before an answer is taken in, where
// that answer leaves no doubt what it will be. One thread; the ports outlive it.
class Engine {
public:
    Engine(
        Replica &replica, Transport &transport, Clock &clock, Random &random, EnginePace pace = {})
        : m_replica(replica)
        , m_transport(transport)
        , m_clock(clock)
        , m_random(random)
        , m_pace(pace)
    {
    }

    // What is done while nothing is left to send or fetch; it outlives the engine.
    void setFiles(FileWork &files) { m_files = &files; }

    // Does one bounded piece of work: takes in an arrived answer, or sends the next request.
    // Answers how long the caller may wait before the next step when nothing arrives meanwhile.
    // Errors are the replica's own (Full, Io, Corrupt); what the network does is in status().
    [[nodiscard]] Result<std::chrono::milliseconds> step();

    // Begins a round at the next step, forgetting any back-off. Stops listening for it: what was
    // just written goes out at once.
    void syncSoon();

    [[nodiscard]] const EngineStatus &status() const { return m_status; }

    // A request is under way whose answer is expected at once.
    [[nodiscard]] bool isExchanging() const { return m_exchange && !isListening(); }

    // The server holds our request until somebody else writes something.
    [[nodiscard]] bool isListening() const
    {
        return m_exchange && m_exchange->listensFor.count() > 0;
    }

private:
    struct Exchange {
        ExchangeId id{};
        Route route{};
        MonotonicTime postedAt{};
        MonotonicTime giveUpAt{};
        std::optional<PushRequest> push;
        std::chrono::milliseconds listensFor{0};
    };

    // Made, and not sent yet.
    struct Prepared {
        PushRequest push;
        Bytes octets;
    };

    [[nodiscard]] Status begin();
    [[nodiscard]] Status prepare();
    [[nodiscard]] Result<std::optional<Prepared>> nextPush(const PushRequest *underWay);
    [[nodiscard]] Status takeInPush(const Exchange &exchange, const Bytes &body);
    [[nodiscard]] Status takeInPull(const Exchange &exchange, const Bytes &body);
    void forgetExchange();
    [[nodiscard]] Status takeIn(Arrival arrival);
    void post(Route route, Bytes request, std::optional<PushRequest> push,
        std::chrono::milliseconds listenFor);
    [[nodiscard]] Status takeInFile(Arrival arrival);
    [[nodiscard]] Status goOnWithFiles();
    void textInStep(const Exchange &exchange, const Intake &intake);
    void roundEnded();
    void roundFailed(Error error, std::chrono::milliseconds atLeast);
    void count(const Intake &intake);

    Replica &m_replica;
    Transport &m_transport;
    Clock &m_clock;
    Random &m_random;
    EnginePace m_pace;
    EngineStatus m_status;
    std::optional<Exchange> m_exchange;
    std::optional<Prepared> m_prepared;  // behind the push that is under way
    bool m_isPrepared = false;  // looked for one, found or not
    std::uint64_t m_lastExchange = 0;
    MonotonicTime m_nextAt{};
    FileWork *m_files = nullptr;
    bool m_isAtFiles
        = false;  // all words are in step; the files' turn until others may have written
    MonotonicTime m_inStepAt{};
    bool m_wasTurnedAway = false;
    bool m_listensNext = false;  // all is fetched: the next pull may wait at the server
};

}  // namespace replica
