#include "sync/protocol/body.h"

#include <algorithm>
#include <map>

#include "tend.pb.h"

namespace replica {

namespace {

bool sharesBlock(const Change &one, const Change &other)
{
    if (one.table != other.table || one.kind != other.kind)
        return false;
    if (one.kind != ChangeKind::Update)
        return true;
    return std::equal(one.assignments.begin(), one.assignments.end(), other.assignments.begin(),
        other.assignments.end(),
        [](const Assignment &a, const Assignment &b) { return a.column == b.column; });
}

void put(tend::v1::Column &into, const Value &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value)) {
        into.add_integers(*integer);
    } else if (const auto *real = std::get_if<double>(&value)) {
        into.add_reals(*real);
    } else if (const auto *text = std::get_if<std::string>(&value)) {
        into.mutable_texts()->append(*text);
        into.add_lengths(static_cast<std::uint32_t>(text->size()));
    } else if (const auto *blob = std::get_if<Blob>(&value)) {
        into.mutable_blobs()->append(blob->octets);
        into.add_lengths(static_cast<std::uint32_t>(blob->octets.size()));
    }
}

void encodeBlock(const Change *first, const Change *last, tend::v1::Block &block)
{
    block.set_table(static_cast<std::uint32_t>(first->table));
    block.set_kind(static_cast<std::uint32_t>(first->kind));
    std::vector<ColumnId> columns;
    for (const Change *change = first; change != last; ++change) {
        block.mutable_rows()->append(change->row.bytes());
        for (const Assignment &assignment : change->assignments)
            columns.push_back(assignment.column);
    }
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());

    const auto rows = static_cast<std::size_t>(last - first);
    std::vector<std::size_t> places(rows, 0);
    for (const ColumnId id : columns) {
        tend::v1::Column &column = *block.add_columns();
        column.set_column(static_cast<std::uint32_t>(id));
        Bytes presence((rows + 7) / 8, '\0');
        std::size_t given = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            const auto &assignments = first[i].assignments;
            if (places[i] == assignments.size() || assignments[places[i]].column != id)
                continue;
            const Value &value = assignments[places[i]++].value;
            if (isEmpty(value))
                continue;
            presence[i / 8] = static_cast<char>(presence[i / 8] | (1 << (i % 8)));
            ++given;
            put(column, value);
        }
        if (given < rows)
            column.set_presence(std::move(presence));
    }
}

tl::unexpected<Error> malformed(const char *what)
{
    return fail(ErrorCode::Invalid, std::string("malformed group: ") + what);
}

// Hands out the values of one column in order; every claim is checked against the octets there are.
class ColumnReader {
public:
    explicit ColumnReader(const tend::v1::Column &column)
        : m_column(column)
        , m_kinds((column.integers_size() > 0) + (column.reals_size() > 0) + !column.texts().empty()
              + !column.blobs().empty())
        , m_isBlob(!column.blobs().empty())
    {
    }

    [[nodiscard]] bool isSound(std::size_t rows) const
    {
        std::uint64_t octets = 0;
        for (const std::uint32_t length : m_column.lengths())
            octets += length;
        const bool presenceFits
            = m_column.presence().empty() || m_column.presence().size() == (rows + 7) / 8;
        return presenceFits && m_kinds <= 1
            && octets == m_column.texts().size() + m_column.blobs().size()
            && (m_column.lengths_size() == 0
                || (m_column.integers_size() == 0 && m_column.reals_size() == 0));
    }

    [[nodiscard]] bool has(std::size_t row) const
    {
        const Bytes &bits = m_column.presence();
        return bits.empty() || ((static_cast<std::uint8_t>(bits[row / 8]) >> (row % 8)) & 1U) != 0;
    }

    // Nothing when the values ran out.
    [[nodiscard]] std::optional<Value> next()
    {
        const int at = m_next++;
        if (at < m_column.integers_size())
            return Value{m_column.integers(at)};
        if (at < m_column.reals_size())
            return Value{m_column.reals(at)};
        if (at >= m_column.lengths_size())
            return std::nullopt;
        const std::size_t length = m_column.lengths(at);
        const std::size_t from = m_offset;
        m_offset += length;
        if (m_isBlob)
            return Value{Blob{m_column.blobs().substr(from, length)}};
        return Value{m_column.texts().substr(from, length)};
    }

    [[nodiscard]] bool isUsedUp() const
    {
        return m_next
            == std::max({m_column.integers_size(), m_column.reals_size(), m_column.lengths_size()});
    }

private:
    const tend::v1::Column &m_column;
    int m_kinds;
    bool m_isBlob;
    int m_next = 0;
    std::size_t m_offset = 0;
};

enum class Form { Integers, Reals, Texts, Blobs, EmptyOnes };

std::optional<Form> formOf(const tend::v1::Column &column)
{
    if (column.integers_size() > 0)
        return Form::Integers;
    if (column.reals_size() > 0)
        return Form::Reals;
    if (!column.texts().empty())
        return Form::Texts;
    if (!column.blobs().empty())
        return Form::Blobs;
    return column.lengths_size() > 0 ? std::optional(Form::EmptyOnes) : std::nullopt;
}

// A column has one type wherever it stands in a body. Without this, blocks that are made one when
// the body is written again could hold what no reader takes.
class Forms {
public:
    [[nodiscard]] bool agree(TableId table, const tend::v1::Column &column)
    {
        const auto form = formOf(column);
        if (!form)
            return true;
        Form &known = m_known.emplace(std::pair(table, column.column()), *form).first->second;
        const auto hasOctets = [](Form of) {
            return of == Form::Texts || of == Form::Blobs;
        };
        if (known == Form::EmptyOnes && hasOctets(*form))
            known = *form;
        return known == *form || (*form == Form::EmptyOnes && hasOctets(known));
    }

private:
    std::map<std::pair<TableId, std::uint32_t>, Form> m_known;
};

Status decodeColumn(const tend::v1::Column &column, std::vector<Change> &changes, std::size_t first)
{
    const std::size_t rows = changes.size() - first;
    const ColumnId id{column.column()};
    if (id == existence)
        return malformed("column 0 is not written by hand");
    ColumnReader reader(column);
    if (!reader.isSound(rows))
        return malformed("a column's parts do not agree");
    for (std::size_t i = 0; i < rows; ++i) {
        Change &change = changes[first + i];
        if (!change.assignments.empty() && change.assignments.back().column >= id)
            return malformed("columns must rise");
        if (!reader.has(i)) {
            if (change.kind == ChangeKind::Update)
                change.assignments.push_back({id, Empty{}});
            continue;
        }
        auto value = reader.next();
        if (!value)
            return malformed("a column has fewer values than rows");
        change.assignments.push_back({id, *std::move(value)});
    }
    if (!reader.isUsedUp())
        return malformed("a column has more values than rows");
    return {};
}

}  // namespace

Bytes encodeBody(const std::vector<Change> &changes)
{
    tend::v1::Body body;
    for (std::size_t first = 0; first < changes.size();) {
        std::size_t last = first + 1;
        while (last < changes.size() && sharesBlock(changes[first], changes[last]))
            ++last;
        encodeBlock(changes.data() + first, changes.data() + last, *body.add_blocks());
        first = last;
    }
    return body.SerializeAsString();
}

Result<std::vector<Change>> decodeBody(BytesView octets)
{
    if (octets.size() > groupBytesMax)
        return malformed("larger than a group may be");
    tend::v1::Body body;
    if (!body.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
        return malformed("not a body");
    std::vector<Change> changes;
    Forms forms;
    for (const tend::v1::Block &block : body.blocks()) {
        const std::size_t first = changes.size();
        const std::size_t rows = block.rows().size() / 16;
        if (block.rows().size() % 16 != 0 || rows == 0 || first + rows > groupRowsMax)
            return malformed("a block's rows are none, cut or too many");
        if (block.kind() < 1 || block.kind() > 4)
            return malformed("unknown kind of change");
        for (std::size_t i = 0; i < rows; ++i) {
            changes.push_back(
                {TableId{block.table()}, *uuidOf(BytesView(block.rows()).substr(i * 16, 16)),
                    static_cast<ChangeKind>(block.kind()), {}});
        }
        for (const tend::v1::Column &column : block.columns()) {
            if (!forms.agree(TableId{block.table()}, column))
                return malformed("a column holds values of two types");
            TRY_STATUS(decodeColumn(column, changes, first));
        }
    }
    return changes;
}

}  // namespace replica
