#pragma once

#include <QLoggingCategory>
#include <QString>

namespace tend {

// What the program tells of itself on stderr, one line a message. Never a customer's words, a key
// or an invitation.
Q_DECLARE_LOGGING_CATEGORY(programLog)

// debug, info, warning or error: from now on less than that is not told. False for any other word.
[[nodiscard]] bool setLogLevel(const QString &level);

}  // namespace tend
