#include <QtTest>

#include "app/journal/undo.h"
#include "tests/support/written_journal.h"

using namespace tend;

// docs/RULES.md, "Undo".
class UndoTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<WrittenJournal> m_journal;

    [[nodiscard]] std::vector<Deed> deeds(std::size_t countMax = 50) const
    {
        const auto found
            = recentDeeds(*m_journal->its().store, *m_journal->its().replica, countMax);
        if (!found)
            qFatal("%s", found.error().message.c_str());
        return *found;
    }

    [[nodiscard]] replica::Result<Undone> undo(std::int64_t number = 0) const
    {
        if (number == 0)
            number = deeds(1).at(0).number;
        return undoDeed(*m_journal->its().store, *m_journal->its().replica, number);
    }

    [[nodiscard]] QString shown(
        const char *column, const Id &row, const char *table = "customer") const
    {
        auto select = m_journal->database().prepare(
            std::string("SELECT coalesce(") + column + ", '-') FROM " + table + " WHERE id = ?1");
        const auto key = keyOf(row);
        select->bindBlob(1, key);
        const auto isThere = select->step();
        if (!isThere)
            qFatal("%s", isThere.error().message.c_str());
        return *isThere ? QString::fromStdString(std::string(select->text(0))) : QString();
    }

private slots:

    void init()
    {
        qputenv("XDG_STATE_HOME", QDir::tempPath().toUtf8());
        m_journal = std::make_unique<WrittenJournal>();
    }

    void P9_whatWasMadeGoesAndComesBack()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}, {"phone", "030 1234"}});
        QCOMPARE(undo()->removed, std::size_t{1});
        QCOMPARE(shown("name", rosa), QString());
        QCOMPARE(undo()->broughtBack, std::size_t{1});
        QCOMPARE(shown("phone", rosa), QString("030 1234"));
        QCOMPARE(undo()->removed, std::size_t{1});
        QCOMPARE(shown("name", rosa), QString());
        QCOMPARE(deeds().size(), std::size_t{4});  // nothing was rolled back
    }

    // A visit that was corrected stays, and with it the customer whom it names, although one action
    // made both.
    void P9_whatAKeptRowNamesStays()
    {
        OpenReplica &its = m_journal->its();
        StoreJournal pages(*its.store, *its.replica);
        VisitDraft draft;
        draft.newCustomerName = "Rosa";
        draft.said = "it smokes";
        const auto saved = pages.saveVisit(draft);
        const auto first = deeds(1).at(0).number;
        VisitDraft again = *pages.visit(saved->visitId);
        again.said = "it smokes at night";
        QVERIFY(pages.saveVisit(again));
        const auto undone = undo(first);
        QVERIFY(!undone && undone.error().code == replica::ErrorCode::Conflict);
        QCOMPARE(shown("name", saved->customerId), QString("Rosa"));
        QCOMPARE(shown("said", saved->visitId, "visit"), QString("it smokes at night"));
    }

    // What an action gives back names nothing any more.
    void P9_aFirmGoesWithTheLinkToIt()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}});
        const auto firm = replica::makeUuid7({}, m_journal->its().random);
        const auto made = m_journal->its().replica->commit(
            {ChangeBuilder("customer", firm, replica::ChangeKind::Insert)
                    .set("name", "Acme")
                    .take(),
                ChangeBuilder("customer", *replica::parseUuid(rosa), replica::ChangeKind::Update)
                    .set("organisation_id", link(replica::toText(firm)))
                    .take()});
        QVERIFY(made.has_value());
        const auto undone = undo();
        QCOMPARE(undone->removed, std::size_t{1});
        QCOMPARE(undone->restored, std::size_t{1});
        QVERIFY(undone->kept.empty());
    }

    void P9_aValueIsWhatItWas()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}, {"phone", "1"}});
        m_journal->put("customer", {{"phone", "2"}, {"email", "rosa@example.org"}}, rosa);
        QCOMPARE(undo()->restored, std::size_t{2});
        QCOMPARE(shown("phone", rosa), QString("1"));
        QCOMPARE(shown("email", rosa), QString("-"));
        QCOMPARE(undo()->restored, std::size_t{2});
        QCOMPARE(shown("phone", rosa), QString("2"));
        QCOMPARE(shown("email", rosa), QString("rosa@example.org"));
    }

    void P9_whatWasWrittenSinceStays()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}});
        m_journal->put("customer", {{"phone", "2"}, {"email", "rosa@example.org"}}, rosa);
        const std::int64_t second = deeds(1).at(0).number;
        m_journal->put("customer", {{"phone", "3"}}, rosa);
        const auto undone = undo(second);
        QCOMPARE(undone->restored, std::size_t{1});
        QCOMPARE(undone->kept.size(), std::size_t{1});
        QCOMPARE(undone->kept[0].reason, std::string("phone was changed since"));
        QCOMPARE(undone->kept[0].name, std::string("Rosa"));
        QCOMPARE(shown("phone", rosa), QString("3"));
        QCOMPARE(shown("email", rosa), QString("-"));

        const auto again = undo(second);
        QVERIFY(!again);
        QVERIFY(again.error().code == replica::ErrorCode::Conflict);
        QVERIFY(QString::fromStdString(again.error().message).contains("phone was changed since"));
        const std::int64_t first = deeds().back().number;
        QVERIFY(QString::fromStdString(undo(first).error().message).contains("changed since"));
        QCOMPARE(shown("name", rosa), QString("Rosa"));
        QVERIFY(undo(999).error().code == replica::ErrorCode::NotFound);
    }

    void P9_aRowThatSomethingHangsOnStays()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}});
        const std::int64_t made = deeds(1).at(0).number;
        const Id visit = m_journal->put("visit", {{"customer_id", link(rosa)}, {"said", "rye"}});
        QVERIFY(QString::fromStdString(undo(made).error().message).contains("a visit names it"));
        QVERIFY(undo().has_value());
        QCOMPARE(shown("said", visit, "visit"), QString());
        QVERIFY(undo(made).has_value());
        QCOMPARE(shown("name", rosa), QString());
    }

    // Named by a row that does not hang on it, it stays; that somebody looked at it holds nothing.
    void P9_whatARowNamesStays()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}});
        const Id visit = m_journal->put("visit", {{"customer_id", link(rosa)}, {"outcome", "met"}});
        const std::int64_t made = deeds(1).at(0).number;
        m_journal->put("follow_up",
            {{"customer_id", link(rosa)}, {"about", "tyres"}, {"done_visit_id", link(visit)}});
        QVERIFY(
            QString::fromStdString(undo(made).error().message).contains("a follow up names it"));
        const Id bo = m_journal->put("customer", {{"name", "Bo"}});
        const std::int64_t looked = deeds(1).at(0).number;
        ChangeBuilder look("look", {}, replica::ChangeKind::Insert);
        look.set("customer_id", link(bo)).set("member_id", link(rosa)).set("on_day", "2026-01-01");
        QVERIFY(m_journal->its().replica->commit({look.take()}).has_value());
        QVERIFY(undo(looked).has_value());
        QCOMPARE(shown("name", bo), QString());
    }

    void P9_whatWasMadeTogetherGoesTogether()
    {
        auto &replica = *m_journal->its().replica;
        const auto newId = [&] {
            return replica::makeUuid7(m_journal->its().clock.wallNow(), m_journal->its().random);
        };
        const auto rosa = newId();
        const auto visit = newId();
        ChangeBuilder customer("customer", rosa, replica::ChangeKind::Insert);
        customer.text("name", "Rosa");
        ChangeBuilder first("visit", visit, replica::ChangeKind::Insert);
        first.set("customer_id", link(replica::toText(rosa))).text("said", "rye");
        QVERIFY(replica.commit({customer.take(), first.take()}).has_value());
        QCOMPARE(deeds(1).at(0).parts.size(), std::size_t{2});
        QCOMPARE(deeds(1).at(0).parts[1].title, std::string("Rosa"));
        QCOMPARE(undo()->removed, std::size_t{2});
        QCOMPARE(undo()->broughtBack, std::size_t{2});
        QCOMPARE(shown("said", replica::toText(visit), "visit"), QString("rye"));
    }

    void P9_aDeletedRowComesBackWhole()
    {
        const Id rosa = m_journal->put("customer", {{"name", "Rosa"}, {"phone", "1"}});
        m_journal->put("customer", {{"phone", "2"}}, rosa);
        m_journal->remove("customer", rosa);
        const Deed deed = deeds(1).at(0);
        QVERIFY(deed.parts.at(0).kind == replica::ChangeKind::Delete);
        QCOMPARE(deed.parts.at(0).title, std::string("Rosa"));
        QCOMPARE(undo()->broughtBack, std::size_t{1});
        QCOMPARE(shown("phone", rosa), QString("2"));
        QVERIFY(!undo(deed.number));  // it is so already
        // What a rule forbids stays forbidden: the need's confirming visit is what it is about.
        const Id heard = m_journal->put("visit",
            {{"customer_id", link(rosa)}, {"outcome", "met"},
                {"started_at", std::int64_t{1'800'000'000'000}}});
        const Id told = m_journal->put("visit",
            {{"customer_id", link(rosa)}, {"outcome", "met"},
                {"started_at", std::int64_t{1'800'100'000'000}}});
        const Id need = m_journal->put("need",
            {{"customer_id", link(rosa)}, {"words", "rye"}, {"state", "confirmed"},
                {"heard_visit_id", link(heard)}, {"confirmed_visit_id", link(told)}});
        m_journal->put("need", {{"state", "given"}}, need);
        const std::int64_t given = deeds(1).at(0).number;
        m_journal->remove("visit", told);
        QVERIFY(undo(given).error().code == replica::ErrorCode::Invalid);
        QCOMPARE(shown("state", need, "need"), QString("given"));
    }
};

QTEST_APPLESS_MAIN(UndoTest)
#include "undo_test.moc"
