import QtQuick
import Tend

// How many things need a person. Whatever bears it says so in words.
Rectangle {
    id: root

    property int count: 0

    color: Theme.primary
    height: 16
    radius: 8
    visible: root.count > 0
    width: Math.max(16, label.implicitWidth + 8)

    Label {
        id: label

        Accessible.ignored: true
        anchors.centerIn: parent
        color: Theme.primaryInk
        font.pixelSize: 12
        lineHeight: 16
        text: root.count
        weight: Font.DemiBold
        wrapMode: Text.NoWrap
    }
}
