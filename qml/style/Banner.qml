import QtQuick
import QtQuick.Templates as T
import Tend

// A calm line that says how things stand; it can be pressed to learn more. Never red.
T.AbstractButton {
    id: root

    property string glyph: ""
    property color ink: Theme.muted
    property bool passive: false
    // How many things need a person; none is not shown.
    property int badge: 0
    property string badgeWords: ""

    Accessible.name: root.badge > 0 ? root.text + " " + root.badgeWords : root.text
    Accessible.role: root.passive ? Accessible.StaticText : Accessible.Button
    enabled: !root.passive
    focusPolicy: root.passive ? Qt.NoFocus : Qt.StrongFocus
    implicitHeight: Math.max(48, label.implicitHeight + 24)

    background: Rectangle {
        color: Theme.alt
        radius: 12

        Rectangle {
            anchors.fill: parent
            color: Theme.pressed
            radius: parent.radius
            visible: root.down || root.hovered
        }

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        implicitHeight: label.implicitHeight

        Icon {
            id: icon

            anchors.left: parent.left
            anchors.leftMargin: 12
            anchors.verticalCenter: parent.verticalCenter
            color: root.ink
            size: Theme.large ? 28 : 20
            text: root.glyph
        }

        Label {
            id: label

            anchors.left: icon.right
            anchors.leftMargin: 12
            anchors.right: needs.visible ? needs.left : parent.right
            anchors.rightMargin: needs.visible ? 8 : 16
            anchors.verticalCenter: parent.verticalCenter
            color: root.ink
            size: 14
            text: root.text
        }

        Badge {
            id: needs

            anchors.right: parent.right
            anchors.rightMargin: 16
            anchors.verticalCenter: parent.verticalCenter
            count: root.badge
        }
    }
}
