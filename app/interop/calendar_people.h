#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/interop/calendar_entry.h"

namespace tend {

struct CalendarCustomer {
    std::optional<replica::RowId> id;
    std::string shared;  // a name or address it has, and several customers as well
    std::vector<std::string> others;  // names of customers that are among its people too

    // Why there is none, and the way out.
    [[nodiscard]] std::string whyNobody() const;
};

// Whom an entry of a calendar is about: the customer it names by our id; else the one with an
// e-mail address of its people; else the one whose whole name stands in its contact or title, the
// longest that does. What several customers share names nobody. Reads all customers once.
class CalendarPeople {
public:
    explicit CalendarPeople(const Interop &interop)
        : m_interop(interop)
    {
    }

    [[nodiscard]] Result<CalendarCustomer> customerOf(const CalendarEntry &entry);

private:
    using Ids = std::unordered_map<std::string, replica::RowId>;

    [[nodiscard]] Status readCustomers();
    [[nodiscard]] std::optional<replica::RowId> named(
        const CalendarEntry &entry, CalendarCustomer &found) const;
    // The one customer that the key is of; where it is of several, that is noted.
    [[nodiscard]] static std::optional<replica::RowId> only(
        const Ids &ids, const std::string &key, CalendarCustomer &found);

    const Interop &m_interop;
    bool m_hasRead = false;
    Ids m_byEmail;
    Ids m_byName;
};

}  // namespace tend
