import QtQuick
import Tend

// The customer's own words behind their bar: one size above the text beside them, never cut.
Item {
    id: root

    property string words: ""
    property int size: 16
    property int weight: Font.Normal
    property color bar: Theme.primary
    property color ink: Theme.text
    readonly property int gap: root.size >= 32 ? 20 : root.size >= 24 ? 16 : 12

    implicitHeight: label.implicitHeight
    implicitWidth: 3 + root.gap + label.implicitWidth

    Rectangle {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.top: parent.top
        color: root.bar
        width: 3
    }

    Label {
        id: label

        anchors.left: parent.left
        anchors.leftMargin: 3 + root.gap
        anchors.right: parent.right
        color: root.ink
        size: root.size
        text: root.words
        weight: root.weight
    }
}
