#include "sync/sqlite/database.h"

#include <sqlite3.h>

#include "sync/base/ensure.h"

namespace replica::sqlite {

namespace {

ErrorCode codeOf(int sqliteCode)
{
    switch (sqliteCode & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Busy;
    case SQLITE_CORRUPT:
        return ErrorCode::Corrupt;
    case SQLITE_NOTADB:
        return ErrorCode::Unauthorized;
    case SQLITE_FULL:
        return ErrorCode::Full;
    case SQLITE_CONSTRAINT:
        return ErrorCode::Conflict;
    default:
        return ErrorCode::Io;
    }
}

std::string describe(sqlite3 *database, int code)
{
    std::string text = sqlite3_errmsg(database);
    if ((code & 0xff) == SQLITE_FULL)
        text += " (the disk is full: free some space and try again; nothing was changed)";
    return text;
}

// Keys go in as a raw hexadecimal blob, so no derivation runs at open.
Status applyKey(Database &database, const OpenOptions &options)
{
    if (options.key.empty())
        return {};
#ifdef TEND_HAS_CIPHERS
    if (options.key.size() != 32)
        return fail(ErrorCode::Invalid, "a database key has 32 octets");
    std::string pragma = "PRAGMA key = 'raw:" + toHex(options.key) + "'";
    TRY_STATUS(database.execute("PRAGMA cipher = 'aegis'; PRAGMA aegis_algorithm = 'aegis-256'"));
    Status applied = database.execute(pragma);
    wipe(pragma);
    return applied;
#else
    static_cast<void>(database);
    return fail(ErrorCode::TooNew,
        "this build has no encryption; use a plain replica or the standard build");
#endif
}

}  // namespace

int closeDatabase(sqlite3 *database) noexcept
{
    return sqlite3_close_v2(database);
}

int finalizeStatement(sqlite3_stmt *statement) noexcept
{
    return sqlite3_finalize(statement);
}

Statement &Statement::operator=(Statement &&other) noexcept
{
    if (this != &other) {
        putBack();
        m_handle = std::move(other.m_handle);
        m_idle = std::move(other.m_idle);
        m_bindError = other.m_bindError;
    }
    return *this;
}

Statement::~Statement()
{
    putBack();
}

void Statement::putBack() noexcept
{
    // Texts made of parts (a search, a filter) must not gather for ever.
    constexpr std::size_t idleMax = 100;
    if (!m_handle || !m_idle)
        return;
    sqlite3_reset(m_handle.get());
    sqlite3_clear_bindings(m_handle.get());
    const std::string_view sql(sqlite3_sql(m_handle.get()));
    const auto at = m_idle->find(sql);
    if (at != m_idle->end())
        at->second = std::move(m_handle);
    else if (m_idle->size() < idleMax)
        m_idle->emplace(sql, std::move(m_handle));
}

Statement &Statement::reset()
{
    sqlite3_reset(m_handle.get());
    m_bindError = SQLITE_OK;
    return *this;
}

Statement &Statement::bind(int index, std::int64_t value)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = sqlite3_bind_int64(m_handle.get(), index, value);
    return *this;
}

Statement &Statement::bind(int index, double value)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = sqlite3_bind_double(m_handle.get(), index, value);
    return *this;
}

Statement &Statement::bindText(int index, std::string_view text)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = sqlite3_bind_text64(m_handle.get(), index, text.data() ? text.data() : "",
            text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement &Statement::bindBlob(int index, BytesView octets)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = sqlite3_bind_blob64(m_handle.get(), index, octets.data() ? octets.data() : "",
            octets.size(), SQLITE_STATIC);
    return *this;
}

Statement &Statement::bindNull(int index)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = sqlite3_bind_null(m_handle.get(), index);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = m_bindError != SQLITE_OK ? m_bindError : sqlite3_step(m_handle.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    auto failure = fail(codeOf(code), describe(sqlite3_db_handle(m_handle.get()), code));
    reset();
    return failure;
}

Status Statement::run()
{
    const bool hasRow = TRY(step());
    ENSURE(!hasRow);
    reset();
    return {};
}

std::int64_t Statement::int64(int column) const
{
    return sqlite3_column_int64(m_handle.get(), column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_handle.get(), column);
}

std::string_view Statement::text(int column) const
{
    const auto *octets
        = reinterpret_cast<const char *>(sqlite3_column_text(m_handle.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column));
    return octets ? std::string_view(octets, size) : std::string_view();
}

BytesView Statement::blob(int column) const
{
    const auto *octets = static_cast<const char *>(sqlite3_column_blob(m_handle.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column));
    return octets ? BytesView(octets, size) : BytesView();
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle.get(), column) == SQLITE_NULL;
}

Statement::Kind Statement::kind(int column) const
{
    switch (sqlite3_column_type(m_handle.get(), column)) {
    case SQLITE_INTEGER:
        return Kind::Integer;
    case SQLITE_FLOAT:
        return Kind::Real;
    case SQLITE_TEXT:
        return Kind::Text;
    case SQLITE_BLOB:
        return Kind::Blob;
    default:
        return Kind::Null;
    }
}

Result<Database> Database::open(const std::filesystem::path &path, const OpenOptions &options)
{
    sqlite3 *opened = nullptr;
    int flags = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    flags |= options.readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (!options.mustExist && !options.readOnly)
        flags |= SQLITE_OPEN_CREATE;
    if (options.mustExist && !std::filesystem::exists(path))
        return fail(ErrorCode::NotFound, path.string() + " does not exist");
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    DatabaseHandle handle(opened);  // SQLite may hand back a handle even when it fails
    if (code != SQLITE_OK)
        return fail(codeOf(code), "open " + path.string() + ": " + sqlite3_errstr(code));
    Database database(std::move(handle), path);
    sqlite3_busy_timeout(database.m_handle.get(), 10'000);
    TRY_STATUS(applyKey(database, options));
    // The first read tells whether the key fits.
    const auto readable = database.queryInt("SELECT count(*) FROM sqlite_schema");
    if (!readable && readable.error().code == ErrorCode::Unauthorized)
        return fail(ErrorCode::Unauthorized,
            path.string()
                + (options.key.empty() ? " is encrypted (or no database): give its key"
                                       : ": the key does not open it (or it is no database)"));
    if (!readable && readable.error().code == ErrorCode::Io)
        return fail(ErrorCode::Io,
            "open " + path.string() + ": is the disk full, or may nobody write into this folder? ("
                + readable.error().message + ')');
    if (!readable)
        return within("open " + path.string(), readable.error());
    TRY_STATUS(database.execute("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
                                "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;"
                                "PRAGMA cache_size = -"
        + std::to_string(options.cacheKib)));
    if (!options.readOnly)
        TRY_STATUS(database.execute("PRAGMA journal_mode = WAL"));
    return database;
}

Result<Statement> Database::prepare(std::string_view sql)
{
    if (const auto idle = m_idle->find(sql); idle != m_idle->end() && idle->second)
        return Statement(std::exchange(idle->second, nullptr), m_idle);
    sqlite3_stmt *prepared = nullptr;
    const int code = sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    if (code != SQLITE_OK)
        return fail(codeOf(code),
            std::string("prepare \"") + std::string(sql) + "\": " + sqlite3_errmsg(m_handle.get()));
    return Statement(StatementHandle(prepared), m_idle);
}

Status Database::execute(const std::string &sql)
{
    const int code = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(codeOf(code), describe(m_handle.get(), code));
    return {};
}

Result<std::int64_t> Database::queryInt(const std::string &sql)
{
    Statement statement = TRY(prepare(sql));
    if (!TRY(statement.step()))
        return fail(ErrorCode::NotFound, "no row: " + sql);
    return statement.int64(0);
}

Result<std::string> Database::queryText(const std::string &sql)
{
    Statement statement = TRY(prepare(sql));
    if (!TRY(statement.step()))
        return fail(ErrorCode::NotFound, "no row: " + sql);
    return std::string(statement.text(0));
}

int Database::changes() const
{
    return sqlite3_changes(m_handle.get());
}

Status Database::backupTo(const std::filesystem::path &path, const OpenOptions &options)
{
    Database target = TRY(open(path, options));
    // A page size or journal mode of its own would stop the copy.
    TRY_STATUS(target.execute("PRAGMA journal_mode = DELETE"));
    sqlite3_backup *backup
        = sqlite3_backup_init(target.m_handle.get(), "main", m_handle.get(), "main");
    if (!backup)
        return fail(codeOf(sqlite3_errcode(target.m_handle.get())),
            "backup: " + std::string(sqlite3_errmsg(target.m_handle.get())));
    const int stepped = sqlite3_backup_step(backup, -1);
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK)
        return fail(codeOf(stepped), "backup: " + std::string(sqlite3_errstr(stepped)));
    return {};
}

Result<Transaction> Transaction::begin(Database &database)
{
    TRY_STATUS(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database)
        static_cast<void>(m_database->execute("ROLLBACK"));
}

Status Transaction::commit()
{
    TRY_STATUS(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

Status migrate(Database &database, const std::vector<std::string_view> &migrations)
{
    const auto current = TRY(database.queryInt("PRAGMA user_version"));
    const auto newest = static_cast<std::int64_t>(migrations.size());
    if (current > newest)
        return fail(ErrorCode::TooNew,
            database.path().string() + " was written by a newer version of Tend (format "
                + std::to_string(current) + ", this program knows " + std::to_string(newest)
                + "). Update this program; the file was left as it is.");
    for (auto version = current; version < newest; ++version) {
        Transaction transaction = TRY(Transaction::begin(database));
        TRY_STATUS(database.execute(std::string(migrations[static_cast<std::size_t>(version)])));
        TRY_STATUS(database.execute("PRAGMA user_version = " + std::to_string(version + 1)));
        TRY_STATUS(transaction.commit());
    }
    return {};
}

std::string libraryVersion()
{
#ifdef TEND_HAS_CIPHERS
    return std::string("SQLite ") + sqlite3_libversion() + " with Multiple Ciphers";
#else
    return std::string("SQLite ") + sqlite3_libversion();
#endif
}

}  // namespace replica::sqlite
