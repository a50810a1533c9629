#pragma once

#include "app/journal/journal.h"
#include "tests/support/fake_world.h"

namespace tend {

// The journal over a FakeWorld: in memory, deterministic, as strict as the real one about names,
// words and what is not found.
class FakeJournal final : public Journal {
public:
    explicit FakeJournal(std::shared_ptr<FakeWorld> world)
        : m_world(std::move(world))
    {
    }

    [[nodiscard]] Result<std::vector<TodayRow>> today(Day today) override;
    [[nodiscard]] Result<std::vector<CustomerRow>> customers(const std::string &search) override;
    [[nodiscard]] Result<CustomerPage> customer(const Id &id) override;
    [[nodiscard]] Result<std::vector<CustomerRow>> suggestions() override;
    [[nodiscard]] Result<Id> addCustomer(const NewCustomer &customer) override;
    [[nodiscard]] Result<SavedVisit> saveVisit(const VisitDraft &draft) override;
    [[nodiscard]] Result<VisitDraft> visit(const Id &visitId) override;
    [[nodiscard]] Result<Id> saveRemark(const std::string &words, const Id &customerId) override;
    [[nodiscard]] Status removeVisit(const Id &visitId) override;
    [[nodiscard]] Status removeRemark(const Id &remarkId) override;
    [[nodiscard]] Status noteLook(const Id &id, Day today) override;
    [[nodiscard]] Status setNextStep(const Id &visitId, StepState state) override;
    [[nodiscard]] Result<Drafts> drafts() override;
    [[nodiscard]] Status keepDraft(const VisitDraft &draft) override;
    [[nodiscard]] Status dropDraft(const std::string &key) override;
    [[nodiscard]] Status keepRemarkDraft(const RemarkDraft &draft) override;
    [[nodiscard]] Result<SyncReport> syncReport() override;
    [[nodiscard]] Status resolve(const std::string &conflictId, Take take) override;
    [[nodiscard]] Status undoMerge(const std::string &mergedId) override;
    [[nodiscard]] Result<Account> account() override;

private:
    [[nodiscard]] CustomerRow row(const FakeCustomer &customer) const;
    [[nodiscard]] Id add(const NewCustomer &customer);
    [[nodiscard]] Status takeOut(const Id &visitId);

    std::shared_ptr<FakeWorld> m_world;
};

}  // namespace tend
