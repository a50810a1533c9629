import QtQuick
import Tend

// The three lines of a row of Today, and the disc beside them.
Item {
    id: root

    required property string who
    required property string initials
    required property string about
    required property string why
    required property int because
    property bool panes: false
    property bool chosen: false
    readonly property bool disc: !Theme.large

    implicitHeight: column.implicitHeight

    Avatar {
        anchors.left: parent.left
        anchors.verticalCenter: root.panes ? undefined : column.verticalCenter
        color: root.chosen ? Theme.surface : Theme.alt
        initials: root.initials
        size: root.panes ? 32 : 40
        visible: root.disc
    }

    Column {
        id: column

        anchors.left: parent.left
        anchors.leftMargin: root.disc ? (root.panes ? 44 : 52) : 0
        anchors.right: parent.right

        Label {
            color: root.chosen ? Theme.containerInk : Theme.text
            text: root.who
            weight: Font.DemiBold
            width: column.width
        }

        Label {
            color: root.chosen ? Theme.containerInk : Theme.text
            text: root.about
            visible: text !== ""
            width: column.width
        }

        Item {
            height: reason.implicitHeight
            width: column.width

            Icon {
                id: icon

                anchors.left: parent.left
                anchors.verticalCenter: parent.verticalCenter
                color: root.chosen ? Theme.containerInk : Theme.muted
                size: 16
                text: Icons.reason(root.because)
                visible: !Theme.large
            }

            Label {
                id: reason

                anchors.left: parent.left
                anchors.leftMargin: icon.visible ? 22 : 0
                anchors.right: parent.right
                color: root.chosen ? Theme.containerInk : Theme.muted
                size: root.panes ? 12 : 14
                text: root.why
            }
        }
    }
}
