#pragma once

#include <QString>
#include <QVariant>

namespace tend {

// Where this person's choices for this device are kept. They never leave the device.
class PreferencesPort {
public:
    virtual ~PreferencesPort() = default;
    [[nodiscard]] virtual QVariant value(const QString &key, const QVariant &otherwise) const = 0;
    virtual void setValue(const QString &key, const QVariant &value) = 0;
};

}  // namespace tend
