#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "sync/base/result.h"

namespace replica::test {

// A network on loopback that fails when told to: carries TCP connections to a server, octet by
// octet where that matters, on a thread of its own. Octets are what TLS put there; counts begin
// anew with each strike that is planned, so plan it while nothing is under way. Calls from one
// thread.
class CuttingProxy {
public:
    enum class Way { Up, Down };  // towards the server, towards the device

    struct Strike {
        enum class Kind {
            Reset,  // both ends are told at once
            Finish,  // both ends read to the end, and then that it is the end
            Stall,  // nothing moves any more, and nobody is told
        };

        Kind kind = Kind::Reset;
        Way way = Way::Up;
        // So many octets of all connections pass that way, and not one more. Strikes at once when
        // they have; for none of them, when the first one would.
        std::uint64_t after = 0;
        bool staysGone = false;  // later connections are reset until heal()
    };

    // Errors: Io.
    [[nodiscard]] static Result<std::unique_ptr<CuttingProxy>> make(std::uint16_t serverPort);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy &) = delete;
    CuttingProxy &operator=(const CuttingProxy &) = delete;

    [[nodiscard]] std::uint16_t port() const;

    // Once.
    void plan(const Strike &strike);
    // That way only so many octets pass in so much time, and not more than those are on their way.
    void slow(Way way, std::size_t octets, std::chrono::milliseconds every);
    // Everything flows again, in connections to come; what was struck is closed.
    void heal();
    // Ends every connection, as a server does with one that rested too long.
    void dropAll();

    struct Passed {
        std::uint64_t up = 0;
        std::uint64_t down = 0;
        std::uint64_t connections = 0;  // taken since the strike was planned
        bool hasStruck = false;
    };

    [[nodiscard]] Passed passed() const;

private:
    struct Parts;

    explicit CuttingProxy(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> m_parts;
};

}  // namespace replica::test
