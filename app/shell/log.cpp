#include "app/shell/log.h"

#include <QStringList>

namespace tend {

Q_LOGGING_CATEGORY(programLog, "tend", QtWarningMsg)

bool setLogLevel(const QString &level)
{
    static const QStringList levels{"debug", "info", "warning", "error"};
    const auto least = levels.indexOf(level);
    if (least < 0)
        return false;
    // Qt tells much on its lower levels that helps nobody here, so those stay off for all but us.
    QString rules = "*.debug=false\n*.info=false\n";
    rules += QStringLiteral("tend.debug=%1\n").arg(least <= 0 ? "true" : "false");
    rules += QStringLiteral("tend.info=%1\n").arg(least <= 1 ? "true" : "false");
    if (least > 2)
        rules += "*.warning=false\n";
    QLoggingCategory::setFilterRules(rules);
    qSetMessagePattern("%{time yyyy-MM-ddThh:mm:ss.zzz} "
                       "%{if-debug}debug%{endif}%{if-info}info%{endif}%{if-warning}warning%{endif}"
                       "%{if-critical}error%{endif}%{if-fatal}fatal%{endif} %{message}");
    return true;
}

}  // namespace tend
