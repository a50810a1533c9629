// What was said: looked for, and on its way to whoever can act on it.
#include "app/cli/lines.h"
#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"
#include "app/journal/search.h"

namespace tend::cli {

using namespace replica;

Status search(const Common &common, const std::vector<std::string> &words)
{
    constexpr std::size_t hitsMax = 50;
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    std::string asked;
    for (const std::string &word : words)
        asked += word + ' ';
    if (!hasLetterOrDigit(asked))
        return common.isJson ? Status{} : printLine("There are no letters or digits to look for.");
    const auto hits
        = TRY(SearchIndex(open->store->database()).find(asked, static_cast<int>(hitsMax)));
    for (const SearchHit &hit : hits) {
        if (common.isJson) {
            TRY_STATUS(print({{"table", hit.table}, {"row", hit.row}, {"customer", hit.customer},
                {"who", hit.who}, {"words", hit.words}, {"said", hit.isSaid}}));
            continue;
        }
        TRY_STATUS(printLine((hit.who.empty() ? "(nobody known)" : flat(hit.who))
            + (hit.words.empty() ? ""
                    : hit.isSaid ? "  \"" + flat(hit.words) + "\""
                                 : "  " + flat(hit.words))
            + "  " + hit.table + ' ' + hit.row));
    }
    if (hits.size() >= hitsMax && !common.isJson)
        TRY_STATUS(printLine("There may be more; another word finds fewer."));
    if (hits.empty() && !common.isJson)
        TRY_STATUS(printLine("Nothing holds all of these words."));
    return {};
}

namespace {

// Empty where nobody is named, or nobody of that id is here.
Result<std::string> memberNamed(sqlite::Database &database, const Id &member)
{
    auto select = TRY(database.prepare("SELECT name FROM member WHERE id = ?1"));
    const Bytes key = keyOf(member);
    select.bindBlob(1, key);
    return TRY(select.step()) ? std::string(select.text(0)) : std::string();
}

}  // namespace

Status heard(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Uuid member = open->replica->facts().member;
    auto &database = open->store->database();
    const Listener listener
        = TRY(readListener(database, member.isNil() ? Id{} : replica::toText(member)));
    const auto rows = heardBy(listener, TRY(readRelayed(database)), inMs(open->clock.wallNow()));
    std::optional<HeardGroup> heading;
    for (const HeardRow &row : rows) {
        const RelayedRemark &remark = row.remark;
        const RelayEvent *answer = answerOf(remark);
        if (common.isJson) {
            Json json = {{"remark", remark.id}, {"group", word(row.group)},
                {"state", word(row.state)}, {"words", remark.words}, {"customer", remark.customer},
                {"customer_name", remark.customerName}, {"as_deputy", row.asDeputy},
                {"answer", answer ? Json(answer->words) : Json()},
                {"answered_by", answer ? Json(TRY(memberNamed(database, answer->member))) : Json()},
                {"answered_at", answer ? Json(timeText(WallTime{answer->atMs})) : Json()},
                {"due_on", answer && answer->dueOn ? Json(dayText(*answer->dueOn)) : Json()},
                {"heard_at", timeText(WallTime{remark.heardMs})}};
            TRY_STATUS(print(json));
            continue;
        }
        if (heading != row.group)
            TRY_STATUS(printLine((heading ? "\n" : "") + plain(word(row.group))));
        heading = row.group;
        TRY_STATUS(printLine("  \"" + flat(remark.words) + "\"  "
            + (remark.customerName.empty() ? "(nobody known)" : flat(remark.customerName))));
        // With no event yet it is on its way to them.
        const RelayState state = std::max(row.state, RelayState::Passed);
        TRY_STATUS(printLine("      " + plain(word(state)) + ", heard "
            + dayText(localDay(WallTime{remark.heardMs})) + (row.asDeputy ? ", you are deputy" : "")
            + "  " + remark.id));
        if (answer) {
            const std::string who = TRY(memberNamed(database, answer->member));
            TRY_STATUS(printLine("      answer" + (who.empty() ? "" : " of " + flat(who)) + ", "
                + dayText(localDay(WallTime{answer->atMs})) + ": " + flat(answer->words)
                + (answer->dueOn ? " (by " + dayText(*answer->dueOn) + ")" : "")));
        }
    }
    if (rows.empty() && !common.isJson)
        TRY_STATUS(printLine("Nothing waits to be answered or told."));
    return {};
}

}  // namespace tend::cli
