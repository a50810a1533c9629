// who, remind.
#include "app/cli/asked.h"
#include "app/cli/lines.h"
#include "app/journal/ready_questions.h"
#include "app/journal/reminder.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"
#include "app/journal/store_journal.h"

namespace tend::cli {

using namespace replica;

namespace {

// On this device, never replicated.
const std::string remindedFact = "reminded_on";

// What somebody unhappy gave; nothing for the other questions.
std::string gave(const ReadyAnswer &answer)
{
    if (answer.rating)
        return ", rated us " + std::to_string(*answer.rating) + " of 10";
    return answer.feeling ? ", felt " + std::to_string(*answer.feeling) + ", from -2 to 2" : "";
}

}  // namespace

Status who(
    const Common &common, ReadyQuestion question, const std::string &about, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));
    const auto answers = TRY(answerTo(open->store->database(), question, day, about));
    for (const ReadyAnswer &answer : answers) {
        const bool hasDay = answer.day > Day{INT32_MIN} && answer.day < Day{INT32_MAX};
        if (common.isJson) {
            TRY_STATUS(print({{"customer", answer.customer}, {"name", answer.name},
                {"day", hasDay ? Json(dayText(answer.day)) : Json()}, {"words", answer.words},
                {"evidence", answer.evidence},
                {"rating", answer.rating ? Json(*answer.rating) : Json()},
                {"feeling", answer.feeling ? Json(*answer.feeling) : Json()}}));
            continue;
        }
        TRY_STATUS(
            printLine((hasDay ? dayText(answer.day) : "          ") + "  " + flat(answer.name)
                + gave(answer) + (answer.words.empty() ? "" : ": " + flat(answer.words))));
    }
    if (answers.empty() && !common.isJson)
        TRY_STATUS(printLine("Nobody."));
    return {};
}

Status remind(const Common &common, const std::string &at)
{
    const auto minute = minuteOfDayIn(at);
    if (!minute)
        return fail(ErrorCode::Invalid, "'" + at + "' is no time of day; write it as 08:00");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const ReminderClock now = reminderClock(open->clock.wallNow());
    const auto said = TRY(open->store->fact(remindedFact));
    if (!isReminderDue(now, *minute, said ? parseDay(*said) : std::nullopt))
        return {};
    StoreJournal journal(*open->store, *open->replica);
    const auto rows = TRY(journal.today(now.today));
    bool isAnySaid = false;
    for (const TodayRow &row : rows) {
        if (row.group != TodayGroup::Now)
            continue;
        isAnySaid = true;
        TRY_STATUS(common.isJson
                ? print({{"customer", row.customerId}, {"name", row.who},
                    {"reason", word(row.reason)}, {"about", row.about}, {"day", dayText(row.day)},
                    {"evidence", row.evidenceId}})
                : printLine(flat(row.who) + ": " + plain(word(row.reason))
                    + (row.about.empty() ? "" : ", " + flat(row.about)) + ", " + dayText(row.day)));
    }
    if (std::fflush(stdout) != 0)
        return fail(ErrorCode::Io, "stdout cannot be written");
    // What falls due later today is still to be said.
    if (!isAnySaid)
        return {};
    // Said first, then noted: who dies in between is told twice and not never.
    return open->store->keepFact(remindedFact, dayText(now.today));
}

}  // namespace tend::cli
