#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/base/result.h"
#include "sync/domain/change.h"

namespace replica {

enum class ColumnType {
    Text,
    Integer,
    Real,
    Boolean,  // 0 or 1
    Id,  // the id of a row; 16 octets
    Time,  // a moment; milliseconds since 1970, UTC
    Day,  // a calendar day without a place; text YYYY-MM-DD
    Octets,  // that mean nothing here: a small picture, a list of digests; never none
};

// What happens when two people change one column without having seen each other.
enum class MergePolicy {
    Lww,  // the later stamp shows; the other stays in the history
    Ask,  // the later stamp shows until a person chose
    Server,  // only the server writes it
    Merge,  // a text: the server makes one of both; where it cannot, as Ask
};

enum class TableWriter { Members, Server };

// One way a row comes to belong to a scope: the part of the workspace that is shared as one.
struct ScopeRule {
    // "workspace": everybody. Any other word: the scope "<kind>/<value of column>". Empty: the
    // scopes of the row that the column names in `parent`.
    std::string kind;
    ColumnId column{};
    TableId parent{};
};

struct Column {
    ColumnId id{};
    std::string name;
    ColumnType type = ColumnType::Text;
    MergePolicy policy = MergePolicy::Lww;
    bool isRequired = false;
    std::vector<std::string> choices;  // the words a Text column may hold; empty = any
    std::vector<std::string> readers;  // roles that may see it; empty = all
    std::optional<std::pair<double, double>>
        range;  // of a number, both ends included; only the author is held to it
    std::size_t octetsMax = 0;  // of a text or of octets; 0 = as many as a group takes
    std::vector<std::string>
        changers;  // roles that may change it once the row is there; empty = all
    // The column without which this one means nothing: where people disagree about that one, this
    // one goes with the side that is chosen. 0 = it stands for itself.
    ColumnId goesWith{};
};

// The columns by which a row names a file that lies beside the rows: SHA-256 of all of it in
// hexadecimal, how many octets it has, and SHA-256 of each of its chunks one after the other.
struct FileColumns {
    ColumnId digest{};
    ColumnId size{};
    ColumnId chunks{};
};

struct Table {
    TableId id{};
    std::string name;
    TableWriter writer = TableWriter::Members;
    std::vector<Column> columns;  // ordered by id
    // Whose values give a row its id, so that two who add the same add one row: see keyedId().
    std::vector<ColumnId> key;
    bool isAppendOnly = false;  // its rows stay as they were written
    std::vector<std::string> indexes;  // column names, each its own index
    // The first rule whose column is filled tells where a row belongs; without one, to everybody.
    std::vector<ScopeRule> scopes;
    // And each of these besides, where its column is filled.
    std::vector<ScopeRule> alsoScopes;
    bool hasDependents = false;  // rows of another table follow its rows into their scopes
    // Only of a table whose rows name files.
    std::optional<FileColumns> file;

    [[nodiscard]] const Column *column(std::string_view wanted) const;
    [[nodiscard]] const Column *column(ColumnId wanted) const;
    // Position of a column in `columns`, which is also its place after _n, id and _g in SQL.
    [[nodiscard]] std::size_t position(ColumnId wanted) const;
};

// The declared tables: data that tells replication what to carry and how to merge it. Immutable;
// any thread.
class Schema {
public:
    // Reads a declaration in JSON; the format is described in docs/ARCHITECTURE.md. Errors: Invalid
    // with the place of the fault.
    [[nodiscard]] static Result<Schema> parse(std::string_view json);

    [[nodiscard]] const std::vector<Table> &tables() const { return m_tables; }

    [[nodiscard]] const Table *table(std::string_view wanted) const;
    [[nodiscard]] const Table *table(TableId wanted) const;

    // A column whose rows follow the row it names into its scopes.
    struct Link {
        const Table *table;
        ColumnId column;
    };

    // Where rows of `parent` have dependents.
    [[nodiscard]] std::vector<Link> linksTo(TableId parent) const;
    // Whether any table or column is for some only.
    [[nodiscard]] bool isShared() const;

private:
    std::vector<Table> m_tables;
};

// What a program built with this declaration knows: each table and its columns by number, one table
// a line.
[[nodiscard]] std::string outlineOf(const Schema &schema);
// Whether this declaration knows all that is outlined.
[[nodiscard]] bool knows(const Schema &schema, std::string_view outline);

// Takes out of a change what only a newer declaration knows. False when nothing is left of it. That
// a row was written stays, for it keeps the row from a delete that had not seen it.
[[nodiscard]] bool leaveOutUnknown(const Schema &schema, Change &change);

// Whether a change fits the declaration: known table and columns, right types. Errors: Invalid with
// a sentence naming table and column.
[[nodiscard]] Status fits(const Schema &schema, const Change &change);

// Whether a device writes this at all: tables and columns of the server come from there. Errors:
// Invalid with a sentence naming table and column.
[[nodiscard]] Status mayDeviceWrite(const Table &table, const Change &change);

// What an author is held to besides validate(), and what comes from elsewhere is not, for it may be
// a newer program's: the words of a choice, the range of a number, and that what is required says
// something. Errors: Invalid with a sentence naming table and column.
[[nodiscard]] Status mayAuthor(const Table &table, const Change &change);

// And whether it is whole, as its author must make it: what is required given.
[[nodiscard]] Status validate(const Schema &schema, const Change &change);

}  // namespace replica
