#include "app/journal/rule_words.h"

#include <array>

namespace tend {

namespace {

template <typename Enum, std::size_t Count>
std::string at(const std::array<const char *, Count> &words, Enum value)
{
    return words.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string word(Standing standing)
{
    return at<Standing, 6>(
        {"data_only", "not_enough_known", "gone_quiet", "cooling", "growing", "steady"}, standing);
}

std::string word(SignalKind kind)
{
    return at<SignalKind, 5>(
        {"recency", "two_wayness", "promises_kept", "rating", "breadth"}, kind);
}

std::string word(Trend trend)
{
    return at<Trend, 4>({"not_known", "better", "level", "worse"}, trend);
}

std::string word(RhythmFrom from)
{
    return at<RhythmFrom, 5>({"theirs", "ours", "tag", "habit", "default"}, from);
}

std::string word(TodayGroup group)
{
    return at<TodayGroup, 3>({"now", "soon", "gone_quiet"}, group);
}

std::string word(ReasonKind kind)
{
    return at<ReasonKind, 12>(
        {"next_step", "follow_up", "promise", "gone_quiet", "never_talked", "rhythm",
            "call_after_sale", "circumstance", "need", "initiative", "handover", "answer"},
        kind);
}

std::string word(PromiseState state)
{
    return at<PromiseState, 5>({"open", "kept", "late", "broken", "released"}, state);
}

std::string word(NeedState state)
{
    return at<NeedState, 4>({"heard", "promised", "given", "confirmed"}, state);
}

std::string word(Effect effect)
{
    return at<Effect, 4>({"damaged", "weakened", "same", "strengthened"}, effect);
}

std::string word(Question question)
{
    return at<Question, 5>(
        {"why_late", "is_it_right", "how_is_it_now", "honest_opinion", "what_could_be_better"},
        question);
}

std::string word(RelayState state)
{
    return at<RelayState, 9>({"kept", "passed", "seen", "taken", "will_do", "answered", "cannot",
                                 "told_rep", "told_customer"},
        state);
}

std::string word(HeardGroup group)
{
    return at<HeardGroup, 4>({"to_answer", "came_back", "to_tell", "under_way"}, group);
}

std::string word(Measure measure)
{
    return at<Measure, 10>({"recency", "two_wayness", "promises_kept", "rating", "breadth",
                               "contacts", "hours", "relationships", "gone_quiet", "by_hand"},
        measure);
}

std::string word(InitiativeKind kind)
{
    return at<InitiativeKind, 5>({"policy", "process", "skill", "attitude", "technology"}, kind);
}

std::string word(GoalStanding standing)
{
    return at<GoalStanding, 4>({"not_known", "reached", "ahead", "behind"}, standing);
}

std::string word(Likeness likeness)
{
    return at<Likeness, 4>({"name", "phone", "email", "card"}, likeness);
}

std::string word(LossReason reason)
{
    return at<LossReason, 6>(
        {"circumstances", "competition", "economy", "market", "service", "workmanship"}, reason);
}

std::string word(Retention state)
{
    return at<Retention, 5>({"none", "staying", "at_risk", "left", "came_back"}, state);
}

std::string word(RadarQuestion question)
{
    return at<RadarQuestion, 5>(
        {"measured", "relationships", "their_terms", "planned", "their_word"}, question);
}

}  // namespace tend
