import QtQuick
import Tend
import Tend.Models

// One customer: who they are and in whose terms, what they last said, and the whole story.
Rectangle {
    id: root

    required property AppState app
    readonly property CustomerModel model: root.app.customer
    // Beside a list on a laptop; a page of its own on a phone.
    property bool panes: false
    // On Today the pane is a brief: the last time large, then what was before that.
    property bool brief: false
    readonly property real side: root.panes ? (root.brief ? 40 : 32) : 16

    color: root.panes ? Theme.surface : Theme.bg
    objectName: "customerPage"

    Item {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        height: root.panes ? 24 : 56

        IconButton {
            anchors.left: parent.left
            anchors.leftMargin: 4
            anchors.verticalCenter: parent.verticalCenter
            directed: true
            glyph: Icons.back
            objectName: "backButton"
            text: qsTr("Back")
            visible: !root.panes

            onClicked: root.app.back()
        }
    }

    PageList {
        id: list

        Accessible.name: qsTr("Story")
        Accessible.role: Accessible.List
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.leftMargin: root.side
        anchors.top: bar.bottom
        bottomMargin: 24
        model: root.model.story
        objectName: "storyList"
        visible: root.model.ready && root.model.error === ""
        width: Math.min(root.width - 2 * root.side, root.panes ? 640 : root.width)

        delegate: StoryNode {
            app: root.app
            brief: root.brief
            panes: root.panes
            width: list.width
        }
        header: CustomerHead {
            app: root.app
            brief: root.brief
            panes: root.panes
            width: list.width
        }
    }

    Label {
        anchors.left: list.left
        anchors.right: list.right
        anchors.top: bar.bottom
        anchors.topMargin: 24
        color: Theme.muted
        objectName: "customerError"
        text: root.model.error
        visible: text !== ""
    }

    PaneEmpty {
        anchors.centerIn: parent
        visible: root.panes && root.model.customerId === "" && root.app.customers.count > 0
    }

    Connections {
        target: root.model

        function onCustomerIdChanged() {
            list.toTop();
        }
    }
}
