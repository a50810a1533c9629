import QtQuick
import QtQuick.Templates as T
import Tend

// One line of what a search found, to press.
T.AbstractButton {
    id: root

    property string glyph: Icons.person

    Accessible.name: root.text
    Accessible.role: Accessible.ListItem
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(48, label.implicitHeight + 16)

    background: Rectangle {
        color: root.down ? Theme.pressed : root.hovered ? Theme.alt : "transparent"
        radius: 12

        FocusRing {
            anchors.margins: 0
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Icon {
            anchors.left: parent.left
            anchors.leftMargin: 14
            anchors.verticalCenter: parent.verticalCenter
            text: root.glyph
        }

        Label {
            id: label

            anchors.left: parent.left
            anchors.leftMargin: 44
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: root.text
        }
    }
}
