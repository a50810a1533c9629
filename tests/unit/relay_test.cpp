#include <algorithm>

#include <QtTest>

#include "app/journal/relay.h"

using namespace tend;

namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t heard = 1'000 * hour;

RelayedRemark remark(const std::vector<RelayKind> &kinds, const Id &customer = "rosa")
{
    RelayedRemark remark{"r", "the oven smokes", customer, "Rosa", "ana", "office", heard, {}};
    for (const RelayKind kind : kinds) {
        RelayEvent event;
        event.id = "e" + std::to_string(remark.events.size());
        event.kind = kind;
        event.atMs = heard + static_cast<std::int64_t>(remark.events.size()) * hour;
        if (kind == RelayKind::ToldCustomer)
            event.visit = "v";
        remark.events.push_back(event);
    }
    return remark;
}

const Listener ana{"ana", "rep", {}, {}};
const Listener kim{"kim", "office", {}, {}};
const Listener lee{"lee", "manager", {"office"}, {{"office", 8}}};

// The list's group, or -1 where it is not on it.
int groupFor(const Listener &listener, const RelayedRemark &what, int hoursLater = 1)
{
    const auto rows = heardBy(listener, {what}, heard + hoursLater * hour);
    return rows.empty() ? -1 : static_cast<int>(rows.front().group);
}

int place(HeardGroup group)
{
    return static_cast<int>(group);
}

}  // namespace

// docs/RULES.md, "A remark's way".
class RelayTest : public QObject {
    Q_OBJECT

private slots:

    void F6_eachStepReachesWhoeverWaits()
    {
        using enum RelayKind;
        QCOMPARE(groupFor(ana, remark({Passed})), place(HeardGroup::UnderWay));
        QCOMPARE(groupFor(kim, remark({Passed})), place(HeardGroup::ToAnswer));
        QCOMPARE(groupFor(kim, remark({Passed, Seen, Taken, WillDo})), place(HeardGroup::ToAnswer));
        QCOMPARE(groupFor(ana, remark({Passed, Seen, Taken, WillDo})), place(HeardGroup::CameBack));
        const auto answered = remark({Passed, Seen, Answered});
        QCOMPARE(groupFor(kim, answered), -1);
        QCOMPARE(groupFor(ana, answered), place(HeardGroup::CameBack));
        const auto known = remark({Passed, Seen, Answered, ToldRep});
        QCOMPARE(groupFor(ana, known), place(HeardGroup::ToTell));
        const auto closed = remark({Passed, Seen, Answered, ToldRep, ToldCustomer});
        QVERIFY(isClosed(closed));
        QCOMPARE(groupFor(ana, closed), -1);
    }

    // Whatever order the events arrive in, the remark stands in the same place.
    void anyOrderOfArrivalGivesOneState()
    {
        auto base = remark({RelayKind::Passed, RelayKind::Seen, RelayKind::WillDo,
            RelayKind::Answered, RelayKind::ToldRep});
        std::vector<int> order{0, 1, 2, 3, 4};
        do {
            RelayedRemark partly = base;
            partly.events.clear();
            int furthest = -1;
            for (const int at : order) {
                partly.events.push_back(base.events[static_cast<std::size_t>(at)]);
                furthest = std::max(
                    furthest, static_cast<int>(base.events[static_cast<std::size_t>(at)].kind));
                QCOMPARE(static_cast<int>(stateOf(partly)), furthest + 1);
            }
        } while (std::next_permutation(order.begin(), order.end()));
    }

    void onlyAVisitClosesWhatACustomerSaid()
    {
        using enum RelayKind;
        auto told = remark({Passed, Answered, ToldRep, ToldCustomer});
        told.events.back().visit.clear();
        QVERIFY(!isClosed(told));
        // Where nobody knows who it was, whoever passed it on is the last to be told.
        QVERIFY(isClosed(remark({Passed, Answered, ToldRep}, "")));
        QVERIFY(!isClosed(remark({Passed, ToldRep, Answered}, "")));
        QVERIFY(!isClosed(remark({Passed, Answered}, "")));
    }

    void aNewerAnswerComesBackAgain()
    {
        using enum RelayKind;
        const auto changed = remark({Passed, Answered, ToldRep, Answered});
        QCOMPARE(groupFor(ana, changed), place(HeardGroup::CameBack));
    }

    // Looking at it late, as the deputy does first of all, takes it off nobody's list.
    void whoLooksTooLateTakesItFromNobody()
    {
        auto late = remark({RelayKind::Passed, RelayKind::Seen});
        late.events.back().atMs = heard + 30 * hour;
        QCOMPARE(groupFor(lee, late, 31), place(HeardGroup::ToAnswer));
        late.events.back().atMs = heard + 7 * hour;
        QCOMPARE(groupFor(lee, late, 31), -1);
    }

    void theDeputyIsAskedWhenTheAgreedHoursAreOver()
    {
        using enum RelayKind;
        QCOMPARE(groupFor(lee, remark({Passed}), 7), -1);
        QCOMPARE(groupFor(lee, remark({Passed}), 8), place(HeardGroup::ToAnswer));
        QVERIFY(heardBy(lee, {remark({Passed})}, heard + 8 * hour).front().asDeputy);
        QCOMPARE(groupFor(lee, remark({Passed, Seen}), 8), -1);
        const Listener other{"lee", "manager", {"rep"}, {}};
        QCOMPARE(groupFor(other, remark({Passed}), 100), -1);
        const Listener patient{"lee", "manager", {"office"}, {}};
        QCOMPARE(groupFor(patient, remark({Passed}), 23), -1);
        QCOMPARE(groupFor(patient, remark({Passed}), 24), place(HeardGroup::ToAnswer));
    }
};

QTEST_GUILESS_MAIN(RelayTest)
#include "relay_test.moc"
