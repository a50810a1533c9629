import QtQuick
import Tend
import Tend.Models

// The state as a title, one sentence about it, and the one thing to press.
Column {
    id: root

    required property AppState app
    readonly property SyncModel model: root.app.sync
    property bool details: false

    bottomPadding: 8
    spacing: 4

    Label {
        Accessible.role: Accessible.Heading
        objectName: "syncTitle"
        size: 24
        text: root.model.title
        topPadding: 4
        weight: Font.DemiBold
        width: root.width
    }

    Flow {
        id: flow

        readonly property bool beside: !Theme.large

        spacing: 12
        width: root.width

        Label {
            color: Theme.muted
            objectName: "syncDetail"
            size: 14
            text: root.model.detail
            topPadding: 4
            width: flow.beside ? flow.width - button.implicitWidth - flow.spacing - 1 : flow.width
        }

        Button {
            id: button

            glyph: root.model.mustJoin ? Icons.link : Icons.sync
            objectName: root.model.mustJoin ? "joinButton" : "tryNow"
            text: root.model.mustJoin ? qsTr("Join") : qsTr("Try now")

            onClicked: root.model.mustJoin ? root.app.go(AppState.Settings) : root.model.tryNow()
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
