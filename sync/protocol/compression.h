#pragma once

#include <optional>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

// zstd around messages on the wire, the same for device and server.
namespace replica {

// What may travel as one message, and what it may unpack to.
// A request may be one group of the largest size that does not shrink, with its message around it.
inline constexpr std::size_t wireBytesMax = (1U << 20U) + (64U << 10U);
inline constexpr std::size_t inflatedBytesMax = 8U << 20U;
inline constexpr std::size_t inflationRatioMax = 100;
// An answer may be a full page and one whole group of octets that do not shrink: a limit below that
// would stop a device for ever at the place where it met one.
inline constexpr std::size_t answerBytesMax = 2U << 20U;

// The octets packed, when that makes them smaller; nothing for short ones, where the frame costs
// more than it saves. Any thread.
[[nodiscard]] std::optional<Bytes> deflate(BytesView octets);

// What was packed. Reads no more memory than the limits allow, whatever the frame claims. Any
// thread. Errors: Full when it would unpack to more than the limits, Invalid when it is no whole
// zstd frame.
[[nodiscard]] Result<Bytes> inflate(BytesView packed);

}  // namespace replica
