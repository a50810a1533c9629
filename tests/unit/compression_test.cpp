#include <zstd.h>

#include <QtTest>

#include "sync/base/random.h"
#include "sync/protocol/compression.h"

using namespace replica;

namespace {

Bytes packedAt(int windowLog, const Bytes &octets)
{
    ZSTD_CCtx *packer = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(packer, ZSTD_c_windowLog, windowLog);
    ZSTD_CCtx_setParameter(packer, ZSTD_c_contentSizeFlag, 0);
    Bytes packed(ZSTD_compressBound(octets.size()), '\0');
    ZSTD_outBuffer out{packed.data(), packed.size(), 0};
    ZSTD_inBuffer in{octets.data(), octets.size(), 0};
    ZSTD_compressStream2(packer, &out, &in, ZSTD_e_end);
    ZSTD_freeCCtx(packer);
    packed.resize(out.pos);
    return packed;
}

}  // namespace

class CompressionTest : public QObject {
    Q_OBJECT

private slots:

    void octetsGoThereAndBack()
    {
        SeededRandom random(3);
        const Bytes octets = random.bytes(1000) + Bytes(100'000, 'x') + random.bytes(1000);
        const auto packed = deflate(octets);
        QVERIFY(packed && packed->size() < 5000);
        QVERIFY(inflate(*packed) == octets);
    }

    void whatDoesNotShrinkIsLeftAlone()
    {
        QVERIFY(!deflate(Bytes(256, 'x')));
        QVERIFY(!deflate(SeededRandom(1).bytes(5000)));
    }

    void aBombIsFull_data()
    {
        QTest::addColumn<int>("megabytes");
        QTest::newRow("beyond the ratio") << 3;
        QTest::newRow("beyond the limit") << 9;
        QTest::newRow("far beyond") << 200;
    }

    void aBombIsFull()
    {
        QFETCH(int, megabytes);
        const auto packed = deflate(Bytes(static_cast<std::size_t>(megabytes) << 20U, '\0'));
        const auto octets = inflate(packed.value());
        QVERIFY(!octets && octets.error().code == ErrorCode::Full);
    }

    void aFullPageOfOneKindOfRowIsNoBomb()
    {
        const Bytes page(3U << 19U, '\0');
        QVERIFY(inflate(deflate(page).value()) == page);
    }

    void aDamagedFrameIsInvalid()
    {
        const Bytes packed = deflate(Bytes(1000, 'x') + SeededRandom(5).bytes(500)).value();
        for (const Bytes &damaged :
            {Bytes(), Bytes("no frame"), packed.substr(0, packed.size() / 2),
                packed.substr(0, packed.size() - 1), packed + "x"}) {
            const auto octets = inflate(damaged);
            QVERIFY(!octets && octets.error().code == ErrorCode::Invalid);
        }
    }

    void aHugeWindowIsRefused()
    {
        const auto octets = inflate(packedAt(27, SeededRandom(9).bytes(9U << 20U)));
        QVERIFY(!octets && octets.error().code == ErrorCode::Invalid);
    }
};

QTEST_APPLESS_MAIN(CompressionTest)
#include "compression_test.moc"
