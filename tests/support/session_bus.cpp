#include "tests/support/session_bus.h"

#include <QDir>
#include <QElapsedTimer>
#include <QThread>

namespace {

constexpr int patienceMs = 20'000;

void stop(QProcess &process)
{
    process.terminate();
    if (!process.waitForFinished(patienceMs))
        process.kill();
    process.waitForFinished(patienceMs);
}

}  // namespace

SessionBus::SessionBus(const QString &folder)
    : m_folder(folder)
    , m_environment(QProcessEnvironment::systemEnvironment())
{
    for (const char *place : {"data", "run", "config", "state", "services"}) {
        QDir(folder).mkdir(place);
        QFile::setPermissions(
            folder + '/' + place, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    m_environment.insert("XDG_DATA_HOME", folder + "/data");
    m_environment.insert("XDG_RUNTIME_DIR", folder + "/run");
    m_environment.insert("XDG_CONFIG_HOME", folder + "/config");
    m_environment.insert("XDG_STATE_HOME", folder + "/state");
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "TEND_KEY_FILE"})
        m_environment.remove(name);
    // A configuration of its own: the system's would start the installed keyring when one asks.
    QFile configuration(folder + "/bus.conf");
    if (!configuration.open(QIODevice::WriteOnly))
        return;
    configuration.write(("<busconfig><type>session</type><listen>unix:path=" + folder
        + "/run/bus</listen><policy context=\"default\"><allow send_destination=\"*\" "
          "eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>")
                            .toUtf8());
    configuration.close();
    m_bus.setProcessEnvironment(m_environment);
    m_bus.start(
        "dbus-daemon", {"--nofork", "--print-address", "--config-file=" + folder + "/bus.conf"});
    if (!m_bus.waitForReadyRead(patienceMs)) {
        m_problem = "dbus-daemon does not start; Debian has it as dbus-daemon";
        return;
    }
    m_environment.insert("DBUS_SESSION_BUS_ADDRESS", QString::fromUtf8(m_bus.readLine()).trimmed());
}

SessionBus::~SessionBus()
{
    static_cast<void>(set(Keyring::None));
    stop(m_bus);
}

bool SessionBus::set(Keyring keyring)
{
    if (!m_problem.isEmpty())
        return false;
    if (m_keyring)
        stop(*m_keyring);
    m_keyring.reset();
    if (keyring == Keyring::None)
        return true;
    m_keyring = std::make_unique<QProcess>();
    m_keyring->setProcessEnvironment(m_environment);
    QStringList arguments{"--foreground", "--components=secrets"};
    if (keyring == Keyring::Unlocked)
        arguments.append("--unlock");
    m_keyring->start("gnome-keyring-daemon", arguments);
    m_keyring->write("open sesame");
    m_keyring->closeWriteChannel();
    // There is no event loop to send it; it waits for the end of the password.
    m_keyring->waitForBytesWritten(patienceMs);
    QElapsedTimer timer;
    timer.start();
    while (!offersSecrets()) {
        if (timer.elapsed() > patienceMs || m_keyring->state() == QProcess::NotRunning) {
            m_problem = "gnome-keyring-daemon does not start; Debian has it as gnome-keyring";
            return false;
        }
        QThread::msleep(20);
    }
    return true;
}

bool SessionBus::offersSecrets()
{
    QProcess ask;
    ask.setProcessEnvironment(m_environment);
    ask.start("dbus-send",
        {"--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
            "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"});
    return ask.waitForFinished(patienceMs) && ask.readAllStandardOutput().contains("true");
}
