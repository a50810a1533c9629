// What tendctl says on a replica that is alone, and how it answers a call that was wrong.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/desk.h"

using replica::test::Desk;
using replica::test::Done;
using replica::test::Json;

class TendctlTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Desk> m_desk;

    [[nodiscard]] std::string add(const QString &table, const Json &row) const
    {
        const QString id = m_desk->put(table, QByteArray::fromStdString(row.dump()));
        if (id.isEmpty())
            qFatal("%s was not written", qPrintable(table));
        return id.toStdString();
    }

    [[nodiscard]] std::string met(
        const std::string &customer, const char *day, Json minutes = {}) const
    {
        return add("visit",
            {{"customer_id", customer}, {"outcome", "met"}, {"kind", "call"}, {"on_day", day},
                {"started_at", day + std::string("T09:00:00Z")}, {"minutes", std::move(minutes)}});
    }

    [[nodiscard]] QByteArray said(const QStringList &verb) const
    {
        const Done done = m_desk->run(verb);
        if (done.code != 0)
            qFatal("%s", done.err.constData());
        return done.out;
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_STATE_HOME", m_folder->path().toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        m_desk = std::make_unique<Desk>(m_folder->path(), "desk");
        QCOMPARE(m_desk->run({"init"}).code, 0);
    }

    // That nobody wrote down how long it took does not make it no time.
    void F8_minutesThatNobodyWroteDown()
    {
        const std::string rosa = add("customer", {{"name", "Rosa"}});
        const QStringList verb{"brief", "Rosa", "--on", "2026-06-11"};
        const auto together = [&] {
            const QByteArray page = said(verb);
            return page.mid(page.indexOf("Together in")).trimmed();
        };
        const auto minutes = [&] {
            return m_desk->run(verb + QStringList{"--json"}).lines().at(0)["minutes_this_year"];
        };
        static_cast<void>(met(rosa, "2026-06-01"));
        QCOMPARE(together(), QByteArray("Together in the last year: 1 time"));
        QCOMPARE(minutes(), Json(nullptr));
        static_cast<void>(met(rosa, "2026-06-02", 30));
        static_cast<void>(met(rosa, "2026-06-03", 10));
        QCOMPARE(together(),
            QByteArray(
                "Together in the last year: 3 times, 40 minutes in the 2 of which it is known"));
        QCOMPARE(minutes(), Json(40));
    }

    // Of a sale that does not say of what.
    void F8_theQuestionQuotesOnlyWords()
    {
        const std::string rosa = add("customer", {{"name", "Rosa"}});
        static_cast<void>(add("sale", {{"customer_id", rosa}, {"sold_on", "2026-06-08"}}));
        const QByteArray page = said({"brief", "Rosa", "--on", "2026-06-11"});
        QVERIFY2(page.contains("Your honest opinion of what you bought?"), page);
        QVERIFY2(!page.contains("\"\""), page);
    }

    // 2 for a call that cannot be understood, 1 for what this replica does not have.
    void mistakesInTheCallAreTwo_data()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *name, const QStringList &verb, int code, const char *says) {
            QTest::newRow(name) << verb << code << QByteArray(says);
        };
        row("no day", {"today", "--on", "tomorrow"}, 2, "'tomorrow' is no day");
        row("an empty day", {"today", "--on", ""}, 2, "is no day");
        row("no day of a report", {"retention", "--on", "2026-02-30"}, 2, "is no day");
        row("no time", {"remind", "--at", "8"}, 2, "write it as 08:00");
        row("no figure", {"radar", "nope"}, 2, "their_word");
        row("no action's number", {"undo", "0"}, 2, "0");
        row("no such action", {"undo", "7"}, 1, "no action 7");
        row("no such table", {"get", "visits"}, 1, "there is no table");
        row("no such row", {"get", "visit", "--id", "01890000-0000-7000-8000-000000000001"}, 1,
            "not there");
        row("nobody of that name", {"brief", "Rosa"}, 1, "no customer's name");
        row("an option misspelt", {"--versoin"}, 2, "'--versoin'");
    }

    void mistakesInTheCallAreTwo()
    {
        QFETCH(QStringList, verb);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const Done done = m_desk->run(verb);
        QCOMPARE(done.code, code);
        QVERIFY2(done.err.contains(says), done.err);
        QVERIFY2(!done.err.contains("say which"), done.err);
    }

    void whatIsWrongWithAValueIsNamed()
    {
        for (const char *row : {R"({"name": ""})", R"({"name": null})"}) {
            const Done done = m_desk->run({"put", "customer"}, row);
            QCOMPARE(done.code, 1);
            QVERIFY2(done.err.contains("customer.name: the value is missing"), done.err);
            QVERIFY2(!done.err.contains("too long"), done.err);
        }
        Json tooLong{{"digest", "d"}, {"thumbnail", std::string(40'000, 'A')}};
        const Done done
            = m_desk->run({"put", "attachment"}, QByteArray::fromStdString(tooLong.dump()));
        QVERIFY2(done.err.contains("too long; it may have 16384 octets"), done.err);
    }

    // A name of two words needs no quotation marks.
    void L1_aNameOfSeveralWords()
    {
        const std::string rosa = add("customer", {{"name", "Rosa Lind"}});
        static_cast<void>(add("customer", {{"name", "Rosa Lindt"}}));
        static_cast<void>(
            add("buying", {{"customer_id", rosa}, {"would_change", "a better price"}}));
        for (const char *verb : {"brief", "profile", "says", "looks", "plan", "notes"})
            QCOMPARE(m_desk->run({verb, "Rosa", "Lind"}).code, 0);
        QVERIFY(said({"brief", "Rosa", "Lind", "--on", "2026-06-11"}).startsWith("Rosa Lind:"));
        QVERIFY(said({"why", "better", "price"}).startsWith("Rosa Lind"));
        QCOMPARE(m_desk->run({"unite", "Rosa Lind", "Rosa Lindt"}).code, 0);
        const QByteArray parted = said({"part", "Rosa", "Lindt"});
        QVERIFY2(parted.contains("Take it back with: tendctl undo "), parted);
    }

    // Whoever is told that somebody may leave, or is unhappy, is told by what.
    void F7_whatAListRestsOnIsTold()
    {
        const std::string rosa = add("customer", {{"name", "Rosa"}});
        const std::string visit = met(rosa, "2026-01-10");
        static_cast<void>(add("visit", {{"id", visit}, {"customer_rating", 3}}));
        static_cast<void>(met(rosa, "2026-01-08"));
        const QByteArray stays = said({"retention", "--on", "2026-05-20"});
        QVERIFY2(stays.contains("at risk: 1\n  Rosa  cooling: 2026-01-10 call"), stays);
        static_cast<void>(add("loss",
            {{"customer_id", rosa}, {"reason", "service"}, {"on_day", "2026-05-21"},
                {"words", "too slow"}}));
        QVERIFY(said({"retention", "--on", "2026-05-22"}).contains("2026-05-21 service: too slow"));
        QVERIFY(said({"who", "unhappy", "--on", "2026-05-20"}).contains("Rosa, rated us 3 of 10"));
        const std::string tag = add("tag", {{"name", "key account"}, {"rhythm_days", 21}});
        static_cast<void>(add("customer_tag", {{"customer_id", rosa}, {"tag_id", tag}}));
        const QByteArray profile = said({"profile", "Rosa", "--on", "2026-05-20"});
        QVERIFY2(profile.contains("tag: key account  " + QByteArray::fromStdString(tag)), profile);
    }

    // Undo of an undo is the first change again; whoever wants two entries back is told how.
    void P9_undoSaysHowToGoFurther()
    {
        static_cast<void>(add("customer", {{"name", "Rosa"}}));
        QVERIFY(said({"undo"}).contains("tendctl undo NUMBER"));
        QVERIFY(said({"undo", "--help"}).contains("further"));
    }

    // Neither may be called an encrypted replica.
    void whatIsNoReplicaIsSaidToBeNone()
    {
        QFile file(m_folder->filePath("notes.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("milk, rye\n") == 10);
        file.close();
        for (const auto &[path, says] : {std::pair(m_folder->path(), "is a directory"),
                 std::pair(file.fileName(), "is no Tend replica")}) {
            QProcess process;
            process.start(TENDCTL_PROGRAM, {"--replica", path, "status"});
            QVERIFY(process.waitForFinished(60'000));
            QCOMPARE(process.exitCode(), 1);
            const QByteArray told = process.readAllStandardError();
            QVERIFY2(told.contains(says) && !told.contains("encrypted"), told);
        }
    }
};

QTEST_GUILESS_MAIN(TendctlTest)
#include "tendctl_test.moc"
