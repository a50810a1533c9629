#pragma once

#include "app/models/list_rows.h"
#include "app/models/page_context.h"

namespace tend {

class WaitingRows final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("SyncModel owns it")
public:
    enum Role { Table = Qt::UserRole, Title, Detail, First, Last, Spoken };
    Q_ENUM(Role)

    explicit WaitingRows(QObject *parent)
        : ListRows(QMetaEnum::fromType<Role>(), parent)
    {
    }
};

class ConflictRows final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("SyncModel owns it")
public:
    enum Role {
        ConflictId = Qt::UserRole,
        Title,
        Question,
        MineBy,
        MineWhen,
        MineWords,
        TheirsBy,
        TheirsWhen,
        TheirsWords,
        TakeTheirs,  // "Kim’s"
        CanKeepBoth,
    };
    Q_ENUM(Role)

    explicit ConflictRows(QObject *parent)
        : ListRows(QMetaEnum::fromType<Role>(), parent)
    {
    }
};

class MergedRows final : public tend::ListRows {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("SyncModel owns it")
public:
    enum Role { MergedId = Qt::UserRole, Title, Detail, First, Last };
    Q_ENUM(Role)

    explicit MergedRows(QObject *parent)
        : ListRows(QMetaEnum::fromType<Role>(), parent)
    {
    }
};

// Where the notes are: its title is the state, then what needs a person, what waits, what was
// merged and what the server did not take.
class SyncModel final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("AppState owns it")
    Q_PROPERTY(QString title READ title NOTIFY refreshed FINAL)
    Q_PROPERTY(QString detail READ detail NOTIFY refreshed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY refreshed FINAL)
    Q_PROPERTY(QString problemDetails READ problemDetails NOTIFY refreshed FINAL)
    Q_PROPERTY(QString waitingTitle READ waitingTitle NOTIFY refreshed FINAL)
    Q_PROPERTY(bool hasServer READ hasServer NOTIFY refreshed FINAL)
    Q_PROPERTY(bool needsPerson READ needsPerson NOTIFY refreshed FINAL)
    Q_PROPERTY(bool mustJoin READ mustJoin NOTIFY refreshed FINAL)
    Q_PROPERTY(bool offline READ isOffline NOTIFY refreshed FINAL)
    Q_PROPERTY(int asked READ asked NOTIFY refreshed FINAL)
    Q_PROPERTY(QString error READ error NOTIFY refreshed FINAL)
    Q_PROPERTY(tend::WaitingRows *waiting READ waiting CONSTANT FINAL)
    Q_PROPERTY(tend::ConflictRows *conflicts READ conflicts CONSTANT FINAL)
    Q_PROPERTY(tend::MergedRows *merged READ merged CONSTANT FINAL)
    Q_PROPERTY(tend::MergedRows *refused READ refused CONSTANT FINAL)
public:
    enum Take { Mine, Theirs, Both };
    Q_ENUM(Take)

    SyncModel(PageContext &context, QObject *parent);

    [[nodiscard]] QString title() const;
    [[nodiscard]] QString detail() const;
    [[nodiscard]] QString problem() const;
    [[nodiscard]] QString problemDetails() const;
    [[nodiscard]] QString waitingTitle() const;
    [[nodiscard]] bool hasServer() const;
    [[nodiscard]] bool needsPerson() const;
    // Only an invitation helps: there is no server, or it no longer trusts us, or we not it.
    [[nodiscard]] bool mustJoin() const;
    [[nodiscard]] bool isOffline() const;
    [[nodiscard]] int asked() const;  // how many things only a person can decide

    [[nodiscard]] QString error() const { return m_error; }

    [[nodiscard]] WaitingRows *waiting() { return &m_waiting; }

    [[nodiscard]] ConflictRows *conflicts() { return &m_conflicts; }

    [[nodiscard]] MergedRows *merged() { return &m_merged; }

    [[nodiscard]] MergedRows *refused() { return &m_refused; }

    void refresh();
    Q_INVOKABLE void tryNow();
    Q_INVOKABLE void resolve(const QString &conflictId, tend::SyncModel::Take take);
    Q_INVOKABLE void undoMerge(const QString &mergedId);

signals:
    void refreshed();

private:
    void showReport(const SyncReport &report);
    [[nodiscard]] ShownRow shown(const ConflictItem &item) const;
    void settled(const Status &status);

    PageContext &m_context;
    QString m_error;
    WaitingRows m_waiting;
    ConflictRows m_conflicts;
    MergedRows m_merged;
    MergedRows m_refused;
};

}  // namespace tend
