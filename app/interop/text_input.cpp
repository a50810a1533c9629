#include "app/interop/text_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iconv.h>
#include <memory>
#include <uchardet/uchardet.h>
#include <utility>

#include "sync/base/handle.h"

namespace tend {

using namespace replica;

namespace {

// With fewer than so many octets beyond ASCII a guess is chance; Western Windows is likeliest then.
constexpr std::size_t tellingOctetsMin = 12;
constexpr std::size_t guessedOverMax = 1U << 20U;
const std::string western = "WINDOWS-1252";

using Detector = Handle<uchardet, &uchardet_delete>;

class Converter {
public:
    explicit Converter(const std::string &from)
        : m_handle(::iconv_open("UTF-8", from.c_str()))
    {
    }

    Converter(const Converter &) = delete;
    Converter &operator=(const Converter &) = delete;

    ~Converter()
    {
        if (isOpen())
            ::iconv_close(m_handle);
    }

    // iconv's own way of saying no.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    [[nodiscard]] bool isOpen() const { return m_handle != reinterpret_cast<iconv_t>(-1); }

    // Nothing where an octet has no meaning.
    [[nodiscard]] bool convert(BytesView octets, std::string &into)
    {
        Bytes from(octets);
        char *in = from.data();
        std::size_t left = from.size();
        std::array<char, 4096> piece{};
        while (left > 0) {
            char *out = piece.data();
            std::size_t room = piece.size();
            const std::size_t done = ::iconv(m_handle, &in, &left, &out, &room);
            into.append(piece.data(), piece.size() - room);
            if (done == static_cast<std::size_t>(-1) && errno != E2BIG)
                return false;
        }
        return true;
    }

private:
    iconv_t m_handle;
};

bool beginsWith(BytesView octets, BytesView mark)
{
    return octets.substr(0, mark.size()) == mark;
}

// UTF-16 without a mark: of the first octets, nearly every other one is none.
std::string utf16Of(BytesView octets)
{
    const BytesView head = octets.substr(0, 512);
    std::array<std::size_t, 2> noneAt{};
    for (std::size_t i = 0; i < head.size(); ++i)
        noneAt.at(i % 2) += head[i] == '\0' ? 1 : 0;
    if (head.size() < 4 || noneAt[0] + noneAt[1] < head.size() / 4)
        return {};
    return noneAt[1] > noneAt[0] ? "UTF-16LE" : "UTF-16BE";
}

std::string guessOf(BytesView octets)
{
    const auto telling = static_cast<std::size_t>(std::count_if(
        octets.begin(), octets.end(), [](char octet) { return (octet & 0x80) != 0; }));
    if (telling < tellingOctetsMin)
        return western;
    const Detector detector(uchardet_new());
    const BytesView seen = octets.substr(0, guessedOverMax);
    if (!detector || uchardet_handle_data(detector.get(), seen.data(), seen.size()) != 0)
        return western;
    uchardet_data_end(detector.get());
    const std::string guess = uchardet_get_charset(detector.get());
    return guess.empty() || guess == "ASCII" || guess == "UTF-8" ? western : guess;
}

Result<DecodedText> decodedAs(BytesView octets, const std::string &encoding)
{
    DecodedText decoded{TRY(toUtf8(octets, encoding)), encoding};
    if (decoded.text.find('\0') != std::string::npos)
        return fail(ErrorCode::Invalid, "this is no text file");
    return decoded;
}

std::size_t lengthOfCharacter(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

}  // namespace

bool isUtf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = lengthOfCharacter(first);
        if (length == 0 || at + length > text.size())
            return false;
        for (std::size_t i = 1; i < length; ++i) {
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80)
                return false;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[at + 1]) : 0;
        // Overlong forms, halves of surrogates, and what lies beyond Unicode.
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
            || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
            return false;
        at += length;
    }
    return true;
}

Result<std::string> toUtf8(BytesView octets, const std::string &encoding)
{
    Converter converter(encoding);
    if (!converter.isOpen())
        return fail(ErrorCode::Invalid, "the encoding '" + encoding + "' is not known here");
    std::string text;
    text.reserve(octets.size() + octets.size() / 4);
    if (!converter.convert(octets, text))
        return fail(ErrorCode::Invalid,
            "the file is not in the encoding " + encoding + "; name another with --encoding NAME");
    return text;
}

std::string likelyUtf8(BytesView octets)
{
    if (isUtf8(octets))
        return std::string(octets);
    for (const char *encoding : {"WINDOWS-1252", "ISO-8859-1"}) {
        if (auto text = toUtf8(octets, encoding))
            return *std::move(text);
    }
    return {};
}

Result<DecodedText> decodeText(BytesView octets, const std::string &encoding)
{
    using namespace std::string_view_literals;
    if (octets.size() > inputOctetsMax)
        return fail(ErrorCode::Invalid,
            "the file has more than " + std::to_string(inputOctetsMax >> 20U)
                + " MiB; split it and import the parts");
    constexpr std::array<std::pair<std::string_view, const char *>, 3> marks
        = {{{"\xEF\xBB\xBF"sv, "UTF-8"}, {"\xFF\xFE"sv, "UTF-16LE"}, {"\xFE\xFF"sv, "UTF-16BE"}}};
    for (const auto &[mark, name] : marks) {
        if (beginsWith(octets, mark) && (encoding.empty() || encoding == name))
            return decodedAs(octets.substr(mark.size()), name);
    }
    if (!encoding.empty())
        return decodedAs(octets, encoding);
    if (const std::string wide = utf16Of(octets); !wide.empty())
        return decodedAs(octets, wide);
    if (isUtf8(octets))
        return decodedAs(octets, "UTF-8");
    const std::string guess = guessOf(octets);
    if (auto decoded = decodedAs(octets, guess))
        return decoded;
    if (octets.find('\0') != BytesView::npos)
        return fail(ErrorCode::Invalid, "this is no text file");
    return DecodedText{likelyUtf8(octets), western};
}

Result<Bytes> readInput(const std::string &name)
{
    const bool isStdin = name == "-";
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> opened(
        isStdin ? nullptr : std::fopen(name.c_str(), "rb"),
        [](std::FILE *file) { return file ? std::fclose(file) : 0; });
    std::FILE *file = isStdin ? stdin : opened.get();
    if (!file)
        return fail(ErrorCode::NotFound, name + ": " + std::strerror(errno));
    Bytes octets;
    std::array<char, 65536> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file)) {
        octets.append(piece.data(), count);
        if (octets.size() > inputOctetsMax)
            return fail(ErrorCode::Invalid,
                name + " has more than " + std::to_string(inputOctetsMax >> 20U)
                    + " MiB; split it and import the parts");
    }
    if (std::ferror(file) != 0)
        return fail(ErrorCode::Io, name + ": " + std::strerror(errno));
    return octets;
}

}  // namespace tend
