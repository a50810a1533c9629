#include "tests/support/fake_journal.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace tend {

using replica::ErrorCode;
using replica::fail;

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

bool holdsEveryWord(const std::string &text, const std::string &search)
{
    std::istringstream words(lower(search));
    const std::string in = lower(text);
    for (std::string word; words >> word;) {
        if (in.find(word) == std::string::npos)
            return false;
    }
    return true;
}

}  // namespace

Result<std::vector<TodayRow>> FakeJournal::today(Day today)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("today"));
    std::vector<TodayRow> rows = m_world->extraToday;
    for (const FakeCustomer &customer : m_world->customers) {
        const auto story = m_world->story.find(customer.id);
        if (story == m_world->story.end() || story->second.empty()) {
            rows.push_back({TodayGroup::Soon, customer.id, customer.name, "",
                ReasonKind::NeverTalked, customer.addedOn, customer.id, !customer.phone.empty()});
            continue;
        }
        for (const StoryEntry &entry : story->second) {
            const auto on = m_world->nextStepOn.find(entry.visitId);
            if (on == m_world->nextStepOn.end() || m_world->stepsDone.count(entry.visitId) > 0)
                continue;
            rows.push_back({on->second <= today ? TodayGroup::Now : TodayGroup::Soon, customer.id,
                customer.name, entry.nextStep, ReasonKind::NextStepDue, on->second, entry.visitId,
                !customer.phone.empty()});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
        [](const TodayRow &a, const TodayRow &b) { return a.group < b.group; });
    return rows;
}

CustomerRow FakeJournal::row(const FakeCustomer &customer) const
{
    CustomerRow row;
    row.id = customer.id;
    row.name = customer.name;
    row.place = customer.place;
    const auto story = m_world->story.find(customer.id);
    if (story != m_world->story.end() && !story->second.empty()) {
        row.lastContactAt = story->second.front().at;
        row.lastKind = story->second.front().kind;
        row.lastFeeling = story->second.front().customerFeeling;
    }
    return row;
}

Result<std::vector<CustomerRow>> FakeJournal::customers(const std::string &search)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("customers"));
    std::vector<CustomerRow> rows;
    for (const FakeCustomer &customer : m_world->customers) {
        CustomerRow found = row(customer);
        bool matches
            = holdsEveryWord(customer.name + ' ' + customer.place + ' ' + customer.phone, search);
        for (const StoryEntry &entry : m_world->story[customer.id]) {
            if (!matches && holdsEveryWord(entry.said, search)) {
                matches = true;
                found.matchedWords = entry.said;
            }
        }
        if (matches)
            rows.push_back(found);
    }
    std::sort(rows.begin(), rows.end(),
        [](const CustomerRow &a, const CustomerRow &b) { return a.name < b.name; });
    return rows;
}

Result<CustomerPage> FakeJournal::customer(const Id &id)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("customer"));
    const FakeCustomer *customer = m_world->find(id);
    if (customer == nullptr)
        return fail(ErrorCode::NotFound, "customer " + id);
    CustomerPage page;
    page.id = id;
    page.name = customer->name;
    page.place = customer->place;
    page.phone = customer->phone;
    page.terms = customer->terms;
    page.note = customer->note;
    page.story = m_world->story[id];
    for (StoryEntry &entry : page.story)
        entry.nextStepDone = m_world->stepsDone.count(entry.visitId) > 0;
    for (const StoryEntry &entry : page.story) {
        if (!page.lastTime && !entry.said.empty())
            page.lastTime = entry;
        if (!page.feeling && (entry.customerFeeling || entry.repFeeling)) {
            page.theySaidSo = entry.customerFeeling.has_value();
            page.feeling = page.theySaidSo ? entry.customerFeeling : entry.repFeeling;
        }
        if (page.nextStep.empty() && m_world->stepsDone.count(entry.visitId) == 0) {
            page.nextStep = entry.nextStep;
            if (const auto on = m_world->nextStepOn.find(entry.visitId);
                on != m_world->nextStepOn.end())
                page.nextStepOn = on->second;
        }
    }
    return page;
}

Result<std::vector<CustomerRow>> FakeJournal::suggestions()
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("suggestions"));
    std::vector<CustomerRow> rows;
    for (const FakeCustomer &customer : m_world->customers) {
        if (rows.size() < 3)
            rows.push_back(row(customer));
    }
    return rows;
}

Id FakeJournal::add(const NewCustomer &customer)
{
    const Id id = m_world->makeId("customer");
    m_world->customers.push_back(
        {id, customer.name, customer.place, customer.phone, "", "", dayOf(m_world->now)});
    return id;
}

Result<Id> FakeJournal::addCustomer(const NewCustomer &customer)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("addCustomer"));
    if (customer.name.empty())
        return fail(ErrorCode::Invalid, "a customer needs a name");
    ++m_world->revision;
    return add(customer);
}

Result<SavedVisit> FakeJournal::saveVisit(const VisitDraft &draft)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("saveVisit"));
    if (draft.customerId.empty() && draft.newCustomerName.empty())
        return fail(ErrorCode::Invalid, "a visit needs a customer");
    SavedVisit saved;
    saved.customerId
        = draft.customerId.empty() ? add({draft.newCustomerName, "", ""}) : draft.customerId;
    const FakeCustomer *customer = m_world->find(saved.customerId);
    if (customer == nullptr)
        return fail(ErrorCode::NotFound, "customer " + saved.customerId);
    saved.who = customer->name;
    const bool isCorrection = !draft.visitId.empty();
    saved.visitId = isCorrection ? draft.visitId : m_world->makeId("visit");
    StoryEntry entry;
    if (isCorrection) {
        TRY_STATUS(takeOut(draft.visitId));
        entry.corrected = true;
    }
    entry.visitId = saved.visitId;
    entry.kind = draft.kind;
    entry.outcome = draft.outcome;
    entry.at = draft.startedAt.value_or(m_world->now);
    entry.said = draft.said;
    entry.impression = draft.impression;
    entry.nextStep = draft.nextStep;
    (draft.theySaidSo ? entry.customerFeeling : entry.repFeeling) = draft.feeling;
    m_world->addContact(saved.customerId, entry, draft.nextStepOn);
    m_world->saved.push_back(draft);
    m_world->forgetDraft(draft.key);
    m_world->waiting.push_back({saved.visitId, "visit", saved.who, m_world->now});
    m_world->recount();
    ++m_world->revision;
    return saved;
}

Result<Id> FakeJournal::saveRemark(const std::string &words, const Id &customerId)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("saveRemark"));
    if (words.empty())
        return fail(ErrorCode::Invalid, "a remark needs words");
    const Id id = m_world->makeId("remark");
    m_world->remarks.push_back({id, words, customerId});
    m_world->drafts.remark.reset();
    m_world->waiting.push_back({id, "remark", words, m_world->now});
    m_world->recount();
    ++m_world->revision;
    return id;
}

Status FakeJournal::removeVisit(const Id &visitId)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("removeVisit"));
    TRY_STATUS(takeOut(visitId));
    ++m_world->revision;
    return {};
}

// With the world's mutex held.
Status FakeJournal::takeOut(const Id &visitId)
{
    for (auto &[customer, story] : m_world->story) {
        const auto removed = std::remove_if(story.begin(), story.end(),
            [&visitId](const StoryEntry &entry) { return entry.visitId == visitId; });
        if (removed == story.end())
            continue;
        story.erase(removed, story.end());
        return {};
    }
    return fail(ErrorCode::NotFound, "visit " + visitId);
}

Status FakeJournal::removeRemark(const Id &remarkId)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("removeRemark"));
    auto &remarks = m_world->remarks;
    const auto removed = std::remove_if(remarks.begin(), remarks.end(),
        [&remarkId](const FakeRemark &remark) { return remark.id == remarkId; });
    if (removed == remarks.end())
        return fail(ErrorCode::NotFound, "remark " + remarkId);
    remarks.erase(removed, remarks.end());
    ++m_world->revision;
    return {};
}

Status FakeJournal::noteLook(const Id &id, Day today)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("noteLook"));
    m_world->looks.emplace(id, today);
    return {};
}

Status FakeJournal::setNextStep(const Id &visitId, StepState state)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("setNextStep"));
    if (state == StepState::Done)
        m_world->stepsDone.insert(visitId);
    else
        m_world->stepsDone.erase(visitId);
    ++m_world->revision;
    return {};
}

Result<Drafts> FakeJournal::drafts()
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("drafts"));
    return m_world->drafts;
}

Status FakeJournal::keepDraft(const VisitDraft &draft)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("keepDraft"));
    m_world->forgetDraft(draft.key);
    m_world->drafts.visits.insert(m_world->drafts.visits.begin(), draft);
    return {};
}

Status FakeJournal::dropDraft(const std::string &key)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("dropDraft"));
    m_world->forgetDraft(key);
    return {};
}

Status FakeJournal::keepRemarkDraft(const RemarkDraft &draft)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("keepRemarkDraft"));
    m_world->drafts.remark.reset();
    if (draft.words.find_first_not_of(" \n\t") != std::string::npos)
        m_world->drafts.remark = draft;
    return {};
}

Result<VisitDraft> FakeJournal::visit(const Id &visitId)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("visit"));
    for (const auto &[customer, story] : m_world->story) {
        for (const StoryEntry &entry : story) {
            if (entry.visitId != visitId)
                continue;
            VisitDraft draft;
            draft.key = visitId;
            draft.visitId = visitId;
            draft.customerId = customer;
            draft.kind = entry.kind;
            draft.outcome = entry.outcome;
            draft.startedAt = entry.at;
            draft.said = entry.said;
            draft.impression = entry.impression;
            draft.theySaidSo = entry.customerFeeling || !entry.repFeeling;
            draft.feeling = draft.theySaidSo ? entry.customerFeeling : entry.repFeeling;
            draft.nextStep = entry.nextStep;
            if (const auto on = m_world->nextStepOn.find(visitId); on != m_world->nextStepOn.end())
                draft.nextStepOn = on->second;
            draft.before = draft;
            return draft;
        }
    }
    return fail(ErrorCode::NotFound, "visit " + visitId);
}

Result<SyncReport> FakeJournal::syncReport()
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("syncReport"));
    return SyncReport{
        m_world->sync, m_world->waiting, m_world->conflicts, m_world->merged, m_world->refused};
}

Status FakeJournal::resolve(const std::string &conflictId, Take take)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("resolve"));
    auto &conflicts = m_world->conflicts;
    const auto conflict = std::find_if(conflicts.begin(), conflicts.end(),
        [&conflictId](const ConflictItem &item) { return item.id == conflictId; });
    if (conflict == conflicts.end())
        return fail(ErrorCode::NotFound, "conflict " + conflictId);
    if (take == Take::Both && !conflict->canKeepBoth)
        return fail(ErrorCode::Invalid, "this column holds one value");
    conflicts.erase(conflict);
    m_world->resolved.emplace_back(conflictId, take);
    m_world->recount();
    ++m_world->revision;
    return {};
}

Status FakeJournal::undoMerge(const std::string &mergedId)
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("undoMerge"));
    auto &merged = m_world->merged;
    const auto removed = std::remove_if(merged.begin(), merged.end(),
        [&mergedId](const MergedItem &item) { return item.id == mergedId; });
    if (removed == merged.end())
        return fail(ErrorCode::NotFound, "merge " + mergedId);
    merged.erase(removed, merged.end());
    ++m_world->revision;
    return {};
}

Result<Account> FakeJournal::account()
{
    const std::lock_guard lock(m_world->mutex);
    TRY_STATUS(m_world->enter("account"));
    return m_world->account;
}

}  // namespace tend
