// put, get, delete.
#include <cstdio>
#include <iostream>

#include "app/cli/lines.h"
#include "app/cli/verbs.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "app/journal/what_follows.h"
#include "app/journal/write_rules.h"
#include "sync/protocol/body.h"
#include "sync/store/keyed_id.h"

namespace tend::cli {

using namespace replica;

namespace {

// Decides between making and changing a row: an object with a known id changes only what it names.
Result<Change> changeOf(OpenReplica &open, const Table &table, const std::string &line)
{
    Change change = TRY(changeFromLine(table, line));
    if (const auto keyed = keyedId(table, change.assignments); keyed && change.row.isNil()) {
        change.row = *keyed;
        if (TRY(open.replica->records().row(table.id, *keyed)) && !table.isAppendOnly)
            change.kind = ChangeKind::Update;
        return change;
    }
    if (change.row.isNil()) {
        change.row = makeUuid7(open.clock.wallNow(), open.random);
        return change;
    }
    const auto known = TRY(open.replica->records().row(table.id, change.row));
    if (!known && TRY(open.replica->records().load(table.id, change.row)).isKnown())
        return fail(ErrorCode::NotFound,
            table.name + " " + toText(change.row)
                + " was deleted; its values are in: tendctl history " + table.name + " "
                + toText(change.row));
    if (known)
        change.kind = ChangeKind::Update;
    return change;
}

// A row as somebody gave it, and what follows from it.
struct Given {
    Change change;
    std::optional<Change> promise;
    std::optional<Change> host;

    [[nodiscard]] std::vector<Change> all() const
    {
        std::vector<Change> changes{change};
        for (const auto &more : {promise, host}) {
            if (more)
                changes.push_back(*more);
        }
        return changes;
    }
};

Result<Given> plan(OpenReplica &open, const Table &table, const std::string &line)
{
    Records &records = open.replica->records();
    const Uuid member = open.replica->facts().member;
    Change change = TRY(changeOf(open, table, line));
    sign(change, member);
    TRY_STATUS(keepPrivate(records, change));
    TRY_STATUS(dateVisit(records, change, open.clock.wallNow()));
    TRY_STATUS(dateGiven(records, change, localDay(open.clock.wallNow())));
    TRY_STATUS(mayWrite(records, change));
    auto promise = TRY(promiseOfHelp(records, change, member, open.clock.wallNow()));
    auto host = TRY(hostOfGroup(records, change));
    return Given{std::move(change), std::move(promise), std::move(host)};
}

std::size_t roughSize(const Change &change)
{
    std::size_t octets = 32;
    for (const Assignment &given : change.assignments)
        octets += octetsOf(given.value) + 4;
    return octets;
}

Status commitBatch(OpenReplica &open, std::vector<Given> &batch)
{
    if (batch.empty())
        return {};
    // One transaction, in groups of the size a group may have.
    std::vector<std::vector<Change>> groups(1);
    std::size_t octets = 0;
    for (const Given &given : batch) {
        const std::vector<Change> all = given.all();
        std::size_t its = 0;
        for (const Change &change : all)
            its += roughSize(change);
        octets += its;
        if (groups.back().size() + all.size() > groupRowsMax
            || (octets > groupBytesMax * 3 / 4 && !groups.back().empty())) {
            groups.emplace_back();
            octets = its;
        }
        groups.back().insert(groups.back().end(), all.begin(), all.end());
    }
    TRY_STATUS(open.replica->commitAll(groups));
    for (const Given &given : batch) {
        Json line = {{"id", toText(given.change.row)}};
        if (given.promise)
            line["promise"] = toText(given.promise->row);
        TRY_STATUS(printLine(line.dump()));
    }
    batch.clear();
    // Whoever waits for the line may cut the power now.
    return std::fflush(stdout) == 0 ? Status{}
                                    : Status{fail(ErrorCode::Io, "stdout cannot be written")};
}

}  // namespace

Status put(const Common &common, const std::string &tableName, std::size_t batchSize)
{
    const Table &table = *TRY(tableNamed(tableName));
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    std::vector<Given> batch;
    std::string line;
    std::size_t number = 0;
    while (std::getline(std::cin, line)) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        auto given = plan(*open, table, line);
        if (!given) {
            // What stands before the bad line is kept; the line says where to go on.
            TRY_STATUS(commitBatch(*open, batch));
            return within("line " + std::to_string(number), given.error());
        }
        batch.push_back(*std::move(given));
        if (batch.size() < batchSize)
            continue;
        if (const Status committed = commitBatch(*open, batch); !committed)
            return within("line " + std::to_string(number), committed.error());
    }
    if (const Status committed = commitBatch(*open, batch); !committed)
        return within("line " + std::to_string(number), committed.error());
    return {};
}

Status get(const Common &common, const std::string &tableName, const std::string &id)
{
    const Table &table = *TRY(tableNamed(tableName));
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    Records &records = open->replica->records();
    std::vector<RowId> ids;
    if (id.empty()) {
        ids = TRY(records.rowIds(table.id));
    } else {
        const auto wanted = parseUuid(id);
        if (!wanted)
            return fail(ErrorCode::Invalid, "'" + id + "' is no UUID");
        ids.push_back(*wanted);
    }
    for (const RowId &row : ids) {
        const auto shown = TRY(records.row(table.id, row));
        if (!shown)
            return fail(ErrorCode::NotFound, table.name + " " + toText(row) + " is not there");
        TRY_STATUS(
            printLine(toJson(table, *shown).dump(-1, ' ', false, Json::error_handler_t::replace)));
    }
    return {};
}

Status erase(const Common &common, const std::string &tableName, const std::string &id)
{
    const Table &table = *TRY(tableNamed(tableName));
    const auto row = parseUuid(id);
    if (!row)
        return fail(ErrorCode::Invalid, "'" + id + "' is no UUID");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const auto made = open->replica->commit({{table.id, *row, ChangeKind::Delete, {}}});
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

Result<const Table *> tableNamed(const std::string &name)
{
    const Table *table = journalSchema().table(name);
    if (table)
        return table;
    std::string known;
    for (const Table &other : journalSchema().tables())
        known += (known.empty() ? "" : ", ") + other.name;
    return fail(ErrorCode::Invalid, "there is no table '" + name + "'; there are " + known);
}

// What others wrote must not steer the terminal: control characters show as a dot.
Status printLine(const std::string &words)
{
    std::string line = words;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto octet = static_cast<unsigned char>(line[i]);
        const bool isSteering = (octet < ' ' && octet != '\n' && octet != '\t') || octet == 0x7f;
        // U+0080 to U+009F in UTF-8.
        const bool isSteeringToo = octet == 0xc2 && i + 1 < line.size()
            && static_cast<unsigned char>(line[i + 1]) < 0xa0;
        if (isSteeringToo)
            line.erase(i, 1);
        if (isSteering || isSteeringToo)
            line[i] = '.';
    }
    const bool isWritten = std::fwrite(line.data(), 1, line.size(), stdout) == line.size()
        && std::fputc('\n', stdout) != EOF;
    return isWritten ? Status{} : Status{fail(ErrorCode::Io, "stdout cannot be written")};
}

}  // namespace tend::cli
