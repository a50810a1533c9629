#pragma once

#include <filesystem>

#include <QLocalServer>
#include <QObject>

namespace tend {

// One program per replica. The first start holds a lock that the system lets go of with the
// process, however it ends, and listens beside it; a later start hands over what it was started
// with. Lock and socket lie in the user's runtime directory. Used from one thread, with an event
// loop.
class SingleInstance final : public QObject {
    Q_OBJECT
public:
    enum class Standing {
        First,  // nobody else has this replica open; asked() tells of later starts
        HandedOver,  // another one has it, and answered
        Silent,  // another one has it and did not answer within 5 s
    };

    explicit SingleInstance(const std::filesystem::path &replica, QObject *parent = nullptr);
    ~SingleInstance() override;

    // Takes the place, or gives `argument` to who has it. Waits at most 5 s. Where no lock can be
    // made, it answers First: an app that cannot open helps nobody.
    [[nodiscard]] Standing take(const QString &argument);

signals:
    // A later start came by with this argument; empty when it had none.
    void asked(const QString &argument);

private:
    [[nodiscard]] bool lock();
    void listen();
    void answer();
    [[nodiscard]] bool handOver(const QString &argument) const;

    QString m_lockPath;
    QString m_socketPath;
    int m_lock = -1;
    QLocalServer m_server;
};

}  // namespace tend
