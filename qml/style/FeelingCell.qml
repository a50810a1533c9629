import QtQuick
import QtQuick.Templates as T
import Tend

// One feeling to press: face, word and colour together.
T.AbstractButton {
    id: root

    property int feeling: 0
    property bool chosen: false
    property bool stacked: false
    readonly property color ink: Theme.feeling(root.feeling)

    Accessible.checkable: true
    Accessible.checked: root.chosen
    Accessible.name: root.text
    Accessible.role: Accessible.RadioButton
    focusPolicy: Qt.StrongFocus
    implicitHeight: root.stacked ? Math.max(64, label.implicitHeight + 16) : 72
    implicitWidth: 64

    background: Rectangle {
        border.color: root.ink
        border.width: root.chosen ? 2 : 0
        color: root.chosen ? Theme.surface : "transparent"
        radius: 12

        Rectangle {
            anchors.fill: parent
            color: Theme.pressed
            radius: parent.radius
            visible: root.down || root.hovered
        }

        FocusRing {
            anchors.margins: root.chosen ? 4 : 0
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Icon {
            id: face

            anchors.horizontalCenter: root.stacked ? undefined : parent.horizontalCenter
            anchors.left: root.stacked ? parent.left : undefined
            anchors.leftMargin: 16
            anchors.top: root.stacked ? undefined : parent.top
            anchors.topMargin: 10
            anchors.verticalCenter: root.stacked ? parent.verticalCenter : undefined
            color: root.feeling > 2 ? Theme.text : root.ink
            size: 32
            text: Icons.feeling(root.feeling)
        }

        Label {
            id: label

            anchors.bottom: root.stacked ? undefined : parent.bottom
            anchors.bottomMargin: 10
            anchors.horizontalCenter: root.stacked ? undefined : parent.horizontalCenter
            anchors.left: root.stacked ? face.right : undefined
            anchors.leftMargin: 16
            anchors.verticalCenter: root.stacked ? parent.verticalCenter : undefined
            size: root.stacked ? 16 : 12
            text: root.text
            weight: root.chosen ? Font.DemiBold : Font.Medium
            wrapMode: Text.NoWrap
        }
    }
}
