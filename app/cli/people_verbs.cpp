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

Result<Json> conflictJson(OpenReplica &open, const Conflict &conflict)
{
    const Table &table = *journalSchema().table(conflict.table);
    const Column *column = table.column(conflict.column);
    const Who who = TRY(whoMade(open, conflict.theirs.by));
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
    json["by"] = who.by;
    json["device"] = who.device;
    json["at"] = timeText(conflict.theirs.by.madeAt);
    return json;
}

std::string line(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
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
        const auto text = [&](const char *key) {
            return flat(json[key].get<std::string>());
        };
        TRY_STATUS(printLine(text("id") + "  " + plain(text("table")) + " " + text("title") + ", "
            + plain(what) + "  " + text("row") + "\n  before  " + line(json["base"])
            + "\n  mine    " + line(json["mine"]) + "\n  theirs  " + line(json["theirs"]) + "  by "
            + text("by") + " on " + text("device") + ", " + text("at")));
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
        const ConflictSide &chosen = settlement.take == "theirs" ? conflict.theirs : conflict.mine;
        const Table &table = *journalSchema().table(conflict.table);
        const Column *column = table.column(conflict.column);
        if (!column && settlement.take.empty())
            return fail(
                ErrorCode::Invalid, "one side deleted this row: --take mine or --take theirs");
        if (!column)
            return open->replica->resolveRow(*id, !chosen.isDeleted);
        if (!settlement.take.empty())
            return open->replica->resolve(*id, chosen.value);
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
        Json json = {{"id", item.id}, {"table", item.table}, {"row", item.rowId},
            {"title", item.rowTitle}, {"mine", item.mineColumns}, {"theirs", item.theirColumns},
            {"by", item.by}, {"at", timeText(item.at)}};
        if (common.isJson) {
            TRY_STATUS(printLine(line(json)));
            continue;
        }
        TRY_STATUS(printLine(item.id + "  " + plain(item.table) + " " + flat(item.rowTitle)
            + "  you: " + columnWords(item.mineColumns) + "; " + flat(item.by) + ": "
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
