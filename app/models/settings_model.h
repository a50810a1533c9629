#pragma once

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include "app/models/page_context.h"
#include "app/models/preferences_port.h"

namespace tend {

// What this person chose for this device, the account it belongs to, and joining a server by a
// pasted invitation.
class SettingsModel final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(int theme READ theme WRITE setTheme NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(bool dark READ isDark NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(bool systemDark MEMBER m_systemDark NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(double textScale READ textScale WRITE setTextScale NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(QString textScaleWords READ textScaleWords NOTIFY preferencesChanged FINAL)
    // One line each, because clazy does not see a property of two.
    // clang-format off
    Q_PROPERTY(bool reduceMotion READ reduceMotion WRITE setReduceMotion NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(bool letterKeys READ letterKeys WRITE setLetterKeys NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(bool filesOnWifiOnly READ filesOnWifiOnly WRITE setFilesOnWifiOnly NOTIFY preferencesChanged FINAL)
    Q_PROPERTY(bool networkIsDear READ isNetworkDear WRITE setNetworkDear NOTIFY preferencesChanged FINAL)
    // clang-format on
    Q_PROPERTY(QString server READ server NOTIFY accountChanged FINAL)
    Q_PROPERTY(QString workspace READ workspace NOTIFY accountChanged FINAL)
    Q_PROPERTY(QString person READ person NOTIFY accountChanged FINAL)
    Q_PROPERTY(QString personInitials READ personInitials NOTIFY accountChanged FINAL)
    Q_PROPERTY(QString deviceName READ deviceName WRITE setDeviceName NOTIFY accountChanged FINAL)
    Q_PROPERTY(QString invitation MEMBER m_invitation NOTIFY invitationChanged FINAL)
    Q_PROPERTY(bool joining READ isJoining NOTIFY joiningChanged FINAL)
    Q_PROPERTY(QString joinError READ joinError NOTIFY joiningChanged FINAL)
    Q_PROPERTY(QString joinErrorDetails READ joinErrorDetails NOTIFY joiningChanged FINAL)
public:
    enum Theme { Auto, Light, Dark };
    Q_ENUM(Theme)

    SettingsModel(PageContext &context, PreferencesPort &preferences, QObject *parent);

    [[nodiscard]] int theme() const;
    void setTheme(int theme);
    [[nodiscard]] bool isDark() const;
    [[nodiscard]] double textScale() const;  // 0.85 to 2.0
    void setTextScale(double scale);
    [[nodiscard]] QString textScaleWords() const;
    [[nodiscard]] bool reduceMotion() const;
    void setReduceMotion(bool reduce);
    [[nodiscard]] bool letterKeys() const;
    void setLetterKeys(bool on);

    // Files wait while the network counts what it carries. Words never do.
    [[nodiscard]] bool filesOnWifiOnly() const;
    void setFilesOnWifiOnly(bool only);

    [[nodiscard]] bool isNetworkDear() const { return m_networkIsDear; }

    void setNetworkDear(bool dear);

    [[nodiscard]] QString server() const { return QString::fromStdString(m_account.server); }

    [[nodiscard]] QString workspace() const { return QString::fromStdString(m_account.workspace); }

    [[nodiscard]] QString person() const { return QString::fromStdString(m_account.person); }

    [[nodiscard]] QString personInitials() const { return Words::initials(person()); }

    [[nodiscard]] QString deviceName() const;
    void setDeviceName(const QString &name);

    [[nodiscard]] bool isJoining() const { return m_joining; }

    [[nodiscard]] QString joinError() const { return m_joinError; }

    [[nodiscard]] QString joinErrorDetails() const { return m_joinErrorDetails; }

    void refresh();
    // Enrols this device with the server the pasted invitation names.
    Q_INVOKABLE void join();

signals:
    void preferencesChanged();
    void accountChanged();
    void invitationChanged();
    void joiningChanged();
    void joined();

private:
    void setPreference(const char *key, const QVariant &value);
    void tellWhetherFilesMayGo();

    PageContext &m_context;
    PreferencesPort &m_preferences;
    Account m_account;
    bool m_systemDark = false;
    bool m_networkIsDear = false;
    bool m_joining = false;
    QString m_invitation;
    QString m_joinError;
    QString m_joinErrorDetails;
};

}  // namespace tend
