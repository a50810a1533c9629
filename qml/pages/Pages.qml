import QtQuick
import Tend
import Tend.Models

// The page of each destination. Lists stay as one left them; the others are made when asked for.
Item {
    id: root

    required property AppState app
    required property bool panes
    readonly property bool onToday: root.app.page === AppState.Today
    readonly property bool onCustomers: root.app.page === AppState.Customers
    readonly property bool lists: root.onToday || root.onCustomers
    // Today with nobody on it has no pane beside it.
    readonly property bool alone: root.onToday && (root.app.today.firstRun || (root.app.today.count === 0 && root.app.selected === ""))
    // Where the words of the reading pane begin; 0 without one.
    readonly property real reading: root.panes && root.lists && !root.alone ? reader.x + reader.side : 0
    signal why

    onPanesChanged: root.openFirst()

    // Beside the list somebody is always open: at first the one who comes first.
    Connections {
        target: root.app.today

        function onRefreshed() {
            root.openFirst();
        }
    }

    TodayPage {
        id: today

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.top: parent.top
        app: root.app
        panes: root.panes
        visible: root.onToday && (root.panes || !root.app.detailOpen)
        width: root.panes && !root.alone ? 384 : root.width

        onSearch: root.search()
        onWhy: root.why()
    }

    CustomersPage {
        id: customers

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.top: parent.top
        app: root.app
        panes: root.panes
        visible: root.onCustomers && (root.panes || !root.app.detailOpen)
        width: root.panes ? (root.width >= 1192 ? 320 : 280) : root.width
    }

    CustomerPage {
        id: reader

        anchors.bottom: parent.bottom
        anchors.left: root.panes ? (root.onToday ? today.right : customers.right) : parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        app: root.app
        brief: root.panes && root.onToday
        panes: root.panes
        visible: root.lists && (root.panes ? !root.alone : root.app.detailOpen)

        Divider {
            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.top: parent.top
            visible: root.panes
            width: 1
        }
    }

    Loader {
        active: root.app.page === AppState.Sync
        anchors.fill: parent
        sourceComponent: SyncPage {
            app: root.app
        }
    }

    Loader {
        active: root.app.page === AppState.Settings
        anchors.fill: parent
        sourceComponent: SettingsPage {
            app: root.app
        }
    }

    Loader {
        active: root.app.page === AppState.About
        anchors.fill: parent
        sourceComponent: AboutPage {
            app: root.app
        }
    }

    function search() {
        root.app.go(AppState.Customers);
        customers.beginSearch();
    }

    // The next row down or up, opened beside the list.
    function move(step: int) {
        if (root.onToday)
            root.app.select(root.app.today.neighbour(root.app.selected, step));
        else if (root.onCustomers)
            root.app.select(root.app.customers.neighbour(root.app.selected, step));
    }

    function openFirst() {
        if (root.panes && root.onToday && root.app.selected === "")
            root.app.select(root.app.today.neighbour("", 0));
    }
}
