#pragma once

#include <string_view>
#include <vector>

namespace tend {

// A column as a program names it, and what it fills.
struct PresetColumn {
    std::string_view name;
    std::string_view target;
};

// The columns of one program's export, as it documents them. Columns that are not listed are kept.
struct CsvPreset {
    std::string_view name;
    // A table is of this program when all names of one of these sets stand in its header.
    std::vector<std::vector<std::string_view>> marks;
    std::vector<PresetColumn> columns;
};

// In the order in which they are tried.
[[nodiscard]] const std::vector<CsvPreset> &csvPresets();
// What columns are commonly called, in small letters, in some languages of Europe.
[[nodiscard]] const std::vector<PresetColumn> &commonColumns();

}  // namespace tend
