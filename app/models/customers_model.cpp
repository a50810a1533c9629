#include "app/models/customers_model.h"

#include <chrono>

namespace tend {

namespace {

constexpr std::chrono::milliseconds typingPause{120};
constexpr int feelingUnknown = 3;

}  // namespace

CustomersModel::CustomersModel(PageContext &context, QObject *parent)
    : ListRows(QMetaEnum::fromType<Role>(), parent)
    , m_context(context)
{
    m_typed.setSingleShot(true);
    m_typed.setInterval(typingPause);
    connect(&m_typed, &QTimer::timeout, this, &CustomersModel::refresh);
}

void CustomersModel::setSearch(const QString &search)
{
    if (search == m_search)
        return;
    m_search = search;
    emit searchChanged();
    m_typed.start();
}

QString CustomersModel::emptyLine() const
{
    if (!m_ready || count() > 0)
        return {};
    if (!m_error.isEmpty())
        return m_error;
    return m_shownSearch.isEmpty() ? tr("No customers yet")
                                   : tr("Nobody with “%1”").arg(m_shownSearch);
}

QString CustomersModel::addLine() const
{
    return m_shownSearch.isEmpty() ? tr("Add a customer") : tr("Add %1").arg(m_shownSearch);
}

void CustomersModel::refresh()
{
    const QString search = m_search.trimmed();
    m_context.journal.run([text = search.toStdString()](
                              Session &session) { return session.journal().customers(text); },
        this,
        [this, search](Result<std::vector<CustomerRow>> rows) {
            if (search != m_search.trimmed())
                return;  // typed on meanwhile; the newer answer follows
            m_ready = true;
            m_shownSearch = search;
            m_error = rows ? QString() : Words::error(rows.error(), Words::Doing::Reading);
            QList<ShownRow> list;
            QString letter;
            if (rows) {
                for (const CustomerRow &row : *rows)
                    list.append(shown(row, letter));
            }
            show(list);
            emit refreshed();
        });
}

ShownRow CustomersModel::shown(const CustomerRow &row, QString &letter) const
{
    const QString id = QString::fromStdString(row.id);
    const QString name = QString::fromStdString(row.name);
    const QString begins = name.isEmpty() ? QString() : QString(name.front().toUpper());
    const QString head = begins == letter ? QString() : begins;
    letter = begins;
    const QString line = detail(row);
    const QString feeling = row.lastFeeling ? Words::feeling(row.lastFeeling) : QString();
    const QString spoken = feeling.isEmpty() ? tr("%1, %2").arg(name, line)
                                             : tr("%1, %2, %3").arg(name, line, feeling);
    return {id,
        {id, name, Words::initials(name), line, row.lastFeeling.value_or(feelingUnknown), feeling,
            head, spoken, Words::marked(name, m_shownSearch), Words::marked(line, m_shownSearch)}};
}

QString CustomersModel::detail(const CustomerRow &row) const
{
    if (!row.matchedWords.empty())
        return Words::quoted(row.matchedWords);
    if (!row.lastContactAt)
        return tr("No talk yet");
    return tr("%1 %2").arg(
        Words::visitKind(row.lastKind), m_context.calendar.dateWords(*row.lastContactAt));
}

}  // namespace tend
