#include "sync/base/bytes.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <strings.h>

namespace replica {

namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr std::string_view base64Digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hexValue(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

}  // namespace

std::string toHex(BytesView bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        const auto value = static_cast<std::uint8_t>(byte);
        text.push_back(hexDigits[value >> 4U]);
        text.push_back(hexDigits[value & 0xfU]);
    }
    return text;
}

std::optional<Bytes> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexValue(text[i]);
        const int low = hexValue(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

std::string toBase64Url(BytesView bytes)
{
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char byte : bytes) {
        window = (window << 8U) | static_cast<std::uint8_t>(byte);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text.push_back(base64Digits[(window >> static_cast<unsigned>(bits)) & 0x3fU]);
        }
    }
    if (bits > 0)
        text.push_back(base64Digits[(window << static_cast<unsigned>(6 - bits)) & 0x3fU]);
    return text;
}

std::optional<Bytes> fromBase64Url(std::string_view text)
{
    Bytes bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char digit : text) {
        const auto value = base64Digits.find(digit);
        if (value == std::string_view::npos)
            return std::nullopt;
        window = (window << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>((window >> static_cast<unsigned>(bits)) & 0xffU));
        }
    }
    const auto rest = window & ((1U << static_cast<unsigned>(bits)) - 1U);
    if (bits >= 6 || rest != 0)
        return std::nullopt;
    return bytes;
}

void wipe(Bytes &bytes) noexcept
{
    ::explicit_bzero(bytes.data(), bytes.size());
    bytes.clear();
}

}  // namespace replica
