#include "app/models/customer_model.h"

#include <QRegularExpression>

namespace tend {

namespace {

constexpr int feelingUnknown = 3;

}  // namespace

void StoryRows::showStory(const std::vector<StoryEntry> &story)
{
    QList<ShownRow> list;
    int year = 0;
    for (std::size_t i = 0; i < story.size(); ++i) {
        ShownRow row = shown(story[i]);
        const int its = Calendar::local(story[i].at).date().year();
        row.set(Year, its == year ? QString() : QString::number(its));
        year = its;
        row.set(First, i == 0);
        row.set(Last, i + 1 == story.size());
        list.append(row);
    }
    show(list);
}

ShownRow StoryRows::shown(const StoryEntry &entry) const
{
    const QString id = QString::fromStdString(entry.visitId);
    QString title = Words::contactTitle(entry, m_context.calendar);
    if (!entry.by.empty())
        title = tr("%1, by %2").arg(title, QString::fromStdString(entry.by));
    if (entry.corrected)
        title = tr("%1, corrected").arg(title);
    const QString said = Words::quoted(entry.said);
    // Without a server nothing waits for one.
    const bool kept
        = entry.whereabouts == Whereabouts::Waiting && m_context.sync.phase == SyncPhase::NoServer;
    const int mark = kept ? int{OnDevice} : static_cast<int>(entry.whereabouts);
    const QString where
        = kept ? Words::onDevice(m_context.device) : Words::whereabouts(entry.whereabouts);
    const QString next = entry.nextStep.empty()
        ? QString()
        : (entry.nextStepDone ? tr("Done: %1") : tr("Next: %1"))
              .arg(QString::fromStdString(entry.nextStep));
    return {id,
        {id, QString(), static_cast<int>(entry.kind), title, said,
            QString::fromStdString(entry.impression), next,
            entry.customerFeeling.value_or(entry.repFeeling.value_or(feelingUnknown)), mark, where,
            false, false,
            QStringList{title, said, next, where}.filter(QRegularExpression(".")).join(", "),
            entry.by.empty(), entry.nextStepDone}};
}

QString StoryRows::lastOfMine() const
{
    for (const ShownRow &row : rows()) {
        if (row.value(Mine).toBool())
            return row.key;
    }
    return {};
}

CustomerModel::CustomerModel(PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_story(context, this)
{
}

void CustomerModel::open(const QString &customerId)
{
    if (customerId != m_id) {
        m_id = customerId;
        m_ready = false;
        m_page = {};
        m_story.show({});
        emit customerIdChanged();
        emit refreshed();
        noteLook();
    }
    refresh();
}

// The page is shown also where that cannot be noted.
void CustomerModel::noteLook()
{
    if (m_id.isEmpty())
        return;
    m_context.journal.run([id = m_id.toStdString(), today = m_context.calendar.today()](
                              Session &session) { return session.journal().noteLook(id, today); },
        this, [](const Status &) {});
}

void CustomerModel::refresh()
{
    if (m_id.isEmpty())
        return;
    m_context.journal.run(
        [id = m_id.toStdString()](Session &session) { return session.journal().customer(id); },
        this,
        [this, asked = m_id](Result<CustomerPage> page) {
            if (asked != m_id)
                return;
            m_ready = true;
            m_error = page ? QString() : Words::error(page.error(), Words::Doing::Reading);
            if (page) {
                m_page = std::move(*page);
                m_story.showStory(m_page.story);
            }
            emit refreshed();
        });
}

QString CustomerModel::lastTime() const
{
    return m_page.lastTime
        ? tr("Last time, %1").arg(m_context.calendar.dateWords(m_page.lastTime->at))
        : QString();
}

QString CustomerModel::lastVisitId() const
{
    return m_page.lastTime ? QString::fromStdString(m_page.lastTime->visitId) : QString();
}

QString CustomerModel::lastWords() const
{
    return m_page.lastTime ? Words::quoted(m_page.lastTime->said) : QString();
}

int CustomerModel::feeling() const
{
    return m_page.feeling.value_or(feelingUnknown);
}

QString CustomerModel::feelingWords() const
{
    return m_page.feeling ? Words::feeling(m_page.feeling) : QString();
}

QString CustomerModel::feelingSource() const
{
    if (!m_page.feeling)
        return {};
    // The feeling is the newest one known; its date is that of the contact it was heard at.
    for (const StoryEntry &entry : m_page.story) {
        const Feeling &its = m_page.theySaidSo ? entry.customerFeeling : entry.repFeeling;
        if (its == m_page.feeling) {
            const QString when = m_context.calendar.dateWords(entry.at);
            return m_page.theySaidSo ? tr("They said so, %1").arg(when)
                                     : tr("Your impression, %1").arg(when);
        }
    }
    return m_page.theySaidSo ? tr("They said so") : tr("Your impression");
}

QString CustomerModel::nextStepDue() const
{
    if (!m_page.nextStepOn)
        return {};
    const QString when = m_context.calendar.dayWords(*m_page.nextStepOn);
    return *m_page.nextStepOn < m_context.calendar.today() ? tr("Was for %1").arg(when)
                                                           : tr("Due %1").arg(when);
}

bool CustomerModel::isNextStepPressing() const
{
    return m_page.nextStepOn
        && static_cast<int>(*m_page.nextStepOn) <= static_cast<int>(m_context.calendar.today()) + 1;
}

}  // namespace tend
