#pragma once

#include "sync/base/random.h"
#include "sync/store/store.h"

namespace replica {

// The chance that all keys of a replica's files come from. It lies in the replica itself, so who
// opens the one opens the other, and it goes with the last file: what a disk may still hold of them
// is then unreadable. Asked anew each time, because another process may have dropped or made it.
class FileKey {
public:
    FileKey(Store &store, Random &random)
        : m_store(store)
        , m_random(random)
    {
    }

    // Nothing when no file was ever kept, or none is any more.
    [[nodiscard]] Result<std::optional<Bytes>> read();
    [[nodiscard]] Result<Bytes> readOrMake();
    [[nodiscard]] Status drop();

private:
    Store &m_store;
    Random &m_random;
};

}  // namespace replica
