#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "app/journal/tables.h"
#include "server-stub/workspace.h"
#include "sync/base/ensure.h"
#include "sync/store/replica.h"
#include "tests/support/memory_store.h"

namespace replica::test {

// Goes on only when told to.
class SetClock final : public Clock {
public:
    [[nodiscard]] WallTime wallNow() override { return now; }

    [[nodiscard]] MonotonicTime monotonicNow() override { return MonotonicTime{inMs(now)}; }

    WallTime now{1'800'000'000'000};
};

class MemoryMark final : public LifeMarkKeeper {
public:
    [[nodiscard]] std::optional<LifeMark> read() override { return m_mark; }

    [[nodiscard]] Status write(const LifeMark &mark) override
    {
        m_mark = mark;
        return {};
    }

private:
    std::optional<LifeMark> m_mark;
};

// A server's workspace with the journal's tables, in memory, and devices that talk to it by handing
// over values: for tests that look at, or bend, one answer.
struct Office {
    struct Desk {
        explicit Desk(std::uint64_t seed)
            : random(seed)
        {
        }

        SeededRandom random;
        MemoryStore store;
        MemoryMark mark;
        tend::server::Device device;
        std::unique_ptr<Replica> replica;
    };

    SetClock clock;
    SeededRandom random{1};
    std::unique_ptr<tend::server::SharedStore> store = std::make_unique<MemorySharedStore>();
    std::unique_ptr<tend::server::Workspace> workspace;
    std::vector<std::unique_ptr<Desk>> desks;

    Office()
    {
        auto made = tend::server::Workspace::create(*store, schema(), clock, random, "Office");
        ENSURE(made.has_value());
        workspace = *std::move(made);
    }

    static const Schema &schema() { return tend::journalSchema(); }

    static Change row(const std::string &table, const RowId &id, ChangeKind kind,
        const std::vector<std::pair<std::string, Value>> &values)
    {
        const Table *declared = schema().table(table);
        ENSURE(declared);
        Change change{declared->id, id, kind, {}};
        for (const auto &[name, value] : values)
            change.assignments.push_back({declared->column(name)->id, value});
        std::sort(change.assignments.begin(), change.assignments.end(),
            [](const auto &one, const auto &other) { return one.column < other.column; });
        return change;
    }

    [[nodiscard]] RowId newId() { return makeUuid7(clock.now, random); }

    Desk &join(const std::string &name, const std::string &role)
    {
        desks.push_back(std::make_unique<Desk>(desks.size() + 77));
        Desk &desk = *desks.back();
        const Bytes key(32, static_cast<char>('a' + desks.size()));
        const auto secret = workspace->invite({name, role}, WallTime{inMs(clock.now) + 1'000'000});
        ENSURE(secret.has_value());
        auto replica = Replica::open(
            desk.store, schema(), clock, desk.random, desk.mark, makeDerivedUuid(key));
        ENSURE(replica.has_value());
        desk.replica = *std::move(replica);
        const auto enrolled = workspace->enrol(key, {protocolVersion, *secret, name});
        ENSURE(enrolled.has_value() && desk.replica->enrolled(*enrolled).has_value());
        desk.device = store->deviceByKey(key)->value();
        return desk;
    }

    // Until nothing is left to send or fetch.
    void sync(Desk &desk)
    {
        for (int round = 0; round < 50; ++round) {
            while (true) {
                const auto push = desk.replica->nextPush();
                ENSURE(push.has_value());
                if (!*push)
                    break;
                const auto answer = workspace->push(desk.device, **push);
                ENSURE(answer.has_value() && desk.replica->take(**push, *answer).has_value());
            }
            const auto pull = desk.replica->nextPull();
            const auto answer = workspace->pull(desk.device, *pull);
            ENSURE(answer.has_value());
            const auto intake = desk.replica->take(*answer);
            ENSURE(intake.has_value());
            if (!intake->wentOn && !intake->hasMore && !intake->mustPushFirst)
                return;
        }
        ENSURE(false);
    }

    static std::string text(
        Desk &desk, const std::string &table, const RowId &id, const std::string &column)
    {
        const Table *declared = schema().table(table);
        const auto row = desk.replica->records().row(declared->id, id);
        ENSURE(row.has_value());
        if (!*row)
            return "(not there)";
        for (const Assignment &given : (*row)->assignments) {
            if (given.column == declared->column(column)->id)
                return std::get<std::string>(given.value);
        }
        return "";
    }
};

}  // namespace replica::test
