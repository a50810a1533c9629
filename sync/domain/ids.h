#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sync/base/bytes.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace replica {

// A UUID, RFC 9562. Rows, devices, workspaces and epochs are each named by one, for ever.
struct Uuid {
    std::array<std::uint8_t, 16> octets{};

    auto operator<=>(const Uuid &) const = default;

    [[nodiscard]] bool isNil() const { return *this == Uuid{}; }

    // Statements keep the view they are given, so none of a temporary is handed out.
    BytesView bytes() const && = delete;

    [[nodiscard]] BytesView bytes() const &
    {
        return {reinterpret_cast<const char *>(octets.data()), octets.size()};
    }
};

using RowId = Uuid;
using DeviceId = Uuid;
using EpochId = Uuid;

// Version 7: sorts by the millisecond it was made in.
[[nodiscard]] Uuid makeUuid7(WallTime now, Random &random);
// Version 8 over 16 octets of a digest: the same name gives the same id on every device.
[[nodiscard]] Uuid makeDerivedUuid(BytesView digest);
[[nodiscard]] std::string toText(const Uuid &id);
// Nothing unless text is 36 characters in the usual form, either case.
[[nodiscard]] std::optional<Uuid> parseUuid(std::string_view text);
// Nothing unless there are exactly 16 octets.
[[nodiscard]] std::optional<Uuid> uuidOf(BytesView octets);

// One life of a device's database. A restored or cloned database begins a new one, so that its
// counters cannot be taken for those already used.
enum class Incarnation : std::uint64_t {};
// Numbers the groups one incarnation made: 1, 2, 3, ... without gaps.
enum class Counter : std::uint64_t {};
// Place of an accepted group in its workspace's log; 0 = not accepted yet.
enum class Sequence : std::uint64_t {};

// The number behind one of the strong types above.
template <typename Number>
constexpr std::uint64_t raw(Number number)
{
    return static_cast<std::uint64_t>(number);
}

template <typename Number>
constexpr Number after(Number number)
{
    return Number{raw(number) + 1};
}

}  // namespace replica

template <>
struct std::hash<replica::Uuid> {
    std::size_t operator()(const replica::Uuid &id) const noexcept
    {
        return std::hash<std::string_view>{}(id.bytes());
    }
};
