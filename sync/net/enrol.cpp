#include "sync/net/enrol.h"

namespace replica::net {

Result<EnrolAnswer> enrol(Peer peer, const EnrolRequest &request)
{
    using Clock = std::chrono::steady_clock;
    const auto transport
        = TRY(CurlTransport::create(std::move(peer), {enrolWithin, enrolWithin, enrolWithin}));
    transport->post(ExchangeId{1}, Route::Enrol, encode(request));
    // A little longer than the transfer's own limit, which has the better words.
    const auto deadline = Clock::now() + enrolWithin + std::chrono::seconds(1);
    while (Clock::now() < deadline) {
        if (auto arrival = transport->poll()) {
            const Bytes body = TRY(std::move(arrival->body));
            return decodeEnrolAnswer(body);
        }
        transport->wait(std::chrono::milliseconds(200));
    }
    return fail(ErrorCode::Offline, "the server did not answer in time");
}

}  // namespace replica::net
