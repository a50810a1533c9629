#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sync/base/bytes.h"
#include "sync/protocol/transport.h"

namespace tend::server::http {

// Who asks: as far as the connection tells. Nothing here was checked against anything.
struct Caller {
    replica::Bytes keyDigest;  // SHA-256 of the public key; empty when no certificate was shown
    std::string address;  // without the port
};

// Why there is no answer. The client gets everything but `log`.
struct Problem {
    int status = 500;
    std::string detail;  // a sentence for people
    std::chrono::seconds retryAfter{0};
    std::string log = {};  // what the server's own log may know beside it
};

// There is nothing to tell yet, and the caller would rather wait than be told so.
struct Hold {
    std::chrono::milliseconds atMost{0};
    // Whether there may be something now. Asked on the handler's thread whenever something was
    // written, and now and then besides.
    std::function<bool()> isOver;
};

// The answer's octets, or a problem.
struct Reply {
    replica::Bytes body;
    std::optional<Problem> problem;
    // With it the body is what is said where nobody can wait: the server is full of waiting ones,
    // or stops.
    std::optional<Hold> hold = {};
};

// A whole request that nothing was objected to.
struct Request {
    const Caller &caller;
    replica::Route route;
    const replica::Bytes &body;
};

// Port: what the server does with a request once it is whole. Called by one thread. Realised over a
// Workspace, and by tests.
class Handler {
public:
    virtual ~Handler() = default;
    // Asked before the body is unpacked, so that a stranger's bytes cost nothing.
    [[nodiscard]] virtual std::optional<Problem> objection(
        const Caller &caller, replica::Route route)
        = 0;
    [[nodiscard]] virtual Reply answer(
        const Caller &caller, replica::Route route, const replica::Bytes &body)
        = 0;

    // All that waited. `reply` is called once for each, by its place, in any order, and not before
    // what it says is durable.
    virtual void answerAll(
        const std::vector<Request> &requests, const std::function<void(std::size_t, Reply)> &reply)
    {
        for (std::size_t i = 0; i < requests.size(); ++i)
            reply(i, answer(requests[i].caller, requests[i].route, requests[i].body));
    }

    // Does a bounded piece of work that nobody waits for. Answers after how long it wants to be
    // called again, though nobody asked anything.
    [[nodiscard]] virtual std::chrono::milliseconds inSpareTime() { return std::chrono::hours(24); }
};

}  // namespace tend::server::http
