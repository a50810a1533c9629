#include "app/models/words.h"

#include <algorithm>
#include <array>

#include <QLocale>
#include <QStringList>

namespace tend {

using replica::ErrorCode;

namespace {

QString invalid(const replica::Error &error, Words::Doing doing)
{
    using Doing = Words::Doing;
    switch (doing) {
    case Doing::SavingVisit:
        return Words::tr("Choose who this was.");
    case Doing::SavingRemark:
        return Words::tr("Write down what was said first.");
    case Doing::AddingCustomer:
        return Words::tr("Enter a name, or pick one from the list.");
    case Doing::Joining:
        return Words::tr("This is not an invitation. Copy the whole line that begins with "
                         "tend://join and paste it here.");
    case Doing::Opening:
    case Doing::Reading:
    case Doing::Settling:
        break;
    }
    return QString::fromStdString(error.message);
}

QString full(Words::Doing doing)
{
    return doing == Words::Doing::SavingVisit || doing == Words::Doing::SavingRemark
        ? Words::tr("Disk is full. Free some space; your note is still open here.")
        : Words::tr("Disk is full. Free some space, then try again.");
}

}  // namespace

QString Words::error(const replica::Error &error, Doing doing)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        if (doing == Doing::Opening)
            return QString::fromStdString(error.message);
        return doing == Doing::Settling ? tr("This was settled meanwhile. Nothing is left to do.")
                                        : tr("This is no longer here. Someone deleted it.");
    case ErrorCode::Invalid:
        return invalid(error, doing);
    case ErrorCode::Conflict:
        return tr("Someone changed this meanwhile. Look again, then save.");
    case ErrorCode::Offline:
        return tr("There is no connection to this server. Try again where there is one.");
    case ErrorCode::Unauthorized:
        if (doing == Doing::Opening)
            return tr("The key of this journal is not at hand. Unlock your keychain and start Tend "
                      "again. Nothing was lost.");
        return tr("The server no longer knows this device. Ask for a new invitation.");
    case ErrorCode::Untrusted:
        return tr("This server could not prove who it is. Nothing was sent. Ask for a new "
                  "invitation.");
    case ErrorCode::Refused:
        return doing == Doing::Joining
            ? tr("This invitation was used or has run out. Ask for a new one.")
            : tr("The server did not take this. Your words are safe here.");
    case ErrorCode::Corrupt:
        return tr("The journal on this device is damaged. Keep the file and restore a backup.");
    case ErrorCode::Full:
        return full(doing);
    case ErrorCode::Busy:
        return tr("Another program is using the journal. Close it and try again.");
    case ErrorCode::TooNew:
        return tr("A newer Tend wrote this. Update the app to go on.");
    case ErrorCode::Io:
        return tr("The journal could not be written to the disk. Check it, then try again.");
    }
    return {};
}

QString Words::groupTitle(TodayGroup group)
{
    switch (group) {
    case TodayGroup::Now:
        return tr("Now");
    case TodayGroup::Soon:
        return tr("Soon");
    case TodayGroup::GoneQuiet:
        return tr("Gone quiet");
    }
    return {};
}

QString Words::reason(const TodayRow &row, const Calendar &calendar)
{
    const QString why = reasonAlone(row, calendar);
    return row.shouldHandOver ? tr("%1. Hand over: whose it was has left").arg(why) : why;
}

QString Words::reasonAlone(const TodayRow &row, const Calendar &calendar)
{
    const QString when = calendar.dayWords(row.day);
    const bool past = row.day < calendar.today();
    switch (row.reason) {
    case ReasonKind::NextStepDue:
        return past ? tr("Agreed for %1").arg(when) : tr("You agreed on it for %1").arg(when);
    case ReasonKind::FollowUpDue:
        return past ? tr("Follow-up due since %1").arg(when) : tr("Follow-up due %1").arg(when);
    case ReasonKind::PromiseDue:
        return tr("You promised it by %1").arg(when);
    case ReasonKind::GoneQuiet:
        return tr("No talk since %1").arg(when);
    case ReasonKind::NeverTalked:
        return tr("Added %1, no talk yet").arg(when);
    case ReasonKind::RhythmDue:
        return tr("Time to talk since %1").arg(when);
    case ReasonKind::CallAfterSale:
        return past ? tr("Call after the sale, due since %1").arg(when)
                    : tr("Call after the sale, %1").arg(when);
    case ReasonKind::CircumstanceEnds:
        return past ? tr("Was to end %1: ask how it is now").arg(when)
                    : tr("Ends %1: ask how it is").arg(when);
    case ReasonKind::NeedToConfirm:
        return tr("They have it now: ask if it is right");
    case ReasonKind::InitiativeDue:
        return past ? tr("In your plan for %1, not done yet").arg(when)
                    : tr("In your plan for %1").arg(when);
    case ReasonKind::HandoverToTell:
        return tr("With you since %1: tell them").arg(when);
    case ReasonKind::AnswerToTell:
        return tr("Answered %1: tell them").arg(when);
    }
    return {};
}

QString Words::visitKind(VisitKind kind)
{
    switch (kind) {
    case VisitKind::FaceToFace:
        return tr("Visit");
    case VisitKind::Call:
        return tr("Call");
    case VisitKind::Counter:
        return tr("Counter");
    case VisitKind::Group:
        return tr("Group");
    case VisitKind::Message:
        return tr("Message");
    }
    return {};
}

QString Words::contactTitle(const StoryEntry &entry, const Calendar &calendar)
{
    const QString title = tr("%1, %2").arg(visitKind(entry.kind), calendar.dateWords(entry.at));
    switch (entry.outcome) {
    case Outcome::Met:
        return title;
    case Outcome::NoAnswer:
        return tr("%1, no answer").arg(title);
    case Outcome::LeftMessage:
        return tr("%1, left a message").arg(title);
    }
    return title;
}

QString Words::feeling(Feeling feeling)
{
    if (!feeling)
        return tr("Didn’t say");
    static const std::array words{QT_TR_NOOP("Upset"), QT_TR_NOOP("Unhappy"), QT_TR_NOOP("So-so"),
        QT_TR_NOOP("Happy"), QT_TR_NOOP("Delighted")};
    const auto index = static_cast<std::size_t>(*feeling + 2);
    return index < words.size() ? tr(words.at(index)) : QString();
}

QString Words::whereabouts(Whereabouts whereabouts)
{
    switch (whereabouts) {
    case Whereabouts::Waiting:
        return tr("Waiting");
    case Whereabouts::OnServer:
        return tr("On the server");
    case Whereabouts::SeenByOffice:
        return tr("Seen by the office");
    case Whereabouts::NeedsYou:
        return tr("Needs you");
    }
    return {};
}

QString Words::onDevice(Device device)
{
    return device == Device::Phone ? tr("On this phone") : tr("On this laptop");
}

QString Words::quoted(const std::string &words)
{
    if (words.empty())
        return {};
    const QString text = QString::fromStdString(words);
    // The marks follow the script of the words, not the language of the app.
    return text.isRightToLeft() ? QStringLiteral("«%1»").arg(text)
                                : QStringLiteral("“%1”").arg(text);
}

QString Words::marked(const QString &text, const QString &search)
{
    std::vector<bool> isBold(static_cast<std::size_t>(text.size()));
    for (const QString &word : search.simplified().split(' ', Qt::SkipEmptyParts)) {
        for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
             at = text.indexOf(word, at + 1, Qt::CaseInsensitive))
            std::fill_n(isBold.begin() + at, word.size(), true);
    }
    QString out;
    for (qsizetype from = 0; from < text.size();) {
        const auto begin = isBold.begin() + from;
        const qsizetype to = std::find(begin, isBold.end(), !*begin) - isBold.begin();
        const QString part = text.mid(from, to - from).toHtmlEscaped().replace('\n', "<br>");
        out += *begin ? "<b>" + part + "</b>" : part;
        from = to;
    }
    return out;
}

QString Words::initials(const QString &name)
{
    static const QStringList particles{"de", "van", "von", "der", "den", "la", "el", "da"};
    QString letters;
    QString last;
    for (const QString &part : name.split(' ', Qt::SkipEmptyParts)) {
        if (!part.front().isLetterOrNumber() || (!letters.isEmpty() && particles.contains(part)))
            continue;
        if (letters.isEmpty())
            letters = part.front().toUpper();
        else
            last = part.front().toUpper();
    }
    return letters + last;
}

QString Words::conflictTitle(const ConflictItem &item)
{
    const QString title = QString::fromStdString(item.rowTitle);
    if (item.column.empty())
        return tr("Keep %1, or let go?").arg(title);
    if (item.column == "terms")
        return tr("When to ring %1").arg(title);
    return tr("%1 of %2").arg(columnName(item.column), title);
}

QString Words::columnName(const std::string &column)
{
    static const std::array<std::pair<const char *, const char *>, 13> names{{
        {"phone", QT_TR_NOOP("Phone number")},
        {"name", QT_TR_NOOP("Name")},
        {"place", QT_TR_NOOP("Place")},
        {"address", QT_TR_NOOP("Address")},
        {"terms", QT_TR_NOOP("Terms")},
        {"note", QT_TR_NOOP("Note")},
        {"said", QT_TR_NOOP("What was said")},
        {"impression", QT_TR_NOOP("Impression")},
        {"next_step", QT_TR_NOOP("Next step")},
        {"customer_feeling", QT_TR_NOOP("Feeling")},
        {"customer_rating", QT_TR_NOOP("Their rating")},
        {"rep_feeling", QT_TR_NOOP("Our impression")},
        {"email", QT_TR_NOOP("Mail address")},
    }};
    for (const auto &[key, word] : names) {
        if (column == key)
            return tr(word);
    }
    QString plain = QString::fromStdString(column).replace('_', ' ');
    if (!plain.isEmpty())
        plain.front() = plain.front().toUpper();
    return plain;
}

QString Words::columnValue(const std::string &column, const std::string &value)
{
    static constexpr std::array chosen{"effect", "kind", "outcome", "state"};
    if (column == "customer_feeling" || column == "rep_feeling") {
        bool isNumber = false;
        const int number = QString::fromStdString(value).toInt(&isNumber);
        return isNumber ? feeling(number) : quoted(value);
    }
    if (column == "customer_rating")
        return tr("%1 of 10").arg(QString::fromStdString(value));
    if (std::find(chosen.begin(), chosen.end(), column) == chosen.end())
        return quoted(value);
    QString plain = QString::fromStdString(value).replace('_', ' ');
    if (!plain.isEmpty())
        plain.front() = plain.front().toUpper();
    return plain;
}

QString Words::tableName(const std::string &table)
{
    if (table == "visit")
        return tr("Visit");
    if (table == "remark")
        return tr("Remark");
    if (table == "promise")
        return tr("Promise");
    if (table == "follow_up")
        return tr("Follow-up");
    return tr("Customer");
}

QString Words::columns(const std::vector<std::string> &names)
{
    QStringList words;
    for (const std::string &name : names)
        words.append(columnName(name).toLower());
    return QLocale().createSeparatedList(words);
}

QString Words::merged(const MergedItem &item)
{
    const QString by = item.by.empty() ? tr("another device") : QString::fromStdString(item.by);
    QString theirs = tr("%1 by %2").arg(columns(item.theirColumns), by);
    if (!theirs.isEmpty())
        theirs.front() = theirs.front().toUpper();
    return item.mineColumns.empty() ? tr("%1.").arg(theirs)
                                    : tr("%1, %2 by you.").arg(theirs, columns(item.mineColumns));
}

}  // namespace tend
