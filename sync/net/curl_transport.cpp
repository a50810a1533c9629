#include "sync/net/curl_transport.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <curl/curl.h>
#include <deque>
#include <list>
#include <nlohmann/json.hpp>

#include "sync/base/ensure.h"
#include "sync/base/handle.h"
#include "sync/protocol/compression.h"

namespace replica::net {

using std::chrono::milliseconds;

namespace {

using Easy = Handle<CURL, &curl_easy_cleanup>;
using Multi = Handle<CURLM, &curl_multi_cleanup>;
using Share = Handle<CURLSH, &curl_share_cleanup>;
using Headers = Handle<curl_slist, &curl_slist_free_all>;

constexpr const char *messageType = "application/x-protobuf";
constexpr std::size_t wordsOctetsMax = 500;
constexpr std::size_t restingHandlesMax = 4;

// One request and its answer on their way. Its address is known to libcurl, so it does not move.
struct Transfer {
    ExchangeId exchange{};
    Bytes request;
    Bytes answer;
    bool isAnswerTooLong = false;
    bool isGivenUp = false;  // its answer is for nobody
    milliseconds heldFor{0};
    Headers headers;
    Easy handle;
    std::array<char, CURL_ERROR_SIZE> words{};
};

std::size_t takeAnswer(char *data, std::size_t, std::size_t size, void *context)
{
    auto &transfer = *static_cast<Transfer *>(context);
    if (transfer.answer.size() + size > answerBytesMax) {
        transfer.isAnswerTooLong = true;
        return 0;
    }
    transfer.answer.append(data, size);
    return size;
}

int countTraffic(CURL *, curl_infotype kind, char *, std::size_t size, void *context)
{
    auto &traffic = *static_cast<Traffic *>(context);
    if (kind == CURLINFO_HEADER_OUT || kind == CURLINFO_DATA_OUT)
        traffic.sent += size;
    else if (kind == CURLINFO_HEADER_IN || kind == CURLINFO_DATA_IN)
        traffic.received += size;
    return 0;
}

const char *pathOf(Route route)
{
    switch (route) {
    case Route::Push:
        return "/v1/push";
    case Route::Pull:
        return "/v1/pull";
    case Route::FileState:
        return "/v1/file-state";
    case Route::FilePut:
        return "/v1/file-put";
    case Route::FileGet:
        return "/v1/file-get";
    case Route::Enrol:
        break;
    }
    return "/v1/enrol";
}

std::string base64(BytesView octets)
{
    std::string text = toBase64Url(octets);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    return text.append((4 - text.size() % 4) % 4, '=');
}

std::string pinsForCurl(const std::vector<Bytes> &pins)
{
    std::string list;
    for (const Bytes &pin : pins)
        list += (list.empty() ? "sha256//" : ";sha256//") + base64(pin);
    return list;
}

bool isThisMachine(const std::string &host)
{
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Error untrusted()
{
    return {ErrorCode::Untrusted, "This server could not prove who it is. Nothing was sent."};
}

// What TLS itself refuses comes with a number and words of OpenSSL. All else that ends a handshake
// is a network's doing, or a server's that was just stopped.
bool isOfTls(const std::string &words)
{
    return words.find("error:") != std::string::npos
        && words.find("unexpected eof") == std::string::npos;
}

// Why there was no answer at all.
Error whyNone(CURLcode code, const Transfer &transfer)
{
    const std::string words
        = transfer.words[0] != '\0' ? transfer.words.data() : curl_easy_strerror(code);
    switch (code) {
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return untrusted();
    case CURLE_SSL_CONNECT_ERROR:
        if (isOfTls(words))
            return untrusted();
        return {ErrorCode::Offline, "the connection to the server broke off: " + words};
    case CURLE_SSL_CERTPROBLEM:
        return {ErrorCode::Invalid, "this device's key and certificate do not fit: " + words};
    case CURLE_WRITE_ERROR:
        if (transfer.isAnswerTooLong)
            return {ErrorCode::Refused, "the server's answer is longer than any answer may be"};
        break;
    case CURLE_OPERATION_TIMEDOUT:
        return {ErrorCode::Offline, "the server did not answer in time: " + words};
    default:
        break;
    }
    return {ErrorCode::Offline, "the server cannot be reached: " + words};
}

std::string headerOf(const Transfer &transfer, const char *name)
{
    curl_header *header = nullptr;
    if (curl_easy_header(transfer.handle.get(), name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return {};
    return header->value;
}

// The server's sentence, fit to be shown: text only, and not without end.
std::string detailOf(const Transfer &transfer)
{
    if (!headerOf(transfer, "content-type").starts_with("application/problem+json"))
        return {};
    const auto problem = nlohmann::json::parse(transfer.answer, nullptr, false);
    if (!problem.is_object() || !problem.contains("detail") || !problem["detail"].is_string())
        return {};
    std::string detail = problem["detail"].get<std::string>().substr(0, wordsOctetsMax);
    std::replace_if(
        detail.begin(), detail.end(),
        [](char octet) { return static_cast<unsigned char>(octet) < ' '; }, ' ');
    return detail;
}

milliseconds retryAfterOf(const Transfer &transfer)
{
    constexpr long secondsMax = 3600;
    const std::string text = headerOf(transfer, "retry-after");
    long seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds(std::clamp(seconds, 0L, secondsMax));
}

// Why the server answered with another status than 200.
Error whyRefused(long status, const Transfer &transfer)
{
    const std::string detail = detailOf(transfer);
    const auto words = [&](const std::string &otherwise) {
        return detail.empty() ? otherwise : detail;
    };
    const std::string number = std::to_string(status);
    if (status == 401)
        return {ErrorCode::Unauthorized, words("the server does not know this device")};
    if (status == 426)
        return {ErrorCode::TooNew, words("the server speaks another version; update Tend")};
    if (status == 429 || status >= 500)
        return {ErrorCode::Busy, words("the server cannot answer now (" + number + ")")};
    if (status >= 400)
        return {ErrorCode::Refused,
            words("the server refused this (" + number + ") and gave no reason")};
    return {ErrorCode::Refused, "this is no Tend server: it answered with status " + number};
}

Result<Bytes> answerOf(Transfer &transfer)
{
    if (!headerOf(transfer, "content-type").starts_with(messageType))
        return fail(ErrorCode::Refused, "this is no Tend server: its answer is of another kind");
    const std::string encoding = headerOf(transfer, "content-encoding");
    if (encoding.empty())
        return std::move(transfer.answer);
    if (encoding != "zstd")
        return fail(ErrorCode::Refused, "the server packed its answer in an unknown way");
    auto octets = inflate(transfer.answer);
    if (!octets)
        return fail(
            ErrorCode::Refused, "the server's answer is unreadable: " + octets.error().message);
    return octets;
}

}  // namespace

CurlGlobal::CurlGlobal()
{
    ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

CurlGlobal::~CurlGlobal()
{
    curl_global_cleanup();
}

struct CurlTransport::Parts {
    Peer peer;
    Patience patience;
    std::string origin;
    std::string pins;
    Traffic traffic;
    std::deque<Arrival> arrivals;
    // Handles at rest, with what they know of the server. Freed before the share and the multi
    // handle.
    Share share;
    Multi multi;
    std::list<Transfer> transfers;
    std::vector<Easy> resting;

    Parts() = default;
    Parts(const Parts &) = delete;
    Parts &operator=(const Parts &) = delete;

    ~Parts()
    {
        for (const Transfer &transfer : transfers)
            curl_multi_remove_handle(multi.get(), transfer.handle.get());
        wipe(peer.privateKeyPem);
    }

    [[nodiscard]] Easy takeHandle()
    {
        if (resting.empty())
            return Easy(curl_easy_init());
        Easy handle = std::move(resting.back());
        resting.pop_back();
        return handle;
    }

    [[nodiscard]] bool prepare(Transfer &transfer, Route route, bool isPacked);
    [[nodiscard]] bool prepareTrust(CURL *handle);
    void finish(CURL *handle, CURLcode code);
    void drop(std::list<Transfer>::iterator transfer);
};

// Every option must take: one left out could mean a connection without its guard.
bool CurlTransport::Parts::prepareTrust(CURL *handle)
{
    const auto blob = [](const std::string &text) {
        return curl_blob{const_cast<char *>(text.data()), text.size(), CURL_BLOB_COPY};
    };
    const curl_blob certificate = blob(peer.certificatePem);
    const curl_blob key = blob(peer.privateKeyPem);
    bool isSet = true;
    const auto set = [&](CURLoption option, auto value) {
        isSet = isSet && curl_easy_setopt(handle, option, value) == CURLE_OK;
    };
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
    // Trust is the pin alone, and it is never empty: who holds the pinned key is the server. Chain,
    // name and dates would only add ways to be locked out (a wrong clock) or let in (any
    // authority's mistake).
    set(CURLOPT_PINNEDPUBLICKEY, pins.c_str());
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    if (!peer.certificatePem.empty()) {
        set(CURLOPT_SSLCERTTYPE, "PEM");
        set(CURLOPT_SSLCERT_BLOB, &certificate);
        set(CURLOPT_SSLKEYTYPE, "PEM");
        set(CURLOPT_SSLKEY_BLOB, &key);
    }
    return isSet;
}

bool CurlTransport::Parts::prepare(Transfer &transfer, Route route, bool isPacked)
{
    CURL *handle = transfer.handle.get();
    if (!handle || !prepareTrust(handle))
        return false;
    // Short headers: with nothing to do, they are most of what travels.
    for (const char *line : {"Content-Type: application/x-protobuf", "Accept-Encoding: zstd",
             "Accept:", "Expect:", isPacked ? "Content-Encoding: zstd" : nullptr}) {
        if (!line)
            continue;
        curl_slist *longer = curl_slist_append(transfer.headers.get(), line);
        if (!longer)
            return false;
        static_cast<void>(transfer.headers.release());
        transfer.headers.reset(longer);
    }
    bool isSet = true;
    const auto set = [&](CURLoption option, auto value) {
        isSet = isSet && curl_easy_setopt(handle, option, value) == CURLE_OK;
    };
    const std::string address = origin + pathOf(route);
    set(CURLOPT_URL, address.c_str());
    if (isThisMachine(peer.server.host))
        set(CURLOPT_PROXY, "");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTPHEADER, transfer.headers.get());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, transfer.request.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.request.size()));
    set(CURLOPT_WRITEFUNCTION, &takeAnswer);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_ERRORBUFFER, transfer.words.data());
    set(CURLOPT_PRIVATE, &transfer);
    set(CURLOPT_SHARE, share.get());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.connectWithin.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>((patience.totalWithin + transfer.heldFor).count()));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME,
        static_cast<long>(((patience.stallFor + transfer.heldFor).count() + 999) / 1000));
    set(CURLOPT_UPLOAD_BUFFERSIZE, 128L << 10U);
    // Its debug output is the one place where libcurl tells headers and bodies apart, each once.
    set(CURLOPT_DEBUGFUNCTION, &countTraffic);
    set(CURLOPT_DEBUGDATA, &traffic);
    set(CURLOPT_VERBOSE, 1L);
    return isSet;
}

void CurlTransport::Parts::finish(CURL *handle, CURLcode code)
{
    const auto transfer = std::find_if(transfers.begin(), transfers.end(),
        [&](const Transfer &candidate) { return candidate.handle.get() == handle; });
    ENSURE(transfer != transfers.end());
    Arrival arrival{transfer->exchange, Bytes(), milliseconds(0)};
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status == 200) {
        arrival.body = answerOf(*transfer);
    } else if (code == CURLE_OK || (status >= 400 && !transfer->answer.empty())) {
        // A server may answer and close before it read everything: its words count, not the broken
        // pipe.
        arrival.body = tl::unexpected<Error>(whyRefused(status, *transfer));
        arrival.retryAfter = retryAfterOf(*transfer);
    } else {
        arrival.body = tl::unexpected<Error>(whyNone(code, *transfer));
    }
    const bool isWanted = !transfer->isGivenUp;
    drop(transfer);
    if (isWanted)
        arrivals.push_back(std::move(arrival));
}

// Ends a transfer, wherever it is. Before its answer is whole that costs the connection.
void CurlTransport::Parts::drop(std::list<Transfer>::iterator transfer)
{
    CURL *handle = transfer->handle.get();
    curl_multi_remove_handle(multi.get(), handle);
    if (resting.size() < restingHandlesMax) {
        curl_easy_reset(handle);  // it must not remember this transfer's buffers
        resting.push_back(std::move(transfer->handle));
    }
    transfers.erase(transfer);
}

Result<std::unique_ptr<CurlTransport>> CurlTransport::create(Peer peer, Patience patience)
{
    if (peer.pins.empty())
        return fail(ErrorCode::Invalid,
            "the server's key is not known, so it is not spoken to; join it anew");
    for (const Bytes &pin : peer.pins) {
        if (pin.size() != pinBytes)
            return fail(
                ErrorCode::Invalid, "a pin of the server's key has not 32 octets; join it anew");
    }
    auto parts = std::make_unique<Parts>();
    parts->origin = "https://" + toText(peer.server);
    parts->pins = pinsForCurl(peer.pins);
    parts->peer = std::move(peer);
    parts->patience = patience;
    parts->share.reset(curl_share_init());
    parts->multi.reset(curl_multi_init());
    // TLS sessions are the transport's, not a handle's: the second connection resumes the first
    // one's.
    if (!parts->share || !parts->multi
        || curl_share_setopt(parts->share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION)
            != CURLSHE_OK)
        return fail(ErrorCode::Io, "libcurl cannot be started");
    return std::unique_ptr<CurlTransport>(new CurlTransport(std::move(parts)));
}

CurlTransport::CurlTransport(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::post(ExchangeId exchange, Route route, Bytes request, milliseconds heldFor)
{
    Transfer &transfer = m_parts->transfers.emplace_back();
    transfer.exchange = exchange;
    transfer.heldFor = heldFor;
    auto packed = deflate(request);
    const bool isPacked = packed.has_value();
    transfer.request = isPacked ? *std::move(packed) : std::move(request);
    transfer.handle = m_parts->takeHandle();
    if (m_parts->prepare(transfer, route, isPacked)
        && curl_multi_add_handle(m_parts->multi.get(), transfer.handle.get()) == CURLM_OK) {
        // On its way before the caller turns to other work.
        int running = 0;
        static_cast<void>(curl_multi_perform(m_parts->multi.get(), &running));
        return;
    }
    m_parts->transfers.pop_back();
    m_parts->arrivals.push_back(
        {exchange, fail(ErrorCode::Io, "libcurl takes no request"), milliseconds(0)});
}

void CurlTransport::giveUp(ExchangeId exchange)
{
    std::list<Transfer> &transfers = m_parts->transfers;
    for (auto at = transfers.begin(); at != transfers.end();) {
        const auto transfer = at++;
        if (transfer->isGivenUp)
            m_parts->drop(transfer);
        else if (transfer->exchange == exchange)
            transfer->isGivenUp = true;
    }
    std::erase_if(
        m_parts->arrivals, [&](const Arrival &arrival) { return arrival.exchange == exchange; });
}

std::optional<Arrival> CurlTransport::poll()
{
    int running = 0;
    if (m_parts->arrivals.empty() && !m_parts->transfers.empty())
        static_cast<void>(curl_multi_perform(m_parts->multi.get(), &running));
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(m_parts->multi.get(), &left)) {
        if (message->msg == CURLMSG_DONE)
            m_parts->finish(message->easy_handle, message->data.result);
    }
    if (m_parts->arrivals.empty())
        return std::nullopt;
    Arrival arrival = std::move(m_parts->arrivals.front());
    m_parts->arrivals.pop_front();
    return arrival;
}

void CurlTransport::wait(milliseconds atMost)
{
    if (!m_parts->arrivals.empty())
        return;
    constexpr milliseconds longest{60'000};
    const auto bound = static_cast<int>(std::clamp(atMost, milliseconds(0), longest).count());
    static_cast<void>(curl_multi_poll(m_parts->multi.get(), nullptr, 0, bound, nullptr));
}

void CurlTransport::wake() noexcept
{
    static_cast<void>(curl_multi_wakeup(m_parts->multi.get()));
}

Traffic CurlTransport::traffic() const
{
    return m_parts->traffic;
}

}  // namespace replica::net
