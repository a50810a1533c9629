#include "sync/records/text_merge.h"

#include <algorithm>
#include <dtl/dtl.hpp>
#include <vector>

#include "sync/base/mutant.h"

namespace replica {

namespace {

constexpr std::size_t piecesMax = 4'000;  // the subsequence costs up to the square of this

using Pieces = std::vector<std::string>;

bool isSpace(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

bool endsSentence(char letter)
{
    return letter == '.' || letter == '!' || letter == '?';
}

// Sentences and the white space between them, every line break by itself; together the text again.
Pieces piecesOf(const std::string &text)
{
    Pieces pieces;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (text[at] != '\n' && isSpace(text[at])) {
            while (end < text.size() && text[end] != '\n' && isSpace(text[end]))
                ++end;
        } else if (text[at] != '\n') {
            while (end < text.size() && text[end] != '\n'
                && !(isSpace(text[end]) && endsSentence(text[end - 1])))
                ++end;
        }
        pieces.push_back(text.substr(at, end - at));
        at = end;
    }
    return pieces;
}

// For each piece of `base` its place in `other`, or -1.
std::vector<std::int64_t> placesIn(const Pieces &base, const Pieces &other)
{
    dtl::Diff<std::string, Pieces> difference(base, other);
    difference.compose();
    std::vector<std::int64_t> places(base.size(), -1);
    const auto script = difference.getSes().getSequence();
    std::int64_t inBase = 0;
    std::int64_t inOther = 0;
    for (const auto &[piece, step] : script) {
        if (step.type == dtl::SES_COMMON)
            places[static_cast<std::size_t>(inBase)] = inOther;
        inBase += step.type == dtl::SES_ADD ? 0 : 1;
        inOther += step.type == dtl::SES_DELETE ? 0 : 1;
    }
    return places;
}

std::string textOf(const Pieces &pieces, std::int64_t from, std::int64_t to)
{
    std::string text;
    for (std::int64_t at = from; at < to; ++at)
        text += pieces[static_cast<std::size_t>(at)];
    return text;
}

bool isBlank(const std::string &text)
{
    return std::all_of(text.begin(), text.end(), isSpace);
}

// What a text adds behind, or before, what it leaves as it was.
std::string addedBehind(const std::string &base, const std::string &text)
{
    const bool goesOn
        = text.size() > base.size() && text.starts_with(base) && isSpace(text[base.size()]);
    return goesOn ? text.substr(base.size()) : "";
}

std::string addedBefore(const std::string &base, const std::string &text)
{
    const bool leadsTo = text.size() > base.size() && text.ends_with(base)
        && isSpace(text[text.size() - base.size() - 1]);
    return leadsTo ? text.substr(0, text.size() - base.size()) : "";
}

// The sentences that both have, in one order. A text that the log does not hold may have brought
// them: two that took in a refused one have no common origin, and still its sentences.
std::string sharedSentences(const std::string &older, const std::string &newer)
{
    Pieces one = piecesOf(older);
    Pieces other = piecesOf(newer);
    std::erase_if(one, isBlank);
    std::erase_if(other, isBlank);
    const auto places = placesIn(one, other);
    std::string shared;
    for (std::size_t at = 0; at < one.size(); ++at) {
        if (places[at] >= 0)
            shared += (shared.empty() ? "" : " ") + one[at];
    }
    return shared;
}

// What stands in one place of all three, between two pieces that all have.
std::optional<std::string> mergedPlace(
    const std::string &base, const std::string &older, const std::string &newer)
{
    if (older == base || older == newer)
        return newer;
    if (newer == base)
        return older;
    if (!isBlank(base)) {
        // One changed a sentence, the other wrote beside it.
        for (const auto &[changed, beside] :
            {std::pair(&older, &newer), std::pair(&newer, &older)}) {
            const std::string behind = addedBehind(base, *beside);
            const std::string before = addedBefore(base, *beside);
            if (!behind.empty() || !before.empty())
                return before + *changed + behind;
        }
        return std::nullopt;
    }
    if (isBlank(older) || MUTANT(merge_drops_one))
        return newer;
    if (isBlank(newer))
        return older;
    if (const std::string shared = sharedSentences(older, newer); !shared.empty())
        return mergeTexts(shared, older, newer);
    const bool isApart = isSpace(older.back()) || isSpace(newer.front());
    return older + (isApart ? "" : "\n") + newer;
}

}  // namespace

std::optional<std::string> mergeTexts(
    const std::string &base, const std::string &older, const std::string &newer)
{
    const Pieces common = piecesOf(base);
    const Pieces one = piecesOf(older);
    const Pieces other = piecesOf(newer);
    if (std::max({common.size(), one.size(), other.size()}) > piecesMax)
        return std::nullopt;
    const auto inOne = placesIn(common, one);
    const auto inOther = placesIn(common, other);
    std::string merged;
    std::int64_t atBase = 0;
    std::int64_t atOne = 0;
    std::int64_t atOther = 0;
    const auto mergeUpTo = [&](std::int64_t baseEnd, std::int64_t oneEnd, std::int64_t otherEnd) {
        const auto place = mergedPlace(textOf(common, atBase, baseEnd), textOf(one, atOne, oneEnd),
            textOf(other, atOther, otherEnd));
        merged += place.value_or("");
        atBase = baseEnd;
        atOne = oneEnd;
        atOther = otherEnd;
        return place.has_value();
    };
    for (std::size_t at = 0; at < common.size(); ++at) {
        if (inOne[at] < 0 || inOther[at] < 0)
            continue;
        if (!mergeUpTo(static_cast<std::int64_t>(at), inOne[at], inOther[at]))
            return std::nullopt;
        merged += common[at];
        ++atBase;
        ++atOne;
        ++atOther;
    }
    const bool isWhole = mergeUpTo(static_cast<std::int64_t>(common.size()),
        static_cast<std::int64_t>(one.size()), static_cast<std::int64_t>(other.size()));
    return isWhole ? std::optional(std::move(merged)) : std::nullopt;
}

namespace {

// One write of a text, oldest first by wins() where they stand in a row.
struct Written {
    GroupHeader by;
    std::string text;
};

// Those that no other of them has seen.
std::vector<Written> newestOf(const std::vector<Written> &texts)
{
    std::vector<Written> newest;
    for (const Written &one : texts) {
        const bool isSeen = std::any_of(texts.begin(), texts.end(),
            [&](const Written &other) { return sees(other.by, one.by); });
        if (!isSeen)
            newest.push_back(one);
    }
    return newest;
}

// Where the texts have several common origins, which is so when two people merged in different
// order or a restored server merged anew, those are first made one: as git's recursive strategy.
std::optional<std::string> madeOne(
    const std::vector<Written> &texts, const std::vector<Written> &history, int depth)
{
    constexpr int depthMax = 16;
    if (depth > depthMax)
        return std::nullopt;
    std::optional<std::string> text = texts.front().text;
    for (std::size_t at = 1; at < texts.size() && text; ++at) {
        std::vector<Written> common;
        for (const Written &origin : history) {
            const bool isSeen
                = std::any_of(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(at),
                    [&](const Written &merged) { return sees(merged.by, origin.by); });
            if (isSeen && sees(texts[at].by, origin.by))
                common.push_back(origin);
        }
        common = newestOf(common);
        const auto base
            = common.empty() ? std::optional<std::string>("") : madeOne(common, history, depth + 1);
        text = base ? mergeTexts(*base, *text, texts[at].text) : std::nullopt;
    }
    return text;
}

struct Texts {
    std::vector<Written> open;  // that nobody has seen and overwritten
    std::vector<Written> overtaken;
    std::size_t shown = 0;  // of the open ones
};

Result<Texts> textsOf(Records &records, const RowName &name, ColumnId column)
{
    Texts texts;
    RowState state = TRY(records.load(name.table, name.row));
    std::erase_if(state.heads, [&](const Head &head) { return head.column != column; });
    if (state.heads.size() < 2 || !TRY(records.row(name.table, name.row)))
        return texts;
    for (const HistoryEntry &entry : TRY(records.history(name.table, name.row))) {
        if (entry.column != column)
            continue;
        const auto *text = std::get_if<std::string>(&entry.value);
        const bool isOpen = std::any_of(state.heads.begin(), state.heads.end(),
            [&](const Head &head) { return head.group == entry.group; });
        if (entry.isShown)
            texts.shown = texts.open.size();
        (isOpen ? texts.open : texts.overtaken)
            .push_back({records.header(entry.group), text ? *text : std::string()});
    }
    return texts;
}

}  // namespace

namespace {

// The sentences of `from` that do not stand in `text`, in their order.
std::string missingIn(const std::string &text, const std::string &from)
{
    const Pieces there = piecesOf(text);
    std::string missing;
    for (const std::string &piece : piecesOf(from)) {
        if (isBlank(piece) || std::find(there.begin(), there.end(), piece) != there.end())
            continue;
        missing += (missing.empty() ? "" : " ") + piece;
    }
    return missing;
}

}  // namespace

Result<std::optional<std::string>> mergedText(
    Records &records, const RowName &name, ColumnId column)
{
    constexpr std::size_t octetsMax = 256U << 10U;
    const Texts texts = TRY(textsOf(records, name, column));
    auto text = texts.open.empty() ? std::nullopt : madeOne(texts.open, texts.overtaken, 0);
    return text && text->size() <= octetsMax ? std::move(text) : std::nullopt;
}

Result<std::optional<std::string>> textTakingIn(
    Records &records, const RowName &name, ColumnId column, const std::string &written)
{
    Texts texts = TRY(textsOf(records, name, column));
    if (texts.open.empty())
        return std::optional<std::string>();
    texts.open[texts.shown].text = written;
    auto text = madeOne(texts.open, texts.overtaken, 0);
    if (text)
        return text;
    text = written;
    for (std::size_t at = 0; at < texts.open.size(); ++at) {
        const std::string missing = at == texts.shown ? "" : missingIn(*text, texts.open[at].text);
        if (!missing.empty())
            *text += '\n' + missing;
    }
    return text;
}

}  // namespace replica
