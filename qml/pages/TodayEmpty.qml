import QtQuick
import Tend
import Tend.Models

// Nobody waits: that is good news, and there is still somebody to look at.
Column {
    id: root

    required property AppState app
    property real side: 16

    leftPadding: root.side
    rightPadding: root.side
    spacing: 16
    topPadding: 32

    Label {
        size: 20
        text: qsTr("Nobody is waiting for you.")
        weight: Font.DemiBold
        width: Math.min(root.width - 2 * root.side, 440)
    }

    Label {
        color: Theme.muted
        text: qsTr("Who of your customers would be glad to hear from you?")
        width: Math.min(root.width - 2 * root.side, 440)
    }

    Button {
        objectName: "seeCustomers"
        text: qsTr("See customers")

        onClicked: root.app.go(AppState.Customers)
    }
}
