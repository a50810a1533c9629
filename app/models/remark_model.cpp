#include "app/models/remark_model.h"

#include <chrono>

namespace tend {

namespace {

struct RemarkOpening {
    std::optional<RemarkDraft> draft;
    std::vector<CustomerRow> guesses;
};

Result<RemarkOpening> askOpening(Session &session)
{
    RemarkOpening opening;
    opening.draft = TRY(session.journal().drafts()).remark;
    opening.guesses = TRY(session.journal().suggestions());
    return opening;
}

}  // namespace

RemarkModel::RemarkModel(PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_people(this)
{
    m_keep.setSingleShot(true);
    m_keep.setInterval(draftPause);
    connect(&m_keep, &QTimer::timeout, this, &RemarkModel::keepNow);
}

void RemarkModel::setWords(const QString &words)
{
    if (words == m_words)
        return;
    m_words = words;
    touched();
}

void RemarkModel::begin(const QString &customerId)
{
    // It opens with what was kept: were it filled later, the first letters typed would take its
    // place.
    m_context.journal.run(askOpening, this, [this, customerId](Result<RemarkOpening> opening) {
        if (opening) {
            m_guesses = std::move(opening->guesses);
            if (opening->draft && m_words.isEmpty()) {
                m_words = QString::fromStdString(opening->draft->words);
                m_customerId = QString::fromStdString(opening->draft->customerId);
            }
        }
        if (!customerId.isEmpty())
            m_customerId = customerId;
        m_open = true;
        setError(opening ? QString() : Words::error(opening.error(), Words::Doing::Reading));
        showPeople();
        emit edited();
        emit openChanged();
    });
}

void RemarkModel::choose(const QString &customerId)
{
    m_customerId = customerId == m_customerId ? QString() : customerId;
    showPeople();
    touched();
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
    m_keep.stop();
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
            m_dirty = !id;
            if (!id)
                return setError(Words::error(id.error(), Words::Doing::SavingRemark));
            m_words.clear();
            m_customerId.clear();
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
    keepNow();
    m_open = false;
    emit openChanged();
}

void RemarkModel::touched()
{
    m_dirty = true;
    if (!m_keep.isActive())
        m_keep.start();
    emit edited();
}

void RemarkModel::keepNow()
{
    m_keep.stop();
    if (!m_dirty || m_saving)
        return;
    m_dirty = false;
    m_context.journal.run(
        [draft = RemarkDraft{m_words.toStdString(), m_customerId.toStdString()}](
            Session &session) { return session.journal().keepRemarkDraft(draft); },
        this,
        [this](const Status &status) {
            if (!status)
                setError(Words::error(status.error(), Words::Doing::SavingRemark));
        });
}

void RemarkModel::setError(const QString &error)
{
    m_error = error;
    emit errorChanged();
}

}  // namespace tend
