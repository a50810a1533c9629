#pragma once

#include <array>

#include "app/journal/facts.h"

// The relationship profile, rules 1.0 of docs/RULES.md: five signals, one word, and the rows behind
// each. Whole numbers only, so that every device reads the same. Pure: any thread, no clock.
namespace tend {

enum class Standing { DataOnly, NotEnoughKnown, GoneQuiet, Cooling, Growing, Steady };
enum class SignalKind { Recency, TwoWayness, PromisesKept, Rating, Breadth };
enum class Trend { NotKnown, Better, Level, Worse };  // against 90 days before
enum class RhythmFrom { Theirs, Ours, Tag, Habit, Default };

struct Signal {
    SignalKind kind = SignalKind::Recency;
    std::optional<int> value;  // none: not known. The unit is the signal's own, see docs/RULES.md
    Trend trend = Trend::NotKnown;
    std::vector<Id> evidence;  // rows; none only where the value is not known
};

struct Rhythm {
    int days = 90;
    RhythmFrom from = RhythmFrom::Default;
    Id evidence;  // the terms or the tag that says so; empty for habit and default
};

struct Profile {
    Day on{};
    Standing standing = Standing::DataOnly;
    std::vector<Id>
        evidence;  // rows that the word rests on; none where it rests on what is missing
    Rhythm rhythm;
    std::optional<int> quietDays;  // since the last contact
    Id lastContact;
    std::array<Signal, 5> parts;  // in the order of SignalKind
};

[[nodiscard]] Profile profileOf(const CustomerFacts &facts, Day on);
// The word alone.
[[nodiscard]] Standing standingOn(const CustomerFacts &facts, Day on);
[[nodiscard]] Rhythm rhythmOf(const CustomerFacts &facts);
// The newest visit that counts against the rhythm: a message does not end a silence of more than
// two rhythms. None without a contact.
[[nodiscard]] const VisitFact *lastContactOf(const CustomerFacts &facts);
// As the rules read it at the end of that day: what is open past its day is late.
[[nodiscard]] PromiseState stateOn(const PromiseFact &promise, Day day);

// The last day within `days` before `on`, and `on` itself, on which the word became another, and
// the rows dated that day; without rows, time alone did it.
struct StandingChange {
    Day on{};
    Standing before = Standing::DataOnly;
    Standing after = Standing::DataOnly;
    std::vector<Id> causes;
};

[[nodiscard]] std::optional<StandingChange> lastChangeOf(
    const CustomerFacts &facts, Day on, int days);

}  // namespace tend
