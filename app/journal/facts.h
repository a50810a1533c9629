#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/journal/journal.h"

// What the journal knows of one customer, as the rules of docs/RULES.md read it: plain values,
// whole days, nothing derived. The same rows give the same facts on every device.
namespace tend {

enum class Effect { Damaged, Weakened, Same, Strengthened };
enum class PromiseState { Open, Kept, Late, Broken, Released };
enum class NeedState { Heard, Promised, Given, Confirmed };

struct VisitFact {
    Id id;
    Day day{};  // in the calendar of whoever was there
    std::int64_t atMs = 0;
    VisitKind kind = VisitKind::FaceToFace;
    Outcome outcome = Outcome::Met;
    Direction direction = Direction::Us;
    std::optional<int> minutes;  // how long it took, a week at most
    std::optional<Effect> effect;  // "unknown" is none
    std::optional<int> rating;  // 0 to 10, the customer's own
    Feeling feeling;  // the customer's own; in a group what was noted for them goes before
    bool isNotedForThem = false;  // the feeling was
    bool isOfThem = true;  // they are whom the visit names; else they took part in it
    Id member;  // of us; empty when nobody is named
    std::string nextStep;
    std::optional<Day> nextStepOn;
    bool isNextStepDone = false;
};

struct PromiseFact {
    Id id;
    bool isOurs = true;
    std::string what;
    PromiseState state = PromiseState::Open;
    std::optional<Day> madeOn;
    std::optional<Day> dueOn;
    std::optional<Day> doneOn;  // kept, broken or released
};

struct TermsFact {
    Id id;
    bool isTheirs = true;
    std::string words;
    int rhythmDays = 0;  // 0: says nothing about how often
    std::optional<Day> sinceOn;
    std::string channel;
    std::string hours;
    std::string byWhom;
    Id visit;  // in which it was said; may be empty
    std::string heardBy;  // who of us was there; may be empty
};

// How often everybody with that tag is to be met.
struct TagFact {
    Id id;
    int rhythmDays = 0;
    std::string name = {};
};

struct CircumstanceFact {
    Id id;
    std::string what;
    std::optional<Day> sinceOn;
    std::optional<Day> untilOn;
};

struct NeedFact {
    Id id;
    std::string words;
    NeedState state = NeedState::Heard;
};

struct SaleFact {
    Id id;
    std::string item;
    Day soldOn{};
    Id seller;
};

// A dated intention, or the mark that a call after a sale was made.
struct FollowUpFact {
    Id id;
    Id sale;
    Id owner;
    std::string about;
    std::optional<Day> dueOn;
    Id doneVisit;  // empty while it is open
};

enum class LossReason { Circumstances, Competition, Economy, Market, Service, Workmanship };

struct LossFact {
    Id id;
    LossReason reason = LossReason::Circumstances;
    std::string words;
    Day onDay{};
};

// Somebody else of us looks after them from then on; done once they were told.
struct HandoverFact {
    Id id;
    Id to;
    Day onDay{};
    Id toldVisit;  // empty until a visit says so
};

// What became of a remark that was passed on: answered, and maybe told to them.
struct AnswerFact {
    Id remark;
    Id answer;  // the first there was
    std::string words;  // theirs, that were passed on
    std::int64_t atMs = 0;  // of the answer
    Day onDay{};
    Id owner;  // who heard it
    std::vector<Id> toldVisits;
};

enum class InitiativeKind { Policy, Process, Skill, Attitude, Technology };

struct InitiativeFact {
    Id id;
    std::string what;
    std::optional<InitiativeKind> kind;
    Id owner;
    std::string ownerName;
    std::optional<Day> dueOn;
    std::optional<Day> doneOn;
};

struct CustomerFacts {
    Id id;
    std::string name;
    bool hasPhone = false;
    std::optional<Day> addedOn;
    // Another program brought them, or they are a firm whose people are here: no reason by itself.
    bool waitsForNobody = false;
    std::vector<VisitFact> visits;  // oldest first, by moment and id
    // The rest by id.
    std::vector<PromiseFact> promises;
    std::vector<TermsFact> terms;
    std::vector<CircumstanceFact> circumstances;
    std::vector<NeedFact> needs;
    std::vector<SaleFact> sales;
    std::vector<FollowUpFact> followUps;
    std::vector<InitiativeFact> initiatives;  // of active plans for this customer
    std::vector<Id> activePlans;  // as they are now
    std::vector<LossFact> losses;
    std::vector<HandoverFact> handovers;
    std::vector<AnswerFact> answers;  // by the remark's id
    std::vector<TagFact> tags;  // that say how often; by their id
    std::vector<Id> left;  // members who are no longer among us, as it is now; sorted
};

// What was known of the same customer at the end of that day: later visits, promises, terms and
// sales are not there yet, and what was done later is not done. Needs and circumstances without a
// day are as they are now.
[[nodiscard]] CustomerFacts asOf(const CustomerFacts &facts, Day day);

// One visit that both know of.
void unite(VisitFact &visit, const VisitFact &other);

// Two rows that are one person: what is known of `other` is known of `facts` too.
void absorb(CustomerFacts &facts, CustomerFacts other);

// They were met; anything else is an attempt, and moves nothing.
inline bool isContact(const VisitFact &visit)
{
    return visit.outcome == Outcome::Met;
}

inline bool isTwoWay(const VisitFact &visit)
{
    return isContact(visit) && visit.kind != VisitKind::Message;
}

inline int daysFrom(Day from, Day to)
{
    return static_cast<int>(to) - static_cast<int>(from);
}

inline Day daysLater(Day day, int days)
{
    return Day{static_cast<std::int32_t>(day) + days};
}

}  // namespace tend
