import QtQuick
import QtQuick.Templates as T
import Tend

// A glyph to press; its text is what a screen reader says. Tonal puts it on a disc.
T.Button {
    id: root

    property string glyph: ""
    property bool tonal: false
    property bool directed: false
    property color ink: root.tonal ? Theme.containerInk : Theme.muted
    property int glyphSize: root.tonal ? (Theme.large ? 28 : 20) : (Theme.large ? 28 : 24)
    readonly property int disc: root.tonal ? (Theme.large ? 56 : 40) : 40

    Accessible.name: root.text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(Theme.target, Theme.large && root.tonal ? 56 : 0)
    implicitWidth: root.implicitHeight

    background: Item {
        Rectangle {
            anchors.centerIn: parent
            color: root.tonal ? Theme.container : "transparent"
            height: Math.min(root.disc, root.height)
            radius: height / 2
            width: height

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
        Icon {
            anchors.centerIn: parent
            color: root.ink
            directed: root.directed
            size: root.glyphSize
            text: root.glyph
        }
    }
}
