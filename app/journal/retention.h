#pragma once

#include "app/journal/profile.h"

namespace tend {

// Who stays, who may leave, who left and who came back: docs/RULES.md. Pure: any thread, no clock.
enum class Retention { None, Staying, AtRisk, Left, CameBack };

struct RetentionState {
    Retention state = Retention::None;
    std::vector<Id> evidence;  // rows; none only for None
    std::vector<LossReason> reasons;  // why they left, where they did
};

[[nodiscard]] RetentionState retentionOf(const CustomerFacts &all, Day on);

}  // namespace tend
