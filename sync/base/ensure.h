#pragma once

#include <cstdio>
#include <cstdlib>

// Stops the program when something that must hold does not: our own bug, never an operating error.
// On in release builds too; the database's log keeps what was committed whole.
#define ENSURE(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) [[unlikely]]                                                             \
            ::replica::brokenInvariant(#condition, __FILE__, __LINE__);                            \
    } while (false)

namespace replica {

[[noreturn]] inline void brokenInvariant(const char *condition, const char *file, int line)
{
    static_cast<void>(std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition));
    static_cast<void>(std::fflush(nullptr));
    std::abort();
}

}  // namespace replica
