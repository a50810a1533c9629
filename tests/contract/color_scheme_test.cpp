#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QGuiApplication>
#include <QPalette>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/platform/color_scheme.h"
#include "tests/support/session_bus.h"

using tend::ColorScheme;

namespace {

constexpr const char *portalName = "org.freedesktop.portal.Desktop";
constexpr const char *portalPath = "/org/freedesktop/portal/desktop";
constexpr const char *settings = "org.freedesktop.portal.Settings";
constexpr uint none = 0;
constexpr uint dark = 1;
constexpr uint light = 2;

QPalette paletteOf(const QColor &window)
{
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    return palette;
}

}  // namespace

// A desktop's settings portal as far as anybody asks it here.
class FakePortal : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    explicit FakePortal(uint scheme, QObject *parent = nullptr)
        : QObject(parent)
        , m_scheme(scheme)
    {
    }

    int asked = 0;

protected:
    // The number, or the error that a portal gives for what it does not have.
    QDBusVariant answer(const QString &group, const QString &key)
    {
        ++asked;
        if (group == "org.freedesktop.appearance" && key == "color-scheme")
            return QDBusVariant(m_scheme);
        sendErrorReply("org.freedesktop.portal.Error.NotFound", "Requested setting not found");
        return {};
    }

private:
    uint m_scheme;
};

class NewPortal final : public FakePortal {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    using FakePortal::FakePortal;

public slots:

    // NOLINTNEXTLINE(readability-identifier-naming): D-Bus knows it by this name.
    QDBusVariant ReadOne(const QString &group, const QString &key) { return answer(group, key); }
};

// Version 1 of the interface has no ReadOne, and its Read packs the value twice.
class OldPortal final : public FakePortal {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    using FakePortal::FakePortal;

public slots:

    // NOLINTNEXTLINE(readability-identifier-naming): D-Bus knows it by this name.
    QDBusVariant Read(const QString &group, const QString &key)
    {
        return QDBusVariant(QVariant::fromValue(answer(group, key)));
    }
};

class ColorSchemeTest final : public QObject {
    Q_OBJECT

private slots:

    void initTestCase()
    {
        QVERIFY2(m_bus.problem().isEmpty(), qPrintable(m_bus.problem()));
        const QString address = m_bus.environment().value("DBUS_SESSION_BUS_ADDRESS");
        qputenv("DBUS_SESSION_BUS_ADDRESS", address.toUtf8());
        QVERIFY(QDBusConnection::sessionBus().isConnected());
        QVERIFY(QDBusConnection::connectToBus(address, "desktop").isConnected());
    }

    void init() { QGuiApplication::setPalette(paletteOf(Qt::white)); }

    void cleanup()
    {
        desktop().unregisterObject(portalPath);
        desktop().unregisterService(portalName);
    }

    void followsThePaletteWhereThereIsNoPortal()
    {
        ColorScheme scheme;
        QSignalSpy changed(&scheme, &ColorScheme::changed);
        QVERIFY(!scheme.isDark());
        QGuiApplication::setPalette(paletteOf(Qt::black));
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(scheme.isDark());
    }

    void believesThePortalMoreThanThePalette()
    {
        NewPortal portal(dark);
        offer(portal);
        ColorScheme scheme;
        QTRY_VERIFY(scheme.isDark());
        QCOMPARE(portal.asked, 1);
    }

    void asksAnOlderPortalInItsOwnWay()
    {
        OldPortal portal(dark);
        offer(portal);
        ColorScheme scheme;
        QTRY_VERIFY(scheme.isDark());
        QCOMPARE(portal.asked, 1);
    }

    void aPortalWithoutAPreferenceLeavesItToThePalette()
    {
        QGuiApplication::setPalette(paletteOf(Qt::black));
        NewPortal portal(none);
        offer(portal);
        ColorScheme scheme;
        QTRY_COMPARE(portal.asked, 1);
        QTest::qWait(50);
        QVERIFY(scheme.isDark());
    }

    void followsTheDesktopWhileItRuns()
    {
        NewPortal portal(light);
        offer(portal);
        ColorScheme scheme;
        QSignalSpy changed(&scheme, &ColorScheme::changed);
        QTRY_COMPARE(portal.asked, 1);
        tell("org.freedesktop.appearance", "color-scheme", dark);
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(scheme.isDark());
        tell("org.freedesktop.appearance", "color-scheme", light);
        QTRY_COMPARE(changed.count(), 2);
        QVERIFY(!scheme.isDark());
    }

    void otherSettingsOfTheDesktopAreNotItsConcern()
    {
        NewPortal portal(light);
        offer(portal);
        ColorScheme scheme;
        QSignalSpy changed(&scheme, &ColorScheme::changed);
        QTRY_COMPARE(portal.asked, 1);
        tell("org.freedesktop.appearance", "contrast", dark);
        tell("org.gnome.desktop.interface", "color-scheme", dark);
        QTest::qWait(100);
        QCOMPARE(changed.count(), 0);
        QVERIFY(!scheme.isDark());
    }

private:
    static QDBusConnection desktop() { return QDBusConnection("desktop"); }

    static void offer(FakePortal &portal)
    {
        QVERIFY(desktop().registerObject(portalPath, &portal, QDBusConnection::ExportAllContents));
        QVERIFY(desktop().registerService(portalName));
    }

    static void tell(const QString &group, const QString &key, uint value)
    {
        QDBusMessage signal = QDBusMessage::createSignal(portalPath, settings, "SettingChanged");
        signal << group << key << QVariant::fromValue(QDBusVariant(value));
        QVERIFY(desktop().send(signal));
    }

    QTemporaryDir m_folder;
    SessionBus m_bus{m_folder.path()};
};

QTEST_MAIN(ColorSchemeTest)
#include "color_scheme_test.moc"
