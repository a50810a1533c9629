// tend-sim: plays seeds and says which break an invariant. A failure replays with --from SEED
// --seeds 1.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include "sync/base/mutant.h"
#include "tests/sim/world.h"

namespace {

using replica::sim::Plan;
using replica::sim::World;

struct Options {
    std::uint64_t from = 1;
    std::uint64_t seeds = 100;
    std::vector<std::uint64_t> only;
    int devices = 0;
    int edits = 0;
    double minutes = 0;
    std::string store = "memory";
    std::string mutant;
    bool isTraced = false;
};

// Three sizes in turn, as the seed says, unless one is asked for.
Plan planOf(const Options &options, std::uint64_t seed, const std::filesystem::path &folder)
{
    static constexpr int sizes[][2] = {{5, 60}, {3, 40}, {5, 60}, {8, 120}};
    const auto &size = sizes[seed % 4];
    return {seed, options.devices ? options.devices : size[0],
        options.edits ? options.edits : size[1], options.store == "sqlite", options.isTraced,
        folder};
}

}  // namespace

// What throws here is our mistake or no memory, and ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char **argv)
{
    Options options;
    CLI::App app("Deterministic simulation of replication", "tend-sim");
    app.add_option("--from", options.from, "first seed");
    app.add_option("--seeds", options.seeds, "how many");
    app.add_option("--only", options.only, "these seeds instead");
    app.add_option("--devices", options.devices, "devices in each world");
    app.add_option("--edits", options.edits, "acts in each world");
    app.add_option("--minutes", options.minutes, "stop after this long");
    app.add_option("--store", options.store, "memory or sqlite");
    app.add_option("--mutant", options.mutant, "plant this fault and expect it to be found");
    app.add_flag("--trace", options.isTraced, "tell what happens");
    CLI11_PARSE(app, argc, argv);
#ifdef TEND_MUTANTS
    replica::activeMutant = options.mutant;
#endif
    const auto base = std::filesystem::exists("/dev/shm") ? std::filesystem::path("/dev/shm")
                                                          : std::filesystem::temp_directory_path();
    const auto folder = base / ("tend-sim-" + std::to_string(::getpid()));
    const auto began = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    std::uint64_t played = 0;
    std::uint64_t failures = 0;
    std::uint64_t commits = 0;
    std::uint64_t messages = 0;
    const std::uint64_t count = options.only.empty() ? options.seeds : options.only.size();
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t seed = options.only.empty() ? options.from + i : options.only[i];
        if (options.minutes > 0 && seconds() > options.minutes * 60)
            break;
        if (options.store == "sqlite") {
            std::filesystem::remove_all(folder);
            std::filesystem::create_directories(folder);
        }
        const auto verdict = World(planOf(options, seed, folder)).play();
        ++played;
        commits += verdict.commits;
        messages += verdict.messages;
        if (verdict.violations.empty())
            continue;
        ++failures;
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed),
            verdict.violations.front().c_str());
        if (!options.mutant.empty() || failures >= 10)
            break;
    }
    std::filesystem::remove_all(folder);
    std::printf(
        "%s: %llu seeds, %llu failures, %llu commits, %llu messages, %.1f s, %.0f seeds/s\n",
        options.store.c_str(), static_cast<unsigned long long>(played),
        static_cast<unsigned long long>(failures), static_cast<unsigned long long>(commits),
        static_cast<unsigned long long>(messages), seconds(),
        static_cast<double>(played) / seconds());
    if (!options.mutant.empty()) {
        std::printf(
            "mutant %s: %s\n", options.mutant.c_str(), failures > 0 ? "found" : "NOT FOUND");
        return failures > 0 ? 0 : 1;
    }
    return failures > 0 ? 1 : 0;
}
