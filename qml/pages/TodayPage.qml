import QtQuick
import Tend
import Tend.Models

// Whom to talk to, and why: three groups, each row a reason to go and see somebody.
Item {
    id: root

    required property AppState app
    readonly property TodayModel model: root.app.today
    property bool panes: false
    signal why
    signal search

    objectName: "todayPage"

    TopBar {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        app: root.app
        plain: Theme.laptop
        syncTold: root.app.offlineLine !== "" && !root.model.firstRun
        subtitle: Theme.laptop ? "" : root.model.headline
        title: qsTr("Today")
        visible: !root.panes

        onSearch: root.search()
    }

    PaneHead {
        id: paneHead

        anchors.left: parent.left
        anchors.right: parent.right
        aside: root.model.headline
        title: qsTr("Today")
        visible: root.panes
    }

    FirstRun {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: root.panes ? paneHead.bottom : bar.bottom
        app: root.app
        visible: root.model.firstRun
    }

    PageList {
        id: list

        Accessible.name: qsTr("Today, %n customer(s)", "", root.model.people)
        Accessible.role: Accessible.List
        anchors.bottom: keys.visible ? keys.top : parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: root.panes ? paneHead.bottom : bar.bottom
        bottomMargin: 16
        focus: true
        keyNavigationEnabled: true
        model: root.model
        objectName: "todayList"
        visible: root.model.ready && !root.model.firstRun

        delegate: TodayRow {
            app: root.app
            panes: root.panes
            width: list.width

            onExplain: root.why()
        }
        footer: TodayEmpty {
            app: root.app
            side: root.panes ? 24 : 16
            visible: root.model.ready && list.count === 0 && root.model.error === ""
            width: list.width
        }
        header: TodayHead {
            app: root.app
            panes: root.panes
            width: list.width
        }
    }

    KeyHints {
        id: keys

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        keys: ["J", "K", "L", "D", "?"]
        visible: root.panes && root.app.settings.letterKeys && list.count > 0
        words: ["", qsTr("Move"), qsTr("Log"), qsTr("Done"), qsTr("Keys")]
    }
}
