#include <algorithm>

#include "server-stub/cli/output.h"
#include "server-stub/cli/people.h"
#include "server-stub/cli/verbs.h"
#include "sync/protocol/body.h"

namespace tend::server::cli {

using namespace replica;

namespace {

using Json = nlohmann::ordered_json;

Json valueJson(const Value &value)
{
    if (const auto *number = std::get_if<std::int64_t>(&value))
        return *number;
    if (const auto *real = std::get_if<double>(&value))
        return *real;
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *blob = std::get_if<Blob>(&value)) {
        const auto id = uuidOf(blob->octets);
        return id ? toText(*id) : toHex(blob->octets);
    }
    return nullptr;
}

const char *kindText(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Insert:
        return "insert";
    case ChangeKind::Update:
        return "update";
    case ChangeKind::Delete:
        return "delete";
    case ChangeKind::Touch:
        break;
    }
    return "touch";
}

Json changeJson(const Schema &schema, const Change &change)
{
    const Table *table = schema.table(change.table);
    Json json{{"table", table ? table->name : "?"}, {"row", toText(change.row)},
        {"kind", kindText(change.kind)}};
    for (const Assignment &given : change.assignments) {
        const Column *column = table ? table->column(given.column) : nullptr;
        json["set"][column ? column->name : "?"] = valueJson(given.value);
    }
    return json;
}

void print(const Json &event, Output output)
{
    if (output == Output::Json) {
        printLine(event);
        return;
    }
    std::string line;
    for (const auto &[name, value] : event.items())
        line += (line.empty() ? "" : "  ") + name + "="
            + (value.is_string() ? value.get<std::string>() : value.dump());
    printLine(line);
}

// What the server itself wrote: members, devices, territories, as they came and changed.
Status printServerChanges(OpenWorkspace &open, Output output)
{
    const auto server = TRY(open.store->fact("server_device"));
    for (Sequence sequence{1}; sequence <= open.workspace->head(); sequence = after(sequence)) {
        const auto entry = TRY(open.store->logEntry(sequence));
        const GroupHeader &header = open.store->records().header(entry.group);
        if (!server || header.id.device.bytes() != BytesView(*server))
            continue;
        const auto changes = TRY(decodeBody(entry.body));
        for (const Change &change : changes) {
            Json event{{"at", timeText(header.madeAt)}, {"event", "server wrote"},
                {"sequence", raw(sequence)}};
            event.update(changeJson(open.schema, change));
            print(event, output);
        }
    }
    return {};
}

}  // namespace

Status refused(const DataDirectory &directory, Output output)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    const auto people = TRY(members(*open));
    const auto groups = TRY(open->store->quarantined());
    for (const Quarantined &group : groups) {
        const auto author = std::find_if(people.begin(), people.end(),
            [&](const Member &member) { return member.id == group.header.actor; });
        Json event{{"at", timeText(group.at)}, {"made_at", timeText(group.header.madeAt)},
            {"by", author == people.end() ? std::string() : author->name},
            {"device", toText(group.header.id.device)}, {"reason", group.reason}};
        event["rows"] = Json::array();
        // What cannot be read is named all the same.
        const auto changes = decodeBody(group.body);
        if (changes) {
            for (const Change &change : *changes)
                event["rows"].push_back(changeJson(open->schema, change));
        }
        print(event, output);
    }
    return {};
}

Status audit(const DataDirectory &directory, Output output)
{
    const auto open = TRY(OpenWorkspace::open(directory));
    TRY_STATUS(printServerChanges(*open, output));
    const auto devices = TRY(open->store->devices());
    for (const Device &device : devices) {
        print({{"event", device.isRevoked ? "device revoked" : "device enrolled"},
                  {"device", toText(device.id)}, {"member", toText(device.member)},
                  {"name", device.name}},
            output);
    }
    const auto quarantined = TRY(open->store->quarantined());
    for (const Quarantined &group : quarantined) {
        print(
            {{"at", timeText(group.at)}, {"event", "group not taken"},
                {"device", toText(group.header.id.device)}, {"member", toText(group.header.actor)},
                {"counter", raw(group.header.id.counter)}, {"reason", group.reason}},
            output);
    }
    static_cast<void>(std::fprintf(stderr,
        "These are the changes the server wrote, the devices as they stand, and the groups it did "
        "not take. Reads, "
        "and invitations nobody used, are not recorded.\n"));
    return {};
}

}  // namespace tend::server::cli
