#pragma once

#include <memory>

#include <QProcess>
#include <QTemporaryDir>

// A D-Bus session of its own with a real Secret Service, gone with this object. One thread.
class SessionBus final {
    Q_DISABLE_COPY_MOVE(SessionBus)
public:
    enum class Keyring { None, Locked, Unlocked };

    explicit SessionBus(const QString &folder);
    ~SessionBus();

    // Starts the keyring of `folder`, or stops it. False when it does not come up; see problem().
    [[nodiscard]] bool set(Keyring keyring);

    [[nodiscard]] QString problem() const { return m_problem; }

    // What a program needs to find this bus and nothing of the user's own.
    [[nodiscard]] QProcessEnvironment environment() const { return m_environment; }

private:
    [[nodiscard]] bool offersSecrets();

    QString m_folder;
    QString m_problem;
    QProcessEnvironment m_environment;
    QProcess m_bus;
    std::unique_ptr<QProcess> m_keyring;
};
