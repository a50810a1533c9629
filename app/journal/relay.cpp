#include "app/journal/relay.h"

#include <algorithm>
#include <array>

#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/same_customers.h"
#include "sync/domain/ids.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::int64_t hourMs = 3'600'000;
constexpr int agreedHoursDefault = 24;

bool happened(const RelayedRemark &remark, RelayKind kind)
{
    return std::any_of(remark.events.begin(), remark.events.end(),
        [&](const RelayEvent &event) { return event.kind == kind; });
}

bool isAnswered(const RelayedRemark &remark)
{
    return happened(remark, RelayKind::Answered) || happened(remark, RelayKind::Cannot);
}

// Whoever passed it on has seen the newest answer.
bool knowsAnswer(const RelayedRemark &remark)
{
    const RelayEvent *answer = answerOf(remark);
    return answer
        && std::any_of(remark.events.begin(), remark.events.end(), [&](const auto &event) {
               return event.kind == RelayKind::ToldRep
                   && std::tie(event.atMs, event.id) > std::tie(answer->atMs, answer->id);
           });
}

int hoursOf(const Listener &listener, const std::string &role)
{
    const auto agreed = listener.agreedHours.find(role);
    return agreed == listener.agreedHours.end() ? agreedHoursDefault : agreed->second;
}

std::optional<RelayKind> relayKindOf(std::string_view word)
{
    constexpr std::array<std::string_view, 8> words
        = {"passed", "seen", "taken", "will_do", "answered", "cannot", "told_rep", "told_customer"};
    const auto at = std::find(words.begin(), words.end(), word);
    if (at == words.end())
        return std::nullopt;
    return static_cast<RelayKind>(at - words.begin());
}

}  // namespace

RelayState stateOf(const RelayedRemark &remark)
{
    RelayState state = RelayState::Kept;
    for (const RelayEvent &event : remark.events)
        state = std::max(state, static_cast<RelayState>(static_cast<int>(event.kind) + 1));
    return state;
}

bool isClosed(const RelayedRemark &remark)
{
    if (remark.customer.empty())
        return isAnswered(remark) && knowsAnswer(remark);
    return std::any_of(remark.events.begin(), remark.events.end(), [](const RelayEvent &event) {
        return event.kind == RelayKind::ToldCustomer && !event.visit.empty();
    });
}

const RelayEvent *answerOf(const RelayedRemark &remark)
{
    const RelayEvent *newest = nullptr;
    for (const RelayEvent &event : remark.events) {
        if (event.kind == RelayKind::Answered || event.kind == RelayKind::Cannot
            || event.kind == RelayKind::WillDo)
            newest = &event;
    }
    return newest;
}

std::int64_t deputyFromMs(const RelayedRemark &remark, int agreedHours)
{
    const auto passed = std::find_if(remark.events.begin(), remark.events.end(),
        [](const RelayEvent &event) { return event.kind == RelayKind::Passed; });
    const std::int64_t since = passed == remark.events.end() ? remark.heardMs : passed->atMs;
    return since + agreedHours * hourMs;
}

std::vector<HeardRow> heardBy(
    const Listener &listener, std::vector<RelayedRemark> remarks, std::int64_t nowMs)
{
    std::vector<HeardRow> rows;
    for (RelayedRemark &remark : remarks) {
        if (remark.toRole.empty() || isClosed(remark))
            continue;
        HeardRow row;
        row.state = stateOf(remark);
        const bool isOwn = !listener.member.empty() && remark.author == listener.member;
        const bool isForRole = remark.toRole == listener.role;
        // Who looked later, the deputy among them, takes it from nobody.
        const std::int64_t agreedMs = deputyFromMs(remark, hoursOf(listener, remark.toRole));
        const bool isSeenInTime
            = std::any_of(remark.events.begin(), remark.events.end(), [&](const RelayEvent &event) {
                  return event.kind != RelayKind::Passed && event.atMs <= agreedMs;
              });
        const bool isUnseenTooLong = !isSeenInTime && nowMs >= agreedMs;
        row.asDeputy = !isForRole && isUnseenTooLong
            && std::find(listener.deputyOf.begin(), listener.deputyOf.end(), remark.toRole)
                != listener.deputyOf.end();
        if (isOwn && answerOf(remark) && !knowsAnswer(remark))
            row.group = HeardGroup::CameBack;
        else if (isAnswered(remark) && isOwn)
            row.group = HeardGroup::ToTell;
        else if (!isAnswered(remark) && (isForRole || row.asDeputy))
            row.group = HeardGroup::ToAnswer;
        else if (isOwn)
            row.group = HeardGroup::UnderWay;
        else
            continue;
        row.remark = std::move(remark);
        rows.push_back(std::move(row));
    }
    std::sort(rows.begin(), rows.end(), [](const HeardRow &one, const HeardRow &other) {
        return std::tie(one.group, one.remark.heardMs, one.remark.id)
            < std::tie(other.group, other.remark.heardMs, other.remark.id);
    });
    return rows;
}

Result<std::vector<RelayedRemark>> readRelayed(sqlite::Database &database)
{
    std::vector<RelayedRemark> remarks;
    std::map<Id, std::size_t> places;
    auto select = TRY(database.prepare(
        "SELECT r.id, r.words, r.customer_id, coalesce(c.name, r.customer_name, ''), r.member_id, "
        "r.to_role, r.heard_at FROM remark r LEFT JOIN customer c ON c.id = r.customer_id WHERE "
        "r.to_role > '' ORDER BY +r.id"));  // by the index of those that were passed on
    const SameCustomers same = TRY(SameCustomers::read(database));
    while (TRY(select.step())) {
        places[idAt(select, 0)] = remarks.size();
        const Id customer = idAt(select, 2);
        remarks.push_back({idAt(select, 0), std::string(select.text(1)), customer,
            TRY(pageName(database, same, customer, std::string(select.text(3)))), idAt(select, 4),
            std::string(select.text(5)),
            select.isNull(6) ? msMade(select.blob(0)).value_or(0) : select.int64(6), {}});
    }
    auto events = TRY(database.prepare(
        "SELECT remark_id, id, kind, at, member_id, words, due_on, visit_id FROM relay_event"));
    while (TRY(events.step())) {
        const auto at = places.find(idAt(events, 0));
        const auto kind = relayKindOf(events.text(2));
        if (at == places.end() || !kind)
            continue;
        remarks[at->second].events.push_back({idAt(events, 1), *kind,
            events.isNull(3) ? msMade(events.blob(1)).value_or(0) : events.int64(3),
            idAt(events, 4), std::string(events.text(5)),
            events.isNull(6) ? std::nullopt : parseDay(std::string(events.text(6))),
            idAt(events, 7)});
    }
    for (RelayedRemark &remark : remarks)
        std::sort(remark.events.begin(), remark.events.end(),
            [](const RelayEvent &one, const RelayEvent &other) {
                return std::tie(one.atMs, one.id) < std::tie(other.atMs, other.id);
            });
    return remarks;
}

Result<Listener> readListener(sqlite::Database &database, const Id &member)
{
    Listener listener;
    listener.member = member;
    const auto id = parseUuid(member).value_or(Uuid{});
    auto role = TRY(database.prepare("SELECT role FROM member WHERE id = ?1"));
    role.bindBlob(1, id.bytes());
    if (TRY(role.step()))
        listener.role = std::string(role.text(0));
    auto others = TRY(database.prepare(
        "SELECT DISTINCT role FROM member WHERE deputy_id = ?1 AND coalesce(active, 1) = 1 ORDER "
        "BY role"));
    others.bindBlob(1, id.bytes());
    while (TRY(others.step()))
        listener.deputyOf.emplace_back(others.text(0));
    auto hours = TRY(database.prepare("SELECT role, hours FROM agreed_hours ORDER BY id"));
    while (TRY(hours.step()))
        listener.agreedHours[std::string(hours.text(0))] = static_cast<int>(hours.int64(1));
    return listener;
}

}  // namespace tend
