#pragma once

#include <string>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

// Files of other programs as UTF-8, whatever they were written in.
namespace tend {

using replica::Result;
using replica::Status;

// What is read at all. Larger files are for several imports.
inline constexpr std::size_t inputOctetsMax = 64U << 20U;

struct DecodedText {
    std::string text;  // valid UTF-8, without a byte order mark
    std::string encoding;  // what it was taken for
};

// By `encoding` where one is named, else by its byte order mark, else by what its octets look like.
// Errors: Invalid for what is no text, too large, or not in the named encoding.
[[nodiscard]] Result<DecodedText> decodeText(
    replica::BytesView octets, const std::string &encoding = {});

// One piece out of a named encoding. Errors: Invalid for an unknown one, or octets it does not
// have.
[[nodiscard]] Result<std::string> toUtf8(replica::BytesView octets, const std::string &encoding);

[[nodiscard]] bool isUtf8(std::string_view text);
// Of octets that nobody named an encoding for: as they are where they are UTF-8, else Windows-1252.
[[nodiscard]] std::string likelyUtf8(replica::BytesView octets);

// Reads a file, or stdin where the name is "-". Errors: NotFound, Invalid (too large), Io.
[[nodiscard]] Result<replica::Bytes> readInput(const std::string &name);

}  // namespace tend
