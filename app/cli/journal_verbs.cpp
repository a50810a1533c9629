// What the journal tells by its rules: today, profile, brief. A page of text for people, JSON Lines
// for machines.
#include <algorithm>
#include <cstdio>

#include "app/cli/asked.h"
#include "app/cli/evidence_text.h"
#include "app/cli/lines.h"
#include "app/journal/brief.h"
#include "app/journal/facts_reader.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"
#include "app/journal/store_journal.h"
#include "app/journal/today_index.h"
#include "app/journal/words.h"

namespace tend::cli {

using namespace replica;

namespace {

Json orNull(const std::optional<int> &value)
{
    return value ? Json(*value) : Json();
}

Json toJson(const Reason &reason)
{
    return {{"group", word(reason.group)}, {"reason", word(reason.kind)},
        {"day", dayText(reason.day)}, {"topic", reason.topic}, {"evidence", reason.evidence},
        {"owner", reason.owner}, {"hand_over", reason.shouldHandOver}};
}

Json toJson(const CustomerFacts &facts, const Profile &profile)
{
    Json signals = Json::object();
    for (const Signal &signal : profile.parts)
        signals[word(signal.kind)] = {{"value", orNull(signal.value)},
            {"trend", word(signal.trend)}, {"evidence", signal.evidence}};
    return {{"customer", facts.id}, {"name", facts.name}, {"on", dayText(profile.on)},
        {"standing", word(profile.standing)}, {"evidence", profile.evidence},
        {"rhythm_days", profile.rhythm.days}, {"rhythm_from", word(profile.rhythm.from)},
        {"rhythm_evidence", profile.rhythm.evidence}, {"quiet_days", orNull(profile.quietDays)},
        {"last_contact", profile.lastContact}, {"signals", signals}};
}

std::string whyAlone(const Reason &reason)
{
    const std::string day = dayText(reason.day);
    const std::string about = reason.topic.empty() ? "" : ": " + flat(reason.topic);
    switch (reason.kind) {
    case ReasonKind::NextStepDue:
        return "agreed for " + day + about;
    case ReasonKind::FollowUpDue:
        return "follow-up for " + day + about;
    case ReasonKind::PromiseDue:
        return "we promised by " + day + about;
    case ReasonKind::GoneQuiet:
        return "no talk since " + day;
    case ReasonKind::NeverTalked:
        return "added " + day + ", no talk yet";
    case ReasonKind::RhythmDue:
        return "time to talk since " + day;
    case ReasonKind::CallAfterSale:
        return "call after the sale, " + day + about;
    case ReasonKind::CircumstanceEnds:
        return "ends " + day + ", ask again" + about;
    case ReasonKind::NeedToConfirm:
        return "given, not confirmed yet" + about;
    case ReasonKind::InitiativeDue:
        return "in the plan for " + day + about;
    case ReasonKind::HandoverToTell:
        return "somebody else looks after them from " + day + ": tell them";
    case ReasonKind::AnswerToTell:
        return "answered " + day + ", tell them what became of" + about;
    }
    return {};
}

std::string why(const Reason &reason)
{
    return whyAlone(reason) + (reason.shouldHandOver ? "  (hand over: whose it was has left)" : "");
}

std::string unitOf(const Signal &signal)
{
    switch (signal.kind) {
    case SignalKind::Recency:
        return " % of the rhythm has gone by";
    case SignalKind::TwoWayness:
        return " % of the last contacts were begun by them";
    case SignalKind::PromisesKept:
        return " % of our promises of a year kept";
    case SignalKind::Rating:
        return " of 100, their own word";
    case SignalKind::Breadth:
        return " (how close, over all of us who met them)";
    }
    return {};
}

Status printProfile(const CustomerFacts &facts, const Profile &profile)
{
    TRY_STATUS(printLine(flat(facts.name) + ": " + plain(word(profile.standing))));
    const auto told = [](const std::string &row) {
        return row.empty() ? row : row + "  ";
    };
    TRY_STATUS(printLine("  rhythm           " + std::to_string(profile.rhythm.days) + " days ("
        + plain(word(profile.rhythm.from)) + ")"));
    for (const Signal &signal : profile.parts) {
        std::string line = "  " + plain(word(signal.kind));
        line.resize(19, ' ');
        line += signal.value ? std::to_string(*signal.value) + unitOf(signal) : "not known";
        if (signal.trend != Trend::NotKnown)
            line += ", " + plain(word(signal.trend));
        for (const Id &row : signal.evidence)
            line += "\n                     " + told(rowText(facts, row)) + row;
        TRY_STATUS(printLine(line));
    }
    return {};
}

}  // namespace

Status today(const Common &common, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));

    const auto people = TRY(TodayIndex(open->store->database()).on(day));
    std::optional<TodayGroup> heading;
    for (const TodayPerson &person : people) {
        if (common.isJson) {
            Json json = {{"customer", person.customer}, {"name", person.name},
                {"go_there", person.shouldGoThere}, {"reasons", Json::array()}};
            for (const Reason &reason : person.reasons)
                json["reasons"].push_back(toJson(reason));
            TRY_STATUS(print(json));
            continue;
        }
        if (heading != person.reasons.front().group)
            TRY_STATUS(
                printLine((heading ? "\n" : "") + plain(word(person.reasons.front().group))));
        heading = person.reasons.front().group;
        TRY_STATUS(printLine(
            "  " + flat(person.name) + (person.shouldGoThere ? "  (go there: two tries)" : "")));
        for (const Reason &reason : person.reasons)
            TRY_STATUS(printLine("      " + why(reason)));
    }
    if (people.empty() && !common.isJson)
        TRY_STATUS(printLine("Nobody waits for you today."));
    return {};
}

Status profile(const Common &common, const std::string &customer, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));
    FactsReader reader(open->store->database());
    const auto show = [&](const CustomerFacts &facts) -> Status {
        const Profile its = profileOf(facts, day);
        return common.isJson ? print(toJson(facts, its)) : printProfile(facts, its);
    };
    if (customer.empty())
        return reader.forEach(show);
    return show(TRY(reader.of(TRY(customerOpened(*open, customer)))));
}

namespace {

Json toJson(const Brief &brief)
{
    Json json = {{"customer", brief.customerId}, {"name", brief.name},
        {"standing", word(brief.profile.standing)},
        {"minutes_this_year", orNull(brief.minutesThisYear)},
        {"contacts_this_year", brief.contactsThisYear.size()}, {"evidence", brief.contactsThisYear},
        {"last_words", Json::array()}, {"promises", Json::array()}, {"needs", Json::array()},
        {"circumstances", Json::array()}, {"effects", Json::array()}, {"reasons", Json::array()},
        {"question",
            {{"ask", word(brief.question)}, {"topic", brief.questionTopic},
                {"evidence", brief.questionEvidence}}}};
    if (brief.changed)
        json["changed"] = {{"on", dayText(brief.changed->on)},
            {"before", word(brief.changed->before)}, {"causes", brief.changed->causes}};
    for (const auto &[whose, terms] :
        {std::pair("their_terms", brief.theirTerms), std::pair("our_terms", brief.ourTerms)}) {
        if (terms)
            json[whose] = {{"id", terms->id}, {"words", terms->words},
                {"rhythm_days", terms->rhythmDays > 0 ? Json(terms->rhythmDays) : Json()},
                {"channel", terms->channel}, {"hours", terms->hours}, {"by_whom", terms->byWhom},
                {"since_on", terms->sinceOn ? Json(dayText(*terms->sinceOn)) : Json()},
                {"visit", terms->visit}, {"heard_by", terms->heardBy}};
    }
    for (const SaidWords &said : brief.lastWords)
        json["last_words"].push_back(
            {{"visit", said.visitId}, {"day", dayText(said.day)}, {"said", said.words}});
    for (const PromiseFact &promise : brief.openPromises)
        json["promises"].push_back({{"id", promise.id}, {"by", promise.isOurs ? "us" : "them"},
            {"what", promise.what}, {"state", word(promise.state)},
            {"due_on", promise.dueOn ? Json(dayText(*promise.dueOn)) : Json()}});
    for (const NeedFact &need : brief.openNeeds)
        json["needs"].push_back(
            {{"id", need.id}, {"words", need.words}, {"state", word(need.state)}});
    for (const CircumstanceFact &circumstance : brief.circumstances)
        json["circumstances"].push_back({{"id", circumstance.id}, {"what", circumstance.what},
            {"until_on", circumstance.untilOn ? Json(dayText(*circumstance.untilOn)) : Json()}});
    for (const VisitFact &visit : brief.effects)
        json["effects"].push_back(
            {{"visit", visit.id}, {"day", dayText(visit.day)}, {"effect", word(*visit.effect)}});
    for (const Reason &reason : brief.reasons)
        json["reasons"].push_back(toJson(reason));
    json["notes"] = Json::array();
    for (const MarketNote &note : brief.notes)
        json["notes"].push_back(
            {{"note", note.id}, {"words", note.words}, {"evidence", note.people.front().evidence}});
    return json;
}

std::string questionText(const Brief &brief)
{
    switch (brief.question) {
    case Question::WhyLate:
        return "We are late with \"" + brief.questionTopic + "\". What does that mean for you?";
    case Question::IsItRight:
        return "Is it right now: \"" + brief.questionTopic + "\"?";
    case Question::HowIsItNow:
        return "How is it now: \"" + brief.questionTopic + "\"?";
    case Question::HonestOpinion:
        return "Your honest opinion of "
            + (brief.questionTopic.empty() ? "what you bought" : '"' + brief.questionTopic + '"')
            + "? Can I help?";
    case Question::WhatCouldBeBetter:
        break;
    }
    return "What could we do better?";
}

// How, when, how often and by whom, and where we have that from.
std::string termsText(const TermsFact &terms)
{
    std::vector<std::string> parts;
    if (!terms.words.empty())
        parts.push_back('"' + terms.words + '"');
    if (terms.rhythmDays > 0)
        parts.push_back("every " + std::to_string(terms.rhythmDays) + " days");
    for (const auto &[label, text] : {std::pair("by ", terms.channel), std::pair("", terms.hours),
             std::pair("with ", terms.byWhom)}) {
        if (!text.empty())
            parts.push_back(label + text);
    }
    if (terms.sinceOn)
        parts.push_back("since " + dayText(*terms.sinceOn));
    if (!terms.heardBy.empty())
        parts.push_back("heard by " + terms.heardBy);
    return joined(parts, ", ");
}

// How often, and how long as far as that was written down.
std::string togetherText(const Brief &brief)
{
    std::string text = counted(brief.contactsThisYear.size(), "time", "times");
    if (!brief.minutesThisYear)
        return text;
    text += ", " + counted(static_cast<std::uint64_t>(*brief.minutesThisYear), "minute", "minutes");
    return brief.timedThisYear == brief.contactsThisYear.size()
        ? text
        : text + " in the " + std::to_string(brief.timedThisYear) + " of which it is known";
}

Status printBrief(const Brief &brief)
{
    TRY_STATUS(printLine(flat(brief.name) + ": " + plain(word(brief.profile.standing))));
    if (brief.changed)
        TRY_STATUS(printLine("  since " + dayText(brief.changed->on)
            + ", before: " + plain(word(brief.changed->before))));
    const auto section
        = [](const std::string &title, const std::vector<std::string> &lines) -> Status {
        if (lines.empty())
            return {};
        TRY_STATUS(printLine(title));
        for (const std::string &line : lines)
            TRY_STATUS(printLine("  " + flat(line)));
        return Status{};
    };
    std::vector<std::string> lines;
    for (const SaidWords &said : brief.lastWords)
        lines.push_back(dayText(said.day) + "  \"" + said.words + "\"");
    TRY_STATUS(section("Last words", lines));
    lines.clear();
    for (const PromiseFact &promise : brief.openPromises)
        lines.push_back((promise.isOurs ? "we: " : "they: ") + promise.what
            + (promise.dueOn ? ", by " + dayText(*promise.dueOn) : "") + " (" + word(promise.state)
            + ")");
    TRY_STATUS(section("Promises", lines));
    lines.clear();
    for (const Reason &reason : brief.reasons)
        lines.push_back(why(reason));
    if (lines.empty())
        lines.emplace_back("nothing is agreed for this week: find a reason to come back");
    TRY_STATUS(section("Talk about", lines));
    lines.clear();
    for (const MarketNote &note : brief.notes)
        lines.push_back(note.words + (note.untilOn ? ", until " + dayText(*note.untilOn) : ""));
    TRY_STATUS(section("From the office", lines));
    lines.clear();
    for (const NeedFact &need : brief.openNeeds)
        lines.push_back(need.words + " (" + word(need.state) + ")");
    TRY_STATUS(section("Needs", lines));
    lines.clear();
    for (const CircumstanceFact &circumstance : brief.circumstances)
        lines.push_back(circumstance.what
            + (circumstance.untilOn ? ", until " + dayText(*circumstance.untilOn) : ""));
    TRY_STATUS(section("Going on there", lines));
    lines.clear();
    for (const auto &terms : {brief.theirTerms, brief.ourTerms}) {
        if (terms)
            lines.push_back((terms->isTheirs ? "theirs: " : "ours: ") + termsText(*terms));
    }
    TRY_STATUS(section("Terms", lines));
    lines.clear();
    for (const VisitFact &visit : brief.effects)
        lines.push_back(dayText(visit.day) + "  " + word(*visit.effect));
    TRY_STATUS(section("What visits did, as they see it", lines));
    TRY_STATUS(section("Ask", {questionText(brief)}));
    return printLine("Together in the last year: " + togetherText(brief));
}

}  // namespace

Status brief(const Common &common, const std::string &customer, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));
    const Brief page
        = TRY(briefOf(open->store->database(), TRY(customerOpened(*open, customer)), day));
    return common.isJson ? print(toJson(page)) : printBrief(page);
}

}  // namespace tend::cli
