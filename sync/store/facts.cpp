#include "sync/store/facts.h"

#include <nlohmann/json.hpp>

namespace replica {

namespace {

using Json = nlohmann::json;

}  // namespace

Bytes toJson(const Facts &facts)
{
    Json epochs = Json::array();
    for (const Epoch &epoch : facts.epochs)
        epochs.push_back({{"id", toText(epoch.id)}, {"start", raw(epoch.start)}});
    Json seen = Json::array();
    for (const GroupId &id : facts.seenBesides)
        seen.push_back({{"device", toText(id.device)}, {"incarnation", raw(id.incarnation)},
            {"counter", raw(id.counter)}});
    Json json = {
        {"last_counter", raw(facts.lastCounter)},
        {"seen_besides", std::move(seen)},
        {"device", toText(facts.device)},
        {"incarnation", raw(facts.incarnation)},
        {"epochs", std::move(epochs)},
        {"cursor", raw(facts.cursor)},
        {"attempt", facts.attempt},
        {"witnessed", static_cast<std::uint64_t>(facts.witnessed)},
        {"clock_offset_ms", facts.clockOffsetMs},
        {"member", toText(facts.member)},
        {"member_name", facts.memberName},
        {"workspace_name", facts.workspaceName},
    };
    json["scopes"] = facts.scopes;
    json["view"] = toHex(facts.view);
    json["must_refill"] = facts.mustRefill;
    json["whole_until"] = raw(facts.wholeUntil);
    json["outline"] = facts.outline;
    json["has_left_out"] = facts.hasLeftOut;
    json["head"] = raw(facts.head);
    json["durable"] = raw(facts.durable);
    if (facts.sum)
        json["sum"] = *facts.sum;
    if (facts.lastMismatchAt) {
        json["mismatches"] = facts.mismatches;
        json["last_mismatch_at_ms"] = inMs(*facts.lastMismatchAt);
    }
    if (facts.fill) {
        json["fill"] = {{"scopes", facts.fill->scopes}, {"at", raw(facts.fill->at)},
            {"position", toHex(facts.fill->position)}};
    }
    if (facts.lastSyncedAt)
        json["last_synced_at_ms"] = inMs(*facts.lastSyncedAt);
    return json.dump();
}

Result<Facts> factsFromJson(BytesView text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return fail(ErrorCode::Corrupt, "the replica's facts are unreadable");
    Facts facts;
    const auto uuid = [&](const char *name) {
        return parseUuid(json.value(name, "")).value_or(Uuid{});
    };
    const auto number = [&](const char *name) {
        return json.value(name, std::uint64_t{0});
    };
    facts.device = uuid("device");
    facts.incarnation = Incarnation{number("incarnation")};
    for (const Json &epoch : json.value("epochs", Json::array())) {
        facts.epochs.push_back({parseUuid(epoch.value("id", "")).value_or(Uuid{}),
            Sequence{epoch.value("start", std::uint64_t{0})}});
    }
    facts.lastCounter = Counter{number("last_counter")};
    for (const Json &id : json.value("seen_besides", Json::array())) {
        facts.seenBesides.push_back({parseUuid(id.value("device", "")).value_or(Uuid{}),
            Incarnation{id.value("incarnation", std::uint64_t{0})},
            Counter{id.value("counter", std::uint64_t{0})}});
    }
    facts.cursor = Sequence{number("cursor")};
    facts.scopes = json.value("scopes", std::vector<std::string>{});
    facts.view = fromHex(json.value("view", "")).value_or(Bytes());
    // A replica from before there were scopes does not know what it holds.
    facts.mustRefill
        = json.value("must_refill", !json.contains("scopes") && facts.cursor != Sequence{0});
    facts.wholeUntil = Sequence{number("whole_until")};
    facts.outline = json.value("outline", "");
    facts.hasLeftOut = json.value("has_left_out", false);
    facts.head = Sequence{number("head")};
    facts.durable = Sequence{number("durable")};
    if (json.contains("sum"))
        facts.sum = number("sum");
    facts.mismatches = number("mismatches");
    if (json.contains("last_mismatch_at_ms"))
        facts.lastMismatchAt = WallTime{json.value("last_mismatch_at_ms", std::int64_t{0})};
    if (json.contains("fill")) {
        const Json &fill = json["fill"];
        facts.fill = Fill{fill.value("scopes", std::vector<std::string>{}),
            Sequence{fill.value("at", std::uint64_t{0})},
            fromHex(fill.value("position", "")).value_or(Bytes()), false, {}};
    }
    facts.attempt = number("attempt");
    facts.witnessed = Stamp{number("witnessed")};
    facts.clockOffsetMs = json.value("clock_offset_ms", std::int64_t{0});
    facts.member = uuid("member");
    facts.memberName = json.value("member_name", "");
    facts.workspaceName = json.value("workspace_name", "");
    if (json.contains("last_synced_at_ms"))
        facts.lastSyncedAt = WallTime{json.value("last_synced_at_ms", std::int64_t{0})};
    return facts;
}

}  // namespace replica
