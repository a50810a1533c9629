#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tend::server::http {

// One thread that does what it is given, in order. What came while it worked it gets at once, so
// that several things can be made durable together. offer() from any thread.
template <typename Job>
class WorkQueue {
public:
    // Works on what waits, none left out, and answers after how long it wants to be called again
    // though nothing came.
    using Worker = std::function<std::chrono::milliseconds(std::vector<Job> jobs)>;
    static constexpr std::chrono::milliseconds never = std::chrono::hours(24);

    // `sizeMax`: of all that waits together, in the unit of offer().
    WorkQueue(std::size_t countMax, std::size_t sizeMax, Worker worker)
        : m_countMax(countMax)
        , m_sizeMax(sizeMax)
        , m_worker(std::move(worker))
        , m_thread([this] { run(); })
    {
    }

    // Does all that was taken, then ends.
    ~WorkQueue() { finish(); }

    WorkQueue(const WorkQueue &) = delete;
    WorkQueue &operator=(const WorkQueue &) = delete;

    // False, and nothing taken, when as much waits as may.
    [[nodiscard]] bool offer(Job job, std::size_t size)
    {
        {
            const std::lock_guard lock(m_mutex);
            const bool isFull = m_waiting.size() >= m_countMax
                || (!m_waiting.empty() && m_size + size > m_sizeMax);
            if (m_isOver || isFull)
                return false;
            m_size += size;
            m_waiting.push_back(std::move(job));
        }
        m_wake.notify_one();
        return true;
    }

    // Has the worker called, though there is nothing for it.
    void nudge()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isNudged = true;
        }
        m_wake.notify_one();
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
        auto pause = never;
        std::unique_lock lock(m_mutex);
        while (true) {
            m_wake.wait_for(
                lock, pause, [this] { return m_isOver || m_isNudged || !m_waiting.empty(); });
            m_isNudged = false;
            if (m_isOver && m_waiting.empty())
                return;
            std::vector<Job> jobs = std::exchange(m_waiting, {});
            m_size = 0;
            lock.unlock();
            pause = m_worker(std::move(jobs));
            lock.lock();
        }
    }

    const std::size_t m_countMax;
    const std::size_t m_sizeMax;
    const Worker m_worker;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Job> m_waiting;
    std::size_t m_size = 0;
    bool m_isOver = false;
    bool m_isNudged = false;
    std::thread m_thread;  // last: it uses all above
};

}  // namespace tend::server::http
