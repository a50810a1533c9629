#pragma once

#include <deque>

#include "sync/base/ensure.h"
#include "tests/sim/world.h"

namespace replica::sim {

inline constexpr std::int64_t worldStartMs = 1'790'000'000'000;

inline constexpr TableId territoryTable{6};
inline constexpr TableId linkTable{7};
inline constexpr TableId giftTable{8};
inline constexpr ColumnId laterColumnId{7};

// The value of what cannot fail here. By value: a range-for must not hold on to a dead Result.
template <typename T>
T must(Result<T> result)
{
    ENSURE(result.has_value());
    return *std::move(result);
}

struct World::NodeClock final : Clock {
    explicit NodeClock(World &owner)
        : world(owner)
    {
    }

    WallTime wallNow() override { return WallTime{worldStartMs + world.m_nowMs + offsetMs}; }

    MonotonicTime monotonicNow() override { return MonotonicTime{world.m_nowMs}; }

    World &world;
    std::int64_t offsetMs = 0;
};

struct World::Wire final : Transport {
    Wire(World &owner, int node)
        : world(owner)
        , index(node)
    {
    }

    void post(ExchangeId exchange, Route route, Bytes request, std::chrono::milliseconds) override;

    // As over HTTP, where the answer may be on its way already.
    void giveUp(ExchangeId) override { }

    std::optional<Arrival> poll() override
    {
        if (arrivals.empty())
            return std::nullopt;
        Arrival arrival = std::move(arrivals.front());
        arrivals.pop_front();
        return arrival;
    }

    World &world;
    int index;
    int life = 0;
    std::deque<Arrival> arrivals;
};

struct World::Mark final : LifeMarkKeeper {
    std::optional<LifeMark> read() override { return mark; }

    Status write(const LifeMark &value) override
    {
        mark = value;
        return {};
    }

    std::optional<LifeMark> mark;
};

struct World::Node {
    Node(World &world, int number, std::uint64_t seed)
        : index(number)
        , folder(world.m_plan.folder)
        , clock(world)
        , random(seed)
        , wire(world, number)
    {
    }

    std::filesystem::path path() const
    {
        return folder / ("device-" + std::to_string(index) + ".db");
    }

    int index;
    std::filesystem::path folder;
    NodeClock clock;
    SeededRandom random;
    Wire wire;
    Mark mark;
    Bytes key;
    DeviceId device;
    Uuid member;
    bool isEnrolled = false;
    bool isOld = false;  // its program does not know the later table and column
    // What its member held, by the log's end when it was given; the present too.
    std::map<std::uint64_t, std::vector<RowId>> held;
    std::set<std::size_t> everSeen;  // groups, by index, that this database ever held
    std::set<std::size_t> seenAtBackup;
    std::optional<LifeMark> markAtBackup;
    bool isCutOff = false;
    int lives = 0;
    Incarnation incarnation{};  // as last traced
    std::uint64_t revision = 0;
    std::uint64_t mismatches = 0;
    bool wentBack = false;  // to an older copy of its database
    std::unique_ptr<Store> store;
    std::unique_ptr<Replica> replica;
    std::unique_ptr<Engine> engine;
    std::unique_ptr<Store> backup;
    std::filesystem::path backupPath;
    bool hasBackup = false;
    std::size_t knownAtBackup = 0;
    std::uint64_t cursor = 0;
    std::vector<Epoch> epochs;
};

struct World::Letter {
    std::int64_t at = 0;
    int node = 0;
    bool toServer = false;
    ExchangeId exchange{};
    Route route{};
    Result<Bytes> body;
    int life = 0;
};

// A request that the server answers when there is something new.
struct World::Held {
    Letter letter;
    Bytes answer;  // as it would have been at once
    std::int64_t until = 0;
    tend::server::Workspace::Watch watch;
};

// What the simulator knows of one group from the moment it was made.
struct World::Written {
    RowId marker;
    int author = 0;
    std::vector<Change> changes;
    std::set<std::size_t>
        seen;  // groups that lay before the author's eyes, closed over what those had seen
    bool authorLostIt = false;  // the author's device went back to an older backup
    bool isPoison = false;  // the server must refuse it
    // It writes where its author might not: the server may refuse it.
    bool isBold = false;
};

}  // namespace replica::sim
