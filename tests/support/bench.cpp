#include "tests/support/bench.h"

#include <cmath>

#include <QAccessible>
#include <QColor>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QImage>
#include <QQmlEngine>
#include <QQuickWindow>

#include "app/shell/spoken.h"
#include "tests/support/demo_world.h"

namespace tend {

using replica::ErrorCode;

namespace {

ErrorCode codeOf(const QString &how)
{
    static const QHash<QString, ErrorCode> codes{{"full", ErrorCode::Full},
        {"offline", ErrorCode::Offline}, {"invalid", ErrorCode::Invalid},
        {"refused", ErrorCode::Refused}, {"untrusted", ErrorCode::Untrusted},
        {"unauthorized", ErrorCode::Unauthorized}, {"tooNew", ErrorCode::TooNew},
        {"notFound", ErrorCode::NotFound}};
    return codes.value(how, ErrorCode::Io);
}

QVariantMap shown(const VisitDraft &draft)
{
    return {{"visitId", QString::fromStdString(draft.visitId)},
        {"customerId", QString::fromStdString(draft.customerId)},
        {"newCustomer", QString::fromStdString(draft.newCustomerName)},
        {"kind", static_cast<int>(draft.kind)}, {"outcome", static_cast<int>(draft.outcome)},
        {"direction", static_cast<int>(draft.direction)},
        {"feeling", draft.feeling.value_or(LogModel::DidntSay)}, {"theySaidSo", draft.theySaidSo},
        {"said", QString::fromStdString(draft.said)},
        {"impression", QString::fromStdString(draft.impression)},
        {"nextStep", QString::fromStdString(draft.nextStep)},
        {"hasDay", draft.nextStepOn.has_value()}};
}

template <typename Visit>
void walk(QQuickItem *item, Visit visit)
{
    if (item == nullptr || !item->isVisible() || qFuzzyIsNull(item->opacity()))
        return;
    visit(item);
    for (QQuickItem *child : item->childItems())
        walk(child, visit);
}

// Whether a scrolling list or a sheet at rest hides it; what one cannot see one cannot miss.
bool isOnScreen(const QQuickItem *item)
{
    const QRectF scene = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
    return scene.intersects(QRectF(QPointF(), QSizeF(item->window()->size())));
}

QString accessibleName(QQuickItem *item)
{
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(item);
    return face != nullptr ? face->text(QAccessible::Name) : QString();
}

double luminance(const QColor &colour)
{
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF())
        + 0.0722 * part(colour.blueF());
}

}  // namespace

Bench::Bench(QObject *parent)
    : QObject(parent)
    , m_clock(demonstrationNow())
{
    m_preferences.setValue("reduceMotion", true);
    m_preferences.setValue("theme", SettingsModel::Light);
}

Bench::~Bench()
{
    tearDown();
}

void Bench::open(int demonstration)
{
    m_world = makeDemonstration(static_cast<Demonstration>(demonstration));
    m_preferences.setValue("textScale", 1.0);
    build();
}

void Bench::restart()
{
    build();
}

void Bench::build()
{
    tearDown();
    m_journal = std::make_unique<AsyncJournal>(openFake(m_world));
    m_app = std::make_unique<AppState>(*m_journal, m_clock, m_preferences);
    QQmlEngine::setObjectOwnership(m_app.get(), QQmlEngine::CppOwnership);
    emit appChanged();
    settle();
}

void Bench::tearDown()
{
    // The pages let go of the old models before they are gone.
    auto old = std::move(m_app);
    if (old)
        emit appChanged();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    old.reset();
    m_journal.reset();
}

void Bench::settle()
{
    // Twice: an answer may ask again.
    for (int round = 0; round < 2; ++round) {
        bool answered = false;
        QObject receiver;
        m_journal->run([](Session &session) { return session.journal().account(); }, &receiver,
            [&answered](const Result<Account> &) { answered = true; });
        QElapsedTimer timer;
        timer.start();
        while (!answered && timer.elapsed() < 5000)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        QCoreApplication::processEvents();
    }
}

void Bench::fail(const QString &call, const QString &how)
{
    const std::lock_guard lock(m_world->mutex);
    m_world->failures[call.toStdString()] = codeOf(how);
}

void Bench::heal()
{
    const std::lock_guard lock(m_world->mutex);
    m_world->failures.clear();
}

int Bench::calls(const QString &call) const
{
    const std::lock_guard lock(m_world->mutex);
    return call == "syncSoon" ? m_world->syncs : m_world->calls[call.toStdString()];
}

void Bench::setSync(int phase, int waiting, const QString &problem)
{
    {
        const std::lock_guard lock(m_world->mutex);
        m_world->sync = {};
        m_world->sync.phase = static_cast<SyncPhase>(phase);
        m_world->sync.waiting = waiting;
        if (!problem.isEmpty())
            m_world->sync.problem = codeOf(problem);
    }
    settle();
}

void Bench::setStuck(int minutes)
{
    {
        const std::lock_guard lock(m_world->mutex);
        m_world->sync.notSentSince
            = WallTime{replica::inMs(m_clock.wallNow()) - minutes * std::int64_t{60'000}};
    }
    settle();
}

bool Bench::filesMayGo() const
{
    const std::lock_guard lock(m_world->mutex);
    return m_world->mayUseNetworkForFiles;
}

int Bench::savedCount() const
{
    const std::lock_guard lock(m_world->mutex);
    return static_cast<int>(m_world->saved.size());
}

QVariantMap Bench::lastSaved() const
{
    const std::lock_guard lock(m_world->mutex);
    return m_world->saved.empty() ? QVariantMap() : shown(m_world->saved.back());
}

QVariantMap Bench::draft() const
{
    const std::lock_guard lock(m_world->mutex);
    const auto &drafts = m_world->drafts.visits;
    return drafts.empty() ? QVariantMap() : shown(drafts.front());
}

int Bench::draftCount() const
{
    const std::lock_guard lock(m_world->mutex);
    return static_cast<int>(m_world->drafts.visits.size());
}

QString Bench::remarkDraft() const
{
    const std::lock_guard lock(m_world->mutex);
    const auto &remark = m_world->drafts.remark;
    return remark ? QString::fromStdString(remark->words) : QString();
}

QVariantList Bench::remarks() const
{
    const std::lock_guard lock(m_world->mutex);
    QVariantList words;
    for (const FakeRemark &remark : m_world->remarks)
        words.append(QString::fromStdString(remark.words));
    return words;
}

QVariantList Bench::resolved() const
{
    const std::lock_guard lock(m_world->mutex);
    QVariantList takes;
    for (const auto &[id, take] : m_world->resolved)
        takes.append(static_cast<int>(take));
    return takes;
}

int Bench::mergedCount() const
{
    const std::lock_guard lock(m_world->mutex);
    return static_cast<int>(m_world->merged.size());
}

int Bench::contactsOf(const QString &customerId) const
{
    const std::lock_guard lock(m_world->mutex);
    return static_cast<int>(m_world->story[customerId.toStdString()].size());
}

void Bench::addVisits(const QString &customerId, int count)
{
    const std::lock_guard lock(m_world->mutex);
    auto &story = m_world->story[customerId.toStdString()];
    replica::WallTime at = story.empty() ? m_world->now : story.back().at;
    for (int i = 0; i < count; ++i) {
        at = replica::WallTime{replica::inMs(at) - 3'600'000};
        StoryEntry entry;
        entry.visitId = m_world->makeId("visit");
        entry.at = at;
        entry.said = "What they said on that day, number " + std::to_string(i);
        entry.customerFeeling = i % 5 - 2;
        story.push_back(std::move(entry));
    }
}

QVariantMap Bench::scroll(QQuickItem *list, int frames, double step) const
{
    std::vector<double> each;
    for (int i = 0; i < frames; ++i) {
        QElapsedTimer timer;
        timer.start();
        list->setProperty("contentY", list->property("contentY").toDouble() + step);
        if (list->window()->grabWindow().isNull())
            qFatal("nothing was drawn");
        each.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        QCoreApplication::processEvents();
    }
    std::sort(each.begin(), each.end());
    return {{"middle", each.at(each.size() / 2)}, {"slowest", each.back()}};
}

QQuickItem *Bench::find(QQuickItem *root, const QString &name) const
{
    QQuickItem *found = nullptr;
    walk(root, [&](QQuickItem *item) {
        if (found == nullptr && item->objectName() == name)
            found = item;
    });
    return found;
}

QStringList Bench::unreachable(QQuickItem *root, int least) const
{
    QStringList faults;
    walk(root, [&](QQuickItem *item) {
        const bool button = item->inherits("QQuickAbstractButton");
        const bool field = item->inherits("QQuickTextField") || item->inherits("QQuickTextArea");
        if (!(button || field) || !item->isEnabled() || !isOnScreen(item))
            return;
        const QString what = QStringLiteral("%1 '%2' %3x%4")
                                 .arg(item->metaObject()->className(), item->objectName())
                                 .arg(item->width())
                                 .arg(item->height());
        if (item->width() < least - 0.5 || item->height() < least - 0.5)
            faults.append("small: " + what);
        if (accessibleName(item).isEmpty())
            faults.append("nameless: " + what);
    });
    return faults;
}

QStringList Bench::cutWords(QQuickItem *root) const
{
    QStringList faults;
    walk(root, [&](QQuickItem *item) {
        if (!item->inherits("QQuickText") || !isOnScreen(item))
            return;
        const QString text = item->property("text").toString();
        const double content = item->property("contentWidth").toDouble();
        const QRectF scene = item->mapRectToScene(QRectF(0, 0, content, item->height()));
        if (text.isEmpty() || item->property("font").value<QFont>().family() == "Material Icons")
            return;
        const bool outside = scene.left() < -0.5 || scene.right() > item->window()->width() + 0.5;
        const bool wider = content > item->width() + 1.0;
        if (item->property("truncated").toBool() || outside || wider)
            faults.append(text);
    });
    return faults;
}

bool Bench::shows(QQuickItem *root, const QColor &colour) const
{
    const QImage image = root->window()->grabWindow().convertToFormat(QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixel(x, y) == colour.rgb())
                return true;
        }
    }
    return false;
}

double Bench::contrast(const QColor &one, const QColor &other) const
{
    const double a = luminance(one) + 0.05;
    const double b = luminance(other) + 0.05;
    return a > b ? a / b : b / a;
}

void Bench::listen(QQuickItem *root)
{
    m_alerts.clear();
    speakNotices(*m_app, *root, [this](QAccessibleEvent *event) {
        const QAccessibleInterface *face = event->accessibleInterface();
        if (event->type() == QAccessible::Alert && face->role() == QAccessible::AlertMessage)
            m_alerts.append(face->text(QAccessible::Name));
    });
}

QStringList Bench::alerts() const
{
    return m_alerts;
}

}  // namespace tend
