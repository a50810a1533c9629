#include "app/interop/content_lines.h"

#include <algorithm>
#include <cctype>

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t foldedAt = 75;
constexpr std::size_t parametersMax = 100;
constexpr std::size_t valuesMax = 1'000;

bool isNameLetter(char letter)
{
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_';
}

// "item1.TEL" at the beginning of a line.
Result<std::size_t> takeName(std::string_view text, ContentLine &line)
{
    std::size_t at = 0;
    const auto word = [&] {
        const std::size_t from = at;
        while (at < text.size() && isNameLetter(text[at]))
            ++at;
        return std::string(text.substr(from, at - from));
    };
    std::string name = word();
    if (at < text.size() && text[at] == '.') {
        line.group = std::move(name);
        ++at;
        name = word();
    }
    // A space before the colon is met in old files.
    while (at < text.size() && text[at] == ' ')
        ++at;
    if (name.empty() || at == text.size() || (text[at] != ':' && text[at] != ';'))
        return fail(ErrorCode::Invalid, "this is no line of a vCard (NAME:value)");
    line.name = inCapitals(name);
    return at;
}

// RFC 6868: what a quoted value cannot hold by itself.
std::string withoutCarets(std::string_view value)
{
    std::string plain;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char next = i + 1 < value.size() ? value[i + 1] : '\0';
        const bool isMark = value[i] == '^' && (next == 'n' || next == '^' || next == '\'');
        plain.push_back(!isMark ? value[i] : next == 'n' ? '\n' : next == '^' ? '^' : '"');
        i += isMark ? 1 : 0;
    }
    return plain;
}

// From behind a separator to the next of `;,:`; that one is left to the caller.
Result<std::string> takeValue(std::string_view text, std::size_t &at)
{
    if (at < text.size() && text[at] == '"') {
        const std::size_t end = text.find('"', at + 1);
        if (end == std::string_view::npos)
            return fail(ErrorCode::Invalid, "a quotation mark is not closed");
        std::string value = withoutCarets(text.substr(at + 1, end - at - 1));
        at = end + 1;
        return value;
    }
    const std::size_t from = at;
    at = std::min(text.find_first_of(";,:", at), text.size());
    return withoutCarets(text.substr(from, at - from));
}

bool isEncoding(const std::string &word)
{
    const std::string capitals = inCapitals(word);
    return capitals == "QUOTED-PRINTABLE" || capitals == "BASE64" || capitals == "8BIT"
        || capitals == "7BIT";
}

Result<Parameter> takeParameter(std::string_view text, std::size_t &at, BareWords bare)
{
    const std::size_t from = at;
    at = std::min(text.find_first_of("=;,:", at), text.size());
    std::string word(text.substr(from, at - from));
    if (at == text.size() || text[at] != '=') {
        const bool isAnEncoding = bare == BareWords::TypesAndEncodings && isEncoding(word);
        Parameter parameter{isAnEncoding ? "ENCODING" : "TYPE", {std::move(word)}};
        while (at < text.size() && text[at] == ',') {
            ++at;
            parameter.values.push_back(TRY(takeValue(text, at)));
        }
        return parameter;
    }
    Parameter parameter{inCapitals(word), {}};
    do {
        ++at;
        parameter.values.push_back(TRY(takeValue(text, at)));
        if (parameter.values.size() > valuesMax)
            return fail(ErrorCode::Invalid, "a parameter has too many values");
    } while (at < text.size() && text[at] == ',');
    return parameter;
}

std::string quotedValue(const std::string &value)
{
    std::string quoted;
    for (const char letter : value) {
        if (letter == '\n')
            quoted += "^n";
        else if (letter == '"')
            quoted += "^'";
        else if (letter == '^')
            quoted += "^^";
        else if (static_cast<unsigned char>(letter) >= ' ' || letter == '\t')
            quoted.push_back(letter);
    }
    return quoted.find_first_of(";,: ") == std::string::npos ? quoted : '"' + quoted + '"';
}

std::string folded(const std::string &whole)
{
    std::string lines;
    std::size_t room = foldedAt;
    for (std::size_t at = 0; at < whole.size();) {
        std::size_t end = std::min(at + room, whole.size());
        while (end > at + 1 && end < whole.size()
            && (static_cast<unsigned char>(whole[end]) & 0xC0U) == 0x80)
            --end;
        lines += (at == 0 ? "" : "\r\n ") + whole.substr(at, end - at);
        at = end;
        room = foldedAt - 1;  // the space that begins it counts
    }
    return lines + "\r\n";
}

}  // namespace

const Parameter *ContentLine::parameter(std::string_view wanted) const
{
    const auto at = std::find_if(parameters.begin(), parameters.end(),
        [&](const Parameter &known) { return known.name == wanted; });
    return at == parameters.end() ? nullptr : &*at;
}

bool ContentLine::has(std::string_view wanted, std::string_view given) const
{
    const std::string capitals = inCapitals(given);
    return std::any_of(parameters.begin(), parameters.end(), [&](const Parameter &known) {
        return known.name == wanted
            && std::any_of(known.values.begin(), known.values.end(), [&](const std::string &one) {
                   // "voice,fax" in one pair of quotation marks is two (RFC 6350 section 5.6).
                   const std::string list = ',' + inCapitals(one) + ',';
                   return list.find(',' + capitals + ',') != std::string::npos;
               });
    });
}

bool ContentLine::isSameAs(const ContentLine &other) const
{
    return group == other.group && name == other.name && parameters == other.parameters
        && value == other.value;
}

std::vector<PhysicalLine> physicalLines(std::string_view text)
{
    std::vector<PhysicalLine> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
        lines.push_back({text.substr(at, end - at), lines.size() + 1});
        const bool isPair = end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n';
        at = end + (isPair ? 2 : 1);
    }
    return lines;
}

Result<ContentLine> parseContentLine(std::string_view text, std::size_t line, BareWords bare)
{
    ContentLine parsed;
    parsed.line = line;
    std::size_t at = TRY(takeName(text, parsed));
    while (at < text.size() && text[at] == ';') {
        ++at;
        if (at < text.size() && (text[at] == ';' || text[at] == ':'))
            continue;  // an empty one
        parsed.parameters.push_back(TRY(takeParameter(text, at, bare)));
        if (parsed.parameters.size() > parametersMax)
            return fail(ErrorCode::Invalid, "a line has too many parameters");
    }
    if (at == text.size() || text[at] != ':')
        return fail(ErrorCode::Invalid, "the line has no colon before its value");
    parsed.value = std::string(text.substr(at + 1));
    return parsed;
}

std::string writeContentLine(const ContentLine &line)
{
    std::string whole = line.group.empty() ? line.name : line.group + '.' + line.name;
    for (const Parameter &parameter : line.parameters) {
        whole += ';' + parameter.name + '=';
        for (std::size_t i = 0; i < parameter.values.size(); ++i)
            whole += (i == 0 ? "" : ",") + quotedValue(parameter.values[i]);
    }
    whole += ':';
    // A value has no line ends of its own; what a broken file brought must not begin a new line.
    for (const char letter : line.value) {
        if (letter != '\r' && letter != '\n')
            whole.push_back(letter);
    }
    return folded(whole);
}

std::string escapedText(std::string_view text)
{
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (letter == '\r') {
            if (i + 1 < text.size() && text[i + 1] == '\n')
                continue;
            value += "\\n";
        } else if (letter == '\n') {
            value += "\\n";
        } else {
            if (letter == '\\' || letter == ',' || letter == ';')
                value.push_back('\\');
            value.push_back(letter);
        }
    }
    return value;
}

std::string plainText(std::string_view value)
{
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            text.push_back(value[i]);
            continue;
        }
        ++i;
        text.push_back(value[i] == 'n' || value[i] == 'N' ? '\n' : value[i]);
    }
    return text;
}

std::vector<std::string> splitValue(std::string_view value, char separator)
{
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) {
            parts.back().append(value.substr(i, 2));
            ++i;
        } else if (value[i] == separator) {
            parts.emplace_back();
        } else {
            parts.back().push_back(value[i]);
        }
    }
    return parts;
}

std::string withReason(std::string text, const std::string &reason)
{
    const std::size_t end = text.find('\n');
    if (end != std::string::npos)
        text.insert(end + 1, writeContentLine({{}, reasonProperty, {}, escapedText(reason), 0}));
    return text;
}

std::string inCapitals(std::string_view text)
{
    std::string capitals(text);
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
        [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return capitals;
}

}  // namespace tend
