#pragma once

#include "sync/store/replica.h"

namespace replica {

template <typename Work>
auto Replica::whole(Work work) -> decltype(work())
{
    const Facts facts = m_facts;
    const HybridClock stamps = m_stamps;
    const Counter lastCounter = m_lastCounter;
    const bool isNewest = m_isNewest;
    const auto undo = [&] {
        records().rollback();
        m_facts = facts;
        m_stamps = stamps;
        m_lastCounter = lastCounter;
        m_isNewest = isNewest;
    };
    if (Status begun = records().begin(); !begun)
        return tl::unexpected<Error>(begun.error());
    auto result = work();
    if (!result) {
        undo();
        return result;
    }
    if (Status committed = records().commit(); !committed) {
        undo();
        return tl::unexpected<Error>(committed.error());
    }
    return result;
}

}  // namespace replica
