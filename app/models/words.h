#pragma once

#include <QCoreApplication>
#include <QString>

#include "app/journal/journal.h"
#include "app/models/calendar.h"
#include "sync/base/result.h"

namespace tend {

// Every sentence that depends on a value of the journal. Pages hold only words that never change.
class Words {
    Q_DECLARE_TR_FUNCTIONS(tend::Words)
public:
    // What the user was doing when something failed: the same code needs another sentence.
    enum class Doing {
        Opening,
        Reading,
        SavingVisit,
        SavingRemark,
        AddingCustomer,
        Joining,
        Settling
    };
    enum class Device { Phone, Laptop };

    // What happened and what to do, in one or two sentences.
    [[nodiscard]] static QString error(const replica::Error &error, Doing doing);

    [[nodiscard]] static QString groupTitle(TodayGroup group);
    [[nodiscard]] static QString reason(const TodayRow &row, const Calendar &calendar);
    [[nodiscard]] static QString visitKind(VisitKind kind);
    // "Visit, 8 June"; "Call, 20 May, no answer".
    [[nodiscard]] static QString contactTitle(const StoryEntry &entry, const Calendar &calendar);
    [[nodiscard]] static QString feeling(Feeling feeling);
    [[nodiscard]] static QString whereabouts(Whereabouts whereabouts);
    [[nodiscard]] static QString onDevice(Device device);
    // The words inside quotation marks of the language; empty stays empty.
    [[nodiscard]] static QString quoted(const std::string &words);
    // Styled text, with every word of `search` bold wherever it stands in `text`.
    [[nodiscard]] static QString marked(const QString &text, const QString &search);
    // One or two letters for the disc beside a name.
    [[nodiscard]] static QString initials(const QString &name);

    // The neutral line above Today; empty when there is nothing to say.
    [[nodiscard]] static QString syncLine(const SyncState &state, Device device);
    [[nodiscard]] static QString syncTitle(const SyncState &state, Device device);
    [[nodiscard]] static QString syncDetail(
        const SyncState &state, Device device, const Calendar &calendar);
    [[nodiscard]] static QString saved(const SyncState &state, Device device);
    // "When to ring Ana Ruiz", "Ana Ruiz's phone number" and the like for a table's column.
    [[nodiscard]] static QString conflictTitle(const ConflictItem &item);
    [[nodiscard]] static QString columnName(const std::string &column);
    // A column's value as a person reads it: what somebody wrote in quotation marks, a feeling and
    // what was chosen from a list in words.
    [[nodiscard]] static QString columnValue(const std::string &column, const std::string &value);
    [[nodiscard]] static QString tableName(const std::string &table);
    // "Number by Kim, note by you."
    [[nodiscard]] static QString merged(const MergedItem &item);

private:
    [[nodiscard]] static QString waiting(int count, Device device);
    [[nodiscard]] static QString columns(const std::vector<std::string> &names);
    [[nodiscard]] static QString reasonAlone(const TodayRow &row, const Calendar &calendar);
};

}  // namespace tend
