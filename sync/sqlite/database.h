#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sync/base/bytes.h"
#include "sync/base/handle.h"
#include "sync/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace replica::sqlite {

int closeDatabase(sqlite3 *database) noexcept;
int finalizeStatement(sqlite3_stmt *statement) noexcept;

using DatabaseHandle = Handle<sqlite3, &closeDatabase>;
using StatementHandle = Handle<sqlite3_stmt, &finalizeStatement>;

struct TextHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>{}(text);
    }
};

// Found by a text that need not be copied for it.
template <typename T>
using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

// Prepared statements that nobody uses at the moment, by their text.
using IdleStatements = ByText<StatementHandle>;

// A prepared statement. Use: reset(), bind each parameter, step() until false; what is prepared
// again later costs no second preparation. Bound bytes are lent, not copied: they must outlive the
// last step(). Same thread as its database.
class Statement {
public:
    Statement() = default;

    Statement(StatementHandle handle, std::shared_ptr<IdleStatements> idle)
        : m_handle(std::move(handle))
        , m_idle(std::move(idle))
    {
    }

    Statement(Statement &&) noexcept = default;
    Statement &operator=(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    ~Statement();

    Statement &reset();
    // Parameters count from 1. The first error is kept for step().
    Statement &bind(int index, std::int64_t value);
    Statement &bind(int index, double value);
    // What these are given must live until the statement is reset or gone.
    Statement &bindText(int index, std::string_view text);
    Statement &bindBlob(int index, BytesView octets);
    Statement &bindNull(int index);

    // True while there is a row to read. Errors: Busy, Corrupt, Full, Conflict (a constraint), Io.
    [[nodiscard]] Result<bool> step();
    // step() for a statement that answers no rows; resets it.
    [[nodiscard]] Status run();

    // Columns count from 0. Views live until the next step() or reset().
    [[nodiscard]] std::int64_t int64(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] BytesView blob(int column) const;
    [[nodiscard]] bool isNull(int column) const;
    enum class Kind { Null, Integer, Real, Text, Blob };
    [[nodiscard]] Kind kind(int column) const;

private:
    void putBack() noexcept;

    StatementHandle m_handle;
    std::shared_ptr<IdleStatements> m_idle;
    int m_bindError = 0;
};

// How a database file is protected. An empty key means a plain file, on purpose.
struct OpenOptions {
    Bytes key;  // 32 octets for AEGIS-256, used raw
    bool mustExist = false;
    bool readOnly = false;
    std::int64_t cacheKib = 8192;
};

// One connection. One thread at a time.
class Database {
public:
    // Opens or makes the file in WAL mode with synchronous=FULL and secure_delete. Errors:
    // NotFound, Unauthorized (wrong or missing key), Corrupt, Busy, Io, TooNew when this build
    // cannot encrypt.
    [[nodiscard]] static Result<Database> open(
        const std::filesystem::path &path, const OpenOptions &options);

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    [[nodiscard]] Status execute(const std::string &sql);
    // First column of the first row. Errors: NotFound when there is none.
    [[nodiscard]] Result<std::int64_t> queryInt(const std::string &sql);
    [[nodiscard]] Result<std::string> queryText(const std::string &sql);
    [[nodiscard]] int changes() const;
    // A consistent copy while others write, with the same key.
    [[nodiscard]] Status backupTo(const std::filesystem::path &path, const OpenOptions &options);

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

private:
    explicit Database(DatabaseHandle handle, std::filesystem::path path)
        : m_handle(std::move(handle))
        , m_idle(std::make_shared<IdleStatements>())
        , m_path(std::move(path))
    {
    }

    DatabaseHandle m_handle;
    std::shared_ptr<IdleStatements> m_idle;  // goes before the handle does
    std::filesystem::path m_path;
};

// Begins IMMEDIATE; rolls back unless commit() succeeded.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database &database);

    Transaction(Transaction &&other) noexcept
        : m_database(std::exchange(other.m_database, nullptr))
    {
    }

    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    [[nodiscard]] Status commit();

private:
    explicit Transaction(Database &database)
        : m_database(&database)
    {
    }

    Database *m_database;
};

// Brings a database to the newest of `migrations` (number i+1 at position i), each in one
// transaction that also sets user_version. Errors: TooNew when the file was written by a newer
// program; it is left untouched.
[[nodiscard]] Status migrate(Database &database, const std::vector<std::string_view> &migrations);

// The version of SQLite inside this program, with its cipher library where there is one.
[[nodiscard]] std::string libraryVersion();

}  // namespace replica::sqlite
