#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace tend::server::http {

// One thread that does what it is given, in order. offer() from any thread.
class WorkQueue {
public:
    explicit WorkQueue(std::size_t countMax)
        : m_countMax(countMax)
        , m_thread([this] { run(); })
    {
    }

    // Does all that was taken, then ends.
    ~WorkQueue() { finish(); }

    WorkQueue(const WorkQueue &) = delete;
    WorkQueue &operator=(const WorkQueue &) = delete;

    // False, and nothing taken, when as much waits as may.
    [[nodiscard]] bool offer(std::function<void()> work)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_isOver || m_waiting.size() >= m_countMax)
                return false;
            m_waiting.push_back(std::move(work));
        }
        m_wake.notify_one();
        return true;
    }

    void finish()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_wake.notify_one();
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    void run()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wake.wait(lock, [this] { return m_isOver || !m_waiting.empty(); });
            if (m_waiting.empty())
                return;
            const auto work = std::move(m_waiting.front());
            m_waiting.pop_front();
            lock.unlock();
            work();
            lock.lock();
        }
    }

    const std::size_t m_countMax;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_waiting;
    bool m_isOver = false;
    std::thread m_thread;  // last: it uses all above
};

}  // namespace tend::server::http
