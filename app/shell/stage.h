#pragma once

#include <memory>

#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSize>

#include "app/models/app_state.h"
#include "app/shell/session_factory.h"
#include "app/shell/ui_setup.h"

namespace tend {

// One window over one session, for pictures and the self-test: it can be driven to a state and
// waited for. UI thread.
class Stage final {
public:
    Stage(OpenSession open, QSize size, bool dark, double scale, WallTime now = demonstrationNow());
    ~Stage();

    [[nodiscard]] AppState &app() { return *m_app; }

    [[nodiscard]] AsyncJournal &journal() { return *m_journal; }

    [[nodiscard]] QQuickWindow &window() { return *m_window; }

    // Runs the event loop until the journal has answered everything asked so far, and a frame.
    void settle();
    [[nodiscard]] QImage picture();
    // The item with this objectName, or null.
    [[nodiscard]] QQuickItem *find(const QString &name) const;
    // The same among those that show.
    [[nodiscard]] QQuickItem *findShown(const QString &name) const;

private:
    StandingClock m_clock;
    PassingPreferences m_preferences;
    std::unique_ptr<AsyncJournal> m_journal;
    std::unique_ptr<AppState> m_app;
    QQmlEngine m_engine;
    std::unique_ptr<QQuickWindow> m_window;
    std::unique_ptr<QQuickItem> m_shell;
};

}  // namespace tend
