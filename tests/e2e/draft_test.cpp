// What is being typed into the real `tend` survives kill -9 at any moment.
#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <thread>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>

#include "sync/base/random.h"
#include "tests/support/app_process.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds mayBeLost{500};
constexpr int kills = 34;
constexpr qsizetype fieldFillsAt = 250;  // letters; more of them and its middle leaves the sheet
const QString words = QStringLiteral(
    "the van came at seven again and we open at six so somebody has to stand outside and wait");

// How slow this machine is just now: writes to the same disk as the program does, as often, and
// remembers the slowest. A program that is given no time keeps no draft, and that is not its fault.
class Slowness final {
public:
    explicit Slowness(const QString &folder)
        : m_thread([this, path = (folder + "/probe").toStdString()](const std::stop_token &stop) {
            const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
            const std::string page(4096, 'x');
            while (!stop.stop_requested()) {
                const auto began = Clock::now();
                static_cast<void>(::pwrite(file, page.data(), page.size(), 0));
                ::fsync(file);
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                note(Clock::now() - began - std::chrono::milliseconds(20));
            }
            ::close(file);
        })
    {
    }

    // Since it was last asked.
    [[nodiscard]] Clock::duration worst()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_worst, {});
    }

private:
    void note(Clock::duration took)
    {
        const std::lock_guard lock(m_mutex);
        m_worst = std::max(m_worst, took);
    }

    std::mutex m_mutex;
    Clock::duration m_worst{};
    std::jthread m_thread;
};

// A letter is typed when the program has taken it up.
struct Typed {
    QString text;
    std::vector<Clock::time_point> at;

    // How many letters a crash at that moment may not cost.
    [[nodiscard]] qsizetype safeAt(Clock::time_point moment, Clock::duration slowness) const
    {
        return std::count_if(at.begin(), at.end(),
            [&](Clock::time_point letter) { return letter + mayBeLost + slowness < moment; });
    }
};

}  // namespace

class DraftTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<AppProcess> m_app;
    std::unique_ptr<Slowness> m_slowness;

    [[nodiscard]] bool start()
    {
        return m_app->start({"--replica", m_folder->filePath("r.db"), "--size", "390x844"});
    }

    // Types until the moment has come, then kills.
    [[nodiscard]] std::optional<Typed> typeUntil(
        const QString &text, Clock::time_point end, replica::Random &random)
    {
        Typed typed;
        for (const QChar letter : text) {
            if (Clock::now() >= end)
                break;
            if (!m_app->type(letter))
                return std::nullopt;
            typed.at.push_back(Clock::now());
            typed.text += letter;
            QTest::qSleep(static_cast<int>(random.below(25)));
        }
        QTest::qSleep(std::max(0,
            static_cast<int>(
                std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now())
                    .count())));
        return typed;
    }

    // One life: opens the sheet, goes on with what is offered, types, dies, and looks what is left.
    void dieWriting(
        const QString &button, const QString &field, replica::Random &random, QString &written)
    {
        if (m_app->shows("draftRow"))
            QVERIFY(m_app->press("draftRow"));
        else
            QVERIFY(m_app->press(button));
        QVERIFY(m_app->press(field));
        QTRY_COMPARE(m_app->text(field), written);
        QVERIFY(m_app->key("Ctrl+End"));
        static_cast<void>(m_slowness->worst());
        const auto end = Clock::now() + std::chrono::milliseconds(random.below(1'400));
        const auto from
            = static_cast<qsizetype>(random.below(static_cast<std::uint64_t>(words.size()) / 2));
        const auto typed = typeUntil(words.mid(from), end, random);
        QVERIFY(typed.has_value());
        QCOMPARE(m_app->text(field), written + typed->text);
        const auto died = Clock::now();
        m_app->kill();
        const qsizetype safeTyped = typed->safeAt(died, m_slowness->worst());
        QVERIFY(start());
        const qsizetype safe = written.size() + safeTyped;
        QString kept;
        if (safe > 0)
            QVERIFY(m_app->showsSoon("draftRow"));
        // Where nothing had to be kept there may be no row to wait for.
        QVERIFY(m_app->showsSoon("todayList"));
        if (QTest::qWaitFor([&] { return m_app->shows("draftRow"); }, 700)) {
            QVERIFY(m_app->press("draftRow"));
            QVERIFY(m_app->showsSoon(field));
            kept = m_app->text(field);
            m_app->kill();
            QVERIFY(start());
            QVERIFY(m_app->showsSoon("draftRow"));
        }
        const QString all = written + typed->text;
        QVERIFY2(all.startsWith(kept), qPrintable("kept '" + kept + "' of '" + all + "'"));
        QVERIFY2(kept.size() >= safe,
            qPrintable(QStringLiteral("%1 of %2 letters, %3 were safe")
                           .arg(kept.size())
                           .arg(all.size())
                           .arg(safe)));
        written = kept;
    }

    // What survived is what is saved, and then nothing is offered any more.
    void save(const QString &field, const QString &button, QString &written)
    {
        QVERIFY(m_app->press("draftRow"));
        QVERIFY(m_app->showsSoon(field));
        QCOMPARE(m_app->text(field), written);
        QVERIFY(m_app->press(button));
        QVERIFY(m_app->showsSoon("snackbar"));
        QTRY_VERIFY(!m_app->shows("draftRow"));
        written.clear();
    }

private slots:

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_app = std::make_unique<AppProcess>(m_folder->path());
        m_slowness = std::make_unique<Slowness>(m_folder->path());
        QVERIFY(start());
        QVERIFY(m_app->press("addFirst"));
        QVERIFY(m_app->press("newName"));
        QVERIFY(m_app->type("Ana Ruiz"));
        QVERIFY(m_app->press("saveCustomer"));
        QVERIFY(m_app->press("backButton"));
        QVERIFY(m_app->showsSoon("todayRow0"));
    }

    void cleanup()
    {
        m_app.reset();
        m_slowness.reset();
    }

    void C3_aVisitBeingWrittenSurvives()
    {
        replica::SeededRandom random(7);
        QString written;
        for (int i = 0; i < kills && !QTest::currentTestFailed(); ++i) {
            dieWriting("logButton", "saidField", random, written);
            if (written.size() > fieldFillsAt)
                save("saidField", "saveButton", written);
        }
    }

    // Killed at once after the save: it is there, and nothing is offered to be written again.
    void P1_55_aSavedRemarkSurvivesAKillAtOnce()
    {
        for (const char *words : {"the oven smokes", "the door jams"}) {
            QVERIFY(m_app->press("remarkButton"));
            QVERIFY(m_app->press("remarkField"));
            QVERIFY(m_app->type(words));
            QVERIFY(m_app->press("saveRemark"));
            QTest::qSleep(100);
            m_app->kill();
            QVERIFY(start());
            QVERIFY(m_app->showsSoon("todayList"));
            QVERIFY(!QTest::qWaitFor([&] { return m_app->shows("draftRow"); }, 700));
        }
        m_app->kill();
        QProcess tendctl;
        // Without a keychain the app's key lies in a file of its configuration.
        const QString key = m_app->environment().value("XDG_CONFIG_HOME") + "/tend/r.key";
        tendctl.setProcessEnvironment(m_app->environment());
        tendctl.start(TENDCTL_PROGRAM,
            {"--replica", m_folder->filePath("r.db"), "--key-file", key, "get", "remark"});
        QVERIFY(tendctl.waitForFinished());
        const QByteArray remarks = tendctl.readAllStandardOutput();
        QVERIFY2(remarks.contains("the oven smokes") && remarks.contains("the door jams"),
            tendctl.readAllStandardError());
    }

    void C3_aRemarkBeingWrittenSurvives()
    {
        replica::SeededRandom random(11);
        QString written;
        for (int i = 0; i < 50 - kills && !QTest::currentTestFailed(); ++i) {
            dieWriting("remarkButton", "remarkField", random, written);
            if (written.size() > fieldFillsAt)
                save("remarkField", "saveRemark", written);
        }
    }
};

QTEST_GUILESS_MAIN(DraftTest)
#include "draft_test.moc"
