#pragma once

#include <QTimer>

#include "app/models/list_rows.h"
#include "app/models/page_context.h"

namespace tend {

// Everybody one looks after, or those a search finds. The search runs beside the user interface,
// a moment after the last key.
class CustomersModel final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(QString search READ search WRITE setSearch NOTIFY searchChanged FINAL)
    Q_PROPERTY(QString emptyLine READ emptyLine NOTIFY refreshed FINAL)
    Q_PROPERTY(QString addLine READ addLine NOTIFY refreshed FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY refreshed FINAL)
public:
    enum Role {
        CustomerId = Qt::UserRole,
        Name,
        Initials,
        Detail,  // the last contact, or the words a search matched
        Feeling,  // -2..2; 3 when not known
        FeelingWords,
        Letter,  // at the first name under it, else empty
        Spoken,
        MarkedName,  // as styled text, what a search matched bold
        MarkedDetail,
    };
    Q_ENUM(Role)

    CustomersModel(PageContext &context, QObject *parent);

    [[nodiscard]] QString search() const { return m_search; }

    void setSearch(const QString &search);

    [[nodiscard]] bool isReady() const { return m_ready; }

    // What stands in place of the list: nobody yet, or nobody found.
    [[nodiscard]] QString emptyLine() const;
    // "Add Jans" when a search found nobody.
    [[nodiscard]] QString addLine() const;

    void refresh();

signals:
    void searchChanged();
    void refreshed();

private:
    [[nodiscard]] ShownRow shown(const CustomerRow &row, QString &letter) const;
    [[nodiscard]] QString detail(const CustomerRow &row) const;

    PageContext &m_context;
    QTimer m_typed;
    QString m_search;
    QString m_shownSearch;
    QString m_error;
    bool m_ready = false;
};

}  // namespace tend
