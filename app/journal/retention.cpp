#include "app/journal/retention.h"

#include <algorithm>

namespace tend {

namespace {

constexpr int cameBackDays = 365;

// The newest contact within a year that ended a loss or a silence of more than two rhythms.
std::optional<std::vector<Id>> returnOf(const CustomerFacts &facts, Day on)
{
    const int silence = 2 * rhythmOf(facts).days;
    std::optional<std::vector<Id>> rows;
    const VisitFact *before = nullptr;
    for (const VisitFact &visit : facts.visits) {
        if (!isTwoWay(visit))
            continue;
        const bool isRecent = daysFrom(visit.day, on) < cameBackDays;
        const auto loss
            = std::find_if(facts.losses.begin(), facts.losses.end(), [&](const LossFact &one) {
                  return before && before->day <= one.onDay && one.onDay < visit.day;
              });
        if (isRecent && loss != facts.losses.end())
            rows = {visit.id, loss->id};
        else if (isRecent && before && daysFrom(before->day, visit.day) > silence)
            rows = {visit.id, before->id};
        before = &visit;
    }
    return rows;
}

}  // namespace

RetentionState retentionOf(const CustomerFacts &all, Day on)
{
    const CustomerFacts facts = asOf(all, on);
    const auto last = std::find_if(facts.visits.rbegin(), facts.visits.rend(), isTwoWay);
    RetentionState found;
    if (last == facts.visits.rend())
        return found;
    for (const LossFact &loss : facts.losses) {
        if (loss.onDay < last->day)
            continue;
        found.state = Retention::Left;
        found.evidence.push_back(loss.id);
        if (std::find(found.reasons.begin(), found.reasons.end(), loss.reason)
            == found.reasons.end())
            found.reasons.push_back(loss.reason);
    }
    if (found.state == Retention::Left)
        return found;
    const Profile profile = profileOf(all, on);
    const bool isAtRisk
        = profile.standing == Standing::GoneQuiet || profile.standing == Standing::Cooling;
    if (isAtRisk)
        return {Retention::AtRisk, profile.evidence, {}};
    // Met once, and not again when it was time: too little is known to call that quiet.
    if (profile.standing == Standing::NotEnoughKnown && profile.quietDays
        && *profile.quietDays > profile.rhythm.days)
        return {Retention::AtRisk, {profile.lastContact}, {}};
    if (auto rows = returnOf(facts, on))
        return {Retention::CameBack, *std::move(rows), {}};
    return {Retention::Staying, {last->id}, {}};
}

}  // namespace tend
