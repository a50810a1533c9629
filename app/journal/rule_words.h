#pragma once

#include <string>

#include "app/journal/brief.h"
#include "app/journal/likeness.h"
#include "app/journal/plan.h"
#include "app/journal/radar.h"
#include "app/journal/relay.h"
#include "app/journal/retention.h"

// The rules' enums as words for machines: what tendctl prints as JSON, the same in every language.
namespace tend {

[[nodiscard]] std::string word(Standing standing);
[[nodiscard]] std::string word(SignalKind kind);
[[nodiscard]] std::string word(Trend trend);
[[nodiscard]] std::string word(RhythmFrom from);
[[nodiscard]] std::string word(TodayGroup group);
[[nodiscard]] std::string word(ReasonKind kind);
[[nodiscard]] std::string word(PromiseState state);
[[nodiscard]] std::string word(NeedState state);
[[nodiscard]] std::string word(Effect effect);
[[nodiscard]] std::string word(Question question);
[[nodiscard]] std::string word(RelayState state);
[[nodiscard]] std::string word(HeardGroup group);
[[nodiscard]] std::string word(Measure measure);
[[nodiscard]] std::string word(InitiativeKind kind);
[[nodiscard]] std::string word(GoalStanding standing);
[[nodiscard]] std::string word(Likeness likeness);
[[nodiscard]] std::string word(LossReason reason);
[[nodiscard]] std::string word(Retention state);
[[nodiscard]] std::string word(RadarQuestion question);

}  // namespace tend
