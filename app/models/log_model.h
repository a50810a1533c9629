#pragma once

#include <functional>

#include <QTimer>

#include "app/models/list_rows.h"
#include "app/models/page_context.h"

namespace tend {

// The people a sheet offers: the chosen one first, then the best guesses, or what a search found.
class PeopleRows final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("a sheet owns it")
public:
    enum Role { CustomerId = Qt::UserRole, Name, Detail, Picked };
    Q_ENUM(Role)

    // The name in a row; empty when there is no such row.
    [[nodiscard]] Q_INVOKABLE QString nameAt(int row) const;

    explicit PeopleRows(QObject *parent)
        : ListRows(QMetaEnum::fromType<Role>(), parent)
    {
    }
};

// The Log sheet. What is typed is kept by the journal as a draft after draftPause, so neither a
// crash nor a closed sheet loses it.
class LogModel final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(QString title READ title NOTIFY edited FINAL)
    Q_PROPERTY(int kind READ kind WRITE setKind NOTIFY edited FINAL)
    Q_PROPERTY(int answer READ answer WRITE setAnswer NOTIFY edited FINAL)
    Q_PROPERTY(QString who READ who NOTIFY edited FINAL)
    Q_PROPERTY(tend::PeopleRows *people READ people CONSTANT FINAL)
    Q_PROPERTY(QString search READ search WRITE setSearch NOTIFY searchChanged FINAL)
    Q_PROPERTY(tend::PeopleRows *found READ found CONSTANT FINAL)
    Q_PROPERTY(int feeling READ feeling WRITE setFeeling NOTIFY edited FINAL)
    Q_PROPERTY(bool theySaidSo READ theySaidSo WRITE setTheySaidSo NOTIFY edited FINAL)
    Q_PROPERTY(QString said READ said WRITE setSaid NOTIFY edited FINAL)
    Q_PROPERTY(QString impression READ impression WRITE setImpression NOTIFY edited FINAL)
    Q_PROPERTY(QString nextStep READ nextStep WRITE setNextStep NOTIFY edited FINAL)
    Q_PROPERTY(int nextStepIn READ nextStepIn WRITE setNextStepIn NOTIFY edited FINAL)
    Q_PROPERTY(int when READ when WRITE setWhen NOTIFY edited FINAL)
    Q_PROPERTY(QString whenLine READ whenLine NOTIFY edited FINAL)
    Q_PROPERTY(QString whoError READ whoError NOTIFY errorChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY errorChanged FINAL)
public:
    enum Kind { Visit, Call, Counter, Group, Message };
    Q_ENUM(Kind)

    enum Answer { Talked, NoAnswer, LeftMessage, TheyCalled };
    Q_ENUM(Answer)

    enum When { Now, HourAgo, ThisMorning, Yesterday, AsWritten };
    Q_ENUM(When)

    enum Unsaid { DidntSay = 3 };
    Q_ENUM(Unsaid)

    LogModel(PageContext &context, QObject *parent);

    [[nodiscard]] bool isOpen() const { return m_open; }

    [[nodiscard]] QString title() const;

    [[nodiscard]] int kind() const { return static_cast<int>(m_draft.kind); }

    void setKind(int kind);
    [[nodiscard]] int answer() const;
    void setAnswer(int answer);

    [[nodiscard]] QString who() const { return m_who; }

    [[nodiscard]] PeopleRows *people() { return &m_people; }

    [[nodiscard]] QString search() const { return m_search; }

    void setSearch(const QString &search);

    [[nodiscard]] PeopleRows *found() { return &m_found; }

    [[nodiscard]] int feeling() const { return m_draft.feeling.value_or(DidntSay); }

    void setFeeling(int feeling);

    [[nodiscard]] bool theySaidSo() const { return m_draft.theySaidSo; }

    void setTheySaidSo(bool theySaidSo);

    [[nodiscard]] QString said() const { return QString::fromStdString(m_draft.said); }

    void setSaid(const QString &said);

    [[nodiscard]] QString impression() const { return QString::fromStdString(m_draft.impression); }

    void setImpression(const QString &impression);

    [[nodiscard]] QString nextStep() const { return QString::fromStdString(m_draft.nextStep); }

    void setNextStep(const QString &nextStep);
    [[nodiscard]] int nextStepIn() const;  // days from today; 0 for no day
    void setNextStepIn(int days);

    [[nodiscard]] int when() const { return m_when; }

    void setWhen(int when);
    [[nodiscard]] QString whenLine() const;

    [[nodiscard]] QString whoError() const { return m_whoError; }

    [[nodiscard]] QString error() const { return m_error; }

    // Opens the sheet for a new contact; without a customer the best guess is chosen.
    void begin(VisitKind kind, const QString &customerId);
    // Opens what was being written: the draft of this key, or the last one of a new visit.
    Q_INVOKABLE void resume(const QString &key = {});
    // Opens a saved visit to be corrected, or a correction that was begun before.
    void correct(const QString &visitId);
    // Chooses who this was; the chosen one again takes the choice back.
    Q_INVOKABLE void choose(const QString &customerId, const QString &name);
    // A customer that saving will make.
    Q_INVOKABLE void chooseNew(const QString &name);
    Q_INVOKABLE void save();
    // Closes the sheet; what was written stays as a draft.
    Q_INVOKABLE void close();
    // Writes the draft now: the program may be stopped any moment.
    void keepNow();

signals:
    void openChanged();
    void edited();
    void searchChanged();
    void errorChanged();
    // `draft` is what was saved.
    void saved(const tend::SavedVisit &visit, const tend::VisitDraft &draft);
    void draftKept();

private:
    struct Opening {
        std::optional<VisitDraft> draft;
        QString who;
        std::vector<CustomerRow> guesses;
    };

    // The draft that `choose` picks, or what `otherwise` answers.
    using Choose = std::function<bool(const VisitDraft &)>;
    using Otherwise = std::function<Result<std::optional<VisitDraft>>(Session &)>;
    [[nodiscard]] static Result<Opening> ask(
        Session &session, const Choose &choose, const Otherwise &otherwise);
    void openWith(Choose choose, Otherwise otherwise);
    void start(VisitDraft draft, const QString &who);
    void showPeople(const std::vector<CustomerRow> &guesses, bool chooseFirst);
    void touched();
    void setErrors(const QString &who, const QString &other);
    void find();
    [[nodiscard]] bool isWorthKeeping() const;

    PageContext &m_context;
    VisitDraft m_draft;
    bool m_open = false;
    bool m_saving = false;
    bool m_dirty = false;
    QString m_who;
    When m_when = Now;
    QString m_search;
    QString m_whoError;
    QString m_error;
    QTimer m_keep;
    QTimer m_typed;
    std::vector<CustomerRow> m_guesses;
    PeopleRows m_people;
    PeopleRows m_found;
};

}  // namespace tend
