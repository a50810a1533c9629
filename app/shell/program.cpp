#include "app/shell/program.h"

#include <cstdio>
#include <optional>

#include <QCommandLineParser>
#include <QDesktopServices>
#include <QDir>
#include <QGuiApplication>
#include <QPalette>
#include <QQmlApplicationEngine>
#include <QStandardPaths>
#include <QUrl>

#include "app/platform/settings_file.h"
#include "app/shell/demo.h"
#include "app/shell/scenes.h"

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

struct Options {
    std::filesystem::path replica;
    std::filesystem::path keyFile;
    bool selfTest = false;
    QString demo;
    PictureOptions pictures;
};

std::optional<QSize> parseSize(const QString &text)
{
    const QStringList parts = text.split('x');
    const QSize size(parts.value(0).toInt(), parts.value(1).toInt());
    return parts.size() == 2 && size.width() >= 200 && size.height() >= 200 ? std::optional(size)
                                                                            : std::nullopt;
}

[[noreturn]] void refuse(const QString &what)
{
    std::fprintf(stderr, "tend: %s\nTry tend --help.\n", qPrintable(what));
    std::exit(2);
}

Options parse(const QGuiApplication &app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription("A visit journal that works with no network at all.");
    parser.addHelpOption();
    parser.addVersionOption();
    const QString standard = QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation))
                                 .filePath("journal.db");
    parser.addOptions({
        {"replica", "Open the journal in FILE.", "FILE", standard},
        {"key-file", "FILE holds the journal's key (else TEND_KEY_FILE, else the keychain).",
            "FILE"},
        {"self-test", "Load every page over a filled journal; 0 when none complains."},
        {"screenshots", "Save a picture of every page and state in DIR.", "DIR"},
        {"demo", "Play the guided story with two replicas and a server; pictures go to DIR.",
            "DIR"},
        {"size", "Size of the window, as 390x844.", "WxH"},
        {"theme", "light or dark.", "THEME"},
        {"scale", "Size of the words, 0.85 to 2.0.", "F"},
    });
    parser.process(app);
    Options options;
    options.replica = parser.value("replica").toStdString();
    options.keyFile = parser.value("key-file").toStdString();
    options.selfTest = parser.isSet("self-test");
    options.demo = parser.value("demo");
    options.pictures.directory = parser.value("screenshots");
    if (parser.isSet("size")) {
        options.pictures.size = parseSize(parser.value("size"));
        if (!options.pictures.size)
            refuse("--size takes a width and a height, as 390x844");
    }
    if (parser.isSet("theme")) {
        const QString theme = parser.value("theme");
        if (theme != "light" && theme != "dark")
            refuse("--theme takes light or dark");
        options.pictures.dark = theme == "dark";
    }
    if (parser.isSet("scale")) {
        bool isNumber = false;
        const double scale = parser.value("scale").toDouble(&isNumber);
        if (!isNumber || scale < 0.85 || scale > 2.0)
            refuse("--scale takes a number from 0.85 to 2.0");
        options.pictures.scale = scale;
    }
    return options;
}

int runWindow(const Options &options)
{
    std::error_code ignored;
    std::filesystem::create_directories(options.replica.parent_path(), ignored);
    replica::SystemClock clock;
    FilePreferences preferences;
    if (options.pictures.dark)
        preferences.ask(
            "theme", *options.pictures.dark ? SettingsModel::Dark : SettingsModel::Light);
    if (options.pictures.scale)
        preferences.ask("textScale", *options.pictures.scale);
    AsyncJournal journal(openReplica(options.replica, options.keyFile));
    AppState app(journal, clock, preferences);
    app.setOpener([](const QString &address) { QDesktopServices::openUrl(QUrl(address)); });
    const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    app.settings()->setProperty("systemDark", dark);
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
    return engine.rootObjects().isEmpty() ? 1 : QGuiApplication::exec();
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
    const Options options = parse(application);
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
