// tend-load: many devices on kept connections, each of which again and again sends one visit and
// fetches what is new, against a real tend-server over TLS. In turns with pushes made durable
// together and one by one, in one run. Prints JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include "server-stub/cli/data_directory.h"
#include "sync/crypto/device_key.h"
#include "sync/protocol/body.h"
#include "tests/support/raw_tls.h"
#include "tests/support/server_process.h"

using namespace replica;
using std::chrono::steady_clock;
using tend::server::cli::OpenWorkspace;

namespace {

constexpr Incarnation life{1};

[[noreturn]] void stop(const std::string &why)
{
    std::fprintf(stderr, "tend-load: %s\n", why.c_str());
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

// One device with a territory of its own, so that what it fetches is its own.
class Device {
public:
    Device(OpenWorkspace &open, int number)
        : m_schema(open.schema)
        , m_random(static_cast<std::uint64_t>(number) + 1)
        , m_key(must(crypto::DeviceKey::generate()))
    {
        const std::string name = "rep " + std::to_string(number);
        const Uuid territory = makeUuid7(m_clock.wallNow(), m_random);
        must(open.workspace->commit({insert("territory", territory, {{"name", name}})}));
        const Bytes secret = must(
            open.workspace->invite({name, "rep"}, WallTime{inMs(m_clock.wallNow()) + 3'600'000}));
        m_enrolled = must(
            open.workspace->enrol(must(m_key.publicKeyDigest()), {protocolVersion, secret, name}));
        must(open.workspace->commit(
            {insert("member_territory", makeUuid7(m_clock.wallNow(), m_random),
                {{"member_id", Blob{Bytes(m_enrolled.member.bytes())}},
                    {"territory_id", Blob{Bytes(territory.bytes())}}})}));
        m_customer = makeUuid7(m_clock.wallNow(), m_random);
        m_waiting = insert("customer", m_customer,
            {{"name", name}, {"territory_id", Blob{Bytes(territory.bytes())}}});
    }

    void connect(std::uint16_t port)
    {
        m_tls = test::RawTls::connect(port, {&m_key, 0, std::chrono::milliseconds(60'000)});
        if (!m_tls)
            stop("no connection");
    }

    void sync()
    {
        PushRequest push;
        push.epoch = m_enrolled.server.epochs.back().id;
        push.incarnation = life;
        push.attempt = ++m_counter;
        Group group;
        group.header.id = {m_enrolled.device, life, Counter{m_counter}};
        group.header.stamp = m_stamps.tick(m_clock.wallNow());
        group.header.base = m_cursor;
        group.header.madeAt = m_clock.wallNow();
        group.body = encodeBody({m_waiting});
        push.groups.push_back(std::move(group));
        const PushAnswer taken = must(decodePushAnswer(ask("/v1/push", encode(push))));
        if (taken.verdicts.size() != 1 || taken.verdicts.front().kind != VerdictKind::Accepted)
            stop("a visit was not taken");
        do {
            PullRequest pull;
            pull.epoch = push.epoch;
            pull.incarnation = life;
            pull.cursor = m_cursor;
            pull.view = m_view;
            const PullAnswer told = must(decodePullAnswer(ask("/v1/pull", encode(pull))));
            m_cursor = told.to;
            m_view = told.view;
        } while (m_cursor < taken.verdicts.front().sequence);
        m_waiting = insert("visit", makeUuid7(m_clock.wallNow(), m_random),
            {{"customer_id", Blob{Bytes(m_customer.bytes())}}, {"kind", std::string("call")},
                {"outcome", std::string("met")}, {"direction", std::string("us")},
                {"started_at", inMs(m_clock.wallNow())},
                {"said", std::string("wants the bread earlier on Saturdays, and a better price")}});
    }

private:
    [[nodiscard]] Change insert(const char *tableName, const RowId &row,
        const std::vector<std::pair<const char *, Value>> &values) const
    {
        const Table &table = *m_schema.table(tableName);
        Change change{table.id, row, ChangeKind::Insert, {}};
        for (const auto &[column, value] : values)
            change.assignments.push_back({table.column(column)->id, value});
        std::sort(change.assignments.begin(), change.assignments.end(),
            [](const Assignment &one, const Assignment &other) {
                return one.column < other.column;
            });
        return change;
    }

    [[nodiscard]] std::string ask(const char *route, const Bytes &body)
    {
        const bool isSent = m_tls->send(test::request(route, body));
        const std::string answer = isSent ? m_tls->receive() : std::string();
        if (test::statusOf(answer) != 200)
            stop("the server answered " + answer);
        return answer.substr(answer.find("\r\n\r\n") + 4);
    }

    Schema m_schema;
    SystemClock m_clock;
    SeededRandom m_random;
    HybridClock m_stamps;
    crypto::DeviceKey m_key;
    EnrolAnswer m_enrolled;
    Uuid m_customer;
    Change m_waiting;
    std::uint64_t m_counter = 0;
    Sequence m_cursor{};
    Bytes m_view;
    std::unique_ptr<test::RawTls> m_tls;
};

struct Figures {
    std::vector<double> ms;  // of each sync
    double seconds = 0;
};

Figures load(std::vector<std::unique_ptr<Device>> &devices, std::uint16_t port, double seconds)
{
    std::atomic<bool> isOver = false;
    std::vector<std::vector<double>> times(devices.size());
    std::vector<std::thread> threads;
    for (auto &device : devices) {
        device->connect(port);
        device->sync();  // warm
    }
    const auto began = steady_clock::now();
    for (std::size_t i = 0; i < devices.size(); ++i) {
        threads.emplace_back([&, i] {
            while (!isOver) {
                const auto from = steady_clock::now();
                devices[i]->sync();
                times[i].push_back(
                    std::chrono::duration<double, std::milli>(steady_clock::now() - from).count());
            }
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    isOver = true;
    for (std::thread &thread : threads)
        thread.join();
    Figures figures;
    figures.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    for (const auto &some : times)
        figures.ms.insert(figures.ms.end(), some.begin(), some.end());
    return figures;
}

void print(const char *name, Figures figures)
{
    std::sort(figures.ms.begin(), figures.ms.end());
    const auto at = [&](double part) {
        return figures.ms.empty()
            ? 0.0
            : figures
                  .ms[static_cast<std::size_t>(part * static_cast<double>(figures.ms.size() - 1))];
    };
    std::printf("  \"%s\": {\"syncs_per_s\": %.0f, \"p50_ms\": %.1f, \"p99_ms\": %.1f},\n", name,
        static_cast<double>(figures.ms.size()) / figures.seconds, at(0.5), at(0.99));
}

}  // namespace

// What throws here is our mistake or no memory, and ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char **argv)
{
    int count = 200;
    double seconds = 4;
    int turns = 2;
    CLI::App app("Many devices that sync one visit each, over and over", "tend-load");
    app.add_option("--devices", count);
    app.add_option("--seconds", seconds, "of each measurement");
    app.add_option("--turns", turns, "measurements of each kind, in turns");
    CLI11_PARSE(app, argc, argv);
    const auto server = must(test::ServerProcess::make("load"));
    std::vector<std::unique_ptr<Device>> devices;
    {
        const auto open = must(OpenWorkspace::open({server->data(), {}}));
        for (int i = 0; i < count; ++i)
            devices.push_back(std::make_unique<Device>(*open, i));
    }
    Figures together;
    Figures each;
    const auto measure = [&](Figures &into, const std::vector<std::string> &options) {
        must(server->start(options));
        Figures figures = load(devices, server->port(), seconds);
        into.seconds += figures.seconds;
        into.ms.insert(into.ms.end(), figures.ms.begin(), figures.ms.end());
        if (must(server->terminate()) != 0)
            stop("the server did not end well");
    };
    for (int turn = 0; turn < turns; ++turn) {
        measure(together, {});
        measure(each, {"--commit-each"});
    }
    std::printf("{\n");
    print("committed_together", together);
    print("committed_each", each);
    std::printf("  \"devices\": %d\n}\n", count);
    return 0;
}
