import QtQuick
import QtQuick.Templates as T
import Tend

// One destination: a pill with its glyph, and its word below.
T.AbstractButton {
    id: root

    property string glyph: ""
    property bool chosen: false
    property int badge: 0
    property int pill: 32

    Accessible.checkable: true
    Accessible.checked: root.chosen
    Accessible.name: root.badge > 0 ? qsTr("%1, %2 need you").arg(root.text).arg(root.badge) : root.text
    Accessible.role: Accessible.PageTab
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(58, root.pill + label.implicitHeight + 8)
    implicitWidth: 80

    background: Item {
        Rectangle {
            id: disc

            anchors.horizontalCenter: parent.horizontalCenter
            anchors.top: parent.top
            anchors.topMargin: root.pill === 32 ? 2 : 3
            color: root.chosen ? Theme.container : "transparent"
            height: root.pill
            radius: height / 2
            width: 56

            Rectangle {
                anchors.fill: parent
                color: Theme.pressed
                radius: parent.radius
                visible: root.down || root.hovered
            }

            FocusRing {
                around: parent.radius
                shown: root.visualFocus
            }

            Icon {
                anchors.centerIn: parent
                color: root.chosen ? Theme.containerInk : Theme.muted
                size: 24
                text: root.glyph
            }

            Badge {
                anchors.left: parent.horizontalCenter
                anchors.leftMargin: 4
                anchors.top: parent.top
                count: root.badge
            }
        }
    }
    contentItem: Item {
        Label {
            id: label

            anchors.bottom: parent.bottom
            anchors.bottomMargin: 6
            anchors.horizontalCenter: parent.horizontalCenter
            color: root.chosen ? Theme.text : Theme.muted
            // A bar cannot grow with its words: they stop at 16.
            font.pixelSize: Math.min(16, Math.round(12 * Theme.scale))
            lineHeight: Math.min(20, Math.round(16 * Theme.scale))
            text: root.text
            weight: root.chosen ? Font.DemiBold : Font.Medium
            wrapMode: Text.NoWrap
        }
    }
}
