#include "app/models/app_state.h"

#include <chrono>

#include <QClipboard>
#include <QGuiApplication>

namespace tend {

namespace {

constexpr std::chrono::seconds noticeWithAction{5};
constexpr std::chrono::seconds noticeAlone{3};

}  // namespace

AppState::AppState(
    AsyncJournal &journal, replica::Clock &clock, PreferencesPort &preferences, QObject *parent)
    : QObject(parent)
    , m_context{journal, Calendar(clock), Words::Device::Phone, {}}
    , m_today(m_context, this)
    , m_customers(m_context, this)
    , m_customer(m_context, this)
    , m_log(m_context, this)
    , m_remark(m_context, this)
    , m_newCustomer(m_context, this)
    , m_sync(m_context, this)
    , m_settings(m_context, preferences, this)
{
    m_noticeEnds.setSingleShot(true);
    connect(&m_noticeEnds, &QTimer::timeout, this, &AppState::clearNotice);
    // "4 minutes ago" and the day itself go on while nothing happens.
    m_minute.start(std::chrono::minutes(1));
    connect(&m_minute, &QTimer::timeout, this, [this, day = m_context.calendar.today()]() mutable {
        emit m_sync.refreshed();
        if (day != m_context.calendar.today())
            refresh();
        day = m_context.calendar.today();
    });
    listen();
    refresh();
    m_today.refreshDrafts();
}

void AppState::listen()
{
    AsyncJournal *journal = &m_context.journal;
    connect(journal, &AsyncJournal::openFailed, this, [this](const replica::Error &error) {
        m_failure = Words::error(error, Words::Doing::Opening);
        if (m_failure.isEmpty())
            m_failure = QString::fromStdString(error.message);
        emit failureChanged();
    });
    connect(journal, &AsyncJournal::changed, this, &AppState::refresh);
    connect(journal, &AsyncJournal::syncStateChanged, this, [this](const SyncState &state) {
        const bool hadServer = m_context.sync.phase != SyncPhase::NoServer;
        m_context.sync = state;
        m_sync.refresh();
        if (hadServer != (state.phase != SyncPhase::NoServer))
            m_customer.refresh();
        emit syncStateChanged();
    });
    connect(
        &m_log, &LogModel::saved, this, [this](const SavedVisit &visit, const VisitDraft &draft) {
            showNotice(Words::saved(m_context.sync, m_context.device), undoOf(visit, draft));
            m_today.refreshDrafts();
            refresh();
        });
    connect(&m_log, &LogModel::openChanged, &m_today, &TodayModel::refreshDrafts);
    connect(&m_remark, &RemarkModel::openChanged, &m_today, &TodayModel::refreshDrafts);
    connect(&m_remark, &RemarkModel::saved, this, [this](const QString &id) {
        showNotice(Words::saved(m_context.sync, m_context.device),
            [id](Session &session) { return session.journal().removeRemark(id.toStdString()); });
        refresh();
    });
    connect(&m_newCustomer, &NewCustomerModel::added, this, [this](const QString &id) {
        refresh();
        openCustomer(id);
    });
    connect(&m_settings, &SettingsModel::joined, this, [this] {
        showNotice(tr("Joined. Your notes go to the server now."), nullptr);
        refresh();
    });
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, &m_log,
        [this](Qt::ApplicationState state) {
            if (state == Qt::ApplicationActive)
                return;
            m_log.keepNow();
            m_remark.keepNow();
        });
    connect(qGuiApp, &QGuiApplication::layoutDirectionChanged, this, &AppState::rightToLeftChanged);
    connect(&m_customer, &CustomerModel::refreshed, this, &AppState::pageChanged);
}

AppState::Undo AppState::undoOf(const SavedVisit &visit, const VisitDraft &draft)
{
    if (!draft.before)
        return [id = visit.visitId](Session &session) {
            return session.journal().removeVisit(id);
        };
    // Taking a correction back is one more correction: what was corrected is in the history too.
    VisitDraft back = draft;
    static_cast<VisitFields &>(back) = *draft.before;
    back.before = draft;
    back.before->customerId = visit.customerId;
    back.before->newCustomerName.clear();
    return [back](Session &session) -> Status {
        const auto saved = session.journal().saveVisit(back);
        return saved ? Status{} : Status{tl::unexpected<replica::Error>(saved.error())};
    };
}

void AppState::refresh()
{
    m_today.refresh();
    m_customers.refresh();
    m_customer.refresh();
    m_sync.refresh();
    m_settings.refresh();
}

void AppState::setWide(bool wide)
{
    const auto device = wide ? Words::Device::Laptop : Words::Device::Phone;
    if (device == m_context.device)
        return;
    m_context.device = device;
    emit wideChanged();
    emit syncStateChanged();
    emit m_sync.refreshed();
}

bool AppState::isRightToLeft()
{
    return QGuiApplication::layoutDirection() == Qt::RightToLeft;
}

QString AppState::offlineLine() const
{
    return Words::syncLine(m_context.sync, m_context.device);
}

QString AppState::syncLine() const
{
    return tr("Sync. %1").arg(Words::syncTitle(m_context.sync, m_context.device));
}

int AppState::syncMark() const
{
    const SyncState &sync = m_context.sync;
    switch (sync.phase) {
    case SyncPhase::NoServer:
        return NoServerMark;
    case SyncPhase::Offline:
        return OfflineMark;
    case SyncPhase::NeedsPerson:
        return PersonMark;
    case SyncPhase::Idle:
    case SyncPhase::Working:
        break;
    }
    return sync.waiting > 0 ? WaitingMark : DoneMark;
}

int AppState::needsYou() const
{
    const int asked = m_context.sync.conflicts + m_context.sync.refused;
    return asked + (m_context.sync.phase == SyncPhase::NeedsPerson ? 1 : 0);
}

void AppState::receive(const QString &argument)
{
    if (argument.isEmpty())
        return;
    if (!argument.startsWith("tend://join"))
        return showNotice(tr("Contacts cannot be taken in from a file yet."), nullptr);
    // Whether there is a server already is known once the journal has answered.
    m_context.journal.run([](Session &session) { return session.journal().account(); }, this,
        [this, argument](const Result<Account> &) {
            if (!m_sync.mustJoin())
                return showNotice(tr("This device has joined a team already."), nullptr);
            m_settings.setProperty("invitation", argument);
            go(Settings);
        });
}

void AppState::go(Page page)
{
    if (m_page == page && !m_detailOpen)
        return;
    if (m_page != Sync && m_page != Settings && m_page != About)
        m_cameFrom = m_page;
    m_page = page;
    m_detailOpen = false;
    if (page == Sync)
        m_sync.refresh();
    if (page == Settings)
        m_settings.refresh();
    emit pageChanged();
}

void AppState::openCustomer(const QString &customerId)
{
    if (m_page != Today && m_page != Customers)
        m_page = Customers;
    m_detailOpen = true;
    m_customer.open(customerId);
    emit pageChanged();
}

void AppState::select(const QString &customerId)
{
    m_customer.open(customerId);
    emit pageChanged();
}

bool AppState::back()
{
    if (m_page == About) {
        m_page = Settings;
    } else if (m_page == Sync || m_page == Settings) {
        m_page = m_cameFrom;
    } else if (m_detailOpen) {
        m_detailOpen = false;
    } else {
        return false;
    }
    emit pageChanged();
    return true;
}

void AppState::logVisit(const QString &customerId)
{
    clearNotice();
    if (customerId.isEmpty() && m_today.hasNewVisit())
        return m_log.resume();
    m_log.begin(VisitKind::FaceToFace, customerId);
}

void AppState::logCall(const QString &customerId)
{
    clearNotice();
    m_log.begin(VisitKind::Call, customerId);
}

void AppState::markDone(const QString &visitId)
{
    const std::string id = visitId.toStdString();
    m_context.journal.run(
        [id](Session &session) { return session.journal().setNextStep(id, StepState::Done); }, this,
        [this, id](const Status &status) {
            if (!status)
                return showNotice(Words::error(status.error(), Words::Doing::Settling), nullptr);
            showNotice(tr("Done."), [id](Session &session) {
                return session.journal().setNextStep(id, StepState::Open);
            });
        });
}

void AppState::putOff(const QString &visitId)
{
    struct Moved {
        SavedVisit visit;
        VisitDraft draft;
    };

    const Day tomorrow{static_cast<int>(m_context.calendar.today()) + 1};
    m_context.journal.run(
        [id = visitId.toStdString(), tomorrow](Session &session) -> Result<Moved> {
            Moved moved;
            moved.draft = TRY(session.journal().visit(id));
            moved.draft.nextStepOn = tomorrow;
            moved.visit = TRY(session.journal().saveVisit(moved.draft));
            return moved;
        },
        this,
        [this](const Result<Moved> &moved) {
            if (!moved)
                return showNotice(Words::error(moved.error(), Words::Doing::Settling), nullptr);
            showNotice(tr("Put off until tomorrow."), undoOf(moved->visit, moved->draft));
        });
}

void AppState::actOnToday(TodayKey key)
{
    const int row = m_today.rowOf(selected());
    if (row < 0)
        return;
    const ShownRow &shown = m_today.rows().at(row);
    const QString evidence = shown.value(TodayModel::EvidenceId).toString();
    const bool isStep = shown.value(TodayModel::Because).toInt() == TodayModel::NextStepDue;
    switch (key) {
    case LogKey:
        return logVisit(selected());
    case CallKey:
        if (m_customer.phone().isEmpty())
            return showNotice(tr("There is no number for %1.").arg(m_customer.name()), nullptr);
        return isWide() ? copyNumber() : call(selected());
    case DoneKey:
        // Anything else is done by talking to them.
        return isStep ? markDone(evidence) : logVisit(selected());
    case SnoozeKey:
        if (!isStep)
            return showNotice(tr("Only an agreed next step can be put off."), nullptr);
        return putOff(evidence);
    }
}

void AppState::correct(const QString &visitId)
{
    clearNotice();
    m_log.correct(visitId);
}

void AppState::correctLast()
{
    const QString visitId = m_customer.story()->lastOfMine();
    if (!visitId.isEmpty())
        correct(visitId);
}

void AppState::continueDraft(const QString &key, bool isRemark)
{
    if (isRemark)
        return writeRemark();
    clearNotice();
    m_log.resume(key);
}

void AppState::call(const QString &customerId)
{
    m_context.journal.run([id = customerId.toStdString()](
                              Session &session) { return session.journal().customer(id); },
        this,
        [this](const Result<CustomerPage> &page) {
            if (page && m_opener && !page->phone.empty())
                m_opener("tel:" + QString::fromStdString(page->phone).remove(' '));
        });
    logCall(customerId);
}

void AppState::message()
{
    if (m_opener && !m_customer.phone().isEmpty())
        m_opener("sms:" + m_customer.phone().remove(' '));
}

void AppState::copyNumber()
{
    QGuiApplication::clipboard()->setText(m_customer.phone());
    showNotice(tr("Number copied."), nullptr);
}

void AppState::copyDetails(const QString &details)
{
    QGuiApplication::clipboard()->setText(details);
    showNotice(tr("Details copied."), nullptr);
}

void AppState::writeRemark(const QString &customerId)
{
    clearNotice();
    m_remark.begin(customerId);
}

void AppState::addCustomer(const QString &name)
{
    clearNotice();
    m_newCustomer.begin(name);
}

void AppState::undo()
{
    if (!m_undo)
        return;
    m_context.journal.run(m_undo, this, [this](const Status &status) {
        if (!status)
            showNotice(Words::error(status.error(), Words::Doing::Settling), nullptr);
        refresh();
    });
    clearNotice();
}

void AppState::syncNow()
{
    m_context.journal.syncSoon();
}

void AppState::showNotice(const QString &notice, Undo undo)
{
    m_notice = notice;
    m_undo = std::move(undo);
    m_noticeEnds.start(m_undo ? noticeWithAction : noticeAlone);
    emit noticeChanged();
    emit noticeShown();
}

void AppState::clearNotice()
{
    m_noticeEnds.stop();
    m_notice.clear();
    m_undo = nullptr;
    emit noticeChanged();
}

}  // namespace tend
