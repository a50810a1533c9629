#include "app/models/sync_model.h"

namespace tend {

namespace {

QString sideWords(const std::string &column, const Side &side, bool deleted)
{
    if (deleted)
        return SyncModel::tr("Deleted it");
    return side.value.empty() ? SyncModel::tr("Left it empty")
                              : Words::columnValue(column, side.value);
}

}  // namespace

SyncModel::SyncModel(PageContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_waiting(this)
    , m_conflicts(this)
    , m_merged(this)
    , m_refused(this)
{
}

QString SyncModel::title() const
{
    return Words::syncTitle(m_context.sync, m_context.device);
}

QString SyncModel::detail() const
{
    return Words::syncDetail(m_context.sync, m_context.device, m_context.calendar);
}

QString SyncModel::problem() const
{
    // No route is no error: the title has said it.
    const auto &problem = m_context.sync.problem;
    if (!problem || *problem == replica::ErrorCode::Offline)
        return {};
    return Words::error({*problem, m_context.sync.problemDetails}, Words::Doing::Settling);
}

QString SyncModel::problemDetails() const
{
    return problem().isEmpty() ? QString() : QString::fromStdString(m_context.sync.problemDetails);
}

QString SyncModel::waitingTitle() const
{
    return m_context.device == Words::Device::Phone ? tr("Waiting on this phone")
                                                    : tr("Waiting on this laptop");
}

bool SyncModel::hasServer() const
{
    return m_context.sync.phase != SyncPhase::NoServer;
}

bool SyncModel::needsPerson() const
{
    return m_context.sync.phase == SyncPhase::NeedsPerson;
}

bool SyncModel::mustJoin() const
{
    if (!hasServer())
        return true;
    const auto &problem = m_context.sync.problem;
    return needsPerson()
        && (problem == replica::ErrorCode::Unauthorized
            || problem == replica::ErrorCode::Untrusted);
}

bool SyncModel::isOffline() const
{
    return m_context.sync.phase == SyncPhase::Offline;
}

int SyncModel::asked() const
{
    return m_context.sync.conflicts + m_context.sync.refused;
}

void SyncModel::refresh()
{
    m_context.journal.run([](Session &session) { return session.journal().syncReport(); }, this,
        [this](Result<SyncReport> report) {
            if (report)
                showReport(*report);
            else
                m_error = Words::error(report.error(), Words::Doing::Reading);
            emit refreshed();
        });
}

void SyncModel::tryNow()
{
    m_context.journal.syncSoon();
}

void SyncModel::resolve(const QString &conflictId, Take take)
{
    m_context.journal.run(
        [id = conflictId.toStdString(), take](Session &session) {
            return session.journal().resolve(id, static_cast<tend::Take>(take));
        },
        this, [this](const Status &status) { settled(status); });
}

void SyncModel::undoMerge(const QString &mergedId)
{
    m_context.journal.run(
        [id = mergedId.toStdString()](Session &session) { return session.journal().undoMerge(id); },
        this, [this](const Status &status) { settled(status); });
}

void SyncModel::settled(const Status &status)
{
    m_error = status ? QString() : Words::error(status.error(), Words::Doing::Settling);
    refresh();
}

void SyncModel::showReport(const SyncReport &report)
{
    QList<ShownRow> waiting;
    for (std::size_t i = 0; i < report.waiting.size(); ++i) {
        const WaitingItem &item = report.waiting[i];
        const QString title = QString::fromStdString(item.title);
        const QString what = Words::tableName(item.table);
        const QString detail = tr("%1, %2").arg(what, m_context.calendar.moment(item.at));
        waiting.append({QString::fromStdString(item.rowId),
            {QString::fromStdString(item.table), title, detail, i == 0,
                i + 1 == report.waiting.size(), tr("%1, %2, waiting").arg(title, detail)}});
    }
    m_waiting.show(waiting);

    QList<ShownRow> conflicts;
    for (const ConflictItem &item : report.conflicts)
        conflicts.append(shown(item));
    m_conflicts.show(conflicts);

    QList<ShownRow> merged;
    for (std::size_t i = 0; i < report.merged.size(); ++i) {
        const MergedItem &item = report.merged[i];
        const QString id = QString::fromStdString(item.id);
        merged.append({id,
            {id, QString::fromStdString(item.rowTitle), Words::merged(item), i == 0,
                i + 1 == report.merged.size()}});
    }
    m_merged.show(merged);

    QList<ShownRow> refused;
    for (std::size_t i = 0; i < report.refused.size(); ++i) {
        const RefusedItem &item = report.refused[i];
        const QString id = QString::fromStdString(item.id);
        refused.append({id,
            {id, QString::fromStdString(item.title), QString::fromStdString(item.reason), i == 0,
                i + 1 == report.refused.size()}});
    }
    m_refused.show(refused);
}

ShownRow SyncModel::shown(const ConflictItem &item) const
{
    const QString id = QString::fromStdString(item.id);
    const QString by
        = item.theirs.by.empty() ? tr("Your other device") : QString::fromStdString(item.theirs.by);
    const bool deleted = item.mineDeleted || item.theirsDeleted;
    return {id,
        {id, Words::conflictTitle(item),
            deleted ? tr("One of you deleted this while the other wrote in it.")
                    : tr("You both wrote it down. Which is right?"),
            tr("You"), m_context.calendar.moment(item.mine.at),
            sideWords(item.column, item.mine, item.mineDeleted), by,
            m_context.calendar.moment(item.theirs.at),
            sideWords(item.column, item.theirs, item.theirsDeleted),
            item.theirs.by.empty() ? tr("The other") : tr("%1’s").arg(by), item.canKeepBoth}};
}

}  // namespace tend
