#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sync/crypto/device_key.h"

namespace replica::test {

// A TLS connection to a loopback port that says whatever it is told, for requests no HTTP library
// would make. Looks at no certificate. One thread.
class RawTls {
public:
    struct Options {
        const crypto::DeviceKey *key = nullptr;  // shown as client certificate
        int versionMax = 0;  // of OpenSSL's; 0 is the newest
        std::chrono::milliseconds patience{10'000};
    };

    // Nothing when connecting or the handshake fails.
    [[nodiscard]] static std::unique_ptr<RawTls> connect(std::uint16_t port, Options options);

    ~RawTls();
    RawTls(const RawTls &) = delete;
    RawTls &operator=(const RawTls &) = delete;

    // False when the peer took no more.
    bool send(std::string_view octets);
    // One answer with its body; what came until the end or the patience's end when there is none.
    [[nodiscard]] std::string receive();
    // True when the peer ended the connection within the patience.
    [[nodiscard]] bool isEnded();

private:
    struct Parts;
    explicit RawTls(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

// A whole request with a body.
[[nodiscard]] std::string request(
    std::string_view path, std::string_view body, std::string_view headers = {});
// 200 from "HTTP/1.1 200 OK..."; 0 when it is no answer.
[[nodiscard]] int statusOf(const std::string &answer);

}  // namespace replica::test
