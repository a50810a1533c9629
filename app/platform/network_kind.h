#pragma once

#include <QObject>

namespace tend {

// Whether the network there is now counts what it carries: a telephone network, or one that the
// system calls metered. Where the system does not say, it does not count. Used from the thread of
// the window.
class NetworkKind final : public QObject {
    Q_OBJECT
public:
    explicit NetworkKind(QObject *parent = nullptr);

    [[nodiscard]] bool isDear() const;

signals:
    void changed();
};

}  // namespace tend
