import QtQuick
import QtQuick.Templates as T
import Tend

// One of the three people to begin with. Pressing it begins with them.
T.AbstractButton {
    id: root

    property int number: 1
    property bool last: false

    Accessible.description: qsTr("Add a customer")
    Accessible.name: root.text
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(68, label.implicitHeight + 24)
    objectName: "beginWith" + root.number

    background: Rectangle {
        color: root.down || root.hovered ? Theme.pressed : "transparent"
        radius: 16

        FocusRing {
            anchors.margins: 4
            shown: root.visualFocus
        }
    }

    Rectangle {
        id: disc

        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        border.color: Theme.outline
        border.width: 1
        color: "transparent"
        height: 40
        radius: 20
        width: 40

        Label {
            anchors.centerIn: parent
            color: Theme.muted
            font.pixelSize: 14
            lineHeight: 20
            text: root.number
            weight: Font.DemiBold
        }
    }

    Label {
        id: label

        anchors.left: disc.right
        anchors.leftMargin: 12
        anchors.right: parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        size: 16
        text: root.text
    }

    Divider {
        anchors.bottom: parent.bottom
        anchors.left: label.left
        anchors.right: parent.right
        visible: !root.last
    }
}
