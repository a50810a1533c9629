#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/records/records.h"

namespace replica {

// A part of the workspace that is shared as one: "workspace" (everybody), or the kind and value of
// a rule in the declaration, as "territory/<uuid>", "member/<uuid>", "circle/<word>". "orphan" is
// where a row waits whose parent nobody knows yet.
using Scope = std::string;
// Sorted, none twice.
using Scopes = std::vector<Scope>;

inline const Scope everybody = "workspace";
inline const Scope orphaned = "orphan";

[[nodiscard]] bool meet(const Scopes &one, const Scopes &other);
[[nodiscard]] bool holds(const Scopes &scopes, const Scope &scope);
// What `from` has and `without` has not.
[[nodiscard]] Scopes difference(const Scopes &from, const Scopes &without);
void sortOut(Scopes &scopes);
// Of what a device held, what it may go on holding. Nothing when it may see other columns now: the
// word "columns/..." among the scopes stands for those.
[[nodiscard]] Scopes keptOf(const Scopes &held, const Scopes &now);
inline const std::string columnsKind = "columns/";

struct RowName {
    TableId table{};
    RowId row;

    auto operator<=>(const RowName &) const = default;
};

// The rows that this change hangs its row on.
[[nodiscard]] std::vector<RowName> parentsIn(const Table &table, const Change &change);

// Where rows belong, derived from the rows themselves by the rules of the declaration, so that it
// can never be stale. The same on server and device. Remembers parents it met: make a new one after
// rows changed. Records and schema outlive it.
class ScopeReader {
public:
    ScopeReader(Records &records, const Schema &schema)
        : m_records(records)
        , m_schema(schema)
    {
    }

    // Reads as if these changes were made already.
    ScopeReader(Records &records, const Schema &schema, const std::vector<Change> &ahead);
    ScopeReader(Records &records, const Schema &schema, const std::vector<const Change *> &ahead);

    // Empty when the row was never heard of. A deleted row belongs where it last did.
    [[nodiscard]] Result<Scopes> of(const RowName &name);
    enum class Parents { All, Placing };

    // The rows this one hangs on, over any number of steps; or only those it follows into their
    // scopes.
    [[nodiscard]] Result<std::vector<RowName>> ancestorsOf(
        const RowName &name, Parents parents = Parents::All);
    enum class Following { Living, DeletedToo };

    // This row and those that follow it into its scopes, over any number of steps; sorted.
    [[nodiscard]] Result<std::vector<RowName>> treeOf(
        const RowName &root, Following following = Following::Living);

    struct Roots {
        std::vector<RowId> rows;
        std::optional<RowId> upTo;  // there may be more above it
    };

    // Rows of `table` that belong to one of `scopes` by a rule of their own, not through a parent,
    // and deleted ones; sorted, from above `after`. With their trees, these are all rows of those
    // scopes. Costs what is answered, and what a scope has of that table, but not what is there.
    [[nodiscard]] Result<Roots> rootsIn(
        const Table &table, const Scopes &scopes, const RowId &after);

private:
    [[nodiscard]] Result<bool> addBy(
        const Table &table, const ScopeRule &rule, const Change &row, Scopes &into);
    [[nodiscard]] Result<Scopes> ofRow(const Table &table, const Change &row);
    [[nodiscard]] Result<std::optional<Change>> read(const RowName &name);
    [[nodiscard]] Result<std::vector<RowId>> buriedUnder(
        const Table &table, ColumnId column, const RowId &parent);

    Records &m_records;
    const Schema &m_schema;
    std::map<RowName, const Change *> m_ahead;
    std::map<RowName, Scopes> m_known;
    std::map<std::pair<TableId, ColumnId>, std::multimap<Uuid, RowId>> m_buried;  // by parent
};

}  // namespace replica
