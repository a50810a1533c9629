import QtQuick
import Tend

// What a sheet is for, at its foot: as wide as a phone for the thumb, beside its keys on a laptop.
Item {
    id: root

    property alias text: button.text
    property string name: ""
    readonly property bool beside: Theme.laptop && !Theme.large
    signal clicked

    implicitHeight: button.implicitHeight
    implicitWidth: root.beside ? keys.width + 16 + button.width : 200

    Row {
        id: keys

        anchors.right: button.left
        anchors.rightMargin: 16
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4
        visible: root.beside

        Keycap {
            text: qsTr("Ctrl")
        }

        Keycap {
            text: qsTr("Enter")
        }
    }

    Button {
        id: button

        anchors.right: parent.right
        look: Button.Filled
        objectName: root.name
        size: Theme.large ? 72 : Theme.laptop ? 44 : 56
        text: qsTr("Save")
        width: root.beside ? Math.max(160, implicitWidth) : root.width

        onClicked: root.clicked()
    }
}
