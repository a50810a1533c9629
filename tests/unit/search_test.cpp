#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "app/journal/search.h"
#include "app/journal/store_journal.h"
#include "app/session/open_replica.h"

using namespace tend;

class SearchTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<OpenReplica> m_open;

    Id write(const char *table, const std::vector<std::pair<const char *, std::string>> &texts,
        const Id &customer = {}, const Id &row = {})
    {
        const bool isNew = row.empty();
        const auto id = isNew ? replica::makeUuid7(m_open->clock.wallNow(), m_open->random)
                              : *replica::parseUuid(row);
        ChangeBuilder change(
            table, id, isNew ? replica::ChangeKind::Insert : replica::ChangeKind::Update);
        for (const auto &[column, text] : texts)
            change.set(column, text);
        if (!customer.empty())
            change.set("customer_id",
                replica::Blob{replica::Bytes(replica::parseUuid(customer)->bytes())});
        return m_open->replica->commit({change.take()}) ? replica::toText(id) : Id{};
    }

    void remove(const char *table, const Id &row)
    {
        ChangeBuilder change(table, *replica::parseUuid(row), replica::ChangeKind::Delete);
        QVERIFY(m_open->replica->commit({change.take()}).has_value());
    }

    std::vector<SearchHit> find(const std::string &asked)
    {
        const auto found = SearchIndex(m_open->store->database()).find(asked, 50);
        if (!found)
            qFatal("%s", found.error().message.c_str());
        return *found;
    }

    std::vector<Id> rows(const std::string &asked)
    {
        std::vector<Id> ids;
        for (const SearchHit &hit : find(asked))
            ids.push_back(hit.row);
        return ids;
    }

    [[nodiscard]] bool fileHolds(const QByteArray &words)
    {
        for (const char *tail : {"/r.db", "/r.db-wal"}) {
            QFile file(m_folder->path() + tail);
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(words))
                return true;
        }
        return false;
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        KeyChoice key;
        key.isPlaintext = true;
        auto open
            = openReplicaFile((m_folder->path() + "/r.db").toStdString(), key, WhenMissing::Make);
        QVERIFY(open.has_value());
        m_open = *std::move(open);
    }

    void cleanup()
    {
        m_open.reset();
        m_folder.reset();
    }

    void L1_accentsCaseAndBeginningsOfWords_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<bool>("isFound");
        QTest::newRow("as written") << "Jürgen Müller" << true;
        QTest::newRow("without accents") << "jurgen muller" << true;
        QTest::newRow("beginnings, any order") << "MÜL jur" << true;
        QTest::newRow("both must be there") << "muller anna" << false;
        QTest::newRow("e-mail") << "jm@baeckerei" << true;
        QTest::newRow("syntax is words") << "jurgen OR" << false;
        QTest::newRow("a quote") << "\"jurgen" << true;
        QTest::newRow("a star") << "jur*" << true;
        QTest::newRow("nothing to look for") << " \" - " << false;
        QTest::newRow("number at home") << "06 12 34" << true;
        QTest::newRow("number from abroad") << "+33612" << true;
        QTest::newRow("number with zeros") << "0033 6 12" << true;
        QTest::newRow("its end") << "5678" << true;
        QTest::newRow("another number") << "0699" << false;
        QTest::newRow("in other digits") << "٥٦٧٨" << true;
        QTest::newRow("other digits of another number") << "٠٦٩٩" << false;
        QTest::newRow("card as printed") << "AB-123 C" << true;
        QTest::newRow("card in one word") << "ab123c" << true;
        QTest::newRow("a card's beginning") << "ab123" << true;
        QTest::newRow("card parted otherwise") << "ab 123-c" << true;
        QTest::newRow("another card") << "ab124" << false;
    }

    void L1_accentsCaseAndBeginningsOfWords()
    {
        QFETCH(QString, asked);
        QFETCH(bool, isFound);
        const Id muller = write("customer",
            {{"name", "Jürgen Müller"}, {"phone", "+33 6 12-34 56 78"},
                {"email", "jm@baeckerei.example"}, {"card", "AB-123 C"}});
        write("customer", {{"name", "Anna Schmidt"}, {"phone", "030 9876543"}});
        const auto found = rows(asked.toStdString());
        QCOMPARE(found, isFound ? std::vector<Id>{muller} : std::vector<Id>{});
    }

    void L1_aNumberByItsLastDigits()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}, {"phone", "555-0100"}});
        const Id omar = write("customer", {{"name", "Omar"}, {"phone", "٠٦١٢ ٣٤٥٦"}});
        for (const char *asked : {"0100", "50100", "555 01", "5550100"})
            QCOMPARE(rows(asked), std::vector<Id>{rosa});
        for (const char *asked : {"3456", "0612", "٣٤٥٦", "٠٦١٢"})
            QCOMPARE(rows(asked), std::vector<Id>{omar});
    }

    void L1_whatSomebodyIsCalledAndTheirCard()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}, {"title", "head of purchasing"}});
        QCOMPARE(rows("purchasing"), std::vector<Id>{rosa});
        QCOMPARE(rows("rosa head"), std::vector<Id>{rosa});
        const Id remark = write("remark", {{"words", "the door sticks"}, {"card", "AB-123 C"}});
        for (const char *asked : {"AB-123 C", "ab123", "ab123c"})
            QCOMPARE(rows(asked), std::vector<Id>{remark});
    }

    void L1_namesAreFoundInAnotherAlphabet()
    {
        const Id petrov = write("customer", {{"name", "Иван Петров"}});
        const Id smith = write("customer", {{"name", "Anna Schmidt"}});
        for (const char *asked : {"петров", "Petrov", "petr iv", "ИВАН"})
            QCOMPARE(rows(asked), std::vector<Id>{petrov});
        QCOMPARE(rows("Анна"), std::vector<Id>{smith});
        QCOMPARE(rows("Анна Петров"), std::vector<Id>{});
    }

    void peopleComeFirstAndWordsNewestFirst()
    {
        const Id smoke = write("customer", {{"name", "Smoke & Sons"}});
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id older = write("visit", {{"said", "the oven smokes"}}, rosa);
        const Id newer = write("visit", {{"said", "it smokes again"}}, rosa);
        QCOMPARE(rows("smok"), (std::vector<Id>{smoke, newer, older}));
        const Id first = write("visit", {{"said", "soot"}}, rosa);
        QTest::qSleep(2);
        const Id promise = write("promise", {{"what", "sweep the soot"}}, rosa);
        QTest::qSleep(2);
        const Id last = write("visit", {{"said", "soot again"}}, rosa);
        QCOMPARE(rows("soot"), (std::vector<Id>{last, promise, first}));
        const auto hits = find("oven");
        QCOMPARE(hits.size(), std::size_t{1});
        QCOMPARE(hits[0].who, std::string("Rosa"));
        QCOMPARE(hits[0].words, std::string("the oven smokes"));
        QCOMPARE(hits[0].customer, rosa);
    }

    // What we think of them is not what they said.
    void theirWordsAloneAreTheirs()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        write("visit",
            {{"said", "The seat is fine"}, {"impression", "she lies about the brakes"},
                {"next_step", "send the list"}},
            rosa);
        QCOMPARE(find("brakes").at(0).words, std::string("she lies about the brakes"));
        QVERIFY(!find("brakes").at(0).isSaid);
        QCOMPARE(find("seat").at(0).words, std::string("The seat is fine"));
        QVERIFY(find("SEAT fine").at(0).isSaid);
        QVERIFY(!find("seat brakes").at(0).isSaid);  // half of it is ours
        write("remark", {{"words", "the lid rattles"}}, rosa);
        QVERIFY(find("lid").at(0).isSaid);
        write("client_says", {{"wants", "bread at six"}}, rosa);
        write("buying", {{"why", "it lies on the way"}}, rosa);
        write("plan", {{"title", "win her back"}}, rosa);
        QCOMPARE(find("six").at(0).table, std::string("client_says"));
        QVERIFY(find("six").at(0).isSaid);
        QVERIFY(find("way").at(0).isSaid);
        QVERIFY(!find("win").at(0).isSaid);
    }

    void theNameItselfComesBeforeLongerOnes()
    {
        const Id lee = write("customer", {{"name", "Zoe Lee"}});
        for (int i = 0; i < 60; ++i)
            write("customer", {{"name", "Leeson " + std::to_string(i)}});
        QCOMPARE(rows("lee").front(), lee);
        QCOMPARE(rows("lee").size(), std::size_t{50});
    }

    void L1_aNameWithItsPlaceOrWithItsWords()
    {
        const Id inBonn = write("customer", {{"name", "Müller"}, {"place", "Bonn"}});
        const Id inCologne = write("customer", {{"name", "Müller"}, {"place", "Köln"}});
        write("customer", {{"name", "Schmitz"}, {"place", "Köln"}});
        const Id visit = write("visit", {{"said", "the rye bread is too dark"}}, inCologne);
        write("visit", {{"said", "the rye bread is fine"}}, inBonn);
        write("need", {{"words", "a baker for Sundays"}}, inCologne);
        const Id hans = write("customer", {{"name", "Hans Peter Oster"}});
        const Id promise = write("promise", {{"what", "bring rye bread"}}, hans);

        for (const char *asked : {"müller köln", "Köln Müller", "mull kol"})
            QCOMPARE(rows(asked), std::vector<Id>{inCologne});
        QCOMPARE(find("müller köln").front().words, std::string("Köln"));
        // Only what is Müller's; of both of them, the newer first.
        QCOMPARE(rows("müller rye").size(), std::size_t{2});
        QCOMPARE(rows("müller dark").size(), std::size_t{1});
        QCOMPARE(rows("dark bread müller"), std::vector<Id>{visit});
        QCOMPARE(find("müller dark").front().who, std::string("Müller"));
        QVERIFY(find("müller dark").front().isSaid);
        QCOMPARE(rows("hans peter rye"), std::vector<Id>{promise});
        QVERIFY(!find("hans peter rye").front().isSaid);
        // Wherever the name stands among the words.
        QCOMPARE(rows("rye müller dark").size(), std::size_t{1});
        QCOMPARE(rows("bring hans peter bread rye"), std::vector<Id>{promise});
        QVERIFY(rows("bring hans bread peter oster").empty());
        QVERIFY(rows("schmitz rye").empty());
        // Oser is a letter from Oster, which is for doubles, not for what was asked.
        QVERIFY(rows("hans oser").empty());
        QVERIFY(rows("müller hamburg").empty());
    }

    void C11_aGroupIsToldByWhoWasThere()
    {
        const Id visit = write("visit", {{"said", "we all want it earlier"}});
        QCOMPARE(find("earlier").front().who, std::string());
        for (const char *name : {"Dora", "Cem", "Bo", "Ann"}) {
            const Id customer = write("customer", {{"name", name}});
            ChangeBuilder took("visit_customer",
                replica::makeUuid7(m_open->clock.wallNow(), m_open->random),
                replica::ChangeKind::Insert);
            took.set("visit_id", replica::Blob{replica::Bytes(replica::parseUuid(visit)->bytes())});
            took.set("customer_id",
                replica::Blob{replica::Bytes(replica::parseUuid(customer)->bytes())});
            QVERIFY(m_open->replica->commit({took.take()}).has_value());
        }
        QCOMPARE(find("earlier").front().who, std::string("Ann, Bo, Cem, …"));
    }

    void oneOfAKindIsNotHidden()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id promise = write("promise", {{"what", "mend the brake"}}, rosa);
        for (int i = 0; i < 60; ++i)
            write("visit", {{"said", "brake " + std::to_string(i)}}, rosa);
        const auto found = rows("brake");
        QVERIFY(std::find(found.begin(), found.end(), promise) != found.end());
    }

    // Words of every kind of row are found, also of those written after the first search.
    void everythingSaidAndKnownIsFound()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}, {"note", "knows zumba"}});
        QCOMPARE(rows("zumba").size(), std::size_t{1});
        write("promise", {{"what", "zumba one"}}, rosa);
        write("need", {{"words", "zumba two"}}, rosa);
        write("circumstance", {{"what", "zumba three"}}, rosa);
        write("terms", {{"words", "zumba four"}}, rosa);
        write("sale", {{"item", "zumba five"}}, rosa);
        write("remark", {{"words", "zumba six"}, {"customer_name", "somebody"}});
        write("follow_up", {{"about", "zumba seven"}}, rosa);
        QCOMPARE(rows("zumba").size(), std::size_t{8});
        QCOMPARE(find("zumba six")[0].who, std::string("somebody"));
    }

    void theIndexFollowsWhatChanges()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id visit = write("visit", {{"said", "it smokes"}}, rosa);
        QCOMPARE(rows("smokes"), std::vector<Id>{visit});
        write("visit", {{"said", "it whistles"}}, {}, visit);
        QVERIFY(rows("smokes").empty());
        QCOMPARE(rows("whistles"), std::vector<Id>{visit});
        remove("visit", visit);
        QVERIFY(rows("whistles").empty());
        // The next row may get the number of the last one that went.
        const Id next = write("visit", {{"said", "it sings"}}, rosa);
        QCOMPARE(rows("sings"), std::vector<Id>{next});
        write("visit", {{"said", "it hums"}}, {}, next);
        remove("visit", next);
        const Id last = write("visit", {{"said", "it growls"}}, rosa);
        QCOMPARE(rows("growls"), std::vector<Id>{last});
        QVERIFY(rows("hums").empty() && rows("sings").empty());
    }

    // A row that is brought back has its old number.
    void whatComesBackIsFoundAgain()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id visit = write("visit", {{"said", "it smokes"}}, rosa);
        QCOMPARE(rows("smokes").size(), std::size_t{1});
        remove("visit", visit);
        ChangeBuilder back("visit", *replica::parseUuid(visit), replica::ChangeKind::Insert);
        back.set("said", std::string("it still smokes"));
        QVERIFY(rows("smokes").empty());
        QVERIFY(m_open->replica->commit({back.take()}).has_value());
        QCOMPARE(find("smokes").at(0).words, std::string("it still smokes"));
    }

    // What is no word cannot be asked for, and hides nothing.
    void L1_signsAmongTheWords()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id visit
            = write("visit", {{"said", "costs 50 € now – honestly, 東京 «ist» weit"}}, rosa);
        for (const char *asked :
            {"costs 50 €", "now – honestly", "« ist »", "東京", "€ – costs", "50€"})
            QCOMPARE(rows(asked), std::vector<Id>{visit});
        QVERIFY(rows("€ –").empty());
    }

    // The number of the newest row is given again when it left and the file is opened anew.
    void aRowUnderAnEarlierNumberIsFound()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id left = write("visit", {{"said", "it smokes"}}, rosa);
        QCOMPARE(rows("smokes"), std::vector<Id>{left});
        auto &records = m_open->replica->records();
        QVERIFY(records.begin().has_value());
        QVERIFY(records.forgetRow(replica::TableId{5}, *replica::parseUuid(left)).has_value());
        QVERIFY(records.commit().has_value());
        QVERIFY(SearchIndex(m_open->store->database()).tidy().has_value());
        m_open.reset();
        m_open = *openReplicaFile(
            (m_folder->path() + "/r.db").toStdString(), {{}, {}, {}, {}, true}, WhenMissing::Fail);
        const Id next = write("visit", {{"said", "it rattles"}}, rosa);
        QVERIFY(rows("smokes").empty());
        QCOMPARE(rows("rattles"), std::vector<Id>{next});
    }

    void aFullDiskHidesNothingThatWasFound()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        QCOMPARE(rows("rosa"), std::vector<Id>{rosa});
        std::string words;
        for (int i = 0; i < 20'000; ++i)
            words += " word" + std::to_string(i);
        QVERIFY(!write("visit", {{"said", words}}, rosa).empty());
        auto &database = m_open->store->database();
        const auto pages = database.queryInt("PRAGMA page_count");
        QVERIFY(database.execute("PRAGMA max_page_count = " + std::to_string(*pages)).has_value());
        QCOMPARE(rows("rosa"), std::vector<Id>{rosa});
        QVERIFY(rows("word77").empty());  // there is no room to index it
        QVERIFY(database.execute("PRAGMA max_page_count = 1000000").has_value());
        QCOMPARE(rows("word77").size(), std::size_t{1});
    }

    // Forgetting a row, as when its customer went to other hands, leaves no word of it behind.
    void S13_whatLeftIsNotInTheIndexEither()
    {
        const Id rosa = write("customer", {{"name", "Rosa"}});
        const Id visit = write("visit", {{"said", "Quetzalcoatl smokes"}}, rosa);
        write("visit", {{"said", "quetta is far"}}, rosa);
        QCOMPARE(rows("quetzalc"), std::vector<Id>{visit});
        auto &database = m_open->store->database();
        QVERIFY(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").has_value());
        QVERIFY(fileHolds("zalcoatl"));  // words are stored as they differ from the one before
        auto &records = m_open->replica->records();
        QVERIFY(records.begin().has_value());
        QVERIFY(records.forgetRow(replica::TableId{5}, *replica::parseUuid(visit)).has_value());
        QVERIFY(records.commit().has_value());
        // Also when somebody looks for something first.
        QVERIFY(rows("quetzalc").empty());
        QVERIFY(SearchIndex(database).tidy().has_value());
        QVERIFY(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").has_value());
        QVERIFY(!fileHolds("zalcoatl"));
        QVERIFY(rows("quetzalc").empty());
        QCOMPARE(rows("quetta").size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(SearchTest)
#include "search_test.moc"
