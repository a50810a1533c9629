import QtQuick
import QtQuick.Layouts
import Tend
import Tend.Models

// What one can do with a customer: a call first, then a visit, and only then a message.
Item {
    id: root

    required property AppState app
    readonly property CustomerModel model: root.app.customer
    property bool panes: false
    property real topPadding: 0

    implicitHeight: grid.implicitHeight + root.topPadding
    implicitWidth: grid.implicitWidth

    GridLayout {
        id: grid

        anchors.bottom: parent.bottom
        anchors.right: parent.right
        columnSpacing: 8
        columns: Theme.scale >= 1.3 && !root.panes ? 1 : 3
        rowSpacing: 8
        width: root.panes ? implicitWidth : root.width

        Button {
            Accessible.name: qsTr("Call %1").arg(root.model.name)
            Layout.fillWidth: !root.panes
            Layout.preferredWidth: root.panes ? implicitWidth : 4
            glyph: root.panes ? Icons.copy : Icons.phone
            leftPadding: root.panes ? 16 : 8
            objectName: "callButton"
            rightPadding: leftPadding
            text: root.panes ? qsTr("Copy number") : qsTr("Call")
            visible: root.model.phone !== ""

            onClicked: root.panes ? root.app.copyNumber() : root.app.call(root.model.customerId)
        }

        Button {
            Accessible.name: qsTr("Log a visit to %1").arg(root.model.name)
            Layout.fillWidth: !root.panes
            Layout.preferredWidth: root.panes ? implicitWidth : 4
            glyph: Icons.log
            leftPadding: root.panes ? 16 : 8
            look: root.panes ? Button.Outlined : Button.Accent
            objectName: "logThis"
            rightPadding: leftPadding
            text: root.panes ? qsTr("Log a visit") : qsTr("Log")

            onClicked: root.app.logVisit(root.model.customerId)
        }

        Button {
            Accessible.name: qsTr("Message %1").arg(root.model.name)
            Layout.fillWidth: !root.panes
            Layout.preferredWidth: root.panes ? implicitWidth : 5
            glyph: Icons.message
            leftPadding: root.panes ? 16 : 8
            objectName: "messageButton"
            rightPadding: leftPadding
            text: qsTr("Message")
            visible: root.model.phone !== ""

            onClicked: root.app.message()
        }
    }
}
