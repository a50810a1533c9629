#include "app/shell/ui_setup.h"

#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>
#include <QTranslator>
#include <QtQml/QQmlExtensionPlugin>

Q_IMPORT_QML_PLUGIN(TendPlugin)
Q_IMPORT_QML_PLUGIN(Tend_ModelsPlugin)

namespace tend {

namespace {

// English is written in the source; only its plurals are a translation.
void installWords()
{
    static QTranslator words;
    if (!words.isEmpty())
        return;
    if (words.load(QLocale(), "tend", "_", ":/i18n") || words.load(":/i18n/tend_en.qm"))
        QGuiApplication::installTranslator(&words);
}

}  // namespace

void setUpInterface(QQmlEngine &engine)
{
    for (const char *file :
        {"Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf",
            "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", "MaterialIcons-Regular.ttf"}) {
        if (QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/") + file) < 0)
            qWarning("font %s is not embedded", file);
    }
    QFont::insertSubstitutions("Inter", {"Noto Sans Arabic", "Noto Sans"});
    QGuiApplication::setFont(QFont("Inter"));
    installWords();
    engine.addImportPath("qrc:/qt/qml");
}

}  // namespace tend
