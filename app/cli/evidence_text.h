#pragma once

#include <string>

#include "app/journal/facts.h"

namespace tend::cli {

// What a row of evidence is, as far as the facts tell: its day and kind, or its words. Empty for
// other rows.
[[nodiscard]] std::string rowText(const CustomerFacts &facts, const Id &row);

}  // namespace tend::cli
