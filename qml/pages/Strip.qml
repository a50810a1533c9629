import QtQuick
import Tend
import Tend.Models

// The thumb's place on a phone: Remark and Log, always in reach and never over a row.
Item {
    id: root

    required property AppState app
    readonly property real parts: Theme.large ? 1 / 2 : 2 / 5
    readonly property real free: root.width - 32 - 8

    implicitHeight: remark.implicitHeight + 17

    Divider {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
    }

    Button {
        id: remark

        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.top: parent.top
        anchors.topMargin: 9
        glyph: Icons.remark
        leftPadding: 8
        objectName: "remarkButton"
        rightPadding: 8
        size: Theme.large ? 72 : 56
        text: qsTr("Remark")
        width: Math.round(root.free * root.parts)

        onClicked: root.app.writeRemark()
    }

    Button {
        anchors.left: remark.right
        anchors.leftMargin: 8
        anchors.right: parent.right
        anchors.rightMargin: 16
        anchors.top: remark.top
        glyph: Icons.log
        look: Button.Accent
        objectName: "logButton"
        size: remark.size
        text: qsTr("Log")

        onClicked: root.app.logVisit()
    }
}
