#pragma once

#include <string>

#include "app/journal/brief.h"
#include "app/journal/relay.h"

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

}  // namespace tend
