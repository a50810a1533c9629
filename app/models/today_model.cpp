#include "app/models/today_model.h"

#include <algorithm>
#include <map>

#include <QSet>

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

struct NamedDrafts {
    Drafts drafts;
    std::vector<QString> names;  // of those the visit drafts are about
};

Result<NamedDrafts> askDrafts(Session &session)
{
    NamedDrafts answer;
    answer.drafts = TRY(session.journal().drafts());
    for (const VisitDraft &draft : answer.drafts.visits) {
        QString name = QString::fromStdString(draft.newCustomerName);
        // One who was deleted meanwhile has no name any more; the words are still there.
        if (const auto page = session.journal().customer(draft.customerId); page && name.isEmpty())
            name = QString::fromStdString(page->name);
        answer.names.push_back(name.isEmpty() ? TodayModel::tr("someone") : name);
    }
    return answer;
}

}  // namespace

TodayModel::TodayModel(PageContext &context, QObject *parent)
    : ListRows(QMetaEnum::fromType<Role>(), parent)
    , m_context(context)
    , m_drafts(this)
{
}

int TodayModel::people() const
{
    QSet<QString> ids;
    for (const ShownRow &row : rows())
        ids.insert(row.value(CustomerId).toString());
    return static_cast<int>(ids.size());
}

int TodayModel::rowOf(const QString &customerId) const
{
    const auto found = std::find_if(rows().begin(), rows().end(),
        [&](const ShownRow &row) { return row.value(CustomerId).toString() == customerId; });
    return found == rows().end() ? -1 : static_cast<int>(found - rows().begin());
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

void TodayModel::refreshDrafts()
{
    m_context.journal.run(askDrafts, this, [this](Result<NamedDrafts> answer) {
        if (!answer)
            return;
        QList<ShownRow> rows;
        m_hasNewVisit = false;
        for (std::size_t i = 0; i < answer->names.size(); ++i) {
            const VisitDraft &draft = answer->drafts.visits[i];
            const QString key = QString::fromStdString(draft.key);
            m_hasNewVisit = m_hasNewVisit || draft.visitId.empty();
            const QString line = draft.visitId.empty() ? tr("You were writing about %1")
                                                       : tr("You were correcting a note on %1");
            rows.append({key, {key, false, line.arg(answer->names[i])}});
        }
        if (answer->drafts.remark)
            rows.append({"remark", {"remark", true, tr("You were writing a remark")}});
        m_drafts.show(rows);
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
