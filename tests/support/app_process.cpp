#include "tests/support/app_process.h"

#include <csignal>

#include <QDir>
#include <QElapsedTimer>
#include <QSettings>
#include <QThread>

namespace {

constexpr int patienceMs = 30'000;

template <typename Question>
bool soon(Question isSo)
{
    QElapsedTimer timer;
    timer.start();
    while (!isSo()) {
        if (timer.elapsed() > patienceMs)
            return false;
        QThread::msleep(10);
    }
    return true;
}

}  // namespace

AppProcess::AppProcess(const QString &folder)
    : m_folder(folder)
    , m_environment(QProcessEnvironment::systemEnvironment())
{
    for (const auto &[name, place] : {std::pair("XDG_DATA_HOME", "data"),
             {"XDG_RUNTIME_DIR", "run"}, {"XDG_CONFIG_HOME", "config"}, {"XDG_STATE_HOME", "state"},
             {"XDG_CACHE_HOME", "cache"}}) {
        QDir(folder).mkdir(place);
        QFile::setPermissions(
            folder + '/' + place, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        m_environment.insert(name, folder + '/' + place);
    }
    // A sheet on its way out is in the way of what lies below it.
    QSettings(folder + "/config/tend/tend.ini", QSettings::IniFormat)
        .setValue("reduceMotion", true);
    m_environment.insert("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    m_environment.insert("QT_QPA_PLATFORM", "offscreen");
    m_environment.remove("TEND_KEY_FILE");
}

AppProcess::~AppProcess()
{
    kill();
}

bool AppProcess::start(const QStringList &arguments)
{
    auto environment = m_environment;
    environment.insert("QT_PLUGIN_PATH", TEND_HANDS_FOLDER);
    environment.insert("QT_QPA_GENERIC_PLUGINS", "tendhands:" + m_folder + "/hands");
    m_process.setProcessEnvironment(environment);
    m_process.start(TEND_PROGRAM, arguments);
    if (!m_process.waitForStarted(patienceMs))
        return false;
    return soon([this] {
        m_hands = std::make_unique<QLocalSocket>();
        m_hands->connectToServer(m_folder + "/hands");
        return m_hands->waitForConnected(100);
    }) && soon([this] { return ask("text shell").startsWith("ok"); });
}

int AppProcess::startAgain(const QStringList &arguments)
{
    QProcess again;
    again.setProcessEnvironment(m_environment);
    again.start(TEND_PROGRAM, arguments);
    return again.waitForFinished(patienceMs) ? again.exitCode() : -1;
}

void AppProcess::freeze()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
}

void AppProcess::kill()
{
    m_hands.reset();
    m_process.kill();
    m_process.waitForFinished(patienceMs);
}

void AppProcess::stop()
{
    m_hands.reset();
    m_process.terminate();
    m_process.waitForFinished(patienceMs);
}

bool AppProcess::press(const QString &name)
{
    return soon([&] { return ask("press " + name) == "ok"; });
}

bool AppProcess::type(const QString &letters)
{
    return ask("type " + letters) == "ok";
}

bool AppProcess::key(const QString &sequence)
{
    return ask("key " + sequence) == "ok";
}

bool AppProcess::minimise()
{
    return ask("minimise") == "ok";
}

bool AppProcess::isMinimised()
{
    return ask("minimised") == "yes";
}

bool AppProcess::shows(const QString &name)
{
    return ask("text " + name).startsWith("ok");
}

bool AppProcess::showsSoon(const QString &name)
{
    return soon([&] { return shows(name); });
}

QString AppProcess::text(const QString &name)
{
    const QString answer = ask("text " + name);
    return answer.startsWith("ok ") ? answer.mid(3) : QString();
}

QString AppProcess::ask(const QString &line)
{
    if (!m_hands)
        return {};
    m_hands->write(line.toUtf8() + '\n');
    while (!m_hands->canReadLine()) {
        if (!m_hands->waitForReadyRead(patienceMs))
            return {};
    }
    return QString::fromUtf8(m_hands->readLine()).chopped(1);
}
