// tend-bench: W1, local writes with tracking on beside plain SQLite, in one run and printed as
// JSON. The same 100,000 visits, the same build of SQLite, the same settings; the replica is
// encrypted, plain SQLite is not. Leaves the filled replica behind for W2, which tools/bench.py
// plays with the real programs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

#include "app/journal/tables.h"
#include "app/session/open_replica.h"

using namespace replica;

namespace {

struct Took {
    double wallMs = 0;
    double cpuMs = 0;
};

double cpuMs()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_usec) / 1000;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

// What was written before must not be paid for by what is measured next.
void settle()
{
    sync();
    std::this_thread::sleep_for(std::chrono::seconds(1));
}

template <typename Work>
Took timed(Work work)
{
    settle();
    const auto began = std::chrono::steady_clock::now();
    const double cpu = cpuMs();
    work();
    return {
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count(),
        cpuMs() - cpu};
}

template <typename T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "tend-bench: %s\n", result.error().message.c_str());
        std::exit(1);
    }
    return *std::move(result);
}

void must(Status status)
{
    if (!status) {
        std::fprintf(stderr, "tend-bench: %s\n", status.error().message.c_str());
        std::exit(1);
    }
}

constexpr const char *words[]
    = {"delivery", "bread", "morning", "price", "van", "early", "customer", "oven", "promise",
        "invoice", "better", "Saturday", "order", "driver", "late", "thanks"};

std::string sentence(Random &random, std::size_t octets)
{
    std::string text;
    while (text.size() < octets) {
        text += words[random.below(std::size(words))];
        text += ' ';
        if (random.below(5) == 0)
            text += std::to_string(random.below(100'000)) + ' ';
    }
    text.resize(octets);
    return text;
}

// One for each hundred visits, in no territory: for everybody.
std::vector<Change> makeCustomers(std::size_t count)
{
    SeededRandom random(526);
    std::vector<Change> customers;
    const TableId table = tend::journalSchema().table("customer")->id;
    for (std::size_t i = 0; i < count / 100 + 1; ++i)
        customers.push_back({table, makeUuid7(WallTime{1'780'000'000'000}, random),
            ChangeKind::Insert, {{ColumnId{1}, sentence(random, 20)}}});
    return customers;
}

// Twelve columns, about 525 octets a row.
std::vector<Change> makeVisits(std::size_t count, const std::vector<Change> &customers)
{
    SeededRandom random(525);
    std::vector<Change> visits;
    visits.reserve(count);
    const TableId table = tend::journalSchema().table("visit")->id;
    for (std::size_t i = 0; i < count; ++i) {
        Change visit{table,
            makeUuid7(WallTime{1'790'000'000'000 + static_cast<std::int64_t>(i)}, random),
            ChangeKind::Insert, {}};
        const RowId &customer = customers[random.below(customers.size())].row;
        visit.assignments = {{ColumnId{1}, Blob{Bytes(customer.bytes())}},
            {ColumnId{2}, std::string("face_to_face")}, {ColumnId{3}, std::string("met")},
            {ColumnId{4}, std::string("us")},
            {ColumnId{5}, std::int64_t{1'790'000'000'000} + static_cast<std::int64_t>(i) * 60'000},
            {ColumnId{6}, static_cast<std::int64_t>(random.below(90))},
            {ColumnId{7}, sentence(random, 220)}, {ColumnId{8}, sentence(random, 160)},
            {ColumnId{9}, static_cast<std::int64_t>(random.below(5)) - 2},
            {ColumnId{12}, std::string("same")}, {ColumnId{13}, sentence(random, 40)},
            {ColumnId{14}, std::string("2026-12-01")}};
        visits.push_back(std::move(visit));
    }
    return visits;
}

// What a program without replication would do: the same table with the same keys and indexes.
class PlainTable {
public:
    explicit PlainTable(const std::filesystem::path &file)
        : m_database(must(sqlite::Database::open(file, {})))
    {
        must(m_database.execute(
            "CREATE TABLE visit(id BLOB PRIMARY KEY, customer_id BLOB, kind TEXT, outcome TEXT, "
            "direction TEXT, started_at INTEGER, minutes INTEGER, said TEXT, impression TEXT, "
            "customer_feeling INTEGER, effect TEXT, next_step TEXT, next_step_on TEXT) STRICT;"
            "CREATE INDEX visit_by_customer_id ON visit(customer_id);"
            "CREATE INDEX visit_by_started_at ON visit(started_at)"));
        m_insert = must(
            m_database.prepare("INSERT INTO visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    }

    void insert(
        const std::vector<Change> &visits, std::size_t from, std::size_t to, std::size_t batch)
    {
        for (std::size_t at = from; at < to; at += batch) {
            must(m_database.execute("BEGIN IMMEDIATE"));
            for (std::size_t i = at; i < std::min(at + batch, to); ++i) {
                m_insert.reset().bindBlob(1, visits[i].row.bytes());
                int column = 2;
                for (const Assignment &given : visits[i].assignments)
                    bind(column++, given.value);
                must(m_insert.run());
            }
            must(m_database.execute("COMMIT"));
        }
    }

    void settle() { must(m_database.execute("PRAGMA wal_checkpoint(TRUNCATE)")); }

private:
    void bind(int column, const Value &value)
    {
        if (const auto *number = std::get_if<std::int64_t>(&value))
            m_insert.bind(column, *number);
        else if (const auto *text = std::get_if<std::string>(&value))
            m_insert.bindText(column, *text);
        else if (const auto *blob = std::get_if<Blob>(&value))
            m_insert.bindBlob(column, blob->octets);
    }

    sqlite::Database m_database;
    sqlite::Statement m_insert;
};

// Groups of at most 1,000 rows, by the transaction that writes them.
using Transactions = std::vector<std::vector<std::vector<Change>>>;

Transactions inBatches(const std::vector<Change> &rows, std::size_t to, std::size_t batch)
{
    Transactions all;
    for (std::size_t at = 0; at < to; at += batch) {
        auto &groups = all.emplace_back();
        for (std::size_t i = at; i < std::min(at + batch, to); i += 1000) {
            const auto end = std::min({i + 1000, at + batch, to});
            groups.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(i),
                rows.begin() + static_cast<std::ptrdiff_t>(end));
        }
    }
    return all;
}

Took write(Replica &into, const std::vector<Change> &rows, std::size_t count, std::size_t batch)
{
    const Transactions transactions = inBatches(rows, count, batch);
    return timed([&] {
        for (const auto &groups : transactions)
            must(into.commitAll(groups));
    });
}

void print(const char *name, const Took &plain, const Took &ours, bool isLast = false)
{
    std::printf("  \"%s\": {\"plain_ms\": %.1f, \"tend_ms\": %.1f, \"wall_ratio\": %.2f, "
                "\"cpu_ratio\": %.2f}%s\n",
        name, plain.wallMs, ours.wallMs, ours.wallMs / plain.wallMs, ours.cpuMs / plain.cpuMs,
        isLast ? "" : ",");
}

}  // namespace

// What throws here is our mistake or no memory, and ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char **argv)
{
    std::filesystem::path folder;
    std::size_t rows = 100'000;
    CLI::App app("Local writes beside plain SQLite", "tend-bench");
    app.add_option("--folder", folder, "an empty folder to work in")->required();
    app.add_option("--rows", rows, "visits");
    std::size_t singles = 2'000;
    app.add_option("--singles", singles, "visits that are one transaction and one group each");
    CLI11_PARSE(app, argc, argv);
    setenv("XDG_STATE_HOME", folder.c_str(), 1);
    const auto customers = makeCustomers(rows);
    const auto visits = makeVisits(rows, customers);
    singles = std::min(rows, singles);
    const auto replicaAt = [&](const char *name) {
        tend::KeyChoice key;
        key.newKeyFile = folder / (std::string(name) + ".key");
        return must(tend::openReplicaFile(
            folder / (std::string(name) + ".db"), key, tend::WhenMissing::Make));
    };

    PlainTable plainOne(folder / "plain-one.db");
    const Took plainAll = timed([&] { plainOne.insert(visits, 0, rows, rows); });
    auto ours = replicaAt("one");
    static_cast<void>(write(*ours->replica, customers, customers.size(), customers.size()));
    const Took oursAll = write(*ours->replica, visits, rows, rows);
    PlainTable plainBatches(folder / "plain-batches.db");
    const Took plainBatched = timed([&] { plainBatches.insert(visits, 0, rows, 1000); });
    auto batches = replicaAt("batches");
    const Took oursBatched = write(*batches->replica, visits, rows, 1000);
    PlainTable plainSingles(folder / "plain-singles.db");
    const Took plainSingle = timed([&] { plainSingles.insert(visits, 0, singles, 1); });
    auto alone = replicaAt("singles");
    static_cast<void>(write(*alone->replica, customers, customers.size(), customers.size()));
    const Took oursSingle = write(*alone->replica, visits, singles, 1);
    plainOne.settle();
    must(ours->store->database().execute("PRAGMA wal_checkpoint(TRUNCATE)"));

    std::printf("{\n  \"rows\": %zu,\n", rows);
    print("w1_one_transaction", plainAll, oursAll);
    print("w1_batches_of_1000", plainBatched, oursBatched);
    print("w1_one_row_each", plainSingle, oursSingle);
    const auto plainSize = static_cast<double>(std::filesystem::file_size(folder / "plain-one.db"));
    const auto ourSize = static_cast<double>(std::filesystem::file_size(folder / "one.db"));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "  \"plain_octets\": %.0f, \"tend_octets_before_sync\": %.0f, \"size_ratio\": %.3f\n}\n",
        plainSize, ourSize, ourSize / plainSize);
    return 0;
}
