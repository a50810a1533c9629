#include "app/journal/likeness.h"

#include <algorithm>
#include <cctype>
#include <phonenumbers/phonenumberutil.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "app/journal/words.h"

namespace tend {

namespace {

constexpr std::size_t nearLetters = 5;  // enough to tell, few enough to stay small in an index

std::vector<std::string> sorted(std::vector<std::string> words)
{
    std::sort(words.begin(), words.end());
    return words;
}

template <typename Take>
void forEachLetter(const std::string &text, Take take)
{
    const auto letters = icu::UnicodeString::fromUTF8(text);
    for (std::int32_t at = 0; at < letters.length(); at = letters.moveIndex32(at, 1))
        take(letters.char32At(at));
}

// What FTS5 makes words of.
bool isOfWords(UChar32 letter)
{
    constexpr std::uint32_t ofWords = U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK;
    return (U_MASK(u_charType(letter)) & ofWords) != 0;
}

// Both in the order of letters.
bool holdsAll(const std::vector<std::string> &many, const std::vector<std::string> &few)
{
    return few.size() >= 2 && std::includes(many.begin(), many.end(), few.begin(), few.end());
}

}  // namespace

struct NameFolder::Letters {
    std::unique_ptr<icu::Transliterator> toPlain;
};

NameFolder::NameFolder()
    : m_letters(std::make_unique<Letters>())
{
    UErrorCode status = U_ZERO_ERROR;
    m_letters->toPlain.reset(icu::Transliterator::createInstance(
        "Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
}

NameFolder::~NameFolder() = default;

std::vector<std::string> NameFolder::words(const std::string &name) const
{
    std::string plain;
    if (isAscii(name)) {
        // Most are, and ICU takes a hundred times as long.
        std::transform(name.begin(), name.end(), std::back_inserter(plain),
            [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    } else {
        icu::UnicodeString letters = icu::UnicodeString::fromUTF8(name);
        // Without ICU's data names are compared as they are written.
        if (m_letters->toPlain)
            m_letters->toPlain->transliterate(letters);
        letters.toUTF8String(plain);
    }
    std::vector<std::string> words;
    std::string word;
    for (const char letter : plain + ' ') {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet >= 128 || std::isalnum(octet) != 0) {
            word.push_back(letter);
        } else if (letter != '\'' && !word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    return words;
}

std::size_t letterDistance(const std::string &one, const std::string &other, std::size_t most)
{
    const std::size_t rows = one.size();
    const std::size_t columns = other.size();
    if (std::max(rows, columns) - std::min(rows, columns) > most)
        return most + 1;
    std::vector<std::size_t> before;
    std::vector<std::size_t> last(columns + 1);
    for (std::size_t column = 0; column <= columns; ++column)
        last[column] = column;
    for (std::size_t row = 1; row <= rows; ++row) {
        std::vector<std::size_t> now(columns + 1, row);
        std::size_t least = row;
        for (std::size_t column = 1; column <= columns; ++column) {
            const bool isSame = one[row - 1] == other[column - 1];
            now[column] = std::min(
                {last[column] + 1, now[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1)});
            const bool areSwapped = row > 1 && column > 1 && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            if (areSwapped)
                now[column] = std::min(now[column], before[column - 2] + 1);
            least = std::min(least, now[column]);
        }
        if (least > most)
            return most + 1;
        before = std::exchange(last, std::move(now));
    }
    return std::min(last[columns], most + 1);
}

std::vector<std::vector<std::string>> nearKeys(const std::vector<std::string> &words)
{
    std::vector<std::vector<std::string>> keys;
    for (const std::string &word : words) {
        // What stays in letters of several octets is not cut in between.
        const bool isPlain = isAscii(word);
        std::vector<std::string> its = {isPlain ? word.substr(0, nearLetters) : word};
        const std::string beginning = its.front();
        for (std::size_t i = 0; isPlain && beginning.size() > 1 && i < beginning.size(); ++i)
            its.push_back(beginning.substr(0, i) + beginning.substr(i + 1));
        std::sort(its.begin(), its.end());
        its.erase(std::unique(its.begin(), its.end()), its.end());
        keys.push_back(std::move(its));
    }
    return keys;
}

bool areNamesAlike(const std::vector<std::string> &one, const std::vector<std::string> &other)
{
    const std::string its = joined(one, " ");
    const std::string others = joined(other, " ");
    if (its.empty() || others.empty() || digitsIn(its) != digitsIn(others))
        return false;
    const auto itsInOrder = sorted(one);
    const auto othersInOrder = sorted(other);
    if (holdsAll(itsInOrder, othersInOrder) || holdsAll(othersInOrder, itsInOrder))
        return true;
    const auto lettersOf = [](const std::string &name) {
        return name.size() - static_cast<std::size_t>(std::count(name.begin(), name.end(), ' '));
    };
    const std::size_t most = std::min(lettersOf(its), lettersOf(others)) >= longName ? 2 : 1;
    // As written too: a word that begins with a mistake stands elsewhere in the other order.
    return letterDistance(its, others, most) <= most
        || letterDistance(joined(itsInOrder, " "), joined(othersInOrder, " "), most) <= most;
}

bool arePhonesAlike(const std::string &one, const std::string &other)
{
    using i18n::phonenumbers::PhoneNumberUtil;
    const auto end = [](const std::string &phone) {
        const std::string digits = digitsIn(phone);
        return digits.size() < phoneEndDigits ? "" : digits.substr(digits.size() - phoneEndDigits);
    };
    if (end(one).empty() || end(one) != end(other))
        return false;
    const auto match = PhoneNumberUtil::GetInstance()->IsNumberMatchWithTwoStrings(one, other);
    if (match == PhoneNumberUtil::EXACT_MATCH || match == PhoneNumberUtil::NSN_MATCH)
        return true;
    // Within one country people dial a zero first that the number from abroad has not.
    const auto withoutTrunk = [](const std::string &phone) {
        const std::string digits = digitsIn(phone);
        return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
    };
    const bool isOneAbroad = one.find('+') != std::string::npos;
    const bool isOtherAbroad = other.find('+') != std::string::npos;
    if (isOneAbroad == isOtherAbroad)
        return withoutTrunk(one) == withoutTrunk(other);
    i18n::phonenumbers::PhoneNumber abroad;
    if (PhoneNumberUtil::GetInstance()->Parse(isOneAbroad ? one : other, "ZZ", &abroad)
        != PhoneNumberUtil::NO_PARSING_ERROR)
        return false;
    return std::to_string(abroad.national_number()) == withoutTrunk(isOneAbroad ? other : one);
}

ReadyEntry NameFolder::ready(Entry entry) const
{
    ReadyEntry ready{std::move(entry), {}};
    ready.words = words(ready.entry.name);
    return ready;
}

std::vector<Likeness> likenessOf(const ReadyEntry &one, const ReadyEntry &other)
{
    const auto areEqual = [](const std::string &its, const std::string &others) {
        const std::string plain = plainly(its);
        return !plain.empty() && plain == plainly(others);
    };
    std::vector<Likeness> found;
    if (areNamesAlike(one.words, other.words))
        found.push_back(Likeness::Name);
    if (arePhonesAlike(one.entry.phone, other.entry.phone))
        found.push_back(Likeness::Phone);
    if (areEqual(one.entry.email, other.entry.email))
        found.push_back(Likeness::Email);
    if (areEqual(one.entry.card, other.entry.card))
        found.push_back(Likeness::Card);
    return found;
}

std::string digitsIn(const std::string &text)
{
    std::string digits;
    forEachLetter(text, [&](UChar32 letter) {
        if (const auto digit = u_charDigitValue(letter); digit >= 0)
            digits.push_back(static_cast<char>('0' + digit));
    });
    return digits;
}

std::string cardWord(const std::string &card)
{
    icu::UnicodeString word;
    forEachLetter(plainly(card), [&](UChar32 letter) {
        if (isOfWords(letter))
            word.append(letter);
    });
    std::string text;
    word.toUTF8String(text);
    return text;
}

bool hasLetterOrDigit(const std::string &text)
{
    bool hasAny = false;
    forEachLetter(text, [&](UChar32 letter) { hasAny = hasAny || isOfWords(letter); });
    return hasAny;
}

std::string plainly(const std::string &text)
{
    std::string plain;
    bool isAscii = true;
    for (const char letter : text) {
        const auto octet = static_cast<unsigned char>(letter);
        isAscii = isAscii && octet < 128;
        if (octet > ' ')
            plain.push_back(octet < 128 ? static_cast<char>(std::tolower(octet)) : letter);
    }
    if (isAscii)
        return plain;
    std::string folded;
    icu::UnicodeString::fromUTF8(plain).foldCase().toUTF8String(folded);
    return folded;
}

}  // namespace tend
