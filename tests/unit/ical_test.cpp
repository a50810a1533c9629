#include <ctime>

#include "app/interop/calendar.h"
#include "app/journal/same_customers.h"
#include "app/journal/words.h"
#include "tests/support/interop_bench.h"

using namespace tend;
using replica::RowId;

namespace {

using Counts = std::vector<std::size_t>;

std::string calendar(const std::string &components)
{
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\n" + components
        + "END:VCALENDAR\r\n";
}

std::string eventOf(const std::string &lines)
{
    return "BEGIN:VEVENT\r\n" + lines + "END:VEVENT\r\n";
}

std::string taskOf(const std::string &lines)
{
    return "BEGIN:VTODO\r\n" + lines + "END:VTODO\r\n";
}

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    const std::size_t at = text.find(from);
    if (at == std::string::npos)
        qFatal("'%s' is not there", from.c_str());
    return text.replace(at, from.size(), to);
}

}  // namespace

class IcalTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<InteropBench> m_bench;
    RowId m_jane;

    std::string ics()
    {
        return InteropBench::written(
            [&](const Sink &sink) { return exportCalendar(m_bench->interop(), sink); });
    }

    std::string reasonOf(const std::string &component)
    {
        const PlannedImport planned = m_bench->plan(calendar(component));
        return planned.plan.records.size() == 1
                && planned.plan.records[0].verdict == Verdict::Reject
            ? planned.plan.records[0].reason
            : std::string("(not rejected)");
    }

    std::string notesOf(const std::string &component)
    {
        std::string notes;
        for (const PlannedRecord &record : m_bench->plan(calendar(component)).plan.records)
            notes += joined(record.notes, "; ");
        return notes;
    }

    RowId onlyVisit() { return *replica::parseUuid(m_bench->rows("visit").at(0)["id"]); }

private slots:

    void init()
    {
        qputenv("TZ", "Europe/Berlin");
        ::tzset();
        m_bench = std::make_unique<InteropBench>();
        m_jane = m_bench->make(
            "customer", {{"name", "Jane Doe"}, {"kind", "person"}, {"email", "jane@doe.example"}});
    }

    void cleanup() { m_bench.reset(); }

private:
    void makeOneOfEach()
    {
        m_bench->make("visit",
            {{"kind", "call"}, {"outcome", "met"}, {"direction", "them"}, {"on_day", "2026-06-11"},
                {"said", "Wants the big one;\nsoon, please"}, {"next_step", "Send offer"},
                {"next_step_on", "2026-07-01"}},
            {{"customer_id", m_jane}});
        m_bench->make(
            "follow_up", {{"due_on", "2026-12-24"}, {"about", "Call"}}, {{"customer_id", m_jane}});
        m_bench->make("promise",
            {{"by", "us"}, {"what", "Bring samples"}, {"due_on", "2026-12-01"}, {"state", "open"}},
            {{"customer_id", m_jane}});
        m_bench->make("promise", {{"by", "them"}, {"what", "Pay"}}, {{"customer_id", m_jane}});
    }

private slots:

    void I3_theSameRowsAreTheSameOctets()
    {
        makeOneOfEach();
        const std::string text = ics();
        QCOMPARE(ics(), text);
        QCOMPARE(
            std::count(text.begin(), text.end(), '\n'), std::count(text.begin(), text.end(), '\r'));
        for (const char *line :
            {"DTSTART;VALUE=DATE:20260611\r\n", "SUMMARY:Send offer\r\n",
                "DUE;VALUE=DATE:20261224\r\n", "X-TEND-KIND:call\r\n",
                "DESCRIPTION:Wants the big one\\;\\nsoon\\, please\r\n", "STATUS:NEEDS-ACTION\r\n"})
            QVERIFY2(text.find(line) != std::string::npos, line);
        QVERIFY(text.find("Pay") == std::string::npos);  // theirs
        // Nobody is written to by looking at it.
        QVERIFY(text.find("ATTENDEE") == std::string::npos);
        QCOMPARE(m_bench->import(text), (Counts{0, 0, 4, 0}));
    }

    void I3_theSameUidUpdatesAndDoesNotDouble()
    {
        makeOneOfEach();
        std::string text = ics();
        text = replaced(text, "SUMMARY:Call", "SUMMARY:Call her mother\r\nX-PHONE:kept");
        text = replaced(text, "20261224", "20261231");
        text = replaced(text, "SUMMARY:Send offer", "SUMMARY:Send a better offer");
        std::string done = text.substr(text.find("SUMMARY:Bring samples"));
        done = replaced(done, "STATUS:NEEDS-ACTION", "STATUS:COMPLETED");
        text = text.substr(0, text.find("SUMMARY:Bring samples")) + done;
        QCOMPARE(m_bench->import(text), (Counts{0, 3, 1, 0}));
        QCOMPARE(m_bench->rows("follow_up").size(), std::size_t{1});
        QCOMPARE(m_bench->rows("follow_up")[0]["about"], std::string("Call her mother"));
        QCOMPARE(m_bench->rows("follow_up")[0]["due_on"], std::string("2026-12-31"));
        QCOMPARE(m_bench->rows("visit")[0]["next_step"], std::string("Send a better offer"));
        const auto state = m_bench->state();
        QCOMPARE(m_bench->import(text), (Counts{0, 0, 4, 0}));
        QCOMPARE(m_bench->state(), state);
        // What only the other program knows leaves again.
        QVERIFY(ics().find("X-PHONE:kept") != std::string::npos);
        // A program that never counts its versions is listened to all the same.
        QCOMPARE(m_bench->import(replaced(text, "20261231", "20261230")), (Counts{0, 1, 3, 0}));
        QCOMPARE(m_bench->rows("follow_up")[0]["due_on"], std::string("2026-12-30"));
    }

    void anOldCopyChangesNothing()
    {
        makeOneOfEach();
        const std::string old = ics();
        const auto row = m_bench->rows("follow_up")[0];
        m_bench->change("follow_up", *replica::parseUuid(row.at("id")), {{"about", "newer"}});
        QVERIFY(ics().find("SEQUENCE:2") != std::string::npos);
        QCOMPARE(m_bench->import(old), (Counts{0, 0, 4, 0}));
        QCOMPARE(m_bench->rows("follow_up")[0]["about"], std::string("newer"));
    }

    void I3_eventsOfOtherProgramsFindTheirCustomer()
    {
        const std::string text = calendar(
            eventOf("UID:a@x\r\nDTSTART;TZID=Europe/Berlin:20260610T100000\r\n"
                    "DTEND;TZID=Europe/Berlin:20260610T113000\r\nSUMMARY:At the harbour\r\n"
                    "DESCRIPTION:went well\r\nATTENDEE;CN=Jane:MAILTO:Jane@doe.example\r\n"
                    "X-OTHER:kept\r\n")
            + eventOf("UID:b@x\r\nDTSTART;VALUE=DATE:29991224\r\nSUMMARY:Lunch (jane doe)\r\n")
            + taskOf("UID:c@x\r\nDUE;VALUE=DATE:20261201\r\nSUMMARY:Write to Jane Doe\r\n"));
        QCOMPARE(m_bench->import(text), (Counts{3, 0, 0, 0}));
        QCOMPARE(m_bench->import(text), (Counts{0, 0, 3, 0}));
        const auto visit = m_bench->rows("visit").at(0);
        QCOMPARE(visit.at("started_at"), std::string("2026-06-10T08:00:00Z"));
        QCOMPARE(visit.at("minutes"), std::string("90"));
        QCOMPARE(visit.at("impression"), std::string("At the harbour\nwent well"));
        QCOMPARE(visit.count("said"), std::size_t{0});  // nobody said it
        QCOMPARE(m_bench->rows("follow_up").size(), std::size_t{2});
        const std::string left = ics();
        QVERIFY(left.find("X-OTHER:kept") != std::string::npos);
        QVERIFY(left.find("BEGIN:VTIMEZONE") != std::string::npos);
        QCOMPARE(m_bench->import(replaced(text, "went well", "went badly")), (Counts{0, 1, 2, 0}));
        QVERIFY(m_bench->undo(m_bench->lastImport()).kept.empty());
        QCOMPARE(m_bench->rows("visit").at(0).at("impression"),
            std::string("At the harbour\nwent well"));
    }

    void theDayOfAMomentInUtcIsTheDayHere_data()
    {
        QTest::addColumn<QByteArray>("here");
        QTest::addColumn<std::string>("start");
        QTest::addColumn<std::string>("day");
        const auto row = [](const char *here, const char *start, const char *day) {
            QTest::newRow(qPrintable(QString("%1 %2").arg(here, start)))
                << QByteArray(here) << std::string(start) << std::string(day);
        };
        row("Pacific/Auckland", ":20260611T200000Z", "2026-06-12");
        row("America/Los_Angeles", ":20260612T013000Z", "2026-06-11");
        row("Europe/Berlin", ":20260611T120000Z", "2026-06-11");
        // Where a place is named, the day is the one there; where none is, it is as it stands.
        row("Pacific/Auckland", ";TZID=Europe/Berlin:20260611T220000", "2026-06-11");
        row("Pacific/Auckland", ":20260611T230000", "2026-06-11");
        row("America/Los_Angeles", ";VALUE=DATE:20260611", "2026-06-11");
    }

    void theDayOfAMomentInUtcIsTheDayHere()
    {
        QFETCH(QByteArray, here);
        QFETCH(std::string, start);
        qputenv("TZ", here);
        ::tzset();
        m_bench->import(calendar(eventOf("UID:v\r\nDTSTART" + start + "\r\nSUMMARY:Jane Doe\r\n")
            + taskOf("UID:t\r\nDUE" + start + "\r\nSUMMARY:Jane Doe\r\n")));
        QTEST(m_bench->rows("visit").at(0).at("on_day"), "day");
        QTEST(m_bench->rows("follow_up").at(0).at("due_on"), "day");
    }

    void aVisitMovedInACalendarStaysOnTheDayHere()
    {
        ChangeBuilder visit("visit", m_bench->make("visit", {{"on_day", "2026-06-13"}}),
            replica::ChangeKind::Update);
        visit.set("customer_id", replica::Blob{replica::Bytes(m_jane.bytes())})
            .set("started_at", replica::inMs(*parseTime("2026-06-12T22:30:00Z")));
        m_bench->layAsItStood({visit.take()});
        const std::string moved = replaced(ics(), "20260612T223000Z", "20260612T233000Z");
        QCOMPARE(m_bench->import(moved), (Counts{0, 1, 0, 0}));
        QCOMPARE(
            m_bench->rows("visit").at(0).at("started_at"), std::string("2026-06-12T23:30:00Z"));
        QCOMPARE(m_bench->rows("visit").at(0).at("on_day"), std::string("2026-06-13"));
    }

    void everyEventBeginsSomeDay()
    {
        const auto visit = [&](const char *id) {
            ChangeBuilder made("visit", *replica::parseUuid(id), replica::ChangeKind::Insert);
            made.set("customer_id", replica::Blob{replica::Bytes(m_jane.bytes())})
                .text("said", "come again");
            m_bench->layAsItStood({made.take()});
        };
        visit("0190b5f0-0000-7000-8000-000000000001");  // made on 15 July 2024
        visit("5d0d2c1e-94a3-4b56-8a1c-2f54f3a7b6c1");  // of no day
        const std::string text = ics();
        QVERIFY(text.find("DTSTART;VALUE=DATE:20240715\r\n") != std::string::npos);
        QVERIFY(text.find("5d0d2c1e") == std::string::npos);
        QCOMPARE(m_bench->import(text), (Counts{0, 0, 1, 0}));
    }

    void whatHasNoPlaceIsRejectedWithItsReason()
    {
        QVERIFY(reasonOf(taskOf("UID:a\r\nDUE;VALUE=DATE:20261201\r\nSUMMARY:Nobody\r\n"))
                    .find("no customer fits")
            != std::string::npos);
        QVERIFY(reasonOf(eventOf("UID:a\r\nDTSTART:20260101T100000Z\r\nRRULE:FREQ=WEEKLY\r\n"
                                 "SUMMARY:Jane Doe\r\n"))
                    .find("repeats")
            != std::string::npos);
        QVERIFY(reasonOf(eventOf("DTSTART:20260101T100000Z\r\nSUMMARY:Jane Doe\r\n")).find("no UID")
            != std::string::npos);
        QVERIFY(
            reasonOf(eventOf("UID:a\r\nSUMMARY:Jane Doe\r\n")).find("no day") != std::string::npos);
        QVERIFY(reasonOf(eventOf("UID:a\r\nDTSTART:20260101T100000Z\r\nSTATUS:CANCELLED\r\n"
                                 "SUMMARY:Jane Doe\r\n"))
                    .find("cancelled")
            != std::string::npos);
        QVERIFY(reasonOf("BEGIN:VJOURNAL\r\nUID:a\r\nEND:VJOURNAL\r\n").find("no place")
            != std::string::npos);
        const PlannedImport cut = m_bench->plan("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n");
        QCOMPARE(cut.plan.records.front().line, std::size_t{2});
        std::string deep = "BEGIN:VCALENDAR\r\n";
        for (int i = 0; i < 50'000; ++i)
            deep += "BEGIN:VEVENT\r\n";
        QVERIFY(m_bench->plan(deep).plan.count(Verdict::Make) == 0);
        QVERIFY(m_bench->plan(calendar("")).plan.records.empty());
    }

    void whatIsCalledOffInTheCalendarIsNotDueHereAnyMore_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("state");
        QTest::newRow("a meeting to come") << calendar(eventOf(
            "UID:a\r\nDTSTART:29990105T100000Z\r\nSTATUS:CONFIRMED\r\nSUMMARY:Jane Doe\r\n"))
                                           << std::string("CONFIRMED");
        QTest::newRow("a task") << calendar(taskOf(
            "UID:a\r\nDUE;VALUE=DATE:29990105\r\nSTATUS:NEEDS-ACTION\r\nSUMMARY:Jane Doe\r\n"))
                                << std::string("NEEDS-ACTION");
    }

    void whatIsCalledOffInTheCalendarIsNotDueHereAnyMore()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, state);
        const std::string off = replaced(text, state, "CANCELLED");
        const auto due = [&] {
            return m_bench->rows("follow_up").at(0)["due_on"];
        };
        const auto noteOf = [&](const std::string &file) {
            const auto notes = m_bench->plan(file).plan.records.at(0).notes;
            return notes.empty() ? std::string() : notes.front();
        };
        m_bench->import(text);
        QCOMPARE(due(), std::string("2999-01-05"));
        QVERIFY(noteOf(off).find("not due here any more") != std::string::npos);
        QCOMPARE(m_bench->import(off), (Counts{0, 1, 0, 0}));
        QCOMPARE(due(), std::string());
        QCOMPARE(m_bench->import(off), (Counts{0, 0, 1, 0}));
        // It leaves as it came, and an undo gives its day back.
        if (off.find("VTODO") != std::string::npos)
            QVERIFY(ics().find("STATUS:CANCELLED\r\n") != std::string::npos);
        m_bench->import(text);
        QCOMPARE(due(), std::string("2999-01-05"));
        m_bench->import(off);
        QVERIFY(m_bench->undo(m_bench->lastImport()).kept.empty());
        QCOMPARE(due(), std::string("2999-01-05"));
        // A day that somebody gave it here stays.
        m_bench->change("follow_up", *replica::parseUuid(m_bench->rows("follow_up").at(0)["id"]),
            {{"due_on", "2999-02-01"}});
        QVERIFY(noteOf(off).find("stays due on 2999-02-01") != std::string::npos);
        m_bench->import(off);
        QCOMPARE(due(), std::string("2999-02-01"));
    }

    void ofAVisitThatIsCalledOffItIsSaid()
    {
        makeOneOfEach();
        const std::string text = ics();
        const std::string off = replaced(replaced(text, "STATUS:CONFIRMED", "STATUS:CANCELLED"),
            "STATUS:NEEDS-ACTION", "STATUS:CANCELLED");
        const PlannedImport planned = m_bench->plan(off);
        QVERIFY(
            planned.plan.records.at(0).notes.at(0).find("the visit stays") != std::string::npos);
        m_bench->import(off);
        QCOMPARE(m_bench->rows("visit").size(), std::size_t{1});
        QCOMPARE(m_bench->rows("visit").at(0).count("next_step_on"), std::size_t{0});
        QCOMPARE(m_bench->rows("visit").at(0).at("next_step"), std::string("Send offer"));
        // What was done here before is not to do again.
        m_bench->undo(m_bench->lastImport());
        ChangeBuilder done("visit", *replica::parseUuid(m_bench->rows("visit").at(0)["id"]),
            replica::ChangeKind::Update);
        done.set("next_step_done", std::int64_t{1});
        m_bench->layAsItStood({done.take()});
        const std::string again = replaced(ics(), "STATUS:COMPLETED", "STATUS:CANCELLED");
        m_bench->import(again);
        QCOMPARE(m_bench->rows("visit").at(0).at("next_step_done"), std::string("1"));
        QCOMPARE(m_bench->rows("visit").at(0).at("next_step_on"), std::string("2026-07-01"));
    }

    void I3_severalOfOneNameAreSaid()
    {
        m_bench->make(
            "customer", {{"name", "Jane Doe"}, {"kind", "person"}, {"email", "jane@doe.example"}});
        for (const char *who : {"SUMMARY:Jane Doe", "SUMMARY:Tea\r\nCONTACT:Jane Doe",
                 "SUMMARY:Tea\r\nATTENDEE:mailto:jane@doe.example"}) {
            const std::string reason = reasonOf(
                taskOf("UID:a\r\nDUE;VALUE=DATE:20261201\r\n" + std::string(who) + "\r\n"));
            QVERIFY2(reason.find("several customers") != std::string::npos, reason.c_str());
            QVERIFY(reason.find("unite") != std::string::npos);
        }
    }

    void rowsThatWereUnitedAreOnePerson()
    {
        const auto twin = m_bench->make(
            "customer", {{"name", "Jane Doe"}, {"kind", "person"}, {"email", "jane@doe.example"}});
        auto &open = m_bench->open();
        QVERIFY(unite(
            *open.replica, open.store->database(), replica::toText(m_jane), replica::toText(twin)));
        const std::string text
            = calendar(taskOf("UID:a\r\nDUE;VALUE=DATE:20261201\r\nSUMMARY:Jane Doe\r\n")
                + taskOf("UID:b\r\nDUE;VALUE=DATE:20261201\r\nSUMMARY:Tea\r\n"
                         "ATTENDEE:mailto:jane@doe.example\r\n"));
        QCOMPARE(m_bench->import(text), (Counts{2, 0, 0, 0}));
        for (const auto &row : m_bench->rows("follow_up"))
            QCOMPARE(row.at("customer_id"), replica::toText(m_jane));
    }

    void I3_nobodyIsWrittenToByACalendarThatLeaves()
    {
        const std::string alarms
            = "BEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER:-PT5M\r\nSUMMARY:Soon\r\nDESCRIPTION:x\r\n"
              "ATTENDEE:mailto:boss@x.example\r\nEND:VALARM\r\n"
              "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT9M\r\nDESCRIPTION:Go\r\n"
              "ATTENDEE:mailto:boss@x.example\r\nEND:VALARM\r\n";
        const std::string text
            = calendar(eventOf("UID:a\r\nDTSTART:20260610T100000Z\r\nSUMMARY:Harbour\r\n"
                               "ORGANIZER:mailto:ana@shop.example\r\n"
                               "ATTENDEE;RSVP=TRUE:mailto:jane@doe.example\r\n"
                           + alarms)
                + taskOf("UID:b\r\nDUE;VALUE=DATE:20261201\r\nSUMMARY:Jane Doe\r\n" + alarms));
        QCOMPARE(m_bench->import(text), (Counts{2, 0, 0, 0}));
        // As they came, and changed in Tend.
        for (const bool isChanged : {false, true}) {
            if (isChanged)
                m_bench->change("visit", onlyVisit(), {{"said", "more"}});
            const std::string left = ics();
            for (const char *word : {"ATTENDEE", "ORGANIZER", "EMAIL", "boss@x.example"})
                QVERIFY2(left.find(word) == std::string::npos, word);
            QVERIFY(left.find("ACTION:DISPLAY") != std::string::npos);
            QCOMPARE(m_bench->import(left), (Counts{0, 0, 2, 0}));
        }
        // Tend knows them still, whatever comes back.
        m_bench->import(replaced(ics(), "DESCRIPTION:more", "DESCRIPTION:and more"));
        QCOMPARE(m_bench->rows("visit").at(0)["said"], std::string("and more"));
        for (const auto &row : m_bench->rows("outside_record"))
            QVERIFY(row.at("kept").find(row.at("foreign_id") == "a" ? "jane@doe.example" : "boss@x")
                != std::string::npos);
    }

    void I3_whatWasSaidLeavesAndComesBackAsTheirWords_data()
    {
        QTest::addColumn<std::string>("described");
        QTest::newRow("an event with a description")
            << std::string("DESCRIPTION:went\\, well\\nindeed\r\n");
        QTest::newRow("an event without") << std::string();
    }

    void I3_whatWasSaidLeavesAndComesBackAsTheirWords()
    {
        QFETCH(std::string, described);
        const std::string text = calendar(
            eventOf("UID:a\r\nDTSTART:20260610T100000Z\r\nSUMMARY:Jane Doe\r\n" + described));
        m_bench->import(text);
        const std::string ours = m_bench->rows("visit").at(0)["impression"];
        const auto words = [&] {
            auto row = m_bench->rows("visit").at(0);
            return std::pair(row["said"], row["impression"]);
        };
        m_bench->change("visit", onlyVisit(), {{"said", "Wants, the big one"}});
        const std::string left = ics();
        QVERIFY(left.find("DESCRIPTION:Wants\\, the big one\r\n") != std::string::npos);
        // Back again, and the other program's file once more.
        for (const std::string &file : {left, text, left}) {
            QCOMPARE(m_bench->import(file), (Counts{0, 0, 1, 0}));
            QCOMPARE(words(), std::pair(std::string("Wants, the big one"), ours));
        }
        // Mended in the calendar, they are theirs all the same.
        QCOMPARE(m_bench->import(replaced(left, "big one", "small one")), (Counts{0, 1, 0, 0}));
        QCOMPARE(words(), std::pair(std::string("Wants, the small one"), ours));
        QCOMPARE(m_bench->import(text), (Counts{0, 0, 1, 0}));
        QCOMPARE(words(), std::pair(std::string("Wants, the small one"), ours));
        QVERIFY(ics().find("DESCRIPTION:Wants\\, the small one\r\n") != std::string::npos);
        // What left before somebody wrote on changes nothing.
        m_bench->change("visit", onlyVisit(), {{"said", "Nothing at all"}});
        m_bench->import(left);
        QCOMPARE(words(), std::pair(std::string("Nothing at all"), ours));
        // In a replica that never saw the visit the words are theirs as well.
        m_bench->remove("visit", onlyVisit());
        const std::string elsewhere = replaced(left, "UID:a", "UID:b");
        QCOMPARE(m_bench->import(elsewhere), (Counts{1, 0, 0, 0}));
        QCOMPARE(words(), std::pair(std::string("Wants, the big one"), ours));
    }

    void I3_ofAVisitOfTendTheWordsStayTheirs()
    {
        makeOneOfEach();
        const std::string id = replica::toText(onlyVisit());
        const std::string left = ics();
        m_bench->remove("visit", onlyVisit());
        m_bench->import(replaced(left, "UID:" + id + "\r\n", "UID:elsewhere\r\n"));
        auto visit = m_bench->rows("visit").at(0);
        QCOMPARE(visit["said"], std::string("Wants the big one;\nsoon, please"));
        QVERIFY(visit["impression"].find("big one") == std::string::npos);
    }

    void I3_datesThatAreNoneAreRejectedAsTheyStand_data()
    {
        QTest::addColumn<std::string>("date");
        for (const char *date : {":20261399T250000Z", ":20260931T250000Z", ":20260230T100000",
                 ":03.11.2026", ":2026-11-03T10:00", ";VALUE=DATE:20260230",
                 ";TZID=Europe/Berlin:20260431T100000", ":20260930T246000Z", ":99991231T235959Z"})
            QTest::newRow(date) << std::string(date);
    }

    void I3_datesThatAreNoneAreRejectedAsTheyStand()
    {
        QFETCH(std::string, date);
        const std::string written = date.substr(date.find(':') + 1);  // behind the parameters
        for (const std::string &entry :
            {eventOf("UID:a\r\nDTSTART" + date + "\r\nSUMMARY:Jane Doe\r\n"),
                taskOf("UID:a\r\nDUE" + date + "\r\nSUMMARY:Jane Doe\r\n")}) {
            const std::string reason = reasonOf(entry);
            QVERIFY2(reason.find('\'' + written + '\'') != std::string::npos, reason.c_str());
            QVERIFY(reason.find("no day") == std::string::npos);
        }
        // Of what is here already it takes nothing away.
        m_bench->import(calendar(taskOf("UID:a\r\nDUE:29990610\r\nSUMMARY:Jane Doe\r\n")));
        QCOMPARE(
            m_bench->import(calendar(taskOf("UID:a\r\nDUE" + date + "\r\nSUMMARY:Jane Doe\r\n"))),
            (Counts{0, 0, 0, 1}));
        QCOMPARE(m_bench->rows("follow_up").at(0)["due_on"], std::string("2999-06-10"));
    }

    void I3_zonesAreKnownByTheirOtherNames_data()
    {
        QTest::addColumn<std::string>("zone");
        QTest::addColumn<std::string>("started");
        const auto row = [](const char *zone, const char *started) {
            QTest::newRow(zone) << std::string(zone) << std::string(started);
        };
        row("W. Europe Standard Time", "2026-06-10T21:30:00Z");
        row("\"Pacific Standard Time\"", "2026-06-11T06:30:00Z");
        row("\"Europe/Berlin\"", "2026-06-10T21:30:00Z");
        row("/freeassociation.sourceforge.net/Europe/Berlin", "2026-06-10T21:30:00Z");
        row("/softwarestudio.org/Olson_20011030_5/America/New_York", "2026-06-11T03:30:00Z");
        // Known to nobody: the time of the place where it is read.
        row("Mars/Phobos", "2026-06-10T14:30:00Z");
    }

    void I3_zonesAreKnownByTheirOtherNames()
    {
        QFETCH(std::string, zone);
        qputenv("TZ", "Asia/Tokyo");
        ::tzset();
        const std::string event
            = eventOf("UID:a\r\nDTSTART;TZID=" + zone + ":20260610T233000\r\nSUMMARY:Jane Doe\r\n");
        QCOMPARE(notesOf(event).find("'Mars/Phobos'") != std::string::npos, zone == "Mars/Phobos");
        QCOMPARE(notesOf(event).empty(), zone != "Mars/Phobos");
        QCOMPARE(m_bench->import(calendar(event)), (Counts{1, 0, 0, 0}));
        QTEST(m_bench->rows("visit").at(0)["started_at"], "started");
        QCOMPARE(m_bench->rows("visit").at(0)["on_day"], std::string("2026-06-10"));
        QCOMPARE(m_bench->import(calendar(event)), (Counts{0, 0, 1, 0}));
        // What leaves brings along what its name means.
        QCOMPARE(ics().find("BEGIN:VTIMEZONE") != std::string::npos, zone != "Mars/Phobos");
        QCOMPARE(m_bench->import(ics()), (Counts{0, 0, 1, 0}));
    }

    void I3_whoElseWasThereIsSaid()
    {
        m_bench->make(
            "customer", {{"name", "Bo Lee"}, {"kind", "person"}, {"email", "bo@lee.example"}});
        const std::string event
            = eventOf("UID:a\r\nDTSTART:20260610T100000Z\r\nSUMMARY:Harbour\r\n"
                      "ATTENDEE:mailto:jane@doe.example\r\nATTENDEE:mailto:bo@lee.example\r\n"
                      "ATTENDEE:mailto:stranger@x.example\r\n");
        const std::string notes = notesOf(event);
        QVERIFY2(notes.find("is also Bo Lee;") != std::string::npos, notes.c_str());
        m_bench->import(calendar(event));
        QCOMPARE(m_bench->rows("visit").at(0)["customer_id"], replica::toText(m_jane));
    }

    void I3_whatChangesNothingHereIsTheSame()
    {
        const std::string text
            = calendar(eventOf("UID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260610T100000Z\r\n"
                               "SUMMARY:Jane Doe\r\n"));
        m_bench->import(text);
        // Each download is stamped anew.
        const std::string later = replaced(text, "20260101T", "20260102T");
        QCOMPARE(m_bench->import(later), (Counts{0, 0, 1, 0}));
        m_bench->import(later);
        QCOMPARE(m_bench->lastImport(), std::int64_t{0});
    }

    void I3_anEventWithoutAnEndGoesToTheRejects()
    {
        const PlannedImport planned = m_bench->plan("BEGIN:VCALENDAR\r\n"
            + eventOf("UID:a\r\nDTSTART:20260610T100000Z\r\nSUMMARY:Jane Doe\r\n")
            + "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20260611T100000Z\r\nSUMMARY:Jane Doe\r\n"
              "END:VCALENDAR\r\n");
        QCOMPARE(planned.plan.count(Verdict::Reject), std::size_t{1});
        const std::string rejects = rejectsOf(planned);
        QVERIFY(rejects.find("UID:a") == std::string::npos);
        QVERIFY(rejects.find("X-TEND-REASON:") != std::string::npos);
        QCOMPARE(m_bench->import(replaced(rejects, "END:VCALENDAR", "END:VEVENT\r\nEND:VCALENDAR")),
            (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->rows("visit").at(0)["on_day"], std::string("2026-06-11"));
        QVERIFY(ics().find("X-TEND-REASON") == std::string::npos);
    }
};

QTEST_MAIN(IcalTest)
#include "ical_test.moc"
