import QtQuick
import QtQuick.Templates as T
import Tend

// One glyph of the icon font in a square. A screen reader passes over it.
T.Label {
    id: root

    property int size: 20
    // Arrows and the reply sign point the other way where one reads from the right.
    property bool directed: false

    Accessible.ignored: true
    color: Theme.muted
    font.family: "Material Icons"
    font.pixelSize: root.size
    height: root.size
    horizontalAlignment: Text.AlignHCenter
    lineHeight: root.size
    lineHeightMode: Text.FixedHeight
    transform: Scale {
        origin.x: root.width / 2
        xScale: root.directed && Theme.mirrored ? -1 : 1
    }
    verticalAlignment: Text.AlignVCenter
    width: root.size
}
