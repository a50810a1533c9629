import QtQuick
import Tend

// The reading pane while nobody is chosen.
Column {
    id: root

    spacing: 8

    Icon {
        anchors.horizontalCenter: parent.horizontalCenter
        size: 32
        text: Icons.people
    }

    Label {
        color: Theme.muted
        size: 14
        text: qsTr("Choose somebody on the left.")
    }
}
