#pragma once

#include <optional>
#include <string>

#include "sync/records/scopes.h"

namespace replica {

// Two texts that grew out of one, made into one, sentence by sentence; nothing where both changed
// the same sentence, for then a person must choose. What both added in one place stands one after
// the other, `older` first. Any text, up to some thousand sentences; longer ones are not merged.
//
// Three-way merge over a longest common subsequence, as in diff3 (Khanna, Kunal, Pierce: "A Formal
// Investigation of Diff3", 2007); the subsequence by the dtl library.
[[nodiscard]] std::optional<std::string> mergeTexts(
    const std::string &base, const std::string &older, const std::string &newer);

// One text of all that were written to a column without having seen each other; nothing when there
// is only one, or a person must choose.
[[nodiscard]] Result<std::optional<std::string>> mergedText(
    Records &records, const RowName &name, ColumnId column);

// What somebody wrote who had only the shown one of them before their eyes, with what the others
// say: merged, or else what only they say behind it. Nothing when there are no others.
[[nodiscard]] Result<std::optional<std::string>> textTakingIn(
    Records &records, const RowName &name, ColumnId column, const std::string &written);

}  // namespace replica
