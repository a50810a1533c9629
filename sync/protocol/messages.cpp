#include "sync/protocol/messages.h"

#include <google/protobuf/stubs/logging.h>

#include "tend.pb.h"

namespace replica {

namespace {

namespace wire = tend::v1;

constexpr int alsoSeenMax = 10'000;

tl::unexpected<Error> malformed(const char *what)
{
    return fail(ErrorCode::Invalid, std::string("malformed message: ") + what);
}

void put(wire::GroupName &into, const GroupId &id)
{
    into.set_device(Bytes(id.device.bytes()));
    into.set_incarnation(raw(id.incarnation));
    into.set_counter(raw(id.counter));
}

Result<Uuid> takeUuid(const Bytes &octets)
{
    const auto id = uuidOf(octets);
    if (!id)
        return malformed("an id is not 16 octets");
    return *id;
}

Result<GroupId> take(const wire::GroupName &name)
{
    return GroupId{
        TRY(takeUuid(name.device())), Incarnation{name.incarnation()}, Counter{name.counter()}};
}

void put(wire::Group &into, const Group &group)
{
    const GroupHeader &header = group.header;
    put(*into.mutable_name(), header.id);
    into.set_stamp(static_cast<std::uint64_t>(header.stamp));
    into.set_base(raw(header.base));
    for (const GroupId &seen : header.alsoSeen)
        put(*into.add_also_seen(), seen);
    into.set_made_at_ms(inMs(header.madeAt));
    into.set_body(group.body);
    if (group.former)
        put(*into.mutable_former(), *group.former);
    into.set_sequence(raw(header.sequence));
    if (!header.actor.isNil())
        into.set_actor(Bytes(header.actor.bytes()));
}

Result<Group> take(wire::Group &from)
{
    Group group;
    GroupHeader &header = group.header;
    header.id = TRY(take(from.name()));
    header.stamp = Stamp{from.stamp()};
    header.base = Sequence{from.base()};
    if (from.also_seen_size() > alsoSeenMax)
        return malformed("too many groups seen besides");
    for (const wire::GroupName &seen : from.also_seen())
        header.alsoSeen.push_back(TRY(take(seen)));
    header.madeAt = WallTime{from.made_at_ms()};
    header.sequence = Sequence{from.sequence()};
    header.actor = uuidOf(from.actor()).value_or(Uuid{});
    // SQLite keeps signed numbers; a stamp or sequence beyond them is no stamp or sequence of ours.
    if (from.stamp() >> 63U || from.base() >> 63U || from.sequence() >> 63U)
        return malformed("a number is out of range");
    group.body = std::move(*from.mutable_body());
    if (from.has_former())
        group.former = TRY(take(from.former()));
    return group;
}

void put(wire::Fill &into, const Fill &fill)
{
    for (const std::string &scope : fill.scopes)
        into.add_scopes(scope);
    into.set_at(raw(fill.at));
    into.set_position(fill.position);
    into.set_is_last(fill.isLast);
    into.set_after(fill.after);
}

Fill take(const wire::Fill &from)
{
    return {{from.scopes().begin(), from.scopes().end()}, Sequence{from.at()}, from.position(),
        from.is_last(), from.after()};
}

void put(wire::Rows &into, const RowsOfTable &rows)
{
    into.set_table(static_cast<std::uint32_t>(rows.table));
    for (const RowId &row : rows.rows)
        into.mutable_rows()->append(row.bytes());
}

Result<RowsOfTable> take(const wire::Rows &from)
{
    constexpr std::size_t idOctets = 16;
    RowsOfTable rows{TableId{from.table()}, {}};
    if (from.rows().size() % idOctets != 0)
        return malformed("row ids are not 16 octets each");
    for (std::size_t at = 0; at < from.rows().size(); at += idOctets)
        rows.rows.push_back(*uuidOf(BytesView(from.rows()).substr(at, idOctets)));
    return rows;
}

void put(wire::ServerState &into, const ServerState &state)
{
    for (const Epoch &epoch : state.epochs) {
        into.add_epochs()->set_id(Bytes(epoch.id.bytes()));
        into.mutable_epochs(into.epochs_size() - 1)->set_start(raw(epoch.start));
    }
    into.set_head(raw(state.head));
    into.set_durable(raw(state.durable));
    into.set_stamp(static_cast<std::uint64_t>(state.stamp));
    into.set_ahead_ms(state.aheadMs);
    put(*into.mutable_accepted(), state.accepted);
    into.set_chain(state.chain);
}

Result<ServerState> take(const wire::ServerState &from)
{
    ServerState state;
    for (const wire::Epoch &epoch : from.epochs())
        state.epochs.push_back({TRY(takeUuid(epoch.id())), Sequence{epoch.start()}});
    if (state.epochs.empty())
        return malformed("the server names no epoch");
    state.head = Sequence{from.head()};
    state.durable = Sequence{from.durable()};
    state.stamp = Stamp{from.stamp()};
    state.aheadMs = from.ahead_ms();
    if (state.aheadMs > static_cast<std::uint64_t>(inMs(wallOf(state.stamp))))
        return malformed("a stamp lies further ahead than it can");
    state.accepted = TRY(take(from.accepted()));
    state.chain = from.chain();
    return state;
}

template <typename Message>
Result<Message> parse(BytesView octets)
{
    // What a stranger sends is answered, not logged by the library.
    [[maybe_unused]] static const auto quiet = google::protobuf::SetLogHandler(nullptr);
    Message message;
    if (octets.size() > pageBytesMax
        || !message.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
        return malformed("the octets are not that message");
    return message;
}

Result<SyncOutcome> takeOutcome(wire::Outcome outcome)
{
    if (outcome < wire::OK || outcome > wire::VIEW_CHANGED)
        return fail(ErrorCode::TooNew,
            "the server answered in a way this program does not know; update it");
    return static_cast<SyncOutcome>(outcome);
}

}  // namespace

Bytes encode(const PushRequest &message)
{
    wire::PushRequest out;
    out.set_version(message.version);
    out.set_epoch(Bytes(message.epoch.bytes()));
    out.set_incarnation(raw(message.incarnation));
    out.set_attempt(message.attempt);
    for (const Group &group : message.groups)
        put(*out.add_groups(), group);
    return out.SerializeAsString();
}

Result<PushRequest> decodePushRequest(BytesView octets)
{
    auto in = TRY(parse<wire::PushRequest>(octets));
    PushRequest message{
        in.version(), TRY(takeUuid(in.epoch())), Incarnation{in.incarnation()}, in.attempt(), {}};
    for (wire::Group &group : *in.mutable_groups())
        message.groups.push_back(TRY(take(group)));
    return message;
}

Bytes encode(const PushAnswer &message)
{
    wire::PushAnswer out;
    out.set_outcome(static_cast<wire::Outcome>(message.outcome));
    for (const Verdict &verdict : message.verdicts) {
        wire::Verdict &into = *out.add_verdicts();
        put(*into.mutable_name(), verdict.id);
        into.set_kind(static_cast<wire::Verdict::Kind>(verdict.kind));
        into.set_sequence(raw(verdict.sequence));
        into.set_stamp(static_cast<std::uint64_t>(verdict.stamp));
        into.set_reason(verdict.reason);
        if (verdict.knownAs)
            put(*into.mutable_known_as(), *verdict.knownAs);
    }
    put(*out.mutable_server(), message.server);
    out.set_last_attempt(message.lastAttempt);
    for (const RowsOfTable &rows : message.left)
        put(*out.add_left(), rows);
    return out.SerializeAsString();
}

Result<PushAnswer> decodePushAnswer(BytesView octets)
{
    const auto in = TRY(parse<wire::PushAnswer>(octets));
    PushAnswer message;
    message.outcome = TRY(takeOutcome(in.outcome()));
    for (const wire::Verdict &verdict : in.verdicts()) {
        if (verdict.kind() < wire::Verdict::ACCEPTED || verdict.kind() > wire::Verdict::QUARANTINED)
            return malformed("unknown verdict");
        message.verdicts.push_back(
            {TRY(take(verdict.name())), static_cast<VerdictKind>(verdict.kind()),
                Sequence{verdict.sequence()}, Stamp{verdict.stamp()}, verdict.reason(), {}});
        if (verdict.has_known_as())
            message.verdicts.back().knownAs = TRY(take(verdict.known_as()));
    }
    message.server = TRY(take(in.server()));
    message.lastAttempt = in.last_attempt();
    for (const wire::Rows &rows : in.left())
        message.left.push_back(TRY(take(rows)));
    return message;
}

Bytes encode(const PullRequest &message)
{
    wire::PullRequest out;
    out.set_version(message.version);
    out.set_epoch(Bytes(message.epoch.bytes()));
    out.set_incarnation(raw(message.incarnation));
    out.set_cursor(raw(message.cursor));
    out.set_bytes_max(message.bytesMax);
    for (const std::string &scope : message.scopes)
        out.add_scopes(scope);
    out.set_wait_ms(message.waitMs);
    out.set_view(message.view);
    if (message.fill)
        put(*out.mutable_fill(), *message.fill);
    out.set_whole(message.isWhole);
    out.set_refill(message.isRefill);
    out.set_counted_by(message.countedBy);
    return out.SerializeAsString();
}

Result<PullRequest> decodePullRequest(BytesView octets)
{
    const auto in = TRY(parse<wire::PullRequest>(octets));
    return PullRequest{in.version(), TRY(takeUuid(in.epoch())), Incarnation{in.incarnation()},
        Sequence{in.cursor()}, in.bytes_max(), {in.scopes().begin(), in.scopes().end()},
        in.wait_ms(), in.view(),
        in.has_fill() ? std::optional<Fill>(take(in.fill())) : std::nullopt, in.whole(),
        in.refill(), in.counted_by()};
}

Bytes encode(const PullAnswer &message)
{
    wire::PullAnswer out;
    out.set_outcome(static_cast<wire::Outcome>(message.outcome));
    out.set_from(raw(message.from));
    out.set_to(raw(message.to));
    for (const Group &group : message.groups)
        put(*out.add_groups(), group);
    put(*out.mutable_server(), message.server);
    for (const std::string &scope : message.scopes)
        out.add_scopes(scope);
    out.set_view(message.view);
    if (message.fill)
        put(*out.mutable_fill(), *message.fill);
    for (const Group &group : message.entered)
        put(*out.add_entered(), group);
    for (const RowsOfTable &rows : message.left)
        put(*out.add_left(), rows);
    if (message.sum)
        out.set_sum(*message.sum);
    return out.SerializeAsString();
}

Result<PullAnswer> decodePullAnswer(BytesView octets)
{
    auto in = TRY(parse<wire::PullAnswer>(octets));
    PullAnswer message;
    message.outcome = TRY(takeOutcome(in.outcome()));
    message.from = Sequence{in.from()};
    message.to = Sequence{in.to()};
    for (wire::Group &group : *in.mutable_groups())
        message.groups.push_back(TRY(take(group)));
    message.server = TRY(take(in.server()));
    message.scopes.assign(in.scopes().begin(), in.scopes().end());
    message.view = std::move(*in.mutable_view());
    if (in.has_fill())
        message.fill = take(in.fill());
    for (wire::Group &group : *in.mutable_entered())
        message.entered.push_back(TRY(take(group)));
    for (const wire::Rows &rows : in.left())
        message.left.push_back(TRY(take(rows)));
    if (in.has_sum())
        message.sum = in.sum();
    return message;
}

Bytes encode(const EnrolRequest &message)
{
    wire::EnrolRequest out;
    out.set_version(message.version);
    out.set_secret(message.secret);
    out.set_device_name(message.deviceName);
    return out.SerializeAsString();
}

Result<EnrolRequest> decodeEnrolRequest(BytesView octets)
{
    const auto in = TRY(parse<wire::EnrolRequest>(octets));
    return EnrolRequest{in.version(), in.secret(), in.device_name()};
}

Bytes encode(const EnrolAnswer &message)
{
    wire::EnrolAnswer out;
    out.set_device(Bytes(message.device.bytes()));
    out.set_member(Bytes(message.member.bytes()));
    out.set_member_name(message.memberName);
    out.set_workspace_name(message.workspaceName);
    out.set_workspace(Bytes(message.workspace.bytes()));
    put(*out.mutable_server(), message.server);
    return out.SerializeAsString();
}

Result<EnrolAnswer> decodeEnrolAnswer(BytesView octets)
{
    const auto in = TRY(parse<wire::EnrolAnswer>(octets));
    EnrolAnswer message;
    message.device = TRY(takeUuid(in.device()));
    message.member = TRY(takeUuid(in.member()));
    message.memberName = in.member_name();
    message.workspaceName = in.workspace_name();
    message.workspace = TRY(takeUuid(in.workspace()));
    message.server = TRY(take(in.server()));
    return message;
}

}  // namespace replica
