#include "app/shell/demo.h"

#include <cstdio>
#include <functional>
#include <memory>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QProcess>
#include <QTemporaryDir>

#include "app/shell/stage.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace tend {

namespace {

constexpr QSize phoneSize{390, 844};
constexpr QSize laptopSize{1280, 800};
constexpr int patienceMs = 20'000;

// A program that lies beside this one.
QString beside(const QString &name)
{
    return QDir(QCoreApplication::applicationDirPath()).filePath(name);
}

// One half of the story: a window over a real replica, with a hand that presses and types.
class Actor {
public:
    Actor(QString file, QSize size)
        : m_file(std::move(file))
        , m_size(size)
    {
        wakeUp();
    }

    void wakeUp()
    {
        m_stage = std::make_unique<Stage>(openReplica(m_file.toStdString()), m_size, false, 1.0,
            replica::SystemClock().wallNow());
    }

    void sleep() { m_stage.reset(); }

    [[nodiscard]] bool isAwake() const { return m_stage != nullptr; }

    [[nodiscard]] Stage &stage() { return *m_stage; }

    [[nodiscard]] AppState &app() { return m_stage->app(); }

    [[nodiscard]] const QString &file() const { return m_file; }

    [[nodiscard]] bool press(const QString &name)
    {
        // What shows next may still be on its way from the worker.
        QQuickItem *item = m_stage->findShown(name);
        for (int tries = 0; !item && tries < 20; ++tries) {
            m_stage->settle();
            item = m_stage->findShown(name);
        }
        if (!item) {
            std::fprintf(stderr, "tend: there is no %s to press\n", qPrintable(name));
            return false;
        }
        const QPointF at = item->mapToScene(QPointF(item->width() / 2, item->height() / 2));
        for (const auto type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
            const bool isDown = type == QEvent::MouseButtonPress;
            QMouseEvent event(type, at, m_stage->window().mapToGlobal(at), Qt::LeftButton,
                isDown ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&m_stage->window(), &event);
        }
        m_stage->settle();
        return true;
    }

    void type(const QString &text)
    {
        for (const QChar letter : text) {
            for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
                QKeyEvent event(type, 0, Qt::NoModifier, QString(letter));
                QCoreApplication::sendEvent(&m_stage->window(), &event);
            }
        }
        m_stage->settle();
    }

    [[nodiscard]] bool fill(const QString &field, const QString &text)
    {
        if (!press(field))
            return false;
        type(text);
        return true;
    }

private:
    QString m_file;
    QSize m_size;
    std::unique_ptr<Stage> m_stage;
};

class Story {
public:
    explicit Story(const QString &directory)
        : m_directory(directory)
    {
    }

    [[nodiscard]] int play();

private:
    using Step = bool (Story::*)();

    [[nodiscard]] bool writeKey();
    [[nodiscard]] bool firstVisitWithNoServer();
    [[nodiscard]] bool bothJoin();
    [[nodiscard]] bool theOtherSeesIt();
    [[nodiscard]] bool peopleDisagree();
    [[nodiscard]] bool offlineAndBack();

    [[nodiscard]] bool startServer(const QString &listen);
    void stopServer();
    [[nodiscard]] QString invite(const QString &person, const QString &role);
    [[nodiscard]] bool join(Actor &actor, const QString &person, const QString &role);
    [[nodiscard]] bool change(const Actor &actor, const QString &json);
    [[nodiscard]] bool until(const std::function<bool()> &isSo);
    [[nodiscard]] bool show(Actor &actor, const QString &name);
    [[nodiscard]] static bool run(const QString &program, const QStringList &arguments,
        const QByteArray &input, QByteArray *output);

    QString m_directory;
    QTemporaryDir m_folder;
    QProcess m_server;
    QString m_address;
    std::unique_ptr<Actor> m_phone;
    std::unique_ptr<Actor> m_laptop;
    QString m_customer;
    int m_pictures = 0;
};

bool Story::run(const QString &program, const QStringList &arguments, const QByteArray &input,
    QByteArray *output)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(beside(program), arguments);
    process.write(input);
    process.closeWriteChannel();
    const bool isDone = process.waitForFinished(patienceMs) && process.exitCode() == 0;
    if (output)
        *output = process.readAllStandardOutput();
    return isDone;
}

bool Story::until(const std::function<bool()> &isSo)
{
    QElapsedTimer timer;
    timer.start();
    while (!isSo()) {
        if (timer.elapsed() > patienceMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    for (Actor *actor : {m_phone.get(), m_laptop.get()}) {
        if (actor && actor->isAwake())
            actor->stage().settle();
    }
    return true;
}

bool Story::show(Actor &actor, const QString &name)
{
    actor.stage().settle();
    const QString file = QStringLiteral("%1/%2-%3.png")
                             .arg(m_directory)
                             .arg(++m_pictures, 2, 10, QChar('0'))
                             .arg(name);
    std::fprintf(stderr, "%s\n", qPrintable(file));
    return actor.stage().picture().save(file);
}

bool Story::writeKey()
{
    replica::SystemRandom random;
    QFile file(m_folder.filePath("key"));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write((replica::toHex(random.bytes(32)) + "\n").c_str());
    qputenv("TEND_KEY_FILE", file.fileName().toUtf8());
    // The marks of these replicas go with them.
    qputenv("XDG_STATE_HOME", m_folder.path().toUtf8());
    return true;
}

bool Story::startServer(const QString &listen)
{
    m_server.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_server.start(beside("tend-server"),
        {"serve", "--data", m_folder.filePath("server"), "--listen", listen});
    if (!m_server.waitForReadyRead(patienceMs))
        return false;
    const QString line = QString::fromUtf8(m_server.readLine()).trimmed();
    m_address = line.section("https://", 1);
    return !m_address.isEmpty();
}

void Story::stopServer()
{
    m_server.terminate();
    static_cast<void>(m_server.waitForFinished(patienceMs));
}

QString Story::invite(const QString &person, const QString &role)
{
    QByteArray output;
    if (!run("tend-server",
            {"invite", "--data", m_folder.filePath("server"), "--name", person, "--role", role,
                "--address", m_address, "--json"},
            {}, &output))
        return {};
    return QJsonDocument::fromJson(output).object().value("invitation").toString();
}

bool Story::join(Actor &actor, const QString &person, const QString &role)
{
    const QString invitation = invite(person, role);
    actor.app().go(AppState::Settings);
    actor.stage().settle();
    SettingsModel *settings = actor.app().settings();
    if (invitation.isEmpty() || !settings->setProperty("invitation", invitation))
        return false;
    settings->join();
    return until([&] { return !settings->property("workspace").toString().isEmpty(); });
}

// What a person does on the device itself, while its window is closed.
bool Story::change(const Actor &actor, const QString &json)
{
    return run("tendctl", {"--replica", actor.file(), "put", "customer"}, json.toUtf8(), nullptr);
}

bool Story::firstVisitWithNoServer()
{
    m_phone = std::make_unique<Actor>(m_folder.filePath("phone.db"), phoneSize);
    Actor &phone = *m_phone;
    if (!show(phone, "first-start") || !phone.press("addFirst")
        || !phone.fill("newName", "Ana Ruiz") || !phone.fill("newPlace", "Bakery, Mill Lane")
        || !phone.fill("newPhone", "06 1234 5678") || !phone.press("saveCustomer")
        || !phone.press("logThis") || !phone.press("feeling2")
        || !phone.fill("saidField", "The van came at seven again. We open at six."))
        return false;
    if (!show(phone, "log-a-visit") || !phone.press("saveButton"))
        return false;
    bool isAnswered = false;
    QObject receiver;
    phone.stage().journal().run([](Session &session) { return session.journal().customers(""); },
        &receiver,
        [&](const Result<std::vector<CustomerRow>> &rows) {
            if (rows && !rows->empty())
                m_customer = QString::fromStdString(rows->front().id);
            isAnswered = true;
        });
    if (!until([&] { return isAnswered; }) || m_customer.isEmpty())
        return false;
    phone.app().openCustomer(m_customer);
    return show(phone, "saved-with-no-server");
}

bool Story::bothJoin()
{
    if (!run("tend-server",
            {"init", "--data", m_folder.filePath("server"), "--workspace", "Mill Lane Foods",
                "--json"},
            {}, nullptr)
        || !startServer("127.0.0.1:0"))
        return false;
    if (!join(*m_phone, "Bo Lind", "rep"))
        return false;
    m_laptop = std::make_unique<Actor>(m_folder.filePath("laptop.db"), laptopSize);
    return join(*m_laptop, "Kim Osei", "office") && show(*m_phone, "joined");
}

bool Story::theOtherSeesIt()
{
    const auto hasCustomer = [&] {
        m_laptop->app().openCustomer(m_customer);
        m_laptop->stage().settle();
        return m_laptop->app().customer()->property("name").toString() == "Ana Ruiz";
    };
    return until(hasCustomer) && show(*m_laptop, "seen-on-the-laptop");
}

bool Story::peopleDisagree()
{
    m_phone->sleep();
    m_laptop->sleep();
    const QString line = R"({"id": "%1", "phone": "%2"})";
    if (!change(*m_phone, line.arg(m_customer, "06 1234 9999"))
        || !change(*m_laptop, line.arg(m_customer, "06 8765 4321")))
        return false;
    m_laptop->wakeUp();
    const auto isSent = [](Actor &actor) {
        actor.stage().settle();
        return actor.app().sync()->waiting()->rowCount() == 0;
    };
    m_laptop->app().go(AppState::Sync);
    if (!until([&] { return isSent(*m_laptop); }))
        return false;
    m_phone->wakeUp();
    m_phone->app().go(AppState::Sync);
    const auto asks = [&] {
        m_phone->stage().settle();
        return m_phone->app().sync()->conflicts()->rowCount() > 0;
    };
    if (!until(asks) || !show(*m_phone, "needs-a-person") || !m_phone->press("takeMine"))
        return false;
    if (!until([&] { return !asks() && isSent(*m_phone); }))
        return false;
    m_laptop->app().syncNow();
    const auto isSettled = [&] {
        m_laptop->stage().settle();
        return m_laptop->app().sync()->conflicts()->rowCount() == 0;
    };
    return until(isSettled) && show(*m_laptop, "settled-on-both");
}

bool Story::offlineAndBack()
{
    const QString address = m_address;
    stopServer();
    Actor &phone = *m_phone;
    phone.app().go(AppState::Today);
    phone.stage().settle();
    if (!phone.press("logButton") || !phone.press("feeling4")
        || !phone.fill("saidField", "Six on the dot. Thank you for asking.")
        || !phone.press("saveButton"))
        return false;
    const auto isOffline = [&] {
        return !phone.app().property("offlineLine").toString().isEmpty();
    };
    if (!until(isOffline) || !show(phone, "offline-and-saved") || !startServer(address))
        return false;
    phone.app().go(AppState::Sync);
    phone.app().syncNow();
    const auto isBack = [&] {
        phone.stage().settle();
        return !isOffline() && phone.app().sync()->waiting()->rowCount() == 0;
    };
    if (!until(isBack) || !show(phone, "back-and-sent"))
        return false;
    m_laptop->app().syncNow();
    m_laptop->app().openCustomer(m_customer);
    const auto hasBoth = [&] {
        m_laptop->stage().settle();
        return m_laptop->app().customer()->story()->rowCount() >= 2;
    };
    return until(hasBoth) && show(*m_laptop, "the-whole-story");
}

int Story::play()
{
    struct Named {
        const char *name;
        Step step;
    };

    const Named steps[] = {
        {"making a key", &Story::writeKey},
        {"logging a first visit with no server", &Story::firstVisitWithNoServer},
        {"joining a server with both devices", &Story::bothJoin},
        {"seeing the visit on the other device", &Story::theOtherSeesIt},
        {"settling what two people disagreed about", &Story::peopleDisagree},
        {"going offline and coming back", &Story::offlineAndBack},
    };
    int result = 0;
    for (const Named &named : steps) {
        if ((this->*named.step)())
            continue;
        std::fprintf(stderr, "tend: the story stopped at: %s\n", named.name);
        for (Actor *actor : {m_phone.get(), m_laptop.get()}) {
            if (actor && actor->isAwake())
                static_cast<void>(show(*actor, "stopped-here"));
        }
        result = 1;
        break;
    }
    m_phone.reset();
    m_laptop.reset();
    stopServer();
    return result;
}

}  // namespace

int playDemo(const QString &directory)
{
    QDir().mkpath(directory);
    return Story(directory).play();
}

}  // namespace tend
