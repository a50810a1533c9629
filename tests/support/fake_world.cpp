#include "tests/support/fake_world.h"

#include <algorithm>

namespace tend {

Day dayOf(WallTime time)
{
    return Day{static_cast<std::int32_t>(replica::inMs(time) / 86'400'000)};
}

Id FakeWorld::makeId(const char *kind)
{
    return std::string(kind) + '-' + std::to_string(nextId++);
}

const FakeCustomer *FakeWorld::find(const Id &id) const
{
    const auto found = std::find_if(customers.begin(), customers.end(),
        [&id](const FakeCustomer &customer) { return customer.id == id; });
    return found == customers.end() ? nullptr : &*found;
}

Status FakeWorld::enter(const std::string &call)
{
    ++calls[call];
    const auto failure = failures.find(call);
    if (failure == failures.end())
        return {};
    return replica::fail(failure->second, "planted in " + call);
}

void FakeWorld::addContact(const Id &customerId, StoryEntry entry, std::optional<Day> stepOn)
{
    if (entry.visitId.empty())
        entry.visitId = makeId("visit");
    if (stepOn)
        nextStepOn[entry.visitId] = *stepOn;
    auto &entries = story[customerId];
    const auto place = std::find_if(entries.begin(), entries.end(),
        [&entry](const StoryEntry &other) { return other.at <= entry.at; });
    entries.insert(place, std::move(entry));
}

void FakeWorld::recount()
{
    sync.waiting = static_cast<int>(waiting.size());
    sync.conflicts = static_cast<int>(conflicts.size());
    sync.refused = static_cast<int>(refused.size());
    sync.oldestWaitingAt.reset();
    if (!waiting.empty())
        sync.oldestWaitingAt = waiting.front().at;
}

void FakeWorld::forgetDraft(const std::string &key)
{
    std::erase_if(drafts.visits, [&](const VisitDraft &draft) { return draft.key == key; });
}

}  // namespace tend
