import QtQuick
import QtQuick.Templates as T
import Tend

// A word to press. Primary is the one thing to press, clay is Log and nothing else.
T.Button {
    id: root

    enum Look {
        Filled,
        Accent,
        Tonal,
        Outlined,
        Plain
    }

    property int look: Button.Outlined
    property string glyph: ""
    property int size: Theme.target
    property string note: ""

    // Switched off itself. While a sheet lies over the page all of it rests, and looks as before.
    readonly property bool off: !root.enabled && (!root.parent || root.parent.enabled)
    readonly property color ink: root.off ? Theme.muted : root.look === Button.Filled ? Theme.primaryInk : root.look === Button.Accent ? Theme.accentInk : root.look === Button.Tonal ? Theme.containerInk : root.look === Button.Plain ? Theme.primary : Theme.text
    readonly property color fill: root.off ? Theme.alt : root.look === Button.Filled ? Theme.primary : root.look === Button.Accent ? Theme.accent : root.look === Button.Tonal ? Theme.container : root.look === Button.Plain ? "transparent" : Theme.surface
    readonly property bool compact: root.size < 48

    Accessible.description: root.note
    Accessible.name: root.text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(root.size, label.implicitHeight + 16)
    implicitWidth: row.implicitWidth + root.leftPadding + root.rightPadding
    leftPadding: root.look === Button.Plain ? 0 : root.compact ? 16 : 20
    rightPadding: root.leftPadding

    background: Rectangle {
        border.color: Theme.outline
        border.width: root.look === Button.Outlined && !root.off ? 1 : 0
        color: root.fill
        radius: height / 2

        Rectangle {
            anchors.fill: parent
            color: Theme.pressed
            radius: parent.radius
            visible: root.down || (root.hovered && root.look !== Button.Plain)
        }

        FocusRing {
            around: parent.radius
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        implicitHeight: label.implicitHeight
        implicitWidth: row.implicitWidth

        Row {
            id: row

            anchors.centerIn: parent
            spacing: 8

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: root.ink
                size: root.compact ? 18 : 20
                text: root.glyph
                visible: root.glyph !== "" && !Theme.large
            }

            Label {
                id: label

                color: root.ink
                size: root.compact ? 14 : 16
                text: root.text
                weight: Font.DemiBold
                wrapMode: Text.NoWrap
            }
        }
    }
}
