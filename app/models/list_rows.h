#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QMetaEnum>
#include <QVariant>
#include <QtQml/qqmlregistration.h>

namespace tend {

// One row as a page shows it: what it is, and its words by role.
struct ShownRow {
    QString key;
    QVariantList values;  // in the order of the roles

    [[nodiscard]] QVariant value(int role) const { return values.value(role - Qt::UserRole); }

    void set(int role, const QVariant &value) { values[role - Qt::UserRole] = value; }
};

// A list of display-ready rows. A leaf class names its roles by an enum that begins at
// Qt::UserRole. Showing a new list moves only the rows that differ, so a page keeps its place.
class ListRows : public QAbstractListModel {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
public:
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }

    [[nodiscard]] const QList<ShownRow> &rows() const { return m_rows; }

    void show(QList<ShownRow> rows);
    // Row of a key, or -1.
    [[nodiscard]] Q_INVOKABLE int find(const QString &key) const;
    [[nodiscard]] Q_INVOKABLE QString keyAt(int row) const;
    // The first value of the row `step` away from the one that begins with `first`; the first row
    // when there is none such. For stepping through a list whose first role is an id.
    [[nodiscard]] Q_INVOKABLE QString neighbour(const QString &first, int step) const;

signals:
    void countChanged();

protected:
    explicit ListRows(QMetaEnum roles, QObject *parent)
        : QAbstractListModel(parent)
        , m_roles(roles)
    {
    }

private:
    void refresh(int first, const QList<ShownRow> &rows, int from, int count);

    QMetaEnum m_roles;
    QList<ShownRow> m_rows;
};

}  // namespace tend
