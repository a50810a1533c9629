// Files of other programs, as one fuzz target: the first octet chooses the format, the rest is the
// file. Reading must answer, in bounded memory, and what is written of what was read must be read
// back as the same.
#include <cstddef>
#include <cstdint>

#include "app/interop/calendar_entry.h"
#include "app/interop/calendar_parts.h"
#include "app/interop/contact.h"
#include "app/interop/csv_mapping.h"
#include "app/interop/json_text.h"
#include "app/interop/text_input.h"
#include "sync/base/ensure.h"

namespace {

using namespace tend;

void readCards(const std::string &text)
{
    for (const Card &card : parseCards(text).cards) {
        const auto contact = contactOf(card);
        if (!contact)
            continue;
        for (const auto version : {CardVersion::V3, CardVersion::V4}) {
            const Card kept = cardWith(cardFromKept(contact->kept), contact->fields, version);
            const Cards again = parseCards(writeCard(kept, version));
            ENSURE(again.cards.size() == 1 && again.faults.empty());
            ENSURE(again.cards.front().faults.empty());
            ENSURE(contactOf(again.cards.front()).has_value());
        }
    }
}

void readTable(const std::string &text)
{
    const auto table = csvTable(text, std::nullopt, &knownColumnNames);
    if (!table)
        return;
    const auto mapping = mappingFor(table->header, {});
    ENSURE(mapping && mapping->targets.size() == table->header.size());
    for (const CsvRow &row : table->rows) {
        ENSURE(row.cells.size() == table->header.size());
        static_cast<void>(contactOf(*table, row, *mapping));
        for (const std::string &cell : row.cells)
            ENSURE(unguardedCell(guardedCell(cell)) == cell);
        // What holds something is read as it was written.
        const CsvRows again = readCsv(writeCsvRow(row.cells), ',');
        ENSURE(again.rows.empty() || again.rows.front().cells == row.cells);
    }
}

void readCalendar(const std::string &text)
{
    const CalendarParts found = calendarParts(text);
    for (const CalendarPart &part : found.parts) {
        const IcalComponent calendar = readPart(part, found.zones);
        if (icalcomponent *component = innerOf(calendar, part.kind)) {
            const CalendarEntry entry = entryIn(component, part.kind);
            static_cast<void>(differing(entry, entry));
            static_cast<void>(writtenPart(component));
            std::map<std::string, std::string> zones;
            addZones(calendar, zones);
        }
    }
}

// What is read can be written, and is then the same.
void readJson(const std::string &text)
{
    const auto json = parseJson(text);
    if (!json)
        return;
    const auto again = parseJson(json->dump(-1, ' ', false, Json::error_handler_t::replace));
    ENSURE(again && *again == *json);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto decoded = decodeText({reinterpret_cast<const char *>(data) + 1, size - 1});
    if (!decoded)
        return 0;
    constexpr std::uint8_t jsonFrom = 0xf0;
    if (data[0] >= jsonFrom) {
        readJson(decoded->text);
        return 0;
    }
    switch (data[0] % 3) {
    case 0:
        readCards(decoded->text);
        break;
    case 1:
        readTable(decoded->text);
        break;
    default:
        readCalendar(decoded->text);
        break;
    }
    return 0;
}
