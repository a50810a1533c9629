import QtQuick
import QtQuick.Templates as T
import Tend

// On or off, with its words before it.
T.Switch {
    id: root

    Accessible.checkable: true
    Accessible.checked: root.checked
    Accessible.name: root.text
    Accessible.role: Accessible.CheckBox
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(48, label.implicitHeight + 12)

    background: Item {
        FocusRing {
            anchors.margins: -2
            shown: root.visualFocus
        }
    }
    contentItem: Label {
        id: label

        rightPadding: 64
        size: 16
        text: root.text
        verticalAlignment: Text.AlignVCenter
    }
    indicator: Rectangle {
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        border.color: Theme.outline
        border.width: root.checked ? 0 : 1
        color: root.checked ? Theme.primary : Theme.alt
        height: 28
        radius: 14
        width: 52

        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            color: root.checked ? Theme.primaryInk : Theme.outline
            height: 20
            radius: 10
            width: 20
            x: root.checked ? parent.width - 24 : 4
        }
    }
}
