#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include "app/platform/thumbnail.h"
#include "sync/base/random.h"

using namespace tend;

class ThumbnailTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    [[nodiscard]] std::filesystem::path picture(const QImage &image, const char *name) const
    {
        const QString path = m_folder.filePath(name);
        if (!image.save(path))
            qFatal("no picture");
        return path.toStdString();
    }

    [[nodiscard]] static QImage read(const replica::Bytes &octets)
    {
        return QImage::fromData(QByteArray::fromStdString(octets), "JPEG");
    }

private slots:

    void theWorstPictureBecomesSmallEnough()
    {
        // Noise does not pack.
        QImage image(1600, 1200, QImage::Format_RGB32);
        replica::SeededRandom random(1);
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                image.setPixel(x, y, static_cast<QRgb>(random.next()));
        }
        const auto small = thumbnailOf(picture(image, "noise.png"));
        QVERIFY(small.has_value());
        QVERIFY(small->size() <= thumbnailOctetsMax);
        QVERIFY(!read(*small).isNull());
    }

    void itKeepsShapeAndColour()
    {
        QImage image(3000, 1000, QImage::Format_RGB32);
        image.fill(Qt::red);
        const QImage small = read(thumbnailOf(picture(image, "red.jpg")).value());
        QCOMPARE(small.width(), 320);
        QVERIFY(small.height() == 106 || small.height() == 107);
        QVERIFY(qRed(small.pixel(50, 50)) > 240 && qBlue(small.pixel(50, 50)) < 15);
    }

    void aSmallPictureIsNotBlownUp()
    {
        QImage image(20, 10, QImage::Format_RGB32);
        image.fill(Qt::blue);
        QCOMPARE(read(thumbnailOf(picture(image, "tiny.png")).value()).size(), QSize(20, 10));
    }

    void whatShinesThroughIsWhite()
    {
        QImage image(100, 100, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        const QImage small = read(thumbnailOf(picture(image, "glass.png")).value());
        QVERIFY(qGreen(small.pixel(50, 50)) > 240);
    }

    void whatIsNoPictureIsSaid()
    {
        QFile file(m_folder.filePath("words.jpg"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no picture") > 0);
        file.close();
        QCOMPARE(
            thumbnailOf(file.fileName().toStdString()).error().code, replica::ErrorCode::Invalid);
        QCOMPARE(thumbnailOf("/nowhere.png").error().code, replica::ErrorCode::Invalid);
    }
};

QTEST_APPLESS_MAIN(ThumbnailTest)
#include "thumbnail_test.moc"
