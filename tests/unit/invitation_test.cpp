#include <QtTest>

#include "sync/protocol/invitation.h"

using namespace replica;

namespace {

InvitationLink example()
{
    return {{"sync.example.org", 8443}, {Bytes(32, 'a'), Bytes(32, 'b')}, Bytes(32, '\xff'),
        "Müller & Söhne = 100 %"};
}

const QString pin = QString("pin=") + QString(43, 'A');
const QString secret = QString("&secret=") + QString(43, 'A');

}  // namespace

class InvitationTest : public QObject {
    Q_OBJECT

private slots:

    void aLinkGoesThereAndBack()
    {
        const auto again = parseInvitation(toText(example()));
        QVERIFY(again && *again == example());
    }

    void oneAddressOfEachKindGoesThereAndBack()
    {
        for (const char *text : {"localhost:1", "127.0.0.1:8443", "[::1]:65535", "a-b.example:443"})
            QCOMPARE(toText(parseAddress(text).value()), std::string(text));
    }

    void blanksAndUnknownPartsArePassedOver()
    {
        const std::string text = " \n" + toText(example()) + "&colour=green\r\n";
        QVERIFY(parseInvitation(text) == example());
    }

    void aDamagedLinkIsInvalidWithASentence_data()
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("sentence");
        const QString start = "tend://join?server=h:1&";
        QTest::newRow("empty") << ""
                               << "this is no invitation";
        QTest::newRow("another scheme") << "https://join?server=h:1"
                                        << "this is no invitation";
        QTest::newRow("no server") << "tend://join?" + pin + secret << "has no server";
        QTest::newRow("no port") << "tend://join?server=h&" + pin + secret << "it has no port";
        QTest::newRow("port 0") << "tend://join?server=h:0&" + pin + secret << "no number from 1";
        QTest::newRow("port 65536")
            << "tend://join?server=h:65536&" + pin + secret << "no number from 1";
        QTest::newRow("port -1") << "tend://join?server=h:-1&" + pin + secret << "no number from 1";
        QTest::newRow("path in the host")
            << "tend://join?server=h/x:1&" + pin + secret << "the host is";
        QTest::newRow("user in the host")
            << "tend://join?server=u@h:1&" + pin + secret << "the host is";
        QTest::newRow("no pin") << start + secret.mid(1) << "has no pin";
        QTest::newRow("short pin")
            << start + "pin=AAAA" + secret << "the pin in this link is damaged";
        QTest::newRow("bad next") << start + pin + "&next=!" + secret
                                  << "the next in this link is damaged";
        QTest::newRow("no secret") << start + pin << "has no secret";
        QTest::newRow("short secret") << start + pin + "&secret=AAAA"
                                      << "the secret in this link";
        QTest::newRow("twice") << start + pin + "&" + pin + secret << "one thing twice";
        QTest::newRow("no value") << start + "pin"
                                  << "has no value";
        QTest::newRow("bad percent") << start + pin + secret + "&workspace=%zz"
                                     << "after a % sign";
        QTest::newRow("cut percent") << start + pin + secret + "&workspace=%4"
                                     << "after a % sign";
        QTest::newRow("endless") << start + pin + secret + "&workspace=" + QString(5000, 'x')
                                 << "too long";
    }

    void aDamagedLinkIsInvalidWithASentence()
    {
        QFETCH(QString, link);
        QFETCH(QString, sentence);
        const auto parsed = parseInvitation(link.toStdString());
        QVERIFY(!parsed && parsed.error().code == ErrorCode::Invalid);
        QVERIFY2(QString::fromStdString(parsed.error().message).contains(sentence),
            parsed.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(InvitationTest)
#include "invitation_test.moc"
