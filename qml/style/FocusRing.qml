import QtQuick
import Tend

// The 2 px ring around what the keyboard would press.
Rectangle {
    id: root

    property bool shown: false
    property real around: 12

    anchors.fill: parent
    anchors.margins: -4
    border.color: Theme.primary
    border.width: 2
    color: "transparent"
    radius: root.around + 4
    visible: root.shown
}
