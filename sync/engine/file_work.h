#pragma once

#include <optional>

#include "sync/base/result.h"
#include "sync/protocol/transport.h"

namespace replica {

// Port: what the engine does while nothing is left to send or fetch: the files that rows name, one
// piece at a time. The engine goes back to the rows whenever one was written. Realised in
// sync/files. One thread.
class FileWork {
public:
    virtual ~FileWork() = default;

    struct Request {
        Route route{};
        Bytes body;
    };

    struct Piece {
        std::optional<Request> request;
        bool hasMore = false;  // without a request: ask again at once
    };

    // Does one bounded piece of work, or hands out the next request. Neither: there is nothing to
    // do for now. Errors are the database's own; what a file's disk or the server refuses is that
    // file's matter.
    [[nodiscard]] virtual Result<Piece> next() = 0;
    // Takes in what became of the last request: its answer, or Refused with the server's words.
    [[nodiscard]] virtual Status take(Result<Bytes> answer) = 0;
};

}  // namespace replica
