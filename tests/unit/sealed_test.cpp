#include <QtTest>

#include "sync/crypto/digest.h"
#include "sync/crypto/sealed.h"

using namespace replica;
using namespace replica::crypto;

// Published numbers, and that nothing that was changed opens.
class SealedTest : public QObject {
    Q_OBJECT

private slots:

    // RFC 5869, A.1; the first 32 octets.
    void keysAreDerivedAsPublished()
    {
        const Bytes key(22, '\x0b');
        const Bytes salt = *fromHex("000102030405060708090a0b0c");
        const Bytes purpose = *fromHex("f0f1f2f3f4f5f6f7f8f9");
        QCOMPARE(toHex(derivedKey(key, salt, purpose)),
            std::string("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }

    // McGrew and Viega, test case 14.
    void octetsAreSealedAsPublished()
    {
        const Bytes sealed = seal(Bytes(32, '\0'), Bytes(12, '\0'), {}, Bytes(16, '\0'));
        QCOMPARE(toHex(sealed),
            std::string("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
    }

    void onlyWhatWasSealedOpens()
    {
        const Bytes key(32, 'k');
        const Bytes nonce(12, 'n');
        const Bytes sealed = seal(key, nonce, "bound", "words");
        QCOMPARE(*unseal(key, nonce, "bound", sealed), std::string("words"));
        const auto opens = [&](BytesView k, BytesView n, BytesView b, BytesView s) {
            const auto octets = unseal(k, n, b, s);
            return octets || octets.error().code != ErrorCode::Corrupt;
        };
        QVERIFY(!opens(Bytes(32, 'o'), nonce, "bound", sealed));
        QVERIFY(!opens(key, Bytes(12, 'o'), "bound", sealed));
        QVERIFY(!opens(key, nonce, "other", sealed));
        for (std::size_t cut = 0; cut < sealed.size(); ++cut)
            QVERIFY(!opens(key, nonce, "bound", BytesView(sealed).substr(0, cut)));
        for (std::size_t at = 0; at < sealed.size(); ++at) {
            Bytes flipped = sealed;
            flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
            QVERIFY(!opens(key, nonce, "bound", flipped));
        }
    }

    void aRunningDigestIsTheWhole()
    {
        RunningDigest running;
        running.add("one ");
        running.add("");
        running.add("two");
        QVERIFY(running.finish() == sha256("one two"));
    }
};

QTEST_APPLESS_MAIN(SealedTest)
#include "sealed_test.moc"
