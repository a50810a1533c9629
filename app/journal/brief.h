#pragma once

#include "app/journal/reasons.h"
#include "app/journal/voices.h"
#include "sync/sqlite/database.h"

// One page before a visit, from local rows alone: what makes a few hours a year count.
namespace tend {

struct SaidWords {
    Id visitId;
    Day day{};
    std::string words;  // the customer's own
};

// What to ask besides "how are you", from what is open; docs/RULES.md says which comes first.
enum class Question { WhyLate, IsItRight, HowIsItNow, HonestOpinion, WhatCouldBeBetter };

struct Brief {
    Id customerId;
    std::string name;
    Profile profile;
    std::optional<StandingChange> changed;  // within the last year
    std::optional<TermsFact> theirTerms;
    std::optional<TermsFact> ourTerms;
    std::vector<SaidWords> lastWords;  // newest first, at most three
    std::vector<PromiseFact> openPromises;  // of both sides, as they stand that day
    std::vector<NeedFact> openNeeds;  // not confirmed yet
    std::vector<CircumstanceFact> circumstances;  // begun and not over
    std::vector<VisitFact> effects;  // the last five known ones, newest first
    std::optional<int> minutesThisYear;  // of those of which they are known
    std::size_t timedThisYear = 0;  // how many those are
    std::vector<Id> contactsThisYear;  // of the last 365 days, oldest first
    std::vector<Reason> reasons;
    std::vector<MarketNote> notes;  // from the office, that hold and concern them
    Question question = Question::WhatCouldBeBetter;
    std::string questionTopic;
    Id questionEvidence;  // empty for WhatCouldBeBetter
};

// Errors: NotFound.
[[nodiscard]] Result<Brief> briefOf(
    replica::sqlite::Database &database, const Id &customer, Day today);

}  // namespace tend
