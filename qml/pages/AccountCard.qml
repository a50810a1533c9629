import QtQuick
import Tend
import Tend.Models

// Whose journal this is; without a server, the way to join one by a pasted invitation.
Card {
    id: root

    required property AppState app
    readonly property SettingsModel model: root.app.settings
    readonly property bool needed: root.app.sync.mustJoin
    property bool details: false

    spacing: 12

    Label {
        Accessible.role: Accessible.Heading
        size: 16
        text: root.app.sync.hasServer ? root.model.person : qsTr("Join your team")
        weight: Font.DemiBold
        width: parent.width
    }

    Label {
        color: Theme.muted
        size: 14
        text: root.app.sync.hasServer ? qsTr("%1, at %2. This device is called %3.").arg(root.model.workspace).arg(root.model.server).arg(root.model.deviceName) : qsTr("Everything works without a server. With one, your notes reach your other devices and the office. What you wrote before goes along.")
        width: parent.width
    }

    Field {
        input.objectName: "deviceName"
        label: qsTr("Name of this device")
        text: root.model.deviceName
        visible: root.needed
        width: parent.width

        onEdited: text => root.model.deviceName = text
    }

    Field {
        error: root.model.joinError
        hint: qsTr("tend://join…")
        input.objectName: "invitation"
        inputHints: Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
        label: qsTr("Invitation")
        text: root.model.invitation
        visible: root.needed
        width: parent.width

        onAccepted: root.model.join()
        onEdited: text => root.model.invitation = text
    }

    LinkButton {
        atEnd: false
        objectName: "joinDetails"
        text: root.details ? qsTr("Hide details") : qsTr("Details")
        visible: root.model.joinErrorDetails !== ""

        onClicked: root.details = !root.details
    }

    Label {
        color: Theme.muted
        size: 12
        text: root.model.joinErrorDetails
        visible: root.details && text !== ""
        width: parent.width
        wrapMode: Text.WrapAnywhere
    }

    LinkButton {
        atEnd: false
        objectName: "copyJoinDetails"
        text: qsTr("Copy")
        visible: root.details && root.model.joinErrorDetails !== ""

        onClicked: root.app.copyDetails(root.model.joinErrorDetails)
    }

    Button {
        enabled: !root.model.joining
        look: Button.Filled
        objectName: "join"
        text: root.model.joining ? qsTr("Joining…") : qsTr("Join")
        visible: root.needed
        width: parent.width

        onClicked: root.model.join()
    }
}
