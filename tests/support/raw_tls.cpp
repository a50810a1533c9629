#include "tests/support/raw_tls.h"

#include <array>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sync/crypto/openssl_handle.h"

namespace replica::test {

using Context = Handle<SSL_CTX, &SSL_CTX_free>;
using Connection = Handle<SSL, &SSL_free>;

struct RawTls::Parts {
    int socket = -1;
    Context context;
    Connection tls;
    bool isOver = false;

    Parts() = default;
    Parts(const Parts &) = delete;
    Parts &operator=(const Parts &) = delete;

    ~Parts()
    {
        if (socket >= 0)
            ::close(socket);
    }
};

namespace {

int connectedSocket(std::uint16_t port, std::chrono::milliseconds patience)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval wait{patience.count() / 1000, (patience.count() % 1000) * 1000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

void present(SSL_CTX *context, const crypto::DeviceKey &key)
{
    const std::string certificate = key.selfSignedCertificate("device").value();
    const Bytes pem = key.toPem().value();
    const crypto::MemoryFile one(
        BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())));
    const crypto::MemoryFile other(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const crypto::Certificate read(PEM_read_bio_X509(one.get(), nullptr, nullptr, nullptr));
    const crypto::PrivateKey secret(
        PEM_read_bio_PrivateKey(other.get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_certificate(context, read.get());
    SSL_CTX_use_PrivateKey(context, secret.get());
}

}  // namespace

RawTls::RawTls(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

RawTls::~RawTls() = default;

std::unique_ptr<RawTls> RawTls::connect(std::uint16_t port, Options options)
{
    auto parts = std::make_unique<Parts>();
    parts->socket = connectedSocket(port, options.patience);
    if (parts->socket < 0)
        return nullptr;
    parts->context.reset(SSL_CTX_new(TLS_client_method()));
    if (options.versionMax != 0)
        SSL_CTX_set_max_proto_version(parts->context.get(), options.versionMax);
    if (options.key)
        present(parts->context.get(), *options.key);
    parts->tls.reset(SSL_new(parts->context.get()));
    SSL_set_fd(parts->tls.get(), parts->socket);
    if (SSL_connect(parts->tls.get()) != 1)
        return nullptr;
    return std::unique_ptr<RawTls>(new RawTls(std::move(parts)));
}

bool RawTls::send(std::string_view octets)
{
    while (!octets.empty()) {
        std::size_t written = 0;
        if (SSL_write_ex(m_parts->tls.get(), octets.data(), octets.size(), &written) != 1)
            return false;
        octets.remove_prefix(written);
    }
    return true;
}

std::string RawTls::receive()
{
    std::string answer;
    std::array<char, 16384> piece{};
    while (true) {
        const std::size_t head = answer.find("\r\n\r\n");
        const std::size_t length = answer.find("Content-Length: ");
        if (head != std::string::npos && length < head) {
            std::size_t size = 0;
            std::from_chars(answer.data() + length + 16, answer.data() + head, size);
            if (answer.size() >= head + 4 + size)
                return answer;
        }
        std::size_t got = 0;
        if (SSL_read_ex(m_parts->tls.get(), piece.data(), piece.size(), &got) != 1) {
            const int why = SSL_get_error(m_parts->tls.get(), 0);
            m_parts->isOver = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
            return answer;
        }
        answer.append(piece.data(), got);
    }
}

bool RawTls::isEnded()
{
    return m_parts->isOver || (receive().empty() && m_parts->isOver);
}

std::string request(std::string_view path, std::string_view body, std::string_view headers)
{
    return "POST " + std::string(path)
        + " HTTP/1.1\r\nHost: server\r\nContent-Type: application/x-protobuf\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

int statusOf(const std::string &answer)
{
    int status = 0;
    if (answer.starts_with("HTTP/1.1 "))
        std::from_chars(answer.data() + 9, answer.data() + answer.size(), status);
    return status;
}

}  // namespace replica::test
