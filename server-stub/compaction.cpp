#include "server-stub/compaction.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sync/base/mutant.h"

namespace tend::server {

using namespace replica;

namespace {

constexpr auto marksFact = "days";
constexpr std::int64_t marksInAll = 400;  // of the time that is kept
// A floor needs so many marks above it: a server that was away for some of the days has them, a
// clock that leapt has not.
constexpr std::size_t marksAboveFloor = 100;

}  // namespace

// ---- days ---------------------------------------------------------------------------------------

Result<DayMarks> DayMarks::read(SharedStore &store)
{
    DayMarks days;
    const auto text = TRY(store.fact(marksFact));
    if (!text)
        return days;
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_array())
        return fail(ErrorCode::Corrupt, "the days of the log are unreadable");
    for (const auto &mark : json) {
        if (!mark.is_array() || mark.size() != 2)
            return fail(ErrorCode::Corrupt, "the days of the log are unreadable");
        days.m_marks.push_back(
            {WallTime{mark[0].get<std::int64_t>()}, Sequence{mark[1].get<std::uint64_t>()}});
    }
    return days;
}

bool DayMarks::note(WallTime now, Sequence head, std::chrono::milliseconds keepFor)
{
    // Of a time when the clock was ahead.
    std::erase_if(m_marks, [&](const Mark &mark) { return mark.at > now; });
    const bool isDue
        = m_marks.empty() || inMs(now) - inMs(m_marks.back().at) >= keepFor.count() / marksInAll;
    if (isDue)
        m_marks.push_back({now, head});
    return isDue;
}

Sequence DayMarks::floor(WallTime now, std::chrono::milliseconds keepFor) const
{
    if (keepFor.count() == 0)
        return m_marks.empty() ? Sequence{0} : m_marks.back().head;
    for (std::size_t at = m_marks.size(); at > 0; --at) {
        const Mark &mark = m_marks[at - 1];
        if (inMs(now) - inMs(mark.at) >= keepFor.count())
            return m_marks.size() - at >= marksAboveFloor ? mark.head : Sequence{0};
    }
    return Sequence{0};
}

Status DayMarks::keep(SharedStore &store, Sequence floor)
{
    if (!m_marks.empty()) {
        // The last one tells when the next is due.
        const Mark last = m_marks.back();
        m_marks.pop_back();
        std::erase_if(m_marks, [&](const Mark &mark) { return mark.head <= floor; });
        m_marks.push_back(last);
    }
    auto json = nlohmann::json::array();
    for (const Mark &mark : m_marks)
        json.push_back({inMs(mark.at), raw(mark.head)});
    return store.keepFact(marksFact, json.dump());
}

// ---- rows ---------------------------------------------------------------------------------------

Result<std::vector<RowName>> expiredRows(SharedStore &store, const Schema &schema, Sequence floor)
{
    Records &records = store.records();
    std::vector<RowName> expired;
    std::set<RowName> needed;
    for (const Table &table : schema.tables()) {
        for (const RowId &id : TRY(records.buriedIds(table.id))) {
            const RowState state = TRY(records.load(table.id, id));
            const bool isOld = std::all_of(state.heads.begin(), state.heads.end(),
                [&](const Head &head) { return records.header(head.group).sequence <= floor; });
            if (isOld) {
                expired.push_back({table.id, id});
                continue;
            }
            Change shown{table.id, id, ChangeKind::Insert, {}};
            for (const Head &head : state.heads) {
                if (head.column != existence)
                    shown.assignments.push_back({head.column, head.value});
            }
            std::sort(shown.assignments.begin(), shown.assignments.end(),
                [](const Assignment &one, const Assignment &other) {
                    return one.column < other.column;
                });
            for (const RowName &parent : parentsIn(table, shown))
                needed.insert(parent);
        }
    }
    ScopeReader reader(records, schema);
    std::vector<RowName> free;
    for (const RowName &name : expired) {
        if (!needed.contains(name) && TRY(reader.treeOf(name)).size() == 1)
            free.push_back(name);
    }
    return free;
}

Result<std::optional<std::string>> deadObjection(
    SharedStore &store, const Schema &schema, const std::vector<Change> &changes)
{
    for (const Change &change : changes) {
        const Table &table = *schema.table(change.table);
        if (TRY(store.isDead({change.table, change.row})) && !MUTANT(dead_taken))
            return std::optional<std::string>(
                "this " + table.name + " was deleted long ago and is kept no longer");
        for (const RowName &parent : parentsIn(table, change)) {
            if (TRY(store.isDead(parent)) && !MUTANT(dead_taken))
                return std::optional<std::string>("the " + schema.table(parent.table)->name
                    + " it belongs to was deleted long ago and is kept no longer");
        }
    }
    return std::optional<std::string>();
}

}  // namespace tend::server
