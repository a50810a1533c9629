// init, join, sync, status, verify.
#include <cstdio>
#include <unistd.h>

#include "app/cli/lines.h"
#include "app/cli/verbs.h"
#include "app/interop/state_hash.h"
#include "app/journal/after_sync.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "app/session/server_link.h"
#include "sync/store/verify.h"

namespace tend::cli {

using namespace replica;

namespace {

std::string hostName()
{
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 && *name ? name : "tendctl";
}

struct Outcome {
    EngineStatus engine;
    net::Traffic traffic;
    FileProgress files;
    std::int64_t milliseconds = 0;
};

// Steps the engine until a round ended, well or badly.
Result<Outcome> runRound(OpenReplica &open, ServerLink &link)
{
    const auto began = open.clock.monotonicNow();
    link.engine->syncSoon();
    for (;;) {
        const auto wait = TRY(link.engine->step());
        const EngineStatus &status = link.engine->status();
        if (status.phase != EnginePhase::Working && !link.engine->isExchanging())
            break;
        if (wait.count() > 0)
            link.transport->wait(wait);
    }
    return Outcome{link.engine->status(), link.transport->traffic(), link.files->progress(),
        inMs(open.clock.monotonicNow()) - inMs(began)};
}

// Nothing where there are no files: most have none.
Status sayFiles(const FileProgress &files)
{
    if (files.sent + files.fetched + files.waiting + files.absent == 0)
        return {};
    return printLine("Files: " + std::to_string(files.sent) + " sent, "
        + std::to_string(files.fetched) + " fetched, " + std::to_string(files.waiting)
        + " wait to be sent, " + std::to_string(files.absent) + " are not here yet.");
}

// The words are in step; what of the files is not?
Status filesOutcome(const FileProgress &files)
{
    if (files.problem)
        return within("files stay where they are", *files.problem);
    if (!files.refused.empty()) {
        const FileRefusal &first = files.refused.front();
        return fail(ErrorCode::Refused,
            std::to_string(files.refused.size()) + " files did not go. The first, "
                + toText(first.row.row) + ": " + first.reason);
    }
    if (files.waiting > 0)
        return fail(ErrorCode::Busy, "a file still waits to be sent; run sync again");
    return {};
}

// A server tells a device that it does not know nothing, not even why; the words are still here.
Error withWayOut(Error problem)
{
    if (problem.code == ErrorCode::Unauthorized)
        problem.message += " It, or its member, may have been ended there. What was not sent is "
                           "here still; take it out with: tendctl rescue --to FILE";
    return problem;
}

Json momentOrNull(const std::optional<WallTime> &moment)
{
    return moment ? Json(timeText(*moment)) : Json(nullptr);
}

}  // namespace

Status init(const Common &common)
{
    if (std::filesystem::exists(common.replica) && std::filesystem::file_size(common.replica) > 0)
        return fail(ErrorCode::Conflict,
            common.replica.string() + " is there already; nothing was changed");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Make));
    Json json
        = {{"replica", common.replica.string()}, {"device", toText(open->replica->facts().device)}};
    return printLine(common.isJson ? json.dump()
                                   : "A replica at " + common.replica.string()
                + ". It works alone; join a workspace with: tendctl --replica FILE join "
                  "INVITATION");
}

Status join(const Common &common, const std::string &invitation, const std::string &deviceName)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Make));
    TRY_STATUS(joinServer(*open, invitation, deviceName.empty() ? hostName() : deviceName));
    const Facts &facts = open->replica->facts();
    Json json = {{"workspace", facts.workspaceName}, {"member", facts.memberName},
        {"device", toText(facts.device)}};
    return printLine(common.isJson ? json.dump()
                                   : "Joined " + facts.workspaceName + " as " + facts.memberName
                + ". Fetch it with: tendctl sync");
}

Status sync(const Common &common, const SyncOptions &options)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    if (options.acceptsMassChange)
        open->replica->acceptMassChange();
    const auto refusedBefore = TRY(open->replica->status()).refused;
    auto link = TRY(linkToServer(*open));
    if (!link)
        return fail(ErrorCode::Invalid,
            "this replica has joined no workspace; join one with: tendctl --replica FILE join "
            "INVITATION");
    link->files->setMayUseNetwork([&] { return options.withFiles; });
    Outcome outcome = TRY(runRound(*open, *link));
    if (TRY(afterSync(*open->store, *open->replica)) > 0) {
        const std::int64_t before = outcome.milliseconds;
        outcome = TRY(runRound(*open, *link));
        outcome.milliseconds += before;
    }
    const ReplicaStatus status = TRY(open->replica->status());
    Json json;
    json["pushed"] = outcome.engine.pushed;
    json["pulled"] = outcome.engine.pulled;
    json["bytes_sent"] = outcome.traffic.sent;
    json["bytes_received"] = outcome.traffic.received;
    json["milliseconds"] = outcome.milliseconds;
    json["conflicts"] = status.conflicts;
    json["waiting"] = status.waiting;
    json["refused"] = status.refused;
    json["files_sent"] = outcome.files.sent;
    json["files_fetched"] = outcome.files.fetched;
    json["file_bytes_sent"] = outcome.files.octetsSent;
    json["file_bytes_fetched"] = outcome.files.octetsFetched;
    json["files_waiting"] = outcome.files.waiting;
    json["files_not_here_yet"] = outcome.files.absent;
    json["files_refused"] = outcome.files.refused.size();
    if (common.isJson) {
        TRY_STATUS(printLine(json.dump()));
    } else {
        TRY_STATUS(printLine("Sent " + std::to_string(outcome.engine.pushed) + " and fetched "
            + std::to_string(outcome.engine.pulled) + " row changes in "
            + std::to_string(outcome.milliseconds) + " ms. " + std::to_string(status.waiting)
            + " wait, " + std::to_string(status.conflicts) + " need a person, "
            + std::to_string(status.refused) + " were refused."
            + (status.refused > refusedBefore ? " What, and why: tendctl refused" : "")));
        TRY_STATUS(sayFiles(outcome.files));
        const Facts &facts = open->replica->facts();
        if (facts.scopes.empty() && raw(facts.cursor) > 0)
            TRY_STATUS(printLine("This device was told to give up all it held. Words it had not "
                                 "sent went to the office first, files did not."));
    }
    if (outcome.engine.problem && outcome.engine.phase == EnginePhase::Waiting)
        return tl::unexpected<Error>(withWayOut(*outcome.engine.problem));
    if (status.waiting > 0)
        return fail(ErrorCode::Busy, "something still waits; run sync again");
    return options.withFiles ? filesOutcome(outcome.files) : Status{};
}

Status status(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const ReplicaStatus status = TRY(open->replica->status());
    Json json;
    json["waiting"] = status.waiting;
    json["oldest_waiting_at"] = momentOrNull(status.oldestWaitingAt);
    json["last_synced_at"] = momentOrNull(status.lastSyncedAt);
    json["conflicts"] = status.conflicts;
    json["refused"] = status.refused;
    if (common.isJson)
        return printLine(json.dump());
    return printLine(std::to_string(status.waiting) + " wait"
        + (status.oldestWaitingAt ? ", the oldest since " + timeText(*status.oldestWaitingAt) : "")
        + "; "
        + (status.lastSyncedAt ? "last synced " + timeText(*status.lastSyncedAt) : "never synced")
        + "; " + std::to_string(status.conflicts) + " need a person; "
        + std::to_string(status.refused) + " were refused");
}

Status verify(const Common &common)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    auto faults = TRY(verifyStore(*open->store, journalSchema()));
    const auto damaged = TRY(damagedFiles(*open));
    faults.insert(faults.end(), damaged.begin(), damaged.end());
    if (common.isJson)
        TRY_STATUS(print({{"faults", faults},
            {"state",
                faults.empty() ? Json(TRY(stateHash(open->replica->records()))) : Json(nullptr)}}));
    for (const std::string &fault : faults)
        TRY_STATUS(common.isJson ? Status{} : printLine(fault));
    if (!faults.empty())
        return fail(ErrorCode::Corrupt,
            std::to_string(faults.size())
                + " faults. The file was left as it is; copy it aside, and fetch the workspace "
                  "into a new replica.");
    if (common.isJson)
        return {};
    TRY_STATUS(printLine("Everything checked holds."));
    return printLine("state " + TRY(stateHash(open->replica->records())));
}

}  // namespace tend::cli
