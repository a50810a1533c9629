#pragma once

#include <QSettings>
#include <QString>
#include <QVariant>

namespace tend {

// This person's choices for this device, in the place the system keeps such things
// ($XDG_CONFIG_HOME/tend/tend.ini on Linux). Used from one thread.
class SettingsFile final {
public:
    SettingsFile()
        : m_file(QSettings::IniFormat, QSettings::UserScope, "tend", "tend")
    {
    }

    [[nodiscard]] QVariant value(const QString &key, const QVariant &otherwise) const
    {
        return m_file.value(key, otherwise);
    }

    void setValue(const QString &key, const QVariant &value) { m_file.setValue(key, value); }

private:
    QSettings m_file;
};

}  // namespace tend
