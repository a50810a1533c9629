#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>

#include <QObject>
#include <QPointer>
#include <QThread>
#include <QtQml/qqmlregistration.h>

#include "app/journal/session.h"

namespace tend {

// Owns the one worker thread on which a Session is opened, asked and stepped. The user interface
// hands over work and gets the answer back later, as a value; it never waits, except for the
// worker's last job when this object goes.
class AsyncJournal final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AsyncJournal)
    QML_ANONYMOUS
public:
    explicit AsyncJournal(OpenSession open, QObject *parent = nullptr);
    ~AsyncJournal() override;

    // Calls `work(Session &)` on the worker, before any further sync step, then `then(answer)` on
    // the thread of this object while `receiver` lives. The answer is a Result; when the session
    // could not be opened it is that error. Called from the thread of this object.
    template <typename Work, typename Then>
    void run(Work work, QObject *receiver, Then then);

    // Forgets any wait between tries.
    void syncSoon();

signals:
    void opened();
    void openFailed(const replica::Error &error);
    // Rows of the replica changed, by a save or by what was fetched.
    void changed();
    void syncStateChanged(const tend::SyncState &state);

private:
    using Job = std::function<void(Session *)>;

    void post(Job job);
    void deliver(std::function<void()> answer);
    void live();
    [[nodiscard]] bool runJobs();
    void report();
    void sleep(std::chrono::milliseconds pause);

    OpenSession m_open;
    std::mutex m_mutex;
    std::condition_variable m_wanted;
    std::deque<Job> m_jobs;  // under m_mutex
    bool m_stopping = false;  // under m_mutex
    Session *m_awake = nullptr;  // under m_mutex; whom to wake
    std::unique_ptr<Session> m_session;  // the worker's
    replica::Error m_openError{replica::ErrorCode::Io, {}};  // written before the first job runs
    std::uint64_t m_revision = 0;  // the worker's
    std::optional<SyncState> m_state;  // the worker's
    std::unique_ptr<QThread> m_thread;
};

template <typename Work, typename Then>
void AsyncJournal::run(Work work, QObject *receiver, Then then)
{
    using Answer = std::invoke_result_t<Work, Session &>;
    const QPointer<QObject> guard(receiver);
    post([this, work = std::move(work), guard, then = std::move(then)](Session *session) {
        auto answer = std::make_shared<Answer>(
            session != nullptr ? work(*session) : Answer(tl::unexpected(m_openError)));
        deliver([guard, then, answer] {
            if (guard)
                then(std::move(*answer));
        });
    });
}

}  // namespace tend
