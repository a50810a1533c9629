// Hands for the real program: an input device that Qt loads into the unchanged `tend` when
// QT_QPA_GENERIC_PLUGINS names it, as it would load one for a touch screen. It listens on the local
// socket of its specification; one line asks, one line answers. What it may be asked is in
// app_process.h.
#include <QGenericPlugin>
#include <QGuiApplication>
#include <QKeySequence>
#include <QLocalServer>
#include <QLocalSocket>
#include <QQuickItem>
#include <QQuickWindow>
#include <QtTest>

namespace {

QQuickItem *findShown(QQuickItem *item, const QString &name)
{
    if (item == nullptr || !item->isVisible() || qFuzzyIsNull(item->opacity()))
        return nullptr;
    if (item->objectName() == name)
        return item;
    const QList<QQuickItem *> children = item->childItems();
    for (QQuickItem *child : children) {
        if (QQuickItem *found = findShown(child, name))
            return found;
    }
    return nullptr;
}

QQuickWindow *window()
{
    return qobject_cast<QQuickWindow *>(QGuiApplication::topLevelWindows().value(0));
}

}  // namespace

class Hands final : public QObject {
    Q_OBJECT
public:
    explicit Hands(const QString &socket)
    {
        connect(&m_server, &QLocalServer::newConnection, this, [this] {
            QLocalSocket *caller = m_server.nextPendingConnection();
            connect(caller, &QLocalSocket::readyRead, this, [this, caller] {
                while (caller->canReadLine()) {
                    const QString line = QString::fromUtf8(caller->readLine()).chopped(1);
                    const qsizetype space = line.indexOf(' ');
                    caller->write(
                        obey(line.left(space), space < 0 ? QString() : line.mid(space + 1)).toUtf8()
                        + '\n');
                    caller->flush();
                }
            });
        });
        QLocalServer::removeServer(socket);
        if (!m_server.listen(socket))
            qFatal("no hands: %s", qPrintable(m_server.errorString()));
    }

private:
    [[nodiscard]] QString obey(const QString &verb, const QString &what)
    {
        QQuickWindow *on = window();
        if (on == nullptr)
            return "no window";
        if (verb == "minimised")
            return state(*on);
        if (!isDrawn(*on))
            return "no window";
        if (verb == "press")
            return press(*on, what);
        if (verb == "type") {
            for (const QChar letter : what)
                QTest::keyClick(on, letter.toLatin1());
            return "ok";
        }
        if (verb == "key") {
            const QKeyCombination key = QKeySequence(what)[0];
            QTest::keyClick(on, key.key(), key.keyboardModifiers());
            return "ok";
        }
        if (verb == "minimise") {
            on->showMinimized();
            return "ok";
        }
        QQuickItem *item = findShown(on->contentItem(), what);
        return item == nullptr ? QStringLiteral("not shown")
                               : "ok " + item->property("text").toString();
    }

    // Before its first picture things do not stand where they will.
    [[nodiscard]] bool isDrawn(QQuickWindow &on)
    {
        if (!m_watched) {
            m_watched = true;
            connect(&on, &QQuickWindow::frameSwapped, this, [this] { ++m_frames; });
        }
        if (m_frames < 2)
            on.update();
        return m_frames >= 2;
    }

    [[nodiscard]] static QString state(const QQuickWindow &on)
    {
        return on.windowStates() & Qt::WindowMinimized ? "yes" : "no";
    }

    [[nodiscard]] QString press(QQuickWindow &on, const QString &name)
    {
        QQuickItem *item = findShown(on.contentItem(), name);
        if (item == nullptr)
            return "not shown";
        const auto middle = [item] {
            return item->mapToScene(QPointF(item->width() / 2, item->height() / 2));
        };
        // Nobody hits what is still on its way in, or not drawn where it will stand.
        const QPointF at = middle();
        const QPointer<QQuickItem> guard(item);
        for (const int drawn = m_frames; m_frames < drawn + 2; QTest::qWait(5))
            on.update();
        if (!guard || middle() != at || !QRectF(QPointF(), QSizeF(on.size())).contains(at))
            return "not shown";
        QTest::mouseClick(&on, Qt::LeftButton, {}, at.toPoint());
        return "ok";
    }

    QLocalServer m_server;
    bool m_watched = false;
    int m_frames = 0;
};

class HandsPlugin final : public QGenericPlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "hands.json")
public:
    QObject *create(const QString &key, const QString &specification) override
    {
        return key == "tendhands" ? new Hands(specification) : nullptr;
    }
};

#include "hands_plugin.moc"
