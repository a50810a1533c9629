// What a calendar's events and tasks change.
#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "app/interop/calendar.h"
#include "app/interop/calendar_addressees.h"
#include "app/interop/calendar_entry.h"
#include "app/interop/calendar_people.h"
#include "app/interop/row_planner.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "app/journal/words.h"
#include "sync/crypto/digest.h"

namespace tend {

using namespace replica;

namespace {

const std::string source = "ical";
constexpr std::size_t dateOctetsMax = 40;  // that are told of one that is none

Value textOrNone(const std::string &text)
{
    return text.empty() ? Value{} : Value{text};
}

Value dayOrNone(const std::optional<Day> &day)
{
    return day ? Value{dayText(*day)} : Value{};
}

// A row of ours that an entry is about.
struct Home {
    std::string table;
    RowId row;
    RowId customer;
    bool isNextStep = false;
    bool isForeign = false;  // another program made it
    bool isGone = false;

    // A day on which it is due, and no state to say that it was called off.
    [[nodiscard]] bool isDue() const { return isNextStep || table == "follow_up"; }

    // What the last import of it brought, and the row that remembers it.
    std::optional<RowId> outside;
    std::string kept;
};

class CalendarPlanner {
public:
    CalendarPlanner(const Interop &interop, ImportPlan &plan)
        : m_interop(interop)
        , m_plan(plan)
        , m_people(interop)
    {
    }

    Status plan(const CalendarParts &found)
    {
        for (const CalendarPart &part : found.parts) {
            PlannedRecord record;
            record.line = part.line;
            Status planned = planPart(part, found.zones, record);
            if (!planned)
                return within("line " + std::to_string(part.line), planned.error());
            if (record.verdict == Verdict::Reject)
                record.text = withReason(part.text, record.reason);
            m_plan.records.push_back(std::move(record));
        }
        return {};
    }

private:
    static void reject(PlannedRecord &record, std::string reason)
    {
        record.verdict = Verdict::Reject;
        record.reason = std::move(reason);
    }

    Status planPart(
        const CalendarPart &part, const std::vector<CalendarPart> &zones, PlannedRecord &record)
    {
        if (part.kind != "VEVENT" && part.kind != "VTODO") {
            reject(record, "a " + part.kind + " has no place in Tend");
            return {};
        }
        const IcalComponent calendar = readPart(part, zones);
        icalcomponent *component = innerOf(calendar, part.kind);
        const CalendarPart whole{part.line, part.kind, part.text + unknownZones(part, zones)};
        if (!component) {
            reject(record, "this cannot be read as a " + part.kind);
            return {};
        }
        const CalendarEntry entry = entryIn(component, part.kind);
        record.name = entry.summary;
        if (entry.uid.empty()) {
            reject(record, "it has no UID, so it could not be recognised another time");
            return {};
        }
        if (!m_seen.insert(entry.uid).second) {
            reject(record, "an earlier entry of the file has the same UID");
            return {};
        }
        if (const std::string day = unreadableDay(component, part); !day.empty()) {
            reject(
                record, "its date '" + day.substr(0, dateOctetsMax) + "' cannot be read as a day");
            return {};
        }
        if (!entry.unknownZone.empty())
            record.notes.push_back("its time zone '" + entry.unknownZone
                + "' is not known here; its time was taken as a time here");
        const auto home = TRY(homeOf(entry));
        if (home && home->isGone)
            reject(record, "the customer it belonged to is gone");
        else if (home)
            return change(entry, *home, whole, record);
        else
            return make(entry, whole, record);
        return {};
    }

    // By a UID that Tend gave, or one that an earlier import joined.
    Result<std::optional<Home>> homeOf(const CalendarEntry &entry)
    {
        std::string own = entry.uid;
        Home home;
        if (own.size() > nextStepMark.size()
            && own.compare(own.size() - nextStepMark.size(), std::string::npos, nextStepMark)
                == 0) {
            own.resize(own.size() - nextStepMark.size());
            home.isNextStep = true;
        }
        TRY_STATUS(findOutside(entry.uid, home));
        if (const auto id = parseUuid(own)) {
            for (const char *table : {"visit", "follow_up", "promise"}) {
                if (TRY(isThere(table, *id))) {
                    home.table = table;
                    home.row = *id;
                    return home;
                }
            }
        }
        if (!home.outside)
            return std::nullopt;
        home.isNextStep = false;
        home.isForeign = true;
        home.isGone = !TRY(isThere(home.table, home.row));
        return home;
    }

    Result<bool> isThere(const std::string &table, const RowId &id)
    {
        return TRY(m_interop.replica.records().row(journalSchema().table(table)->id, id))
            .has_value();
    }

    Status findOutside(const std::string &uid, Home &home)
    {
        auto select = TRY(m_interop.store.database().prepare(
            "SELECT id, visit_id, follow_up_id, promise_id, coalesce(kept, '') FROM outside_record "
            "WHERE foreign_id = ?1 AND source = 'ical'"));
        if (!TRY(select.bindText(1, uid).step()))
            return {};
        home.outside = uuidOf(select.blob(0));
        const std::array<const char *, 3> tables = {"visit", "follow_up", "promise"};
        for (int i = 0; i < 3; ++i) {
            if (const auto row = uuidOf(select.blob(i + 1))) {
                home.table = tables.at(static_cast<std::size_t>(i));
                home.row = *row;
            }
        }
        home.kept = std::string(select.text(4));
        return {};
    }

    // What the row's own entry says now, to compare with.
    Result<std::optional<CalendarEntry>> nowOf(const Home &home)
    {
        for (CalendarEntry &entry : TRY(CalendarRows(m_interop).entriesOf(home.table, home.row))) {
            const bool isStep = home.table == "visit" && entry.kind == "VTODO";
            if (isStep == home.isNextStep)
                return std::move(entry);
        }
        return std::nullopt;
    }

    Status change(const CalendarEntry &entry, const Home &home, const CalendarPart &part,
        PlannedRecord &record)
    {
        const auto now = TRY(nowOf(home));
        if (!now) {
            reject(record, "what it was made of is not there any more");
            return {};
        }
        if (isAsItLeft(*now, part))
            return {};
        // What changed since the last import of it; on its first return, since it left.
        CalendarEntry last = *now;
        const IcalComponent kept = readPart({0, part.kind, home.kept}, {});
        if (icalcomponent *before = innerOf(kept, part.kind))
            last = withWords(entryIn(before, part.kind), home);
        const bool isFirstReturn = !entry.customer.empty() && last.customer.empty();
        if (home.kept.empty() || isFirstReturn) {
            last = *now;
            if (entry.sequence < now->sequence) {
                record.notes.emplace_back("Tend has a newer version, which stays");
                return {};
            }
        }
        CalendarEntry said = withWords(entry, home);
        if (!said.said)
            said.said = last.said;  // of which that calendar knows nothing
        if (home.isDue())
            callOff(said, last, *now, record);
        ChangeBuilder builder(home.table.c_str(), home.row, ChangeKind::Update);
        for (const std::string &what : differing(said, last)) {
            if (set(builder, what, said, home, record))
                record.touched.push_back(what);
        }
        TRY_STATUS(addUpdate(builder.take(), record));
        if (record.verdict == Verdict::Reject)
            return {};
        if (record.changes.empty())
            record.touched.clear();
        else
            record.verdict = Verdict::Change;
        return keep(entry, home, now->customer, part, record);
    }

    static bool isAsItLeft(const CalendarEntry &now, const CalendarPart &part)
    {
        const IcalComponent calendar = calendarOf(now);
        icalcomponent *component = innerOf(calendar, part.kind);
        return component && part.text.rfind(writtenPart(component), 0) == 0;
    }

    // Of a visit of ours the description is what was said, also where a calendar lost the mark of
    // it.
    static CalendarEntry withWords(CalendarEntry entry, const Home &home)
    {
        if (home.table == "visit" && !home.isForeign && !home.isNextStep && !entry.said)
            entry.said = std::exchange(entry.description, {});
        return entry;
    }

    // What is called off is due on no day, and called on again it is due as it says. What is done
    // here stays as it is, and so does a day that people have given it since.
    static void callOff(
        CalendarEntry &said, CalendarEntry &last, const CalendarEntry &now, PlannedRecord &record)
    {
        const auto isOff = [](const CalendarEntry &entry) {
            return entry.state == CalendarEntry::State::Dropped;
        };
        if (isOff(said) && !isOff(last)) {
            const bool isDone = now.state == CalendarEntry::State::Done;
            const bool isMoved = now.day != last.day;
            if (!isDone && now.day)
                record.notes.emplace_back(isMoved
                        ? "it was cancelled in the calendar; here it stays due on "
                            + dayText(*now.day) + ", for somebody gave it that day in Tend"
                        : "it was cancelled in the calendar, and is not due here any more");
            if (isDone || isMoved) {
                said.day = last.day;
                said.startedAtMs = last.startedAtMs;
                return;
            }
        }
        for (CalendarEntry *one : {&said, &last}) {
            if (isOff(*one)) {
                one->day.reset();
                one->startedAtMs.reset();
            }
        }
    }

    // Remembers the component as it came: whole, and for telling what changes the next time. An
    // entry of ours that came back as it left needs none.
    Status keep(const CalendarEntry &entry, const Home &home, const std::string &customer,
        const CalendarPart &part, PlannedRecord &record)
    {
        if (home.outside) {
            ChangeBuilder outside("outside_record", *home.outside, ChangeKind::Update);
            // What comes back by way of our export names nobody; who was there stays known.
            const bool wasOurs = !entry.customer.empty() && entry.people.empty();
            outside.text("kept", wasOurs ? withAddresseesOf(home.kept, part) : part.text);
            return addUpdate(outside.take(), record);
        }
        const auto owner = parseUuid(customer);
        if (owner && !record.changes.empty())
            addOutside(*owner, home.table, home.row, entry.uid, part, record);
        return {};
    }

    void addOutside(const RowId &customer, const std::string &table, const RowId &row,
        const std::string &uid, const CalendarPart &part, PlannedRecord &record) const
    {
        const Bytes digest = crypto::sha256({customer.bytes(), source, BytesView("\n"), uid});
        ChangeBuilder outside("outside_record", makeDerivedUuid(digest), ChangeKind::Insert);
        outside.set("customer_id", Blob{Bytes(customer.bytes())})
            .text("source", source)
            .text("foreign_id", uid)
            .text("kept", part.text)
            .set((table + "_id").c_str(), Blob{Bytes(row.bytes())});
        record.changes.push_back({outside.take(), {}});
    }

    // With the values that stand there now; without columns that say so already.
    Status addUpdate(Change update, PlannedRecord &record)
    {
        PlannedChange planned;
        const auto row = TRY(m_interop.replica.records().row(update.table, update.row));
        planned.change = {update.table, update.row, ChangeKind::Update, {}};
        for (Assignment &given : update.assignments) {
            Value now;
            for (const Assignment &known : row ? row->assignments : std::vector<Assignment>()) {
                if (known.column == given.column)
                    now = known.value;
            }
            if (now == given.value)
                continue;
            planned.before.push_back(now);
            planned.change.assignments.push_back(std::move(given));
        }
        if (planned.change.assignments.empty())
            return {};
        const Table &table = *journalSchema().table(update.table);
        if (const std::string why = whyNotWritten(table, planned.change); !why.empty())
            reject(record, why);
        else
            record.changes.push_back(std::move(planned));
        return {};
    }

    // Whether there was a column for it.
    static bool set(ChangeBuilder &row, const std::string &what, const CalendarEntry &entry,
        const Home &home, PlannedRecord &record)
    {
        if (home.isNextStep) {
            if (what == "summary" && !entry.summary.empty())
                row.text("next_step", entry.summary);
            else if (what == "when")
                row.set("next_step_on", dayOrNone(entry.day));
            else if (what == "state" && entry.state != CalendarEntry::State::Dropped)
                row.set("next_step_done",
                    std::int64_t{entry.state == CalendarEntry::State::Done ? 1 : 0});
            else
                return false;
            return true;
        }
        if (home.table == "visit") {
            if (what == "state" && entry.state == CalendarEntry::State::Dropped)
                record.notes.emplace_back("it was cancelled in the calendar; the visit stays. "
                                          "Delete it in Tend if it did not take place");
            return setVisit(row, what, entry, home);
        }
        if (what == "when") {
            row.set("due_on", dayOrNone(entry.day));
        } else if (what == "summary" && !entry.summary.empty()) {
            row.text(home.table == "promise" ? "what" : "about", entry.summary);
        } else if (what == "state" && home.table == "promise") {
            const char *state = entry.state == CalendarEntry::State::Done ? "kept"
                : entry.state == CalendarEntry::State::Dropped            ? "released"
                                                                          : "open";
            row.text("state", state);
        } else {
            if (what == "state" && entry.state == CalendarEntry::State::Done)
                record.notes.emplace_back(
                    "it is done in the calendar; log the visit in Tend, and it is done here too");
            return false;
        }
        return true;
    }

    static bool setVisit(
        ChangeBuilder &row, const std::string &what, const CalendarEntry &entry, const Home &home)
    {
        if (what == "when") {
            row.set("started_at", entry.startedAtMs ? Value{*entry.startedAtMs} : Value{});
            row.set("on_day", dayOrNone(entry.day));
        } else if (what == "minutes") {
            row.set("minutes", entry.minutes ? Value{*entry.minutes} : Value{});
        } else if (what == "said") {
            row.set("said", textOrNone(entry.said.value_or("")));
        } else if (home.isForeign && (what == "description" || what == "summary")) {
            row.set("impression", textOrNone(noteOf(entry)));
        } else {
            return false;
        }
        return true;
    }

    // What the calendar's owner noted: their own words, not the customer's, and not the title that
    // Tend gave.
    static std::string noteOf(const CalendarEntry &entry)
    {
        if (!entry.customer.empty() && entry.summary == entry.customerName)
            return entry.description;
        return entry.description.empty() ? entry.summary : entry.summary + '\n' + entry.description;
    }

    Status make(const CalendarEntry &entry, const CalendarPart &part, PlannedRecord &record)
    {
        if (entry.isRepeated) {
            reject(record, "it repeats; Tend has no repeated visits. Add the next one by itself");
            return {};
        }
        if (entry.state != CalendarEntry::State::Open) {
            reject(record,
                entry.state == CalendarEntry::State::Done
                    ? "it is done already; what was done is logged as a visit in Tend"
                    : "it was cancelled");
            return {};
        }
        if (!entry.day) {
            reject(record, "it says no day");
            return {};
        }
        const CalendarCustomer found = TRY(m_people.customerOf(entry));
        if (!found.id) {
            reject(record, found.whyNobody());
            return {};
        }
        const RowId &customer = *found.id;
        if (!found.others.empty())
            record.notes.push_back("among its people is also " + joined(found.others, ", ")
                + "; it is written for " + TRY(rowTexts(m_interop, "customer", customer))["name"]
                + " alone");
        const bool isPast
            = entry.kind == "VEVENT" && entry.endsAtMs <= inMs(m_interop.replica.now());
        const RowId id = makeUuid7(m_interop.replica.now(), m_interop.random);
        const char *table = isPast ? "visit" : "follow_up";
        ChangeBuilder row(table, id, ChangeKind::Insert);
        row.set("customer_id", Blob{Bytes(customer.bytes())});
        if (isPast) {
            row.text("kind", "face_to_face").text("outcome", "met").text("direction", "us");
            if (entry.startedAtMs)
                row.set("started_at", *entry.startedAtMs);
            if (entry.minutes)
                row.set("minutes", *entry.minutes);
            row.set("on_day", dayOrNone(entry.day)).set("impression", textOrNone(noteOf(entry)));
            if (entry.said)
                row.set("said", textOrNone(*entry.said));
        } else {
            row.set("due_on", dayOrNone(entry.day)).text("about", entry.summary);
        }
        record.verdict = Verdict::Make;
        record.touched.emplace_back(table);
        record.changes.push_back({row.take(), {}});
        addOutside(customer, table, id, entry.uid, part, record);
        return {};
    }

    const Interop &m_interop;
    ImportPlan &m_plan;
    std::unordered_set<std::string> m_seen;
    CalendarPeople m_people;
};

}  // namespace

Status planCalendar(const Interop &interop, std::string_view text, ImportPlan &into)
{
    const CalendarParts found = calendarParts(text);
    for (const InputFault &fault : found.faults)
        into.reject({fault.line, fault.reason, withReason(fault.text, fault.reason)});
    into.source = source;
    return CalendarPlanner(interop, into).plan(found);
}

}  // namespace tend
