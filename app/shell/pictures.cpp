#include <atomic>
#include <cstdio>

#include <QDir>
#include <QGuiApplication>
#include <QImage>

#include "app/shell/scenes.h"

namespace tend {

namespace {

constexpr QSize phoneSize{390, 844};
constexpr QSize laptopSize{1280, 800};

std::atomic<int> complaints{0};
QtMessageHandler before = nullptr;

void countComplaints(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    if (type != QtDebugMsg && type != QtInfoMsg)
        ++complaints;
    before(type, context, message);
}

// One scene in one form; answers how many complaints it raised.
int play(const Scene &scene, QSize size, bool dark, double scale, const QString &file)
{
    const int earlier = complaints;
    QGuiApplication::setLayoutDirection(scene.rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    Stage stage(openDemonstration(scene.demonstration), size, dark, scale);
    scene.play(stage);
    stage.settle();
    if (!file.isEmpty() && !stage.picture().save(file)) {
        std::fprintf(stderr, "%s: could not be written\n", qPrintable(file));
        return 1;
    }
    if (complaints != earlier)
        std::fprintf(stderr, "%s: the page complained\n", scene.name);
    return complaints - earlier;
}

int playForms(const Scene &scene, const PictureOptions &options, bool dark)
{
    int failures = 0;
    for (const bool phone : {true, false}) {
        if (scene.form != Form::Both && (scene.form == Form::Phone) != phone)
            continue;
        QString file;
        if (!options.directory.isEmpty()) {
            file = QDir(options.directory)
                       .filePath(QStringLiteral("%1-%2-%3.png")
                                     .arg(phone ? "phone" : "laptop", scene.name,
                                         dark ? "dark" : "light"));
        }
        const QSize size = options.size.value_or(phone ? phoneSize : laptopSize);
        failures += play(scene, size, dark, options.scale.value_or(scene.scale), file);
    }
    return failures;
}

}  // namespace

int takePictures(const PictureOptions &options)
{
    before = qInstallMessageHandler(countComplaints);
    int failures = 0;
    for (const Scene &scene : scenes()) {
        for (const bool dark : {false, true}) {
            if (!options.dark || *options.dark == dark)
                failures += playForms(scene, options, dark);
        }
    }
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    qInstallMessageHandler(before);
    return failures;
}

int selfTest()
{
    PictureOptions options;
    options.dark = false;
    return takePictures(options);
}

}  // namespace tend
