#pragma once

#include <initializer_list>

#include "sync/base/bytes.h"

namespace replica::crypto {

// SHA-256, 32 octets.
[[nodiscard]] Bytes sha256(BytesView octets);
// SHA-256 over several pieces as if they were one.
[[nodiscard]] Bytes sha256(std::initializer_list<BytesView> pieces);
// True when equal, in a time that does not tell where they differ.
[[nodiscard]] bool equalInConstantTime(BytesView one, BytesView other);

}  // namespace replica::crypto
