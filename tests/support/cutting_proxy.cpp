#include "tests/support/cutting_proxy.h"

#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "sync/base/ensure.h"

namespace replica::test {

namespace {

using Way = CuttingProxy::Way;
using Strike = CuttingProxy::Strike;
using Clock = std::chrono::steady_clock;

constexpr std::size_t heldMax = 64 << 10U;
// Small, so that a slow reader is felt by who writes.
constexpr int socketBufferBytes = 16 << 10U;

struct Pipe {
    Way way{};
    int from = -1;
    int to = -1;
    std::string held;
    bool hasEnded = false;
    bool isShut = false;
};

struct Link {
    enum class State { Flowing, Stalled, Draining, Over };

    int device = -1;
    int server = -1;
    State state = State::Flowing;
    std::array<Pipe, 2> pipes;
};

struct Slowness {
    std::size_t octets = 0;
    std::chrono::milliseconds every{0};
    Clock::time_point nextAt{};
};

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void makeReady(int socket)
{
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
}

int connectTo(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &socketBufferBytes, sizeof socketBufferBytes);
    const sockaddr_in address = loopback(port);
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

void resetAndClose(int socket)
{
    const linger none{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    ::close(socket);
}

}  // namespace

struct CuttingProxy::Parts {
    std::uint16_t serverPort = 0;
    std::uint16_t port = 0;
    int listener = -1;
    std::array<int, 2> waking{-1, -1};
    std::thread thread;
    std::mutex mutex;  // for all below
    bool isEnding = false;
    bool isGone = false;
    std::optional<Strike> strike;
    std::array<Slowness, 2> slowness;
    Passed counts;
    std::list<Link> links;

    void run();
    [[nodiscard]] std::vector<pollfd> awaited();
    [[nodiscard]] int tickMs() const;
    void accept();
    void carry(Link &link);
    void readInto(Pipe &pipe);
    void writeOut(Link &link, Pipe &pipe);
    [[nodiscard]] std::size_t allowed(const Pipe &pipe);
    void hit(Link &link);
    void drain(Link &link);
    void close(Link &link);
    void wake() const;

    [[nodiscard]] std::uint64_t &countOf(Way way)
    {
        return way == Way::Up ? counts.up : counts.down;
    }

    [[nodiscard]] Slowness &slownessOf(Way way) { return slowness[way == Way::Up ? 0 : 1]; }
};

void CuttingProxy::Parts::wake() const
{
    ENSURE(::write(waking[1], "!", 1) == 1);
}

void CuttingProxy::Parts::run()
{
    while (true) {
        std::vector<pollfd> sockets;
        int tick = -1;
        {
            const std::lock_guard lock(mutex);
            if (isEnding)
                return;
            sockets = awaited();
            tick = tickMs();
        }
        ::poll(sockets.data(), sockets.size(), tick);
        const std::lock_guard lock(mutex);
        std::array<char, 64> ignored{};
        while (::read(waking[0], ignored.data(), ignored.size()) > 0) { }
        accept();
        for (Link &link : links) {
            if (link.state == Link::State::Flowing)
                carry(link);
            else if (link.state == Link::State::Draining)
                drain(link);
        }
        links.remove_if([](const Link &link) { return link.state == Link::State::Over; });
    }
}

std::vector<pollfd> CuttingProxy::Parts::awaited()
{
    std::vector<pollfd> sockets{{waking[0], POLLIN, 0}, {listener, POLLIN, 0}};
    for (const Link &link : links) {
        if (link.state == Link::State::Draining) {
            sockets.push_back({link.device, POLLIN, 0});
            sockets.push_back({link.server, POLLIN, 0});
        }
        if (link.state != Link::State::Flowing)
            continue;
        for (const Pipe &pipe : link.pipes) {
            const Slowness &slow = slownessOf(pipe.way);
            const std::size_t most = slow.octets > 0 ? slow.octets : heldMax;
            if (!pipe.hasEnded && pipe.held.size() < most)
                sockets.push_back({pipe.from, POLLIN, 0});
            if (!pipe.held.empty() && slow.octets == 0)
                sockets.push_back({pipe.to, POLLOUT, 0});
        }
    }
    return sockets;
}

int CuttingProxy::Parts::tickMs() const
{
    for (const Slowness &slow : slowness) {
        if (slow.octets > 0)
            return static_cast<int>(slow.every.count());
    }
    return -1;
}

void CuttingProxy::Parts::accept()
{
    while (true) {
        const int device = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (device < 0)
            return;
        ++counts.connections;
        const int server = isGone ? -1 : connectTo(serverPort);
        if (server < 0) {
            resetAndClose(device);
            continue;
        }
        makeReady(device);
        makeReady(server);
        Link &link = links.emplace_back();
        link.device = device;
        link.server = server;
        link.pipes = {Pipe{Way::Up, device, server, {}, false, false},
            Pipe{Way::Down, server, device, {}, false, false}};
    }
}

void CuttingProxy::Parts::carry(Link &link)
{
    for (Pipe &pipe : link.pipes) {
        readInto(pipe);
        writeOut(link, pipe);
        if (link.state != Link::State::Flowing)
            return;
        if (pipe.hasEnded && pipe.held.empty() && !pipe.isShut) {
            ::shutdown(pipe.to, SHUT_WR);
            pipe.isShut = true;
        }
    }
    if (link.pipes[0].isShut && link.pipes[1].isShut)
        close(link);
}

void CuttingProxy::Parts::readInto(Pipe &pipe)
{
    const Slowness &slow = slownessOf(pipe.way);
    const std::size_t most = slow.octets > 0 ? slow.octets : heldMax;
    if (pipe.hasEnded || pipe.held.size() >= most)
        return;
    std::array<char, heldMax> octets{};
    const ssize_t count = ::recv(pipe.from, octets.data(), most - pipe.held.size(), 0);
    if (count > 0)
        pipe.held.append(octets.data(), static_cast<std::size_t>(count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        pipe.hasEnded = true;
}

// What may pass now.
std::size_t CuttingProxy::Parts::allowed(const Pipe &pipe)
{
    std::size_t count = pipe.held.size();
    Slowness &slow = slownessOf(pipe.way);
    if (slow.octets > 0 && count > 0) {
        if (Clock::now() < slow.nextAt)
            return 0;
        slow.nextAt = Clock::now() + slow.every;
        count = std::min(count, slow.octets);
    }
    if (strike && strike->way == pipe.way)
        count = std::min<std::size_t>(count, strike->after - countOf(pipe.way));
    return count;
}

void CuttingProxy::Parts::writeOut(Link &link, Pipe &pipe)
{
    if (pipe.held.empty())
        return;
    const std::size_t count = allowed(pipe);
    if (count > 0) {
        const ssize_t written = ::send(pipe.to, pipe.held.data(), count, MSG_NOSIGNAL);
        if (written < 0 && errno != EAGAIN && errno != EINTR) {
            pipe.held.clear();
            pipe.hasEnded = true;
            return;
        }
        if (written > 0) {
            pipe.held.erase(0, static_cast<std::size_t>(written));
            countOf(pipe.way) += static_cast<std::uint64_t>(written);
        }
    }
    if (strike && strike->way == pipe.way && countOf(pipe.way) == strike->after)
        hit(link);
}

void CuttingProxy::Parts::hit(Link &link)
{
    isGone = strike->staysGone;
    switch (strike->kind) {
    case Strike::Kind::Reset:
        resetAndClose(link.device);
        resetAndClose(link.server);
        link.state = Link::State::Over;
        break;
    case Strike::Kind::Finish:
        ::shutdown(link.device, SHUT_WR);
        ::shutdown(link.server, SHUT_WR);
        link.state = Link::State::Draining;
        break;
    case Strike::Kind::Stall:
        link.state = Link::State::Stalled;
        break;
    }
    strike.reset();
    counts.hasStruck = true;
}

// A socket that is closed with octets unread would send a reset.
void CuttingProxy::Parts::drain(Link &link)
{
    std::array<char, 4096> ignored{};
    int ended = 0;
    for (const int socket : {link.device, link.server}) {
        ssize_t count = 0;
        do
            count = ::recv(socket, ignored.data(), ignored.size(), 0);
        while (count > 0);
        if (count == 0 || (errno != EAGAIN && errno != EINTR))
            ++ended;
    }
    if (ended == 2)
        close(link);
}

void CuttingProxy::Parts::close(Link &link)
{
    ::close(link.device);
    ::close(link.server);
    link.state = Link::State::Over;
}

Result<std::unique_ptr<CuttingProxy>> CuttingProxy::make(std::uint16_t serverPort)
{
    auto parts = std::make_unique<Parts>();
    parts->serverPort = serverPort;
    parts->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto *plain = reinterpret_cast<sockaddr *>(&address);
    if (::bind(parts->listener, plain, size) != 0 || ::listen(parts->listener, 64) != 0
        || ::getsockname(parts->listener, plain, &size) != 0
        || ::pipe2(parts->waking.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(ErrorCode::Io, "no port for a proxy");
    parts->port = ntohs(address.sin_port);
    return std::unique_ptr<CuttingProxy>(new CuttingProxy(std::move(parts)));
}

CuttingProxy::CuttingProxy(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
    m_parts->thread = std::thread([this] { m_parts->run(); });
}

CuttingProxy::~CuttingProxy()
{
    {
        const std::lock_guard lock(m_parts->mutex);
        m_parts->isEnding = true;
    }
    m_parts->wake();
    m_parts->thread.join();
    for (Link &link : m_parts->links)
        m_parts->close(link);
    for (const int file : {m_parts->listener, m_parts->waking[0], m_parts->waking[1]})
        ::close(file);
}

std::uint16_t CuttingProxy::port() const
{
    return m_parts->port;
}

void CuttingProxy::plan(const Strike &strike)
{
    const std::lock_guard lock(m_parts->mutex);
    m_parts->strike = strike;
    m_parts->counts = {};
}

void CuttingProxy::slow(Way way, std::size_t octets, std::chrono::milliseconds every)
{
    {
        const std::lock_guard lock(m_parts->mutex);
        m_parts->slownessOf(way) = {octets, every, Clock::now()};
    }
    m_parts->wake();
}

void CuttingProxy::heal()
{
    {
        const std::lock_guard lock(m_parts->mutex);
        m_parts->strike.reset();
        m_parts->isGone = false;
        m_parts->slowness = {};
        for (Link &link : m_parts->links) {
            if (link.state != Link::State::Flowing)
                m_parts->close(link);
        }
        m_parts->links.remove_if([](const Link &link) { return link.state == Link::State::Over; });
    }
    m_parts->wake();
}

void CuttingProxy::dropAll()
{
    {
        const std::lock_guard lock(m_parts->mutex);
        for (Link &link : m_parts->links)
            m_parts->close(link);
        m_parts->links.clear();
    }
    m_parts->wake();
}

CuttingProxy::Passed CuttingProxy::passed() const
{
    const std::lock_guard lock(m_parts->mutex);
    return m_parts->counts;
}

}  // namespace replica::test
