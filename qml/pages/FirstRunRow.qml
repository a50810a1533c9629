import QtQuick
import Tend

// One of the three people to begin with.
Item {
    id: root

    property int number: 1
    property string words: ""
    property bool last: false

    implicitHeight: Math.max(68, label.implicitHeight + 24)

    Rectangle {
        id: disc

        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        border.color: Theme.outline
        border.width: 1
        color: "transparent"
        height: 40
        radius: 20
        width: 40

        Label {
            anchors.centerIn: parent
            color: Theme.muted
            font.pixelSize: 14
            lineHeight: 20
            text: root.number
            weight: Font.DemiBold
        }
    }

    Label {
        id: label

        anchors.left: disc.right
        anchors.leftMargin: 12
        anchors.right: parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        size: 16
        text: root.words
    }

    Divider {
        anchors.bottom: parent.bottom
        anchors.left: label.left
        anchors.right: parent.right
        visible: !root.last
    }
}
