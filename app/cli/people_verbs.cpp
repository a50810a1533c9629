// What people disagree about, and what was before: conflicts, resolve, history, refused, merged,
// undo.
#include "app/cli/lines.h"
#include "app/journal/row_text.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "app/journal/undo.h"
#include "app/journal/words.h"
#include "sync/protocol/body.h"

namespace tend::cli {

using namespace replica;

namespace {

// Member and device names as the replica knows them; the ids' text where it does not.
struct Who {
    std::string by;
    std::string device;
};

Result<std::string> nameIn(OpenReplica &open, const char *tableName, const Uuid &id)
{
    if (id.isNil())
        return std::string();
    const Table &table = *journalSchema().table(tableName);
    const auto row = TRY(open.replica->records().row(table.id, id));
    if (row) {
        for (const Assignment &given : row->assignments) {
            const auto *text = std::get_if<std::string>(&given.value);
            if (given.column == table.column("name")->id && text)
                return *text;
        }
    }
    return toText(id);
}

Result<Who> whoMade(OpenReplica &open, const GroupHeader &header)
{
    const bool isOurs = header.id.device == open.replica->facts().device;
    const Uuid member
        = header.actor.isNil() && isOurs ? open.replica->facts().member : header.actor;
    if (member.isNil() && header.sequence != Sequence{0})
        return Who{"the server", "the server"};
    Who who;
    who.by = TRY(nameIn(open, "member", member));
    who.device = TRY(nameIn(open, "device", header.id.device));
    if (isOurs && who.device == toText(header.id.device))
        who.device = "this device";  // it has joined nobody yet
    if (who.by.empty())
        who.by = who.device;
    return who;
}

bool isOurs(const OpenReplica &open, const ConflictSide &side)
{
    return side.by.id.device == open.replica->facts().device;
}

Result<Json> conflictJson(OpenReplica &open, const Conflict &conflict)
{
    const Table &table = *journalSchema().table(conflict.table);
    const Column *column = table.column(conflict.column);
    const Who mine = TRY(whoMade(open, conflict.mine.by));
    const Who theirs = TRY(whoMade(open, conflict.theirs.by));
    const auto side = [&](const ConflictSide &from) -> Json {
        if (!column)
            return from.isDeleted ? "deleted" : "kept";
        return toJson(*column, from.value);
    };
    Json json;
    json["id"] = toText(conflict.id);
    json["table"] = table.name;
    json["row"] = toText(conflict.row);
    const auto shown = TRY(open.replica->records().row(table.id, conflict.row));
    json["title"] = shown ? TRY(titleOf(open.replica->records(), *shown)) : std::string();
    json["column"] = column ? Json(column->name) : Json(nullptr);
    json["base"] = column ? toJson(*column, conflict.base) : Json(nullptr);
    json["mine"] = side(conflict.mine);
    json["theirs"] = side(conflict.theirs);
    json["by"] = theirs.by;
    json["device"] = theirs.device;
    json["at"] = timeText(conflict.theirs.by.madeAt);
    json["mine_by"] = mine.by;
    json["mine_device"] = mine.device;
    json["mine_at"] = timeText(conflict.mine.by.madeAt);
    if (column && column->type == ColumnType::Id) {
        for (const auto &[key, value] :
            {std::pair("base_name", &conflict.base), std::pair("mine_name", &conflict.mine.value),
                std::pair("theirs_name", &conflict.theirs.value)})
            json[key] = TRY(nameOfNamed(open.replica->records(), *value));
    }
    return json;
}

std::string line(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string textAt(const Json &json, const std::string &key)
{
    return flat(json.value(key, std::string()));
}

// The value, with the name of the row that it names.
std::string valueAt(const Json &json, const std::string &key)
{
    const std::string name = textAt(json, key + "_name");
    return line(json[key]) + (name.empty() ? "" : "  " + name);
}

// Mine is what this device wrote. A device that wrote neither is told both by name, and which word
// takes which.
std::string sidesText(const Json &json, bool isMineOurs)
{
    const std::string mineBy = textAt(json, "mine_by");
    const std::string theirsBy = textAt(json, "by");
    const auto author = [&](const std::string &by, const char *device, const char *at) {
        return "  by " + by + " on " + textAt(json, device) + ", " + textAt(json, at);
    };
    const std::string mine = valueAt(json, "mine") + author(mineBy, "mine_device", "mine_at");
    const std::string theirs = valueAt(json, "theirs") + author(theirsBy, "device", "at");
    if (isMineOurs)
        return "\n  mine    " + mine + "\n  theirs  " + theirs;
    return "\n  shown   " + mine + "  (--take mine)\n  other   " + theirs + "  (--take theirs)";
}

// Whose side that word takes: mine, theirs, or whoever wrote it, by name or by their device's.
Result<const ConflictSide *> sideTaken(
    OpenReplica &open, const Conflict &conflict, const std::string &word)
{
    if (word == "mine" || word == "theirs")
        return word == "mine" ? &conflict.mine : &conflict.theirs;
    const Who mine = TRY(whoMade(open, conflict.mine.by));
    const Who theirs = TRY(whoMade(open, conflict.theirs.by));
    const bool isMine = word == mine.by || word == mine.device;
    const bool isTheirs = word == theirs.by || word == theirs.device;
    if (isMine == isTheirs)
        return fail(ErrorCode::Invalid,
            "'" + word + (isMine ? "' wrote both" : "' wrote neither") + "; take mine, of "
                + mine.by + " on " + mine.device + ", or theirs, of " + theirs.by + " on "
                + theirs.device);
    return isMine ? &conflict.mine : &conflict.theirs;
}

}  // namespace

Status conflicts(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const auto found = TRY(open->replica->conflicts());
    for (const Conflict &conflict : found) {
        const Json json = TRY(conflictJson(*open, conflict));
        if (common.isJson) {
            TRY_STATUS(printLine(line(json)));
            continue;
        }
        const std::string what = json["column"].is_null() ? std::string("deleted or kept?")
                                                          : json["column"].get<std::string>();
        TRY_STATUS(printLine(textAt(json, "id") + "  " + plain(textAt(json, "table")) + " "
            + textAt(json, "title") + ", " + plain(what) + "  " + textAt(json, "row")
            + "\n  before  " + valueAt(json, "base")
            + sidesText(json, isOurs(*open, conflict.mine))));
    }
    if (found.empty() && !common.isJson)
        TRY_STATUS(printLine("Nothing needs a person."));
    return {};
}

Status resolve(const Common &common, const Settlement &settlement)
{
    const auto id = parseUuid(settlement.conflict);
    if (!id)
        return fail(ErrorCode::Invalid, "'" + settlement.conflict + "' is no conflict's id");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    for (const Conflict &conflict : TRY(open->replica->conflicts())) {
        if (conflict.id != *id)
            continue;
        const ConflictSide *taken
            = settlement.take.empty() ? nullptr : TRY(sideTaken(*open, conflict, settlement.take));
        const Table &table = *journalSchema().table(conflict.table);
        const Column *column = table.column(conflict.column);
        if (!column && !taken)
            return fail(
                ErrorCode::Invalid, "one side deleted this row: --take mine or --take theirs");
        if (!column)
            return open->replica->resolveRow(*id, !taken->isDeleted);
        if (taken)
            return open->replica->resolve(*id, taken->value);
        const auto json = parseJson(settlement.value);
        if (!json)
            return fail(ErrorCode::Invalid,
                "--value takes JSON, a text in quotation marks; " + json.error().message);
        return open->replica->resolve(*id, TRY(fromJson(table, *column, *json)));
    }
    return fail(ErrorCode::NotFound,
        "there is no open conflict " + settlement.conflict
            + "; it may have been settled meanwhile");
}

Status history(const Common &common, const std::string &tableName, const std::string &id)
{
    const Table &table = *TRY(tableNamed(tableName));
    const auto row = parseUuid(id);
    if (!row)
        return fail(ErrorCode::Invalid, "'" + id + "' is no UUID");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    Records &records = open->replica->records();
    const auto entries = TRY(records.history(table.id, *row));
    if (entries.empty())
        return fail(ErrorCode::NotFound, table.name + " " + id + " was never there");
    const bool isAlive = TRY(records.row(table.id, *row)).has_value();
    for (const HistoryEntry &entry : entries) {
        const GroupHeader header = records.header(entry.group);
        const Column *column = table.column(entry.column);
        const Who who = TRY(whoMade(*open, header));
        Json json;
        json["column"] = column ? Json(column->name) : Json(nullptr);
        if (column)
            json["value"] = toJson(*column, entry.value);
        else
            json["value"] = entry.value == deleted ? "deleted" : "present";
        json["by"] = who.by;
        json["device"] = who.device;
        json["at"] = timeText(header.madeAt);
        json["shown"] = column ? entry.isShown && isAlive : entry.isShown;
        json["action"] = static_cast<std::int64_t>(entry.group);
        json["sequence"] = raw(header.sequence) == 0 ? Json(nullptr) : Json(raw(header.sequence));
        if (common.isJson) {
            TRY_STATUS(printLine(line(json)));
        } else {
            const std::string name = column ? column->name : "the row";
            TRY_STATUS(printLine(json["at"].get<std::string>() + "  " + name + " = "
                + line(json["value"]) + (json["shown"].get<bool>() ? "  (shown)" : "") + "  "
                + who.by + (who.device == who.by ? "" : ", " + who.device) + "  #"
                + std::to_string(json["action"].get<std::int64_t>())));
        }
    }
    return {};
}

Status refused(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    bool isAny = false;
    for (const SetAside &aside : TRY(open->store->asides())) {
        if (!aside.isOwn)
            continue;
        isAny = true;
        Json rows = Json::array();
        for (const Change &change : TRY(decodeBody(aside.body))) {
            const Table *table = journalSchema().table(change.table);
            if (!table)
                continue;
            Json row = {{"table", table->name}, {"id", toText(change.row)}};
            for (const Assignment &given : change.assignments) {
                if (const Column *column = table->column(given.column))
                    row[column->name] = toJson(*column, given.value);
            }
            rows.push_back(std::move(row));
        }
        Json json;
        json["at"] = timeText(aside.header.madeAt);
        json["reason"] = aside.reason;
        json["rows"] = std::move(rows);
        TRY_STATUS(printLine(common.isJson ? line(json)
                                           : json["at"].get<std::string>() + "  " + aside.reason
                    + "\n  " + line(json["rows"])));
    }
    if (!isAny && !common.isJson)
        TRY_STATUS(printLine("Nothing was refused."));
    return {};
}

namespace {

std::string columnWords(const std::vector<std::string> &columns)
{
    return plain(joined(columns, ", "));
}

}  // namespace

Status merged(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    StoreJournal journal(*open->store, *open->replica);
    const SyncReport report = TRY(journal.syncReport());
    for (const MergedItem &item : report.merged) {
        // On another device of one's own.
        const std::string by = item.by.empty() ? open->replica->facts().memberName : item.by;
        Json json = {{"id", item.id}, {"table", item.table}, {"row", item.rowId},
            {"title", item.rowTitle}, {"mine", item.mineColumns}, {"theirs", item.theirColumns},
            {"by", by}, {"device", item.device}, {"at", timeText(item.at)}};
        if (common.isJson) {
            TRY_STATUS(printLine(line(json)));
            continue;
        }
        TRY_STATUS(printLine(item.id + "  " + plain(item.table) + " " + flat(item.rowTitle)
            + "  you: " + columnWords(item.mineColumns) + "; " + flat(by)
            + (item.device.empty() ? "" : " on " + flat(item.device)) + ": "
            + columnWords(item.theirColumns) + "; " + timeText(item.at) + "  " + item.rowId));
    }
    if (report.merged.empty() && !common.isJson)
        TRY_STATUS(printLine("Nothing merged by itself."));
    return {};
}

Status undo(const Common &common, const std::string &mergedId)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    StoreJournal journal(*open->store, *open->replica);
    TRY_STATUS(journal.undoMerge(mergedId));
    return printLine("What stood here before is back, as a new change that reaches everybody.");
}

}  // namespace tend::cli
