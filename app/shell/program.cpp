#include "app/shell/program.h"

#include <cstdio>

#include <QDesktopServices>
#include <QDir>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QUrl>
#include <QWindow>

#include "app/platform/color_scheme.h"
#include "app/platform/network_kind.h"
#include "app/platform/settings_file.h"
#include "app/platform/single_instance.h"
#include "app/shell/demo.h"
#include "app/shell/log.h"
#include "app/shell/options.h"
#include "app/shell/spoken.h"

namespace tend {

namespace {

// The preferences port over the settings file, with what the command line asked for on top.
class FilePreferences final : public PreferencesPort {
public:
    [[nodiscard]] QVariant value(const QString &key, const QVariant &otherwise) const override
    {
        return m_asked.contains(key) ? m_asked.value(key) : m_file.value(key, otherwise);
    }

    void setValue(const QString &key, const QVariant &value) override
    {
        m_asked.remove(key);
        m_file.setValue(key, value);
    }

    void ask(const QString &key, const QVariant &value) { m_asked.insert(key, value); }

private:
    SettingsFile m_file;
    QVariantMap m_asked;
};

void listen(const AsyncJournal &journal)
{
    QObject::connect(&journal, &AsyncJournal::opened, &journal,
        [] { qCInfo(programLog, "the journal is open"); });
    QObject::connect(
        &journal, &AsyncJournal::openFailed, &journal, [](const replica::Error &error) {
            qCCritical(programLog, "the journal cannot be opened: %s", error.message.c_str());
        });
    QObject::connect(
        &journal, &AsyncJournal::syncStateChanged, &journal, [](const SyncState &state) {
            qCDebug(programLog, "sync: phase %d, %d wait, %d conflicts, %d refused, %s",
                static_cast<int>(state.phase), state.waiting, state.conflicts, state.refused,
                state.problem ? state.problemDetails.c_str() : "no problem");
        });
}

// What "As the device" means, at the start and whenever the desktop changes.
void follow(const ColorScheme &scheme, SettingsModel &settings)
{
    const auto tell = [&scheme, &settings] {
        settings.setProperty("systemDark", scheme.isDark());
    };
    QObject::connect(&scheme, &ColorScheme::changed, &settings, tell);
    tell();
}

// Whether files wait for another network, at the start and whenever it changes.
void follow(const NetworkKind &network, SettingsModel &settings)
{
    const auto tell = [&network, &settings] {
        settings.setNetworkDear(network.isDear());
    };
    QObject::connect(&network, &NetworkKind::changed, &settings, tell);
    tell();
}

// A later start of the program on this journal: what it brought, and the window to the front.
void welcome(AppState &app, QWindow &window, const QString &argument)
{
    qCInfo(programLog, "started again %s",
        argument.isEmpty()                 ? "with nothing"
            : argument.startsWith("tend:") ? "with an invitation"
                                           : "with a file");
    if (window.windowStates() & Qt::WindowMinimized)
        window.setWindowStates(window.windowStates() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.requestActivate();
    app.receive(argument);
}

int runWindow(const Options &options)
{
    std::error_code ignored;
    std::filesystem::create_directories(options.replica.parent_path(), ignored);
    SingleInstance instance(options.replica);
    switch (instance.take(options.argument)) {
    case SingleInstance::Standing::First:
        break;
    case SingleInstance::Standing::HandedOver:
        return 0;
    case SingleInstance::Standing::Silent:
        std::fprintf(stderr,
            "tend: this journal is open in another Tend, which does not answer. End that one, or "
            "open another journal with --replica FILE.\n");
        return 1;
    }
    replica::SystemClock clock;
    FilePreferences preferences;
    if (options.pictures.dark)
        preferences.ask(
            "theme", *options.pictures.dark ? SettingsModel::Dark : SettingsModel::Light);
    if (options.pictures.scale)
        preferences.ask("textScale", *options.pictures.scale);
    AsyncJournal journal(openReplica(options.replica, options.keyFile));
    listen(journal);
    AppState app(journal, clock, preferences);
    app.setOpener([](const QString &address) { QDesktopServices::openUrl(QUrl(address)); });
    const ColorScheme scheme;
    follow(scheme, *app.settings());
    const NetworkKind network;
    follow(network, *app.settings());
    QQmlApplicationEngine engine;
    setUpInterface(engine);
    QVariantMap properties;
    properties["app"] = QVariant::fromValue(&app);
    if (options.pictures.size) {
        properties["width"] = options.pictures.size->width();
        properties["height"] = options.pictures.size->height();
    }
    properties["visible"] = true;
    engine.setInitialProperties(properties);
    engine.load(QUrl("qrc:/qt/qml/Tend/Main.qml"));
    auto *window = qobject_cast<QWindow *>(engine.rootObjects().value(0));
    if (window == nullptr)
        return 1;
    QObject::connect(&instance, &SingleInstance::asked, window,
        [&app, window](const QString &argument) { welcome(app, *window, argument); });
    speakNotices(app, *window);
    app.receive(options.argument);
    return QGuiApplication::exec();
}

// Must be decided before the application is made, from the bare arguments.
void prepareForPictures(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const QByteArray argument(argv[i]);
        if (argument.startsWith("--screenshots") || argument == "--self-test")
            qputenv("TZ", "UTC");
        const bool isPicture
            = argument.startsWith("--screenshots") || argument.startsWith("--demo");
        if (isPicture && !qEnvironmentVariableIsSet("QT_SCALE_FACTOR"))
            qputenv("QT_SCALE_FACTOR", "2");
    }
}

}  // namespace

int runProgram(int argc, char **argv)
{
    prepareForPictures(argc, argv);
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName("tend");
    QGuiApplication::setApplicationDisplayName("Tend");
    QGuiApplication::setApplicationVersion(TEND_VERSION);
    const Options options = parseOptions(application);
    if (options.selfTest)
        return selfTest() == 0 ? 0 : 1;
    if (!options.pictures.directory.isEmpty()) {
        QDir().mkpath(options.pictures.directory);
        return takePictures(options.pictures) == 0 ? 0 : 1;
    }
    if (!options.demo.isEmpty())
        return playDemo(options.demo);
    return runWindow(options);
}

}  // namespace tend
