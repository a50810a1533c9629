#include <QtTest>

#include "app/journal/facts.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "app/journal/what_follows.h"
#include "tests/support/written_journal.h"

using namespace tend;
using replica::Change;
using replica::ChangeKind;
using replica::Column;
using replica::ColumnType;
using replica::SeededRandom;
using replica::Table;
using replica::Value;

namespace {

// What docs/RULES.md refuses, "What may be written": these columns want something beside them.
bool isHeldToARule(const std::string &table, const std::string &column)
{
    static const std::set<std::pair<std::string, std::string>> held{{"plan", "active"},
        {"need", "state"}, {"need", "confirmed_visit_id"}, {"initiative", "owner_id"},
        {"relay_event", "kind"}, {"handover", "told_visit_id"}};
    return held.contains({table, column});
}

Value anyValue(const Column &column, SeededRandom &random)
{
    if (!column.choices.empty())
        return column.choices[random.below(column.choices.size())];
    switch (column.type) {
    case ColumnType::Text:
        return "words " + std::to_string(random.below(1'000));
    case ColumnType::Integer:
        return column.range ? static_cast<std::int64_t>(column.range->first)
                + static_cast<std::int64_t>(random.below(
                    static_cast<std::uint64_t>(column.range->second - column.range->first) + 1))
                            : static_cast<std::int64_t>(random.below(1'000));
    case ColumnType::Real:
        return static_cast<double>(random.below(90));
    case ColumnType::Boolean:
        return static_cast<std::int64_t>(random.below(2));
    case ColumnType::Id:
        return replica::Blob{random.bytes(16)};
    case ColumnType::Time:
        return static_cast<std::int64_t>(random.below(1'900'000'000'000));
    case ColumnType::Day:
        return dayText(Day{static_cast<std::int32_t>(random.below(25'000))});
    case ColumnType::Octets:
        return replica::Blob{random.bytes(8)};
    }
    return {};
}

}  // namespace

// docs/RULES.md, "What may be written" and "What is added by itself".
class WritingTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;
    std::unique_ptr<StoreJournal> m_pages;
    SeededRandom m_random{20};

    Id customer(const char *name) { return m_journal->put("customer", {{"name", name}}); }

    [[nodiscard]] replica::Result<std::vector<Change>> rows(const char *table) const
    {
        replica::Records &records = m_journal->its().replica->records();
        const Table &its = *journalSchema().table(table);
        std::vector<Change> found;
        for (const replica::RowId &id : TRY(records.rowIds(its.id)))
            found.push_back(*TRY(records.row(its.id, id)));
        return found;
    }

    [[nodiscard]] static Value valueOf(const Change &row, const char *column)
    {
        const Table &table = *journalSchema().table(row.table);
        for (const replica::Assignment &given : row.assignments) {
            if (given.column == table.column(column)->id)
                return given.value;
        }
        return {};
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
        m_pages
            = std::make_unique<StoreJournal>(*m_journal->its().store, *m_journal->its().replica);
    }

    void P1_2_whoAndOneLineAreEnough()
    {
        VisitDraft draft;
        draft.customerId = customer("Rosa");
        QVERIFY(m_pages->saveVisit(draft));  // every other field empty
        draft.customerId.clear();
        draft.newCustomerName = "somebody";
        draft.said = "the oven smokes";
        QVERIFY(m_pages->saveVisit(draft));
        QVERIFY(m_pages->saveRemark("the oven smokes", {}));  // nobody knows who said it
    }

    // Whatever else is filled in or left out, in whatever state things are: it is saved, and reads
    // as it was written.
    void P1_20_nothingElseIsCompulsory()
    {
        int written = 0;
        for (const Table &table : journalSchema().tables()) {
            if (table.writer != replica::TableWriter::Members || table.name == "attachment"
                || table.name == "relay_event")
                continue;
            for (int round = 0; round < 40; ++round) {
                ChangeBuilder builder(table.name.c_str(),
                    table.key.empty() ? replica::makeUuid7({}, m_random) : replica::RowId{},
                    ChangeKind::Insert);
                for (const Column &column : table.columns) {
                    const bool isNeeded = column.isRequired || column.name == "owner_id";
                    if (isNeeded
                        || (m_random.below(3) == 0 && !isHeldToARule(table.name, column.name)))
                        builder.set(column.name.c_str(), anyValue(column, m_random));
                }
                const Change change = builder.take();
                replica::Records &records = m_journal->its().replica->records();
                const auto may = mayWrite(records, change);
                QVERIFY2(may, may ? "" : (table.name + ": " + may.error().message).c_str());
                const auto made = m_journal->its().replica->commit({change});
                QVERIFY2(made, made ? "" : (table.name + ": " + made.error().message).c_str());
                QVERIFY(records.row(table.id, change.row).value() == change);
                ++written;
            }
        }
        QVERIFY(written > 800);
    }

    void P1_20_aVisitIsSavedWithAnyOfItsFields()
    {
        const Id rosa = customer("Rosa");
        const auto some = [&] {
            return m_random.below(2) == 0;
        };
        for (int round = 0; round < 300; ++round) {
            VisitDraft draft;
            draft.customerId = rosa;
            draft.kind = static_cast<VisitKind>(m_random.below(5));
            draft.outcome = static_cast<Outcome>(m_random.below(3));
            draft.direction = static_cast<Direction>(m_random.below(2));
            draft.help = static_cast<Help>(m_random.below(3));
            draft.startedAt = replica::WallTime{1'780'000'000'000 + round};
            if (some())
                draft.feeling = static_cast<int>(m_random.below(5)) - 2;
            if (some())
                draft.said = "what they said";
            if (some())
                draft.impression = "what we think";
            if (some())
                draft.nextStep = "what comes next";
            if (some())
                draft.nextStepOn = Day{20'600};
            const auto saved = m_pages->saveVisit(draft);
            QVERIFY(saved.has_value());
            const auto again = m_pages->visit(saved->visitId);
            QVERIFY(static_cast<const VisitFields &>(*again) == draft);
        }
    }

    void P1_60_helpAskedForIsAPromise()
    {
        const Id rosa = customer("Rosa");
        VisitDraft draft;
        draft.customerId = rosa;
        draft.said = "the lift door jams";
        draft.help = Help::Offered;
        draft.startedAt = *parseTime("2026-06-10T10:00:00Z");
        const auto offered = m_pages->saveVisit(draft);
        QVERIFY(offered && rows("promise")->empty());

        draft.help = Help::Asked;
        const auto asked = m_pages->saveVisit(draft);
        auto promises = rows("promise").value();
        QCOMPARE(promises.size(), std::size_t{1});
        QVERIFY(valueOf(promises[0], "customer_id") == link(rosa));
        QVERIFY(valueOf(promises[0], "visit_id") == link(asked->visitId));
        QVERIFY(valueOf(promises[0], "what") == Value{"the lift door jams"});
        const Day madeOn = parseDay(std::get<std::string>(valueOf(promises[0], "made_on"))).value();
        QVERIFY(madeOn == localDay(*draft.startedAt));
        QVERIFY(valueOf(promises[0], "due_on") == Value{dayText(daysLater(madeOn, 3))});
        // It stands in Today while it is open, is late the day after, and counts when it is kept.
        const Day due = daysLater(madeOn, 3);
        const auto told = m_pages->today(due);
        QVERIFY(told->front().reason == ReasonKind::PromiseDue);
        QCOMPARE(told->front().about, std::string("the lift door jams"));
        m_journal->put("promise", {{"state", "kept"}, {"done_on", dayText(due)}},
            replica::toText(promises[0].row));

        // Corrected for another reason it makes no second one; what an older visit turns out to
        // have been makes its own.
        VisitDraft again = *m_pages->visit(asked->visitId);
        again.said = "the lift door jams on three";
        QVERIFY(m_pages->saveVisit(again));
        QCOMPARE(rows("promise")->size(), std::size_t{1});
        again = *m_pages->visit(offered->visitId);
        again.help = Help::Asked;
        QVERIFY(m_pages->saveVisit(again));
        QCOMPARE(rows("promise")->size(), std::size_t{2});
        again = *m_pages->visit(asked->visitId);
        again.help = Help::None;
        QVERIFY(m_pages->saveVisit(again));
        again = *m_pages->visit(asked->visitId);
        again.help = Help::Asked;
        QVERIFY(m_pages->saveVisit(again));
        QCOMPARE(rows("promise")->size(), std::size_t{2});
    }

    // However much they said, and whoever it turns out to have been.
    void P1_60_theVisitIsSavedAndItsPromiseGoesWithIt()
    {
        const Id rosa = customer("Rosa");
        const Id piet = customer("Piet");
        VisitDraft draft;
        draft.customerId = rosa;
        draft.help = Help::Asked;
        draft.said = QString(700'000, QLatin1Char('w')).toStdString();
        const auto saved = m_pages->saveVisit(draft);
        QVERIFY(saved.has_value());
        QCOMPARE(m_pages->visit(saved->visitId)->said.size(), std::size_t{700'000});
        auto promises = rows("promise").value();
        QVERIFY(std::get<std::string>(valueOf(promises.at(0), "what")).size() < 210);
        QVERIFY(m_pages->visit(saved->visitId));
        VisitDraft again = *m_pages->visit(saved->visitId);
        again.customerId = piet;
        QVERIFY(m_pages->saveVisit(again));
        promises = rows("promise").value();
        QCOMPARE(promises.size(), std::size_t{1});
        QVERIFY(valueOf(promises[0], "customer_id") == link(piet));
        QVERIFY(valueOf(promises[0], "visit_id") == link(saved->visitId));
    }

    // Whatever else was promised in that visit, by them or by us.
    void P1_60_helpIsAPromiseOfItsOwn()
    {
        const Id rosa = customer("Rosa");
        VisitDraft draft;
        draft.customerId = rosa;
        draft.said = "the door\njams";
        const auto saved = m_pages->saveVisit(draft);
        for (const char *by : {"them", "us"})
            m_journal->put("promise",
                {{"customer_id", link(rosa)}, {"by", by}, {"what", "the papers"},
                    {"visit_id", link(saved->visitId)}});
        VisitDraft again = *m_pages->visit(saved->visitId);
        again.help = Help::Asked;
        QVERIFY(m_pages->saveVisit(again));
        auto promises = rows("promise").value();
        QCOMPARE(promises.size(), std::size_t{3});
        const auto help = std::find_if(promises.begin(), promises.end(),
            [](const Change &one) { return valueOf(one, "what") == Value{"the door jams"}; });
        QVERIFY(help != promises.end());
        // Whoever takes it away means it: writing the same once more brings nothing back.
        m_journal->remove("promise", replica::toText(help->row));
        replica::Records &records = m_journal->its().replica->records();
        ChangeBuilder same("visit", *replica::parseUuid(saved->visitId), ChangeKind::Update);
        const auto follows
            = promiseOfHelp(records, same.set("help", "asked").take(), {}, replica::WallTime{0});
        QVERIFY(follows && !*follows);
        QCOMPARE(rows("promise")->size(), std::size_t{2});
    }

    // Two devices that write it down without having seen each other.
    void P1_60_isOnePromiseWhoeverWritesIt()
    {
        ChangeBuilder visit("visit", *replica::parseUuid("0190a000-0000-7000-8000-000000000001"),
            ChangeKind::Insert);
        const Change change
            = visit.set("customer_id", link(customer("Rosa"))).set("help", "asked").take();
        const WrittenJournal elsewhere;
        const auto one
            = promiseOfHelp(m_journal->its().replica->records(), change, {}, replica::WallTime{0});
        const auto other = promiseOfHelp(
            elsewhere.its().replica->records(), change, {}, replica::WallTime{99'000'000'000});
        QVERIFY(one.value()->row == other.value()->row);
        // Of a visit without a day: that on which its row was made.
        QVERIFY(valueOf(**one, "made_on") == Value{"2024-07-11"});
        QVERIFY(valueOf(**other, "made_on") == valueOf(**one, "made_on"));
    }

    void R6_whatIsGivenIsDated()
    {
        replica::Records &records = m_journal->its().replica->records();
        const auto dated = [&](const char *state, const Id &row = {}) {
            const auto id
                = row.empty() ? replica::makeUuid7({}, m_random) : *replica::parseUuid(row);
            Change change
                = ChangeBuilder("need", id, ChangeKind::Update).set("state", state).take();
            if (!dateGiven(records, change, *parseDay("2026-03-10")))
                qFatal("the journal cannot be read");
            return valueOf(change, "given_on");
        };
        QVERIFY(dated("given") == Value{"2026-03-10"});
        QVERIFY(dated("heard") == Value{});
        // What was given long ago is not given today.
        const Id given = m_journal->put("need",
            {{"customer_id", link(customer("Rosa"))}, {"words", "quieter"}, {"state", "given"}});
        QVERIFY(dated("given", given) == Value{});
    }

    // A promise to a customer is seen by more people than a visit that is only its author's.
    void P1_60_wordsOfAPrivateVisitStayThere()
    {
        replica::Records &records = m_journal->its().replica->records();
        const Id rosa = customer("Rosa");
        ChangeBuilder visit("visit", replica::makeUuid7({}, m_random), ChangeKind::Insert);
        visit.set("customer_id", link(rosa))
            .set("said", "the canary sings")
            .set("private_to", link(rosa))
            .set("help", "asked")
            .set("on_day", "2026-06-10");
        const auto promise = promiseOfHelp(records, visit.take(), {}, replica::WallTime{0});
        QVERIFY(valueOf(**promise, "what") == Value{"Help"});
        QVERIFY(valueOf(**promise, "due_on") == Value{"2026-06-13"});
    }

    // A visit needs no deal, and there is nowhere to write one.
    void P1_1_thereIsNoDealAndNoStage()
    {
        for (const replica::Table &table : journalSchema().tables()) {
            std::vector<std::string> names{table.name};
            for (const replica::Column &column : table.columns)
                names.push_back(column.name);
            for (const std::string &name : names) {
                for (const char *sales :
                    {"deal", "pipeline", "stage", "lead", "opportunity", "funnel"})
                    QVERIFY2(name.find(sales) == std::string::npos, name.c_str());
            }
        }
    }

    // How they see us is written where we met them and nowhere else, so no such number is without a
    // visit.
    void R3_noRatingWithoutAVisit()
    {
        int found = 0;
        for (const replica::Table &table : journalSchema().tables()) {
            for (const replica::Column &column : table.columns) {
                const std::string &name = column.name;
                const bool isTheirView = name.find("rating") != std::string::npos
                    || name.find("feeling") != std::string::npos
                    || name.find("score") != std::string::npos;
                QVERIFY2(!isTheirView || table.name == "visit" || table.name == "visit_customer",
                    (table.name + '.' + name).c_str());
                found += isTheirView ? 1 : 0;
            }
        }
        QCOMPARE(found, 4);
        // In a group visit it hangs on the visit by the row's very id.
        QVERIFY(journalSchema().table("visit_customer")->column("visit_id")->isRequired);
    }

    void P1_58_aNewRowSaysWhoseItIs()
    {
        const auto member = replica::makeUuid7({}, m_random);
        const Value self{replica::Blob{replica::Bytes(member.bytes())}};
        for (const auto &[table, column] :
            std::initializer_list<std::pair<const char *, const char *>>{{"sale", "seller_id"},
                {"visit", "member_id"}, {"remark", "member_id"}, {"promise", "member_id"},
                {"relay_event", "member_id"}, {"follow_up", "owner_id"}}) {
            const auto id = replica::makeUuid7({}, m_random);
            Change change = ChangeBuilder(table, id, ChangeKind::Insert).take();
            sign(change, member);
            QVERIFY(valueOf(change, column) == self);
            // What somebody gave stays, also that it is nobody's; a correction is no new row.
            change = ChangeBuilder(table, id, ChangeKind::Insert).set(column, Value{}).take();
            sign(change, member);
            QVERIFY(valueOf(change, column) == Value{});
            change = ChangeBuilder(table, id, ChangeKind::Update).take();
            sign(change, member);
            QVERIFY(change.assignments.empty());
            change = ChangeBuilder(table, id, ChangeKind::Insert).take();
            sign(change, {});
            QVERIFY(change.assignments.empty());
        }
    }
};

QTEST_GUILESS_MAIN(WritingTest)
#include "writing_test.moc"
