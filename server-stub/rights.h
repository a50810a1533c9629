#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server-stub/shared_store.h"
#include "sync/schema/schema.h"

namespace tend::server {

// What one device may see and change, from its member's role and territories.
struct View {
    replica::Uuid member;
    std::string role;
    replica::Scopes scopes;
    Bytes token;  // 8 octets that stand for `scopes`

    [[nodiscard]] bool shows(const replica::Column &column) const;
};

// The view of a member as the workspace's rows tell it now. Everybody holds the workspace, what is
// private to them, what they wrote that is in no territory, and the circle of their role. A rep
// holds their territories besides; office, manager and admin hold theirs, or, where none were
// given, all and what anybody wrote that is in none. A member who has ended, and a device that is
// to be wiped, hold nothing.
[[nodiscard]] Result<View> viewOf(
    replica::Records &records, const replica::Schema &schema, const Device &device);

// What is to be said about the changes of one group.
struct Judgement {
    std::optional<std::string> objection;  // why the member may not make them
    std::vector<replica::RowName> strays;  // rows they wrote in time, but may not hold any more
    View view;  // the member's, now
};

// Judges changes whose author had seen everything up to `base`. What was theirs when they wrote it
// is taken, though it is not any more; `ago` says from when on.
[[nodiscard]] Result<Judgement> judge(SharedStore &store, const replica::Schema &schema,
    const View &view, const std::vector<replica::Change> &changes, replica::Sequence base,
    replica::WallTime ago);

}  // namespace tend::server
