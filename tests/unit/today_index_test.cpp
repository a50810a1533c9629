#include <QFile>
#include <QtTest>

#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "app/journal/today_index.h"
#include "sync/base/random.h"
#include "tests/support/written_journal.h"

using namespace tend;
using replica::ChangeKind;
using replica::Value;

namespace {

constexpr Day firstDay{20'600};

QStringList textOf(const std::vector<TodayPerson> &people)
{
    QStringList lines;
    for (const TodayPerson &person : people) {
        QString line
            = QString("%1 %2 phone %3 go %4:")
                  .arg(QString::fromStdString(person.customer), QString::fromStdString(person.name))
                  .arg(person.hasPhone)
                  .arg(person.shouldGoThere);
        for (const Reason &reason : person.reasons) {
            QStringList evidence;
            for (const Id &row : reason.evidence)
                evidence.append(QString::fromStdString(row));
            line += QString(" [%1 %2 %3 '%4' %5 by %6 %7]")
                        .arg(static_cast<int>(reason.group))
                        .arg(static_cast<int>(reason.kind))
                        .arg(QString::fromStdString(dayText(reason.day)),
                            QString::fromStdString(reason.topic), evidence.join('+'),
                            QString::fromStdString(reason.owner))
                        .arg(reason.shouldHandOver);
        }
        lines.append(line);
    }
    return lines;
}

// Facts by chance, with every kind of day in them.
CustomerFacts inventedFacts(replica::Random &random)
{
    const auto day = [&] {
        return daysLater(firstDay, static_cast<int>(random.below(1'000)) - 500);
    };
    const auto dayOrNone = [&] {
        return random.below(3) == 0 ? std::nullopt : std::optional(day());
    };
    int number = 0;
    const auto id = [&](const char *kind) {
        return kind + std::to_string(number++);
    };
    CustomerFacts facts;
    facts.id = "c";
    facts.addedOn = dayOrNone();
    for (std::uint64_t n = random.below(8); n > 0; --n) {
        VisitFact visit;
        visit.id = id("v");
        visit.day = day();
        visit.atMs = std::int64_t{static_cast<int>(visit.day)} * 86'400'000;
        visit.kind = random.below(3) == 0 ? VisitKind::Message : VisitKind::Call;
        visit.outcome = random.below(3) == 0 ? Outcome::NoAnswer : Outcome::Met;
        visit.nextStep = random.below(3) == 0 ? "send it" : "";
        visit.nextStepOn = dayOrNone();
        visit.isNextStepDone = random.below(3) == 0;
        facts.visits.push_back(visit);
    }
    std::sort(facts.visits.begin(), facts.visits.end(), [](const auto &one, const auto &other) {
        return std::tie(one.atMs, one.id) < std::tie(other.atMs, other.id);
    });
    const auto visitOrNone = [&] {
        return facts.visits.empty() || random.below(2) == 0
            ? Id{}
            : facts.visits[random.below(facts.visits.size())].id;
    };
    for (std::uint64_t n = random.below(3); n > 0; --n)
        facts.promises.push_back({id("p"), random.below(4) != 0, "a list",
            static_cast<PromiseState>(random.below(5)), dayOrNone(), dayOrNone(), dayOrNone()});
    if (random.below(2) == 0) {
        TermsFact terms;
        terms.id = id("t");
        terms.isTheirs = random.below(2) == 0;
        terms.rhythmDays = static_cast<int>(random.below(60));
        terms.sinceOn = dayOrNone();
        facts.terms.push_back(terms);
    }
    if (random.below(3) == 0)
        facts.answers.push_back({id("r"), id("e"), "it is freezing", 0, day(), "m",
            random.below(2) == 0 ? std::vector<Id>{} : std::vector<Id>{visitOrNone()}});
    if (random.below(3) == 0)
        facts.tags.push_back({id("g"), 1 + static_cast<int>(random.below(60))});
    if (random.below(2) == 0)
        facts.circumstances.push_back({id("x"), "they move", dayOrNone(), dayOrNone()});
    if (random.below(3) == 0)
        facts.needs.push_back({id("n"), "a lift", static_cast<NeedState>(random.below(4))});
    for (std::uint64_t n = random.below(3); n > 0; --n)
        facts.sales.push_back({id("s"), random.below(2) == 0 ? "van" : "car", day(), "m"});
    for (std::uint64_t n = random.below(3); n > 0; --n) {
        FollowUpFact followUp{id("f"), {}, "m", "ask", dayOrNone(), visitOrNone()};
        if (!facts.sales.empty() && random.below(2) == 0) {
            followUp.sale = facts.sales.front().id;
            followUp.dueOn = daysLater(facts.sales.front().soldOn, 30);
        }
        facts.followUps.push_back(followUp);
    }
    if (random.below(3) == 0)
        facts.initiatives.push_back({id("i"), "train", {}, "m", {}, dayOrNone(), dayOrNone()});
    if (random.below(2) == 0)
        facts.handovers.push_back({id("h"), "n", day(), visitOrNone()});
    if (random.below(3) == 0)
        facts.left = {"m"};
    return facts;
}

}  // namespace

// What is kept of Today is what reading everybody anew tells, whatever was written meanwhile.
class TodayIndexTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;
    replica::SeededRandom m_random{1};
    std::map<std::string, std::vector<Id>> m_rows;
    std::vector<Id> m_gone;  // deleted visits
    Day m_today = firstDay;

    [[nodiscard]] replica::sqlite::Database &database() const { return m_journal->database(); }

    [[nodiscard]] QStringList kept(Day day) const
    {
        const auto people = TodayIndex(database()).on(day);
        return people ? textOf(*people)
                      : QStringList{QString::fromStdString(people.error().message)};
    }

    [[nodiscard]] QStringList anew(Day day) const
    {
        return textOf(readToday(database(), day).value());
    }

    Id write(const char *table, WrittenJournal::Columns columns, const Id &row = {})
    {
        // Not every id tells when it was made.
        const bool isOfNoTime = m_random.below(5) == 0;
        const auto id = !row.empty() ? *replica::parseUuid(row)
            : isOfNoTime             ? replica::makeDerivedUuid(m_random.bytes(32))
                         : replica::makeUuid7(m_journal->its().clock.wallNow(), m_random);
        ChangeBuilder builder(table, id, row.empty() ? ChangeKind::Insert : ChangeKind::Update);
        for (const auto &[column, value] : columns)
            builder.set(column, value);
        if (!m_journal->its().replica->commit({builder.take()}))
            return {};
        if (row.empty())
            m_rows[table].push_back(replica::toText(id));
        return replica::toText(id);
    }

    [[nodiscard]] Value some(const char *table)
    {
        const auto &rows = m_rows[table];
        return rows.empty() ? Value{} : link(rows[m_random.below(rows.size())]);
    }

    [[nodiscard]] Value someDay()
    {
        const int away = static_cast<int>(m_random.below(80)) - 50;
        return m_random.below(5) == 0 ? Value{} : Value{dayText(daysLater(m_today, away))};
    }

    [[nodiscard]] Id oldOf(const char *table)
    {
        const auto &rows = m_rows[table];
        return m_random.below(3) == 0 && !rows.empty() ? rows[m_random.below(rows.size())] : Id{};
    }

    void join(const char *table, const char *column, const Value &one, const char *otherColumn,
        const Value &other)
    {
        if (one == Value{} || other == Value{})
            return;
        ChangeBuilder builder(table, {}, ChangeKind::Insert);
        builder.set(column, one).set(otherColumn, other);
        const auto change = builder.take();
        const Id row = replica::toText(change.row);
        auto &rows = m_rows[table];
        if (m_journal->its().replica->commit({change})
            && std::find(rows.begin(), rows.end(), row) == rows.end())
            rows.push_back(row);
    }

    // One action of somebody; what it names may be gone.
    void act()
    {
        const auto number = [&](std::uint64_t below) {
            return static_cast<std::int64_t>(m_random.below(below));
        };
        const Value whose = some("customer");
        switch (m_random.below(19)) {
        case 0:
            write("customer",
                {{"name", "Name " + std::to_string(number(99))},
                    {"phone", number(2) == 0 ? Value{"0612345678"} : Value{}},
                    {"kind", number(2) == 0 ? "organisation" : "person"},
                    {"organisation_id", number(2) == 0 ? whose : Value{}}},
                oldOf("customer"));
            break;
        case 1:
        case 2:
        case 3:
            write("visit",
                {{"customer_id", whose}, {"outcome", number(3) == 0 ? "no_answer" : "met"},
                    {"kind", number(4) == 0 ? "message" : "call"}, {"on_day", someDay()},
                    {"next_step", number(2) == 0 ? Value{"bring it"} : Value{}},
                    {"next_step_on", someDay()}, {"next_step_done", number(2)}},
                oldOf("visit"));
            break;
        case 4:
            join("visit_customer", "visit_id", some("visit"), "customer_id", whose);
            break;
        case 5:
            write("promise",
                {{"customer_id", whose}, {"what", "a list " + std::to_string(number(99))},
                    {"state", number(3) == 0 ? "kept" : "open"}, {"due_on", someDay()},
                    {"made_on", number(2) == 0 ? Value{} : someDay()}, {"done_on", someDay()},
                    {"visit_id", some("visit")}},
                oldOf("promise"));
            break;
        case 6:
            write("terms",
                {{"customer_id", whose}, {"rhythm_days", number(40)}, {"since_on", someDay()},
                    {"whose", number(2) == 0 ? "theirs" : "ours"}},
                oldOf("terms"));
            break;
        case 7:
            write("circumstance",
                {{"customer_id", whose}, {"what", "they move"}, {"since_on", someDay()},
                    {"until_on", someDay()}},
                oldOf("circumstance"));
            break;
        case 8:
            write("need",
                {{"customer_id", whose}, {"words", "a lift"},
                    {"state", number(2) == 0 ? "given" : "confirmed"}},
                oldOf("need"));
            break;
        case 9:
            write("sale",
                {{"customer_id", whose}, {"item", number(2) == 0 ? "Van" : "van "},
                    {"sold_on", someDay()}, {"seller_id", some("member")}},
                oldOf("sale"));
            break;
        case 10:
            write("follow_up",
                {{"customer_id", whose}, {"about", "ask"}, {"due_on", someDay()},
                    {"sale_id", some("sale")}, {"owner_id", some("member")},
                    {"done_visit_id", number(2) == 0 ? some("visit") : Value{}}},
                oldOf("follow_up"));
            break;
        case 11: {
            const Value plan = some("plan");
            write("plan", {{"customer_id", whose}, {"active", number(2)}}, oldOf("plan"));
            write("goal",
                {{"plan_id", plan}, {"words", "more"}, {"measure", "rating"}, {"baseline", 1.0},
                    {"target", 2.0}, {"due_on", "2026-12-31"}},
                oldOf("goal"));
            write("initiative",
                {{"plan_id", plan}, {"what", "train"}, {"owner_id", some("member")},
                    {"due_on", someDay()}, {"done_on", number(3) == 0 ? someDay() : Value{}}},
                oldOf("initiative"));
            break;
        }
        case 12:
            write("handover",
                {{"customer_id", whose}, {"to_id", some("member")},
                    {"on_day", dayText(daysLater(m_today, static_cast<int>(number(20)) - 10))},
                    {"told_visit_id", number(2) == 0 ? some("visit") : Value{}}},
                oldOf("handover"));
            break;
        case 13:
            join("same_customer", "customer_id", whose, "same_as", some("customer"));
            break;
        case 14:
            takeAway();
            break;
        case 15:
            write("remark",
                {{"customer_id", whose}, {"words", "it is freezing " + std::to_string(number(99))},
                    {"to_role", number(3) == 0 ? Value{} : Value{"office"}},
                    {"member_id", some("member")}},
                oldOf("remark"));
            break;
        case 16: {
            const int away = static_cast<int>(number(20)) - 10;
            const std::int64_t day = static_cast<int>(daysLater(m_today, away));
            if (const Value remark = some("remark"); remark != Value{})
                write("relay_event",
                    {{"remark_id", remark}, {"kind", number(3) == 0 ? "told_customer" : "answered"},
                        {"at", number(4) == 0 ? Value{} : Value{day * 86'400'000 + 5}},
                        {"visit_id", some("visit")}});
            break;
        }
        case 17:
            write("tag", {{"name", "key"}, {"rhythm_days", number(60)}}, oldOf("tag"));
            join("customer_tag", "customer_id", whose, "tag_id", some("tag"));
            break;
        default:
            if (!m_gone.empty()) {
                ChangeBuilder back("visit", *replica::parseUuid(m_gone.back()), ChangeKind::Touch);
                QVERIFY(m_journal->its().replica->commit({back.take()}).has_value());
                m_rows["visit"].push_back(m_gone.back());
                m_gone.pop_back();
            }
        }
    }

    // Deleted by somebody, or it left this device.
    void takeAway()
    {
        auto at = m_rows.begin();
        std::advance(at, m_random.below(m_rows.size()));
        auto &[table, rows] = *at;
        // What happened on a remark's way stays as it was written, and so do those who are here.
        const bool keepsSome = table == "member" || table == "relay_event"
            || (table == "customer" && rows.size() < 4);
        if (rows.empty() || keepsSome)
            return;
        const std::size_t which = m_random.below(rows.size());
        const Id row = rows[which];
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(which));
        const auto id = *replica::parseUuid(row);
        const auto number = journalSchema().table(table)->id;
        if (m_random.below(2) == 0) {
            QVERIFY(m_journal->its().replica->commit(
                {ChangeBuilder(table.c_str(), id, ChangeKind::Delete).take()}));
            if (table == "visit")
                m_gone.push_back(row);
            return;
        }
        auto &records = m_journal->its().replica->records();
        QVERIFY(records.begin().has_value());
        QVERIFY(records.forgetRow(number, id).has_value());
        QVERIFY(records.commit().has_value());
    }

    void addMember()
    {
        const auto id = replica::makeUuid7(m_journal->its().clock.wallNow(), m_random);
        auto insert = database().prepare(
            "INSERT INTO member(id, _g, name, role, active) VALUES (?1, 1, 'Bo', 'rep', 1)");
        const replica::Bytes key(id.bytes());
        QVERIFY(insert->bindBlob(1, key).run().has_value());
        m_rows["member"].push_back(replica::toText(id));
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
        m_random = replica::SeededRandom{
            QTest::currentDataTag() ? QByteArray(QTest::currentDataTag()).toULongLong() : 7};
        m_rows.clear();
        m_gone.clear();
        m_today = firstDay;
    }

    // From one turn to the next the reasons are the same on every day.
    void reasonsHoldUntilTheyTurn()
    {
        int days = 0;
        int changes = 0;
        for (int round = 0; round < 400; ++round) {
            const CustomerFacts facts = inventedFacts(m_random);
            const auto toldOn = [&](Day day) {
                const auto person = todayOf(facts, day);
                return person ? textOf({*person}).front() : QString();
            };
            Day from = daysLater(firstDay, -450);
            QString told = toldOn(from);
            auto turn = nextTurnOf(facts, from);
            for (Day day = from; day < daysLater(firstDay, 450); day = daysLater(day, 1)) {
                const QString now = toldOn(day);
                if (turn && day >= *turn) {
                    QVERIFY(day == *turn);
                    changes += now != told ? 1 : 0;
                    turn = nextTurnOf(facts, day);
                    QVERIFY(!turn || *turn > day);
                    told = now;
                }
                if (now != told)
                    QFAIL(qPrintable(QString("round %1, day %2: '%3' was '%4'")
                                         .arg(round)
                                         .arg(QString::fromStdString(dayText(day)), now, told)));
                ++days;
            }
        }
        QVERIFY(days == 400 * 900);
        QVERIFY(changes > 4'000);
    }

    void F4_whatIsKeptIsWhatReadingAnewTells_data()
    {
        QTest::addColumn<int>("actions");
        for (const char *seed : {"1", "2", "3", "4", "5", "6"})
            QTest::newRow(seed) << 250;
    }

    void F4_whatIsKeptIsWhatReadingAnewTells()
    {
        QFETCH(int, actions);
        write("customer", {{"name", "Rosa"}});
        addMember();
        addMember();
        std::size_t people = 0;
        std::size_t linked = 0;
        for (int n = 0; n < actions; ++n) {
            // Several actions between two questions, now and then.
            do
                act();
            while (m_random.below(3) == 0);
            if (m_random.below(4) == 0)
                m_today = daysLater(m_today, 1 + static_cast<int>(m_random.below(5)));
            if (m_random.below(60) == 0)
                m_today = daysLater(m_today, -9);
            if (m_random.below(40) == 0)
                QVERIFY(database().execute("UPDATE member SET active = NOT active WHERE _n = "
                                           "(SELECT min(_n) FROM member)"));
            if (m_random.below(25) == 0)
                m_journal->open();
            if (m_random.below(10) == 0)
                QVERIFY(TodayIndex(database()).tidy().has_value());
            const QStringList told = kept(m_today);
            QCOMPARE(told, anew(m_today));
            people += static_cast<std::size_t>(told.size());
            linked += m_rows["same_customer"].empty() ? 0 : 1;
        }
        QVERIFY(people > static_cast<std::size_t>(actions));
        QVERIFY(linked > 0);
    }

    // Also where the visit is another customer's.
    void aPromiseIsAsOldAsItsVisit()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id piet = write("customer", {{"name", "Piet"}});
        const Id visit = write(
            "visit", {{"customer_id", link(piet)}, {"on_day", dayText(daysLater(firstDay, 5))}});
        write("promise",
            {{"customer_id", link(rosa)}, {"what", "a list"}, {"visit_id", link(visit)},
                {"due_on", dayText(firstDay)}});
        QVERIFY(kept(firstDay).isEmpty());
        write("visit", {{"on_day", dayText(firstDay)}}, visit);
        QCOMPARE(kept(firstDay), anew(firstDay));
        QVERIFY(kept(firstDay).join("").contains("a list"));
    }

    // The number of the newest row is given again when it left and the file is opened anew.
    void aRowUnderAnEarlierNumberIsNew()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id piet = write("customer", {{"name", "Piet"}});
        const auto promise = [&](const Id &whose) {
            return write("promise",
                {{"customer_id", link(whose)}, {"what", "a list"}, {"due_on", dayText(firstDay)}});
        };
        const Id left = promise(rosa);
        QVERIFY(kept(firstDay).join("").contains("Rosa"));
        auto &records = m_journal->its().replica->records();
        QVERIFY(records.begin().has_value());
        QVERIFY(records.forgetRow(replica::TableId{10}, *replica::parseUuid(left)).has_value());
        QVERIFY(records.commit().has_value());
        m_journal->open();
        promise(piet);
        QCOMPARE(*database().queryInt("SELECT max(_n) FROM promise"), std::int64_t{1});
        QCOMPARE(kept(firstDay), anew(firstDay));
        QVERIFY(kept(firstDay).join("").contains("Piet"));
    }

    void aFullDiskHidesNobody()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}, {"note", std::string(5'000, 'x')}});
        write("promise",
            {{"customer_id", link(rosa)}, {"what", "a list"}, {"due_on", dayText(firstDay)}});
        const auto pages = database().queryInt("PRAGMA page_count");
        const auto limit = [&](std::int64_t most) {
            return database()
                .execute("PRAGMA max_page_count = " + std::to_string(most))
                .has_value();
        };
        QVERIFY(limit(*pages));
        QCOMPARE(kept(firstDay), anew(firstDay));
        QCOMPARE(kept(firstDay).size(), 1);
        QVERIFY(limit(1'000'000));
        QCOMPARE(kept(firstDay), anew(firstDay));
        QCOMPARE(*database().queryInt("SELECT count(*) FROM today_reason"), std::int64_t{1});
    }

    // When a customer went to other hands, not even their id is left.
    void S13_whoLeftIsNotInTheIndexEither()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id piet = write("customer", {{"name", "Piet"}});
        QCOMPARE(kept(firstDay), anew(firstDay));
        const auto fileHolds = [&](const Id &row) {
            static_cast<void>(database().execute("PRAGMA wal_checkpoint(TRUNCATE)"));
            QFile file(m_journal->folder() + "/r.db");
            return file.open(QIODevice::ReadOnly)
                && file.readAll().contains(QByteArray::fromStdString(keyOf(row)));
        };
        auto &records = m_journal->its().replica->records();
        QVERIFY(records.begin().has_value());
        QVERIFY(records.forgetRow(replica::TableId{4}, *replica::parseUuid(rosa)).has_value());
        QVERIFY(database().execute("DELETE FROM change").has_value());
        QVERIFY(records.commit().has_value());
        QVERIFY(fileHolds(rosa));
        QVERIFY(TodayIndex(database()).tidy().has_value());
        QVERIFY(!fileHolds(rosa));
        QVERIFY(fileHolds(piet));
    }
};

QTEST_GUILESS_MAIN(TodayIndexTest)
#include "today_index_test.moc"
