#include <openssl/pem.h>

#include <QtTest>

#include "sync/crypto/device_key.h"
#include "sync/crypto/digest.h"
#include "sync/crypto/openssl_handle.h"

using namespace replica;
using crypto::DeviceKey;

class DeviceKeyTest : public QObject {
    Q_OBJECT

private slots:

    void aKeyGoesThroughPemAndBack()
    {
        const DeviceKey key = DeviceKey::generate().value();
        Bytes pem = key.toPem().value();
        QVERIFY(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
        const DeviceKey again = DeviceKey::fromPem(pem).value();
        QVERIFY(again.publicKeyDigest().value() == key.publicKeyDigest().value());
        QCOMPARE(key.publicKeyDigest().value().size(), std::size_t{32});
    }

    void twoKeysDiffer()
    {
        const Bytes one = DeviceKey::generate().value().publicKeyDigest().value();
        QVERIFY(one != DeviceKey::generate().value().publicKeyDigest().value());
    }

    void theCertificateCarriesTheKeyAndItsOwnSignature()
    {
        const DeviceKey key = DeviceKey::generate().value();
        const std::string pem = key.selfSignedCertificate("device").value();
        const crypto::MemoryFile file(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
        const crypto::Certificate certificate(
            PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
        QVERIFY(certificate != nullptr);
        QCOMPARE(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())), 1);
        unsigned char *der = nullptr;
        const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
        QVERIFY(size > 0);
        const Bytes spki(reinterpret_cast<char *>(der), static_cast<std::size_t>(size));
        OPENSSL_free(der);
        QVERIFY(crypto::sha256(spki) == key.publicKeyDigest().value());
    }

    void whatIsNoP256KeyIsInvalid_data()
    {
        QTest::addColumn<QByteArray>("pem");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("words") << QByteArray("a key, honestly");
        QTest::newRow("cut short") << QByteArray("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n");
        const crypto::PrivateKey other(EVP_EC_gen("P-384"));
        const crypto::MemoryFile file(BIO_new(BIO_s_mem()));
        QVERIFY(PEM_write_bio_PKCS8PrivateKey(
                    file.get(), other.get(), nullptr, nullptr, 0, nullptr, nullptr)
            == 1);
        char *data = nullptr;
        const long size = BIO_get_mem_data(file.get(), &data);
        QTest::newRow("another curve") << QByteArray(data, size);
    }

    void whatIsNoP256KeyIsInvalid()
    {
        QFETCH(QByteArray, pem);
        const auto key = DeviceKey::fromPem(pem.toStdString());
        QVERIFY(!key && key.error().code == ErrorCode::Invalid);
    }
};

QTEST_APPLESS_MAIN(DeviceKeyTest)
#include "device_key_test.moc"
