#include "app/interop/csv.h"

#include <algorithm>
#include <array>
#include <csv.h>
#include <map>

#include "app/interop/text_input.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::array<char, 4> delimiters = {',', ';', '\t', '|'};
constexpr std::size_t triedLines = 200;
constexpr std::size_t headerWithin = 20;
constexpr int insideCell = 2;  // of csv_parser::pstate
constexpr std::string_view formulaMarks = "=+-@\t\r";

// Behind a CRLF, an LF, or a CR alone, which ended lines on the first Macintosh.
std::size_t endOfLine(std::string_view text, std::size_t at)
{
    const std::size_t end = text.find_first_of("\r\n", at);
    if (end == std::string_view::npos)
        return text.size();
    return text.substr(end, 2) == "\r\n" ? end + 2 : end + 1;
}

void ignoreCell(void *, std::size_t, void *)
{
}

void ignoreRow(int, void *)
{
}

// Whether each quotation mark in it opens a cell, closes one, or is doubled.
bool isQuotedRight(std::string_view row, char delimiter)
{
    csv_parser parser{};
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, static_cast<unsigned char>(delimiter));
    const bool isRight
        = csv_parse(&parser, row.data(), row.size(), &ignoreCell, &ignoreRow, nullptr) == row.size()
        && csv_fini(&parser, &ignoreCell, &ignoreRow, nullptr) == 0;
    csv_free(&parser);
    return isRight;
}

// A line whose quotation marks mean nothing, so that it can be written as cells and mended.
std::string withoutQuoting(std::string_view line, char delimiter)
{
    line = line.substr(0, line.find_first_of("\r\n"));
    std::vector<std::string> cells;
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t end = std::min(line.find(delimiter, at), line.size());
        cells.emplace_back(line.substr(at, end - at));
        at = end + 1;
    }
    return rejectedCsvRow(cells, delimiter);
}

std::string tooLong()
{
    return "a cell that begins in this row has more than " + std::to_string(csvCellOctetsMax >> 10U)
        + " KiB";
}

// Feeds libcsv a line at a time, so that each row knows where it began. Where quotation marks make
// no sense over several lines, the first of these is set aside and reading goes on behind it:
// otherwise one inch mark at the start of a cell would swallow the rest of the file.
class Reader {
public:
    Reader(std::string_view text, char delimiter)
        : m_text(text)
        , m_delimiter(delimiter)
    {
        begin();
    }

    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    ~Reader() { csv_free(&m_parser); }

    CsvRows read()
    {
        while (m_at < m_text.size() && !m_rows.isHopeless) {
            const bool isBetweenRows
                = m_row.cells.empty() && m_parser.quoted == 0 && m_parser.entry_pos == 0;
            if (isBetweenRows) {
                m_row.line = m_line;
                m_rowAt = m_at;
            }
            feed(endOfLine(m_text, m_at));
            if (m_at == m_text.size())
                finish();
        }
        return std::move(m_rows);
    }

private:
    void begin()
    {
        csv_init(&m_parser, 0);
        csv_set_delim(&m_parser, static_cast<unsigned char>(m_delimiter));
    }

    void feed(std::size_t end)
    {
        const std::string_view line = m_text.substr(m_at, end - m_at);
        m_at = end;
        ++m_line;
        if (csv_parse(&m_parser, line.data(), line.size(), &Reader::cell, &Reader::row, this)
            != line.size())
            m_fault = csv_strerror(csv_error(&m_parser));
        else if (m_parser.entry_pos > csvCellOctetsMax)
            m_fault = tooLong() + ". Is a quotation mark not closed?";
        if (!m_fault.empty())
            goOnBehindFirstLine();
    }

    void finish()
    {
        // libcsv would take what follows the mark for a cell.
        const bool isOpen = m_parser.quoted != 0 && m_parser.pstate == insideCell;
        if (isOpen || csv_fini(&m_parser, &Reader::cell, &Reader::row, this) != 0)
            m_fault = neverClosed;
        if (!m_fault.empty())
            goOnBehindFirstLine();
    }

    void goOnBehindFirstLine()
    {
        const std::size_t end = endOfLine(m_text, m_rowAt);
        m_rows.faults.push_back({m_row.line, std::move(m_fault),
            withoutQuoting(m_text.substr(m_rowAt, end - m_rowAt), m_delimiter)});
        m_fault.clear();
        m_rows.isHopeless = ++m_setAside > linesSetAsideMax;
        m_at = end;
        m_line = m_row.line + 1;
        m_row = CsvRow{m_line, {}};
        m_rowAt = end;
        csv_free(&m_parser);
        begin();
    }

    static void cell(void *octets, std::size_t size, void *reader)
    {
        Reader &self = *static_cast<Reader *>(reader);
        self.m_isTooLong = self.m_isTooLong || size > csvCellOctetsMax;
        if (self.m_row.cells.size() <= csvColumnsMax)
            self.m_row.cells.emplace_back(static_cast<const char *>(octets), size);
    }

    static void row(int, void *reader) { static_cast<Reader *>(reader)->endRow(); }

    void endRow()
    {
        const bool isEmpty
            = std::all_of(m_row.cells.begin(), m_row.cells.end(), [](const std::string &text) {
                  return text.find_first_not_of(" \t") == std::string::npos;
              });
        const std::string_view whole = m_text.substr(m_rowAt, m_at - m_rowAt);
        // Within one line, 5" is what somebody wrote.
        const bool spansLines = m_line - m_row.line > 1;
        if (spansLines && !isQuotedRight(whole, m_delimiter)) {
            m_fault = neverClosed;
            return;
        }
        if (m_row.cells.size() > csvColumnsMax)
            m_rows.faults.push_back(
                {m_row.line, "the row has more than " + std::to_string(csvColumnsMax) + " columns",
                    std::string(whole)});
        else if (m_isTooLong)
            m_rows.faults.push_back(
                {m_row.line, tooLong(), rejectedCsvRow(m_row.cells, m_delimiter)});
        else if (!isEmpty)
            m_rows.rows.push_back(std::move(m_row));
        m_isTooLong = false;
        m_row = CsvRow{m_line, {}};
    }

    // Each may cost as much as a cell may be long.
    static constexpr std::size_t linesSetAsideMax = 100;
    static constexpr const char *neverClosed
        = "a quotation mark is opened in this row and never closed";
    const std::string_view m_text;
    const char m_delimiter;
    csv_parser m_parser{};
    std::size_t m_at = 0;
    std::size_t m_line = 1;
    std::size_t m_rowAt = 0;
    CsvRow m_row;
    bool m_isTooLong = false;
    std::string m_fault;  // of the row under way
    std::size_t m_setAside = 0;
    CsvRows m_rows;
};

std::string_view firstLines(std::string_view text, std::size_t count)
{
    std::size_t at = 0;
    for (; count > 0 && at != std::string_view::npos && at < text.size(); --count)
        at = text.find('\n', at) == std::string_view::npos ? text.size() : text.find('\n', at) + 1;
    return text.substr(0, at);
}

// How many rows have the most frequent number of cells, and that number.
std::pair<std::size_t, std::size_t> commonWidth(const std::vector<CsvRow> &rows)
{
    std::map<std::size_t, std::size_t> widths;
    for (const CsvRow &row : rows)
        ++widths[row.cells.size()];
    std::pair<std::size_t, std::size_t> best;
    for (const auto &[width, count] : widths) {
        if (count >= best.first && width > 1)
            best = {count, width};
    }
    return best;
}

char bestDelimiter(std::string_view text)
{
    const std::string_view head = firstLines(text, triedLines);
    char best = ',';
    double most = 0;
    for (const char delimiter : delimiters) {
        const CsvRows tried = readCsv(head, delimiter);
        const auto [count, width] = commonWidth(tried.rows);
        const double share = tried.rows.empty()
            ? 0
            : static_cast<double>(count) / static_cast<double>(tried.rows.size());
        // Alike first; among those as alike, the one that parts more.
        const double score = count == 0 ? 0 : share + static_cast<double>(width) / 10'000;
        if (score > most) {
            most = score;
            best = delimiter;
        }
    }
    return best;
}

bool looksLikeHeader(const CsvRow &row, std::size_t width)
{
    return row.cells.size() == width
        && std::all_of(row.cells.begin(), row.cells.end(), [](const std::string &cell) {
               return cell.find('@') == std::string::npos
                   && (cell.empty()
                       || cell.find_first_not_of("0123456789+-. /") != std::string::npos);
           });
}

// Rows above it belong to whoever made the file.
std::optional<std::size_t> headerAmong(const std::vector<CsvRow> &rows,
    std::size_t (*knownNames)(const std::vector<std::string> &cells))
{
    const std::size_t end = std::min(rows.size(), headerWithin);
    std::optional<std::size_t> best;
    std::size_t most = 1;
    for (std::size_t i = 0; i < end; ++i) {
        if (const std::size_t known = knownNames(rows[i].cells); known > most) {
            most = known;
            best = i;
        }
    }
    if (best)
        return best;
    const std::size_t width = std::max<std::size_t>(commonWidth(rows).second, 1);
    for (std::size_t i = 0; i < end; ++i) {
        if (looksLikeHeader(rows[i], width))
            return i;
    }
    return std::nullopt;
}

bool isNumberOrPhone(const std::string &text)
{
    const auto digits = static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char letter) { return letter >= '0' && letter <= '9'; }));
    return digits > 0 && (text[0] == '+' || text[0] == '-')
        && text.find_first_not_of("0123456789 ()./-", 1) == std::string::npos
        // 1-2 is a sum to a spreadsheet; -1-2 too. A number has one sign, a telephone number a
        // plus.
        && (text[0] == '+' || text.find_first_not_of("0123456789.", 1) == std::string::npos);
}

bool isBlank(char letter)
{
    return letter == ' ' || letter == '\t';
}

std::string trimmed(const std::string &text)
{
    const std::size_t from = text.find_first_not_of(" \t");
    return from == std::string::npos ? std::string()
                                     : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// With a cell for each column, so that what stands behind the last one stands below its name.
std::string widened(const std::string &row, const CsvTable &table)
{
    CsvRows read = readCsv(row, table.delimiter);
    if (read.rows.size() != 1 || read.rows[0].cells.size() >= table.header.size())
        return row;
    read.rows[0].cells.resize(table.header.size());
    return writeCsvRow(read.rows[0].cells, table.delimiter);
}

}  // namespace

CsvRows readCsv(std::string_view text, char delimiter)
{
    return Reader(text, delimiter).read();
}

Result<CsvTable> csvTable(std::string_view text, std::optional<char> delimiter,
    std::size_t (*knownNames)(const std::vector<std::string> &cells))
{
    CsvTable table;
    table.delimiter = delimiter ? *delimiter : bestDelimiter(text);
    CsvRows read = readCsv(text, table.delimiter);
    if (read.isHopeless)
        return fail(ErrorCode::Invalid,
            "line " + std::to_string(read.faults.back().line)
                + ", and a hundred before it: " + read.faults.back().reason);
    table.faults = std::move(read.faults);
    const auto header = headerAmong(read.rows, knownNames);
    if (!header)
        return fail(ErrorCode::Invalid,
            !read.rows.empty() ? "no row among the first 20 can be the header: the names of the "
                                 "columns must stand above the rows"
                : table.faults.empty() ? "the file holds no rows"
                                       : "line " + std::to_string(table.faults.front().line) + ": "
                    + table.faults.front().reason);
    table.headerLine = read.rows[*header].line;
    for (const std::string &name : read.rows[*header].cells)
        table.header.push_back(trimmed(name));
    while (!table.header.empty() && table.header.back().empty())
        table.header.pop_back();
    for (InputFault &fault : table.faults)
        fault.text = widened(fault.text, table);
    for (std::size_t i = *header + 1; i < read.rows.size(); ++i) {
        CsvRow &row = read.rows[i];
        while (row.cells.size() > table.header.size() && row.cells.back().empty())
            row.cells.pop_back();
        if (row.cells.size() > table.header.size()) {
            table.faults.push_back({row.line,
                "the row has " + std::to_string(row.cells.size()) + " cells, the header "
                    + std::to_string(table.header.size())
                    + ". Is a cell with the delimiter in it not quoted?",
                rejectedCsvRow(row.cells, table.delimiter)});
            continue;
        }
        row.cells.resize(table.header.size());
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string writeCsvRow(const std::vector<std::string> &cells, char delimiter)
{
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0)
            row.push_back(delimiter);
        const std::string &cell = cells[i];
        const bool mustQuote = cell.find_first_of("\"\r\n") != std::string::npos
            || cell.find(delimiter) != std::string::npos
            || (!cell.empty() && (isBlank(cell.front()) || isBlank(cell.back())));
        if (!mustQuote) {
            row += cell;
            continue;
        }
        row.push_back('"');
        for (const char letter : cell)
            row += letter == '"' ? std::string("\"\"") : std::string(1, letter);
        row.push_back('"');
    }
    return row + "\r\n";
}

std::string rejectedCsvRow(std::vector<std::string> cells, char delimiter)
{
    std::transform(cells.begin(), cells.end(), cells.begin(), &guardedCell);
    return writeCsvRow(cells, delimiter);
}

std::string guardedCell(const std::string &text)
{
    // What begins with apostrophes and a formula gets one more, so that taking one away is exact.
    const std::size_t from = text.find_first_not_of('\'');
    if (from == std::string::npos || formulaMarks.find(text[from]) == std::string_view::npos)
        return text;
    return from == 0 && isNumberOrPhone(text) ? text : '\'' + text;
}

std::string unguardedCell(const std::string &cell)
{
    // So that a spreadsheet leaves zeros before a number alone.
    if (cell.size() > 3 && cell.rfind("=\"", 0) == 0 && cell.find('"', 2) == cell.size() - 1)
        return cell.substr(2, cell.size() - 3);
    const std::size_t from = cell.find_first_not_of('\'');
    const bool isGuarded = from != std::string::npos && from > 0
        && formulaMarks.find(cell[from]) != std::string_view::npos;
    return isGuarded ? cell.substr(1) : cell;
}

}  // namespace tend
