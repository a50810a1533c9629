#pragma once

#include <set>
#include <string>
#include <vector>

#include "app/interop/csv.h"
#include "app/interop/import_plan.h"
#include "sync/records/scopes.h"
#include "sync/store/replica.h"

namespace tend {

// Rows of our own tables that come back: JSON Lines and CSV as export writes them. A known id
// changes only the columns that are named, an unknown one makes the row, under this id. Reads only.
class RowPlanner {
public:
    explicit RowPlanner(replica::Replica &replica)
        : m_replica(replica)
    {
    }

    // `table` is for lines that name none.
    [[nodiscard]] Status planJson(
        std::string_view text, const std::string &table, ImportPlan &into);
    [[nodiscard]] Status planCsv(
        const CsvTable &csv, const replica::Table &table, ImportPlan &into);

    // Whether these are columns of that table, its id among them.
    [[nodiscard]] static bool isRowsOf(
        const replica::Table &table, const std::vector<std::string> &header);

private:
    [[nodiscard]] Status planRow(replica::Change row, PlannedRecord record, ImportPlan &into);

    replica::Replica &m_replica;
    std::set<replica::RowName> m_seen;
};

// Why this row cannot be written by a device; empty where it can.
[[nodiscard]] std::string whyNotWritten(const replica::Table &table, const replica::Change &change);

}  // namespace tend
