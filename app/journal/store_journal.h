#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/journal/journal.h"
#include "sync/store/replica.h"
#include "sync/store/sqlite_store.h"

namespace tend {

// The journal over a replica. Reads with SQL of its own, writes through the replica's groups: each
// verb is one group, because each is one action of one person. One thread; store and replica
// outlive it.
class StoreJournal final : public Journal {
public:
    StoreJournal(replica::SqliteStore &store, replica::Replica &replica)
        : m_store(store)
        , m_replica(replica)
    {
    }

    [[nodiscard]] Result<std::vector<TodayRow>> today(Day today) override;
    [[nodiscard]] Result<std::vector<CustomerRow>> customers(const std::string &search) override;
    [[nodiscard]] Result<CustomerPage> customer(const Id &id) override;
    [[nodiscard]] Status noteLook(const Id &id, Day today) override;
    [[nodiscard]] Result<std::vector<CustomerRow>> suggestions() override;
    [[nodiscard]] Result<Id> addCustomer(const NewCustomer &customer) override;
    [[nodiscard]] Result<SavedVisit> saveVisit(const VisitDraft &draft) override;
    [[nodiscard]] Result<VisitDraft> visit(const Id &visitId) override;
    [[nodiscard]] Result<Id> saveRemark(const std::string &words, const Id &customerId) override;
    [[nodiscard]] Status removeVisit(const Id &visitId) override;
    [[nodiscard]] Status removeRemark(const Id &remarkId) override;
    [[nodiscard]] Status setNextStep(const Id &visitId, StepState state) override;
    [[nodiscard]] Result<Drafts> drafts() override;
    [[nodiscard]] Status keepDraft(const VisitDraft &draft) override;
    [[nodiscard]] Status dropDraft(const std::string &key) override;
    [[nodiscard]] Status keepRemarkDraft(const RemarkDraft &draft) override;
    [[nodiscard]] Result<SyncReport> syncReport() override;
    [[nodiscard]] Status resolve(const std::string &conflictId, Take take) override;
    [[nodiscard]] Status undoMerge(const std::string &mergedId) override;
    [[nodiscard]] Result<Account> account() override;

    // Where the session puts what only it knows of the sync under way.
    void setSyncState(const SyncState &state) { m_syncState = state; }

private:
    [[nodiscard]] Status fold(std::vector<CustomerRow> &rows);
    [[nodiscard]] Status readPlainly(CustomerPage &page, const std::vector<Id> &rows);
    [[nodiscard]] Status readNextStep(CustomerPage &page, const std::vector<Id> &rows);
    [[nodiscard]] Result<std::vector<StoryEntry>> story(const std::vector<Id> &rows);
    [[nodiscard]] Status finish(
        StoryEntry &entry, const replica::RowId &visit, replica::GroupRef base);
    [[nodiscard]] Result<std::string> titleOf(replica::TableId table, const replica::RowId &row);
    [[nodiscard]] std::string memberName(const replica::GroupHeader &by);
    [[nodiscard]] Result<std::string> deviceName(const replica::DeviceId &device);
    [[nodiscard]] Result<Side> sideOf(
        const replica::Conflict &conflict, const replica::ConflictSide &from);
    [[nodiscard]] Result<ConflictItem> itemOf(const replica::Conflict &conflict);
    [[nodiscard]] Result<std::vector<WaitingItem>> waiting();
    [[nodiscard]] Result<std::vector<MergedItem>> merged();
    [[nodiscard]] Result<std::string> textOf(const char *sql, replica::BytesView id);
    [[nodiscard]] Status remove(const char *table, const Id &id);
    [[nodiscard]] Status inTransaction(const std::function<Status()> &work);
    [[nodiscard]] Result<std::vector<VisitDraft>> visitDrafts();
    [[nodiscard]] Status storeDrafts(const std::vector<VisitDraft> &drafts);
    [[nodiscard]] Status forgetDraft(const std::string &key);

    replica::SqliteStore &m_store;
    replica::Replica &m_replica;
    SyncState m_syncState;
};

// Builds one change by column names, in the order of the declaration. A nil row is that which the
// table's key names.
class ChangeBuilder {
public:
    ChangeBuilder(const char *table, const replica::RowId &row, replica::ChangeKind kind);
    ChangeBuilder &set(const char *column, replica::Value value);
    // Empty text is no value.
    ChangeBuilder &text(const char *column, const std::string &value);
    [[nodiscard]] replica::Change take();

private:
    const replica::Table &m_table;
    replica::Change m_change;
};

}  // namespace tend
