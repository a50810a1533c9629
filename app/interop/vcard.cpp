// Reading cards. Writing them is in vcard_writing.cpp.
#include "app/interop/vcard.h"

#include <algorithm>
#include <array>

#include "app/interop/text_input.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t propertiesMax = 5'000;
constexpr std::size_t faultsMax = 10'000;
constexpr std::size_t nestedMax = 8;

// Their semicolons part a value; in all other values of vCard 2.1 a semicolon is a semicolon.
constexpr std::array<std::string_view, 8> structured
    = {"N", "ADR", "ORG", "GEO", "GENDER", "CLIENTPIDMAP", "REQUEST-STATUS", "X-ANDROID-CUSTOM"};

bool is(std::string_view text, std::string_view wanted)
{
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text.size() == wanted.size() && inCapitals(text) == wanted;
}

bool isStructured(const std::string &name)
{
    return std::find(structured.begin(), structured.end(), name) != structured.end();
}

bool isQuotedPrintable(std::string_view line)
{
    const std::string head = inCapitals(line.substr(0, line.find(':')));
    return head.find("QUOTED-PRINTABLE") != std::string::npos;
}

int hexDigit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

Bytes fromQuotedPrintable(std::string_view text)
{
    Bytes octets;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '=' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
        if (low >= 0) {
            octets.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            octets.push_back(text[i]);
        }
    }
    return octets;
}

// A value of vCard 2.1, where only a semicolon was escaped, with the escapes of later versions.
std::string escapedFrom21(std::string_view value, bool isParted)
{
    std::string escaped;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char next = i + 1 < value.size() ? value[i + 1] : '\0';
        if (value[i] == '\\' && (next == ';' || next == ',' || next == '\\' || next == ':')) {
            escaped += next == ':' ? std::string(1, ':') : std::string("\\") + next;
            ++i;
        } else if (value[i] == ';' && isParted) {
            escaped.push_back(';');
        } else {
            escaped += escapedText(value.substr(i, value[i] == '\r' && next == '\n' ? 2 : 1));
            i += value[i] == '\r' && next == '\n' ? 1 : 0;
        }
    }
    return escaped;
}

std::string takeParameter(ContentLine &line, std::string_view name)
{
    const auto at = std::find_if(line.parameters.begin(), line.parameters.end(),
        [&](const Parameter &given) { return given.name == name; });
    if (at == line.parameters.end())
        return {};
    std::string value = at->values.empty() ? std::string() : at->values.front();
    line.parameters.erase(at);
    return value;
}

// Undoes what a version did to a value, so that all versions mean the same by it.
void toOneForm(ContentLine &line, bool is21)
{
    const std::string charset = takeParameter(line, "CHARSET");
    const std::string encoding = inCapitals(takeParameter(line, "ENCODING"));
    if (encoding == "B" || encoding == "BASE64") {
        std::erase_if(line.value, [](char letter) { return letter == ' ' || letter == '\t'; });
        line.parameters.insert(line.parameters.begin(), {"ENCODING", {"b"}});
        return;
    }
    if (encoding == "QUOTED-PRINTABLE") {
        const Bytes octets = fromQuotedPrintable(line.value);
        auto text
            = charset.empty() ? Result<std::string>(likelyUtf8(octets)) : toUtf8(octets, charset);
        line.value = text && isUtf8(*text) ? *std::move(text) : likelyUtf8(octets);
        // Line ends inside are part of the value in any version.
        line.value = escapedFrom21(line.value, isStructured(line.name));
    } else if (is21) {
        // 2.1 parts a position by a comma, later versions by a semicolon.
        if (line.name == "GEO")
            std::replace(line.value.begin(), line.value.end(), ',', ';');
        line.value = escapedFrom21(line.value, isStructured(line.name));
    }
    std::erase(line.value, '\0');
}

// Goes through the lines of a file, card by card.
class CardReader {
public:
    explicit CardReader(std::string_view text)
        : m_lines(physicalLines(text))
    {
    }

    Cards read()
    {
        while (m_at < m_lines.size()) {
            const PhysicalLine &line = m_lines[m_at];
            if (is(line.text, "BEGIN:VCARD")) {
                readCard();
                continue;
            }
            // vdirsyncer puts one around all cards of a file.
            const bool isBook
                = is(line.text, "BEGIN:VADDRESSBOOK") || is(line.text, "END:VADDRESSBOOK");
            if (is(line.text, "END:VCARD") && !m_isLost && !m_cards.cards.empty())
                fault(m_cards.cards.back(), line, "this END:VCARD ends nothing");
            else if (!isBook && line.text.find_first_not_of(" \t") != std::string_view::npos)
                lose(line);
            ++m_at;
        }
        return std::move(m_cards);
    }

private:
    static void fault(Card &card, const PhysicalLine &line, std::string reason)
    {
        if (card.faults.size() < faultsMax)
            card.faults.push_back({line.number, std::move(reason), {}});
    }

    // Said once for a run of lines that stand in no card.
    void lose(const PhysicalLine &line)
    {
        if (!m_isLost)
            m_cards.faults.push_back(
                {line.number, "this stands outside every card (BEGIN:VCARD to END:VCARD)", {}});
        m_isLost = true;
    }

    struct Extent {
        std::size_t end = 0;  // behind its END, or where the next card begins
        std::size_t depth = 0;  // of the cards in it, with itself
        bool hasEnd = false;
    };

    // Of the card whose BEGIN stands at m_at.
    [[nodiscard]] Extent extentOfCard() const
    {
        Extent card;
        std::size_t open = 0;
        for (card.end = m_at; card.end < m_lines.size(); ++card.end) {
            const std::string_view text = m_lines[card.end].text;
            if (is(text, "BEGIN:VCARD")) {
                if (card.end > m_at && !opensAgent(card.end))
                    return card;
                card.depth = std::max(card.depth, ++open);
            } else if (is(text, "END:VCARD") && --open == 0) {
                ++card.end;
                card.hasEnd = true;
                return card;
            }
        }
        return card;
    }

    // vCard 2.1 lets a card stand inside another, behind an empty AGENT.
    [[nodiscard]] bool opensAgent(std::size_t at) const
    {
        return at > 0 && inCapitals(m_lines[at - 1].text.substr(0, 5)) == "AGENT"
            && m_lines[at - 1].text.back() == ':';
    }

    void readCard()
    {
        m_isLost = false;
        const std::size_t from = m_at;
        const Extent found = extentOfCard();
        m_at = found.end;
        if (!found.hasEnd)
            return leaveOut(from,
                "the card that begins here has no END:VCARD; it was left out. Is the file whole?");
        if (found.depth > nestedMax)
            return leaveOut(from,
                "cards stand in one another here, " + std::to_string(found.depth) + " deep, and "
                    + std::to_string(nestedMax) + " are read; they were left out");
        Card card;
        card.line = m_lines[from].number;
        card.version = versionOf(from, found.end);
        for (m_at = from + 1; m_at + 1 < found.end;)
            readProperty(card, found.end - 1);
        m_at = found.end;
        m_cards.cards.push_back(std::move(card));
    }

    // What stands from there to m_at, with its text.
    void leaveOut(std::size_t from, std::string reason)
    {
        InputFault left{m_lines[from].number, std::move(reason), {}};
        for (std::size_t at = from; at < m_at; ++at)
            left.text += std::string(m_lines[at].text) + "\r\n";
        m_cards.faults.push_back(std::move(left));
    }

    [[nodiscard]] std::string versionOf(std::size_t from, std::size_t end) const
    {
        for (std::size_t at = from + 1; at < end; ++at) {
            const std::string_view text = m_lines[at].text;
            if (inCapitals(text.substr(0, 8)) == "VERSION:")
                return std::string(text.substr(8, text.find_last_not_of(" \t") - 7));
        }
        return "3.0";
    }

    // Evolution begins each line behind a soft line break with a space of its own. The text's
    // spaces are =20 there; where one stands as it is anywhere else, those at the beginnings are
    // the text's.
    [[nodiscard]] bool foldsSoftBreaks(std::size_t from, std::size_t end) const
    {
        std::string_view text = m_lines[from].text;
        bool isFolded = text.find(' ') == std::string_view::npos;
        std::size_t at = from + 1;
        for (; isFolded && at < end && !text.empty() && text.back() == '='; ++at) {
            text = m_lines[at].text;
            isFolded = text.substr(0, 1) == " " && text.find(' ', 1) == std::string_view::npos;
        }
        return isFolded && at > from + 1;
    }

    // A line with all that goes on from it; m_at then stands behind it.
    std::string takeLogicalLine(std::size_t end, bool is21)
    {
        std::string whole(m_lines[m_at].text);
        const bool isQuoted = isQuotedPrintable(whole);
        ++m_at;
        const auto goesOn = [&] {
            return m_at < end
                && (m_lines[m_at].text.substr(0, 1) == " "
                    || m_lines[m_at].text.substr(0, 1) == "\t");
        };
        if (isQuoted) {
            // A soft line break; what is behind it begins the next line as it is.
            const bool isFoldedToo = foldsSoftBreaks(m_at - 1, end);
            while (m_at < end && !whole.empty() && whole.back() == '=') {
                whole.pop_back();
                whole += m_lines[m_at++].text.substr(isFoldedToo ? 1 : 0);
            }
            if (!whole.empty() && whole.back() == '=')
                whole.pop_back();
        }
        while (goesOn()) {
            // vCard 2.1 folds where a space was, and the space stays.
            const bool keepsSpace = is21 && !isQuoted;
            whole += m_lines[m_at++].text.substr(keepsSpace ? 0 : 1);
        }
        return whole;
    }

    void readProperty(Card &card, std::size_t end)
    {
        const PhysicalLine first = m_lines[m_at];
        const bool is21 = card.version == "2.1";
        if (first.text.find_first_not_of(" \t") == std::string_view::npos) {
            ++m_at;
            return;
        }
        const std::string whole = takeLogicalLine(end, is21);
        auto property = parseContentLine(
            whole, first.number, is21 ? BareWords::TypesAndEncodings : BareWords::Types);
        if (!property)
            return fault(card, first, property.error().message + "; the line was left out");
        if (property->name == "VERSION")
            return;
        if (m_at < end && is(m_lines[m_at].text, "BEGIN:VCARD"))
            property->value = takeAgent(end);
        else
            toOneForm(*property, is21);
        if (card.properties.size() == propertiesMax)
            return fault(
                card, first, "the card has more lines than are read; the line was left out");
        card.properties.push_back(*std::move(property));
    }

    // The card inside, as the text that vCard 3.0 makes of it.
    std::string takeAgent(std::size_t end)
    {
        std::string inner;
        std::size_t depth = 0;
        while (m_at < end) {
            const std::string_view text = m_lines[m_at++].text;
            inner += std::string(text) + '\n';
            depth += is(text, "BEGIN:VCARD") ? 1 : 0;
            if (is(text, "END:VCARD") && --depth == 0)
                break;
        }
        return escapedText(inner);
    }

    std::vector<PhysicalLine> m_lines;
    std::size_t m_at = 0;
    bool m_isLost = false;
    Cards m_cards;
};

}  // namespace

const ContentLine *Card::property(std::string_view name) const
{
    const auto at = std::find_if(properties.begin(), properties.end(),
        [&](const ContentLine &known) { return known.name == name; });
    return at == properties.end() ? nullptr : &*at;
}

Cards parseCards(std::string_view text)
{
    return CardReader(text).read();
}

}  // namespace tend
