#pragma once

#include <cstdint>
#include <vector>

#include "sync/base/bytes.h"
#include "sync/base/result.h"

namespace tend::server {

using replica::Bytes;
using replica::BytesView;
using replica::Result;
using replica::Status;

// The seam to where the bytes of files lie. A file is named by its digest, a chunk by its own, so
// what lies under a name never changes; who may have it, and what a whole file is, is not the
// shelf's to know. An object store holds it as "<file>/<chunk>". One thread. Realised over a
// directory and, for tests, in memory; a contract suite holds both.
class FileShelf {
public:
    virtual ~FileShelf() = default;

    // Durable when it returns; a second time does nothing. Errors: Full, Io.
    [[nodiscard]] virtual Status put(BytesView file, BytesView chunk, BytesView octets) = 0;
    [[nodiscard]] virtual Result<bool> has(BytesView file, BytesView chunk) = 0;
    // Errors: NotFound, Io.
    [[nodiscard]] virtual Result<Bytes> read(BytesView file, BytesView chunk) = 0;
    // All chunks of a file; none is no fault.
    [[nodiscard]] virtual Status erase(BytesView file) = 0;

    // Digests of files with at least one chunk, rising, after this one.
    [[nodiscard]] virtual Result<std::vector<Bytes>> files(BytesView after, std::size_t countMax)
        = 0;
    // Digests of the chunks of a file that are here, rising.
    [[nodiscard]] virtual Result<std::vector<Bytes>> chunks(BytesView file) = 0;
    // Of all that lies here.
    [[nodiscard]] virtual Result<std::uint64_t> octets() = 0;
};

}  // namespace tend::server
