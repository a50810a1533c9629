import QtQuick
import Tend

// The head of a group: a word, how many, and sometimes one thing to press.
Item {
    id: root

    property string title: ""
    property int count: -1
    property string link: ""
    signal linked

    implicitHeight: Math.max(42, words.implicitHeight + 12)

    Row {
        id: words

        Accessible.name: title.text
        Accessible.role: Accessible.Heading
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        spacing: 8

        Label {
            id: title

            size: 14
            text: root.title
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
        }

        Label {
            color: Theme.muted
            size: 14
            text: root.count
            visible: root.count >= 0
            weight: Font.Medium
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
