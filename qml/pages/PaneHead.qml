import QtQuick
import Tend

// The head of a list pane on a laptop.
Item {
    id: root

    property string title: ""
    property string aside: ""

    implicitHeight: Math.max(66, title.implicitHeight + 24)

    Label {
        id: title

        Accessible.role: Accessible.Heading
        anchors.left: parent.left
        anchors.leftMargin: 24
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: 4
        size: 24
        text: root.title
        weight: Font.DemiBold
        wrapMode: Text.NoWrap
    }

    Label {
        anchors.baseline: title.baseline
        anchors.right: parent.right
        anchors.rightMargin: 24
        color: Theme.muted
        size: 14
        text: root.aside
        visible: !Theme.large
        wrapMode: Text.NoWrap
    }
}
