#pragma once

#include "app/models/list_rows.h"
#include "app/models/page_context.h"

namespace tend {

// What was being written when a sheet last closed or the program last died.
class DraftRows final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("TodayModel owns it")
public:
    enum Role { Key = Qt::UserRole, IsRemark, Line };
    Q_ENUM(Role)

    explicit DraftRows(QObject *parent)
        : ListRows(QMetaEnum::fromType<Role>(), parent)
    {
    }
};

// Whom to talk to, and why: the rows of Today in their order, with the words to show.
class TodayModel final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(bool ready READ isReady NOTIFY refreshed FINAL)
    Q_PROPERTY(bool firstRun READ isFirstRun NOTIFY refreshed FINAL)
    Q_PROPERTY(int people READ people NOTIFY refreshed FINAL)
    Q_PROPERTY(QString headline READ headline NOTIFY refreshed FINAL)
    Q_PROPERTY(QString error READ error NOTIFY refreshed FINAL)
    Q_PROPERTY(tend::DraftRows *drafts READ drafts CONSTANT FINAL)
public:
    // What the button at the end of a row does.
    enum Action { Call, Done, Log };
    Q_ENUM(Action)

    // As ReasonKind, in its order.
    enum Reason {
        NextStepDue,
        FollowUpDue,
        PromiseDue,
        GoneQuiet,
        NeverTalked,
        RhythmDue,
        CallAfterSale,
        CircumstanceEnds,
        NeedToConfirm,
        InitiativeDue,
        HandoverToTell,
        AnswerToTell
    };
    Q_ENUM(Reason)

    enum Role {
        CustomerId = Qt::UserRole,
        Who,
        Initials,
        About,
        Why,
        Because,
        Offer,
        EvidenceId,
        GroupTitle,
        GroupCount,
        IsNow,
        First,
        Last,
        Spoken,
    };
    Q_ENUM(Role)

    TodayModel(PageContext &context, QObject *parent);

    [[nodiscard]] bool isReady() const { return m_ready; }

    [[nodiscard]] bool isFirstRun() const
    {
        return m_ready && m_error.isEmpty() && m_customers == 0;
    }

    [[nodiscard]] QString headline() const { return m_context.calendar.headline(); }

    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] DraftRows *drafts() { return &m_drafts; }

    // Whether a visit that was never saved is among the drafts.
    [[nodiscard]] bool hasNewVisit() const { return m_hasNewVisit; }

    // How many customers the rows are about; one may stand in several.
    [[nodiscard]] int people() const;
    // The first row about a customer; -1 for none.
    [[nodiscard]] Q_INVOKABLE int rowOf(const QString &customerId) const;

    void refresh();
    void refreshDrafts();

signals:
    void refreshed();

private:
    void showToday(const std::vector<TodayRow> &rows);
    [[nodiscard]] ShownRow shown(const TodayRow &row) const;

    PageContext &m_context;
    bool m_ready = false;
    std::size_t m_customers = 0;
    QString m_error;
    bool m_hasNewVisit = false;
    DraftRows m_drafts;
};

}  // namespace tend
