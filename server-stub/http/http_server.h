#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "server-stub/http/handler.h"
#include "server-stub/http/log.h"
#include "sync/base/result.h"
#include "sync/protocol/invitation.h"

namespace tend::server::http {

struct Limits {
    std::size_t connectionsMax = 512;
    std::size_t queueMax = 1'024;  // requests that wait for the handler
    std::size_t queueOctetsMax = 32U << 20U;  // of their bodies, as they came
    std::size_t heldMax = 512;  // requests that wait for something to happen, one for each key
    std::chrono::milliseconds requestWithin{30'000};  // handshake, reading, writing: each
    std::chrono::milliseconds idleFor{60'000};  // between requests
    std::chrono::milliseconds drainWithin{10'000};
    // How often held requests are looked at when nothing was written by this process.
    std::chrono::milliseconds lookEvery{500};
};

struct Identity {
    std::string certificatePem;
    replica::Bytes privateKeyPem;
};

// HTTPS 1.1 with TLS 1.3 only, in front of a Handler. Two threads read and write, one works. Any
// certificate is let in: whether its key is known is the handler's question, at each request. A
// request that the handler would rather hold costs no thread: it is answered again when something
// happened, its time is over, its key asks something else, or the server stops. The handler, called
// from the server's own thread, outlives it.
class HttpServer {
public:
    // Has its port when it returns; who connects waits for serve(). Errors: Io when the address
    // cannot be had, Invalid when key and certificate do not fit.
    [[nodiscard]] static replica::Result<std::unique_ptr<HttpServer>> listen(
        const replica::ServerAddress &address, const Identity &identity, Handler &handler, Log log,
        Limits limits = {});

    // Drains.
    ~HttpServer();
    HttpServer(const HttpServer &) = delete;
    HttpServer &operator=(const HttpServer &) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Begins to answer; from here on the handler belongs to the server's thread. Once.
    void serve();
    // Takes no more requests, finishes those under way within Limits::drainWithin, then ends. Any
    // thread but its own; the second call does nothing.
    void drain();

private:
    class Parts;

    explicit HttpServer(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
};

}  // namespace tend::server::http
