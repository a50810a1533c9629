// init, join, sync, status, verify.
#include <cstdio>
#include <unistd.h>

#include "app/cli/json_rows.h"
#include "app/cli/verbs.h"
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
    return Outcome{link.engine->status(), link.transport->traffic(),
        inMs(open.clock.monotonicNow()) - inMs(began)};
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

Status sync(const Common &common, bool acceptsMassChange)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    if (acceptsMassChange)
        open->replica->acceptMassChange();
    auto link = TRY(linkToServer(*open));
    if (!link)
        return fail(ErrorCode::Invalid,
            "this replica has joined no workspace; join one with: tendctl --replica FILE join "
            "INVITATION");
    const Outcome outcome = TRY(runRound(*open, *link));
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
    if (common.isJson) {
        TRY_STATUS(printLine(json.dump()));
    } else {
        TRY_STATUS(printLine("Sent " + std::to_string(outcome.engine.pushed) + " and fetched "
            + std::to_string(outcome.engine.pulled) + " row changes in "
            + std::to_string(outcome.milliseconds) + " ms. " + std::to_string(status.waiting)
            + " wait, " + std::to_string(status.conflicts) + " need a person, "
            + std::to_string(status.refused) + " were refused."));
    }
    if (outcome.engine.problem && outcome.engine.phase == EnginePhase::Waiting)
        return tl::unexpected<Error>(*outcome.engine.problem);
    if (status.waiting > 0)
        return fail(ErrorCode::Busy, "something still waits; run sync again");
    return {};
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
    const auto faults = TRY(verifyStore(*open->store, journalSchema()));
    for (const std::string &fault : faults)
        TRY_STATUS(printLine(fault));
    if (!faults.empty())
        return fail(ErrorCode::Corrupt,
            std::to_string(faults.size())
                + " faults. The file was left as it is; copy it aside, and fetch the workspace "
                  "into a new replica.");
    return printLine("Everything checked holds.");
}

}  // namespace tend::cli
