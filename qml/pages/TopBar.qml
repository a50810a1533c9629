import QtQuick
import Tend
import Tend.Models

// The head of a list page: its name, and what is always at hand on a phone.
Item {
    id: root

    required property AppState app
    property string title: ""
    property string subtitle: ""
    property bool plain: false
    property bool searchable: true
    // The page itself says how sync stands.
    property bool syncTold: false
    signal search

    implicitHeight: Math.max(64, words.implicitHeight + 12)

    Column {
        id: words

        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.right: root.plain ? parent.right : actions.left
        anchors.verticalCenter: parent.verticalCenter

        Label {
            Accessible.role: Accessible.Heading
            size: 24
            text: root.title
            weight: Font.DemiBold
            width: parent.width
        }

        Label {
            color: Theme.muted
            size: 14
            text: root.subtitle
            visible: root.subtitle !== "" && !Theme.large
            width: parent.width
        }
    }

    Row {
        id: actions

        anchors.right: parent.right
        anchors.rightMargin: 4
        anchors.verticalCenter: parent.verticalCenter
        visible: !root.plain

        IconButton {
            glyph: Icons.search
            objectName: "searchButton"
            text: qsTr("Search")
            visible: root.searchable

            onClicked: root.search()
        }

        IconButton {
            glyph: Icons.syncMark(root.app.syncMark)
            objectName: "syncButton"
            text: root.app.needsYou > 0 ? qsTr("%1, %2 need you").arg(root.app.syncLine).arg(root.app.needsYou) : root.app.syncLine
            visible: !root.syncTold && (root.app.syncMark !== AppState.NoServerMark || root.app.needsYou > 0)

            onClicked: root.app.go(AppState.Sync)

            Badge {
                anchors.right: parent.right
                anchors.rightMargin: 4
                anchors.top: parent.top
                anchors.topMargin: 4
                count: root.app.needsYou
            }
        }

        IconButton {
            glyph: Icons.settings
            objectName: "settingsButton"
            text: qsTr("Settings")
            visible: root.app.settings.personInitials === ""

            onClicked: root.app.go(AppState.Settings)
        }

        AvatarButton {
            initials: root.app.settings.personInitials
            objectName: "avatarButton"
            text: qsTr("Settings of %1").arg(root.app.settings.person)
            visible: initials !== ""

            onClicked: root.app.go(AppState.Settings)
        }
    }
}
