#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/journal/journal.h"

namespace tend {

struct FakeCustomer {
    Id id;
    std::string name;
    std::string place;
    std::string phone;
    std::string terms;
    std::string note;
    Day addedOn{};
};

struct FakeRemark {
    Id id;
    std::string words;
    Id customerId;
};

// What would lie on the disk and on the server: it outlives the sessions opened over it, so a test
// can "restart the program". Guarded by its mutex, because a test looks in from its own thread.
struct FakeWorld {
    std::mutex mutex;
    std::uint64_t revision = 1;
    int nextId = 1;
    WallTime now{};  // fixed; a test moves it
    std::vector<FakeCustomer> customers;
    std::map<Id, std::vector<StoryEntry>> story;  // newest first
    std::map<Id, Day> nextStepOn;  // by visit
    std::set<Id> stepsDone;  // visits
    std::set<std::pair<Id, Day>> looks;
    std::vector<TodayRow> extraToday;  // rows besides those of agreed next steps
    std::vector<VisitDraft> saved;  // every saved visit as it was handed over
    std::vector<FakeRemark> remarks;
    Drafts drafts;
    Account account;
    SyncState sync;
    std::vector<WaitingItem> waiting;
    std::vector<ConflictItem> conflicts;
    std::vector<MergedItem> merged;
    std::vector<RefusedItem> refused;
    std::vector<std::pair<std::string, Take>> resolved;
    // The next call of this name fails with this code, until taken back.
    std::map<std::string, replica::ErrorCode> failures;
    std::map<std::string, int> calls;
    // How long one step() of a session stays away when nobody wakes it.
    std::chrono::milliseconds stepTakes{0};
    int syncs = 0;  // calls of syncSoon()
    bool mayUseNetworkForFiles = true;  // as last told

    [[nodiscard]] Id makeId(const char *kind);
    [[nodiscard]] const FakeCustomer *find(const Id &id) const;
    // Counts the call and answers the failure planted for it.
    [[nodiscard]] Status enter(const std::string &call);
    // Adds a contact with a customer, as if it had been saved at `entry.at`.
    void addContact(const Id &customerId, StoryEntry entry, std::optional<Day> nextStepOn = {});
    void forgetDraft(const std::string &key);
    // The counts of `sync` follow the lists.
    void recount();
};

[[nodiscard]] Day dayOf(WallTime time);

}  // namespace tend
