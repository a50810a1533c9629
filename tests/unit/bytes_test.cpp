#include <QtTest>

#include "sync/base/bytes.h"
#include "sync/base/random.h"

using namespace replica;

class BytesTest : public QObject {
    Q_OBJECT

private slots:

    void hexGoesThereAndBack()
    {
        const Bytes bytes("\x00\x7f\xff", 3);
        QCOMPARE(toHex(bytes), std::string("007fff"));
        QVERIFY(fromHex("007FFF") == bytes);
        QVERIFY(!fromHex("0"));
        QVERIFY(!fromHex("0g"));
    }

    void base64UrlGoesThereAndBackForEveryLength()
    {
        SeededRandom random(7);
        for (std::size_t length = 0; length < 40; ++length) {
            const Bytes bytes = random.bytes(length);
            QVERIFY(fromBase64Url(toBase64Url(bytes)) == bytes);
        }
        QCOMPARE(toBase64Url("\xfb\xff"), std::string("-_8"));
    }

    void base64UrlRefusesWhatNoEncoderMakes()
    {
        QVERIFY(!fromBase64Url("A"));
        QVERIFY(!fromBase64Url("AB+="));
        QVERIFY(!fromBase64Url("-_9"));  // bits left over that are not zero
    }

    void splitmixGivesThePublishedNumbers()
    {
        SeededRandom random(1234567);
        QCOMPARE(random.next(), std::uint64_t{6457827717110365317U});
        QCOMPARE(random.next(), std::uint64_t{3203168211198807973U});
    }
};

QTEST_APPLESS_MAIN(BytesTest)
#include "bytes_test.moc"
