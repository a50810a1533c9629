import QtQuick
import Tend

// One fact with where it comes from, or when it is due.
Item {
    id: root

    property string glyph: ""
    property color ink: Theme.muted
    property string label: ""
    property string value: ""
    property string source: ""
    property bool pressing: false

    implicitHeight: column.implicitHeight

    Icon {
        anchors.left: parent.left
        color: root.ink
        size: 20
        text: root.glyph
        visible: !Theme.large
    }

    Column {
        id: column

        anchors.left: parent.left
        anchors.leftMargin: Theme.large ? 0 : 32
        anchors.right: parent.right

        Label {
            color: Theme.muted
            size: 12
            text: root.label
            weight: Font.Medium
            width: column.width
        }

        Label {
            size: 16
            text: root.value
            width: column.width
        }

        Label {
            color: root.pressing ? Theme.warn : Theme.muted
            size: 14
            text: root.source
            visible: text !== ""
            weight: root.pressing ? Font.Medium : Font.Normal
            width: column.width
        }
    }
}
