#include "app/platform/color_scheme.h"

#include <optional>

#include <QEvent>
#include <QGuiApplication>
#include <QPalette>
#ifdef Q_OS_LINUX
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#endif

namespace tend {

#ifdef Q_OS_LINUX

namespace {

constexpr const char *service = "org.freedesktop.portal.Desktop";
constexpr const char *path = "/org/freedesktop/portal/desktop";
constexpr const char *interface = "org.freedesktop.portal.Settings";
constexpr const char *group = "org.freedesktop.appearance";
constexpr const char *key = "color-scheme";
// The portal's own numbers; 0 means that it does not care.
constexpr uint prefersDark = 1;
constexpr uint prefersLight = 2;

// Read packs the value once more than ReadOne.
std::optional<bool> darkFrom(QVariant value)
{
    while (value.userType() == qMetaTypeId<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    const uint number = value.toUInt();
    if (number != prefersDark && number != prefersLight)
        return std::nullopt;
    return number == prefersDark;
}

}  // namespace

class ColorScheme::Portal final : public QObject {
    Q_OBJECT
public:
    explicit Portal(ColorScheme &owner)
        : m_owner(owner)
    {
        m_bus.connect(service, path, interface, "SettingChanged", this,
            SLOT(settingChanged(QString, QString, QDBusVariant)));
        ask("ReadOne");
    }

    [[nodiscard]] std::optional<bool> dark() const { return m_dark; }

private slots:

    void settingChanged(const QString &inGroup, const QString &name, const QDBusVariant &value)
    {
        if (inGroup == group && name == key)
            take(value.variant());
    }

private:
    void ask(const QString &method)
    {
        QDBusMessage question = QDBusMessage::createMethodCall(service, path, interface, method);
        question << group << key;
        auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, method] {
            watcher->deleteLater();
            const QDBusPendingReply<QDBusVariant> reply = *watcher;
            if (reply.isValid())
                take(reply.value().variant());
            else if (method == "ReadOne" && reply.error().type() == QDBusError::UnknownMethod)
                ask("Read");  // portals before version 2 of the interface
        });
    }

    void take(const QVariant &value)
    {
        m_dark = darkFrom(value);
        m_owner.announce();
    }

    ColorScheme &m_owner;
    QDBusConnection m_bus = QDBusConnection::sessionBus();
    std::optional<bool> m_dark;
};

#else

class ColorScheme::Portal final {
public:
    explicit Portal(ColorScheme &) { }

    [[nodiscard]] std::optional<bool> dark() const { return std::nullopt; }
};

#endif

ColorScheme::ColorScheme(QObject *parent)
    : QObject(parent)
    , m_portal(std::make_unique<Portal>(*this))
{
    m_announced = isDark();
    QCoreApplication::instance()->installEventFilter(this);
}

ColorScheme::~ColorScheme() = default;

bool ColorScheme::isDark() const
{
    const bool fromPalette = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    return m_portal->dark().value_or(fromPalette);
}

bool ColorScheme::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange)
        announce();
    return QObject::eventFilter(watched, event);
}

void ColorScheme::announce()
{
    if (m_announced == isDark())
        return;
    m_announced = isDark();
    emit changed();
}

}  // namespace tend

#ifdef Q_OS_LINUX
#include "color_scheme.moc"
#endif
