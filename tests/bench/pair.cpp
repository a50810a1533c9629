// tend-pair: W3 and W4, two joined replicas and a running server, on warm connections. W3: 100
// cells changed at A until B has them. W4: many rows changed on both sides until A, server and B
// are equal, once in different columns and once in the same one. Prints JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "app/journal/tables.h"
#include "app/session/server_link.h"
#include "sync/crypto/digest.h"

using namespace replica;
using std::chrono::steady_clock;

namespace {

constexpr ColumnId minutes{6};
constexpr ColumnId nextStep{13};

[[noreturn]] void stop(const std::string &why)
{
    std::fprintf(stderr, "tend-pair: %s\n", why.c_str());
    std::exit(1);
}

template <typename T>
T must(Result<T> result)
{
    if (!result)
        stop(result.error().message);
    return *std::move(result);
}

void must(const Status &status)
{
    if (!status)
        stop(status.error().message);
}

double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

// What every copy of the workspace must agree on.
Bytes digestOf(sqlite::Database &database)
{
    auto select = must(database.prepare(
        "SELECT id, customer_id, said, impression, minutes, next_step FROM visit ORDER BY id"));
    Bytes digest;
    Bytes some;
    while (must(select.step())) {
        for (int column = 0; column < 6; ++column) {
            some += select.isNull(column) ? BytesView("-") : select.blob(column);
            some += '\n';
        }
        if (some.size() > 1U << 20U) {
            digest = crypto::sha256(digest + some);
            some.clear();
        }
    }
    return crypto::sha256(digest + some);
}

class Side {
public:
    explicit Side(const std::filesystem::path &file)
    {
        tend::KeyChoice key;
        key.keyFile = std::filesystem::path(file).replace_extension(".key");
        m_open = must(tend::openReplicaFile(file, key, tend::WhenMissing::Fail));
        auto link = must(tend::linkToServer(*m_open));
        if (!link)
            stop(file.string() + " has joined no workspace");
        m_link = *std::move(link);
    }

    void sync()
    {
        const auto rounds = m_link.engine->status().rounds;
        m_link.engine->syncSoon();
        while (m_link.engine->status().rounds == rounds) {
            const auto rest = must(m_link.engine->step());
            if (m_link.engine->status().problem)
                stop(m_link.engine->status().problem->message);
            m_link.transport->wait(rest);
        }
    }

    // One column of these rows, a thousand rows a group.
    void change(const std::vector<RowId> &rows, ColumnId column, const std::string &mark)
    {
        const TableId table = tend::journalSchema().table("visit")->id;
        std::vector<std::vector<Change>> groups;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i % 1000 == 0)
                groups.emplace_back();
            const Value value = column == minutes
                ? Value{static_cast<std::int64_t>(mark.size() + i % 90)}
                : Value{mark + std::to_string(i)};
            groups.back().push_back({table, rows[i], ChangeKind::Update, {{column, value}}});
        }
        must(m_open->replica->commitAll(groups));
    }

    [[nodiscard]] std::vector<RowId> rows(std::size_t count)
    {
        auto ids
            = must(m_open->replica->records().rowIds(tend::journalSchema().table("visit")->id));
        ids.resize(std::min(ids.size(), count));
        return ids;
    }

    [[nodiscard]] std::int64_t count(const std::string &where)
    {
        return must(database().queryInt("SELECT count(*) FROM " + where));
    }

    [[nodiscard]] sqlite::Database &database() { return m_open->store->database(); }

    [[nodiscard]] net::Traffic traffic() const { return m_link.transport->traffic(); }

private:
    std::unique_ptr<tend::OpenReplica> m_open;
    tend::ServerLink m_link;
};

struct Took {
    double ms = 0;
    double cpu = 0;
    double up = 0;  // octets, of both
    double down = 0;
};

template <typename Work>
Took measured(Side &a, Side &b, Work work)
{
    const auto octets = [&] {
        return std::pair(static_cast<double>(a.traffic().sent + b.traffic().sent),
            static_cast<double>(a.traffic().received + b.traffic().received));
    };
    const auto before = octets();
    const auto began = steady_clock::now();
    const double cpu = cpuMs();
    work();
    const auto after = octets();
    return {std::chrono::duration<double, std::milli>(steady_clock::now() - began).count(),
        cpuMs() - cpu, after.first - before.first, after.second - before.second};
}

void print(const char *name, const Took &took, const std::string &more = {})
{
    std::printf(
        "  \"%s\": {\"ms\": %.1f, \"clients_cpu_ms\": %.1f, \"bytes_up\": %.0f, \"bytes_down\": "
        "%.0f%s},\n",
        name, took.ms, took.cpu, took.up, took.down, more.c_str());
}

}  // namespace

// What throws here is our mistake or no memory, and ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char **argv)
{
    std::filesystem::path fileA;
    std::filesystem::path fileB;
    std::filesystem::path server;
    std::size_t changed = 10'000;
    CLI::App app("Two replicas and a server on warm connections", "tend-pair");
    app.add_option("--a", fileA, "a joined replica, its key beside it as .key")->required();
    app.add_option("--b", fileB, "another")->required();
    app.add_option("--server", server, "the workspace's file, to look whether it is equal")
        ->required();
    app.add_option("--changed", changed, "rows changed on each side in W4; 0: only W3");
    CLI11_PARSE(app, argc, argv);
    const net::CurlGlobal curl;
    Side a(fileA);
    Side b(fileB);
    for (Side *side : {&a, &b})
        side->sync();
    std::printf("{\n  \"rows\": %lld,\n", static_cast<long long>(a.count("visit")));

    std::vector<Took> turns;
    const auto hundred = a.rows(100);
    for (int turn = 0; turn < 9; ++turn) {
        a.change(hundred, nextStep, "turn " + std::to_string(turn) + ' ');
        turns.push_back(measured(a, b, [&] {
            a.sync();
            b.sync();
        }));
    }
    std::sort(turns.begin(), turns.end(),
        [](const Took &one, const Took &other) { return one.ms < other.ms; });
    print("w3_100_cells", turns[turns.size() / 2]);

    const auto areEqual = [&] {
        sqlite::OpenOptions reading;
        reading.readOnly = reading.mustExist = true;
        auto at = must(sqlite::Database::open(server, reading));
        const Bytes here = digestOf(a.database());
        return here == digestOf(b.database()) && here == digestOf(at);
    };
    const auto both
        = [&](const char *name, ColumnId atA, ColumnId atB, const std::string &survived) {
              const auto rows = a.rows(changed);
              a.change(rows, atA, "a");
              b.change(rows, atB, "bb");
              const Took took = measured(a, b, [&] {
                  a.sync();
                  b.sync();
                  a.sync();
              });
              print(name, took,
                  std::string(", \"equal\": ") + (areEqual() ? "true" : "false")
                      + ", \"survived\": " + std::to_string(a.count(survived)));
          };
    if (changed > 0) {
        both("w4_different_columns", nextStep, minutes,
            "visit WHERE next_step GLOB 'a[0-9]*' AND minutes = 2 + CAST(substr(next_step, 2) AS "
            "INTEGER) % 90");
        both("w4_the_same_column", nextStep, nextStep,
            "visit WHERE next_step GLOB 'a[0-9]*' OR next_step GLOB 'bb[0-9]*'");
    }
    std::printf("  \"equal_at_the_end\": %s\n}\n", areEqual() ? "true" : "false");
    return 0;
}
