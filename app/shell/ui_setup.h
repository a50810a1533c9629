#pragma once

#include <QQmlEngine>
#include <QVariant>

#include "app/models/preferences_port.h"
#include "sync/base/clock.h"

namespace tend {

// Fonts, names and import paths that every engine showing the pages needs. After the
// QGuiApplication was made, before the first page is loaded.
void setUpInterface(QQmlEngine &engine);

// Preferences that are forgotten when the program ends: for pictures and tests.
class PassingPreferences final : public PreferencesPort {
public:
    [[nodiscard]] QVariant value(const QString &key, const QVariant &otherwise) const override
    {
        return m_values.value(key, otherwise);
    }

    void setValue(const QString &key, const QVariant &value) override
    {
        m_values.insert(key, value);
    }

private:
    QVariantMap m_values;
};

// A clock that stands until it is moved. One thread moves it.
class StandingClock final : public replica::Clock {
public:
    explicit StandingClock(replica::WallTime now)
        : m_now(now)
    {
    }

    [[nodiscard]] replica::WallTime wallNow() override { return m_now; }

    [[nodiscard]] replica::MonotonicTime monotonicNow() override
    {
        return replica::MonotonicTime{replica::inMs(m_now)};
    }

private:
    replica::WallTime m_now;
};

}  // namespace tend
