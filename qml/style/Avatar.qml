import QtQuick
import Tend

// A disc with initials. Decoration beside a name, so a screen reader passes over it.
Rectangle {
    id: root

    property string initials: ""
    property int size: 40
    property color ink: Theme.muted

    Accessible.ignored: true
    color: Theme.alt
    height: root.size
    radius: root.size / 2
    width: root.size

    Label {
        anchors.centerIn: parent
        color: root.ink
        font.pixelSize: root.size >= 40 ? 14 : 12
        lineHeight: 20
        text: root.initials
        weight: Font.DemiBold
        wrapMode: Text.NoWrap
    }
}
