#include "app/platform/single_instance.h"

#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QLocalSocket>
#include <QStandardPaths>
#include <QThread>

namespace tend {

namespace {

constexpr std::chrono::seconds patience{5};
constexpr qint64 lineBytesMax = 64 * 1024;
constexpr const char *thanks = "taken\n";

int remainingMs(const QDeadlineTimer &deadline)
{
    return static_cast<int>(deadline.remainingTime());
}

}  // namespace

SingleInstance::SingleInstance(const std::filesystem::path &replica, QObject *parent)
    : QObject(parent)
{
    std::error_code ignored;
    const auto whole
        = std::filesystem::weakly_canonical(std::filesystem::absolute(replica, ignored), ignored);
    const QByteArray name = QCryptographicHash::hash(
        QByteArray::fromStdString(whole.empty() ? replica.string() : whole.string()),
        QCryptographicHash::Sha256);
    // A socket's whole path has room for 107 octets, so the name is cut to what still tells apart.
    const QString folder
        = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + "/tend";
    QDir().mkpath(folder);
    const QString stem = folder + '/' + QString::fromLatin1(name.toHex().left(32));
    m_lockPath = stem + ".lock";
    m_socketPath = stem + ".socket";
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::answer);
}

SingleInstance::~SingleInstance()
{
    m_server.close();
    if (m_lock >= 0)
        ::close(m_lock);
}

SingleInstance::Standing SingleInstance::take(const QString &argument)
{
    const QDeadlineTimer deadline(patience);
    // The other one may be about to listen, or about to end: both are asked until time is up.
    do {
        if (lock()) {
            listen();
            return Standing::First;
        }
        if (handOver(argument))
            return Standing::HandedOver;
        QThread::msleep(20);
    } while (!deadline.hasExpired());
    return Standing::Silent;
}

bool SingleInstance::lock()
{
    if (m_lock < 0)
        m_lock = ::open(QFile::encodeName(m_lockPath), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0) {
        qWarning("no lock can be made at %s", qPrintable(m_lockPath));
        return true;
    }
    // A lock file with a process id in it would outlive a killed process; this lock does not.
    return ::flock(m_lock, LOCK_EX | LOCK_NB) == 0;
}

void SingleInstance::listen()
{
    // What a killed process left behind; the lock says that nobody listens there.
    QLocalServer::removeServer(m_socketPath);
    if (!m_server.listen(m_socketPath))
        qWarning("later starts cannot reach this one: %s", qPrintable(m_server.errorString()));
}

void SingleInstance::answer()
{
    while (QLocalSocket *caller = m_server.nextPendingConnection()) {
        connect(caller, &QLocalSocket::disconnected, caller, &QObject::deleteLater);
        const auto read = [this, caller] {
            if (!caller->canReadLine()) {
                if (caller->bytesAvailable() > lineBytesMax)
                    caller->abort();
                return;
            }
            const QByteArray line = caller->readLine(lineBytesMax).trimmed();
            caller->write(thanks);
            caller->flush();
            emit asked(QString::fromUtf8(QByteArray::fromPercentEncoding(line)));
        };
        connect(caller, &QLocalSocket::readyRead, this, read);
        read();
    }
}

bool SingleInstance::handOver(const QString &argument) const
{
    const QDeadlineTimer deadline(patience);
    QLocalSocket other;
    other.connectToServer(m_socketPath);
    if (!other.waitForConnected(remainingMs(deadline)))
        return false;
    other.write(argument.toUtf8().toPercentEncoding() + '\n');
    while (!other.canReadLine()) {
        if (!other.waitForReadyRead(std::max(1, remainingMs(deadline))))
            return false;
    }
    return other.readLine() == thanks;
}

}  // namespace tend
