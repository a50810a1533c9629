#pragma once

#include <initializer_list>

#include "sync/base/bytes.h"
#include "sync/base/handle.h"

struct evp_md_ctx_st;

namespace replica::crypto {

// SHA-256, 32 octets.
[[nodiscard]] Bytes sha256(BytesView octets);
// SHA-256 over several pieces as if they were one.
[[nodiscard]] Bytes sha256(std::initializer_list<BytesView> pieces);
void freeDigest(evp_md_ctx_st *context) noexcept;

// SHA-256 of what comes in pieces, none of which needs to stay.
class RunningDigest {
public:
    RunningDigest();
    void add(BytesView octets);
    // Once.
    [[nodiscard]] Bytes finish();

private:
    Handle<evp_md_ctx_st, &freeDigest> m_context;
};

// True when equal, in a time that does not tell where they differ.
[[nodiscard]] bool equalInConstantTime(BytesView one, BytesView other);

}  // namespace replica::crypto
