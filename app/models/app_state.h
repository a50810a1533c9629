#pragma once

#include <functional>

#include <QTimer>

#include "app/models/customer_model.h"
#include "app/models/customers_model.h"
#include "app/models/log_model.h"
#include "app/models/new_customer_model.h"
#include "app/models/remark_model.h"
#include "app/models/settings_model.h"
#include "app/models/sync_model.h"
#include "app/models/today_model.h"

namespace tend {

// What one window shows: the page, who is open on it, the view models, and the bar with Undo. The
// journal, the clock and the preferences are lent and outlive it.
class AppState final : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("the program makes it")
    Q_PROPERTY(int page READ page NOTIFY pageChanged FINAL)
    Q_PROPERTY(bool detailOpen READ isDetailOpen NOTIFY pageChanged FINAL)
    Q_PROPERTY(QString selected READ selected NOTIFY pageChanged FINAL)
    Q_PROPERTY(bool wide READ isWide WRITE setWide NOTIFY wideChanged FINAL)
    Q_PROPERTY(bool rightToLeft READ isRightToLeft NOTIFY rightToLeftChanged FINAL)
    Q_PROPERTY(QString offlineLine READ offlineLine NOTIFY syncStateChanged FINAL)
    Q_PROPERTY(QString syncLine READ syncLine NOTIFY syncStateChanged FINAL)
    Q_PROPERTY(int syncMark READ syncMark NOTIFY syncStateChanged FINAL)
    Q_PROPERTY(int needsYou READ needsYou NOTIFY syncStateChanged FINAL)
    Q_PROPERTY(QString failure READ failure NOTIFY failureChanged FINAL)
    Q_PROPERTY(QString notice READ notice NOTIFY noticeChanged FINAL)
    Q_PROPERTY(bool undoable READ isUndoable NOTIFY noticeChanged FINAL)
    Q_PROPERTY(tend::TodayModel *today READ today CONSTANT FINAL)
    Q_PROPERTY(tend::CustomersModel *customers READ customers CONSTANT FINAL)
    Q_PROPERTY(tend::CustomerModel *customer READ customer CONSTANT FINAL)
    Q_PROPERTY(tend::LogModel *log READ log CONSTANT FINAL)
    Q_PROPERTY(tend::RemarkModel *remark READ remark CONSTANT FINAL)
    Q_PROPERTY(tend::NewCustomerModel *newCustomer READ newCustomer CONSTANT FINAL)
    Q_PROPERTY(tend::SyncModel *sync READ sync CONSTANT FINAL)
    Q_PROPERTY(tend::SettingsModel *settings READ settings CONSTANT FINAL)
public:
    enum Page { Today, Customers, Sync, Settings, About };
    Q_ENUM(Page)

    enum SyncMark { NoServerMark, DoneMark, WaitingMark, OfflineMark, PersonMark };
    Q_ENUM(SyncMark)

    enum TodayKey { LogKey, DoneKey, CallKey, SnoozeKey };
    Q_ENUM(TodayKey)

    AppState(AsyncJournal &journal, replica::Clock &clock, PreferencesPort &preferences,
        QObject *parent = nullptr);

    [[nodiscard]] int page() const { return m_page; }

    [[nodiscard]] bool isDetailOpen() const { return m_detailOpen; }

    // The customer chosen in a list; empty for none.
    [[nodiscard]] QString selected() const { return m_customer.customerId(); }

    [[nodiscard]] bool isWide() const { return m_context.device == Words::Device::Laptop; }

    void setWide(bool wide);
    [[nodiscard]] static bool isRightToLeft();
    [[nodiscard]] QString offlineLine() const;
    [[nodiscard]] QString syncLine() const;  // for a screen reader, at the mark
    [[nodiscard]] int syncMark() const;
    [[nodiscard]] int needsYou() const;

    [[nodiscard]] QString failure() const { return m_failure; }

    [[nodiscard]] QString notice() const { return m_notice; }

    [[nodiscard]] bool isUndoable() const { return m_undo != nullptr; }

    [[nodiscard]] TodayModel *today() { return &m_today; }

    [[nodiscard]] CustomersModel *customers() { return &m_customers; }

    [[nodiscard]] CustomerModel *customer() { return &m_customer; }

    [[nodiscard]] LogModel *log() { return &m_log; }

    [[nodiscard]] RemarkModel *remark() { return &m_remark; }

    [[nodiscard]] NewCustomerModel *newCustomer() { return &m_newCustomer; }

    [[nodiscard]] SyncModel *sync() { return &m_sync; }

    [[nodiscard]] SettingsModel *settings() { return &m_settings; }

    // What opens a telephone or message address of the system; nothing happens without.
    void setOpener(std::function<void(const QString &)> opener) { m_opener = std::move(opener); }

    // What the program was started with, or started again with: an invitation opens the page to
    // join with it filled in. Anything else that is not empty is answered in the bar.
    void receive(const QString &argument);

    Q_INVOKABLE void go(tend::AppState::Page page);
    // Shows a customer: beside the list where there is room, else on a page of their own.
    Q_INVOKABLE void openCustomer(const QString &customerId);
    Q_INVOKABLE void select(const QString &customerId);
    // One step back; false when there is nowhere to go.
    Q_INVOKABLE bool back();

    Q_INVOKABLE void logVisit(const QString &customerId = {});
    Q_INVOKABLE void logCall(const QString &customerId = {});
    // The agreed step of a visit has been taken; its row leaves Today.
    Q_INVOKABLE void markDone(const QString &visitId);
    // What a key does to the chosen customer's row on Today; nothing when there is none.
    Q_INVOKABLE void actOnToday(tend::AppState::TodayKey key);
    // Opens a saved visit to be corrected.
    Q_INVOKABLE void correct(const QString &visitId);
    // The newest one of this person, on the customer's page that is open.
    Q_INVOKABLE void correctLast();
    // Opens what was being written; a row of TodayModel::drafts.
    Q_INVOKABLE void continueDraft(const QString &key, bool isRemark);
    // Rings where the system can, and opens the sheet for what will be said.
    Q_INVOKABLE void call(const QString &customerId);
    Q_INVOKABLE void message();
    Q_INVOKABLE void copyNumber();
    Q_INVOKABLE void copyDetails(const QString &details);
    Q_INVOKABLE void writeRemark(const QString &customerId = {});
    Q_INVOKABLE void addCustomer(const QString &name = {});
    Q_INVOKABLE void undo();
    Q_INVOKABLE void syncNow();

signals:
    void pageChanged();
    void wideChanged();
    void rightToLeftChanged();
    void syncStateChanged();
    void failureChanged();
    void noticeChanged();
    // Something new stands in the bar; a screen reader shall say it.
    void noticeShown();

private:
    using Undo = std::function<Status(Session &)>;

    [[nodiscard]] static Undo undoOf(const SavedVisit &visit, const VisitDraft &draft);
    void listen();
    void refresh();
    void showNotice(const QString &notice, Undo undo);
    void clearNotice();
    void putOff(const QString &visitId);

    PageContext m_context;
    int m_page = Today;
    int m_cameFrom = Today;
    bool m_detailOpen = false;
    QString m_failure;
    QString m_notice;
    Undo m_undo;
    QTimer m_noticeEnds;
    QTimer m_minute;
    std::function<void(const QString &)> m_opener;
    TodayModel m_today;
    CustomersModel m_customers;
    CustomerModel m_customer;
    LogModel m_log;
    RemarkModel m_remark;
    NewCustomerModel m_newCustomer;
    SyncModel m_sync;
    SettingsModel m_settings;
};

}  // namespace tend
