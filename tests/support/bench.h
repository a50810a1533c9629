#pragma once

#include <memory>

#include <QObject>
#include <QQuickItem>
#include <QVariantMap>

#include "app/models/app_state.h"
#include "app/shell/ui_setup.h"
#include "tests/support/fake_session.h"

namespace tend {

// What a Qt Quick Test needs beside the pages: real view models over an in-memory world, the verbs
// to change that world, and questions about what is on the screen.
class Bench : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Bench)
    Q_PROPERTY(tend::AppState *app READ app NOTIFY appChanged)
public:
    explicit Bench(QObject *parent = nullptr);
    ~Bench() override;

    [[nodiscard]] AppState *app() { return m_app.get(); }

    // A new world: a Demonstration by its number.
    Q_INVOKABLE void open(int demonstration);
    // New models over the same world, as after a crash: nothing was closed in order.
    Q_INVOKABLE void restart();
    // Until the journal has answered all that was asked.
    Q_INVOKABLE void settle();

    // From now on the call fails: "full", "offline", "invalid", "refused", "untrusted", "notFound".
    Q_INVOKABLE void fail(const QString &call, const QString &how);
    Q_INVOKABLE void heal();
    Q_INVOKABLE int calls(const QString &call) const;
    Q_INVOKABLE void setSync(int phase, int waiting, const QString &problem);
    // Nothing went out for these minutes, though the server answers.
    Q_INVOKABLE void setStuck(int minutes);

    Q_INVOKABLE bool filesMayGo() const;
    Q_INVOKABLE int savedCount() const;
    Q_INVOKABLE QVariantMap lastSaved() const;
    Q_INVOKABLE QVariantMap draft() const;  // the last touched; empty when there is none
    Q_INVOKABLE int draftCount() const;
    Q_INVOKABLE QString remarkDraft() const;  // empty when there is none
    Q_INVOKABLE QVariantList remarks() const;
    Q_INVOKABLE QVariantList resolved() const;
    Q_INVOKABLE int mergedCount() const;
    Q_INVOKABLE int contactsOf(const QString &customerId) const;
    // So many visits more, an hour apart, older than all there are.
    Q_INVOKABLE void addVisits(const QString &customerId, int count);
    // Moves a list on by `step` pixels and draws the window, so many times; milliseconds per frame:
    // `middle` and `slowest`.
    Q_INVOKABLE QVariantMap scroll(QQuickItem *list, int frames, double step) const;

    // The visible item of this objectName below `root`, or null.
    Q_INVOKABLE QQuickItem *find(QQuickItem *root, const QString &name) const;
    // Everything one can press or type in that is smaller than `least`, or has no name.
    Q_INVOKABLE QStringList unreachable(QQuickItem *root, int least) const;
    // Every line of words that is cut short or leaves the window.
    Q_INVOKABLE QStringList cutWords(QQuickItem *root) const;
    // Whether a pixel of the window has this colour.
    Q_INVOKABLE bool shows(QQuickItem *root, const QColor &colour) const;
    Q_INVOKABLE double contrast(const QColor &one, const QColor &other) const;
    // Listens as a screen reader does, from now on, to the pages below `root`.
    Q_INVOKABLE void listen(QQuickItem *root);
    // What was told as an alert since then, by name.
    Q_INVOKABLE QStringList alerts() const;

signals:
    void appChanged();

private:
    void build();
    void tearDown();

    std::shared_ptr<FakeWorld> m_world;
    StandingClock m_clock;
    PassingPreferences m_preferences;
    std::unique_ptr<AsyncJournal> m_journal;
    std::unique_ptr<AppState> m_app;
    QStringList m_alerts;
};

}  // namespace tend
