#include "app/models/list_rows.h"

#include <algorithm>

namespace tend {

int ListRows::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ListRows::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    return m_rows.at(index.row()).values.value(role - Qt::UserRole);
}

QHash<int, QByteArray> ListRows::roleNames() const
{
    QHash<int, QByteArray> names;
    for (int i = 0; i < m_roles.keyCount(); ++i) {
        QByteArray name = m_roles.key(i);
        name[0] = static_cast<char>(name[0] - 'A' + 'a');
        names.insert(m_roles.value(i), name);
    }
    return names;
}

void ListRows::show(QList<ShownRow> rows)
{
    const int before = count();
    const int after = static_cast<int>(rows.size());
    const int shorter = std::min(before, after);
    int head = 0;
    while (head < shorter && m_rows.at(head).key == rows.at(head).key)
        ++head;
    int tail = 0;
    while (
        tail < shorter - head && m_rows.at(before - 1 - tail).key == rows.at(after - 1 - tail).key)
        ++tail;
    refresh(0, rows, 0, head);
    refresh(before - tail, rows, after - tail, tail);
    if (before - tail > head) {
        beginRemoveRows({}, head, before - tail - 1);
        m_rows.remove(head, before - tail - head);
        endRemoveRows();
    }
    if (after - tail > head) {
        beginInsertRows({}, head, after - tail - 1);
        for (int i = head; i < after - tail; ++i)
            m_rows.insert(i, rows.at(i));
        endInsertRows();
    }
    if (before != after)
        emit countChanged();
}

void ListRows::refresh(int first, const QList<ShownRow> &rows, int from, int count)
{
    for (int i = 0; i < count; ++i) {
        if (m_rows.at(first + i).values == rows.at(from + i).values)
            continue;
        m_rows[first + i] = rows.at(from + i);
        emit dataChanged(index(first + i), index(first + i));
    }
}

int ListRows::find(const QString &key) const
{
    const auto row = std::find_if(
        m_rows.begin(), m_rows.end(), [&key](const ShownRow &shown) { return shown.key == key; });
    return row == m_rows.end() ? -1 : static_cast<int>(row - m_rows.begin());
}

QString ListRows::keyAt(int row) const
{
    return row >= 0 && row < count() ? m_rows.at(row).key : QString();
}

QString ListRows::neighbour(const QString &first, int step) const
{
    const auto at = std::find_if(m_rows.begin(), m_rows.end(),
        [&first](const ShownRow &shown) { return shown.values.value(0).toString() == first; });
    const int wanted = at == m_rows.end() ? 0 : static_cast<int>(at - m_rows.begin()) + step;
    return m_rows.isEmpty()
        ? QString()
        : m_rows.at(std::clamp(wanted, 0, count() - 1)).values.value(0).toString();
}

}  // namespace tend
