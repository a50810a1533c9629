#include "sync/records/named_files.h"

namespace replica {

namespace {

const Value *valueOf(const Change &row, ColumnId column)
{
    for (const Assignment &given : row.assignments) {
        if (given.column == column)
            return &given.value;
    }
    return nullptr;
}

}  // namespace

std::optional<Manifest> manifestOf(const Table &table, const Change &row)
{
    if (!table.file)
        return std::nullopt;
    const Value *digestValue = valueOf(row, table.file->digest);
    const Value *sizeValue = valueOf(row, table.file->size);
    const Value *chunksValue = valueOf(row, table.file->chunks);
    const auto *text = digestValue ? std::get_if<std::string>(digestValue) : nullptr;
    const auto *size = sizeValue ? std::get_if<std::int64_t>(sizeValue) : nullptr;
    const auto *chunks = chunksValue ? std::get_if<Blob>(chunksValue) : nullptr;
    auto digest = text ? fromHex(*text) : std::nullopt;
    // One digest, one spelling: files are looked for by it.
    if (!digest || toHex(*digest) != *text || !size || *size <= 0 || !chunks)
        return std::nullopt;
    return Manifest::make(*std::move(digest), static_cast<std::uint64_t>(*size), chunks->octets);
}

Result<std::optional<Manifest>> fileOf(Records &records, const Schema &schema, const RowName &name)
{
    const Table *table = schema.table(name.table);
    const auto row = table && table->file ? TRY(records.row(name.table, name.row)) : std::nullopt;
    auto manifest = row ? manifestOf(*table, *row) : std::nullopt;
    if (!manifest)
        return std::optional<Manifest>();
    for (const RowName &above : TRY(ScopeReader(records, schema).ancestorsOf(name))) {
        const bool isGone = !TRY(records.row(above.table, above.row))
            && TRY(records.load(above.table, above.row)).isKnown();
        if (isGone)
            return std::optional<Manifest>();
    }
    return manifest;
}

Result<bool> isNamed(Records &records, const Schema &schema, BytesView digest)
{
    for (const Table &table : schema.tables()) {
        if (!table.file)
            continue;
        const Value wanted = toHex(digest);
        for (const RowId &row : TRY(records.rowsWhere(table.id, table.file->digest, wanted))) {
            if (TRY(fileOf(records, schema, {table.id, row})))
                return true;
        }
    }
    return false;
}

}  // namespace replica
