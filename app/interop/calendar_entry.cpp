// Rows as events and tasks.
#include "app/interop/calendar_entry.h"

#include "app/interop/export.h"
#include "app/journal/row_at.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

using Texts = std::map<std::string, std::string>;

std::string at(const Texts &row, const std::string &column)
{
    const auto found = row.find(column);
    return found == row.end() ? std::string() : found->second;
}

std::optional<std::int64_t> numberAt(const Texts &row, const std::string &column)
{
    const std::string text = at(row, column);
    return text.empty() ? std::nullopt : std::optional<std::int64_t>(std::stoll(text));
}

std::optional<std::int64_t> momentAt(const Texts &row, const std::string &column)
{
    const auto time = parseTime(at(row, column));
    return time ? std::optional<std::int64_t>(inMs(*time) / 1000 * 1000) : std::nullopt;
}

// A task without a day that its calendar called off: there it stands as it was.
void keepCalledOff(CalendarEntry &task)
{
    if (task.kept.empty() || task.day || task.state != CalendarEntry::State::Open)
        return;
    const IcalComponent kept = readPart({0, task.kind, task.kept}, {});
    icalcomponent *component = innerOf(kept, task.kind);
    if (!component)
        return;
    const CalendarEntry there = entryIn(component, task.kind);
    if (there.state != CalendarEntry::State::Dropped)
        return;
    task.state = there.state;
    task.day = there.day;
}

}  // namespace

Result<Texts> rowTexts(const Interop &interop, const std::string &name, const RowId &id)
{
    Texts texts;
    const Table &table = *journalSchema().table(name);
    const auto row = TRY(interop.replica.records().row(table.id, id));
    if (!row)
        return texts;
    texts["id"] = toText(id);
    for (const Assignment &given : row->assignments) {
        const Column &column = *table.column(given.column);
        if (!isEmpty(given.value) && column.type != ColumnType::Octets)
            texts[column.name] = valueText(column, given.value);
    }
    return texts;
}

Status CalendarRows::describe(
    CalendarEntry &entry, const std::string &table, const RowId &id, const std::string &customer)
{
    SqliteStore &store = m_interop.store;
    const Table &declared = *journalSchema().table(table);
    entry.writtenAtMs = inMs(TRY(lastWritten(store, declared, id)));
    // Rises with each write after the first.
    auto count = TRY(store.database().prepare(
        "SELECT (SELECT count(*) FROM cell WHERE tbl = ?2 AND row = ?1) + (SELECT count(*) FROM "
        "history WHERE tbl = ?2 AND row = ?1)"));
    count.bindBlob(1, id.bytes()).bind(2, static_cast<std::int64_t>(declared.id));
    entry.sequence = TRY(count.step()) ? static_cast<int>(count.int64(0)) : 0;
    entry.customer = customer;
    if (const auto person = parseUuid(customer))
        entry.customerName = at(TRY(rowTexts(m_interop, "customer", *person)), "name");
    auto kept = TRY(store.database().prepare(
        "SELECT foreign_id, coalesce(kept, '') FROM outside_record WHERE source = 'ical' AND "
        "customer_id = ?1 AND "
        + table + "_id = ?2 AND kept LIKE ?3"));
    const auto owner = parseUuid(customer).value_or(RowId{});
    const std::string begin = "BEGIN:" + entry.kind + '%';
    if (TRY(kept.bindBlob(1, owner.bytes()).bindBlob(2, id.bytes()).bindText(3, begin).step())) {
        entry.uid = std::string(kept.text(0));
        entry.kept = std::string(kept.text(1));
    }
    return {};
}

Result<CalendarEntry> CalendarRows::visit(const RowId &id, const Texts &row)
{
    CalendarEntry event;
    event.kind = "VEVENT";
    event.uid = toText(id);
    if (const std::string said = at(row, "said"); !said.empty())
        event.said = said;
    event.startedAtMs = momentAt(row, "started_at");
    event.day = parseDay(at(row, "on_day"));
    if (!event.day)
        event.day
            = event.startedAtMs ? localDay(WallTime{*event.startedAtMs}) : dayMade(id.bytes());
    event.minutes = numberAt(row, "minutes");
    for (const char *column : {"kind", "outcome", "direction"})
        event.extensions["X-TEND-" + inCapitals(column)] = at(row, column);
    TRY_STATUS(describe(event, "visit", id, at(row, "customer_id")));
    event.summary = event.customerName.empty() ? "Visit" : event.customerName;
    // An event of another program goes on being called what it was called there.
    if (event.uid == toText(id))
        return event;
    if (const IcalComponent kept = readPart({0, "VEVENT", event.kept}, {});
        icalcomponent *component = innerOf(kept, "VEVENT")) {
        CalendarEntry there = entryIn(component, event.kind);
        event.summary = std::move(there.summary);
        event.description = std::move(there.description);
    }
    return event;
}

Result<std::vector<CalendarEntry>> CalendarRows::entriesOf(
    const std::string &table, const RowId &id)
{
    std::vector<CalendarEntry> entries;
    const Texts row = TRY(rowTexts(m_interop, table, id));
    if (row.empty() || (table == "promise" && at(row, "by") == "them"))
        return entries;
    if (table == "visit") {
        entries.push_back(TRY(visit(id, row)));
        if (at(row, "next_step").empty())
            return entries;
        CalendarEntry step;
        step.kind = "VTODO";
        TRY_STATUS(describe(step, "visit", id, at(row, "customer_id")));
        step.uid = toText(id) + std::string(nextStepMark);
        step.summary = at(row, "next_step");
        step.day = parseDay(at(row, "next_step_on"));
        step.state = at(row, "next_step_done") == "1" ? CalendarEntry::State::Done
                                                      : CalendarEntry::State::Open;
        keepCalledOff(step);
        entries.push_back(std::move(step));
        return entries;
    }
    CalendarEntry task;
    task.kind = "VTODO";
    task.uid = toText(id);
    task.day = parseDay(at(row, "due_on"));
    TRY_STATUS(describe(task, table, id, at(row, "customer_id")));
    if (table == "promise") {
        const std::string state = at(row, "state");
        task.summary = at(row, "what");
        task.state = state == "kept"                   ? CalendarEntry::State::Done
            : state == "broken" || state == "released" ? CalendarEntry::State::Dropped
                                                       : CalendarEntry::State::Open;
    } else {
        task.summary = at(row, "about").empty() ? task.customerName : at(row, "about");
        task.state = at(row, "done_visit_id").empty() ? CalendarEntry::State::Open
                                                      : CalendarEntry::State::Done;
        keepCalledOff(task);
    }
    entries.push_back(std::move(task));
    return entries;
}

}  // namespace tend
