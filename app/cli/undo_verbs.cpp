// recent, undo.
#include "app/cli/lines.h"
#include "app/interop/import_run.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "app/journal/undo.h"

namespace tend::cli {

using namespace replica;

namespace {

const char *did(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Insert:
        return "made";
    case ChangeKind::Delete:
        return "deleted";
    case ChangeKind::Touch:
        return "kept or brought back";
    case ChangeKind::Update:
        break;
    }
    return "changed";
}

// Without line breaks, and short.
std::string oneLine(const std::string &text)
{
    constexpr std::size_t lengthMax = 48;
    std::string line = text.substr(0, text.find('\n'));
    if (line.size() <= lengthMax)
        return line;
    std::size_t end = lengthMax;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0U) == 0x80U)
        --end;  // within a letter
    return line.substr(0, end) + "…";
}

std::string wordsOf(const Deed::Part &part)
{
    std::string words = plain(part.table) + " " + did(part.kind);
    if (!part.title.empty())
        words += ": " + oneLine(part.title);
    for (std::size_t i = 0; i < part.columns.size(); ++i)
        words += (i == 0 ? " (" : ", ") + plain(part.columns[i]);
    return words + (part.columns.empty() ? "" : ")");
}

Json toJson(const Deed &deed)
{
    Json json = {{"number", deed.number}, {"at", timeText(deed.at)}, {"rows", Json::array()}};
    for (const Deed::Part &part : deed.parts)
        json["rows"].push_back({{"table", part.table}, {"id", part.row}, {"title", part.title},
            {"did", did(part.kind)}, {"columns", part.columns}});
    return json;
}

}  // namespace

Status recent(const Common &common, std::size_t countMax)
{
    constexpr std::size_t partsShown = 6;
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const auto deeds = TRY(recentDeeds(*open->store, *open->replica, countMax));
    for (const Deed &deed : deeds) {
        if (common.isJson) {
            TRY_STATUS(print(toJson(deed)));
            continue;
        }
        std::string line = std::to_string(deed.number) + "  " + timeText(deed.at) + "  ";
        for (std::size_t i = 0; i < std::min(deed.parts.size(), partsShown); ++i)
            line += (i == 0 ? "" : "; ") + wordsOf(deed.parts[i]);
        if (deed.parts.size() > partsShown)
            line += "; and " + std::to_string(deed.parts.size() - partsShown) + " more";
        TRY_STATUS(printLine(line));
    }
    if (deeds.empty() && !common.isJson)
        TRY_STATUS(printLine(TRY(hasTheLastLeft(*open->store, *open->replica))
                ? "What was written on this device has left it."
                : "Nothing was written on this device yet."));
    return {};
}

namespace {

// Which action undo takes back where none is named. One that has left the device hides no other:
// whoever means the last thing they wrote does not mean the one before.
Result<std::int64_t> lastAction(OpenReplica &open)
{
    const auto last = TRY(recentDeeds(*open.store, *open.replica, 1));
    const bool hasLeft = TRY(hasTheLastLeft(*open.store, *open.replica));
    if (last.empty())
        return fail(ErrorCode::NotFound,
            hasLeft ? "what was written on this device has left it"
                    : "nothing was written on this device yet");
    const std::string number = std::to_string(last.front().number);
    if (hasLeft)
        return fail(ErrorCode::NotFound,
            "what was written last on this device has left it; before that: "
                + wordsOf(last.front().parts.front()) + ". Take that back with: tendctl undo "
                + number);
    return last.front().number;
}

// What an import wrote lies in many groups and is undone as one. A group made since, of such rows,
// is a person's.
Status mustBeNoImport(OpenReplica &open, const Deed &deed)
{
    ImportRuns runs(*open.store, *open.replica, nullptr);
    for (const Deed::Part &part : deed.parts) {
        const auto row = parseUuid(part.row);
        const Table *table = journalSchema().table(part.table);
        const auto run = row && table ? TRY(runs.runOf(table->id, *row)) : std::nullopt;
        if (!run || part.kind != ChangeKind::Insert)
            continue;
        return fail(ErrorCode::Conflict,
            "this was written by import " + std::to_string(*run)
                + "; take all of it back with: " + "tendctl undo-import " + std::to_string(*run));
    }
    return {};
}

}  // namespace

Status undoAction(const Common &common, std::optional<std::int64_t> number)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    if (!number)
        number = TRY(lastAction(*open));
    TRY_STATUS(mustBeNoImport(*open, TRY(deedNumbered(*open->store, *open->replica, *number))));
    const Undone undone = TRY(undoDeed(*open->store, *open->replica, *number));
    if (common.isJson) {
        Json json = {{"removed", undone.removed}, {"restored", undone.restored},
            {"brought_back", undone.broughtBack}, {"kept", Json::array()}};
        for (const KeptBack &kept : undone.kept)
            json["kept"].push_back({{"table", kept.table}, {"id", kept.row}, {"title", kept.name},
                {"reason", kept.reason}});
        return print(json);
    }
    for (const KeptBack &kept : undone.kept)
        TRY_STATUS(printLine(
            "left as it is: " + plain(kept.table) + " " + oneLine(kept.name) + ", " + kept.reason));
    std::string line;
    const auto add = [&](std::size_t count, const char *what, const char *became) {
        if (count > 0)
            line += (line.empty() ? "" : ", ") + std::to_string(count) + ' ' + what
                + (count == 1 ? " " : "s ") + became;
    };
    add(undone.removed, "row", "taken away");
    add(undone.restored, "value", "given back");
    add(undone.broughtBack, "row", "brought back");
    TRY_STATUS(printLine("Taken back, by a new change that reaches everybody: " + line + "."));
    return printLine("To undo that, undo once more; to go further back: tendctl recent, then "
                     "tendctl undo NUMBER.");
}

}  // namespace tend::cli
