import QtQuick
import Tend

// A key as it looks on the board.
Rectangle {
    id: root

    property string text: ""

    border.color: Theme.line
    border.width: 1
    color: Theme.surface
    implicitHeight: 20
    implicitWidth: Math.max(20, label.implicitWidth + 12)
    radius: 4

    Label {
        id: label

        Accessible.ignored: true
        anchors.centerIn: parent
        color: Theme.muted
        font.pixelSize: 12
        lineHeight: 18
        text: root.text
        weight: Font.Medium
        wrapMode: Text.NoWrap
    }
}
