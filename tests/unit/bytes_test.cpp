#include <QtTest>

#include "sync/base/bytes.h"
#include "sync/base/near_words.h"
#include "sync/base/random.h"

using namespace replica;

class BytesTest : public QObject {
    Q_OBJECT

private slots:

    void aWordNobodyKnowsIsNamedWithItsNeighbours_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("says");
        QTest::newRow("longer") << "sync-now"
                                << "; did you mean 'sync'?";
        QTest::newRow("shorter") << "stat"
                                 << "; did you mean 'status'?";
        QTest::newRow("swapped") << "ptu"
                                 << "; did you mean 'put'?";
        QTest::newRow("two") << "gut"
                             << "; did you mean 'get' or 'put'?";
        QTest::newRow("none") << "frobnicate"
                              << "";
        QTest::newRow("one letter") << "s"
                                    << "";
    }

    void aWordNobodyKnowsIsNamedWithItsNeighbours()
    {
        QFETCH(QString, word);
        QFETCH(QString, says);
        const std::string sentence
            = notAVerb("tendctl", word.toStdString(), {"put", "get", "sync", "status"});
        QCOMPARE(QString::fromStdString(sentence), "'" + word + "' is not a tendctl verb" + says);
    }

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
