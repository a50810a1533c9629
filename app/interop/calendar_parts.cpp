#include "app/interop/calendar_parts.h"

#include <algorithm>

#include "app/interop/calendar_zones.h"

namespace tend {

namespace {

constexpr std::size_t depthMax = 6;
constexpr std::size_t partOctetsMax = 1U << 20U;

std::string wordAfter(std::string_view line, std::string_view mark)
{
    if (inCapitals(line.substr(0, mark.size())) != mark)
        return {};
    std::string word = inCapitals(line.substr(mark.size()));
    word.resize(word.find_last_not_of(" \t") + 1);
    return word;
}

class Splitter {
public:
    explicit Splitter(std::string_view text)
        : m_lines(physicalLines(text))
    {
    }

    CalendarParts split()
    {
        bool isSaid = false;
        while (m_at < m_lines.size()) {
            const PhysicalLine line = m_lines[m_at];
            const std::string begun = wordAfter(line.text, "BEGIN:");
            if (begun == "VCALENDAR")
                m_isInside = true;
            else if (!begun.empty())
                takePart(begun);
            else if (wordAfter(line.text, "END:") == "VCALENDAR")
                m_isInside = false;
            else if (!m_isInside && !isSaid
                && line.text.find_first_not_of(" \t") != std::string_view::npos) {
                fault(line.number, "this stands outside every calendar (BEGIN:VCALENDAR)");
                isSaid = true;
            }
            if (begun.empty() || begun == "VCALENDAR")
                ++m_at;
        }
        if (m_isInside)
            fault(m_lines.size(), "the calendar has no END:VCALENDAR. Is the file whole?");
        return std::move(m_found);
    }

private:
    void fault(std::size_t line, std::string reason)
    {
        m_found.faults.push_back({line, std::move(reason), {}});
    }

    void takePart(const std::string &kind)
    {
        CalendarPart part{m_lines[m_at].number, kind, {}};
        std::vector<std::string> open;
        for (std::size_t at = m_at; at < m_lines.size(); ++at) {
            const std::string_view text = m_lines[at].text;
            if (const std::string begun = wordAfter(text, "BEGIN:"); !begun.empty())
                open.push_back(begun);
            part.text += std::string(text) + "\r\n";
            if (open.size() > depthMax || part.text.size() > partOctetsMax)
                break;
            const std::string ended = wordAfter(text, "END:");
            if (ended.empty())
                continue;
            if (ended != open.back())
                break;
            open.pop_back();
            if (open.empty()) {
                m_at = at + 1;
                (kind == "VTIMEZONE" ? m_found.zones : m_found.parts).push_back(std::move(part));
                return;
            }
        }
        fault(part.line,
            "this " + kind + " has no END:" + kind
                + " in its place, or is too large; it was left out");
        // On behind its BEGIN: what stands in it may be whole.
        std::string &text = m_found.faults.back().text;
        do {
            text += std::string(m_lines[m_at++].text) + "\r\n";
        } while (m_at < m_lines.size() && !isFresh(m_lines[m_at].text));
    }

    static bool isFresh(std::string_view line)
    {
        const std::string begun = wordAfter(line, "BEGIN:");
        return begun == "VEVENT" || begun == "VTODO" || begun == "VCALENDAR"
            || wordAfter(line, "END:") == "VCALENDAR";
    }

    std::vector<PhysicalLine> m_lines;
    std::size_t m_at = 0;
    bool m_isInside = false;
    CalendarParts m_found;
};

}  // namespace

CalendarParts calendarParts(std::string_view text)
{
    return Splitter(text).split();
}

std::string writtenValue(const CalendarPart &part, std::string_view name)
{
    std::size_t depth = 0;
    std::string whole;
    for (const PhysicalLine &line : physicalLines(part.text)) {
        if (!whole.empty() && line.text.find_first_of(" \t") != 0)
            break;
        if (!whole.empty())
            whole += line.text.substr(1);
        depth += wordAfter(line.text, "BEGIN:").empty() ? 0 : 1;
        depth -= wordAfter(line.text, "END:").empty() ? 0 : 1;
        const std::string_view next = line.text.substr(std::min(name.size(), line.text.size()));
        if (depth == 1 && whole.empty() && inCapitals(line.text.substr(0, name.size())) == name
            && (next.substr(0, 1) == ":" || next.substr(0, 1) == ";"))
            whole = line.text;
    }
    const auto property = parseContentLine(whole, 0, BareWords::Types);
    return property ? property->value : std::string();
}

namespace {

// Of a zone as text.
std::string zoneName(const CalendarPart &zone)
{
    const std::size_t from = zone.text.find("TZID:");
    return from == std::string::npos
        ? std::string()
        : zone.text.substr(from + 5, zone.text.find('\r', from) - from - 5);
}

bool isNamedIn(const CalendarPart &part, const CalendarPart &zone)
{
    const std::string name = zoneName(zone);
    return !name.empty() && part.text.find(name) != std::string::npos;
}

}  // namespace

std::string unknownZones(const CalendarPart &part, const std::vector<CalendarPart> &zones)
{
    std::string text;
    for (const CalendarPart &zone : zones) {
        if (isNamedIn(part, zone) && !icaltimezone_get_builtin_timezone(zoneName(zone).c_str()))
            text += zone.text;
    }
    return text;
}

void addZones(const IcalComponent &calendar, std::map<std::string, std::string> &into)
{
    for (icalcomponent *zone
         = icalcomponent_get_first_component(calendar.get(), ICAL_VTIMEZONE_COMPONENT);
         zone; zone = icalcomponent_get_next_component(calendar.get(), ICAL_VTIMEZONE_COMPONENT))
        into.emplace(textOf(zone, ICAL_TZID_PROPERTY), writtenPart(zone));
    icalcomponent_foreach_tzid(
        calendar.get(),
        [](icalparameter *parameter, void *zones) {
            const char *name = icalparameter_get_tzid(parameter);
            icaltimezone *zone = name ? zoneCalled(name) : nullptr;
            auto &known = *static_cast<std::map<std::string, std::string> *>(zones);
            if (!zone || known.count(name) > 0)
                return;
            const IcalComponent copy(icalcomponent_new_clone(icaltimezone_get_component(zone)));
            if (!copy)
                return;
            icalproperty *id = icalcomponent_get_first_property(copy.get(), ICAL_TZID_PROPERTY);
            if (id)
                icalproperty_set_tzid(id, name);  // libical gives its own a longer one
            known.emplace(name, writtenPart(copy.get()));
        },
        &into);
}

IcalComponent readPart(const CalendarPart &part, const std::vector<CalendarPart> &zones)
{
    icalerror_set_errors_are_fatal(0);
    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
    for (const CalendarPart &zone : zones) {
        if (isNamedIn(part, zone))
            text += zone.text;
    }
    text += part.text + "END:VCALENDAR\r\n";
    return IcalComponent(icalparser_parse_string(text.c_str()));
}

icalcomponent *innerOf(const IcalComponent &calendar, const std::string &kind)
{
    return calendar ? icalcomponent_get_first_component(
               calendar.get(), icalcomponent_string_to_kind(kind.c_str()))
                    : nullptr;
}

std::string textOf(icalcomponent *component, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    icalvalue *value = property ? icalproperty_get_value(property) : nullptr;
    if (!value)
        return {};
    const char *text
        = icalvalue_isa(value) == ICAL_TEXT_VALUE ? icalvalue_get_text(value) : nullptr;
    if (text)
        return text;
    const replica::Handle<char, &icalmemory_free_buffer> written(
        icalproperty_get_value_as_string_r(property));
    return written ? std::string(written.get()) : std::string();
}

std::string extensionOf(icalcomponent *component, std::string_view name)
{
    for (icalproperty *property = icalcomponent_get_first_property(component, ICAL_X_PROPERTY);
         property; property = icalcomponent_get_next_property(component, ICAL_X_PROPERTY)) {
        const char *given = icalproperty_get_x_name(property);
        if (!given || inCapitals(given) != name)
            continue;
        // Of a value without a type the escapes are undone already, and made again when it is
        // written.
        icalvalue *value = icalproperty_get_value(property);
        if (value && icalvalue_isa(value) == ICAL_X_VALUE) {
            const char *text = icalvalue_get_x(value);
            return text ? text : "";
        }
        const replica::Handle<char, &icalmemory_free_buffer> written(
            icalproperty_get_value_as_string_r(property));
        return written ? plainText(written.get()) : std::string();
    }
    return {};
}

std::string writtenPart(icalcomponent *component)
{
    const replica::Handle<char, &icalmemory_free_buffer> text(
        icalcomponent_as_ical_string_r(component));
    return text ? std::string(text.get()) : std::string();
}

}  // namespace tend
