#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

// A map whose changes since mark() can be taken back: what a transaction is, in memory.
class UndoLog {
public:
    void add(std::function<void()> step)
    {
        if (m_isOn)
            m_steps.push_back(std::move(step));
    }

    void mark()
    {
        m_steps.clear();
        m_isOn = true;
    }

    void keep()
    {
        m_steps.clear();
        m_isOn = false;
    }

    void takeBack()
    {
        m_isOn = false;
        for (auto step = m_steps.rbegin(); step != m_steps.rend(); ++step)
            (*step)();
        m_steps.clear();
    }

private:
    std::vector<std::function<void()>> m_steps;
    bool m_isOn = false;
};

template <typename Key, typename Value>
class UndoMap {
public:
    [[nodiscard]] const Value *find(const Key &key) const
    {
        const auto at = m_map.find(key);
        return at == m_map.end() ? nullptr : &at->second;
    }

    void set(UndoLog &log, const Key &key, Value value)
    {
        remember(log, key);
        m_map.insert_or_assign(key, std::move(value));
    }

    void erase(UndoLog &log, const Key &key)
    {
        remember(log, key);
        m_map.erase(key);
    }

    [[nodiscard]] const std::map<Key, Value> &all() const { return m_map; }

private:
    void remember(UndoLog &log, const Key &key)
    {
        const auto at = m_map.find(key);
        std::optional<Value> before;
        if (at != m_map.end())
            before = at->second;
        log.add([this, key, before = std::move(before)] {
            if (before)
                m_map.insert_or_assign(key, *before);
            else
                m_map.erase(key);
        });
    }

    std::map<Key, Value> m_map;
};
