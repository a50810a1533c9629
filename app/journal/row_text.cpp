#include "app/journal/row_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace tend {

namespace {

using namespace std::chrono;

constexpr std::array<const char *, 5> kinds
    = {"face_to_face", "call", "counter", "group", "message"};
constexpr std::array<const char *, 3> outcomes = {"met", "no_answer", "left_message"};
constexpr std::array<const char *, 2> directions = {"us", "them"};
constexpr std::array<const char *, 3> helps = {"", "offered", "asked"};

template <typename Enum, std::size_t Count>
Enum lookUp(const std::array<const char *, Count> &words, const std::string &word)
{
    for (std::size_t i = 0; i < Count; ++i) {
        if (word == words[i])
            return static_cast<Enum>(i);
    }
    return Enum{};  // a word of a newer program shows as the plainest
}

bool isRealDay(int year, unsigned month, unsigned day)
{
    return year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}
        .ok();
}

// Whether it begins as the form does: 0 stands for a digit, ? for anything.
bool hasForm(std::string_view text, std::string_view form)
{
    return text.size() >= form.size()
        && std::equal(form.begin(), form.end(), text.begin(), [](char wanted, char given) {
               return wanted == '?'
                   || (wanted == '0' ? given >= '0' && given <= '9' : given == wanted);
           });
}

}  // namespace

std::string timeText(WallTime time)
{
    // What lies beyond every calendar is told as its end.
    using Moment = sys_time<milliseconds>;
    constexpr Moment first = sys_days{year::min() / January / 1};
    constexpr Moment last = sys_days{year::max() / December / 31};
    const Moment moment = std::clamp(Moment{milliseconds(inMs(time))}, first, last);
    const auto midnight = floor<days>(moment);
    const year_month_day date{midnight};
    const hh_mm_ss clock{moment - midnight};
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    std::string out(text.data(), static_cast<std::size_t>(length));
    if (const auto ms = clock.subseconds().count(); ms != 0) {
        std::array<char, 8> fraction{};
        std::snprintf(fraction.data(), fraction.size(), ".%03d", static_cast<int>(ms));
        out += fraction.data();
    }
    return out + 'Z';
}

Day localDay(WallTime time)
{
    const std::time_t seconds = floor<std::chrono::seconds>(milliseconds(inMs(time))).count();
    std::tm local{};
    ::localtime_r(&seconds, &local);
    const year_month_day date{year{local.tm_year + 1900},
        month{static_cast<unsigned>(local.tm_mon) + 1}, day{static_cast<unsigned>(local.tm_mday)}};
    return Day{static_cast<std::int32_t>(sys_days{date}.time_since_epoch().count())};
}

std::optional<WallTime> parseTime(const std::string &text)
{
    // sscanf alone takes signs and spaces for numbers.
    if (!hasForm(text, "0000-00-00?00:00:00"))
        return std::nullopt;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2u%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour,
            &minute, &second, &used)
            != 6
        || used < 19 || !isRealDay(year, month, day) || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    auto at = static_cast<std::size_t>(used);
    std::int64_t ms = 0;
    if (at < text.size() && text[at] == '.') {
        int digits = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            if (digits++ < 3)
                ms = ms * 10 + (text[at] - '0');
        }
        for (; digits > 0 && digits < 3; ++digits)
            ms *= 10;
    }
    int offsetMinutes = 0;
    const std::string zone = text.substr(at);
    if (zone != "Z" && zone != "z") {
        int zoneHours = 0;
        int zoneMinutes = 0;
        char sign = '+';
        if (zone.size() != 6 || !hasForm(zone, "?00:00")
            || std::sscanf(zone.c_str(), "%c%2d:%2d", &sign, &zoneHours, &zoneMinutes) != 3
            || (sign != '+' && sign != '-') || zoneHours > 23 || zoneMinutes > 59)
            return std::nullopt;
        offsetMinutes = (zoneHours * 60 + zoneMinutes) * (sign == '-' ? -1 : 1);
    }
    const sys_days date{
        year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}};
    const auto moment = date + hours(hour) + minutes(minute - offsetMinutes) + seconds(second);
    return WallTime{duration_cast<milliseconds>(moment.time_since_epoch()).count() + ms};
}

std::string dayText(Day day)
{
    const year_month_day date{sys_days{days(static_cast<int>(day))}};
    std::array<char, 24> text{};
    const int length
        = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<Day> parseDay(const std::string &text)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (text.size() != 10 || !hasForm(text, "0000-00-00")
        || std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3
        || !isRealDay(year, month, day))
        return std::nullopt;
    const sys_days date{
        year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}};
    return Day{static_cast<std::int32_t>(date.time_since_epoch().count())};
}

std::string valueText(const replica::Column &column, const replica::Value &value)
{
    if (const auto *number = std::get_if<std::int64_t>(&value))
        return column.type == replica::ColumnType::Time ? timeText(WallTime{*number})
                                                        : std::to_string(*number);
    if (const auto *real = std::get_if<double>(&value)) {
        std::array<char, 32> text{};
        const int length = std::snprintf(text.data(), text.size(), "%.15g", *real);
        return {text.data(), static_cast<std::size_t>(length)};
    }
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *blob = std::get_if<replica::Blob>(&value)) {
        if (column.type == replica::ColumnType::Octets)
            return replica::toBase64Url(blob->octets);
        const auto id = replica::uuidOf(blob->octets);
        return id ? replica::toText(*id) : replica::toHex(blob->octets);
    }
    return {};
}

std::string shortened(std::string_view text, std::size_t lettersMax)
{
    std::size_t letters = 0;
    std::size_t lastSpace = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80U)
            continue;
        if (text[i] == ' ' || text[i] == '\n')
            lastSpace = i;
        if (++letters > lettersMax) {
            const std::size_t end = lastSpace > i / 2 ? lastSpace : i;
            return std::string(text.substr(0, end)) + "…";
        }
    }
    return std::string(text);
}

std::string word(VisitKind kind)
{
    return kinds[static_cast<std::size_t>(kind)];
}

std::string word(Outcome outcome)
{
    return outcomes[static_cast<std::size_t>(outcome)];
}

std::string word(Direction direction)
{
    return directions[static_cast<std::size_t>(direction)];
}

std::string word(Help help)
{
    return helps.at(static_cast<std::size_t>(help));
}

VisitKind visitKindOf(const std::string &text)
{
    return lookUp<VisitKind>(kinds, text);
}

// Only who says "met" met somebody; what a newer program says, or nobody said, is a try.
Outcome outcomeOf(const std::string &text)
{
    const auto known = lookUp<Outcome>(outcomes, text);
    return known == Outcome::Met && text != "met" ? Outcome::NoAnswer : known;
}

Help helpOf(const std::string &text)
{
    return lookUp<Help>(helps, text);
}

}  // namespace tend
