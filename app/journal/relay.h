#pragma once

#include <map>

#include "app/journal/facts.h"
#include "sync/sqlite/database.h"

// A remark on its way to whoever can act on it, and the answer on its way back: docs/RULES.md. What
// happened is a list of events that is only added to; where a remark stands follows from them, so
// that no outage can lose or skip a step. The rules are pure; reading takes the database's thread.
namespace tend {

enum class RelayKind { Passed, Seen, Taken, WillDo, Answered, Cannot, ToldRep, ToldCustomer };
// The furthest of its events; Kept before there is one.
enum class RelayState {
    Kept,
    Passed,
    Seen,
    Taken,
    WillDo,
    Answered,
    Cannot,
    ToldRep,
    ToldCustomer
};

struct RelayEvent {
    Id id;
    RelayKind kind = RelayKind::Passed;
    std::int64_t atMs = 0;
    Id member;
    std::string words;
    std::optional<Day> dueOn;
    Id visit;  // in which the customer was told
};

struct RelayedRemark {
    Id id;
    std::string words;
    Id customer;  // empty while nobody knows who it was
    std::string customerName;
    Id author;
    std::string toRole;
    std::int64_t heardMs = 0;
    std::vector<RelayEvent> events;  // by moment and id
};

[[nodiscard]] RelayState stateOf(const RelayedRemark &remark);
// Told to the customer in a visit; without a customer, once whoever passed it on was told.
[[nodiscard]] bool isClosed(const RelayedRemark &remark);
// The newest words of an answer, a refusal or a promise to act; null when there are none.
[[nodiscard]] const RelayEvent *answerOf(const RelayedRemark &remark);
// When it goes to the deputy as well: nobody has seen it for that long.
[[nodiscard]] std::int64_t deputyFromMs(const RelayedRemark &remark, int agreedHours);

// Who looks at the list, and what the team agreed on.
struct Listener {
    Id member;
    std::string role;
    std::vector<std::string> deputyOf;  // roles of those whose deputy this member is
    std::map<std::string, int> agreedHours;  // by role; else 24
};

enum class HeardGroup {
    ToAnswer,  // passed to this role, or to one this member is deputy for, and not answered yet
    CameBack,  // this member passed it on, and an answer is here that they have not seen
    ToTell,  // answered, and the customer was not told yet
    UnderWay,  // this member passed it on; no answer yet
};

struct HeardRow {
    HeardGroup group = HeardGroup::ToAnswer;
    RelayedRemark remark;
    RelayState state = RelayState::Kept;
    bool asDeputy = false;
};

// By group, then by when it was heard. Closed remarks are left out.
[[nodiscard]] std::vector<HeardRow> heardBy(
    const Listener &listener, std::vector<RelayedRemark> remarks, std::int64_t nowMs);

// Every remark that was passed on to a role.
[[nodiscard]] Result<std::vector<RelayedRemark>> readRelayed(replica::sqlite::Database &database);
[[nodiscard]] Result<Listener> readListener(replica::sqlite::Database &database, const Id &member);

}  // namespace tend
