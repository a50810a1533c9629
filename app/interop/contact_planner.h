#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/interop/contact.h"
#include "app/interop/import_plan.h"
#include "sync/base/random.h"
#include "sync/files/file_store.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

// Says of each contact of a file which customer it is and what would change.
//
// Who it is: the customer that an earlier import of the same source joined with its id; else the
// one whose own id it bears; else, where it bears none, the one with the same e-mail address, or
// the same name and telephone number, if there is only one.
//
// What changes: columns whose value in the file is another than the last import brought. What
// people changed in Tend since stays, unless the file says something new. Where nothing was ever
// brought, empty columns are filled and others stay, but for a customer that bears our own id.
//
// Reads only. One thread; store and replica outlive it.
class ContactPlanner {
public:
    ContactPlanner(replica::SqliteStore &store, replica::Replica &replica, replica::Random &random,
        std::string source)
        : m_store(store)
        , m_replica(replica)
        , m_random(random)
        , m_source(std::move(source))
    {
    }

    // Where photos go. Without, they stay in what is kept.
    void takePhotos(replica::FileStore *files) { m_files = files; }

    // The territory that new customers belong to.
    void placeIn(const replica::RowId &territory) { m_territory = territory; }

    // In the order of the file, into the plan.
    [[nodiscard]] Status plan(const std::vector<Contact> &contacts, ImportPlan &into);

    struct Known;
    struct Outside;

private:
    struct Person {
        replica::RowId id;
        bool isByDouble = false;  // only rows that were united with theirs say so
    };

    [[nodiscard]] Status prepare(const std::vector<Contact> &contacts);
    [[nodiscard]] Result<PlannedRecord> planOne(const Contact &contact, ImportPlan &into);
    [[nodiscard]] Status match(const Contact &contact, Known &known, PlannedRecord &record);
    void takeBack(const Contact &contact, const Known &known, PlannedRecord &record);
    [[nodiscard]] Result<std::optional<Outside>> outsideBy(const std::string &foreignId);
    [[nodiscard]] Result<std::optional<Outside>> outsideOf(const replica::RowId &customer);
    [[nodiscard]] Status readCustomer(Known &known);
    [[nodiscard]] std::vector<Person> alike(const Contact &contact);
    [[nodiscard]] Status planFields(const Contact &contact, Known &known, PlannedRecord &record);
    [[nodiscard]] Status planPhoto(
        const Contact &contact, Known &known, PlannedRecord &record, ImportPlan &into);
    [[nodiscard]] Status planOutside(
        const Contact &contact, const Known &known, PlannedRecord &record);
    [[nodiscard]] Result<replica::Value> organisation(
        const std::string &name, PlannedRecord &record);

    replica::SqliteStore &m_store;
    replica::Replica &m_replica;
    replica::Random &m_random;
    std::string m_source;
    replica::FileStore *m_files = nullptr;
    std::optional<replica::RowId> m_territory;

    using Ids = std::unordered_map<std::string, std::vector<Person>>;

    bool m_hasRead = false;
    Ids m_byEmail;
    Ids m_byPhone;
    std::unordered_map<std::string, replica::RowId> m_organisations;
    std::unordered_map<std::string, int> m_emailsInFile;
    std::unordered_map<std::string, const Contact *> m_inFile;  // by what identifies them
    std::unordered_map<replica::RowId, std::size_t> m_taken;  // customer: line of the file
};

}  // namespace tend
