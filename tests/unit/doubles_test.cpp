#include <algorithm>
#include <random>

#include <QtTest>

#include "app/journal/brief.h"
#include "app/journal/facts_reader.h"
#include "app/journal/look_alikes.h"
#include "app/journal/row_text.h"
#include "app/journal/same_customers.h"
#include "app/journal/search.h"
#include "tests/support/written_journal.h"

using namespace tend;

// docs/RULES.md, "Doubles".
class DoublesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;
    NameFolder m_folder;

    [[nodiscard]] bool alike(const char *one, const char *other) const
    {
        return areNamesAlike(m_folder.words(one), m_folder.words(other));
    }

    Id customer(const char *name, const char *phone = "", const char *email = "")
    {
        return m_journal->put("customer", {{"name", name}, {"phone", phone}, {"email", email}});
    }

    Id visit(const Id &whose, const char *moment, const char *said)
    {
        return m_journal->put("visit",
            {{"customer_id", link(whose)}, {"outcome", "met"}, {"kind", "call"}, {"said", said},
                {"started_at", replica::inMs(*parseTime(moment))}});
    }

    [[nodiscard]] Status join(const Id &keep, const Id &other) const
    {
        OpenReplica &its = m_journal->its();
        return unite(*its.replica, m_journal->database(), keep, other);
    }

    [[nodiscard]] QStringList listed() const
    {
        StoreJournal journal(*m_journal->its().store, *m_journal->its().replica);
        QStringList names;
        const auto rows = journal.customers("").value();
        for (const CustomerRow &row : rows)
            names.append(QString::fromStdString(row.name));
        return names;
    }

    [[nodiscard]] QStringList found(const Entry &typed) const
    {
        QStringList names;
        LookAlikes alikes(m_journal->database());
        const auto likes = alikes.of(typed).value();
        for (const LookAlike &one : likes)
            names.append(QString::fromStdString(one.entry.name));
        return names;
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
    }

    void L3_namesByDistance_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("are");
        const auto row = [](const char *one, const char *other, bool are) {
            QTest::newRow(qPrintable(QString(one) + '/' + other)) << one << other << are;
        };
        row("Ana Ruiz", "Ana Ruiz", true);
        row("Ana Ruiz", "Ruiz, Ana", true);
        row("Jose Munoz", "JOSÉ MUÑOZ", true);
        row("Großmann", "Grossmann", true);
        row("Łukasz", "Lukasz", true);
        row("Иван Петров", "Ivan Petrov", true);
        row("Piet Janssen", "Piet Jansen", true);
        row("Piet Jansen", "Pite Jansen", true);
        row("O'Neil", "ONeil", true);
        row("Ana Maria Ruiz", "Ana Ruiz", true);
        row("Maria Novak", "Maria Lovak", true);
        row("Ana Ruiz", "Ana", false);  // half of all Anas would be one
        row("Bo", "Jo", true);
        row("Bo", "Joe", false);
        row("Ana Ruiz", "Ana Diaz", false);
        row("Anna Ray", "Anno Roy", false);  // two of seven
        row("Shop 12", "Shop 13", false);
        row("", "", false);
    }

    void L3_namesByDistance()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QFETCH(bool, are);
        QCOMPARE(alike(qPrintable(one), qPrintable(other)), are);
        QCOMPARE(alike(qPrintable(other), qPrintable(one)), are);
    }

    void L3_phonesInNormalForm_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("are");
        const auto row = [](const char *one, const char *other, bool are) {
            QTest::newRow(qPrintable(QString(one) + '/' + other)) << one << other << are;
        };
        row("+31 6 1234 5678", "0031612345678", true);
        row("+31 6 1234 5678", "06-12345678", true);
        row("(020) 7946 0018", "+44 20 7946 0018", true);
        row("555-0100", "5550100", true);
        row("+31 6 1234 5678", "+32 6 1234 5678", false);
        row("06-12345678", "06-12345679", false);
        row("100", "100", false);  // an extension is nobody's number
        row("", "", false);
    }

    void L3_phonesInNormalForm()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QFETCH(bool, are);
        QCOMPARE(arePhonesAlike(one.toStdString(), other.toStdString()), are);
        QCOMPARE(arePhonesAlike(other.toStdString(), one.toStdString()), are);
    }

    void L3_doublesAreFoundWhileTyping()
    {
        customer("Piet Jansen", "+31 6 1234 5678");
        customer("Bakkerij Zon", "", "Brood@Zon.example");
        const Id other = customer("Ana Ruiz");
        QCOMPARE(found({"Piet Janssen", "", "", ""}), QStringList{"Piet Jansen"});
        QCOMPARE(found({"The Oven", "06 12345678", "", ""}), QStringList{"Piet Jansen"});
        QCOMPARE(found({"", "", " brood@zon.EXAMPLE", ""}), QStringList{"Bakkerij Zon"});
        QCOMPARE(found({"", "", "rood@zon.example", ""}), QStringList());
        QCOMPARE(found({"", "", "", ""}), QStringList());
        QCOMPARE(found({"\"* OR who : a", "", "\")", ""}), QStringList());
        // The notice goes away when the field changes, and is never about the row itself.
        QCOMPARE(found({"Piet Peters", "", "", ""}), QStringList());
        LookAlikes alikes(m_journal->database());
        QVERIFY(alikes.of({"Ana Ruiz", "", "", ""}, other)->empty());
        // More in common comes first.
        customer("Piet Janssen", "06-12345678");
        QCOMPARE(found({"Piet Janssen", "0612345678", "", ""}).size(), 2);
        QCOMPARE(alikes.of({"Ana Ruis", "", "brood@zon.example", ""})->size(), std::size_t{2});
        // In another alphabet, and mistaken where every word begins.
        customer("Иван Петров");
        QCOMPARE(found({"Ivan Petrov", "", "", ""}), QStringList{"Иван Петров"});
        QCOMPARE(found({"Айван Петров", "", "", ""}), QStringList{"Иван Петров"});
        QCOMPARE(found({"Vian Eptrov", "", "", ""}), QStringList{"Иван Петров"});
        QCOMPARE(found({"Nivan Petrov", "", "", ""}), QStringList{"Иван Петров"});
        customer("Meyer");
        for (const char *name : {"Meier", "Myeer", "Mever", "Neyer", "Meyr", "Meyers", "meyer"})
            QCOMPARE(found({name, "", "", ""}), QStringList{"Meyer"});
    }

    void allPairsAreTheOnesThatLookAlike()
    {
        // By chance, against comparing everybody with everybody.
        std::mt19937 chance(7);
        const std::vector<const char *> first{
            "Ana", "Anna", "Bo", "Çem", "Katharina", "Catarina", "Anna Maria Elisabeth"};
        const std::vector<const char *> last{"Ruiz", "Ruis", "Jansen", "Janssen", "Lind", "Zon 4"};
        const std::vector<const char *> phones{"", "0612345678", "+31612345678", "555-0100"};
        for (int i = 0; i < 90; ++i)
            customer(qPrintable(QString(first[chance() % 7]) + ' ' + last[chance() % 6]
                         + (chance() % 4 == 0 ? " Senior" : "")),
                phones[chance() % 8 % 4 * (chance() % 2)]);
        LookAlikes alikes(m_journal->database());
        const auto pairs = alikes.pairs().value();
        std::set<std::pair<Id, Id>> told;
        for (const LookAlikePair &pair : pairs)
            told.insert({pair.one, pair.other});
        int missed = 0;
        int missedWhileTyping = 0;
        int expected = 0;
        auto rows = m_journal->database().prepare(
            "SELECT lower(hex(id)), name, coalesce(phone, '') FROM customer ORDER BY id");
        std::vector<std::pair<QString, Entry>> all;
        while (rows->step().value())
            all.push_back({QString::fromUtf8(std::string(rows->text(0)).c_str()),
                {std::string(rows->text(1)), std::string(rows->text(2)), {}, {}}});
        const auto idOf = [](const QString &hex) {
            return QUuid::fromRfc4122(QByteArray::fromHex(hex.toUtf8()))
                .toString(QUuid::WithoutBraces)
                .toStdString();
        };
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto typed = alikes.of(all[i].second).value();
            for (std::size_t j = i + 1; j < all.size(); ++j) {
                const bool is
                    = !likenessOf(m_folder.ready(all[i].second), m_folder.ready(all[j].second))
                           .empty();
                const bool isTold = told.count({idOf(all[i].first), idOf(all[j].first)}) > 0;
                QVERIFY(is || !isTold);
                expected += is ? 1 : 0;
                missed += is && !isTold ? 1 : 0;
                const bool isTyped = std::any_of(typed.begin(), typed.end(),
                    [&](const LookAlike &one) { return one.customer == idOf(all[j].first); });
                missedWhileTyping += is && !isTyped ? 1 : 0;
            }
        }
        QVERIFY(expected > 50);
        QCOMPARE(missed, 0);
        QCOMPARE(missedWhileTyping, 0);
    }

    void L4_unitedAreOnePersonAndNoVisitIsLost()
    {
        const Id piet = customer("Piet Jansen", "0612345678");
        const Id again = customer("P. Jansen", "", "piet@example.org");
        visit(piet, "2026-03-01T10:00:00Z", "all is well");
        const Id late = visit(again, "2026-03-09T10:00:00Z", "the door sticks");
        QCOMPARE(listed(), (QStringList{"P. Jansen", "Piet Jansen"}));
        QVERIFY(join(piet, again));

        QCOMPARE(listed(), QStringList{"Piet Jansen"});
        StoreJournal journal(*m_journal->its().store, *m_journal->its().replica);
        for (const Id &asked : {piet, again}) {
            const auto page = journal.customer(asked);
            QCOMPARE(page->id, piet);
            QCOMPARE(page->story.size(), std::size_t{2});
            QCOMPARE(page->story.front().visitId, late);
            QCOMPARE(page->lastTime->said, std::string("the door sticks"));
            QCOMPARE(FactsReader(m_journal->database()).of(asked)->visits.size(), std::size_t{2});
            QCOMPARE(
                briefOf(m_journal->database(), asked, *parseDay("2026-03-20"))->lastWords.size(),
                std::size_t{2});
        }
        const auto hits = SearchIndex(m_journal->database()).find("door", 9);
        QCOMPARE(hits->size(), std::size_t{1});
        QCOMPARE(hits->front().who, std::string("Piet Jansen"));
        QCOMPARE(hits->front().customer, piet);
        int customers = 0;
        QVERIFY(FactsReader(m_journal->database()).forEach([&](const CustomerFacts &) -> Status {
            ++customers;
            return {};
        }));
        QCOMPARE(customers, 1);
        // Words still written to the other row are there too.
        visit(again, "2026-03-12T10:00:00Z", "and squeaks");
        QCOMPARE(journal.customer(piet)->story.size(), std::size_t{3});
        QVERIFY(!join(again, piet));  // they are one already

        // Taken back, both stand as they were, each with what was written to it.
        QVERIFY(part(*m_journal->its().replica, m_journal->database(), again));
        QCOMPARE(listed(), (QStringList{"P. Jansen", "Piet Jansen"}));
        QCOMPARE(journal.customer(piet)->story.size(), std::size_t{1});
        QCOMPARE(journal.customer(again)->story.size(), std::size_t{2});
        QVERIFY(!part(*m_journal->its().replica, m_journal->database(), again));
    }

    // Two devices that unite differently, in whatever order the links arrive, rings and all.
    void L4_anyOrderOfLinksGivesTheSamePeople()
    {
        std::mt19937 chance(3);
        for (int round = 0; round < 300; ++round) {
            std::vector<SameCustomers::Link> links;
            for (int i = 0; i < 7; ++i)
                links.push_back({std::string(1, static_cast<char>('a' + chance() % 8)),
                    std::string(1, static_cast<char>('a' + chance() % 8))});
            const SameCustomers first(links);
            for (int shuffled = 0; shuffled < 4; ++shuffled) {
                std::shuffle(links.begin(), links.end(), chance);
                const SameCustomers other(links);
                for (char row = 'a'; row < 'i'; ++row) {
                    const Id id(1, row);
                    QCOMPARE(other.rootOf(id), first.rootOf(id));
                    QCOMPARE(other.all(id), first.all(id));
                    QCOMPARE(first.all(id).front(), first.rootOf(id));
                }
            }
            for (const SameCustomers::Link &link : links)
                QCOMPARE(first.rootOf(link.customer), first.rootOf(link.sameAs));
        }
    }

    void aRootIsNobodysDouble()
    {
        const SameCustomers chain({{"b", "c"}, {"c", "d"}});
        QCOMPARE(chain.rootOf("b"), Id("d"));
        QCOMPARE(chain.all("b"), (std::vector<Id>{"d", "b", "c"}));
        const SameCustomers ring({{"b", "c"}, {"c", "b"}});
        QCOMPARE(ring.rootOf("c"), Id("b"));
    }
};

QTEST_GUILESS_MAIN(DoublesTest)
#include "doubles_test.moc"
