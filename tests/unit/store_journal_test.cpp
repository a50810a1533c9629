#include <QTemporaryDir>
#include <QtTest>

#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "app/session/open_replica.h"

using namespace tend;
using replica::ErrorCode;

namespace {

constexpr Day today{20'600};
constexpr std::int64_t dayMs = 86'400'000;

WallTime daysAgo(int days)
{
    return WallTime{(static_cast<std::int64_t>(today) - days) * dayMs + 10 * 3'600'000};
}

}  // namespace

class StoreJournalTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<OpenReplica> m_open;
    std::unique_ptr<StoreJournal> m_journal;

    void reopen()
    {
        m_journal.reset();
        m_open.reset();
        KeyChoice key;
        key.isPlaintext = true;
        auto open
            = openReplicaFile((m_folder->path() + "/r.db").toStdString(), key, WhenMissing::Make);
        QVERIFY2(open.has_value(), open ? "" : open.error().message.c_str());
        m_open = *std::move(open);
        m_journal = std::make_unique<StoreJournal>(*m_open->store, *m_open->replica);
    }

    Id add(const std::string &name)
    {
        const auto id = m_journal->addCustomer({name, "Mill Lane", "06 1"});
        return id ? *id : Id{};
    }

    Id visit(
        const Id &customer, int ago, const std::string &said = {}, Outcome outcome = Outcome::Met)
    {
        VisitDraft draft;
        draft.customerId = customer;
        draft.startedAt = daysAgo(ago);
        draft.said = said;
        draft.outcome = outcome;
        const auto saved = m_journal->saveVisit(draft);
        return saved ? saved->visitId : Id{};
    }

    std::vector<TodayRow> rows()
    {
        const auto found = m_journal->today(today);
        return found ? *found : std::vector<TodayRow>{};
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        reopen();
    }

    void cleanup()
    {
        m_journal.reset();
        m_open.reset();
        m_folder.reset();
    }

    void P1_2_aVisitNeedsOnlyWhoItWas()
    {
        VisitDraft draft;
        const auto refused = m_journal->saveVisit(draft);
        QVERIFY(!refused && refused.error().code == ErrorCode::Invalid);
        draft.newCustomerName = "  Ana Ruiz ";
        const auto saved = m_journal->saveVisit(draft);
        QVERIFY(saved.has_value());
        QCOMPARE(saved->who, std::string("Ana Ruiz"));
        const auto page = m_journal->customer(saved->customerId);
        QVERIFY(page.has_value());
        QCOMPARE(page->story.size(), std::size_t{1});
        QVERIFY(!page->feeling);  // not said is not so-so
    }

    void wordsAndImpressionStayApart()
    {
        const Id ana = add("Ana Ruiz");
        VisitDraft draft;
        draft.customerId = ana;
        draft.said = "too late";
        draft.impression = "tired";
        draft.feeling = -1;
        draft.theySaidSo = false;
        QVERIFY(m_journal->saveVisit(draft).has_value());
        const auto page = m_journal->customer(ana);
        QCOMPARE(page->story[0].said, std::string("too late"));
        QCOMPARE(page->story[0].impression, std::string("tired"));
        QVERIFY(!page->story[0].customerFeeling);
        QCOMPARE(page->story[0].repFeeling, Feeling(-1));
        QVERIFY(!page->theySaidSo);
        // What they say themselves outweighs it, also when it is older.
        draft.startedAt = daysAgo(100);
        draft.feeling = 2;
        draft.theySaidSo = true;
        QVERIFY(m_journal->saveVisit(draft).has_value());
        QCOMPARE(m_journal->customer(ana)->feeling, Feeling(2));
    }

    void theDraftIsThereAfterReopening()
    {
        VisitDraft draft;
        draft.customerId = add("Ana Ruiz");
        draft.said = "we open at \xe2\x80";  // cut in the middle of a letter
        draft.kind = VisitKind::Call;
        draft.feeling = 1;
        QVERIFY(m_journal->keepDraft(draft).has_value());
        reopen();
        const auto kept = m_journal->drafts();
        QVERIFY(kept && kept->visits.size() == 1);
        const VisitDraft &found = kept->visits.front();
        QCOMPARE(found.customerId, draft.customerId);
        QVERIFY(found.said.starts_with("we open at "));
        QVERIFY(found.kind == VisitKind::Call && found.feeling == Feeling(1));
        // Saving takes it away in the same breath.
        QVERIFY(m_journal->saveVisit(found).has_value());
        QVERIFY(m_journal->drafts()->visits.empty());
    }

    void oneDraftLeavesTheOthersAlone()
    {
        VisitDraft one;
        one.key = "one";
        one.customerId = add("Ana Ruiz");
        one.said = "first";
        VisitDraft other = one;
        other.key = "other";
        other.said = "second";
        QVERIFY(m_journal->keepDraft(one).has_value());
        QVERIFY(m_journal->keepDraft(other).has_value());
        QVERIFY(m_journal->keepRemarkDraft({"nobody called", one.customerId}).has_value());
        one.said = "first, and more";
        QVERIFY(m_journal->keepDraft(one).has_value());
        reopen();
        auto kept = *m_journal->drafts();
        QCOMPARE(kept.visits.size(), std::size_t{2});
        QCOMPARE(kept.visits[0].said, std::string("first, and more"));
        QCOMPARE(kept.visits[1].said, std::string("second"));
        QVERIFY(kept.remark && kept.remark->words == "nobody called");
        QCOMPARE(kept.remark->customerId, one.customerId);
        QVERIFY(m_journal->saveVisit(kept.visits[0]).has_value());
        QVERIFY(m_journal->dropDraft("other").has_value());
        QVERIFY(m_journal->saveRemark("nobody called", {}).has_value());
        kept = *m_journal->drafts();
        QVERIFY(kept.visits.empty() && !kept.remark);
    }

    void aRemarkWithoutWordsIsNoDraft()
    {
        QVERIFY(m_journal->keepRemarkDraft({"late", {}}).has_value());
        QVERIFY(m_journal->keepRemarkDraft({" \n", {}}).has_value());
        QVERIFY(!m_journal->drafts()->remark);
    }

    void aCorrectionChangesWhatDiffersAndKeepsTheHistory()
    {
        const Id ana = add("Ana Ruiz");
        const Id id = visit(ana, 3, "we open at seven");
        VisitDraft draft = *m_journal->visit(id);
        QCOMPARE(draft.said, std::string("we open at seven"));
        QVERIFY(draft.before && *draft.before == static_cast<const VisitFields &>(draft));
        draft.said = "we open at six";
        QVERIFY(m_journal->keepDraft(draft).has_value());
        // Meanwhile the impression is changed elsewhere.
        VisitDraft meanwhile = *m_journal->visit(id);
        meanwhile.key = "elsewhere";
        meanwhile.impression = "in a hurry";
        QVERIFY(m_journal->saveVisit(meanwhile).has_value());
        reopen();
        draft = m_journal->drafts()->visits.at(0);
        const auto saved = m_journal->saveVisit(draft);
        QVERIFY(saved && saved->visitId == id && saved->customerId == ana);
        const auto page = m_journal->customer(ana);
        QCOMPARE(page->story.size(), std::size_t{1});
        QCOMPARE(page->story[0].said, std::string("we open at six"));
        QCOMPARE(page->story[0].impression, std::string("in a hurry"));
        QVERIFY(page->story[0].corrected);
        QVERIFY(page->story[0].at == daysAgo(3));
        QVERIFY(m_journal->drafts()->visits.empty());
        const auto history = m_open->store->records().history(
            journalSchema().table("visit")->id, *replica::parseUuid(id));
        QVERIFY(history.has_value());
        const bool isKept = std::any_of(history->begin(), history->end(), [](const auto &value) {
            return value.value == replica::Value{std::string("we open at seven")};
        });
        QVERIFY(isKept);
    }

    void aCorrectionOfNothingIsNoChange()
    {
        const Id id = visit(add("Ana Ruiz"), 3, "we open at seven");
        const auto before = m_open->replica->status()->waiting;
        const VisitDraft draft = *m_journal->visit(id);
        QVERIFY(m_journal->keepDraft(draft).has_value());
        QVERIFY(m_journal->saveVisit(draft).has_value());
        QCOMPARE(m_open->replica->status()->waiting, before);
        QVERIFY(m_journal->drafts()->visits.empty());
        QCOMPARE(m_journal->visit("nobody").error().code, ErrorCode::NotFound);
    }

    void undoTakesTheVisitOutAndKeepsItsWords()
    {
        const Id ana = add("Ana Ruiz");
        const Id saved = visit(ana, 1, "too late");
        QVERIFY(m_journal->removeVisit(saved).has_value());
        QVERIFY(m_journal->customer(ana)->story.empty());
        const auto history = m_open->replica->records().history(
            journalSchema().table("visit")->id, *replica::parseUuid(saved));
        QVERIFY(
            std::any_of(history->begin(), history->end(), [](const replica::HistoryEntry &entry) {
                return entry.value == replica::Value{std::string("too late")};
            }));
    }

    void todayNamesWhoAboutWhatAndWhy()
    {
        const Id ana = add("Ana Ruiz");
        VisitDraft draft;
        draft.customerId = ana;
        draft.startedAt = daysAgo(3);
        draft.nextStep = "Ask whether six o'clock held";
        draft.nextStepOn = today;
        QVERIFY(m_journal->saveVisit(draft).has_value());
        const auto found = rows();
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].group == TodayGroup::Now && found[0].reason == ReasonKind::NextStepDue);
        QCOMPARE(found[0].who, std::string("Ana Ruiz"));
        QCOMPARE(found[0].about, std::string("Ask whether six o'clock held"));
        QVERIFY(!found[0].evidenceId.empty());
        QVERIFY(!m_journal->customer(ana)->story[0].nextStepDone);
        QVERIFY(m_journal->setNextStep(found[0].evidenceId, StepState::Done).has_value());
        QVERIFY(rows().empty());
        QVERIFY(m_journal->customer(ana)->story[0].nextStepDone);
    }

    // Twice the median gap: seen every ten days, quiet from the twenty-first.
    void quietIsMeasuredAgainstTheOwnRhythm_data()
    {
        QTest::addColumn<int>("last");
        QTest::addColumn<bool>("isQuiet");
        QTest::newRow("on the rhythm") << 10 << false;
        QTest::newRow("at twice") << 20 << false;
        QTest::newRow("past twice") << 21 << true;
    }

    void quietIsMeasuredAgainstTheOwnRhythm()
    {
        QFETCH(int, last);
        QFETCH(bool, isQuiet);
        const Id ana = add("Ana Ruiz");
        for (int i = 0; i < 4; ++i)
            visit(ana, last + i * 10);
        const auto found = rows();
        QCOMPARE(found.size(), std::size_t{1});
        if (!isQuiet)
            QVERIFY(found[0].reason == ReasonKind::RhythmDue);
        if (isQuiet)
            QVERIFY(found[0].group == TodayGroup::GoneQuiet
                && found[0].reason == ReasonKind::GoneQuiet);
    }

    void C5_attemptMovesNothing()
    {
        const Id ana = add("Ana Ruiz");
        visit(ana, 200);
        QVERIFY(rows().at(0).reason == ReasonKind::GoneQuiet);
        visit(ana, 1, {}, Outcome::NoAnswer);
        visit(ana, 0, {}, Outcome::LeftMessage);
        QCOMPARE(rows().size(), std::size_t{1});
        QVERIFY(rows()[0].reason == ReasonKind::GoneQuiet);
        visit(ana, 0);
        QVERIFY(rows().empty());
    }

    // All-day entries of a calendar, and rows of a script, have no moment.
    void R9_aContactWithoutAMomentIsOne()
    {
        const Id ana = add("Ana Ruiz");
        visit(ana, 20);
        const auto put = [&](const char *column, const replica::Value &value) {
            ChangeBuilder made("visit", replica::makeUuid7(m_open->clock.wallNow(), m_open->random),
                replica::ChangeKind::Insert);
            made.set("customer_id", replica::Blob{keyOf(ana)}).set("kind", "call");
            QVERIFY(
                m_open->replica->commit({made.set("outcome", "met").set(column, value).take()}));
        };
        put("on_day", "2031-02-03");
        const auto row = m_journal->customers("")->at(0);
        QVERIFY(row.lastContactAt == parseTime("2031-02-03T00:00:00Z"));
        QVERIFY(row.lastKind == VisitKind::Call);
    }

    void searchFindsNamesAndWhatWasSaid()
    {
        const Id ana = add("Ana Ruiz");
        add("Piet de Vries");
        visit(ana, 1, "The van came at SEVEN again");
        QCOMPARE(m_journal->customers("")->size(), std::size_t{2});
        QCOMPARE(m_journal->customers("vries")->at(0).name, std::string("Piet de Vries"));
        const auto quoted = m_journal->customers("seven van");
        QCOMPARE(quoted->size(), std::size_t{1});
        QCOMPARE(quoted->at(0).matchedWords, std::string("The van came at SEVEN again"));
        QVERIFY(m_journal->customers("hybrid")->empty());
    }

    void whatWaitsIsListedByName()
    {
        visit(add("Ana Ruiz"), 1, "words");
        const auto report = m_journal->syncReport();
        QVERIFY(report.has_value());
        QCOMPARE(report->waiting.size(), std::size_t{2});
        QCOMPARE(report->waiting[1].title, std::string("Ana Ruiz"));
        QCOMPARE(report->state.waiting, 2);
    }

    void aVisitThatArrivedIsToldApart()
    {
        const Id ana = add("Ana Ruiz");
        visit(ana, 1, "The seat hurts.");
        QCOMPARE(m_journal->customer(ana)->story.front().whereabouts, Whereabouts::Waiting);
        const auto push = m_open->replica->nextPush();
        QVERIFY(push && push->has_value());
        replica::PushAnswer answer;
        answer.server.epochs = {{(*push)->epoch, {}}};
        for (const replica::Group &group : (*push)->groups) {
            answer.server.head = replica::Sequence{raw(answer.server.head) + 1};
            answer.verdicts.push_back({group.header.id, replica::VerdictKind::Accepted,
                answer.server.head, group.header.stamp, {}, {}});
        }
        const auto before = m_open->replica->revision();
        QVERIFY(m_open->replica->take(**push, answer).has_value());
        QVERIFY(m_open->replica->revision() != before);  // the pages read again
        QCOMPARE(m_journal->customer(ana)->story.front().whereabouts, Whereabouts::OnServer);
    }

    void timesAndDaysGoThereAndBack()
    {
        for (const char *text :
            {"2026-06-11T14:20:00Z", "1969-12-31T23:59:59.250Z", "2024-02-29T00:00:00Z"})
            QCOMPARE(timeText(*parseTime(text)), std::string(text));
        QCOMPARE(
            timeText(*parseTime("2026-06-11T16:20:00+02:00")), std::string("2026-06-11T14:20:00Z"));
        for (const char *text : {"", "2026-06-11", "2026-13-01T00:00:00Z", "2026-06-11T25:00:00Z",
                 "2026-06-11T14:20:00", "2026-02-30T00:00:00Z", "2026-06-11T-1:-1:-1Z",
                 "2026-06-11T 1: 1: 1Z", "2026-06-11T14:20:00+-2:00", "-026-06-11T14:20:00Z"})
            QVERIFY2(!parseTime(text), text);
        QCOMPARE(dayText(*parseDay("2024-02-29")), std::string("2024-02-29"));
        for (const char *text :
            {"2026-02-30", "26-01-01", "2026-1-1", "2026-+1-01", "+026-01-01", "tomorrow"})
            QVERIFY2(!parseDay(text), text);
    }
};

QTEST_GUILESS_MAIN(StoreJournalTest)
#include "store_journal_test.moc"
