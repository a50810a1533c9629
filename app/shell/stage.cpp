#include "app/shell/stage.h"

#include <chrono>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QImage>
#include <QQmlComponent>
#include <QTimer>

namespace tend {

namespace {

// Long enough for the pauses of the search fields and for a page to be laid out.
constexpr std::chrono::milliseconds settleTime{180};

// Along the tree of what is drawn, which is not the tree of who owns whom.
QQuickItem *shownBelow(QQuickItem &item, const QString &name)
{
    if (!item.isVisible())
        return nullptr;
    if (item.objectName() == name && item.width() > 0)
        return &item;
    for (QQuickItem *child : item.childItems()) {
        if (QQuickItem *found = shownBelow(*child, name))
            return found;
    }
    return nullptr;
}

}  // namespace

Stage::Stage(OpenSession open, QSize size, bool dark, double scale, WallTime now)
    : m_clock(now)
    , m_journal(std::make_unique<AsyncJournal>(std::move(open)))
{
    setUpInterface(m_engine);
    m_preferences.setValue("theme", dark ? SettingsModel::Dark : SettingsModel::Light);
    m_preferences.setValue("textScale", scale);
    m_preferences.setValue("reduceMotion", true);
    m_app = std::make_unique<AppState>(*m_journal, m_clock, m_preferences);
    QQmlEngine::setObjectOwnership(m_app.get(), QQmlEngine::CppOwnership);
    m_window = std::make_unique<QQuickWindow>();
    m_window->resize(size);
    QQmlComponent component(&m_engine, QUrl("qrc:/qt/qml/Tend/pages/Shell.qml"));
    QVariantMap properties;
    properties["app"] = QVariant::fromValue(m_app.get());
    properties["width"] = size.width();
    properties["height"] = size.height();
    for (const QQmlError &error : component.errors())
        qWarning("%s", qPrintable(error.toString()));
    if (component.isError())
        return;
    std::unique_ptr<QObject> made(component.createWithInitialProperties(properties));
    m_shell.reset(qobject_cast<QQuickItem *>(made.release()));
    if (m_shell)
        m_shell->setParentItem(m_window->contentItem());
    m_window->show();
    settle();
}

Stage::~Stage()
{
    // Pages first: they are bound to the models, and the models ask the journal.
    m_shell.reset();
    m_window.reset();
    m_app.reset();
    m_journal.reset();
}

void Stage::settle()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < settleTime.count())
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    // What was asked within that time is answered before this.
    bool answered = false;
    QObject receiver;
    m_journal->run([](Session &session) { return session.journal().account(); }, &receiver,
        [&answered](const Result<Account> &) { answered = true; });
    while (!answered && timer.elapsed() < 5000)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    QCoreApplication::processEvents();
}

QImage Stage::picture()
{
    return m_window->grabWindow();
}

QQuickItem *Stage::find(const QString &name) const
{
    return m_shell ? m_shell->findChild<QQuickItem *>(name) : nullptr;
}

QQuickItem *Stage::findShown(const QString &name) const
{
    return m_shell ? shownBelow(*m_shell, name) : nullptr;
}

}  // namespace tend
