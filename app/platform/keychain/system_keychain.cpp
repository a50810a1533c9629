#include "app/platform/keychain/system_keychain.h"

#include <memory>

#include <QCoreApplication>
#include <QEventLoop>
#ifdef Q_OS_LINUX
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#endif
#include <qt6keychain/keychain.h>

namespace tend {

namespace {

using replica::ErrorCode;

constexpr const char *service = "tend";

// QtKeychain answers through an event loop, which needs an application object.
class Application final {
public:
    Application()
    {
        if (!QCoreApplication::instance())
            m_made = std::make_unique<QCoreApplication>(m_count, m_arguments);
    }

private:
    char m_name[5] = "tend";
    char *m_arguments[2] = {m_name, nullptr};
    int m_count = 1;
    std::unique_ptr<QCoreApplication> m_made;
};

replica::Status outcome(const QKeychain::Job &job)
{
    const std::string words = job.errorString().toStdString();
    switch (job.error()) {
    case QKeychain::NoError:
        return {};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return replica::fail(ErrorCode::Offline, "no keychain answers here");
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return replica::fail(ErrorCode::Unauthorized, "the keychain was not unlocked");
    case QKeychain::EntryNotFound:
        return replica::fail(ErrorCode::NotFound, "the keychain holds no such entry");
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    return replica::fail(ErrorCode::Io, "the keychain failed: " + words);
}

#ifdef Q_OS_LINUX
// libsecret tells a missing bus or service in words only, and in the user's language, so it is
// looked for beforehand.
bool isThere()
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return false;
    const QStringList running = bus.interface()->registeredServiceNames();
    const QStringList startable = bus.interface()->activatableServiceNames();
    for (const char *name : {"org.freedesktop.secrets", "org.kde.kwalletd5", "org.kde.kwalletd6"}) {
        if (running.contains(QLatin1String(name)) || startable.contains(QLatin1String(name)))
            return true;
    }
    return false;
}
#else
bool isThere()
{
    return true;
}
#endif

replica::Status finish(QKeychain::Job &job, const std::string &name)
{
    if (!isThere())
        return replica::fail(ErrorCode::Offline, "no keychain answers here");
    job.setAutoDelete(false);
    job.setInsecureFallback(false);
    job.setKey(QString::fromStdString(name));
    QEventLoop loop;
    QObject::connect(&job, &QKeychain::Job::finished, &loop, &QEventLoop::quit);
    job.start();
    loop.exec();
    return outcome(job);
}

}  // namespace

replica::Result<std::optional<std::string>> readFromKeychain(const std::string &name)
{
    const Application application;
    QKeychain::ReadPasswordJob job(QString::fromLatin1(service));
    const replica::Status done = finish(job, name);
    if (!done && done.error().code == ErrorCode::NotFound)
        return std::optional<std::string>();
    TRY_STATUS(done);
    return std::optional(job.textData().toStdString());
}

replica::Status writeToKeychain(const std::string &name, const std::string &secret)
{
    const Application application;
    QKeychain::WritePasswordJob job(QString::fromLatin1(service));
    job.setTextData(QString::fromStdString(secret));
    return finish(job, name);
}

}  // namespace tend
