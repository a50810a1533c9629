#pragma once

#include <memory>
#include <string>
#include <vector>

namespace tend {

// What two entries have in common that speaks for one person: docs/RULES.md, "Doubles".
enum class Likeness { Name, Phone, Email, Card };

// What somebody wrote down of a customer. Any of it may be empty.
struct Entry {
    std::string name;
    std::string phone;
    std::string email;
    std::string card;
};

// An entry made ready to be compared often.
struct ReadyEntry {
    Entry entry;
    std::vector<std::string> words;  // of the name, as written
};

// A name made ready to be compared: its words in small Latin letters without accents (ICU).
class NameFolder {
public:
    NameFolder();
    NameFolder(const NameFolder &) = delete;
    NameFolder &operator=(const NameFolder &) = delete;
    ~NameFolder();

    [[nodiscard]] std::vector<std::string> words(const std::string &name) const;
    [[nodiscard]] ReadyEntry ready(Entry entry) const;

private:
    struct Letters;
    std::unique_ptr<Letters> m_letters;
};

// So many last digits tell a phone number; fewer are an extension or a beginning.
inline constexpr std::size_t phoneEndDigits = 6;
// Letters of a name in which two may differ; in shorter ones, one.
inline constexpr std::size_t longName = 8;

// Words as NameFolder gives them. Numbers in names must be equal: shop 12 is not shop 13.
[[nodiscard]] bool areNamesAlike(
    const std::vector<std::string> &one, const std::vector<std::string> &other);
// What a name's words are found by although one letter of each is mistaken: of each word the first
// few letters, whole and with any one left out; two such words that differ by one letter share one
// of these. After the deletion neighbourhoods of SymSpell.
[[nodiscard]] std::vector<std::vector<std::string>> nearKeys(const std::vector<std::string> &words);
// The same subscriber, however written, with the country or without (libphonenumber).
[[nodiscard]] bool arePhonesAlike(const std::string &one, const std::string &other);
// How many letters differ: left out, added, another one, or two that changed places; anything above
// `most` is told as `most` + 1. Optimal string alignment.
[[nodiscard]] std::size_t letterDistance(
    const std::string &one, const std::string &other, std::size_t most);

// In the order of the enum; empty where nothing speaks for it.
[[nodiscard]] std::vector<Likeness> likenessOf(const ReadyEntry &one, const ReadyEntry &other);

// Digits alone, in any script, as 0 to 9.
[[nodiscard]] std::string digitsIn(const std::string &text);
// Without spaces, and with small and large letters alike in every alphabet: for what is compared as
// it was written, e-mail addresses, cards, items.
[[nodiscard]] std::string plainly(const std::string &text);
// A card as one word, for who types it otherwise than it is printed: AB-123 C is ab123c.
[[nodiscard]] std::string cardWord(const std::string &card);
// Whether a search can find it: letters and numbers, in any script.
[[nodiscard]] bool hasLetterOrDigit(const std::string &text);

}  // namespace tend
