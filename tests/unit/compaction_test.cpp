#include <nlohmann/json.hpp>

#include <QtTest>

#include "tests/support/office.h"

using namespace replica;
using test::Office;

namespace {

constexpr std::chrono::hours day{24};
constexpr std::chrono::hours keepFor{400 * 24};

}  // namespace

// What a server calls old, by the days it has seen itself.
class CompactionTest : public QObject {
    Q_OBJECT

private slots:

    void theLogEndsFourHundredDaysBack()
    {
        Office office;
        std::vector<Sequence> heads;
        for (int i = 0; i < 450; ++i) {
            write(office);
            heads.push_back(office.workspace->head());
            tidy(office);
            if (i < 400)
                QVERIFY(office.workspace->floor() == Sequence{0});
            pass(office, day);
        }
        QVERIFY(office.workspace->floor() == heads.at(449 - 400));
        QVERIFY(office.workspace->verify()->empty());
        QVERIFY(marks(office) <= 402);
    }

    // A clock set two years ahead, by mistake, and back again.
    void aClockThatLeaptMakesNothingOld()
    {
        Office office;
        for (int i = 0; i < 10; ++i) {
            write(office);
            tidy(office);
            pass(office, day);
        }
        pass(office, 730 * day);
        for (int i = 0; i < 20; ++i) {
            write(office);
            tidy(office);
            QVERIFY(office.workspace->floor() == Sequence{0});
            pass(office, day);
        }
        restartAt(office, WallTime{inMs(office.clock.now) - 740LL * 86'400'000});
        tidy(office);
        QVERIFY(office.workspace->floor() == Sequence{0});
        QVERIFY(marks(office) < 20);  // none of the days that were not
    }

    void aServerWithNothingToDoKeepsFewMarks()
    {
        Office office;
        write(office);
        for (int i = 0; i < 900; ++i) {
            tidy(office);
            pass(office, day);
        }
        QVERIFY(office.workspace->floor() == office.workspace->head());
        QVERIFY(marks(office) <= 402);
    }

private:
    static void write(Office &office)
    {
        ENSURE(office.workspace
                   ->commit({Office::row("territory", office.newId(), ChangeKind::Insert,
                       {{"name", std::string("North")}})})
                   .has_value());
    }

    static void tidy(Office &office) { ENSURE(office.workspace->tidy(keepFor).has_value()); }

    static void pass(Office &office, std::chrono::hours time)
    {
        office.clock.now = WallTime{inMs(office.clock.now)
            + std::chrono::duration_cast<std::chrono::milliseconds>(time).count()};
    }

    static void restartAt(Office &office, WallTime now)
    {
        office.clock.now = now;
        office.workspace.reset();
        auto opened = tend::server::Workspace::open(
            *office.store, Office::schema(), office.clock, office.random);
        ENSURE(opened.has_value());
        office.workspace = *std::move(opened);
    }

    static std::size_t marks(Office &office)
    {
        return nlohmann::json::parse(office.store->fact("days")->value()).size();
    }
};

QTEST_APPLESS_MAIN(CompactionTest)
#include "compaction_test.moc"
