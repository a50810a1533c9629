#include "app/platform/thumbnail.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>

namespace tend {

using replica::Bytes;
using replica::ErrorCode;
using replica::fail;
using replica::Result;

namespace {

constexpr int sideMax = 320;
constexpr int sideMin = 40;
constexpr int qualities[] = {80, 65, 50, 35, 20};

Result<QImage> readSmall(const std::filesystem::path &picture, int side)
{
    QImageReader reader(QString::fromStdString(picture.string()));
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.width() > side || size.height() > side)
        reader.setScaledSize(size.scaled(side, side, Qt::KeepAspectRatio).expandedTo({1, 1}));
    QImage image = reader.read();
    if (image.isNull())
        return fail(ErrorCode::Invalid,
            picture.string() + " is no picture: " + reader.errorString().toStdString());
    if (image.width() > side || image.height() > side)
        image = image.scaled(side, side, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    return image;
}

// What shines through becomes white; JPEG would make it black.
QImage onWhite(const QImage &image)
{
    QImage opaque(image.size(), QImage::Format_RGB32);
    opaque.fill(Qt::white);
    QPainter(&opaque).drawImage(0, 0, image);
    return opaque;
}

Bytes packed(const QImage &image, int quality)
{
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, "JPEG", quality) ? octets.toStdString() : Bytes();
}

}  // namespace

Result<Bytes> thumbnailOf(const std::filesystem::path &picture)
{
    for (int side = sideMax; side >= sideMin; side /= 2) {
        const QImage image = onWhite(TRY(readSmall(picture, side)));
        for (const int quality : qualities) {
            Bytes octets = packed(image, quality);
            if (!octets.empty() && octets.size() <= thumbnailOctetsMax)
                return octets;
        }
    }
    return fail(ErrorCode::Invalid, picture.string() + " cannot be made small enough");
}

}  // namespace tend
