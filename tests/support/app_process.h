#pragma once

#include <memory>

#include <QLocalSocket>
#include <QProcess>

// The real `tend` in a process of its own, offscreen, with hands to press and type. Every place it
// writes to lies in one folder. One thread.
class AppProcess final {
    Q_DISABLE_COPY_MOVE(AppProcess)
public:
    // `folder` exists and is short: a socket's path is made of it.
    explicit AppProcess(const QString &folder);
    ~AppProcess();

    // Starts it with these arguments and waits until its window shows.
    [[nodiscard]] bool start(const QStringList &arguments);
    // Starts it beside a running one, waits for its end, and answers its exit code; -1 for none.
    [[nodiscard]] int startAgain(const QStringList &arguments);
    // Holds its breath: it is there and answers nobody.
    void freeze();
    // SIGKILL, and its end.
    void kill();
    // SIGTERM, and its end.
    void stop();

    // Each is done when it answers. `name` is an objectName; false when no such thing shows, also
    // after some seconds of waiting for it.
    [[nodiscard]] bool press(const QString &name);
    [[nodiscard]] bool type(const QString &letters);
    [[nodiscard]] bool key(const QString &sequence);
    [[nodiscard]] bool minimise();
    [[nodiscard]] bool isMinimised();
    // Whether it shows now, and its text.
    [[nodiscard]] bool shows(const QString &name);
    [[nodiscard]] bool showsSoon(const QString &name);
    [[nodiscard]] QString text(const QString &name);

    [[nodiscard]] QString errors() { return QString::fromUtf8(m_process.readAllStandardError()); }

    [[nodiscard]] QProcessEnvironment environment() const { return m_environment; }

private:
    [[nodiscard]] QString ask(const QString &line);

    QString m_folder;
    QProcessEnvironment m_environment;
    QProcess m_process;
    std::unique_ptr<QLocalSocket> m_hands;
};
