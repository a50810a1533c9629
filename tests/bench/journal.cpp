// tend-bench-journal: what the pages ask, over a journal of the size Tend is made for and over one
// with a tenth of it, in one run and printed as JSON. A page that costs what it shows has a ratio
// of one.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <sys/resource.h>

#include "app/journal/brief.h"
#include "app/journal/facts_reader.h"
#include "app/journal/look_alikes.h"
#include "app/journal/row_text.h"
#include "app/journal/search.h"
#include "app/journal/store_journal.h"
#include "app/session/open_replica.h"

using namespace replica;

namespace {

constexpr std::int64_t dayMs = 86'400'000;

template <typename T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "tend-bench-journal: %s\n", result.error().message.c_str());
        std::exit(1);
    }
    return *std::move(result);
}

void must(Status status)
{
    if (!status) {
        std::fprintf(stderr, "tend-bench-journal: %s\n", status.error().message.c_str());
        std::exit(1);
    }
}

double peakMb()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string inventedWords(Random &random, std::size_t count)
{
    static constexpr const char *syllables[] = {"ba", "de", "fi", "go", "lu", "ma", "ne", "pi",
        "ro", "su", "ta", "ve", "wi", "zo", "ka", "li"};
    std::string text;
    for (std::size_t word = 0; word < count; ++word) {
        text += text.empty() ? "" : " ";
        for (std::size_t i = 0; i < 2 + random.below(3); ++i)
            text += syllables[random.below(std::size(syllables))];
    }
    return text;
}

Change row(const char *table, const RowId &id,
    std::initializer_list<std::pair<const char *, Value>> columns)
{
    tend::ChangeBuilder builder(table, id, ChangeKind::Insert);
    for (const auto &[column, value] : columns)
        builder.set(column, value);
    return builder.take();
}

// One journal, filled, and everything timed over it.
class Measured {
public:
    Measured(const std::filesystem::path &file, std::size_t customers)
        : m_random(526)
    {
        tend::KeyChoice key;
        key.newKeyFile = file.string() + ".key";
        m_open = must(tend::openReplicaFile(file, key, tend::WhenMissing::Make));
        fill(customers);
    }

    void measure()
    {
        auto &database = m_open->store->database();
        tend::StoreJournal pages(*m_open->store, *m_open->replica);
        const tend::Day today{static_cast<std::int32_t>(m_now / dayMs)};
        const auto someone = [&]() -> const tend::Id & {
            return m_customers[m_random.below(m_customers.size())];
        };
        note("search index made", 1, [&] { must(tend::SearchIndex(database).find("bade", 1)); });
        note("search as typed", 60, [&] {
            const std::string asked = inventedWords(m_random, 1 + m_random.below(2));
            must(pages.customers(asked.substr(0, 2 + m_random.below(asked.size() - 1))));
        });
        note("search for a name and a word", 60, [&] {
            const auto page = must(pages.customer(someone()));
            must(pages.customers(page.name + ' ' + inventedWords(m_random, 1).substr(0, 4)));
        });
        note("customer page", 100, [&] { must(pages.customer(someone())); });
        note("brief", 100, [&] { must(tend::briefOf(database, someone(), today)); });
        note("log sheet opens", 20, [&] { must(pages.suggestions()); });
        note("double check", 30, [&] {
            must(tend::LookAlikes(database).of({inventedWords(m_random, 2), "", "", ""}));
        });
        note("today the first time", 1, [&] { must(pages.today(today)); });
        note("today after a save", 20, [&] {
            tend::VisitDraft draft;
            draft.customerId = someone();
            draft.said = inventedWords(m_random, 14);
            draft.startedAt = WallTime{m_now};
            must(pages.saveVisit(draft));
            m_stand = must(pages.today(today)).size();
        });
        note("today on the next day", 1, [&] { must(pages.today(tend::daysLater(today, 1))); });
        note("profile of all", 3, [&] {
            must(tend::FactsReader(database).forEach(
                [&](const tend::CustomerFacts &facts) -> Status {
                    m_words += static_cast<int>(tend::profileOf(facts, today).standing);
                    return {};
                }));
        });
        note("all pairs that look alike", 1, [&] { must(tend::LookAlikes(database).pairs()); });
    }

    // Milliseconds: the middle one and the slowest.
    std::vector<std::tuple<std::string, double, double>> took;

    [[nodiscard]] std::size_t stand() const { return m_stand; }

private:
    void fill(std::size_t customers)
    {
        std::vector<std::vector<Change>> groups;
        for (std::size_t i = 0; i < customers; ++i) {
            const RowId id = makeUuid7(WallTime{m_now - 800 * dayMs}, m_random);
            const Value whose = Blob{Bytes(id.bytes())};
            std::vector<Change> group{row("customer", id,
                {{"name", inventedWords(m_random, 2)},
                    {"phone", "06" + std::to_string(10'000'000 + m_random.below(89'999'999))}})};
            for (std::size_t n = 0; n < 10; ++n) {
                const std::int64_t at
                    = m_now - static_cast<std::int64_t>(m_random.below(700)) * dayMs;
                const RowId visit = makeUuid7(WallTime{at}, m_random);
                group.push_back(row("visit", visit,
                    {{"customer_id", whose}, {"kind", "face_to_face"},
                        {"outcome", n % 7 == 6 ? "no_answer" : "met"}, {"started_at", at},
                        {"minutes", std::int64_t{30}}, {"said", inventedWords(m_random, 14)},
                        {"impression", inventedWords(m_random, 6)},
                        {"customer_feeling", static_cast<std::int64_t>(m_random.below(5)) - 2},
                        {"effect", n % 2 == 0 ? "same" : "strengthened"}}));
                if (n == 0 && i % 5 < 2)
                    group.push_back(row("attachment", makeUuid7(WallTime{at}, m_random),
                        {{"visit_id", Blob{Bytes(visit.bytes())}}, {"name", "photo.jpg"},
                            {"thumbnail", Blob{m_random.bytes(3'000)}}}));
            }
            const std::string due = tend::dayText(tend::Day{static_cast<std::int32_t>(m_now / dayMs)
                + static_cast<std::int32_t>(m_random.below(200)) - 30});
            group.push_back(row("promise", makeUuid7(WallTime{m_now}, m_random),
                {{"customer_id", whose}, {"what", inventedWords(m_random, 4)}, {"due_on", due}}));
            m_customers.push_back(toText(id));
            groups.push_back(std::move(group));
            if (groups.size() == 2'000) {
                must(m_open->replica->commitAll(groups));
                groups.clear();
            }
        }
        must(m_open->replica->commitAll(groups));
    }

    template <typename Work>
    void note(const char *name, int times, Work work)
    {
        std::vector<double> each;
        for (int i = 0; i < times; ++i) {
            const auto began = std::chrono::steady_clock::now();
            work();
            each.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
                    .count());
        }
        std::sort(each.begin(), each.end());
        took.emplace_back(name, each[each.size() / 2], each.back());
    }

    std::int64_t m_now = 1'780'000'000'000;
    SeededRandom m_random;
    std::unique_ptr<tend::OpenReplica> m_open;
    std::vector<tend::Id> m_customers;
    int m_words = 0;
    std::size_t m_stand = 0;  // lines of Today
};

}  // namespace

// What throws here is our mistake or no memory, and ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char **argv)
{
    std::filesystem::path folder;
    std::size_t customers = 50'000;
    CLI::App app("What the pages ask, at size", "tend-bench-journal");
    app.add_option("--folder", folder, "an empty folder to work in")->required();
    app.add_option("--customers", customers, "with ten visits each");
    CLI11_PARSE(app, argc, argv);
    setenv("XDG_STATE_HOME", folder.c_str(), 1);
    Measured few(folder / "few.db", customers / 10);
    few.measure();
    Measured many(folder / "many.db", customers);
    const double filledMb = peakMb();
    many.measure();
    std::printf("{\n  \"customers\": %zu, \"visits\": %zu, \"lines of today\": %zu,\n", customers,
        customers * 10, many.stand());
    for (std::size_t i = 0; i < many.took.size(); ++i) {
        const auto &[name, middle, slowest] = many.took[i];
        std::printf("  \"%s\": {\"ms\": %.2f, \"slowest_ms\": %.2f, \"ms_at_a_tenth\": %.2f, "
                    "\"ratio\": %.2f},\n",
            name.c_str(), middle, slowest, std::get<1>(few.took[i]),
            middle / std::get<1>(few.took[i]));
    }
    std::printf("  \"peak_mb_filling\": %.0f, \"peak_mb\": %.0f\n}\n", filledMb, peakMb());
    return 0;
}
