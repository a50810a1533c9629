#include "app/models/async_journal.h"

#include <chrono>

namespace tend {

namespace {

// How long one step may wait for the network. A job ends the wait at once, so this only bounds
// how long a silent server is listened to.
constexpr std::chrono::seconds stepPatience{20};

bool same(const SyncState &a, const SyncState &b)
{
    return a.phase == b.phase && a.waiting == b.waiting && a.oldestWaitingAt == b.oldestWaitingAt
        && a.lastSyncedAt == b.lastSyncedAt && a.conflicts == b.conflicts && a.refused == b.refused
        && a.problem == b.problem && a.problemDetails == b.problemDetails
        && a.notSentSince == b.notSentSince;
}

}  // namespace

AsyncJournal::AsyncJournal(OpenSession open, QObject *parent)
    : QObject(parent)
    , m_open(std::move(open))
    , m_thread(QThread::create([this] { live(); }))
{
    m_thread->setObjectName("journal");
    m_thread->start();
}

AsyncJournal::~AsyncJournal()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        if (m_awake != nullptr)
            m_awake->wake();
    }
    m_wanted.notify_one();
    m_thread->wait();
}

void AsyncJournal::syncSoon()
{
    post([](Session *session) {
        if (session != nullptr)
            session->syncSoon();
    });
}

void AsyncJournal::post(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
        if (m_awake != nullptr)
            m_awake->wake();
    }
    m_wanted.notify_one();
}

void AsyncJournal::deliver(std::function<void()> answer)
{
    // This object outlives the worker and looks at the receiver on the receiver's own thread.
    QMetaObject::invokeMethod(this, std::move(answer), Qt::QueuedConnection);
}

void AsyncJournal::live()
{
    auto session = m_open();
    if (session) {
        m_session = std::move(*session);
        m_revision = m_session->revision();
        const std::lock_guard lock(m_mutex);
        m_awake = m_session.get();
    } else {
        m_openError = session.error();
        deliver([this] { emit openFailed(m_openError); });
    }
    if (m_session)
        deliver([this] { emit opened(); });
    report();
    while (runJobs()) {
        const auto pause
            = m_session ? m_session->step(stepPatience) : std::chrono::milliseconds::max();
        report();
        sleep(pause);
    }
    {
        const std::lock_guard lock(m_mutex);
        m_awake = nullptr;
    }
    m_session.reset();
}

bool AsyncJournal::runJobs()
{
    for (;;) {
        Job job;
        {
            const std::lock_guard lock(m_mutex);
            // A save handed over before closing is done first.
            if (m_jobs.empty())
                return !m_stopping;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job(m_session.get());
        report();
    }
}

void AsyncJournal::report()
{
    if (!m_session)
        return;
    const SyncState state = m_session->syncState();
    if (!m_state || !same(*m_state, state)) {
        m_state = state;
        deliver([this, state] { emit syncStateChanged(state); });
    }
    if (const std::uint64_t revision = m_session->revision(); revision != m_revision) {
        m_revision = revision;
        deliver([this] { emit changed(); });
    }
}

void AsyncJournal::sleep(std::chrono::milliseconds pause)
{
    std::unique_lock lock(m_mutex);
    const auto wanted = [this] {
        return m_stopping || !m_jobs.empty();
    };
    // A duration near its maximum overflows inside wait_for; an hour is as good as for ever.
    m_wanted.wait_for(
        lock, std::min<std::chrono::milliseconds>(pause, std::chrono::hours(1)), wanted);
}

}  // namespace tend
