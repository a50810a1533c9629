#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "sync/base/bytes.h"

namespace replica {

// Octets that are not text: an id, a digest.
struct Blob {
    Bytes octets;
    auto operator<=>(const Blob &) const = default;
};

// What one column of one row holds. Empty is a value like any other: "nothing is known".
using Empty = std::monostate;
using Value = std::variant<Empty, std::int64_t, double, std::string, Blob>;

[[nodiscard]] inline bool isEmpty(const Value &value)
{
    return std::holds_alternative<Empty>(value);
}

// About what it takes in a body.
[[nodiscard]] inline std::size_t octetsOf(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return text->size() + 4;
    const auto *blob = std::get_if<Blob>(&value);
    return blob ? blob->octets.size() : 16;
}

}  // namespace replica
