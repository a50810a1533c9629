#include "app/models/remark_model.h"

namespace tend {

RemarkModel::RemarkModel(PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_people(this)
{
}

void RemarkModel::setWords(const QString &words)
{
    if (words == m_words)
        return;
    m_words = words;
    emit edited();
}

void RemarkModel::begin(const QString &customerId)
{
    m_open = true;
    m_customerId = customerId;
    setError({});
    emit openChanged();
    m_context.journal.run([](Session &session) { return session.journal().suggestions(); }, this,
        [this](Result<std::vector<CustomerRow>> guesses) {
            if (!guesses)
                return;
            m_guesses = std::move(*guesses);
            showPeople();
        });
}

void RemarkModel::choose(const QString &customerId)
{
    m_customerId = customerId == m_customerId ? QString() : customerId;
    showPeople();
    emit edited();
}

void RemarkModel::showPeople()
{
    QList<ShownRow> rows;
    for (const CustomerRow &row : m_guesses) {
        const QString id = QString::fromStdString(row.id);
        rows.append({id,
            {id, QString::fromStdString(row.name), QString::fromStdString(row.place),
                id == m_customerId}});
    }
    m_people.show(rows);
}

void RemarkModel::save()
{
    if (m_saving || !m_open)
        return;
    const QString words = m_words.trimmed();
    if (words.isEmpty()) {
        const replica::Error nothing{replica::ErrorCode::Invalid, {}};
        return setError(Words::error(nothing, Words::Doing::SavingRemark));
    }
    m_saving = true;
    m_context.journal.run(
        [text = words.toStdString(), who = m_customerId.toStdString()](Session &session) {
            auto id = session.journal().saveRemark(text, who);
            if (id)
                session.syncSoon();
            return id;
        },
        this,
        [this](Result<Id> id) {
            m_saving = false;
            if (!id)
                return setError(Words::error(id.error(), Words::Doing::SavingRemark));
            m_words.clear();
            m_open = false;
            emit edited();
            emit openChanged();
            emit saved(QString::fromStdString(*id));
        });
}

void RemarkModel::close()
{
    if (!m_open)
        return;
    m_open = false;
    emit openChanged();
}

void RemarkModel::setError(const QString &error)
{
    m_error = error;
    emit errorChanged();
}

}  // namespace tend
