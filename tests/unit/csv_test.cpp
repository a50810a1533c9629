#include <QtTest>

#include "app/interop/csv.h"
#include "app/interop/csv_mapping.h"
#include "app/interop/text_input.h"

using namespace tend;

class CsvTest : public QObject {
    Q_OBJECT

    static CsvTable table(const std::string &text)
    {
        auto read = csvTable(text, std::nullopt, &knownColumnNames);
        if (!read)
            qFatal("%s", read.error().message.c_str());
        return *std::move(read);
    }

private slots:

    void cellsAreReadAsTheyWereWritten_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::vector<std::string>>("cells");
        const auto row
            = [](const char *name, const char *text, const std::vector<std::string> &cells) {
                  QTest::newRow(name) << std::string(text) << cells;
              };
        row("plain", "a,b\r\n", {"a", "b"});
        row("quoted", "\"a,b\",\"c\"\"d\"\n", {"a,b", "c\"d"});
        row("lines inside", "\"a\r\nb\",c", {"a\r\nb", "c"});
        row("spaces around are nobody's", " a , \" b\" \t,\"c\" \n", {"a", " b", "c"});
        row("empty ones", "a,,\"\",b\n", {"a", "", "", "b"});
        row("no end of line", "a,b", {"a", "b"});
        row("a quotation mark inside", "5\" disk,b\n", {"5\" disk", "b"});
    }

    void cellsAreReadAsTheyWereWritten()
    {
        QFETCH(std::string, text);
        QFETCH(std::vector<std::string>, cells);
        const CsvRows read = readCsv(text, ',');
        QVERIFY(read.faults.empty());
        QCOMPARE(read.rows.size(), std::size_t{1});
        QCOMPARE(read.rows[0].cells, cells);
        // And what we write is read as it was.
        QCOMPARE(readCsv(writeCsvRow(cells), ',').rows[0].cells, cells);
    }

    void rowsKnowTheirLine_data()
    {
        QTest::addColumn<std::string>("end");
        QTest::newRow("CRLF") << std::string("\r\n");
        QTest::newRow("LF") << std::string("\n");
        QTest::newRow("CR") << std::string("\r");
    }

    void rowsKnowTheirLine()
    {
        QFETCH(std::string, end);
        const CsvRows read = readCsv("a,b" + end + end + "\"c" + end + "d\",e" + end + "f,g", ',');
        QCOMPARE(read.rows.size(), std::size_t{3});
        QCOMPARE(read.rows[1].line, std::size_t{3});
        QCOMPARE(read.rows[2].line, std::size_t{5});
    }

    void anOpenQuotationMarkIsToldWithItsLine()
    {
        const CsvRows read = readCsv("a,b\nc,\"d\ne,f\n", ',');
        QCOMPARE(read.rows.size(), std::size_t{2});
        QCOMPARE(read.rows[1].line, std::size_t{3});
        QCOMPARE(read.rows[1].cells, (std::vector<std::string>{"e", "f"}));
        QCOMPARE(read.faults.size(), std::size_t{1});
        QCOMPARE(read.faults[0].line, std::size_t{2});
        QCOMPARE(read.faults[0].text, std::string("c,\"\"\"d\"\r\n"));
        const CsvRows longCell = readCsv(
            "a,\"" + std::string(csvCellOctetsMax + 10, 'x') + '\n' + std::string(100, 'y') + '\n',
            ',');
        QCOMPARE(longCell.faults.size(), std::size_t{1});
        QVERIFY(!readCsv(std::string(csvColumnsMax + 5, ',') + "x\n", ',').faults.empty());
    }

    // An inch mark at the start of a cell meets the next mark a hundred rows below.
    void aStrayQuotationMarkSwallowsNoRow()
    {
        const CsvRows read = readCsv("Lee,\"5 ft\nMay,x\nOst,\"y\"\nUlm,\"a\n\"\"b\"\"\"\n", ',');
        QCOMPARE(read.faults.size(), std::size_t{1});
        QCOMPARE(read.faults[0].line, std::size_t{1});
        QCOMPARE(read.rows.size(), std::size_t{3});
        QCOMPARE(read.rows[0].cells[0], std::string("May"));
        QCOMPARE(read.rows[1].cells[1], std::string("y"));
        QCOMPARE(read.rows[2].cells[1], std::string("a\n\"b\""));
    }

    void aFileOfStrayMarksIsNoTable()
    {
        std::string text = "Name,Size\n";
        for (int i = 0; i < 300; ++i)
            text += "Lee " + std::to_string(i) + ",\"5 ft\n";
        const auto table = csvTable(text, ',', &knownColumnNames);
        QVERIFY(!table.has_value());
        QVERIFY(table.error().message.find("never closed") != std::string::npos);
        const auto wide
            = csvTable(std::string(csvColumnsMax + 5, ',') + "x\n", ',', &knownColumnNames);
        QVERIFY(wide.error().message.find("more than 1000 columns") != std::string::npos);
    }

    void delimiterAndHeaderAreFound_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<char>("delimiter");
        QTest::addColumn<int>("line");
        QTest::newRow("comma") << std::string("Name,Phone\nA,1\n") << ',' << 1;
        QTest::newRow("semicolon, commas inside")
            << std::string("Name;Betrag\nA, B;3,5\nC, D;4,5\n") << ';' << 1;
        QTest::newRow("tab") << std::string("Name\tPhone\nA\t1\n") << '\t' << 1;
        QTest::newRow("bar") << std::string("Name|Phone\nA|1\n") << '|' << 1;
        QTest::newRow("notes above")
            << std::string("Notes:\n\"some, words\"\n\nFirst Name,Last Name,URL\nA,B,c\n") << ','
            << 4;
        QTest::newRow("a title above, columns unknown")
            << std::string("Our list of 2026\n\nWho,Where,When\nA,B,1\nC,D,2\n") << ',' << 3;
        QTest::newRow("one column") << std::string("Name\nA\nB\n") << ',' << 1;
    }

    void delimiterAndHeaderAreFound()
    {
        QFETCH(std::string, text);
        const CsvTable read = table(text);
        QTEST(read.delimiter, "delimiter");
        QTEST(static_cast<int>(read.headerLine), "line");
    }

    void whatHoldsNoTableIsSaid()
    {
        QVERIFY(!csvTable("", std::nullopt, &knownColumnNames).has_value());
        QVERIFY(!csvTable("1,2\n3,4\n", std::nullopt, &knownColumnNames).has_value());
    }

    void programsAreKnownByTheirColumns_data()
    {
        QTest::addColumn<std::string>("header");
        QTest::addColumn<std::string>("source");
        const auto row = [](const char *source, const char *header) {
            QTest::newRow(header) << std::string(header) << std::string(source);
        };
        row("linkedin", "First Name,Last Name,URL,Email Address,Company,Position,Connected On");
        row("google", "Name,Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value");
        row("google", "First Name,Phonetic First Name,File As,Organization Name,E-mail 1 - Value");
        row("outlook", "First Name,Last Name,Company,Job Title,Business Phone,E-mail Address");
        row("salesforce", "Id,FirstName,LastName,AccountName,MobilePhone");
        row("salesforce", "Contact ID,First Name,Last Name,Account Name,Mailing City");
        row("hubspot", "Record ID,First Name,Last Name,Email,Phone Number,Company name");
        row("zoho", "Record Id,First Name,Last Name,Account Name,Mailing Zip");
        row("zoho", "Contact Id,Contact Owner.id,Contact Owner,First Name,Last Name,Company Name");
        row("highrise", "Name,Company,Email address - Work,Phone number - Work");
        row("csv", "Name,Telefon,Ort");
    }

    void programsAreKnownByTheirColumns()
    {
        QFETCH(std::string, header);
        const auto mapping = mappingFor(readCsv(header, ',').rows[0].cells, "");
        QVERIFY(mapping.has_value());
        QTEST(mapping->source, "source");
    }

    void partsOfTwoAddressesAreNotMixed_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("address");
        const auto row = [](const char *name, const char *text, const char *address) {
            QTest::newRow(name) << std::string(text) << std::string(address);
        };
        row("outlook",
            "First Name,Last Name,E-mail Address,Mobile Phone,Business Street,Business City,Home "
            "Street,Home City\nA,B,,,,Bonn,Weg 1,Köln\nA,B,,,,,Weg 1,Köln\n",
            "Bonn|Weg 1, Köln");
        row("highrise",
            "Name,Email address - Work,Address - Work Street,Address - Work City,Address - Work "
            "Zip,Address - Home Street,Address - Home City,Address - Home Zip\n"
            "A,,Weg 1,,,Gasse 2,Bonn,53111\nA,,,,,Gasse 2,Bonn,53111\n",
            "Weg 1|Gasse 2, 53111 Bonn");
        row("zoho",
            "Record Id,Last Name,Account Name,Mailing Street,Mailing City,Mailing Zip,Other "
            "Street,Other City,Other Zip\n1,A,,,Umea,,Gata 1,Lund,1\n2,A,,,,,Gata 1,Lund,1\n",
            "Umea|Gata 1, 1 Lund");
    }

    void partsOfTwoAddressesAreNotMixed()
    {
        QFETCH(std::string, text);
        const CsvTable read = table(text);
        const auto mapping = mappingFor(read.header, "");
        QCOMPARE(mapping->source, std::string(QTest::currentDataTag()));
        std::string addresses;
        for (const CsvRow &row : read.rows)
            addresses += (addresses.empty() ? "" : "|")
                + contactOf(read, row, *mapping)->field("address");
        QTEST(addresses, "address");
    }

    void everyPresetFillsAName()
    {
        QCOMPARE(presetNames().size(), std::size_t{8});
        QVERIFY(!mappingFor({"a"}, "nonsense").has_value());
    }

    void I1_formulasAreGuardedAndTakenBack_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("cell");
        const auto row = [](const char *text, const char *cell) {
            QTest::newRow(text) << std::string(text) << std::string(cell);
        };
        row("=1+1", "'=1+1");
        row("@SUM(A1)", "'@SUM(A1)");
        row("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
        row("-1+1", "'-1+1");
        row("\tx", "'\tx");
        row("+49 30 123-456", "+49 30 123-456");
        row("-12.5", "-12.5");
        row("+1 (0)2", "+1 (0)2");
        row("'=1", "''=1");
        row("'tis", "'tis");
        row("plain", "plain");
        row("", "");
    }

    void I1_formulasAreGuardedAndTakenBack()
    {
        QFETCH(std::string, text);
        QTEST(guardedCell(text), "cell");
        QCOMPARE(unguardedCell(guardedCell(text)), text);
    }

    void encodingsAreFound_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<std::string>("text");
        const QString words = QStringLiteral("Größe;Ärger;Café");
        const auto utf16 = [&](QStringConverter::Encoding encoding, bool hasMark) {
            QStringEncoder encoder(encoding,
                hasMark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
            return QByteArray(encoder(words));
        };
        const std::string text = words.toStdString();
        QTest::newRow("UTF-8") << words.toUtf8() << text;
        QTest::newRow("UTF-8 with a mark") << "\xEF\xBB\xBF" + words.toUtf8() << text;
        QTest::newRow("Windows") << words.toLatin1() << text;
        QTest::newRow("UTF-16LE, mark") << utf16(QStringConverter::Utf16LE, true) << text;
        QTest::newRow("UTF-16BE, mark") << utf16(QStringConverter::Utf16BE, true) << text;
        QTest::newRow("UTF-16LE") << utf16(QStringConverter::Utf16LE, false) << text;
        QTest::newRow("UTF-16BE") << utf16(QStringConverter::Utf16BE, false) << text;
    }

    void encodingsAreFound()
    {
        QFETCH(QByteArray, octets);
        QFETCH(std::string, text);
        const auto decoded = decodeText(octets.toStdString());
        QVERIFY(decoded.has_value());
        QCOMPARE(decoded->text, text);
    }

    void whatIsNoTextIsSaid()
    {
        QVERIFY(!decodeText(std::string("\x89PNG\0\0\0\r", 8)).has_value());
        QVERIFY(!decodeText("abc", "no such encoding").has_value());
        QVERIFY(!decodeText("\xFF\xFF", "UTF-8").has_value());
        QVERIFY(!isUtf8("\xC0\x80"));
        QVERIFY(!isUtf8("\xED\xA0\x80"));
        QVERIFY(!isUtf8("\xF4\x90\x80\x80"));
        QVERIFY(!isUtf8("\xE2\x82"));
        QVERIFY(isUtf8("\xF0\x9F\x98\x80"));
    }
};

QTEST_MAIN(CsvTest)
#include "csv_test.moc"
