#include "app/shell/spoken.h"

#include <QQuickItem>

namespace tend {

void speakNotices(const AppState &app, QObject &window, const TellScreenReader &tell)
{
    QObject::connect(&app, &AppState::noticeShown, &window, [&window, tell] {
        if (auto *bar = window.findChild<QQuickItem *>("snackbar")) {
            QAccessibleEvent alert(bar, QAccessible::Alert);
            tell(&alert);
        }
    });
}

}  // namespace tend
