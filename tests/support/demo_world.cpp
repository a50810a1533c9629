#include "tests/support/demo_world.h"

#include "tests/support/fake_session.h"

namespace tend {

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t dayMs = 24 * 60 * minute;
constexpr std::int64_t now = 1'781'187'600'000;  // 2026-06-11T14:20Z, a Thursday

WallTime ago(int days, int minutes = 0)
{
    return WallTime{now - days * dayMs - minutes * minute};
}

Day inDays(int days)
{
    return Day{static_cast<std::int32_t>(now / dayMs) + days};
}

struct Talk {
    int daysAgo;
    VisitKind kind;
    const char *said;
    Feeling feeling;
    Whereabouts whereabouts = Whereabouts::OnServer;
    const char *impression = "";
    const char *nextStep = "";
    bool isStepDone = false;
};

Id addPerson(FakeWorld &world, FakeCustomer customer, const std::vector<Talk> &talks,
    std::optional<Day> nextStepOn = {})
{
    customer.id = "person-" + std::to_string(world.customers.size() + 1);
    customer.addedOn = inDays(-90);
    world.customers.push_back(customer);
    for (const Talk &talk : talks) {
        StoryEntry entry;
        entry.visitId = world.makeId("visit");
        if (talk.isStepDone)
            world.stepsDone.insert(entry.visitId);
        entry.kind = talk.kind;
        entry.at = ago(talk.daysAgo, 100);
        entry.said = talk.said;
        entry.impression = talk.impression;
        entry.customerFeeling = talk.feeling;
        entry.whereabouts = talk.whereabouts;
        entry.nextStep = talk.nextStep;
        world.addContact(
            customer.id, entry, entry.nextStep.empty() ? std::optional<Day>() : nextStepOn);
    }
    return customer.id;
}

void addRow(
    FakeWorld &world, TodayGroup group, int customer, const char *about, ReasonKind reason, Day day)
{
    const FakeCustomer &who = world.customers.at(static_cast<std::size_t>(customer));
    world.extraToday.push_back(
        {group, who.id, who.name, about, reason, day, who.id + about, !who.phone.empty()});
}

void addPeople(FakeWorld &world)
{
    const auto visit = VisitKind::FaceToFace;
    const auto call = VisitKind::Call;
    addPerson(world,
        {"", "Ana Ruiz", "Bakery, Mill Lane", "06 1234 5678",
            "Message first; ring after 17:00. Her own terms.", ""},
        {{3, visit, "The van came at seven again. We open at six.", -1, Whereabouts::Waiting, "",
             "Ask about the new baby"},
            {22, call, "It is a boy! Mateo.", 2, Whereabouts::OnServer,
                "Rang to hear how the week went."},
            {36, visit, "Nobody tells me when the van is late.", -1, Whereabouts::SeenByOffice, "",
                "Have the depot ring her", true},
            {61, VisitKind::Group, "You lot are the only ones who came by.", 1}},
        inDays(0));
    addPerson(world, {"", "Grace Bell", "Café, North Road", "06 2345 6789", "", ""},
        {{8, VisitKind::Counter, "Could the card machine stand lower?", 0, Whereabouts::OnServer,
            "", "Tell her the till is fixed"}},
        inDays(0));
    addPerson(world, {"", "Tom Lind", "Deli, Quay 4", "", "", ""},
        {{0, call, "Late deliveries cost me the school order.", -1, Whereabouts::Waiting, "",
            "Did the early delivery hold?"}},
        inDays(1));
    addPerson(world, {"", "Piet de Vries", "Garden centre", "", "", ""},
        {{2, visit, "An oven that holds two trays would do.", 0}});
    addPerson(world, {"", "Samira Haddad", "Blue hatchback", "06 3456 7890", "", ""},
        {{3, visit, "It drives like a dream.", 2}});
    addPerson(world, {"", "Lena Fischer", "Tea room, Station Square", "06 4567 8901", "", ""},
        {{129, visit, "Come back when the season starts.", {}}});
    addPerson(world, {"", "Anna Novak", "Guest house, Hill Road", "", "", ""},
        {{10, call, "The rooms are full until August.", 1}});
    addPerson(world, {"", "Leo Park", "Canteen, Park Lane", "", "", ""},
        {{13, visit, "The boys eat more than last year.", 1}});
    addPerson(world, {"", "Mina Osei", "School kitchen", "", "", ""},
        {{23, visit, "I never know who to ask for.", 1}});
    addRow(
        world, TodayGroup::Now, 3, "Hand over the oven quote", ReasonKind::PromiseDue, inDays(1));
    addRow(world, TodayGroup::Soon, 4, "How is the car, honestly?", ReasonKind::FollowUpDue,
        inDays(2));
    addRow(world, TodayGroup::GoneQuiet, 5, "", ReasonKind::GoneQuiet, inDays(-129));
}

void addServer(FakeWorld &world)
{
    world.account = {"https://tend.example.org:8470", "Mill Lane", "Bo Larsen", "Bo's phone"};
    world.sync.phase = SyncPhase::Idle;
    world.sync.lastSyncedAt = ago(0, 4);
}

void addOffline(FakeWorld &world)
{
    addServer(world);
    world.sync.phase = SyncPhase::Offline;
    world.sync.problem = replica::ErrorCode::Offline;
    world.sync.lastSyncedAt = ago(0, 190);
    world.waiting = {{"w1", "visit", "Tom Lind", ago(0, 160)},
        {"w2", "promise", "Piet de Vries", ago(0, 135)}, {"w3", "visit", "Ana Ruiz", ago(0, 0)}};
    world.conflicts = {{"c1", "customer", "person-1", "Ana Ruiz", "terms", "",
        {"Ring me after 17:00.", "", "Bo's phone", ago(0, 308)},
        {"Mornings, before the first bake.", "Kim", "Kim's laptop", ago(0, 1300)}, false, false,
        true}};
    world.merged = {{"m1", "customer", "person-2", "Grace Bell", {"note"}, {"phone"}, "Kim",
        "Kim's laptop", ago(1)}};
}

void addOutOfStep(FakeWorld &world)
{
    addOffline(world);
    world.sync.phase = SyncPhase::NeedsPerson;
    world.sync.problem = replica::ErrorCode::Unauthorized;
    world.sync.problemDetails = "401 from https://tend.example.org:8470: device was removed";
    world.conflicts.clear();
    world.refused
        = {{"r1", "Visit to Leo Park", "You no longer look after this territory.", ago(1, 30)}};
}

void addFarAway(FakeWorld &world)
{
    addPerson(world,
        {"", "آنا رويز", "مخبز، شارع الطاحونة", "06 1234 5678",
            "رسالة أولاً، ثم مكالمة بعد الساعة 17:00. هذه شروطها.", ""},
        {{3, VisitKind::FaceToFace, "وصلت الشاحنة في السابعة مرة أخرى، ونحن نفتح في السادسة.", -1,
             Whereabouts::SeenByOffice, "", "ماتيو، المولود في 20 مايو"},
            {22, VisitKind::Call, "إنه ولد! ماتيو.", 2, Whereabouts::OnServer,
                "اتصلتُ لأسأل كيف كان أسبوعها."}},
        inDays(1));
    addPerson(world,
        {"", "Maximiliana Featherstonehaugh-Wolverhampton of the Lower Meadows",
            "Family bakery, tea room and catering for weddings, 14 Upper Mill Lane", "", "", ""},
        {{1, VisitKind::Counter,
            "I have told three of your people, in March, in April and again on Monday, that "
            "nobody can unload a pallet in front of a door that opens at six.",
            -2, Whereabouts::NeedsYou, "", "Bring the new times and the driver"}},
        inDays(0));
}

}  // namespace

WallTime demonstrationNow()
{
    return WallTime{now};
}

Id demonstrationCustomer()
{
    return "person-1";
}

std::shared_ptr<FakeWorld> makeDemonstration(Demonstration which)
{
    auto world = std::make_shared<FakeWorld>();
    world->now = demonstrationNow();
    switch (which) {
    case Demonstration::FieldRep:
        addPeople(*world);
        addOffline(*world);
        break;
    case Demonstration::InStep:
        addPeople(*world);
        addServer(*world);
        for (auto &[id, story] : world->story) {
            for (StoryEntry &entry : story) {
                if (entry.whereabouts == Whereabouts::Waiting)
                    entry.whereabouts = Whereabouts::OnServer;
            }
        }
        break;
    case Demonstration::FirstStart:
        break;
    case Demonstration::NobodyWaits:
        addPerson(*world, {"", "Ana Ruiz", "Bakery, Mill Lane", "", "", ""},
            {{3, VisitKind::FaceToFace, "All is well.", 1}});
        addServer(*world);
        break;
    case Demonstration::OutOfStep:
        addPeople(*world);
        addOutOfStep(*world);
        break;
    case Demonstration::FarAway:
        addFarAway(*world);
        addServer(*world);
        break;
    }
    world->recount();
    return world;
}

OpenSession openDemonstration(Demonstration which)
{
    return openFake(makeDemonstration(which));
}

}  // namespace tend
