import QtQuick
import Tend

// The head of a group: a word, how many, and sometimes one thing to press.
Item {
    id: root

    property string title: ""
    property int count: -1
    property string link: ""
    // Quieter and lower, at the head of a group in a list pane.
    property bool small: false
    signal linked

    implicitHeight: root.small ? words.implicitHeight + 18 : Math.max(42, words.implicitHeight + 12)

    Row {
        id: words

        Accessible.name: title.text
        Accessible.role: Accessible.Heading
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        spacing: root.small ? 4 : 8

        Label {
            id: title

            color: root.small ? Theme.muted : Theme.text
            size: root.small ? 12 : 14
            text: root.title
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
        }

        Label {
            color: Theme.muted
            size: root.small ? 12 : 14
            text: root.count
            visible: root.count >= 0
            weight: root.small ? Font.DemiBold : Font.Medium
        }
    }

    LinkButton {
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: root.link
        visible: root.link !== "" && !Theme.large

        onClicked: root.linked()
    }
}
