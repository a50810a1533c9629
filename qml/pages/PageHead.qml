import QtQuick
import Tend

// The bar of a page one came to from elsewhere: back, and where one is.
Item {
    id: root

    property string title: ""
    property bool canGoBack: true
    signal back

    implicitHeight: Math.max(56, label.implicitHeight + 16)

    IconButton {
        id: button

        anchors.left: parent.left
        anchors.leftMargin: 4
        anchors.verticalCenter: parent.verticalCenter
        directed: true
        glyph: Icons.back
        objectName: "backButton"
        text: qsTr("Back")
        visible: root.canGoBack

        onClicked: root.back()
    }

    Label {
        id: label

        Accessible.role: Accessible.Heading
        anchors.left: parent.left
        anchors.leftMargin: root.canGoBack ? 56 : Theme.laptop ? 40 : 16
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        size: 20
        text: root.title
        weight: Font.DemiBold
    }
}
