#pragma once

#include "app/models/list_rows.h"
#include "app/models/page_context.h"

namespace tend {

// The contacts of one customer, newest first.
class StoryRows final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("CustomerModel owns it")
public:
    enum Mark { Waiting, OnServer, SeenByOffice, NeedsYou, OnDevice };
    Q_ENUM(Mark)

    enum Role {
        VisitId = Qt::UserRole,
        Year,  // at the first contact of a year, else empty
        Kind,  // LogModel::Kind
        Title,
        Said,
        Impression,
        NextStep,
        Feeling,
        Where,
        WhereWords,
        First,
        Last,
        Spoken,
        Mine,  // written by this device's person, who may correct it
        Kept,  // the next step was done
    };
    Q_ENUM(Role)

    StoryRows(PageContext &context, QObject *parent)
        : ListRows(QMetaEnum::fromType<Role>(), parent)
        , m_context(context)
    {
    }

    // The newest contact this person wrote; empty for none.
    [[nodiscard]] QString lastOfMine() const;
    void showStory(const std::vector<StoryEntry> &story);

private:
    [[nodiscard]] ShownRow shown(const StoryEntry &entry) const;

    PageContext &m_context;
};

// One customer's page: who they are, in whose terms, what they last said, and the story.
class CustomerModel final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(QString customerId READ customerId NOTIFY customerIdChanged FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY refreshed FINAL)
    Q_PROPERTY(QString error READ error NOTIFY refreshed FINAL)
    Q_PROPERTY(QString name READ name NOTIFY refreshed FINAL)
    Q_PROPERTY(QString initials READ initials NOTIFY refreshed FINAL)
    Q_PROPERTY(QString place READ place NOTIFY refreshed FINAL)
    Q_PROPERTY(QString terms READ terms NOTIFY refreshed FINAL)
    Q_PROPERTY(QString phone READ phone NOTIFY refreshed FINAL)
    Q_PROPERTY(QString lastTime READ lastTime NOTIFY refreshed FINAL)
    Q_PROPERTY(QString lastVisitId READ lastVisitId NOTIFY refreshed FINAL)
    Q_PROPERTY(QString lastWords READ lastWords NOTIFY refreshed FINAL)
    Q_PROPERTY(int feeling READ feeling NOTIFY refreshed FINAL)
    Q_PROPERTY(QString feelingWords READ feelingWords NOTIFY refreshed FINAL)
    Q_PROPERTY(QString feelingSource READ feelingSource NOTIFY refreshed FINAL)
    Q_PROPERTY(QString nextStep READ nextStep NOTIFY refreshed FINAL)
    Q_PROPERTY(QString nextStepDue READ nextStepDue NOTIFY refreshed FINAL)
    Q_PROPERTY(bool nextStepPressing READ isNextStepPressing NOTIFY refreshed FINAL)
    Q_PROPERTY(QString note READ note NOTIFY refreshed FINAL)
    Q_PROPERTY(tend::StoryRows *story READ story CONSTANT FINAL)
public:
    CustomerModel(PageContext &context, QObject *parent);

    [[nodiscard]] QString customerId() const { return m_id; }

    [[nodiscard]] bool isReady() const { return m_ready; }

    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] QString name() const { return QString::fromStdString(m_page.name); }

    [[nodiscard]] QString initials() const { return Words::initials(name()); }

    [[nodiscard]] QString place() const { return QString::fromStdString(m_page.place); }

    [[nodiscard]] QString terms() const { return QString::fromStdString(m_page.terms); }

    [[nodiscard]] QString phone() const { return QString::fromStdString(m_page.phone); }

    [[nodiscard]] QString note() const { return QString::fromStdString(m_page.note); }

    // "Last time, 8 June".
    [[nodiscard]] QString lastTime() const;
    // The contact of the last words.
    [[nodiscard]] QString lastVisitId() const;
    [[nodiscard]] QString lastWords() const;
    [[nodiscard]] int feeling() const;  // -2..2; 3 when not known
    [[nodiscard]] QString feelingWords() const;
    [[nodiscard]] QString feelingSource() const;

    [[nodiscard]] QString nextStep() const { return QString::fromStdString(m_page.nextStep); }

    [[nodiscard]] QString nextStepDue() const;
    [[nodiscard]] bool isNextStepPressing() const;

    [[nodiscard]] StoryRows *story() { return &m_story; }

    // Shows another customer; an empty id shows nobody.
    void open(const QString &customerId);
    void refresh();

signals:
    void customerIdChanged();
    void refreshed();

private:
    void noteLook();
    PageContext &m_context;
    QString m_id;
    bool m_ready = false;
    QString m_error;
    CustomerPage m_page;
    StoryRows m_story;
};

}  // namespace tend
