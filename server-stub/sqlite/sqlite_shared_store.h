#pragma once

#include <filesystem>
#include <memory>

#include "server-stub/shared_store.h"
#include "sync/records/sqlite_records.h"

namespace tend::server {

// A workspace in one SQLite file. The schema outlives it.
class SqliteSharedStore final : public SharedStore {
public:
    [[nodiscard]] static Result<std::unique_ptr<SqliteSharedStore>> open(
        const std::filesystem::path &path, const replica::sqlite::OpenOptions &options,
        const replica::Schema &schema);

    [[nodiscard]] replica::Records &records() override { return *m_records; }

    [[nodiscard]] replica::sqlite::Database &database() { return m_database; }

    [[nodiscard]] Result<replica::Sequence> head() override;
    [[nodiscard]] Status appendBody(replica::Sequence sequence, const LogEntry &entry) override;
    [[nodiscard]] Result<LogEntry> logEntry(replica::Sequence sequence) override;
    [[nodiscard]] Status compact(replica::Sequence floor) override;
    [[nodiscard]] Status noteDead(const replica::RowName &row) override;
    [[nodiscard]] Result<bool> isDead(const replica::RowName &row) override;
    [[nodiscard]] Status appendScopes(
        replica::Sequence sequence, const replica::Scopes &scopes) override;
    [[nodiscard]] Result<replica::Scopes> allScopes() override;
    [[nodiscard]] Result<std::vector<replica::Sequence>> sequencesIn(
        const replica::Scopes &scopes, replica::Sequence after, std::size_t countMax) override;
    [[nodiscard]] Status addToSum(const replica::Scopes &place, replica::RowSum sum) override;
    [[nodiscard]] Result<std::map<replica::Scopes, replica::RowSum>> sums() override;
    [[nodiscard]] Status noteMove(const Move &move) override;
    [[nodiscard]] Result<std::vector<Move>> movesAfter(replica::Sequence sequence) override;
    [[nodiscard]] Status noteViewChange(
        const replica::Uuid &member, const ViewChange &change) override;
    [[nodiscard]] Result<std::vector<ViewChange>> viewChangesAfter(
        const replica::Uuid &member, replica::Sequence sequence) override;
    [[nodiscard]] Status noteOrphan(
        const replica::RowName &parent, const replica::RowName &row) override;
    [[nodiscard]] Result<std::vector<replica::RowName>> orphans() override;
    [[nodiscard]] Result<std::vector<replica::RowName>> takeOrphans(
        const replica::RowName &parent) override;
    [[nodiscard]] Result<Life> life(
        const replica::DeviceId &device, replica::Incarnation incarnation) override;
    [[nodiscard]] Status keepLife(const replica::DeviceId &device, replica::Incarnation incarnation,
        const Life &life) override;
    [[nodiscard]] Result<std::optional<Device>> deviceByKey(BytesView keyDigest) override;
    [[nodiscard]] Result<std::vector<Device>> devices() override;
    [[nodiscard]] Status keepDevice(const Device &device) override;
    [[nodiscard]] Result<std::optional<Invitation>> invitation(BytesView secretDigest) override;
    [[nodiscard]] Status keepInvitation(const Invitation &invitation) override;
    [[nodiscard]] Status quarantine(const Quarantined &group) override;
    [[nodiscard]] Result<std::vector<Quarantined>> quarantined() override;
    [[nodiscard]] Result<std::optional<Bytes>> fact(const std::string &name) override;
    [[nodiscard]] Status keepFact(const std::string &name, const Bytes &value) override;

private:
    explicit SqliteSharedStore(replica::sqlite::Database database)
        : m_database(std::move(database))
    {
    }

    [[nodiscard]] Result<std::int64_t> scopeNumber(const replica::Scope &scope);
    // A statement kept for the next time, reset.
    [[nodiscard]] Result<replica::sqlite::Statement *> statement(std::string_view sql);

    replica::sqlite::Database m_database;
    replica::sqlite::ByText<replica::sqlite::Statement> m_statements;
    std::unique_ptr<replica::SqliteRecords> m_records;
};

}  // namespace tend::server
