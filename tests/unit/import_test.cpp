#include "app/interop/contact.h"
#include "app/interop/csv.h"
#include "app/interop/row_json.h"
#include "app/journal/same_customers.h"
#include "app/journal/words.h"
#include "tests/support/interop_bench.h"

using namespace tend;
using replica::parseUuid;

namespace {

using Counts = std::vector<std::size_t>;

std::vector<QString> fixtures()
{
    return {"phone-2.1.vcf", "desk-3.0.vcf", "new-4.0.vcf", "linkedin.csv", "google-old.csv",
        "google-new.csv", "outlook.csv", "salesforce-labels.csv", "salesforce-api.csv",
        "hubspot.csv", "zoho.csv", "highrise.csv", "kunden-semikolon.csv"};
}

}  // namespace

class ImportTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<InteropBench> m_bench;

private slots:

    void init() { m_bench = std::make_unique<InteropBench>(); }

    void cleanup() { m_bench.reset(); }

    void I1_threeImportsAreOne_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString &file : fixtures())
            QTest::newRow(qPrintable(file)) << file;
    }

    void I1_threeImportsAreOne()
    {
        QFETCH(QString, file);
        const std::string octets = InteropBench::fixture(file);
        const Counts first = m_bench->import(octets);
        QVERIFY(first[0] > 0);
        QCOMPARE(first[3], std::size_t{0});
        const std::string state = m_bench->state();
        for (int again = 0; again < 2; ++again) {
            QCOMPARE(m_bench->import(octets), (Counts{0, 0, first[0], 0}));
            QCOMPARE(m_bench->lastImport(), std::int64_t{0});
        }
        QCOMPARE(m_bench->state(), state);
    }

    void I1_aRowWithAnOpenMarkCanBeMendedToo()
    {
        const PlannedImport planned
            = m_bench->plan("Name,Note,Phone\nRosa,\"5 ft\nBo,\"=1+1\",7\n,=2,3\n");
        QCOMPARE(planned.plan.count(Verdict::Make), std::size_t{1});
        const std::string rejects = rejectsOf(planned);
        QCOMPARE(rejects,
            std::string(
                "Name,Note,Phone,tend_line,tend_reason\r\n"
                "Rosa,\"\"\"5 ft\",,2,a quotation mark is opened in this row and never closed\r\n"
                ",'=2,3,4,\"the row has no name: none of the columns for a name, an organisation "
                "or an e-mail address says anything\"\r\n"));
        // As somebody mends it in a spreadsheet.
        std::string mended = rejects;
        mended.replace(mended.find(",'=2"), 1, "Lee,");
        QCOMPARE(m_bench->import(mended), (Counts{2, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Rosa")["note"], std::string("\"5 ft"));
        QCOMPARE(m_bench->customer("Lee")["note"], std::string("=2"));
    }

    void numbersOfNoDigitsAreNotOneNumber()
    {
        const char *list = "Name,Phone\nGil,ring the bell\n";
        QCOMPARE(m_bench->import(list), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->import("Name,Phone\nGil,knock twice\n"), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->import(list), (Counts{0, 0, 1, 0}));
    }

    void whoLooksLikeSeveralIsMadeAndItIsSaid()
    {
        m_bench->import("Name,Email,ID\nRosa,office@lind.example,1\nKarl,office@lind.example,2\n");
        const PlannedImport planned = m_bench->plan("Name,Email\nLena,office@lind.example\n");
        QCOMPARE(planned.plan.count(Verdict::Make), std::size_t{1});
        QVERIFY(planned.plan.records[0].notes.at(0).find("several customers") != std::string::npos);
    }

    // What a file says of an entry that was united with another fills what is empty there, and
    // writes over nothing, whichever file comes in whichever order.
    void L4_anEntryThatWasUnitedWritesOverNothing()
    {
        const char *both = "Name,Email,Phone\nTwin Peak,t1@x.example,3\nTwin Peak,t2@x.example,4\n";
        const char *other = "Name,Email,Phone,Note\nTwin Peak,t2@x.example,44,has a dog\n";
        m_bench->import(both);
        std::map<std::string, replica::RowId> rows;
        for (const InteropBench::Texts &row : m_bench->rows("customer"))
            rows[row.at("email")] = *replica::parseUuid(row.at("id"));
        m_bench->make("same_customer", {},
            {{"customer_id", rows["t2@x.example"]}, {"same_as", rows["t1@x.example"]}});
        QCOMPARE(m_bench->import(other), (Counts{0, 1, 0, 0}));
        for (const char *file : {both, other, both}) {
            m_bench->import(file);
            const auto all = m_bench->rows("customer");
            const auto stays = std::find_if(all.begin(), all.end(),
                [](const auto &row) { return row.at("email") == "t1@x.example"; });
            QVERIFY(stays != all.end());
            QCOMPARE(stays->at("phone"), std::string("3"));
            QCOMPARE(stays->at("note"), std::string("has a dog"));
        }
    }

    // A firm that two imports share goes with the second of them.
    void I1_whatHadToStayGoesTheSecondTime()
    {
        const std::string before = m_bench->state();
        m_bench->import("Name,Company\nRosa,Lind Bakery\n");
        const std::int64_t first = m_bench->lastImport();
        m_bench->import("Name,Company\nKarl,Lind Bakery\n");
        const std::int64_t second = m_bench->lastImport();
        QCOMPARE(m_bench->undo(first).kept.size(), std::size_t{1});
        m_bench->undo(second);
        QVERIFY(m_bench->state() != before);
        const UndoneImport again = m_bench->undo(first);
        QCOMPARE(again.removed, std::size_t{1});
        QVERIFY(again.kept.empty());
        QCOMPARE(m_bench->state(), before);
        const auto over = ImportRuns(
            *m_bench->open().store, *m_bench->open().replica, m_bench->open().files.get())
                              .undo(first);
        QVERIFY(!over.has_value() && over.error().code == replica::ErrorCode::Conflict);
    }

    void outlookIsReadInGermanAndInFrench()
    {
        m_bench->import(
            "Anrede;Vorname;Nachname;Firma;Position;Straße geschäftlich;Ort geschäftlich;"
            "Postleitzahl geschäftlich;Telefon geschäftlich;Mobiltelefon;E-Mail-Adresse\n"
            "Frau;Jana;Weiß;Weiß AG;Chefin;Weg 2;Bonn;53111;0228/1;;j@w.example\n");
        m_bench->import("Titre,Prénom,Nom,Société,Titre professionnel,Rue (bureau),Ville (bureau),"
                        "Téléphone (bureau),Tél. mobile,Adresse de messagerie\n"
                        "M.,Éric,Lefèvre,Cie,Chef,1 rue,Paris,,06 12,e@f.example\n");
        const InteropBench::Texts jana = m_bench->customer("Jana Weiß");
        QCOMPARE(jana.at("phone"), std::string("0228/1"));
        QCOMPARE(jana.at("address"), std::string("Weg 2, 53111 Bonn"));
        const InteropBench::Texts eric = m_bench->customer("Éric Lefèvre");
        QCOMPARE(eric.at("phone"), std::string("06 12"));
        QCOMPARE(eric.at("email"), std::string("e@f.example"));
        QCOMPARE(eric.at("title"), std::string("Chef"));
    }

    void whatAProgramSaysAboutACellIsHeard()
    {
        m_bench->import("Name,Given Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - "
                        "Value\nFay,,Home Fax,555-9999,Mobile,555-1111\n");
        QCOMPARE(m_bench->customer("Fay")["phone"], std::string("555-1111"));
        m_bench->import("Name,Phone\nBo,\"=\"\"0301234567\"\"\"\n");
        QCOMPARE(m_bench->customer("Bo")["phone"], std::string("0301234567"));
        const char *gone = "Id,AccountId,LastName,FirstName,MailingStreet,IsDeleted\n"
                           "1,2,Lind,Rosa,,true\n3,2,Lind,Karl,,false\n";
        QCOMPARE(m_bench->import(gone), (Counts{1, 0, 0, 1}));
    }

    void rowsOfAnotherTableAreNamed()
    {
        const auto planned
            = planImport(m_bench->interop(), "f.csv", "id,kind,said,customer_id\n", {});
        QVERIFY(!planned.has_value());
        QVERIFY(planned.error().message.find("--table visit") != std::string::npos);
    }

    void aRenamedColumnIsFoundByItsCommonName()
    {
        m_bench->import("First Name,Last Name,Email Address,Phone Number,Company name,Record ID\n"
                        "Karl,May,karl@x.example,555-1,Lind Bakery,1\n");
        QCOMPARE(m_bench->customer("Karl May")["email"], std::string("karl@x.example"));
    }

    void aListOfFirmsIsOne()
    {
        QCOMPARE(m_bench->import("Company,Phone\nLind Bakery,555\n"), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Lind Bakery")["kind"], std::string("organisation"));
    }

    // Names in a list wait for nobody. Whoever was here before the list came still does.
    void F4_whoWasHereBeforeTheListStillWaits()
    {
        const auto waiting = [&] {
            StoreJournal journal(*m_bench->open().store, *m_bench->open().replica);
            QStringList names;
            const auto rows = journal.today(localDay(m_bench->open().clock.wallNow()));
            for (const TodayRow &row : *rows)
                names.append(QString::fromStdString(row.who));
            return names.join(' ');
        };
        m_bench->make("customer", {{"name", "Rosa"}, {"email", "rosa@example.org"}});
        const char *list
            = "Name,Email,Phone\nRosa,rosa@example.org,0221 5550101\nBo,bo@example.org,\n";
        QCOMPARE(m_bench->import(list), (Counts{1, 1, 0, 0}));
        QCOMPARE(waiting(), QString("Rosa"));
        // The next list says more of them, and knows them by now.
        list = "Name,Email,Phone\nRosa,rosa@example.org,0221 5550102\nBo,bo@example.org,0221 "
               "5550103\n";
        QCOMPARE(m_bench->import(list), (Counts{0, 2, 0, 0}));
        QCOMPARE(waiting(), QString("Rosa"));
    }

    void I1_undoRemovesExactlyThoseRows_data() { I1_threeImportsAreOne_data(); }

    void I1_undoRemovesExactlyThoseRows()
    {
        QFETCH(QString, file);
        m_bench->make("customer", {{"name", "Somebody"}, {"kind", "person"}});
        const std::string before = m_bench->state();
        const std::string octets = InteropBench::fixture(file);
        const Counts first = m_bench->import(octets);
        QVERIFY(m_bench->state() != before);
        const UndoneImport undone = m_bench->undo(m_bench->lastImport());
        QVERIFY(undone.kept.empty());
        QCOMPARE(m_bench->state(), before);
        // And it can be done again.
        QCOMPARE(m_bench->import(octets), first);
        QCOMPARE(m_bench->import(octets)[2], first[0]);
    }

    void I1_undoGivesBackWhatItOverwrote()
    {
        m_bench->import(InteropBench::fixture("hubspot.csv"));
        const std::string before = m_bench->state();
        std::string changed = InteropBench::fixture("hubspot.csv");
        changed.replace(changed.find("Foreman"), 7, "Chief");
        QCOMPARE(m_bench->import(changed), (Counts{0, 1, 1, 0}));
        QCOMPARE(m_bench->customer("Ivo Horvat")["title"], std::string("Chief"));
        QVERIFY(m_bench->undo(m_bench->lastImport()).kept.empty());
        QCOMPARE(m_bench->state(), before);
    }

    void I1_undoGivesBackWhatTheFileLost()
    {
        m_bench->import(InteropBench::fixture("hubspot.csv"));
        const std::string before = m_bench->state();
        std::string changed = InteropBench::fixture("hubspot.csv");
        changed.replace(changed.find("Foreman"), 7, "");
        QCOMPARE(m_bench->import(changed), (Counts{0, 1, 1, 0}));
        QCOMPARE(m_bench->customer("Ivo Horvat").count("title"), std::size_t{0});
        QVERIFY(m_bench->undo(m_bench->lastImport()).kept.empty());
        QCOMPARE(m_bench->state(), before);
    }

    void I1_undoLeavesWhatPeopleWorkedWith()
    {
        m_bench->import(InteropBench::fixture("hubspot.csv"));
        const auto ivo = *parseUuid(m_bench->customer("Ivo Horvat")["id"]);
        m_bench->make("visit", {{"kind", "call"}, {"outcome", "met"}}, {{"customer_id", ivo}});
        const UndoneImport undone = m_bench->undo(m_bench->lastImport());
        // Ivo with a visit, and the firm he belongs to. Ana goes.
        QCOMPARE(undone.kept.size(), std::size_t{2});
        QVERIFY(m_bench->customer("Ana Horvat").empty());
        QVERIFY(!m_bench->customer("Ivo Horvat").empty());
        QVERIFY(!m_bench->customer("Kamen d.o.o.").empty());
        // Who stays is recognised the next time.
        QCOMPARE(m_bench->import(InteropBench::fixture("hubspot.csv")), (Counts{1, 0, 1, 0}));
    }

    void I1_undoKeepsValuesThatWereChangedSince()
    {
        m_bench->import(InteropBench::fixture("hubspot.csv"));
        std::string changed = InteropBench::fixture("hubspot.csv");
        changed.replace(changed.find("Foreman"), 7, "Chief");
        changed.replace(changed.find("+385 1 555 0108"), 15, "+385 1 555 9999");
        m_bench->import(changed);
        const auto ivo = *parseUuid(m_bench->customer("Ivo Horvat")["id"]);
        m_bench->change("customer", ivo, {{"title", "Retired"}});
        const UndoneImport undone = m_bench->undo(m_bench->lastImport());
        QCOMPARE(undone.kept.size(), std::size_t{1});
        QCOMPARE(m_bench->customer("Ivo Horvat")["title"], std::string("Retired"));
        QCOMPARE(m_bench->customer("Ivo Horvat")["phone"], std::string("+385 1 555 0108"));
    }

    void undoGivesBackAWordThatOnlyANewerProgramWrites()
    {
        const auto id = m_bench->make("visit", {{"kind", "call"}});
        ChangeBuilder newer("visit", id, replica::ChangeKind::Update);
        newer.text("kind", "letter");
        m_bench->layAsItStood({newer.take()});
        const std::string before = m_bench->state();
        m_bench->import(
            R"({"table":"visit","id":")" + replica::toText(id) + R"(","kind":"message"})");
        QVERIFY(m_bench->state() != before);
        m_bench->undo(m_bench->lastImport());
        QCOMPARE(m_bench->state(), before);
    }

    void undoTakesTheFirmsThatOnlyItsOwnRowsBelongTo()
    {
        for (const char *name : {"Ann", "Ben"})
            m_bench->make("customer",
                {{"name", name}, {"kind", "person"}, {"email", std::string(name) + "@x.example"}});
        const std::string before = m_bench->state();
        const std::string octets
            = "Name,Email,Company\nAnn,ann@x.example,Acme\nBen,ben@x.example,Zeta\n";
        QCOMPARE(m_bench->import(octets), (Counts{0, 2, 0, 0}));
        QVERIFY(m_bench->undo(m_bench->lastImport()).kept.empty());
        QCOMPARE(m_bench->state(), before);
        // Where somebody put a customer there since, the firm stays.
        m_bench->import(octets);
        const auto acme = *parseUuid(m_bench->customer("Acme")["id"]);
        m_bench->make(
            "customer", {{"name", "Cid"}, {"kind", "person"}}, {{"organisation_id", acme}});
        QCOMPARE(m_bench->undo(m_bench->lastImport()).kept.size(), std::size_t{1});
        QVERIFY(m_bench->customer("Zeta").empty());
        QVERIFY(!m_bench->customer("Acme").empty());
        QCOMPARE(m_bench->customer("Ann").count("organisation_id"), std::size_t{0});
    }

    void undoLeavesWhatSomebodyConfirmedByWritingTheSame()
    {
        m_bench->import(InteropBench::fixture("hubspot.csv"));
        std::string changed = InteropBench::fixture("hubspot.csv");
        changed.replace(changed.find("Foreman"), 7, "Chief");
        changed.replace(changed.find("+385 1 555 0108"), 15, "+385 1 555 9999");
        m_bench->import(changed);
        const auto ivo = *parseUuid(m_bench->customer("Ivo Horvat")["id"]);
        m_bench->change("customer", ivo, {{"title", "Chief"}});
        const UndoneImport undone = m_bench->undo(m_bench->lastImport());
        QCOMPARE(undone.kept.size(), std::size_t{1});
        QCOMPARE(undone.kept.front().reason, std::string("title was changed since"));
        QCOMPARE(m_bench->customer("Ivo Horvat")["title"], std::string("Chief"));
        QCOMPARE(m_bench->customer("Ivo Horvat")["phone"], std::string("+385 1 555 0108"));
    }

    void undoIsRefusedTwice()
    {
        m_bench->import(InteropBench::fixture("zoho.csv"));
        const auto id = m_bench->lastImport();
        m_bench->undo(id);
        ImportRuns runs(*m_bench->open().store, *m_bench->open().replica, nullptr);
        QCOMPARE(runs.undo(id).error().code, replica::ErrorCode::Conflict);
        QCOMPARE(runs.undo(id + 7).error().code, replica::ErrorCode::NotFound);
    }

    void I1_badLinesWithReasonsCanBeMendedAndImported()
    {
        const std::string octets = "Name,Phone,Email\r\n"
                                   "Ann,1 2 3,ann@a.example\r\n"
                                   ",,\r\n"
                                   ",5 5 5,\r\n"
                                   "Bob,1,2,3,4\r\n"
                                   "Cid,4 5 6,cid@c.example\r\n"
                                   "Ann,9 9 9,ann@a.example\r\n";
        const PlannedImport planned = m_bench->plan(octets);
        QCOMPARE(planned.plan.count(Verdict::Make), std::size_t{3});
        std::vector<std::size_t> lines;
        for (const PlannedRecord &record : planned.plan.records) {
            if (record.verdict == Verdict::Reject) {
                lines.push_back(record.line);
                QVERIFY(!record.reason.empty());
            }
        }
        // Row 3 says nothing at all and is none.
        QCOMPARE(lines, (std::vector<std::size_t>{4, 5}));
        m_bench->import(octets);
        std::string rejects = rejectsOf(planned);
        QVERIFY(rejects.find("Name,Phone,Email,tend_line,tend_reason\r\n") == 0);
        rejects.replace(rejects.find(",5 5 5,"), 7, "Dan,5 5 5,");
        rejects.erase(rejects.find("Bob"));
        QCOMPARE(m_bench->import(rejects), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Dan")["phone"], std::string("5 5 5"));
    }

    void whatPeopleChangedInTendStays()
    {
        std::string octets = InteropBench::fixture("hubspot.csv");
        m_bench->import(octets);
        const auto ivo = *parseUuid(m_bench->customer("Ivo Horvat")["id"]);
        m_bench->change("customer", ivo, {{"phone", "by hand"}, {"note", "likes stone"}});
        QCOMPARE(m_bench->import(octets)[2], std::size_t{2});
        QCOMPARE(m_bench->customer("Ivo Horvat")["phone"], std::string("by hand"));
        // Another column of the file changes: only that one is written.
        octets.replace(octets.find("Foreman"), 7, "Chief");
        QCOMPARE(m_bench->import(octets)[1], std::size_t{1});
        QCOMPARE(m_bench->customer("Ivo Horvat")["title"], std::string("Chief"));
        QCOMPARE(m_bench->customer("Ivo Horvat")["phone"], std::string("by hand"));
        QCOMPARE(m_bench->customer("Ivo Horvat")["note"], std::string("likes stone"));
        // What the file loses goes where it still stands as it was brought.
        octets.replace(octets.find("Chief"), 5, "");
        octets.replace(octets.find("+385 1 555 0108"), 15, "");
        m_bench->import(octets);
        QCOMPARE(m_bench->customer("Ivo Horvat").count("title"), std::size_t{0});
        QCOMPARE(m_bench->customer("Ivo Horvat")["phone"], std::string("by hand"));
    }

    void I6_reimportUpdatesByForeignId()
    {
        m_bench->import(InteropBench::fixture("hubspot.csv"));
        const std::string id = m_bench->customer("Ivo Horvat")["id"];
        std::string octets = InteropBench::fixture("hubspot.csv");
        octets.replace(octets.find("Ivo,Horvat,ivo@kamen"), 20, "Ivan,Horvath,iv@kam");
        QCOMPARE(m_bench->import(octets), (Counts{0, 1, 1, 0}));
        QCOMPARE(m_bench->customer("Ivan Horvath")["id"], id);
        // Theirs in the long and in the short form.
        m_bench->import(InteropBench::fixture("salesforce-labels.csv"));
        QCOMPARE(m_bench->import(InteropBench::fixture("salesforce-api.csv"))[0], std::size_t{0});
    }

    void withoutIdsTheSameAddressOrNameAndNumberIsTheSame()
    {
        m_bench->make(
            "customer", {{"name", "Ann Lee"}, {"kind", "person"}, {"email", "Ann@A.example"}});
        m_bench->make(
            "customer", {{"name", "Bob Ray"}, {"kind", "person"}, {"phone", "+49 30 123-456"}});
        m_bench->make("customer", {{"name", "Cid"}, {"kind", "person"}, {"phone", "777"}});
        QCOMPARE(m_bench->import("Name,Phone,Email,Notes\n"
                                 "Ann Lee,030 1,ann@a.example,\n"
                                 "Bob  Ray,0049 30 123 456,,met\n"
                                 "Dan,777,,\n"),
            (Counts{1, 2, 0, 0}));
        QCOMPARE(m_bench->rows("customer").size(), std::size_t{4});
        QCOMPARE(m_bench->customer("Ann Lee")["phone"], std::string("030 1"));
        QCOMPARE(m_bench->customer("Bob Ray")["phone"], std::string("+49 30 123-456"));
        // An address that many share is an office's.
        QCOMPARE(m_bench->import("Name,Email\nEve,office@x.example\nFay,office@x.example\n"),
            (Counts{2, 0, 0, 0}));
        QCOMPARE(m_bench->import("Name,Email\nEve,office@x.example\nFay,office@x.example\n"),
            (Counts{0, 0, 2, 0}));
    }

    void rowsThatWereUnitedAreOnePerson()
    {
        const auto ana = m_bench->make("customer",
            {{"name", "Ana"}, {"kind", "person"}, {"email", "ana@x.example"}, {"phone", "12 34"}});
        const auto anna = m_bench->make(
            "customer", {{"name", "Anna"}, {"kind", "person"}, {"email", "ana@x.example"}});
        const auto other
            = m_bench->make("customer", {{"name", "Ana"}, {"kind", "person"}, {"phone", "1234"}});
        const std::string octets = "Name,Email,Notes\nAna Ruiz,ana@x.example,likes tea\n";
        QCOMPARE(m_bench->plan(octets).plan.count(Verdict::Make), std::size_t{1});
        auto &open = m_bench->open();
        for (const auto &same : {anna, other})
            QVERIFY(unite(*open.replica, open.store->database(), replica::toText(ana),
                replica::toText(same)));
        QCOMPARE(m_bench->import(octets), (Counts{0, 1, 0, 0}));
        QCOMPARE(m_bench->customer("Ana")["note"], std::string("likes tea"));
        QCOMPARE(
            m_bench->plan("Name,Phone\nAna,0012 34\n").plan.count(Verdict::Make), std::size_t{0});
        QCOMPARE(m_bench->rows("customer").size(), std::size_t{3});
    }

    void deletedInTendStaysDeleted()
    {
        m_bench->import(InteropBench::fixture("zoho.csv"));
        m_bench->remove("customer", *parseUuid(m_bench->customer("Sara Lind")["id"]));
        QCOMPARE(m_bench->import(InteropBench::fixture("zoho.csv")), (Counts{0, 0, 0, 1}));
        QVERIFY(m_bench->customer("Sara Lind").empty());
    }

    void mappingIsGivenAndRemembered()
    {
        const std::string octets = "A,B,C\nAnn,030 1,x@x.example\n";
        const auto refused = planImport(m_bench->interop(), "f", octets, {});
        QVERIFY(!refused.has_value());
        ImportOptions options;
        options.mapping = "A = name\nB = phone\n# a word on it\nC=email\n";
        QCOMPARE(m_bench->import(octets, options), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Ann")["email"], std::string("x@x.example"));
        // The next file with these headers needs nobody to say it again.
        QCOMPARE(m_bench->import("A,B,C\nBen,030 2,\n"), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Ben")["phone"], std::string("030 2"));
        options.mapping = "{\"A\": \"name\", \"C\": \"nonsense\"}";
        const auto wrong = planImport(m_bench->interop(), "f", octets, options);
        QVERIFY(wrong.error().message.find("nonsense") != std::string::npos);
    }

    void ofSeveralNotesNoneIsLost()
    {
        m_bench->import("Name,Notes,Notes\nAnn,likes tea,has a dog\nBen,,has a cat\n");
        QCOMPARE(m_bench->customer("Ann")["note"], std::string("likes tea"));
        QCOMPARE(m_bench->customer("Ben")["note"], std::string("has a cat"));
        const auto rows = m_bench->rows("outside_record");
        const auto has = [&](const char *kept) {
            return std::any_of(rows.begin(), rows.end(), [&](const InteropBench::Texts &row) {
                const auto at = row.find("kept");
                return at != row.end() && at->second == kept;
            });
        };
        QVERIFY(has("{\"Notes 2\":\"has a dog\"}"));
    }

    void whateverAHeaderSaysItsMappingIsRemembered()
    {
        const std::string header = "Name,\"E-mail\nwork\",# of visits,A = B,{x}\n";
        ImportOptions options;
        options.mapping = "{\"E-mail\\nwork\": \"email\", \"# of visits\": \"note\"}";
        QCOMPARE(
            m_bench->import(header + "Ann,a@a.example,7,b,x\n", options), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->import(header + "Ben,b@b.example,8,b,x\n"), (Counts{1, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Ben")["email"], std::string("b@b.example"));
        QCOMPARE(m_bench->customer("Ben")["note"], std::string("8"));
    }

    void columnsOfOneNameAreKeptEach()
    {
        const std::string octets
            = "Name,Custom,Custom 2,,Custom,Custom\nAnn,first,two,nameless,second,third\n";
        m_bench->import(octets);
        const std::string kept = m_bench->rows("outside_record").at(0).at("kept");
        QCOMPARE(kept,
            std::string("{\"Custom\":\"first\",\"Custom 2\":\"two\",\"column 4\":\"nameless\","
                        "\"Custom 3\":\"second\",\"Custom 4\":\"third\"}"));
        QCOMPARE(m_bench->import(octets), (Counts{0, 0, 1, 0}));
        // Each can be named by hand, and is found again under that name.
        ImportOptions options;
        options.mapping = "Custom 3 = note\n";
        m_bench->import("Name,Custom,Custom 2,,Custom,Custom\nBen,,,,second,\n", options);
        QCOMPARE(m_bench->customer("Ben")["note"], std::string("second"));
        m_bench->import("Name,Custom,Custom 2,,Custom,Custom\nCid,,,,again,\n");
        QCOMPARE(m_bench->customer("Cid")["note"], std::string("again"));
    }

    void aDryRunWritesNothing()
    {
        const std::string state = m_bench->state();
        for (const QString &file : fixtures())
            m_bench->plan(InteropBench::fixture(file));
        QCOMPARE(m_bench->state(), state);
        QVERIFY(m_bench->rows("customer").empty());
    }

    void I2_photosBecomeFilesAndLeaveAgain()
    {
        m_bench->import(InteropBench::fixture("desk-3.0.vcf"));
        QCOMPARE(m_bench->rows("attachment").size(), std::size_t{1});
        const Cards first = parseCards(InteropBench::fixture("desk-3.0.vcf"));
        const Cards again = parseCards(m_bench->cards(CardVersion::V3));
        const auto photo = octetsOf(*first.cards.front().property("PHOTO"));
        for (const Card &one : again.cards) {
            if (one.property("UID")->value == first.cards.front().property("UID")->value)
                QCOMPARE(octetsOf(*one.property("PHOTO"))->octets, photo->octets);
        }
        QCOMPARE(m_bench->import(m_bench->cards(CardVersion::V4))[0], std::size_t{0});
        QCOMPARE(m_bench->rows("attachment").size(), std::size_t{1});
    }

    void I2_anUneditedCardComesBackTheSame_data() { P1_30_exportAndImportLoseNoField_data(); }

    void I2_anUneditedCardComesBackTheSame()
    {
        QFETCH(int, version);
        for (const char *file : {"phone-2.1.vcf", "desk-3.0.vcf", "new-4.0.vcf", "hubspot.csv"})
            m_bench->import(InteropBench::fixture(file));
        m_bench->make("customer", {{"name", "By Hand"}, {"kind", "person"}, {"phone", "1"}});
        const std::string before = m_bench->state();
        const std::size_t customers = m_bench->rows("customer").size();
        const std::string left = m_bench->cards(version == 3 ? CardVersion::V3 : CardVersion::V4);
        QCOMPARE(m_bench->import(left), (Counts{0, 0, customers, 0}));
        const std::int64_t first = m_bench->lastImport();
        const std::string once = m_bench->state();
        for (int again = 0; again < 2; ++again) {
            QCOMPARE(m_bench->import(left), (Counts{0, 0, customers, 0}));
            QCOMPARE(m_bench->lastImport(), std::int64_t{0});
        }
        QCOMPARE(m_bench->state(), once);
        if (first != 0)
            QVERIFY(m_bench->undo(first).kept.empty());
        QCOMPARE(m_bench->state(), before);
    }

    void I2_linesThatCannotBeReadAreRemarksOnTheirCard()
    {
        const PlannedImport planned = m_bench->plan("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\n"
                                                    "no line at all\r\n;;;:\r\nEND:VCARD\r\n"
                                                    "END:VCARD\r\n"
                                                    "BEGIN:VCARD\r\nNOTE\r\nEND:VCARD\r\n");
        QCOMPARE(planned.plan.count(Verdict::Make), std::size_t{1});
        QCOMPARE(planned.plan.count(Verdict::Reject), std::size_t{1});
        QCOMPARE(planned.plan.records.size(), std::size_t{2});
        const std::string notes = joined(planned.plan.records.at(0).notes, "; ");
        for (const char *line : {"line 4", "line 5", "line 7"})
            QVERIFY2(notes.find(line) != std::string::npos, notes.c_str());
        // Of a card that is rejected they may be why.
        QVERIFY(joined(planned.plan.records.at(1).notes, "; ").find("line 9") != std::string::npos);
    }

    void I2_aCardWithoutAnEndGoesToTheRejects()
    {
        const PlannedImport planned = m_bench->plan("BEGIN:VCARD\r\nFN:Ann\r\nTEL:1\r\n"
                                                    "BEGIN:VCARD\r\nFN:Ben\r\nEND:VCARD\r\n"
                                                    "BEGIN:VCARD\r\nFN:Cid\r\n");
        QCOMPARE(planned.plan.count(Verdict::Make), std::size_t{1});
        QCOMPARE(planned.plan.count(Verdict::Reject), std::size_t{2});
        std::string rejects = rejectsOf(planned);
        for (const char *line : {"FN:Ann\r\nTEL:1\r\n", "FN:Cid\r\n", "X-TEND-REASON:"})
            QVERIFY2(rejects.find(line) != std::string::npos, line);
        QVERIFY(rejects.find("Ben") == std::string::npos);
        // Unmended, it is rejected again.
        QCOMPARE(m_bench->import(rejects), (Counts{0, 0, 0, 2}));
        rejects.insert(rejects.rfind("BEGIN:VCARD"), "END:VCARD\r\n");
        QCOMPARE(m_bench->import(rejects + "END:VCARD\r\n"), (Counts{2, 0, 0, 0}));
        QCOMPARE(m_bench->customer("Ann")["phone"], std::string("1"));
        QVERIFY(m_bench->cards(CardVersion::V3).find("X-TEND-REASON") == std::string::npos);
    }

    void I2_aPhotoThatIsNoneAndAnUnknownVersionAreSaid()
    {
        const PlannedImport planned
            = m_bench->plan("BEGIN:VCARD\r\nVERSION:5.0\r\nFN:Ann\r\n"
                            "PHOTO;ENCODING=b;TYPE=PNG:@@@no@@@\r\nEND:VCARD\r\n");
        QCOMPARE(planned.plan.count(Verdict::Make), std::size_t{1});
        const std::string notes = joined(planned.plan.records.at(0).notes, "; ");
        QVERIFY2(notes.find("PHOTO") != std::string::npos, notes.c_str());
        QVERIFY2(notes.find("5.0") != std::string::npos, notes.c_str());
        QVERIFY(planned.plan.files.empty());
        QVERIFY(
            m_bench->plan(InteropBench::fixture("desk-3.0.vcf")).plan.records.at(0).notes.empty());
    }

    void P1_30_exportAndImportLoseNoField_data()
    {
        QTest::addColumn<int>("version");
        QTest::newRow("3.0") << 3;
        QTest::newRow("4.0") << 4;
    }

    // Out of one replica, into an empty one, and out again: the same cards.
    void P1_30_exportAndImportLoseNoField()
    {
        QFETCH(int, version);
        const auto form = version == 3 ? CardVersion::V3 : CardVersion::V4;
        for (const char *file : {"phone-2.1.vcf", "desk-3.0.vcf", "new-4.0.vcf", "hubspot.csv"})
            m_bench->import(InteropBench::fixture(file));
        m_bench->make("customer",
            {{"name", "By Hand"}, {"kind", "person"}, {"phone", "1"}, {"email", "e@e.example"},
                {"address", "Street 1, Town"}, {"place", "Where"}, {"note", "a\nb;c,d\\e"},
                {"title", "Boss"}});
        const auto sorted = [](const std::string &text) {
            std::vector<std::string> cards;
            Cards parsed = parseCards(text);
            for (Card &one : parsed.cards) {
                // When Tend last wrote it is another moment there.
                std::erase_if(
                    one.properties, [](const ContentLine &line) { return line.name == "REV"; });
                std::string kept = keptOf(one);
                cards.push_back(kept.substr(kept.find('\n')));
            }
            std::sort(cards.begin(), cards.end());
            return cards;
        };
        const std::string left = m_bench->cards(form);
        const auto before = sorted(left);
        InteropBench other;
        other.import(left);
        QCOMPARE(sorted(other.cards(form)), before);
        const auto fields = [](InteropBench &bench) {
            std::vector<InteropBench::Texts> all = bench.rows("customer");
            for (InteropBench::Texts &row : all) {
                row.erase("id");
                row.erase("organisation_id");
            }
            std::sort(all.begin(), all.end());
            return all;
        };
        QCOMPARE(fields(other), fields(*m_bench));
    }

    void C4_rowsLeaveAndComeBackAsTheyWere()
    {
        m_bench->import(InteropBench::fixture("desk-3.0.vcf"));
        const auto amelie = *parseUuid(m_bench->customer("Amélie Dubois")["id"]);
        for (const char *kind : {"face_to_face", "call", "counter", "group", "message"})
            m_bench->make("visit",
                {{"kind", kind}, {"outcome", "met"}, {"direction", "them"},
                    {"on_day", "2026-06-11"}, {"said", "=1+1"}, {"impression", "+49 30 1"}},
                {{"customer_id", amelie}});
        m_bench->make("terms", {{"words", "'=quoted"}}, {{"customer_id", amelie}});
        InteropBench json;
        QCOMPARE(json.import(m_bench->json())[3], std::size_t{0});
        QCOMPARE(json.state(), m_bench->state());
        InteropBench csv;
        for (const replica::Table &table : journalSchema().tables()) {
            ImportOptions options;
            options.table = table.name;
            const std::string text = m_bench->csv(table.name);
            if (std::count(text.begin(), text.end(), '\n') > 1)
                QCOMPARE(csv.import(text, options)[3], std::size_t{0});
        }
        QCOMPARE(csv.state(), m_bench->state());
        QCOMPARE(csv.import(csv.csv())[2], csv.rows("customer").size());
    }

    void rowsThatCannotBeAreRejected()
    {
        const auto reject = [&](const std::string &line) {
            const PlannedImport planned = m_bench->plan(line);
            return planned.plan.records.size() == 1
                    && planned.plan.records[0].verdict == Verdict::Reject
                ? planned.plan.records[0].reason
                : std::string("(not rejected)");
        };
        QVERIFY(reject("{\"table\":\"nothing\",\"id\":\"01890000-0000-7000-8000-000000000001\"}")
                    .find("no table")
            != std::string::npos);
        QVERIFY(reject("{\"table\":\"territory\",\"id\":\"01890000-0000-7000-8000-000000000001\","
                       "\"name\":\"North\"}")
                    .find("server")
            != std::string::npos);
        QVERIFY(reject("{\"table\":\"customer\",\"id\":\"01890000-0000-7000-8000-000000000001\"}")
                    .find("name")
            != std::string::npos);
        QVERIFY(reject("{\"table\":\"visit\",\"id\":\"01890000-0000-7000-8000-000000000001\","
                       "\"kind\":\"walk\"}")
                    .find("none of its words")
            != std::string::npos);
        QVERIFY(
            reject("{\"table\":\"customer\",\"name\":\"x\"}").find("no id") != std::string::npos);
        QVERIFY(reject("{broken").find("JSON") != std::string::npos);
    }

    void whatNestsWithoutEndIsRejectedAndEndsNothing()
    {
        const std::string nest = std::string(300'000, '[') + std::string(300'000, ']');
        const PlannedImport planned = m_bench->plan("{\"table\":\"customer\",\"name\":" + nest
            + "}\n{\"table\":\"customer\",\"name\":[\"[\"]}");
        QCOMPARE(planned.plan.count(Verdict::Reject), std::size_t{2});
        QVERIFY(planned.plan.records[0].reason.find("deeper than 64") != std::string::npos);
        // The brackets of a text are no nesting.
        QVERIFY(planned.plan.records[1].reason.find("expected a text") != std::string::npos);
        QVERIFY(rejectsOf(planned).find(nest) != std::string::npos);
        const auto &table = *journalSchema().table("customer");
        QVERIFY(!changeFromLine(table, "{\"name\":" + nest + "}").has_value());
        QVERIFY(parseJson("[\"" + std::string(100, '[') + "\\\"[\"]").has_value());
        ImportOptions options;
        options.mapping = "{\"A\":" + nest + "}";
        const auto mapped = planImport(m_bench->interop(), "f", "A,B\nAnn,1\n", options);
        QVERIFY(mapped.error().message.find("deeper than 64") != std::string::npos);
        // Nor does a cell of a table of ours.
        const std::string cell = std::string(60'000, '[') + std::string(60'000, ']');
        options = {};
        options.table = "visit";
        QCOMPARE(m_bench->import(
                     "id,minutes\n01890000-0000-7000-8000-000000000001," + cell + '\n', options),
            (Counts{0, 0, 0, 1}));
    }

    void aRowThatIsTooLargeTakesNothingWithIt()
    {
        const std::string cell(250U << 10U, 'x');
        const std::string large = cell + ',' + cell + ',' + cell + ',' + cell;
        const std::string octets
            = "Name,Company,One,Two,Three,Four\nAnn,Zeta," + large + "\nBen,Zeta,1,2,3,4\n";
        QCOMPARE(m_bench->import(octets), (Counts{1, 0, 0, 1}));
        QVERIFY(!m_bench->customer("Zeta").empty());
        QCOMPARE(m_bench->customer("Ben")["organisation_id"], m_bench->customer("Zeta")["id"]);
        // Nor does a firm of its own leave its name behind.
        const std::string firm = "Name,Company,Type,One,Two,Three,Four\nEta,,company," + large
            + "\nCid,Eta,,1,2,3,4\n";
        QCOMPARE(m_bench->import(firm), (Counts{1, 0, 0, 1}));
        QCOMPARE(m_bench->customer("Cid")["organisation_id"], m_bench->customer("Eta")["id"]);
        QVERIFY(!m_bench->customer("Eta").empty());
    }

    void thePhotoOfACardThatIsTooLargeStaysOut()
    {
        std::string card
            = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nUID:ann\r\nPHOTO;ENCODING=b;TYPE=PNG:"
            + toBase64("a picture") + "\r\n";
        for (int i = 0; i < 8; ++i)
            card += "X-WORDS:" + std::string(100U << 10U, 'x') + "\r\n";
        const PlannedImport planned = m_bench->plan(card + "END:VCARD\r\n");
        QCOMPARE(planned.plan.count(Verdict::Reject), std::size_t{1});
        QVERIFY(planned.plan.files.empty());
    }

    void workIsNotQuadratic()
    {
        // Ten times the rows, and hardly more statements a row: each record is looked up by index.
        std::string octets = "Record ID,First Name,Last Name,Email,Phone Number,Company Name\n";
        for (int i = 0; i < 3'000; ++i)
            octets += std::to_string(i) + ",First" + std::to_string(i) + ",Last,e"
                + std::to_string(i) + "@x.example," + std::to_string(1'000'000 + i) + ",Firm"
                + std::to_string(i / 10) + '\n';
        QCOMPARE(m_bench->import(octets), (Counts{3'000, 0, 0, 0}));
        QCOMPARE(m_bench->rows("customer").size(), std::size_t{3'300});
        QCOMPARE(m_bench->import(octets), (Counts{0, 0, 3'000, 0}));
        auto plan = m_bench->open().store->database().prepare(
            "EXPLAIN QUERY PLAN SELECT id FROM outside_record WHERE visit_id IS NULL AND source = "
            "?1 AND foreign_id = ?2");
        QVERIFY(plan.has_value() && plan->step().value());
        QVERIFY(
            plan->text(3).find("USING INDEX outside_record_by_foreign_id") != std::string::npos);
    }
};

QTEST_MAIN(ImportTest)
#include "import_test.moc"
