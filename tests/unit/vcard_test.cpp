#include <QFile>
#include <QtTest>

#include "app/interop/contact.h"
#include "app/interop/text_input.h"
#include "app/interop/vcard.h"

using namespace tend;

namespace {

std::string card(const std::string &lines, const std::string &version = "3.0")
{
    return "BEGIN:VCARD\r\nVERSION:" + version + "\r\n" + lines + "END:VCARD\r\n";
}

Card one(const std::string &text)
{
    Cards cards = parseCards(text);
    if (cards.cards.size() != 1)
        qFatal("%zu cards", cards.cards.size());
    return cards.cards.front();
}

std::string valueOf(const Card &card, const char *name)
{
    const ContentLine *property = card.property(name);
    return property ? property->value : "(none)";
}

std::string corpus(const QString &name)
{
    QFile file(TEST_DATA "/interop/" + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.fileName()));
    const auto text = decodeText(file.readAll().toStdString());
    if (!text)
        qFatal("%s", text.error().message.c_str());
    return text->text;
}

}  // namespace

class VcardTest : public QObject {
    Q_OBJECT

private slots:

    void valuesOfEachVersion_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("value");
        const auto row
            = [](const char *title, const std::string &text, const char *name, const char *value) {
                  QTest::newRow(title) << text << std::string(name) << std::string(value);
              };
        row("folded", card("NOTE:one\r\n  two\r\n"), "NOTE", "one two");
        row("folded by bare LF", "BEGIN:VCARD\nNOTE:one\n\ttwo\nEND:VCARD\n", "NOTE", "onetwo");
        row("small letters", "begin:vcard\r\nnote:x\r\nend:vcard\r\n", "NOTE", "x");
        row("a colon in quotes", card("TEL;X-A=\"a:b;c\":12\r\n"), "TEL", "12");
        row("quoted-printable with a charset",
            card("NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gr=FC=DFe\r\n", "2.1"), "NOTE",
            "Grüße");
        row("soft line break",
            card("NOTE;ENCODING=QUOTED-PRINTABLE:one=20=\r\ntwo=0D=0Athree\r\n", "2.1"), "NOTE",
            "one two\\nthree");
        row("soft line break, folded as well",
            card("NOTE;ENCODING=QUOTED-PRINTABLE:caf=C3=\r\n =A9=20o=\r\n =6C=C3=A9\r\n", "2.1"),
            "NOTE", "café olé");
        row("soft line break before a space",
            card("NOTE;ENCODING=QUOTED-PRINTABLE:one and=\r\n two=0A\r\n", "2.1"), "NOTE",
            "one and two\\n");
        row("2.1: a position", card("GEO:64.15,-21.94\r\n", "2.1"), "GEO", "64.15;-21.94");
        row("2.1: what a telephone parts",
            card("X-ANDROID-CUSTOM:vnd.example/nickname;Jogi;1\r\n", "2.1"), "X-ANDROID-CUSTOM",
            "vnd.example/nickname;Jogi;1");
        row("cards in a book",
            "BEGIN:VADDRESSBOOK\r\n" + card("NOTE:x\r\n") + "END:VADDRESSBOOK\r\n", "NOTE", "x");
        row("quoted-printable, no charset named", card("NOTE;QUOTED-PRINTABLE:caf=E9\r\n", "2.1"),
            "NOTE", "café");
        row("2.1: a comma is a comma", card("NOTE:a,b\r\n", "2.1"), "NOTE", "a\\,b");
        row("2.1: parts stay parts", card("N:Doe;Jane\\;Ann\r\n", "2.1"), "N", "Doe;Jane\\;Ann");
        row("2.1: a fold keeps its space", card("NOTE:one\r\n two\r\n", "2.1"), "NOTE", "one two");
        row("a line of nothing", card("\r\nNOTE:x\r\n"), "NOTE", "x");
        row("a mark before the first", "\xEF\xBB\xBF" + card("NOTE:x\r\n"), "NOTE", "x");
    }

    void valuesOfEachVersion()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, name);
        QFETCH(std::string, value);
        QCOMPARE(valueOf(one(decodeText(text)->text), name.c_str()), value);
    }

    void photosInTheirSpellings_data()
    {
        QTest::addColumn<std::string>("line");
        QTest::newRow("2.1") << card(
            "PHOTO;JPEG;ENCODING=BASE64:\r\n /9j/\r\n 4AAQ\r\n\r\n", "2.1");
        QTest::newRow("2.1, bare") << card("PHOTO;BASE64;TYPE=JPEG:/9j/4AAQ\r\n", "2.1");
        QTest::newRow("3.0") << card("PHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\n 4AAQ\r\n");
        QTest::newRow("4.0") << card("PHOTO:data:image/jpeg;base64,/9j/4AAQ\r\n", "4.0");
        QTest::newRow("4.0, escaped")
            << card("PHOTO:data:image/jpeg\\;base64\\,/9j/4AAQ\r\n", "4.0");
    }

    void photosInTheirSpellings()
    {
        QFETCH(std::string, line);
        const Card read = one(line);
        const auto photo = octetsOf(*read.property("PHOTO"));
        QVERIFY(photo.has_value());
        QCOMPARE(photo->mediaType, std::string("image/jpeg"));
        QCOMPARE(photo->octets, std::string("\xFF\xD8\xFF\xE0\x00\x10", 6));
        for (const auto version : {CardVersion::V3, CardVersion::V4}) {
            const Card again = one(writeCard(read, version));
            QCOMPARE(octetsOf(*again.property("PHOTO"))->octets, photo->octets);
            QCOMPARE(octetsOf(*again.property("PHOTO"))->mediaType, photo->mediaType);
        }
    }

    void base64ThereAndBack()
    {
        std::string octets;
        for (int length = 0; length < 70; ++length) {
            QCOMPARE(fromBase64(toBase64(octets)).value(), octets);
            octets.push_back(static_cast<char>(length * 37));
        }
        QCOMPARE(toBase64("Ma"), std::string("TWE="));
        QVERIFY(!fromBase64("a").has_value());
        QVERIFY(!fromBase64("ab=c").has_value());
    }

    void linesAreFoldedAndNeverWithinACharacter()
    {
        Card lengthy;
        std::string note;
        for (int i = 0; i < 60; ++i)
            note += "äö€😀";
        lengthy.properties = {{{}, "FN", {}, "x", 0}, {{}, "NOTE", {}, note, 0}};
        const std::string text = writeCard(lengthy, CardVersion::V4);
        for (const PhysicalLine &line : physicalLines(text)) {
            QVERIFY(line.text.size() <= 75);
            QVERIFY(isUtf8(line.text));
        }
        QVERIFY(text.find('\n') == text.find("\r\n") + 1);
        QCOMPARE(valueOf(one(text), "NOTE"), note);
    }

    void brokenCardsAreToldWithTheirLine_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("cards");
        QTest::addColumn<int>("line");
        QTest::newRow("cut") << card("FN:a\r\n") + "BEGIN:VCARD\r\nFN:b\r\n" << 1 << 5;
        QTest::newRow("one has no end") << "BEGIN:VCARD\r\nFN:b\r\n" + card("FN:a\r\n") << 1 << 1;
        QTest::newRow("no colon") << card("FN:a\r\nNOTE\r\n") << 1 << 4;
        QTest::newRow("open quotation mark") << card("FN:a\r\nTEL;X=\"a:1\r\n") << 1 << 4;
        QTest::newRow("something before") << "hello\r\n" + card("FN:a\r\n") << 1 << 1;
        QTest::newRow("an end too many") << card("FN:a\r\n") + "END:VCARD\r\n" << 1 << 5;
    }

    void brokenCardsAreToldWithTheirLine()
    {
        QFETCH(std::string, text);
        const Cards read = parseCards(text);
        QTEST(static_cast<int>(read.cards.size()), "cards");
        std::vector<InputFault> faults = read.faults;
        faults.insert(
            faults.end(), read.cards.front().faults.begin(), read.cards.front().faults.end());
        QCOMPARE(faults.size(), std::size_t{1});
        QTEST(static_cast<int>(faults.front().line), "line");
        QCOMPARE(valueOf(read.cards.front(), "FN"), std::string("a"));
    }

    void aCardInACardStays()
    {
        const Card boss = one(card(
            "FN:Boss\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:Helper\r\nEND:VCARD\r\nNOTE:after\r\n", "2.1"));
        QCOMPARE(valueOf(boss, "FN"), std::string("Boss"));
        QCOMPARE(valueOf(boss, "NOTE"), std::string("after"));
        QVERIFY(valueOf(boss, "AGENT").find("FN:Helper") != std::string::npos);
        // However deep somebody nests them.
        std::string deep = "BEGIN:VCARD\r\n";
        for (int i = 0; i < 20'000; ++i)
            deep += "AGENT:\r\nBEGIN:VCARD\r\n";
        QVERIFY(parseCards(deep).cards.empty());
    }

    void I2_roundTripKeepsEveryProperty_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"phone-2.1.vcf", "desk-3.0.vcf", "new-4.0.vcf"})
            QTest::newRow(file) << file;
    }

    void I2_roundTripKeepsEveryProperty()
    {
        QFETCH(QString, file);
        const Cards first = parseCards(corpus(file));
        QVERIFY(first.faults.empty());
        QVERIFY(first.cards.size() >= 2);
        for (const Card &card : first.cards) {
            const auto contact = contactOf(card);
            QVERIFY(contact.has_value());
            const auto version = file.contains("4.0") ? CardVersion::V4 : CardVersion::V3;
            const Card kept = cardWith(cardFromKept(contact->kept), contact->fields, version);
            const Card again = one(writeCard(kept, version));
            const auto same = contactOf(again);
            QVERIFY(same.has_value());
            QCOMPARE(same->fields, contact->fields);
            QCOMPARE(same->foreignId, contact->foreignId);
            for (const ContentLine &property : card.properties) {
                if (property.name == "PHOTO" && contact->photo)
                    continue;  // becomes an attachment; see import_test
                const bool isThere = std::any_of(again.properties.begin(), again.properties.end(),
                    [&](const ContentLine &other) {
                        const std::string value = property.name == "URL"
                            ? plainText(property.value)  // never written with escapes
                            : property.value;
                        return other.name == property.name && other.value == value
                            && other.group == property.group
                            && (property.name == "KEY" || other.parameters == property.parameters);
                    });
                QVERIFY2(isThere, writeContentLine(property).c_str());
            }
        }
    }

    void eachVersionHasItsOwnForm_data()
    {
        QTest::addColumn<std::string>("line");
        QTest::addColumn<std::string>("in3");
        QTest::addColumn<std::string>("in4");
        const auto row = [](const char *name, const char *line, const char *in3, const char *in4) {
            QTest::newRow(name) << std::string(line) << std::string(in3) << std::string(in4);
        };
        row("mail", "EMAIL;TYPE=INTERNET;TYPE=WORK:a@b.example", "", "EMAIL;TYPE=WORK:a@b.example");
        row("a day", "BDAY;VALUE=date:1984-02-29", "", "BDAY:19840229");
        row("a moment", "REV:2026-10-01T08:00:00Z", "", "REV:20261001T080000Z");
        row("no year", "BDAY:--0412", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "");
        row("no year in 3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "", "BDAY:--0412");
        row("no month", "BDAY:---12", "", "");
        row("words", "BDAY;VALUE=text:about 1800", "", "");
        row("a number", "TEL;VALUE=uri;TYPE=\"voice,cell\";PREF=1:tel:+1-2;ext=5",
            "TEL;TYPE=voice,cell;TYPE=PREF:+1-2\\;ext=5", "");
        row("preferred, but of no type in 3.0", "NOTE;PREF=1:x", "", "");
        row("a position", "GEO:64.15;-21.94", "", "GEO:geo:64.15,-21.94");
        row("a position as address", "GEO;VALUE=uri:geo:64.15,-21.94", "GEO:64.15;-21.94", "");
        row("a position with more", "GEO:geo:64.15,-21.94;u=7", "", "");
        row("a page", "URL:https\\://a.example/?b=1\\,2", "URL:https://a.example/?b=1,2",
            "URL:https://a.example/?b=1,2");
        row("a firm", "KIND:org", "X-ABSHOWAS:COMPANY", "");
        row("a firm in 3.0", "X-ABSHOWAS:COMPANY", "", "KIND:org");
        row("a person", "KIND:individual", "X-ABSHOWAS:PERSON", "");
        row("something else", "KIND:location", "", "");
    }

    // An empty one: as it is.
    void eachVersionHasItsOwnForm()
    {
        QFETCH(std::string, line);
        QFETCH(std::string, in3);
        QFETCH(std::string, in4);
        const Card read = one(card("FN:x\r\nN:x;;;;\r\n" + line + "\r\n", "4.0"));
        const std::string head = "BEGIN:VCARD\r\nVERSION:";
        const auto whole = [&](const char *version, const std::string &wanted) {
            return head + version + "\r\nFN:x\r\nN:x;;;;\r\n" + (wanted.empty() ? line : wanted)
                + "\r\nEND:VCARD\r\n";
        };
        QCOMPARE(writeCard(read, CardVersion::V3), whole("3.0", in3));
        QCOMPARE(writeCard(read, CardVersion::V4), whole("4.0", in4));
    }

    void changedFieldsReplaceTheirPropertyOnly()
    {
        const Card before = one(card("FN:Jane Doe\r\nN:Doe;Jane;;;\r\nORG:Bakery;Sales\r\n"
                                     "TEL;TYPE=FAX:1\r\nTEL;TYPE=CELL,PREF:2\r\nTEL;TYPE=HOME:3\r\n"
                                     "item1.X-ABLABEL:anniversary\r\n"));
        auto fields = contactOf(before)->fields;
        QCOMPARE(fields.at("phone"), std::string("2"));
        QCOMPARE(fields.at("organisation"), std::string("Bakery"));
        fields["phone"] = "+49 30 1";
        const Card after = cardWith(before, fields, CardVersion::V3);
        QCOMPARE(after.properties.size(), before.properties.size());
        QCOMPARE(after.properties[4].value, std::string("+49 30 1"));
        QVERIFY(after.properties[4].has("TYPE", "CELL"));
        QCOMPARE(valueOf(after, "ORG"), std::string("Bakery;Sales"));
        fields["phone"] = "";
        fields["organisation"] = "";
        fields["place"] = "";
        const Card gone = cardWith(before, fields, CardVersion::V3);
        QCOMPARE(contactOf(gone)->fields, fields);
        QVERIFY(!gone.property("ORG"));
        QCOMPARE(valueOf(gone, "X-ABLABEL"), std::string("anniversary"));
    }

    void whatIsNoCustomerIsSaid()
    {
        QVERIFY(!contactOf(one(card("KIND:group\r\nFN:Friends\r\n", "4.0"))).has_value());
        QVERIFY(
            !contactOf(one(card("X-ADDRESSBOOKSERVER-KIND:group\r\nFN:Friends\r\n"))).has_value());
        QVERIFY(!contactOf(one(card("TEL:1\r\n"))).has_value());
        QCOMPARE(contactOf(one(card("N:Doe;Jane;;Dr.;\r\n", "2.1")))->field("name"),
            std::string("Dr. Jane Doe"));
        QCOMPARE(contactOf(one(card("FN:Bakery\r\nORG:Bakery\r\nN:;;;;\r\n")))->field("kind"),
            std::string("organisation"));
    }

    void I2_octetsThatAreNoneStayAsTheyWereWritten()
    {
        for (const char *line :
            {"PHOTO;ENCODING=b:@@@no@@@", "PHOTO:data:image/png;base64,@@@no@@@"}) {
            const Card read = one(card("FN:x\r\nN:x;;;;\r\n" + std::string(line) + "\r\n"));
            for (const auto version : {CardVersion::V3, CardVersion::V4}) {
                const std::string text = writeCard(read, version);
                QVERIFY2(text.find(line + std::string("\r\n")) != std::string::npos, text.c_str());
            }
        }
    }

    void I2_cardsTooDeepInOneAnotherAreSaidOnce()
    {
        std::string deep = "BEGIN:VCARD\r\nFN:1\r\n";
        for (int i = 2; i <= 20; ++i)
            deep += "AGENT:\r\nBEGIN:VCARD\r\nFN:" + std::to_string(i) + "\r\n";
        for (int i = 0; i < 20; ++i)
            deep += "END:VCARD\r\n";
        const Cards read = parseCards(deep + card("FN:after\r\n"));
        QCOMPARE(read.cards.size(), std::size_t{1});
        QCOMPARE(valueOf(read.cards.front(), "FN"), std::string("after"));
        QCOMPARE(read.faults.size(), std::size_t{1});
        const std::string &reason = read.faults.front().reason;
        QVERIFY(reason.find("20") != std::string::npos && reason.find('8') != std::string::npos);
        QVERIFY(reason.find("no END") == std::string::npos);
    }
};

QTEST_MAIN(VcardTest)
#include "vcard_test.moc"
