#pragma once

#include "server-stub/shared_store.h"
#include "sync/store/store.h"
#include "tests/support/memory_records.h"

namespace replica::test {

// A replica's store in memory. Copying it is taking a backup.
class MemoryStore final : public Store {
public:
    [[nodiscard]] Records &records() override { return m_records; }

    [[nodiscard]] Result<std::optional<Bytes>> fact(const std::string &name) override;
    [[nodiscard]] Status keepFact(const std::string &name, const Bytes &value) override;
    [[nodiscard]] Status dropFact(const std::string &name) override;
    [[nodiscard]] Result<OwnGroup> ownGroup(const GroupId &id) override;
    [[nodiscard]] Status keepOwnGroup(const GroupId &id, const OwnGroup &own) override;
    [[nodiscard]] Result<std::vector<LifeCounter>> keptBodies() override;
    [[nodiscard]] Status dropBodies() override;
    [[nodiscard]] Status setAside(const SetAside &group) override;
    [[nodiscard]] Status forgetAside(const GroupId &id) override;
    [[nodiscard]] Result<std::vector<SetAside>> asides() override;
    [[nodiscard]] Status stagePart(const Bytes &part) override;
    [[nodiscard]] Result<std::optional<Bytes>> stagedPart(std::int64_t number) override;
    [[nodiscard]] Status dropStaged() override;
    [[nodiscard]] Status noteMerge(const MergeNote &note) override;
    [[nodiscard]] Result<std::vector<MergeNote>> mergeNotes(int countMax) override;
    [[nodiscard]] Status dropMergeNote(std::int64_t id) override;

private:
    using Life = std::pair<Incarnation, Counter>;

    MemoryRecords m_records;
    UndoMap<std::string, Bytes> m_facts;
    UndoMap<Life, OwnGroup> m_own;
    UndoMap<GroupId, SetAside> m_asides;
    UndoMap<std::int64_t, Bytes> m_staged;
    UndoMap<std::int64_t, MergeNote> m_notes;
    std::int64_t m_lastNote = 0;
};

// The shared store in memory.
class MemorySharedStore final : public tend::server::SharedStore {
public:
    [[nodiscard]] Records &records() override { return m_records; }

    [[nodiscard]] Result<Sequence> head() override;
    [[nodiscard]] Status appendBody(Sequence sequence, const LogEntry &entry) override;
    [[nodiscard]] Result<LogEntry> logEntry(Sequence sequence) override;
    [[nodiscard]] Status compact(Sequence floor) override;
    [[nodiscard]] Status noteDead(const RowName &row) override;
    [[nodiscard]] Result<bool> isDead(const RowName &row) override;
    [[nodiscard]] Status appendScopes(Sequence sequence, const Scopes &scopes) override;
    [[nodiscard]] Result<Scopes> allScopes() override;
    [[nodiscard]] Result<std::vector<Sequence>> sequencesIn(
        const Scopes &scopes, Sequence after, std::size_t countMax) override;
    [[nodiscard]] Status addToSum(const Scopes &place, RowSum sum) override;
    [[nodiscard]] Result<std::map<Scopes, RowSum>> sums() override;
    [[nodiscard]] Status noteMove(const tend::server::Move &move) override;
    [[nodiscard]] Result<std::vector<tend::server::Move>> movesAfter(Sequence sequence) override;
    [[nodiscard]] Status noteViewChange(
        const Uuid &member, const tend::server::ViewChange &change) override;
    [[nodiscard]] Result<std::vector<tend::server::ViewChange>> viewChangesAfter(
        const Uuid &member, Sequence sequence) override;
    [[nodiscard]] Status noteOrphan(const RowName &parent, const RowName &row) override;
    [[nodiscard]] Result<std::vector<RowName>> orphans() override;
    [[nodiscard]] Result<std::vector<RowName>> takeOrphans(const RowName &parent) override;
    [[nodiscard]] Result<tend::server::Life> life(
        const DeviceId &device, Incarnation incarnation) override;
    [[nodiscard]] Status keepLife(
        const DeviceId &device, Incarnation incarnation, const tend::server::Life &life) override;
    [[nodiscard]] Result<std::optional<tend::server::Device>> deviceByKey(
        BytesView keyDigest) override;
    [[nodiscard]] Result<std::vector<tend::server::Device>> devices() override;
    [[nodiscard]] Status keepDevice(const tend::server::Device &device) override;
    [[nodiscard]] Result<std::optional<tend::server::Invitation>> invitation(
        BytesView digest) override;
    [[nodiscard]] Status keepInvitation(const tend::server::Invitation &invitation) override;
    [[nodiscard]] Status quarantine(const tend::server::Quarantined &group) override;
    [[nodiscard]] Result<std::vector<tend::server::Quarantined>> quarantined() override;
    [[nodiscard]] Result<std::optional<Bytes>> fact(const std::string &name) override;
    [[nodiscard]] Status keepFact(const std::string &name, const Bytes &value) override;

private:
    using LifeName = std::pair<DeviceId, Incarnation>;

    MemoryRecords m_records;
    UndoMap<Sequence, LogEntry> m_log;
    UndoMap<RowName, bool> m_dead;
    UndoMap<std::pair<Scope, Sequence>, bool> m_scopes;
    UndoMap<Scopes, RowSum> m_sums;
    UndoMap<std::pair<Sequence, RowName>, tend::server::Move> m_moves;
    UndoMap<std::pair<Uuid, Sequence>, tend::server::ViewChange> m_viewChanges;
    UndoMap<std::pair<RowName, RowName>, bool> m_orphans;
    UndoMap<LifeName, tend::server::Life> m_lives;
    UndoMap<Bytes, tend::server::Device> m_devices;
    UndoMap<Bytes, tend::server::Invitation> m_invitations;
    UndoMap<GroupId, tend::server::Quarantined> m_quarantined;
    UndoMap<std::string, Bytes> m_facts;
};

}  // namespace replica::test
