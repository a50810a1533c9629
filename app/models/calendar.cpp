#include "app/models/calendar.h"

#include <QCoreApplication>
#include <QLocale>

namespace tend {

namespace {

constexpr qint64 epochJulianDay = 2440588;  // 1970-01-01

QString tr(const char *text, int count = -1)
{
    return QCoreApplication::translate("Calendar", text, nullptr, count);
}

}  // namespace

Day Calendar::today() const
{
    return day(local(now()).date());
}

QDateTime Calendar::local(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(replica::inMs(time));
}

QDate Calendar::date(Day day)
{
    return QDate::fromJulianDay(static_cast<qint64>(day) + epochJulianDay);
}

Day Calendar::day(QDate date)
{
    return Day{static_cast<std::int32_t>(date.toJulianDay() - epochJulianDay)};
}

QString Calendar::headline() const
{
    return QLocale().toString(local(now()), tr("dddd d MMMM"));
}

QString Calendar::dayWords(Day day) const
{
    const int away = static_cast<int>(day) - static_cast<int>(today());
    if (away == 0)
        return tr("today");
    if (away == 1)
        return tr("tomorrow");
    if (away == -1)
        return tr("yesterday");
    if (away > -7 && away < 7)
        return QLocale().toString(date(day), "dddd");
    return dateWords(date(day));
}

QString Calendar::dateWords(QDate date) const
{
    const bool thisYear = date.year() == local(now()).date().year();
    return QLocale().toString(date, thisYear ? tr("d MMMM") : tr("d MMMM yyyy"));
}

QString Calendar::clockWords(WallTime time)
{
    return local(time).toString("HH:mm");
}

QString Calendar::moment(WallTime time) const
{
    const QDate date = local(time).date();
    const int away = static_cast<int>(day(date)) - static_cast<int>(today());
    const QString words = away == 0 || away == -1 ? dayWords(day(date)) : dateWords(date);
    return QStringLiteral("%1 %2").arg(words, clockWords(time));
}

QString Calendar::ago(WallTime time) const
{
    const qint64 minutes = (replica::inMs(now()) - replica::inMs(time)) / 60'000;
    if (minutes < 1)
        return tr("just now");
    if (minutes < 60)
        return tr("%n minute(s) ago", static_cast<int>(minutes));
    if (minutes < 6 * 60)
        return tr("%n hour(s) ago", static_cast<int>(minutes / 60));
    return moment(time);
}

}  // namespace tend
