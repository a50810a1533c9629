import QtQuick
import Tend
import Tend.Models

// The destinations at the side where there is width, Log at the head.
Item {
    id: root

    required property AppState app

    Accessible.name: qsTr("Pages")
    Accessible.role: Accessible.PageTabList
    implicitWidth: 88

    Button {
        id: log

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: 16
        glyph: Icons.log
        leftPadding: 8
        look: Button.Accent
        objectName: "logButton"
        rightPadding: 8
        size: 44
        text: qsTr("Log")
        width: 72

        onClicked: root.app.logVisit()
    }

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: log.bottom
        anchors.topMargin: 22
        spacing: 2

        NavItem {
            anchors.horizontalCenter: parent.horizontalCenter
            chosen: root.app.page === AppState.Today
            glyph: Icons.today
            objectName: "navToday"
            pill: 28
            text: qsTr("Today")

            onClicked: root.app.go(AppState.Today)
        }

        NavItem {
            anchors.horizontalCenter: parent.horizontalCenter
            chosen: root.app.page === AppState.Customers
            glyph: Icons.customers
            objectName: "navCustomers"
            pill: 28
            text: qsTr("Customers")

            onClicked: root.app.go(AppState.Customers)
        }

        NavItem {
            anchors.horizontalCenter: parent.horizontalCenter
            glyph: Icons.remark
            objectName: "remarkButton"
            pill: 28
            text: qsTr("Remark")

            onClicked: root.app.writeRemark()
        }
    }

    Column {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 8
        anchors.left: parent.left
        anchors.right: parent.right
        spacing: 2

        NavItem {
            anchors.horizontalCenter: parent.horizontalCenter
            badge: root.app.needsYou
            chosen: root.app.page === AppState.Sync
            glyph: Icons.syncMark(root.app.syncMark)
            objectName: "navSync"
            pill: 28
            text: qsTr("Sync")

            onClicked: root.app.go(AppState.Sync)
        }

        NavItem {
            anchors.horizontalCenter: parent.horizontalCenter
            chosen: root.app.page === AppState.Settings || root.app.page === AppState.About
            glyph: Icons.settings
            objectName: "navSettings"
            pill: 28
            text: qsTr("Settings")

            onClicked: root.app.go(AppState.Settings)
        }
    }

    Divider {
        anchors.bottom: parent.bottom
        anchors.right: parent.right
        anchors.top: parent.top
        width: 1
    }
}
