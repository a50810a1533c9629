#pragma once

#include <memory>

#include <QObject>

namespace tend {

// Whether this device wants dark pages: what the desktop says through its settings portal, or,
// where no portal answers or it has no preference, what the palette shows. Asks in the background;
// until the answer is there the palette counts. Used from the thread of the window.
class ColorScheme final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ColorScheme)
public:
    explicit ColorScheme(QObject *parent = nullptr);
    ~ColorScheme() override;

    [[nodiscard]] bool isDark() const;

signals:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    class Portal;

    void announce();

    std::unique_ptr<Portal> m_portal;
    bool m_announced = false;
};

}  // namespace tend
