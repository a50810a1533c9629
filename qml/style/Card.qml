import QtQuick
import Tend

// A flat block with a line around it; what stands on it is one thing.
Rectangle {
    id: root

    default property alias content: column.data
    property real padding: 16
    property real spacing: 0

    border.color: Theme.line
    border.width: 1
    color: Theme.surface
    implicitHeight: column.implicitHeight + 2 * root.padding
    implicitWidth: 200
    radius: 16

    Column {
        id: column

        anchors.left: parent.left
        anchors.margins: root.padding
        anchors.right: parent.right
        anchors.top: parent.top
        spacing: root.spacing
    }
}
