#include "app/models/settings_model.h"

#include <algorithm>
#include <cmath>

#include <QSysInfo>

namespace tend {

namespace {

constexpr double scaleMin = 0.85;
constexpr double scaleMax = 2.0;

}  // namespace

SettingsModel::SettingsModel(PageContext &context, PreferencesPort &preferences, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_preferences(preferences)
{
    tellWhetherFilesMayGo();
}

int SettingsModel::theme() const
{
    return std::clamp(m_preferences.value("theme", Auto).toInt(), int{Auto}, int{Dark});
}

void SettingsModel::setTheme(int theme)
{
    setPreference("theme", theme);
}

bool SettingsModel::isDark() const
{
    return theme() == Auto ? m_systemDark : theme() == Dark;
}

double SettingsModel::textScale() const
{
    return std::clamp(m_preferences.value("textScale", 1.0).toDouble(), scaleMin, scaleMax);
}

void SettingsModel::setTextScale(double scale)
{
    setPreference("textScale", std::clamp(scale, scaleMin, scaleMax));
}

QString SettingsModel::textScaleWords() const
{
    return tr("%1 %").arg(std::lround(textScale() * 100));
}

bool SettingsModel::reduceMotion() const
{
    return m_preferences.value("reduceMotion", false).toBool();
}

void SettingsModel::setReduceMotion(bool reduce)
{
    setPreference("reduceMotion", reduce);
}

bool SettingsModel::letterKeys() const
{
    return m_preferences.value("letterKeys", true).toBool();
}

void SettingsModel::setLetterKeys(bool on)
{
    setPreference("letterKeys", on);
}

bool SettingsModel::filesOnWifiOnly() const
{
    return m_preferences.value("filesOnWifiOnly", true).toBool();
}

void SettingsModel::setFilesOnWifiOnly(bool only)
{
    setPreference("filesOnWifiOnly", only);
    tellWhetherFilesMayGo();
}

void SettingsModel::setNetworkDear(bool dear)
{
    if (dear == m_networkIsDear)
        return;
    m_networkIsDear = dear;
    emit preferencesChanged();
    tellWhetherFilesMayGo();
}

void SettingsModel::tellWhetherFilesMayGo()
{
    const bool may = !filesOnWifiOnly() || !m_networkIsDear;
    m_context.journal.run(
        [may](Session &session) -> Status {
            session.setMayUseNetworkForFiles(may);
            return {};
        },
        this, [](const Status &) {});
}

QString SettingsModel::deviceName() const
{
    if (!m_account.device.empty())
        return QString::fromStdString(m_account.device);
    return m_preferences.value("deviceName", QSysInfo::machineHostName()).toString();
}

void SettingsModel::setDeviceName(const QString &name)
{
    m_preferences.setValue("deviceName", name);
    emit accountChanged();
}

void SettingsModel::setPreference(const char *key, const QVariant &value)
{
    m_preferences.setValue(QLatin1String(key), value);
    emit preferencesChanged();
}

void SettingsModel::refresh()
{
    m_context.journal.run([](Session &session) { return session.journal().account(); }, this,
        [this](Result<Account> account) {
            if (!account)
                return;
            m_account = std::move(*account);
            emit accountChanged();
        });
}

void SettingsModel::join()
{
    if (m_joining)
        return;
    const QString invitation = m_invitation.trimmed();
    m_joining = true;
    m_joinError.clear();
    m_joinErrorDetails.clear();
    emit joiningChanged();
    m_context.journal.run([text = invitation.toStdString(), device = deviceName().toStdString()](
                              Session &session) { return session.join(text, device); },
        this,
        [this](Status status) {
            m_joining = false;
            if (!status) {
                m_joinError = Words::error(status.error(), Words::Doing::Joining);
                m_joinErrorDetails = QString::fromStdString(status.error().message);
                emit joiningChanged();
                return;
            }
            m_invitation.clear();
            emit joiningChanged();
            emit invitationChanged();
            refresh();
            emit joined();
        });
}

}  // namespace tend
