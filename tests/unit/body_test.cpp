#include <QtTest>

#include "sync/base/random.h"
#include "sync/protocol/body.h"
#include "sync/protocol/messages.h"

using namespace replica;

namespace {

Value randomValue(Random &random, unsigned kind)
{
    switch (kind) {
    case 0:
        return static_cast<std::int64_t>(random.next());
    case 1:
        return static_cast<double>(random.below(1000)) / 8.0;
    case 2:
        return std::string(random.bytes(random.below(40)));
    default:
        return Blob{random.bytes(16)};
    }
}

std::vector<Change> randomChanges(Random &random)
{
    std::vector<Change> changes;
    const auto count = 1 + random.below(40);
    for (std::uint64_t i = 0; i < count; ++i) {
        Change change{TableId{static_cast<std::uint32_t>(1 + random.below(3))},
            makeUuid7(WallTime{1'790'000'000'000}, random),
            static_cast<ChangeKind>(1 + random.below(4)), {}};
        const bool assigns = change.kind == ChangeKind::Insert || change.kind == ChangeKind::Update;
        for (std::uint32_t column = 1; assigns && column <= 6; ++column) {
            if (random.below(3) == 0)
                continue;
            const bool isEmptied = change.kind == ChangeKind::Update && random.below(4) == 0;
            change.assignments.push_back(
                {ColumnId{column}, isEmptied ? Value{} : randomValue(random, column % 4)});
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

}  // namespace

class BodyTest : public QObject {
    Q_OBJECT

private slots:

    void whatIsEncodedIsDecoded()
    {
        SeededRandom random(5);
        for (int round = 0; round < 500; ++round) {
            const auto changes = randomChanges(random);
            const auto decoded = decodeBody(encodeBody(changes));
            QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
            QVERIFY(*decoded == changes);
        }
    }

    void theSameChangesGiveTheSameOctets()
    {
        SeededRandom random(6);
        for (int round = 0; round < 100; ++round) {
            const auto changes = randomChanges(random);
            QVERIFY(encodeBody(changes) == encodeBody(*decodeBody(encodeBody(changes))));
        }
    }

    // Whatever a hostile sender does to the octets, the answer is a body or Invalid, and what is
    // accepted is something we could have written ourselves.
    void spoiledOctetsAreRefusedOrHarmless()
    {
        SeededRandom random(7);
        int refused = 0;
        for (int round = 0; round < 4000; ++round) {
            Bytes octets = encodeBody(randomChanges(random));
            const auto hits = 1 + random.below(4);
            for (std::uint64_t i = 0; i < hits && !octets.empty(); ++i) {
                const auto at = static_cast<std::size_t>(random.below(octets.size()));
                if (random.below(4) == 0)
                    octets.resize(at);
                else
                    octets[at] = static_cast<char>(random.next());
            }
            const auto decoded = decodeBody(octets);
            if (!decoded) {
                QVERIFY(decoded.error().code == ErrorCode::Invalid);
                ++refused;
                continue;
            }
            QVERIFY(decodeBody(encodeBody(*decoded)).has_value());
        }
        QVERIFY(refused > 400);
    }

    void claimsBeyondTheOctetsAreRefused()
    {
        QVERIFY(!decodeBody(Bytes(groupBytesMax + 1, 'x')));
        const Bytes many = encodeBody(std::vector<Change>(groupRowsMax + 1,
            Change{TableId{1}, *parseUuid("01890000-0000-7000-8000-000000000001"),
                ChangeKind::Touch, {}}));
        QVERIFY(!decodeBody(many));
    }

    void requestsGoThereAndBack()
    {
        SeededRandom random(8);
        PushRequest request;
        request.epoch = makeUuid7(WallTime{1}, random);
        request.incarnation = Incarnation{random.next()};
        request.attempt = 7;
        Group group;
        group.header.id = {makeUuid7(WallTime{2}, random), request.incarnation, Counter{3}};
        group.header.stamp = stampAt(WallTime{1'790'000'000'000});
        group.header.base = Sequence{12};
        group.header.alsoSeen = {{makeUuid7(WallTime{3}, random), Incarnation{9}, Counter{4}}};
        group.header.madeAt = WallTime{-5};
        group.body = encodeBody(randomChanges(random));
        request.groups.push_back(group);
        const auto decoded = decodePushRequest(encode(request));
        QVERIFY(decoded.has_value());
        QCOMPARE(decoded->attempt, request.attempt);
        QVERIFY(decoded->incarnation == request.incarnation && decoded->epoch == request.epoch);
        QVERIFY(decoded->groups.front().header == group.header);
        QVERIFY(decoded->groups.front().body == group.body);
    }

    void spoiledMessagesAreRefusedOrHarmless()
    {
        SeededRandom random(9);
        PullAnswer answer;
        answer.server.epochs = {{makeUuid7(WallTime{1}, random), Sequence{0}}};
        answer.groups.resize(3);
        const Bytes whole = encode(answer);
        for (int round = 0; round < 4000; ++round) {
            Bytes octets = whole;
            octets[static_cast<std::size_t>(random.below(octets.size()))]
                = static_cast<char>(random.next());
            static_cast<void>(decodePullAnswer(octets));
            static_cast<void>(decodePushRequest(octets));
            static_cast<void>(decodePushAnswer(octets));
            static_cast<void>(decodePullRequest(octets));
            static_cast<void>(decodeEnrolRequest(octets));
            static_cast<void>(decodeEnrolAnswer(octets));
        }
        QVERIFY(decodePullAnswer(whole).has_value());
    }
};

QTEST_APPLESS_MAIN(BodyTest)
#include "body_test.moc"
