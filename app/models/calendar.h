#pragma once

#include <QDate>
#include <QDateTime>
#include <QString>

#include "app/journal/journal.h"
#include "sync/base/clock.h"

namespace tend {

// Says times and days the way a person does, in the user's own calendar and language. The clock is
// lent and outlives it. Any thread that owns the clock.
class Calendar {
public:
    explicit Calendar(replica::Clock &clock)
        : m_clock(clock)
    {
    }

    [[nodiscard]] WallTime now() const { return m_clock.wallNow(); }

    [[nodiscard]] Day today() const;
    [[nodiscard]] static QDateTime local(WallTime time);
    [[nodiscard]] static QDate date(Day day);
    [[nodiscard]] static Day day(QDate date);

    // "Thursday 11 June".
    [[nodiscard]] QString headline() const;
    // "today", "tomorrow", "yesterday", "Friday" within six days, else "8 June".
    [[nodiscard]] QString dayWords(Day day) const;
    // "8 June", with its year when that is not this one.
    [[nodiscard]] QString dateWords(QDate date) const;

    [[nodiscard]] QString dateWords(WallTime time) const { return dateWords(local(time).date()); }

    // "14:20".
    [[nodiscard]] static QString clockWords(WallTime time);
    // "today 09:12", "yesterday 16:40", "8 June 09:12".
    [[nodiscard]] QString moment(WallTime time) const;
    // "just now", "4 minutes ago", "2 hours ago", then the moment.
    [[nodiscard]] QString ago(WallTime time) const;

private:
    replica::Clock &m_clock;
};

}  // namespace tend
