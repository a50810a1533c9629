#include "sync/base/near_words.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace replica {

namespace {

constexpr std::size_t namedMax = 3;

// Letters added, left out, changed or swapped with their neighbour (optimal string alignment).
std::size_t distance(const std::string &one, const std::string &other)
{
    std::vector<std::size_t> before(other.size() + 1);
    std::vector<std::size_t> last(other.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= one.size(); ++i) {
        std::vector<std::size_t> row(other.size() + 1, i);
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t changed = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::exchange(last, std::move(row));
    }
    return last.back();
}

// One begins with the other: "sync-now", "stat". Too short a word begins too many.
bool begins(const std::string &one, const std::string &other)
{
    const std::size_t shorter = std::min(one.size(), other.size());
    return shorter >= 2 && one.compare(0, shorter, other, 0, shorter) == 0;
}

}  // namespace

std::string notAVerb(
    const std::string &program, const std::string &word, const std::vector<std::string> &known)
{
    std::vector<std::pair<std::size_t, std::string>> near;
    for (const std::string &candidate : known) {
        const std::size_t away = begins(word, candidate) ? 0 : distance(word, candidate);
        if (away <= std::max<std::size_t>(1, candidate.size() / 3))
            near.emplace_back(away, candidate);
    }
    std::sort(near.begin(), near.end());
    near.resize(std::min(near.size(), namedMax));
    std::string sentence = "'" + word + "' is not a " + program + " verb";
    for (std::size_t i = 0; i < near.size(); ++i) {
        sentence += i == 0 ? "; did you mean '" : i + 1 < near.size() ? ", '" : " or '";
        sentence += near[i].second + "'";
    }
    return sentence + (near.empty() ? "" : "?");
}

}  // namespace replica
