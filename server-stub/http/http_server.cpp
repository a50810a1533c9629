// All of Boost.Beast stands in this one file: it compiles slowly.
#include "server-stub/http/http_server.h"

// Boost 1.74 uses std::exchange without including it.
#include <utility>
// The order is the point.
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <map>
#include <mutex>
#include <openssl/ssl.h>
#include <set>
#include <thread>

#include "server-stub/http/problem.h"
#include "server-stub/http/work_queue.h"
#include "sync/crypto/digest.h"
#include "sync/crypto/openssl_handle.h"
#include "sync/protocol/compression.h"

namespace tend::server::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = asio::ssl;
namespace wire = beast::http;
using asio::ip::tcp;
using beast::error_code;
using replica::Bytes;
using replica::ErrorCode;
using replica::fail;
using replica::Route;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t headerBytesMax = 16U << 10U;
constexpr const char *messageType = "application/x-protobuf";
// Beyond the cap this many more are told so; the rest is dropped, or telling would be the way in.
constexpr std::size_t turnedAwayMax = 128;
constexpr milliseconds turnAwayWithin{5'000};
// How much of an unread body is taken in before closing, so that its sender gets to read the
// refusal.
constexpr std::size_t discardBytesMax = 16U << 20U;
constexpr milliseconds discardWithin{5'000};
constexpr milliseconds discardWithinDrain{500};  // a client that says nothing holds nobody up
constexpr int ioThreads = 2;
// However much is written, looking at held requests takes at most a tenth of the worker's time.
constexpr milliseconds lookAgainAfterMin{10};

std::optional<Route> routeOf(beast::string_view path)
{
    if (path == "/v1/push")
        return Route::Push;
    if (path == "/v1/pull")
        return Route::Pull;
    if (path == "/v1/enrol")
        return Route::Enrol;
    if (path == "/v1/file-state")
        return Route::FileState;
    if (path == "/v1/file-put")
        return Route::FilePut;
    if (path == "/v1/file-get")
        return Route::FileGet;
    return std::nullopt;
}

// The digest of the certificate's public key; empty without one. The handshake proved that the peer
// has the private half.
Bytes peerKeyDigest(SSL *tls)
{
    const replica::crypto::Certificate certificate(SSL_get1_peer_certificate(tls));
    if (!certificate)
        return {};
    unsigned char *der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    if (size <= 0)
        return {};
    Bytes digest = replica::crypto::sha256(
        {reinterpret_cast<const char *>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return digest;
}

replica::Status prepareTls(ssl::context &context, const Identity &identity)
{
    SSL_CTX *native = context.native_handle();
    error_code failed;
    context.use_certificate_chain(asio::buffer(identity.certificatePem), failed);
    if (!failed)
        context.use_private_key(asio::buffer(identity.privateKeyPem), ssl::context::pem, failed);
    if (failed)
        return fail(
            ErrorCode::Invalid, "the server's key and certificate do not fit: " + failed.message());
    // A certificate is asked for, none is demanded, and any is let in: its key is looked up at each
    // request.
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, [](int, X509_STORE_CTX *) { return 1; });
    SSL_CTX_set_cert_verify_callback(
        native, [](X509_STORE_CTX *, void *) { return 1; }, nullptr);
    constexpr std::string_view sessions
        = "tend";  // without a name of their own, resumed sessions fail
    if (SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) != 1
        || SSL_CTX_set_session_id_context(native,
               reinterpret_cast<const unsigned char *>(sessions.data()),
               static_cast<unsigned int>(sessions.size()))
            != 1)
        return fail(ErrorCode::Io, "OpenSSL refuses to speak TLS 1.3");
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_SERVER);
    SSL_CTX_set_num_tickets(native, 1);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
    return {};
}

class Session;

// One whole request on its way to the handler.
struct Job {
    std::shared_ptr<Session> session;
    bool mayHold = true;
};

// Requests that wait for something to happen, one for each key. Whoever takes one out goes on with
// it, so that none is answered twice. Any thread.
class Held {
public:
    struct Entry {
        std::weak_ptr<Session> session;
        Hold hold;
    };

    // False when there are too many.
    [[nodiscard]] bool add(const Bytes &key, Entry entry, std::size_t countMax)
    {
        const std::lock_guard lock(m_mutex);
        return m_entries.size() < countMax && m_entries.emplace(key, std::move(entry)).second;
    }

    // With `session`, only when it is that one's.
    [[nodiscard]] std::optional<Entry> take(const Bytes &key, const Session *session = nullptr)
    {
        const std::lock_guard lock(m_mutex);
        const auto at = m_entries.find(key);
        if (at == m_entries.end() || (session && at->second.session.lock().get() != session))
            return std::nullopt;
        Entry entry = std::move(at->second);
        m_entries.erase(at);
        return entry;
    }

    [[nodiscard]] bool isEmpty() const
    {
        const std::lock_guard lock(m_mutex);
        return m_entries.empty();
    }

    [[nodiscard]] std::map<Bytes, Entry> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_entries;
    }

private:
    mutable std::mutex m_mutex;
    std::map<Bytes, Entry> m_entries;
};

// What the connections of one server share. Any thread.
struct Shared {
    Shared(Handler &handlerOf, Log logTo, Limits limitsOf)
        : handler(handlerOf)
        , log(std::move(logTo))
        , limits(limitsOf)
        , work(limitsOf.queueMax, limitsOf.queueOctetsMax,
              [this](std::vector<Job> jobs) { return doJobs(std::move(jobs)); })
    {
    }

    // Those still there. Whoever lets go of the last hold on a session takes the mutex, so the
    // holds leave it.
    [[nodiscard]] std::vector<std::shared_ptr<Session>> living();

    // The worker's.
    [[nodiscard]] milliseconds doJobs(std::vector<Job> jobs);
    [[nodiscard]] milliseconds lookAtHeld();
    void answerHeld();

    Handler &handler;
    Log log;
    Limits limits;
    ssl::context tls{ssl::context::tls_server};
    std::atomic<bool> isDraining = false;
    std::mutex mutex;
    std::set<Session *> sessions;  // guarded by mutex
    Held held;
    std::chrono::steady_clock::time_point lookedAt;  // the worker's
    bool mustLook = false;  // the worker's
    milliseconds lookAgainAfter = lookAgainAfterMin;  // the worker's
    WorkQueue<Job> work;
};

// One connection: handshake, then requests one after the other. Its calls run on its own strand. A
// shared_ptr, because whichever operation is under way owns it.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, Shared &shared, std::string address, bool isTurnedAway)
        : m_stream(std::move(socket), shared.tls)
        , m_shared(shared)
        , m_isTurnedAway(isTurnedAway)
        , m_holdTimer(m_stream.get_executor())
    {
        m_caller.address = std::move(address);
        const std::lock_guard lock(m_shared.mutex);
        m_shared.sessions.insert(this);
    }

    ~Session()
    {
        const std::lock_guard lock(m_shared.mutex);
        m_shared.sessions.erase(this);
    }

    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    void begin();
    // Ends the connection when it is between two requests. Any thread.
    void endWhenIdle();

    // ---- for the worker, while it has the request
    [[nodiscard]] const Caller &caller() const { return m_caller; }

    [[nodiscard]] Route route() const { return m_route; }

    // The body as it came, or its unpacked octets; a problem when it cannot be unpacked.
    [[nodiscard]] std::optional<Problem> unpack();

    [[nodiscard]] const Bytes &body() const { return m_body; }

    // ---- from the worker, after it
    void answer(Reply reply);
    void hold(Reply reply);
    // A held request is answered now: with what was said when it was held, or by asking again.
    void letGo();
    void askAgain(bool mayHold);

private:
    using Parser = wire::request_parser<wire::string_body>;
    using Answer = wire::response<wire::string_body>;

    // Calls a member with what an operation hands over, keeping the session alive until then.
    template <typename Member>
    auto then(Member member)
    {
        return [self = shared_from_this(), member](auto... given) {
            (self.get()->*member)(given...);
        };
    }

    beast::tcp_stream &tcpStream() { return beast::get_lowest_layer(m_stream); }

    void patience(milliseconds within)
    {
        tcpStream().expires_after(m_isTurnedAway ? turnAwayWithin : within);
    }

    void onHandshake(error_code failed);
    void awaitRequest();
    void onFirstOctets(error_code failed, std::size_t count);
    void onHeader(error_code failed, std::size_t count);
    void onContinued(error_code failed, std::size_t count);
    void onBody(error_code failed, std::size_t count);
    void refuseUnreadable(error_code failed);
    [[nodiscard]] std::optional<Problem> objectionToHeader();
    void answerHealth();
    void work(bool mayHold);
    void onWorked(Reply reply);
    void onHeld(Reply reply);
    void refuse(const Problem &problem);
    void send(Answer answer, bool mayGoOn);
    void onSent(error_code failed, std::size_t count);
    void close();
    void onTlsClosed(error_code failed);
    void discard();
    void onDiscarded(error_code failed, std::size_t count);

    beast::ssl_stream<beast::tcp_stream> m_stream;  // writes header and body as one record
    Shared &m_shared;
    Caller m_caller;
    const bool m_isTurnedAway;
    bool m_isIdle = false;
    bool m_isReading = false;  // for the next request's first octets
    bool m_closesAfterReading = false;
    bool m_mayGoOn = true;
    beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    std::optional<Answer> m_answer;
    Bytes m_body;
    bool m_isUnpacked = false;
    std::optional<Reply> m_heldReply;
    std::optional<std::chrono::steady_clock::time_point> m_heldUntil;
    asio::steady_timer m_holdTimer;
    Route m_route{};
    std::string m_path;
    std::size_t m_discarded = 0;
};

std::vector<std::shared_ptr<Session>> Shared::living()
{
    std::vector<std::shared_ptr<Session>> all;
    const std::lock_guard lock(mutex);
    for (Session *session : sessions) {
        // One that is on its way out waits for the mutex in its destructor.
        if (auto alive = session->weak_from_this().lock())
            all.push_back(std::move(alive));
    }
    return all;
}

void Session::begin()
{
    asio::dispatch(m_stream.get_executor(), [self = shared_from_this()] {
        error_code ignored;
        self->tcpStream().socket().set_option(tcp::no_delay(true), ignored);
        self->patience(self->m_shared.limits.requestWithin);
        self->m_stream.async_handshake(ssl::stream_base::server, self->then(&Session::onHandshake));
    });
}

void Session::endWhenIdle()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] {
        if (self->m_isIdle)
            self->tcpStream().cancel();
    });
}

void Session::onHandshake(error_code failed)
{
    if (failed)
        return;
    m_caller.keyDigest = peerKeyDigest(m_stream.native_handle());
    awaitRequest();
}

void Session::awaitRequest()
{
    m_parser.emplace();
    m_parser->header_limit(headerBytesMax);
    m_parser->body_limit(replica::wireBytesMax);
    m_body.clear();
    m_isUnpacked = false;
    m_heldReply.reset();
    m_heldUntil.reset();
    if (m_buffer.size() > 0) {
        onFirstOctets({}, 0);
        return;
    }
    if (m_shared.isDraining) {
        close();
        return;
    }
    m_isIdle = true;
    // While it was held, reading began already.
    if (m_isReading)
        return;
    patience(m_shared.limits.idleFor);
    m_isReading = true;
    m_stream.async_read_some(m_buffer.prepare(4096), then(&Session::onFirstOctets));
}

void Session::onFirstOctets(error_code failed, std::size_t count)
{
    const bool wasIdle = std::exchange(m_isIdle, false);
    m_isReading = false;
    if (m_closesAfterReading) {
        close();
        return;
    }
    if (failed) {
        // Whoever waited here is gone.
        m_holdTimer.cancel();
        static_cast<void>(m_shared.held.take(m_caller.keyDigest, this));
        return;
    }
    m_buffer.commit(count);
    if (!wasIdle && m_parser->is_done())
        return;  // the next request came early; the one under way is answered first
    // One deadline for the whole request: an octet now and then does not buy more time.
    patience(m_shared.limits.requestWithin);
    wire::async_read_header(m_stream, m_buffer, *m_parser, then(&Session::onHeader));
}

void Session::onHeader(error_code failed, std::size_t)
{
    if (failed) {
        refuseUnreadable(failed);
        return;
    }
    const auto &head = m_parser->get();
    m_path = std::string(head.target());
    m_mayGoOn = head.keep_alive() && !m_isTurnedAway;
    if (auto problem = objectionToHeader()) {
        // What follows was not read, so nothing after it can be understood.
        m_mayGoOn = m_mayGoOn && m_parser->is_done();
        refuse(*problem);
        return;
    }
    if (m_path == "/healthz") {
        m_mayGoOn = m_mayGoOn && m_parser->is_done();
        answerHealth();
        return;
    }
    if (wire::token_list(head[wire::field::expect]).exists("100-continue")) {
        static const std::string goOn = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(m_stream, asio::buffer(goOn), then(&Session::onContinued));
        return;
    }
    onContinued({}, 0);
}

void Session::onContinued(error_code failed, std::size_t)
{
    if (!failed)
        wire::async_read(m_stream, m_buffer, *m_parser, then(&Session::onBody));
}

void Session::refuseUnreadable(error_code failed)
{
    m_mayGoOn = false;
    if (failed == wire::error::header_limit)
        refuse({431, "The header is longer than 16 KiB.", {}});
    else if (failed == wire::error::body_limit)
        refuse({413, "The body is longer than a request may be.", {}});
    else if (failed.category() == make_error_code(wire::error::bad_value).category()
        && failed != wire::error::end_of_stream && failed != wire::error::partial_message)
        refuse({400, "This is no request as HTTP/1.1 has them.", {}});
    // Everything else is a connection that is gone, or was too slow.
}

std::optional<Problem> Session::objectionToHeader()
{
    using Seconds = std::chrono::seconds;
    if (m_isTurnedAway)
        return Problem{503, "The server has as many connections as it can serve.", Seconds(5)};
    if (m_shared.isDraining)
        return Problem{503, "The server is being stopped.", Seconds(5)};
    const auto &head = m_parser->get();
    const auto route = routeOf(m_path);
    if (!route && m_path != "/healthz")
        return Problem{404, "There is nothing at this address.", {}};
    const bool isRead = head.method() == wire::verb::get || head.method() == wire::verb::head;
    if (route ? head.method() != wire::verb::post : !isRead)
        return Problem{405, route ? "Only POST is served here." : "Only GET is served here.", {}};
    if (!route)
        return std::nullopt;
    m_route = *route;
    if (head[wire::field::content_type] != messageType)
        return Problem{415, "A body here is of the type application/x-protobuf.", {}};
    const auto encoding = head[wire::field::content_encoding];
    if (!encoding.empty() && encoding != "identity" && encoding != "zstd")
        return Problem{415, "A body here is packed with zstd, or not at all.", {}};
    return std::nullopt;
}

void Session::onBody(error_code failed, std::size_t)
{
    if (failed) {
        refuseUnreadable(failed);
        return;
    }
    m_body = std::move(m_parser->get().body());
    work(true);
}

void Session::answerHealth()
{
    Answer answer(wire::status::ok, 11);
    answer.set(wire::field::content_type, "text/plain");
    if (m_parser->get().method() == wire::verb::get)
        answer.body() = "ok\n";
    send(std::move(answer), m_mayGoOn);
}

void Session::work(bool mayHold)
{
    // The worker's time is not the client's fault.
    if (!m_isReading)
        tcpStream().expires_never();
    if (m_shared.work.offer({shared_from_this(), mayHold}, m_body.size()))
        return;
    if (m_heldReply)
        onWorked(*std::exchange(m_heldReply, {}));
    else
        refuse({503, "More requests wait than can be served. Try again.", std::chrono::seconds(1)});
}

std::optional<Problem> Session::unpack()
{
    if (m_isUnpacked || m_parser->get()[wire::field::content_encoding] != "zstd")
        return std::nullopt;
    auto octets = replica::inflate(m_body);
    if (!octets && octets.error().code == ErrorCode::Full)
        return Problem{413, "The body unpacks to more than is allowed.", {}};
    if (!octets)
        return Problem{400, "The body is no whole zstd frame.", {}};
    m_body = *std::move(octets);
    m_isUnpacked = true;
    return std::nullopt;
}

void Session::answer(Reply reply)
{
    asio::post(
        m_stream.get_executor(), [self = shared_from_this(), reply = std::move(reply)]() mutable {
            self->onWorked(std::move(reply));
        });
}

void Session::hold(Reply reply)
{
    asio::post(
        m_stream.get_executor(), [self = shared_from_this(), reply = std::move(reply)]() mutable {
            self->onHeld(std::move(reply));
        });
}

void Session::letGo()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] {
        self->m_holdTimer.cancel();
        if (self->m_heldReply)
            self->onWorked(*std::exchange(self->m_heldReply, {}));
    });
}

void Session::askAgain(bool mayHold)
{
    asio::post(m_stream.get_executor(), [self = shared_from_this(), mayHold] {
        self->m_holdTimer.cancel();
        self->work(mayHold);
    });
}

void Session::onHeld(Reply reply)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_heldUntil)
        m_heldUntil = now + reply.hold->atMost;
    m_heldReply = std::move(reply);
    // Reading tells when the one who waits is gone.
    if (!m_isReading && m_buffer.size() == 0) {
        patience(std::chrono::duration_cast<milliseconds>(*m_heldUntil - now)
            + m_shared.limits.requestWithin + m_shared.limits.idleFor);
        m_isReading = true;
        m_stream.async_read_some(m_buffer.prepare(4096), then(&Session::onFirstOctets));
    }
    m_holdTimer.expires_at(*m_heldUntil);
    m_holdTimer.async_wait([self = shared_from_this()](error_code cancelled) {
        if (!cancelled && self->m_shared.held.take(self->m_caller.keyDigest, self.get()))
            self->work(false);
    });
}

milliseconds Shared::doJobs(std::vector<Job> jobs)
{
    std::vector<Request> requests;
    std::vector<const Job *> asked;
    for (const Job &job : jobs) {
        Session &session = *job.session;
        // A device that asks something else has given up waiting.
        if (const auto waiting = held.take(session.caller().keyDigest)) {
            if (const auto other = waiting->session.lock(); other && other != job.session)
                other->letGo();
        }
        auto problem = handler.objection(session.caller(), session.route());
        if (!problem)
            problem = session.unpack();
        if (problem) {
            session.answer({{}, std::move(problem)});
            continue;
        }
        mustLook = mustLook || session.route() == Route::Push || session.route() == Route::Enrol;
        requests.push_back({session.caller(), session.route(), session.body()});
        asked.push_back(&job);
    }
    handler.answerAll(requests, [&](std::size_t at, Reply reply) {
        const Job &job = *asked[at];
        const bool isHeld = reply.hold && job.mayHold && !isDraining
            && held.add(
                job.session->caller().keyDigest, {job.session, *reply.hold}, limits.heldMax);
        isHeld ? job.session->hold(std::move(reply)) : job.session->answer(std::move(reply));
    });
    jobs.clear();
    const milliseconds next = lookAtHeld();
    return std::min(next, handler.inSpareTime());
}

// Many writes in a row are looked at together.
milliseconds Shared::lookAtHeld()
{
    if (held.isEmpty()) {
        mustLook = false;
        return WorkQueue<Job>::never;
    }
    const auto now = std::chrono::steady_clock::now();
    const auto next = lookedAt + (mustLook ? lookAgainAfter : limits.lookEvery);
    if (now < next)
        return std::chrono::ceil<milliseconds>(next - now);
    mustLook = false;
    for (const auto &[key, entry] : held.all()) {
        const auto session = entry.session.lock();
        if (session && entry.hold.isOver() && held.take(key, session.get()))
            session->askAgain(true);
    }
    lookedAt = std::chrono::steady_clock::now();
    lookAgainAfter = lookAgainAfterMin + 9 * std::chrono::ceil<milliseconds>(lookedAt - now);
    return limits.lookEvery;
}

void Shared::answerHeld()
{
    for (const auto &[key, entry] : held.all()) {
        const auto session = entry.session.lock();
        if (session && held.take(key, session.get()))
            session->askAgain(false);
    }
}

void Session::onWorked(Reply reply)
{
    m_holdTimer.cancel();
    if (reply.problem) {
        refuse(*reply.problem);
        return;
    }
    Answer answer(wire::status::ok, 11);
    answer.set(wire::field::content_type, messageType);
    const bool mayPack
        = wire::token_list(m_parser->get()[wire::field::accept_encoding]).exists("zstd");
    if (auto packed = mayPack ? replica::deflate(reply.body) : std::nullopt) {
        answer.set(wire::field::content_encoding, "zstd");
        answer.body() = *std::move(packed);
    } else {
        answer.body() = std::move(reply.body);
    }
    send(std::move(answer), m_mayGoOn);
}

void Session::refuse(const Problem &problem)
{
    LogEvent event{"refused",
        {{"status", std::to_string(problem.status)}, {"address", m_caller.address},
            {"route", routeOf(m_path) ? m_path : std::string("other")}}};
    if (!problem.log.empty())
        event.fields.emplace_back("cause", problem.log);
    m_shared.log(event);
    Answer answer(static_cast<wire::status>(problem.status), 11);
    answer.set(wire::field::content_type, "application/problem+json");
    if (problem.retryAfter.count() > 0)
        answer.set(wire::field::retry_after, std::to_string(problem.retryAfter.count()));
    if (problem.status == 405)
        answer.set(wire::field::allow, routeOf(m_path) ? "POST" : "GET");
    answer.body() = problemDocument(problem);
    send(std::move(answer), m_mayGoOn);
}

void Session::send(Answer answer, bool mayGoOn)
{
    m_mayGoOn = mayGoOn && !m_shared.isDraining;
    m_answer = std::move(answer);
    m_answer->keep_alive(m_mayGoOn);
    m_answer->prepare_payload();
    patience(m_shared.limits.requestWithin);
    wire::async_write(m_stream, *m_answer, then(&Session::onSent));
}

void Session::onSent(error_code failed, std::size_t)
{
    if (failed)
        return;
    m_answer.reset();
    if (m_mayGoOn) {
        awaitRequest();
        return;
    }
    close();
}

void Session::close()
{
    if (m_isReading) {
        m_closesAfterReading = true;
        tcpStream().cancel();
        return;
    }
    patience(m_shared.isDraining ? discardWithinDrain : discardWithin);
    // Sends close_notify. What the peer says to it does not matter; that it may still send does.
    m_stream.async_shutdown(then(&Session::onTlsClosed));
}

void Session::onTlsClosed(error_code)
{
    error_code ignored;
    tcpStream().socket().shutdown(tcp::socket::shutdown_send, ignored);
    discard();
}

// Closing with octets unread would reset the connection and take our answer from the peer's hands.
void Session::discard()
{
    m_buffer.clear();
    patience(m_shared.isDraining ? discardWithinDrain : discardWithin);
    tcpStream().async_read_some(m_buffer.prepare(16U << 10U), then(&Session::onDiscarded));
}

void Session::onDiscarded(error_code failed, std::size_t count)
{
    m_discarded += count;
    if (!failed && m_discarded < discardBytesMax)
        discard();
}

}  // namespace

// Accepts, and owns what runs.
class HttpServer::Parts {
public:
    Parts(Handler &handler, Log log, Limits limits)
        : m_shared(handler, std::move(log), limits)
        , m_acceptor(asio::make_strand(m_io))
        , m_pause(m_acceptor.get_executor())
    {
    }

    ~Parts() { drain(); }

    Parts(const Parts &) = delete;
    Parts &operator=(const Parts &) = delete;

    [[nodiscard]] replica::Status listen(
        const replica::ServerAddress &address, const Identity &identity);
    void run();
    void drain();

    [[nodiscard]] std::uint16_t port() const { return m_port; }

private:
    void runIo();
    void accept();
    void onAccepted(error_code failed, tcp::socket socket);

    Shared m_shared;
    asio::io_context m_io{ioThreads};
    // While the worker has every request and nothing is accepted any more, there is still an answer
    // to write.
    asio::executor_work_guard<asio::io_context::executor_type> m_staying{m_io.get_executor()};
    tcp::acceptor m_acceptor;
    asio::steady_timer m_pause;
    std::vector<std::thread> m_threads;
    std::uint16_t m_port = 0;
};

replica::Status HttpServer::Parts::listen(
    const replica::ServerAddress &address, const Identity &identity)
{
    TRY_STATUS(prepareTls(m_shared.tls, identity));
    error_code failed;
    tcp::resolver resolver(m_io);
    const auto found = resolver.resolve(address.host, std::to_string(address.port),
        tcp::resolver::passive | tcp::resolver::numeric_service, failed);
    const auto refused = [&] {
        return fail(ErrorCode::Io,
            "cannot listen at " + toText(address) + ": " + failed.message()
                + "; choose another address with --listen, or stop what has this one");
    };
    if (failed || found.empty())
        return refused();
    const tcp::endpoint endpoint = found.begin()->endpoint();
    m_acceptor.open(endpoint.protocol(), failed);
    if (!failed)
        m_acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed)
        m_acceptor.bind(endpoint, failed);
    if (!failed)
        m_acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (!failed)
        m_port = m_acceptor.local_endpoint(failed).port();
    return failed ? replica::Status(refused()) : replica::Status();
}

void HttpServer::Parts::run()
{
    accept();
    for (int count = 0; count < ioThreads; ++count)
        m_threads.emplace_back([this] { runIo(); });
    m_shared.work.nudge();
}

// One connection's failure, memory it could not have, is not the others'.
void HttpServer::Parts::runIo()
{
    while (!m_io.stopped()) {
        try {
            m_io.run();
        } catch (const std::exception &failed) {
            m_shared.log({"connection failed", {{"cause", failed.what()}}});
        }
    }
}

void HttpServer::Parts::accept()
{
    m_acceptor.async_accept(asio::make_strand(m_io),
        [this](error_code failed, tcp::socket socket) { onAccepted(failed, std::move(socket)); });
}

void HttpServer::Parts::onAccepted(error_code failed, tcp::socket socket)
{
    if (m_shared.isDraining)
        return;
    if (failed) {
        // Out of descriptors, most likely: without a pause this would spin.
        m_shared.log({"accept failed", {{"cause", failed.message()}}});
        m_pause.expires_after(milliseconds(100));
        m_pause.async_wait([this](error_code) { accept(); });
        return;
    }
    std::size_t count = 0;
    {
        const std::lock_guard lock(m_shared.mutex);
        count = m_shared.sessions.size();
    }
    const std::size_t countMax = m_shared.limits.connectionsMax;
    error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (!gone && count < countMax + turnedAwayMax) {
        std::make_shared<Session>(
            std::move(socket), m_shared, peer.address().to_string(), count >= countMax)
            ->begin();
    }
    accept();
}

void HttpServer::Parts::drain()
{
    if (m_threads.empty() || m_shared.isDraining.exchange(true))
        return;
    asio::post(m_acceptor.get_executor(), [this] {
        error_code ignored;
        m_acceptor.close(ignored);
        m_pause.cancel();
    });
    const auto deadline = std::chrono::steady_clock::now() + m_shared.limits.drainWithin;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto sessions = m_shared.living();
        if (sessions.empty())
            break;
        for (const auto &session : sessions)
            session->endWhenIdle();
        m_shared.answerHeld();
        std::this_thread::sleep_for(milliseconds(20));
    }
    m_shared.work.finish();
    m_io.stop();
    for (std::thread &thread : m_threads)
        thread.join();
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const
{
    return m_parts->port();
}

void HttpServer::serve()
{
    m_parts->run();
}

void HttpServer::drain()
{
    m_parts->drain();
}

replica::Result<std::unique_ptr<HttpServer>> HttpServer::listen(
    const replica::ServerAddress &address, const Identity &identity, Handler &handler, Log log,
    Limits limits)
{
    try {
        auto parts = std::make_unique<Parts>(handler, std::move(log), limits);
        TRY_STATUS(parts->listen(address, identity));
        return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
    } catch (const std::exception &failed) {
        return fail(ErrorCode::Io, std::string("the server cannot be started: ") + failed.what());
    }
}

}  // namespace tend::server::http
