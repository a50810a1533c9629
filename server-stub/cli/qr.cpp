#include "server-stub/cli/qr.h"

#include <qrencode.h>

#include "sync/base/handle.h"

namespace tend::server::cli {

using namespace replica;

Result<std::string> qrCode(const std::string &text)
{
    const Handle<QRcode, &QRcode_free> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L));
    if (!code)
        return fail(ErrorCode::Invalid, "this is too long for a QR code");
    constexpr int quiet = 2;  // modules of light around it
    const int width = code->width;
    const auto isDark = [&](int row, int column) {
        const bool isInside = row >= 0 && row < width && column >= 0 && column < width;
        return isInside && (code->data[row * width + column] & 1U) != 0;
    };
    std::string drawn;
    for (int row = -quiet; row < width + quiet; row += 2) {
        for (int column = -quiet; column < width + quiet; ++column) {
            const bool above = isDark(row, column);
            const bool below = isDark(row + 1, column);
            drawn += above ? (below ? " " : "\u2584") : (below ? "\u2580" : "\u2588");
        }
        drawn += '\n';
    }
    return drawn;
}

}  // namespace tend::server::cli
