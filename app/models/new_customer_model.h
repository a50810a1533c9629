#pragma once

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include "app/models/page_context.h"

namespace tend {

// The sheet that adds a customer: a name is enough.
class NewCustomerModel final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(QString name MEMBER m_name NOTIFY edited FINAL)
    Q_PROPERTY(QString place MEMBER m_place NOTIFY edited FINAL)
    Q_PROPERTY(QString phone MEMBER m_phone NOTIFY edited FINAL)
    Q_PROPERTY(QString nameError READ nameError NOTIFY errorChanged FINAL)
public:
    NewCustomerModel(PageContext &context, QObject *parent)
        : QObject(parent)
        , m_context(context)
    {
    }

    [[nodiscard]] bool isOpen() const { return m_open; }

    [[nodiscard]] QString nameError() const { return m_error; }

    void begin(const QString &name);
    Q_INVOKABLE void save();
    Q_INVOKABLE void close();

signals:
    void openChanged();
    void edited();
    void errorChanged();
    void added(const QString &customerId);

private:
    void setError(const QString &error);

    PageContext &m_context;
    bool m_open = false;
    bool m_saving = false;
    QString m_name;
    QString m_place;
    QString m_phone;
    QString m_error;
};

}  // namespace tend
