import QtQuick
import Tend

// The bar of a page one came to from elsewhere: back, and where one is.
Item {
    id: root

    property string title: ""
    property bool canGoBack: true
    signal back

    // On a laptop its title stands where those of the list panes stand.
    implicitHeight: Math.max(Theme.laptop ? 72 : 56, label.implicitHeight + 16)

    IconButton {
        id: button

        anchors.left: parent.left
        anchors.leftMargin: Theme.laptop ? 34 : 4
        anchors.verticalCenter: label.verticalCenter
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
        anchors.leftMargin: root.canGoBack ? (Theme.laptop ? 80 : 56) : Theme.laptop ? 40 : 16
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: Theme.laptop ? 1 : 0
        size: Theme.laptop ? 24 : 20
        text: root.title
        weight: Font.DemiBold
    }
}
