#pragma once

#include <filesystem>
#include <memory>

#include "sync/records/sqlite_records.h"
#include "sync/store/store.h"

namespace replica {

// The replica in one SQLite file. The schema outlives it. One thread.
class SqliteStore final : public Store {
public:
    // Makes the file when it is missing and brings an older one up to date. Errors as of
    // Database::open, and TooNew for a file that a newer program wrote.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(
        const std::filesystem::path &path, const sqlite::OpenOptions &options,
        const Schema &schema);

    [[nodiscard]] Records &records() override { return *m_records; }

    // For reading: the journal's own queries.
    [[nodiscard]] sqlite::Database &database() { return m_database; }

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
    explicit SqliteStore(sqlite::Database database)
        : m_database(std::move(database))
    {
    }

    sqlite::Database m_database;
    std::unique_ptr<SqliteRecords> m_records;
};

}  // namespace replica
