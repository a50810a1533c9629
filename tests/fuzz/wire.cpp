// What a stranger can send, as one fuzz target: the first octet chooses the decoder, the rest is
// its input. Decoding must answer, in bounded memory; and what it takes for a body must be
// something we could have written.
#include <cstddef>
#include <cstdint>

#include "sync/base/ensure.h"
#include "sync/protocol/body.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/file_messages.h"
#include "sync/protocol/invitation.h"
#include "sync/protocol/messages.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace replica;
    if (size == 0)
        return 0;
    const BytesView input(reinterpret_cast<const char *>(data) + 1, size - 1);
    switch (data[0] % 15) {
    case 0:
        if (const auto changes = decodeBody(input))
            ENSURE(
                decodeBody(encodeBody(*changes)).has_value() || input.size() > groupBytesMax / 2);
        break;
    case 1:
        static_cast<void>(decodePushRequest(input));
        break;
    case 2:
        static_cast<void>(decodePushAnswer(input));
        break;
    case 3:
        static_cast<void>(decodePullRequest(input));
        break;
    case 4:
        static_cast<void>(decodePullAnswer(input));
        break;
    case 5:
        static_cast<void>(decodeEnrolRequest(input));
        break;
    case 6:
        static_cast<void>(decodeEnrolAnswer(input));
        break;
    case 7:
        if (const auto octets = inflate(input))
            ENSURE(octets->size() <= inflatedBytesMax);
        break;
    case 9:
        static_cast<void>(decodeFileStateRequest(input));
        break;
    case 10:
        static_cast<void>(decodeFileStateAnswer(input));
        break;
    case 11:
        static_cast<void>(decodeFilePutRequest(input));
        break;
    case 12:
        static_cast<void>(decodeFilePutAnswer(input));
        break;
    case 13:
        static_cast<void>(decodeFileGetRequest(input));
        break;
    case 14:
        static_cast<void>(decodeFileGetAnswer(input));
        break;
    default:
        if (const auto link = parseInvitation(input))
            ENSURE(parseInvitation(toText(*link)).has_value());
        break;
    }
    return 0;
}
