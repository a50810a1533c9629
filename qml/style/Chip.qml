import QtQuick
import QtQuick.Templates as T
import Tend

// A small choice: 32 high to look at, 48 to press.
T.Button {
    id: root

    property string glyph: ""
    property bool chosen: false
    // Beside the words: 12 at each end, and the glyph with its gap.
    readonly property int around: root.chosen || root.glyph !== "" ? 50 : 24
    readonly property color ink: root.chosen ? Theme.containerInk : Theme.text

    Accessible.checkable: true
    Accessible.checked: root.chosen
    Accessible.name: root.text
    Accessible.role: Accessible.CheckBox
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(Theme.target, label.implicitHeight + 28)
    implicitWidth: Math.max(48, (root.text === "" ? root.around - 8 : Math.ceil(label.implicitWidth) + root.around))

    background: Item {
        Rectangle {
            anchors.centerIn: parent
            border.color: Theme.outline
            border.width: root.chosen ? 0 : 1
            color: root.chosen ? Theme.container : Theme.surface
            height: Math.max(32, label.implicitHeight + 12)
            radius: height / 2
            width: parent.width

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
        }
    }
    contentItem: Item {
        Row {
            id: row

            anchors.centerIn: parent
            spacing: 8

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: root.chosen ? root.ink : Theme.muted
                size: 18
                text: root.chosen ? Icons.tick : root.glyph
                visible: text !== ""
            }

            Label {
                id: label

                color: root.ink
                size: 14
                text: root.text
                width: Math.min(Math.ceil(implicitWidth), root.width - root.around)
                visible: text !== "" && root.display !== T.AbstractButton.IconOnly
                weight: Font.Medium
            }
        }
    }
}
