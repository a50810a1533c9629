#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "app/journal/row_at.h"
#include "app/journal/tables.h"
#include "sync/domain/change.h"
#include "sync/records/records.h"

namespace tend {

// A row as it will show once a change is made.
class RowToBe {
public:
    static replica::Result<RowToBe> make(replica::Records &records, const replica::Change &change)
    {
        return RowToBe(change, TRY(records.row(change.table, change.row)));
    }

    // As it is; nothing where it is not here.
    static replica::Result<std::optional<RowToBe>> stored(
        replica::Records &records, const char *table, const std::optional<replica::Uuid> &id)
    {
        const replica::TableId its = journalSchema().table(table)->id;
        const auto row = id ? TRY(records.row(its, *id)) : std::nullopt;
        return row ? std::optional(RowToBe({its, *id, replica::ChangeKind::Update, {}}, row))
                   : std::nullopt;
    }

    [[nodiscard]] bool isGiven(const char *column) const { return in(m_change, column) != nullptr; }

    [[nodiscard]] replica::Value value(const char *column) const
    {
        if (const replica::Value *given = in(m_change, column))
            return *given;
        const replica::Value *stored = m_stored ? in(*m_stored, column) : nullptr;
        return stored ? *stored : replica::Value{};
    }

    [[nodiscard]] std::string text(const char *column) const
    {
        const replica::Value its = value(column);
        const auto *text = std::get_if<std::string>(&its);
        return text ? *text : std::string();
    }

    [[nodiscard]] bool has(const char *column) const { return value(column) != replica::Value{}; }

    [[nodiscard]] std::optional<replica::Uuid> link(const char *column) const
    {
        const replica::Value its = value(column);
        const auto *blob = std::get_if<replica::Blob>(&its);
        return blob ? replica::uuidOf(blob->octets) : std::nullopt;
    }

private:
    RowToBe(replica::Change change, std::optional<replica::Change> stored)
        : m_table(*journalSchema().table(change.table))
        , m_change(std::move(change))
        , m_stored(std::move(stored))
    {
    }

    [[nodiscard]] const replica::Value *in(const replica::Change &change, const char *column) const
    {
        const replica::ColumnId id = m_table.column(column)->id;
        const auto given = std::find_if(change.assignments.begin(), change.assignments.end(),
            [&](const replica::Assignment &one) { return one.column == id; });
        return given == change.assignments.end() ? nullptr : &given->value;
    }

    const replica::Table &m_table;
    replica::Change m_change;
    std::optional<replica::Change> m_stored;
};

}  // namespace tend
