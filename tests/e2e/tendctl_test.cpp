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
        QCOMPARE(
            together(), QByteArray("Together in the last year: 3 times, 40 minutes of 2 of them"));
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
};

QTEST_GUILESS_MAIN(TendctlTest)
#include "tendctl_test.moc"
