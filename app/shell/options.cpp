#include "app/shell/options.h"

#include <cstdio>
#include <cstdlib>

#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "app/shell/log.h"

namespace tend {

namespace {

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

void addOptions(QCommandLineParser &parser)
{
    const QString standard = QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation))
                                 .filePath("journal.db");
    parser.addOptions({
        {"replica", "Open the journal in FILE; one program for each.", "FILE", standard},
        {"key-file", "FILE holds the journal's key (else TEND_KEY_FILE, else the keychain).",
            "FILE"},
        {"log-level", "What is told on stderr: debug, info, warning or error.", "LEVEL", "warning"},
        {"self-test", "Load every page over a filled journal; 0 when none complains."},
        {"screenshots", "Save a picture of every page and state in DIR.", "DIR"},
        {"demo", "Play the guided story with two replicas and a server; pictures go to DIR.",
            "DIR"},
        {"size", "Size of the window, as 390x844.", "WxH"},
        {"theme", "light or dark.", "THEME"},
        {"scale", "Size of the words, 0.85 to 2.0.", "F"},
    });
    parser.addPositionalArgument("what",
        "An invitation (tend://join?…) or a file of contacts (.vcf). It goes to the program that "
        "has this journal open, if there is one.",
        "[tend://… | FILE.vcf]");
}

PictureOptions parsePictures(const QCommandLineParser &parser)
{
    PictureOptions pictures;
    pictures.directory = parser.value("screenshots");
    if (parser.isSet("size")) {
        pictures.size = parseSize(parser.value("size"));
        if (!pictures.size)
            refuse("--size takes a width and a height, as 390x844");
    }
    if (parser.isSet("theme")) {
        const QString theme = parser.value("theme");
        if (theme != "light" && theme != "dark")
            refuse("--theme takes light or dark");
        pictures.dark = theme == "dark";
    }
    if (parser.isSet("scale")) {
        bool isNumber = false;
        const double scale = parser.value("scale").toDouble(&isNumber);
        if (!isNumber || scale < 0.85 || scale > 2.0)
            refuse("--scale takes a number from 0.85 to 2.0");
        pictures.scale = scale;
    }
    return pictures;
}

QString parseArgument(const QStringList &arguments)
{
    if (arguments.size() > 1)
        refuse("one link or file at a time");
    const QString what = arguments.value(0);
    if (what.isEmpty() || what.startsWith("tend://join"))
        return what;
    if (what.endsWith(".vcf", Qt::CaseInsensitive))
        return QFileInfo(what).absoluteFilePath();  // the other program stands elsewhere
    refuse(
        QStringLiteral("'%1' is neither an invitation (tend://join?…) nor a .vcf file").arg(what));
}

}  // namespace

Options parseOptions(const QGuiApplication &app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription("A visit journal that works with no network at all.");
    parser.addHelpOption();
    parser.addVersionOption();
    addOptions(parser);
    if (!parser.parse(app.arguments()))
        refuse(parser.errorText());
    parser.process(app);
    if (!setLogLevel(parser.value("log-level")))
        refuse("--log-level takes debug, info, warning or error");
    Options options;
    options.replica = parser.value("replica").toStdString();
    options.keyFile = parser.value("key-file").toStdString();
    options.argument = parseArgument(parser.positionalArguments());
    options.selfTest = parser.isSet("self-test");
    options.demo = parser.value("demo");
    options.pictures = parsePictures(parser);
    return options;
}

}  // namespace tend
