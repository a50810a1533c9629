#pragma once

#include <functional>

#include <QAccessible>
#include <QObject>

#include "app/models/app_state.h"

namespace tend {

using TellScreenReader = std::function<void(QAccessibleEvent *)>;

// Tells screen readers of each bar with Undo as an alert, from now on until `window` goes. Qt 6.4
// has no way to do so from a page. `window` is whatever holds the pages.
void speakNotices(const AppState &app, QObject &window,
    const TellScreenReader &tell = &QAccessible::updateAccessibility);

}  // namespace tend
