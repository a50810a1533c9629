import QtQuick
import Tend

// What just happened, and for a few seconds the way back.
Rectangle {
    id: root

    property string words: ""
    property bool undoable: false
    signal undo

    Accessible.name: root.words
    Accessible.role: Accessible.AlertMessage
    color: Theme.text
    implicitHeight: Math.max(48, label.implicitHeight + 16)
    opacity: root.words === "" ? 0 : 1
    radius: 12
    visible: opacity > 0

    Behavior on opacity  {
        NumberAnimation {
            duration: Theme.fadeMs
        }
    }

    Label {
        id: label

        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.right: action.visible ? action.left : parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.bg
        size: 14
        text: root.words
    }

    Button {
        id: action

        anchors.right: parent.right
        anchors.rightMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        look: Button.Plain
        objectName: "undoButton"
        size: 48
        text: qsTr("Undo")
        visible: root.undoable

        contentItem: Item {
            implicitWidth: word.implicitWidth

            Label {
                id: word

                anchors.centerIn: parent
                color: Theme.dark ? Theme.primaryInk : Theme.container
                size: 14
                text: action.text
                weight: Font.DemiBold
                wrapMode: Text.NoWrap
            }
        }

        onClicked: root.undo()
    }
}
