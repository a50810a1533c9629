#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace replica {

// What went wrong, as far as code must tell it apart. The words are in Error::message.
enum class ErrorCode {
    NotFound,  // the asked-for row, file or route does not exist
    Invalid,  // the caller's input breaks a rule; repeating it will not help
    Conflict,  // it exists already, or both sides changed it
    Offline,  // no route to the server; retry later, data is safe
    Unauthorized,  // identity refused; retrying will not help
    Untrusted,  // the server did not prove that it is ours; nothing was sent
    Refused,  // the server understood and will not; see the message
    Corrupt,  // stored or received bytes break an invariant
    Full,  // no room on the disk; nothing was changed
    Busy,  // lock not had within its deadline
    TooNew,  // written by, or asking for, a newer version of this program
    Io,  // the operating system refused
};

// code decides what happens next, message says what happened, where, and what to do.
struct Error {
    ErrorCode code;
    std::string message;
};

// A value or an Error. tl::expected may be dropped silently; this one may not.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;

    // Lets map() and and_then(), which answer a plain tl::expected, be returned as they are.
    Result(tl::expected<T, Error> other)
        : tl::expected<T, Error>(std::move(other))
    {
    }
};

using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message)
{
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

// The same failure with what the caller knows put before it: "pull page 3: ...".
[[nodiscard]] inline tl::unexpected<Error> within(const std::string &where, const Error &error)
{
    return tl::unexpected<Error>(Error{error.code, where + ": " + error.message});
}

}  // namespace replica

#define REPLICA_CONCAT_(a, b) a##b
#define REPLICA_CONCAT(a, b) REPLICA_CONCAT_(a, b)

// Yields the value of a Result expression, or returns its error from the enclosing function. Never
// inside `new T(...)`, nor after an owning member in an aggregate's braces: what is made leaks.
#define TRY(...) REPLICA_TRY_(REPLICA_CONCAT(tryResult, __COUNTER__), __VA_ARGS__)
#define REPLICA_TRY_(name, ...)                                                                    \
    __extension__({                                                                                \
        auto name = (__VA_ARGS__);                                                                 \
        if (!name) [[unlikely]]                                                                    \
            return tl::unexpected<::replica::Error>(std::move(name).error());                      \
        *std::move(name);                                                                          \
    })
// The same for a Status, which has no value to yield.
#define TRY_STATUS(...) REPLICA_TRY_STATUS_(REPLICA_CONCAT(tryStatus, __COUNTER__), __VA_ARGS__)
#define REPLICA_TRY_STATUS_(name, ...)                                                             \
    if (auto name = (__VA_ARGS__); !name) [[unlikely]]                                             \
    return tl::unexpected<::replica::Error>(std::move(name).error())
