#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/base/result.h"

// The lines that vCard files are made of (RFC 6350 section 3.3; RFC 2426; vCard 2.1):
//
//   [group "."] NAME *(";" PARAMETER "=" value *("," value)) ":" value
//
// A line goes on in the next where that begins with a space or a tab.
namespace tend {

using replica::Result;
using replica::Status;

struct Parameter {
    std::string name;  // in capitals
    std::vector<std::string> values;

    bool operator==(const Parameter &) const = default;
};

struct ContentLine {
    std::string group;
    std::string name;  // in capitals
    std::vector<Parameter> parameters;
    std::string value;  // as it is written, escapes and all
    std::size_t line = 0;  // of the file, from 1; 0 of what was never in one

    [[nodiscard]] const Parameter *parameter(std::string_view wanted) const;
    // Whether a parameter has this value, whatever its case.
    [[nodiscard]] bool has(std::string_view wanted, std::string_view given) const;
    // Without the line it stood in.
    [[nodiscard]] bool isSameAs(const ContentLine &other) const;
};

// One line of a file, with what goes on from it not yet joined.
struct PhysicalLine {
    std::string_view text;  // without its end
    std::size_t number = 0;
};

// CRLF, LF and CR all end lines. The text outlives the lines.
[[nodiscard]] std::vector<PhysicalLine> physicalLines(std::string_view text);

// Whether a word of a parameter without a name (vCard 2.1: "TEL;HOME:") stands for an encoding.
enum class BareWords { Types, TypesAndEncodings };

// One line that was joined already. Errors: Invalid saying what is wrong with it.
[[nodiscard]] Result<ContentLine> parseContentLine(
    std::string_view text, std::size_t line, BareWords bare);

// With its end, folded at 75 octets and never within a character.
[[nodiscard]] std::string writeContentLine(const ContentLine &line);

// Text as a value: \n \, \; \\ (RFC 6350 section 3.4), and back.
[[nodiscard]] std::string escapedText(std::string_view text);
[[nodiscard]] std::string plainText(std::string_view value);
// Parts of a value at each separator that is not escaped; still escaped themselves.
[[nodiscard]] std::vector<std::string> splitValue(std::string_view value, char separator);

[[nodiscard]] std::string inCapitals(std::string_view text);

// What was rejected, from its BEGIN on, as it leaves to be mended: the reason is its first line.
inline constexpr const char *reasonProperty = "X-TEND-REASON";
[[nodiscard]] std::string withReason(std::string text, const std::string &reason);

}  // namespace tend
