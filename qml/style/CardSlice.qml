import QtQuick
import Tend

// One row's share of a card: long lists are cards without being one item.
Item {
    id: root

    property bool first: false
    property bool last: false
    property color fill: Theme.surface

    clip: true

    Rectangle {
        anchors.bottomMargin: root.last ? 0 : -24
        anchors.fill: parent
        anchors.topMargin: root.first ? 0 : -24
        border.color: Theme.line
        border.width: 1
        color: root.fill
        radius: 16
    }
}
