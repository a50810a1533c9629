import QtQuick
import Tend
import Tend.Models

// The state as a title, one sentence about it, and the one thing to press.
Column {
    id: root

    required property AppState app
    readonly property SyncModel model: root.app.sync
    property bool details: false
    // On a laptop the button stands on the line of the title.
    readonly property bool beside: Theme.laptop && !Theme.large

    // Details has room of its own below its word.
    bottomPadding: root.model.problemDetails !== "" ? -4 : 8
    topPadding: root.beside ? 0 : 4
    spacing: 4

    Item {
        height: Math.max(title.implicitHeight, root.beside ? wideAction.height : 0)
        width: root.width

        Label {
            id: title

            Accessible.role: Accessible.Heading
            anchors.left: parent.left
            anchors.right: root.beside ? wideAction.left : parent.right
            anchors.rightMargin: root.beside ? 16 : 0
            anchors.verticalCenter: parent.verticalCenter
            objectName: "syncTitle"
            size: 24
            text: root.model.title
            weight: Font.DemiBold
        }

        SyncAction {
            id: wideAction

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            app: root.app
            visible: root.beside
        }
    }

    Flow {
        id: flow

        spacing: 12
        width: root.width

        Label {
            color: Theme.muted
            objectName: "syncDetail"
            size: 14
            text: root.model.detail
            topPadding: root.beside ? 0 : 4
            width: Theme.large || root.beside ? flow.width : flow.width - action.implicitWidth - flow.spacing - 1
        }

        SyncAction {
            id: action

            app: root.app
            visible: !root.beside
        }
    }

    Label {
        objectName: "syncProblem"
        size: 14
        text: root.model.problem
        topPadding: 4
        visible: text !== ""
        width: root.width
    }

    LinkButton {
        atEnd: false
        objectName: "syncDetails"
        text: root.details ? qsTr("Hide details") : qsTr("Details")
        visible: root.model.problemDetails !== ""

        onClicked: root.details = !root.details
    }

    Label {
        color: Theme.muted
        size: 12
        text: root.model.problemDetails
        visible: root.details && text !== ""
        width: root.width
        wrapMode: Text.WrapAnywhere
    }

    LinkButton {
        atEnd: false
        objectName: "copySyncDetails"
        text: qsTr("Copy")
        visible: root.details && root.model.problemDetails !== ""

        onClicked: root.app.copyDetails(root.model.problemDetails)
    }
}
