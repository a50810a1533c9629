#include "app/journal/profile.h"

#include <algorithm>
#include <map>
#include <set>

namespace tend {

namespace {

constexpr int rhythmDaysDefault = 90;
// Two talks in one week are not a habit of days yet.
constexpr std::size_t gapsForHabit = 3;
constexpr std::size_t gapsForHabitMax = 5;
// Nobody has gone quiet over a weekend.
constexpr int habitDaysMin = 7;
constexpr std::size_t contactsForTwoWayness = 6;
constexpr int promisesLookBackDays = 365;
constexpr int ratingLookBackDays = 730;
constexpr int breadthLookBackDays = 365;
constexpr int trendDays = 90;
constexpr int lateTooLongDays = 7;
constexpr std::size_t signalsNeeded = 2;

// Being there weighs most.
int weightOf(VisitKind kind)
{
    switch (kind) {
    case VisitKind::FaceToFace:
        return 5;
    case VisitKind::Group:
        return 4;
    case VisitKind::Counter:
        return 3;
    case VisitKind::Call:
        return 2;
    case VisitKind::Message:
        break;
    }
    return 1;
}

Signal recencyOf(const CustomerFacts &facts, const Rhythm &rhythm, Day on)
{
    Signal signal{SignalKind::Recency, {}, {}, {}};
    if (const VisitFact *last = lastContactOf(facts)) {
        signal.value = daysFrom(last->day, on) * 100 / rhythm.days;
        signal.evidence = {last->id};
        if (!rhythm.evidence.empty())
            signal.evidence.push_back(rhythm.evidence);
    }
    return signal;
}

Signal twoWaynessOf(const CustomerFacts &facts)
{
    Signal signal{SignalKind::TwoWayness, {}, {}, {}};
    int theirs = 0;
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        if (!isContact(*visit) || signal.evidence.size() == contactsForTwoWayness)
            continue;
        signal.evidence.push_back(visit->id);
        theirs += visit->direction == Direction::Them ? 1 : 0;
    }
    if (signal.evidence.size() < 2)
        signal.evidence.clear();
    else
        signal.value = theirs * 100 / static_cast<int>(signal.evidence.size());
    return signal;
}

// The day a promise came to its end, kept or not.
std::optional<Day> endOf(const PromiseFact &promise, PromiseState state)
{
    const bool isDone = state == PromiseState::Kept || state == PromiseState::Broken;
    return isDone && promise.doneOn ? promise.doneOn : promise.dueOn;
}

Signal promisesKeptOf(const CustomerFacts &facts, Day on)
{
    Signal signal{SignalKind::PromisesKept, {}, {}, {}};
    int kept = 0;
    for (const PromiseFact &promise : facts.promises) {
        const PromiseState state = stateOn(promise, on);
        const auto end = endOf(promise, state);
        const bool isOver = state == PromiseState::Kept || state == PromiseState::Late
            || state == PromiseState::Broken;
        if (!promise.isOurs || !isOver || !end || *end > on
            || daysFrom(*end, on) >= promisesLookBackDays)
            continue;
        signal.evidence.push_back(promise.id);
        kept += state == PromiseState::Kept ? 1 : 0;
    }
    if (!signal.evidence.empty())
        signal.value = kept * 100 / static_cast<int>(signal.evidence.size());
    return signal;
}

Signal ratingOf(const CustomerFacts &facts, Day on)
{
    Signal signal{SignalKind::Rating, {}, {}, {}};
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        const bool isRated = isContact(*visit) && (visit->rating || visit->feeling);
        if (!isRated || daysFrom(visit->day, on) >= ratingLookBackDays)
            continue;
        signal.value = visit->rating ? *visit->rating * 10 : (*visit->feeling + 2) * 25;
        signal.evidence = {visit->id};
        break;
    }
    return signal;
}

// Of each of us the closest way in which they met; the newest visit of that kind stands for it.
Signal breadthOf(const CustomerFacts &facts, Day on)
{
    Signal signal{SignalKind::Breadth, {}, {}, {}};
    std::map<Id, const VisitFact *> closest;
    std::set<Day> days;
    for (const VisitFact &visit : facts.visits) {
        if (!isContact(visit) || daysFrom(visit.day, on) >= breadthLookBackDays)
            continue;
        days.insert(visit.day);
        const VisitFact *&its = closest[visit.member];
        if (!its || weightOf(visit.kind) >= weightOf(its->kind))
            its = &visit;
    }
    if (days.size() < 2)
        return signal;
    int sum = 0;
    for (const auto &[member, visit] : closest) {
        sum += weightOf(visit->kind);
        signal.evidence.push_back(visit->id);
    }
    signal.value = sum;
    return signal;
}

std::array<Signal, 5> signalsOf(const CustomerFacts &facts, Day on)
{
    return {recencyOf(facts, rhythmOf(facts), on), twoWaynessOf(facts), promisesKeptOf(facts, on),
        ratingOf(facts, on), breadthOf(facts, on)};
}

Trend trendOf(const Signal &now, const Signal &before)
{
    if (!now.value || !before.value)
        return Trend::NotKnown;
    if (*now.value == *before.value)
        return Trend::Level;
    const bool isMore = *now.value > *before.value;
    return isMore != (now.kind == SignalKind::Recency) ? Trend::Better : Trend::Worse;
}

// Effects that somebody knew, newest first.
std::vector<const VisitFact *> knownEffects(const CustomerFacts &facts, std::size_t countMax)
{
    std::vector<const VisitFact *> effects;
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        if (isContact(*visit) && visit->effect && effects.size() < countMax)
            effects.push_back(&*visit);
    }
    return effects;
}

bool isNegative(Effect effect)
{
    return effect == Effect::Damaged || effect == Effect::Weakened;
}

// Rows for which the relationship cools; empty when it does not.
std::vector<Id> coolingBy(const CustomerFacts &facts, const Profile &profile, Day on)
{
    std::vector<Id> rows;
    if (profile.quietDays && *profile.quietDays > profile.rhythm.days)
        rows.push_back(profile.lastContact);
    std::vector<Id> bad;
    for (const VisitFact *visit : knownEffects(facts, 3)) {
        if (isNegative(*visit->effect))
            bad.push_back(visit->id);
    }
    if (bad.size() >= 2)
        rows.insert(rows.end(), bad.begin(), bad.end());
    for (const PromiseFact &promise : facts.promises) {
        if (promise.isOurs && promise.dueOn && stateOn(promise, on) == PromiseState::Late
            && daysFrom(*promise.dueOn, on) > lateTooLongDays)
            rows.push_back(promise.id);
    }
    return rows;
}

std::vector<Id> growingBy(const CustomerFacts &facts, Day on)
{
    const auto effects = knownEffects(facts, 2);
    const bool areBothGood = effects.size() == 2
        && std::all_of(effects.begin(), effects.end(),
            [](const auto *visit) { return *visit->effect == Effect::Strengthened; });
    if (!areBothGood)
        return {};
    for (const PromiseFact &promise : facts.promises) {
        if (promise.isOurs && promise.doneOn && stateOn(promise, on) == PromiseState::Kept
            && *promise.doneOn >= effects.back()->day)
            return {effects[0]->id, effects[1]->id, promise.id};
    }
    return {};
}

void judge(const CustomerFacts &facts, Day on, Profile &profile)
{
    const auto isKnown = [](const Signal &signal) {
        return signal.value.has_value();
    };
    const auto known = static_cast<std::size_t>(
        std::count_if(profile.parts.begin(), profile.parts.end(), isKnown));
    if (std::none_of(facts.visits.begin(), facts.visits.end(), isTwoWay)) {
        profile.standing = Standing::DataOnly;
    } else if (known < signalsNeeded) {
        profile.standing = Standing::NotEnoughKnown;
    } else if (profile.quietDays && *profile.quietDays > 2 * profile.rhythm.days) {
        profile.standing = Standing::GoneQuiet;
        profile.evidence = {profile.lastContact};
    } else if (profile.evidence = coolingBy(facts, profile, on); !profile.evidence.empty()) {
        profile.standing = Standing::Cooling;
    } else if (profile.evidence = growingBy(facts, on); !profile.evidence.empty()) {
        profile.standing = Standing::Growing;
    } else {
        profile.standing = Standing::Steady;
        if (!profile.lastContact.empty())
            profile.evidence = {profile.lastContact};
    }
}

template <typename Rows>
void addDated(const Rows &rows, Day on, std::vector<Id> &causes)
{
    for (const auto &row : rows)
        if (row.sinceOn == on)
            causes.push_back(row.id);
}

}  // namespace

PromiseState stateOn(const PromiseFact &promise, Day day)
{
    const bool isEnded = promise.state != PromiseState::Open && promise.state != PromiseState::Late;
    if (isEnded && (!promise.doneOn || *promise.doneOn <= day))
        return promise.state;
    const bool isPast = promise.dueOn && *promise.dueOn < day;
    return isPast || promise.state == PromiseState::Late ? PromiseState::Late : PromiseState::Open;
}

Rhythm rhythmOf(const CustomerFacts &facts)
{
    for (const bool theirs : {true, false}) {
        const TermsFact *stated = nullptr;  // the newest that says how often
        for (const TermsFact &terms : facts.terms) {
            const bool isNewer = !stated
                || std::pair(terms.sinceOn, terms.id) > std::pair(stated->sinceOn, stated->id);
            if (terms.isTheirs == theirs && terms.rhythmDays > 0 && isNewer)
                stated = &terms;
        }
        if (stated)
            return {stated->rhythmDays, theirs ? RhythmFrom::Theirs : RhythmFrom::Ours, stated->id};
    }
    const TagFact *shortest = nullptr;
    for (const TagFact &tag : facts.tags) {
        if (!shortest || tag.rhythmDays < shortest->rhythmDays)
            shortest = &tag;
    }
    if (shortest)
        return {shortest->rhythmDays, RhythmFrom::Tag, shortest->id};
    std::vector<int> gaps;
    std::optional<Day> later;
    for (auto visit = facts.visits.rbegin(); visit != facts.visits.rend(); ++visit) {
        if (!isContact(*visit) || visit->day == later)
            continue;
        if (later && gaps.size() < gapsForHabitMax)
            gaps.push_back(daysFrom(visit->day, *later));
        later = visit->day;
    }
    if (gaps.size() < gapsForHabit)
        return {rhythmDaysDefault, RhythmFrom::Default, {}};
    std::sort(gaps.begin(), gaps.end());
    return {std::max(habitDaysMin, gaps[gaps.size() / 2]), RhythmFrom::Habit, {}};
}

const VisitFact *lastContactOf(const CustomerFacts &facts)
{
    const int silence = 2 * rhythmOf(facts).days;
    const VisitFact *last = nullptr;
    for (const VisitFact &visit : facts.visits) {
        if (!isContact(visit))
            continue;
        const bool breaksSilence = visit.kind != VisitKind::Message || !last
            || daysFrom(last->day, visit.day) <= silence;
        if (breaksSilence)
            last = &visit;
    }
    return last;
}

namespace {

// Everything but how it was before. `now` is what was known that day.
Profile judged(const CustomerFacts &now, Day on)
{
    Profile profile;
    profile.on = on;
    profile.rhythm = rhythmOf(now);
    if (const VisitFact *last = lastContactOf(now)) {
        profile.quietDays = daysFrom(last->day, on);
        profile.lastContact = last->id;
    }
    profile.parts = signalsOf(now, on);
    judge(now, on, profile);
    return profile;
}

}  // namespace

Profile profileOf(const CustomerFacts &facts, Day on)
{
    Profile profile = judged(asOf(facts, on), on);
    const Day earlier = daysLater(on, -trendDays);
    const auto before = signalsOf(asOf(facts, earlier), earlier);
    for (std::size_t i = 0; i < before.size(); ++i)
        profile.parts[i].trend = trendOf(profile.parts[i], before[i]);
    return profile;
}

Standing standingOn(const CustomerFacts &facts, Day on)
{
    return judged(asOf(facts, on), on).standing;
}

std::optional<StandingChange> lastChangeOf(const CustomerFacts &facts, Day on, int days)
{
    Standing after = standingOn(facts, on);
    for (int back = 0; back < days; ++back) {
        const Day day = daysLater(on, -back);
        const Standing before = standingOn(facts, daysLater(day, -1));
        if (before == after)
            continue;
        StandingChange change{day, before, after, {}};
        for (const VisitFact &visit : facts.visits) {
            if (isContact(visit) && visit.day == day)
                change.causes.push_back(visit.id);
        }
        for (const PromiseFact &promise : facts.promises) {
            if (promise.madeOn == day || promise.doneOn == day)
                change.causes.push_back(promise.id);
        }
        addDated(facts.terms, day, change.causes);
        addDated(facts.circumstances, day, change.causes);
        return change;
    }
    return std::nullopt;
}

}  // namespace tend
