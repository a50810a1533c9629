#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sync/protocol/invitation.h"
#include "sync/protocol/transport.h"

namespace replica::net {

// Starts and ends libcurl. One for the program, made in main() before any thread and outliving
// every transport.
class CurlGlobal {
public:
    CurlGlobal();
    ~CurlGlobal();
    CurlGlobal(const CurlGlobal &) = delete;
    CurlGlobal &operator=(const CurlGlobal &) = delete;
};

// Whom to speak to, how to know them, and as whom.
struct Peer {
    ServerAddress server;
    std::vector<Bytes> pins;  // SHA-256 of the server's key and of its next; any one will do
    std::string certificatePem;  // of the device's key
    Bytes privateKeyPem;
};

struct Patience {
    std::chrono::milliseconds connectWithin{10'000};
    std::chrono::milliseconds stallFor{
        20'000};  // without one octet either way; rounded up to seconds
    // Both are longer by what a request may be held.
    std::chrono::milliseconds totalWithin{120'000};
};

// Octets of HTTP headers and bodies since the transport was made.
struct Traffic {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
};

// Transport over HTTPS. post() only queues; poll() moves every transfer on without waiting.
// Connections are kept and used again. One thread, except wake(). A CurlGlobal outlives it.
class CurlTransport final : public Transport {
public:
    // Errors: Invalid when there is no pin, or one of the wrong length: a server nobody can know is
    // not spoken to.
    [[nodiscard]] static Result<std::unique_ptr<CurlTransport>> create(
        Peer peer, Patience patience = {});

    ~CurlTransport() override;
    CurlTransport(const CurlTransport &) = delete;
    CurlTransport &operator=(const CurlTransport &) = delete;

    void post(ExchangeId exchange, Route route, Bytes request,
        std::chrono::milliseconds heldFor = std::chrono::milliseconds(0)) override;
    // The newest one given up is left to its end: a server lets go of a held request when the next
    // one arrives, and then its connection can be used again without another handshake.
    void giveUp(ExchangeId exchange) override;
    [[nodiscard]] std::optional<Arrival> poll() override;

    // Sleeps until something may have arrived, wake() was called, or the time is over. Follow it
    // with poll().
    void wait(std::chrono::milliseconds atMost);
    // Ends the present or the next wait(). Any thread.
    void wake() noexcept;

    [[nodiscard]] Traffic traffic() const;

private:
    struct Parts;

    explicit CurlTransport(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
};

}  // namespace replica::net
