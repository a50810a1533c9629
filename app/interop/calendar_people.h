#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "app/interop/calendar_entry.h"

namespace tend {

// Whom an entry of a calendar is about: the customer it names by our id; else the one with an
// e-mail address of its people; else the one whose whole name stands in its contact or title, the
// longest that does. What several customers share names nobody. Reads all customers once.
class CalendarPeople {
public:
    explicit CalendarPeople(const Interop &interop)
        : m_interop(interop)
    {
    }

    [[nodiscard]] Result<std::optional<replica::RowId>> customerOf(const CalendarEntry &entry);

private:
    [[nodiscard]] Status readCustomers();

    const Interop &m_interop;
    bool m_hasRead = false;
    std::unordered_map<std::string, replica::RowId> m_byEmail;
    std::unordered_map<std::string, replica::RowId> m_byName;
};

}  // namespace tend
