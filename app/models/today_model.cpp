#include "app/models/today_model.h"

#include <algorithm>
#include <map>

namespace tend {

namespace {

struct TodayAnswer {
    std::vector<TodayRow> rows;
    std::size_t customers = 0;
};

Result<TodayAnswer> askToday(Session &session, Day today)
{
    TodayAnswer answer;
    answer.rows = TRY(session.journal().today(today));
    // Only an empty page needs to know whether anybody was ever added.
    answer.customers = answer.rows.empty() ? TRY(session.journal().customers({})).size() : 1;
    return answer;
}

TodayModel::Action offer(const TodayRow &row)
{
    if (row.hasPhone)
        return TodayModel::Call;
    return row.reason == ReasonKind::NextStepDue ? TodayModel::Done : TodayModel::Log;
}

Result<QString> askDraftName(Session &session)
{
    const auto draft = TRY(session.journal().draft());
    if (!draft)
        return QString();
    if (!draft->newCustomerName.empty())
        return QString::fromStdString(draft->newCustomerName);
    if (draft->customerId.empty())
        return TodayModel::tr("someone");
    return QString::fromStdString(TRY(session.journal().customer(draft->customerId)).name);
}

}  // namespace

TodayModel::TodayModel(PageContext &context, QObject *parent)
    : ListRows(QMetaEnum::fromType<Role>(), parent)
    , m_context(context)
{
}

void TodayModel::refresh()
{
    m_context.journal.run(
        [day = m_context.calendar.today()](Session &session) { return askToday(session, day); },
        this,
        [this](Result<TodayAnswer> answer) {
            m_ready = true;
            m_error = answer ? QString() : Words::error(answer.error(), Words::Doing::Reading);
            if (answer) {
                m_customers = answer->customers;
                showToday(answer->rows);
            }
            emit refreshed();
        });
}

void TodayModel::refreshDraft()
{
    m_context.journal.run(askDraftName, this, [this](Result<QString> name) {
        QString line;
        if (name && !name->isEmpty())
            line = tr("You were writing about %1").arg(*name);
        if (line == m_draftLine)
            return;
        m_draftLine = line;
        emit draftChanged();
    });
}

void TodayModel::markDone(const QString &visitId)
{
    m_context.journal.run([id = visitId.toStdString()](
                              Session &session) { return session.journal().setNextStepDone(id); },
        this,
        [this](Status status) {
            m_error = status ? QString() : Words::error(status.error(), Words::Doing::Settling);
            refresh();
        });
}

void TodayModel::showToday(const std::vector<TodayRow> &rows)
{
    std::map<TodayGroup, int> counts;
    for (const TodayRow &row : rows)
        ++counts[row.group];
    QList<ShownRow> list;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ShownRow row = shown(rows[i]);
        row.set(GroupCount, counts[rows[i].group]);
        row.set(First, i == 0 || rows[i - 1].group != rows[i].group);
        row.set(Last, i + 1 == rows.size() || rows[i + 1].group != rows[i].group);
        list.append(row);
    }
    show(list);
}

ShownRow TodayModel::shown(const TodayRow &row) const
{
    const QString who = QString::fromStdString(row.who);
    const QString about = QString::fromStdString(row.about);
    const QString why = Words::reason(row, m_context.calendar);
    const QString customerId = QString::fromStdString(row.customerId);
    const QString evidence = QString::fromStdString(row.evidenceId);
    const QString spoken
        = about.isEmpty() ? tr("%1, %2").arg(who, why) : tr("%1, %2, %3").arg(who, about, why);
    return {customerId + '/' + evidence,
        {customerId, who, Words::initials(who), about, why, static_cast<int>(row.reason),
            static_cast<int>(offer(row)), evidence, Words::groupTitle(row.group), 0,
            row.group == TodayGroup::Now, false, false, spoken}};
}

}  // namespace tend
