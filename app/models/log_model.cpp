#include "app/models/log_model.h"

#include <algorithm>
#include <chrono>

#include <QUuid>

namespace tend {

namespace {

constexpr std::chrono::milliseconds typingPause{120};

struct BeginAnswer {
    QString who;
    std::vector<CustomerRow> guesses;
};

Result<BeginAnswer> askBegin(Session &session, const std::string &customerId)
{
    BeginAnswer answer;
    answer.guesses = TRY(session.journal().suggestions());
    if (!customerId.empty())
        answer.who = QString::fromStdString(TRY(session.journal().customer(customerId)).name);
    return answer;
}

ShownRow person(const CustomerRow &row, bool chosen)
{
    const QString id = QString::fromStdString(row.id);
    return {id, {id, QString::fromStdString(row.name), QString::fromStdString(row.place), chosen}};
}

}  // namespace

QString PeopleRows::nameAt(int row) const
{
    return row >= 0 && row < count() ? data(index(row), Name).toString() : QString();
}

LogModel::LogModel(PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_people(this)
    , m_found(this)
{
    m_keep.setSingleShot(true);
    m_keep.setInterval(draftPause);
    connect(&m_keep, &QTimer::timeout, this, &LogModel::keepNow);
    m_typed.setSingleShot(true);
    m_typed.setInterval(typingPause);
    connect(&m_typed, &QTimer::timeout, this, &LogModel::find);
}

QString LogModel::title() const
{
    if (!m_draft.visitId.empty())
        return m_draft.kind == VisitKind::Call ? tr("Correct a call") : tr("Correct a visit");
    switch (m_draft.kind) {
    case VisitKind::FaceToFace:
        return tr("Log a visit");
    case VisitKind::Call:
        return tr("Log a call");
    case VisitKind::Counter:
        return tr("Log a counter talk");
    case VisitKind::Group:
        return tr("Log a group visit");
    case VisitKind::Message:
        return tr("Log a message");
    }
    return {};
}

void LogModel::begin(VisitKind kind, const QString &customerId)
{
    VisitDraft draft;
    draft.key = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    draft.kind = kind;
    draft.customerId = customerId.toStdString();
    start(draft, {});
    m_context.journal.run(
        [id = draft.customerId](Session &session) { return askBegin(session, id); }, this,
        [this](Result<BeginAnswer> answer) {
            if (!answer)
                return setErrors({}, Words::error(answer.error(), Words::Doing::Reading));
            if (!answer->who.isEmpty())
                m_who = answer->who;
            m_guesses = std::move(answer->guesses);
            showPeople(m_guesses, m_draft.customerId.empty() && m_draft.newCustomerName.empty());
        });
}

Result<LogModel::Opening> LogModel::ask(
    Session &session, const Choose &choose, const Otherwise &otherwise)
{
    Opening opening;
    const Drafts drafts = TRY(session.journal().drafts());
    opening.guesses = TRY(session.journal().suggestions());
    const auto kept = std::find_if(drafts.visits.begin(), drafts.visits.end(), choose);
    opening.draft = kept != drafts.visits.end() ? std::optional(*kept) : TRY(otherwise(session));
    if (!opening.draft)
        return opening;
    opening.who = QString::fromStdString(opening.draft->newCustomerName);
    if (!opening.draft->customerId.empty()) {
        // The customer may have been deleted since; the words are still worth keeping.
        if (auto page = session.journal().customer(opening.draft->customerId))
            opening.who = QString::fromStdString(page->name);
        else
            opening.draft->customerId.clear();
    }
    return opening;
}

void LogModel::openWith(Choose choose, Otherwise otherwise)
{
    m_context.journal.run([choose = std::move(choose), otherwise = std::move(otherwise)](
                              Session &session) { return ask(session, choose, otherwise); },
        this,
        [this](Result<Opening> opening) {
            if (!opening)
                return setErrors({}, Words::error(opening.error(), Words::Doing::Reading));
            if (!opening->draft)
                return;
            m_guesses = std::move(opening->guesses);
            start(*opening->draft, opening->who);
            showPeople(m_guesses, false);
        });
}

void LogModel::resume(const QString &key)
{
    openWith(
        [key = key.toStdString()](const VisitDraft &draft) {
            return key.empty() ? draft.visitId.empty() : draft.key == key;
        },
        [](Session &) -> Result<std::optional<VisitDraft>> { return std::optional<VisitDraft>(); });
}

void LogModel::correct(const QString &visitId)
{
    openWith([id = visitId.toStdString()](const VisitDraft &draft) { return draft.visitId == id; },
        [id = visitId.toStdString()](Session &session) -> Result<std::optional<VisitDraft>> {
            return std::optional(TRY(session.journal().visit(id)));
        });
}

void LogModel::start(VisitDraft draft, const QString &who)
{
    m_draft = std::move(draft);
    m_who = who;
    m_when = m_draft.startedAt ? AsWritten : Now;
    m_search.clear();
    m_found.show({});
    m_saving = false;
    m_dirty = false;
    m_open = true;
    setErrors({}, {});
    emit searchChanged();
    emit edited();
    emit openChanged();
}

void LogModel::showPeople(const std::vector<CustomerRow> &guesses, bool chooseFirst)
{
    if (chooseFirst && !guesses.empty()) {
        m_draft.customerId = guesses.front().id;
        m_who = QString::fromStdString(guesses.front().name);
    }
    QList<ShownRow> rows;
    const bool known = std::any_of(guesses.begin(), guesses.end(),
        [this](const CustomerRow &row) { return row.id == m_draft.customerId; });
    if (!known && !m_who.isEmpty()) {
        const QString id = QString::fromStdString(m_draft.customerId);
        rows.append({id.isEmpty() ? QStringLiteral("new") : id, {id, m_who, QString(), true}});
    }
    for (const CustomerRow &row : guesses) {
        if (rows.size() < 3)
            rows.append(person(row, !m_draft.customerId.empty() && row.id == m_draft.customerId));
    }
    m_people.show(rows);
    emit edited();
}

void LogModel::choose(const QString &customerId, const QString &name)
{
    const bool again = !m_who.isEmpty() && customerId == QString::fromStdString(m_draft.customerId);
    m_draft.customerId = again ? std::string() : customerId.toStdString();
    m_draft.newCustomerName.clear();
    m_who = again ? QString() : name;
    setErrors({}, m_error);
    setSearch({});
    showPeople(m_guesses, false);
    touched();
}

void LogModel::chooseNew(const QString &name)
{
    m_draft.customerId.clear();
    m_draft.newCustomerName = name.trimmed().toStdString();
    m_who = name.trimmed();
    setErrors({}, m_error);
    setSearch({});
    showPeople(m_guesses, false);
    touched();
}

void LogModel::setSearch(const QString &search)
{
    if (search == m_search)
        return;
    m_search = search;
    emit searchChanged();
    m_typed.start();
}

void LogModel::find()
{
    const QString search = m_search.trimmed();
    if (search.isEmpty())
        return m_found.show({});
    m_context.journal.run([text = search.toStdString()](
                              Session &session) { return session.journal().customers(text); },
        this,
        [this, search](Result<std::vector<CustomerRow>> rows) {
            if (!rows || search != m_search.trimmed())
                return;
            QList<ShownRow> list;
            for (const CustomerRow &row : *rows) {
                if (list.size() < 5)
                    list.append(person(row, false));
            }
            m_found.show(list);
        });
}

void LogModel::save()
{
    if (m_saving || !m_open)
        return;
    if (m_draft.customerId.empty() && m_draft.newCustomerName.empty()) {
        const replica::Error nobody{replica::ErrorCode::Invalid, {}};
        return setErrors(Words::error(nobody, Words::Doing::SavingVisit), {});
    }
    m_saving = true;
    m_keep.stop();
    m_context.journal.run(
        [draft = m_draft](Session &session) -> Result<SavedVisit> {
            auto visit = session.journal().saveVisit(draft);
            if (visit)
                session.syncSoon();
            return visit;
        },
        this,
        [this, draft = m_draft](Result<SavedVisit> visit) {
            m_saving = false;
            if (!visit) {
                const QString sentence = Words::error(visit.error(), Words::Doing::SavingVisit);
                m_dirty = true;
                return visit.error().code == replica::ErrorCode::Invalid ? setErrors(sentence, {})
                                                                         : setErrors({}, sentence);
            }
            m_dirty = false;
            m_open = false;
            emit openChanged();
            emit saved(*visit, draft);
        });
}

void LogModel::close()
{
    if (!m_open)
        return;
    keepNow();
    m_open = false;
    emit openChanged();
}

bool LogModel::isWorthKeeping() const
{
    if (m_draft.before)
        return *m_draft.before != static_cast<const VisitFields &>(m_draft);
    return !m_draft.said.empty() || !m_draft.impression.empty() || !m_draft.nextStep.empty()
        || !m_draft.newCustomerName.empty() || m_draft.feeling.has_value();
}

void LogModel::keepNow()
{
    m_keep.stop();
    if (!m_open || !m_dirty || m_saving)
        return;
    m_dirty = false;
    m_context.journal.run(
        [draft = m_draft, keep = isWorthKeeping()](Session &session) {
            return keep ? session.journal().keepDraft(draft)
                        : session.journal().dropDraft(draft.key);
        },
        this,
        [this](Status status) {
            if (!status)
                setErrors(m_whoError, Words::error(status.error(), Words::Doing::SavingVisit));
            emit draftKept();
        });
}

void LogModel::touched()
{
    m_dirty = true;
    if (!m_keep.isActive())
        m_keep.start();
    emit edited();
}

void LogModel::setErrors(const QString &who, const QString &other)
{
    if (who == m_whoError && other == m_error && who.isEmpty())
        return;
    m_whoError = who;
    m_error = other;
    emit errorChanged();
}

}  // namespace tend
