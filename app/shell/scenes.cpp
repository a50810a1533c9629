#include "app/shell/scenes.h"

namespace tend {

namespace {

void openCustomer(Stage &stage)
{
    const QString id = QString::fromStdString(demonstrationCustomer());
    if (stage.app().isWide())
        stage.app().select(id);
    else
        stage.app().openCustomer(id);
}

void openCustomerOnLaptop(Stage &stage)
{
    if (stage.app().isWide())
        openCustomer(stage);
}

void openStory(Stage &stage)
{
    stage.app().go(AppState::Customers);
    stage.app().openCustomer(QString::fromStdString(demonstrationCustomer()));
}

void writeVisit(Stage &stage)
{
    stage.app().logVisit();
    stage.settle();
    stage.app().log()->setFeeling(-1);
    stage.app().log()->setSaid("The van came at seven again. We open at six.");
    if (QQuickItem *field = stage.find("saidField")) {
        field->forceActiveFocus();
        field->setProperty("cursorPosition", 44);
    }
}

void saveVisit(Stage &stage)
{
    writeVisit(stage);
    stage.app().log()->save();
}

void logNobody(Stage &stage)
{
    writeVisit(stage);
    const QString chosen = stage.app().log()->people()->keyAt(0);
    stage.app().log()->choose(chosen, stage.app().log()->who());
    stage.app().log()->save();
}

void joinWrongly(Stage &stage)
{
    stage.app().go(AppState::Settings);
    stage.app().settings()->setProperty("invitation", "hello");
    stage.app().settings()->join();
}

}  // namespace

const std::vector<Scene> &scenes()
{
    using D = Demonstration;
    constexpr Form phone = Form::Phone;
    constexpr Form both = Form::Both;
    static const std::vector<Scene> all{
        {"today", D::FieldRep, both, 1, false, openCustomerOnLaptop},
        {"today-in-step", D::InStep, both, 1, false, openCustomerOnLaptop},
        {"today-first-run", D::FirstStart, both, 1, false,
            [](Stage &) {
            }},
        {"today-empty", D::NobodyWaits, both, 1, false,
            [](Stage &) {
            }},
        {"today-saved", D::FieldRep, both, 1, false, saveVisit},
        {"today-draft", D::FieldRep, phone, 1, false,
            [](Stage &stage) {
                writeVisit(stage);
                stage.app().log()->close();
            }},
        {"today-long", D::FarAway, both, 1, false,
            [](Stage &) {
            }},
        {"today-scale2", D::FieldRep, phone, 2, false,
            [](Stage &) {
            }},
        {"customers", D::FieldRep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Customers);
            }},
        {"customers-search", D::FieldRep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Customers);
                stage.app().customers()->setSearch("late");
            }},
        {"customers-nobody", D::FieldRep, phone, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Customers);
                stage.app().customers()->setSearch("Jans");
            }},
        {"customers-empty", D::FirstStart, phone, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Customers);
            }},
        {"customer", D::FieldRep, phone, 1, false, openCustomer},
        {"customer", D::FieldRep, Form::Laptop, 1, false, openStory},
        {"customer-scale2", D::FieldRep, phone, 2, false, openCustomer},
        {"customer-rtl", D::FarAway, phone, 1, true, openCustomer},
        {"log", D::FieldRep, both, 1, false, writeVisit},
        {"log-scale2", D::FieldRep, phone, 2, false, writeVisit},
        {"log-call", D::FieldRep, both, 1, false,
            [](Stage &stage) {
                stage.app().logCall();
            }},
        {"log-nobody", D::FieldRep, phone, 1, false, logNobody},
        {"log-rtl", D::FarAway, phone, 1, true, writeVisit},
        {"remark", D::FieldRep, both, 1, false,
            [](Stage &stage) {
                stage.app().writeRemark();
                stage.app().remark()->setWords("Nobody called me back.");
            }},
        {"new-customer", D::FieldRep, phone, 1, false,
            [](Stage &stage) {
                stage.app().addCustomer("Jans");
            }},
        {"sync", D::FieldRep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Sync);
            }},
        {"sync-in-step", D::InStep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Sync);
            }},
        {"sync-no-server", D::FirstStart, phone, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Sync);
            }},
        {"sync-out-of-step", D::OutOfStep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Sync);
            }},
        {"sync-scale2", D::FieldRep, phone, 2, false,
            [](Stage &stage) {
                stage.app().go(AppState::Sync);
            }},
        {"settings", D::InStep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::Settings);
            }},
        {"settings-join", D::FirstStart, both, 1, false, joinWrongly},
        {"settings-scale2", D::FirstStart, phone, 2, false, joinWrongly},
        {"about", D::FieldRep, both, 1, false,
            [](Stage &stage) {
                stage.app().go(AppState::About);
            }},
    };
    return all;
}

}  // namespace tend
