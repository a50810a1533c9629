import QtQuick
import Tend

// The head of a sheet: handle, title and the way out. Dragged down, it closes.
Item {
    id: root

    property string title: ""
    property bool handle: true
    property string part: "sheet"
    signal closed

    implicitHeight: (root.handle ? 20 : 8) + Math.max(48, title.implicitHeight)

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: 10
        color: Theme.outline
        height: 4
        radius: 2
        visible: root.handle
        width: 32
    }

    DragHandler {
        id: drag

        enabled: root.handle
        target: null

        onActiveChanged: {
            if (!drag.active && drag.activeTranslation.y > 80)
                root.closed();
        }
    }

    Label {
        id: title

        Accessible.role: Accessible.Heading
        anchors.left: parent.left
        anchors.leftMargin: 16
        anchors.right: close.left
        anchors.verticalCenter: close.verticalCenter
        size: 20
        text: root.title
        weight: Font.DemiBold
    }

    IconButton {
        id: close

        anchors.right: parent.right
        anchors.rightMargin: root.handle ? 4 : 12
        anchors.top: parent.top
        anchors.topMargin: root.handle ? 20 : 8
        glyph: Icons.close
        implicitHeight: 48
        implicitWidth: 48
        objectName: root.part + "Close"
        text: qsTr("Close, keeping what is written")

        onClicked: root.closed()
    }
}
