#include <QQmlEngine>
#include <QtQuickTest>

#include "tests/support/bench.h"

// Runs every tst_*.qml beside this file with real view models over the in-memory journal.
class Setup final : public QObject {
    Q_OBJECT

public slots:

    void applicationAvailable() { qputenv("TZ", "UTC"); }

    void qmlEngineAvailable(QQmlEngine *engine)
    {
        tend::setUpInterface(*engine);
        qmlRegisterType<tend::Bench>("Tend.Bench", 1, 0, "Bench");
    }
};

QUICK_TEST_MAIN_WITH_SETUP(pages, Setup)
#include "qml_tests.moc"
