#include <map>
#include <sqlite3.h>

#include <QtTest>

#include "app/journal/brief.h"
#include "app/journal/facts_reader.h"
#include "app/journal/look_alikes.h"
#include "app/journal/plan_reader.h"
#include "app/journal/reasons.h"
#include "app/journal/relay.h"
#include "app/journal/row_text.h"
#include "app/journal/search.h"
#include "tests/support/written_journal.h"

using namespace tend;

namespace {

constexpr int customerCount = 400;
constexpr int visitsEach = 10;
// A table of hundreds of rows is small; one that grows with every visit is not.
constexpr int stepsMax = 300;

// What each statement stepped through without an index since it was last asked.
std::map<std::string, int> &scans()
{
    static std::map<std::string, int> found;
    return found;
}

// Instructions that SQLite ran.
std::int64_t &work()
{
    static std::int64_t steps = 0;
    return steps;
}

int noteStatement(unsigned, void *, void *statement, void *)
{
    auto *its = static_cast<sqlite3_stmt *>(statement);
    work() += sqlite3_stmt_status(its, SQLITE_STMTSTATUS_VM_STEP, 1);
    const int steps = sqlite3_stmt_status(its, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
    const std::string_view sql = sqlite3_sql(its);
    // The list of tables grows with the program, not with the journal; what is kept of Today is as
    // long as the answer.
    if (steps > 0 && sql.find("sqlite_schema") == std::string_view::npos
        && sql.find("FROM today_reason r") == std::string_view::npos)
        scans()[std::string(sql)] += steps;
    return 0;
}

int watch(sqlite3 *database, char **, const sqlite3_api_routines *)
{
    return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, &noteStatement, nullptr);
}

replica::Change row(const char *table, const replica::RowId &id,
    std::initializer_list<std::pair<const char *, replica::Value>> columns)
{
    ChangeBuilder builder(table, id, replica::ChangeKind::Insert);
    for (const auto &[column, value] : columns)
        builder.set(column, value);
    return builder.take();
}

}  // namespace

// What the pages ask costs what they show, not what there is: no statement goes through a table
// that grows with the journal.
class QueryPlansTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;
    std::unique_ptr<StoreJournal> m_pages;
    Id m_customer;
    Id m_visit;

    void fill()
    {
        OpenReplica &its = m_journal->its();
        std::vector<std::vector<replica::Change>> groups;
        const auto id = [&] {
            return replica::makeUuid7(its.clock.wallNow(), its.random);
        };
        for (int i = 0; i < customerCount; ++i) {
            std::vector<replica::Change> group;
            const auto customer = id();
            const replica::Value whose = replica::Blob{replica::Bytes(customer.bytes())};
            group.push_back(row("customer", customer,
                {{"name", "Customer " + std::to_string(i)},
                    {"phone", "06" + std::to_string(10'000'000 + i)}}));
            for (int n = 0; n < visitsEach; ++n) {
                const auto visit = id();
                group.push_back(row("visit", visit,
                    {{"customer_id", whose}, {"outcome", "met"}, {"said", "the oven and the door"},
                        {"started_at", std::int64_t{1'770'000'000'000} + (i + n * 40) * 60'000LL},
                        {"next_step", n % 3 == 0 ? replica::Value{"call"} : replica::Value{}},
                        {"next_step_on",
                            n % 3 == 0 ? replica::Value{"2026-06-01"} : replica::Value{}}}));
                group.push_back(
                    row("remark", id(), {{"customer_id", whose}, {"words", "closed too early"}}));
                m_visit = replica::toText(visit);
            }
            for (const char *table : {"promise", "need", "circumstance", "sale", "follow_up"}) {
                const char *words = std::string_view(table) == "need" ? "words"
                    : std::string_view(table) == "sale"               ? "item"
                    : std::string_view(table) == "follow_up"          ? "about"
                                                                      : "what";
                group.push_back(row(table, id(), {{"customer_id", whose}, {words, "a thing"}}));
            }
            groups.push_back(std::move(group));
            m_customer = replica::toText(customer);
        }
        QVERIFY(its.replica->commitAll(groups));
        // All but a few arrived.
        QVERIFY(m_journal->database().execute("UPDATE grp SET sequence = ord WHERE ord > 5"));
    }

    template <typename Work>
    QString scansOf(Work work)
    {
        scans().clear();
        work();
        QStringList found;
        for (const auto &[sql, steps] : scans())
            if (steps > stepsMax)
                found.append(QString("%1 steps: %2").arg(steps).arg(QString::fromStdString(sql)));
        return found.join('\n');
    }

private slots:

    void initTestCase()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        QCOMPARE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch)), SQLITE_OK);
        m_journal = std::make_unique<WrittenJournal>();
        m_pages
            = std::make_unique<StoreJournal>(*m_journal->its().store, *m_journal->its().replica);
        fill();
        QVERIFY(SearchIndex(m_journal->database()).find("oven", 1));
    }

    void theWatchSeesAScan()
    {
        const QString found = scansOf([&] {
            QVERIFY(
                m_journal->database().queryInt("SELECT count(*) FROM visit WHERE said LIKE '%x'"));
        });
        QVERIFY2(found.contains("FROM visit"), qPrintable(found));
    }

    void P5_noPageGoesThroughALargeTable_data()
    {
        QTest::addColumn<int>("page");
        int number = 0;
        for (const char *name :
            {"customer page", "brief", "profile of one", "search", "log sheet", "a saved visit",
                "sync page", "double check", "heard", "plans of one", "drafts", "today"})
            QTest::newRow(name) << number++;
    }

    void P5_noPageGoesThroughALargeTable()
    {
        QFETCH(int, page);
        const Day today = *parseDay("2026-06-02");
        auto &database = m_journal->database();
        const QString found = scansOf([&] {
            switch (page) {
            case 0:
                QVERIFY(m_pages->customer(m_customer));
                break;
            case 1:
                QVERIFY(briefOf(database, m_customer, today));
                break;
            case 2:
                QVERIFY(FactsReader(database).of(m_customer));
                break;
            case 3:
                QVERIFY(!m_pages->customers("oven doo")->empty());
                QVERIFY(!m_pages->customers("06 10000")->empty());
                QVERIFY(!m_pages->customers("17 oven")->empty());
                break;
            case 4:
                QCOMPARE(m_pages->suggestions()->size(), std::size_t{3});
                break;
            case 5:
                QVERIFY(m_pages->visit(m_visit));
                break;
            case 6:
                QVERIFY(m_pages->syncReport());
                break;
            case 7:
                QVERIFY(LookAlikes(database).of({"Custmer 17", "0610000017", "", ""}));
                break;
            case 8:
                QVERIFY(readRelayed(database));
                break;
            case 9:
                QVERIFY(readPlans(database, m_customer, today));
                break;
            case 10:
                QVERIFY(m_pages->drafts());
                break;
            default:
                QVERIFY(!m_pages->today(today)->empty());
            }
        });
        QVERIFY2(found.isEmpty(), qPrintable(found));
    }

    // What Today costs after a visit was saved: as much beside ten times as many customers.
    void P5_todayCostsWhatChanged()
    {
        const Day today = *parseDay("2026-06-02");
        const auto workOf = [&](int customers) {
            const WrittenJournal journal;
            OpenReplica &its = journal.its();
            StoreJournal pages(*its.store, *its.replica);
            std::vector<std::vector<replica::Change>> groups;
            VisitDraft draft;
            for (int i = 0; i < customers; ++i) {
                const auto id = replica::makeUuid7(its.clock.wallNow(), its.random);
                const auto visit = replica::makeUuid7(its.clock.wallNow(), its.random);
                const replica::Value whose = replica::Blob{replica::Bytes(id.bytes())};
                groups.push_back({row("customer", id, {{"name", "Customer"}}),
                    row("visit", visit,
                        {{"customer_id", whose}, {"outcome", "met"}, {"on_day", "2026-06-01"},
                            {"next_step",
                                i % customers < 5 ? replica::Value{"call"} : replica::Value{}},
                            {"next_step_on", "2026-06-02"}})});
                draft.customerId = replica::toText(id);
            }
            if (!its.replica->commitAll(groups) || pages.today(today)->size() != 5)
                qFatal("the journal could not be filled");
            draft.said = "the oven";
            draft.nextStep = "bring the list";
            draft.nextStepOn = today;
            draft.startedAt = *parseTime("2026-06-02T10:00:00Z");
            if (!pages.saveVisit(draft))
                qFatal("the visit could not be saved");
            work() = 0;
            if (pages.today(today)->size() != 6)
                qFatal("the visit is not in Today");
            return work();
        };
        const std::int64_t few = workOf(200);
        const std::int64_t many = workOf(2'000);
        QVERIFY2(many < few * 3 / 2, qPrintable(QString("%1, %2").arg(few).arg(many)));
    }
};

QTEST_GUILESS_MAIN(QueryPlansTest)
#include "query_plans_test.moc"
