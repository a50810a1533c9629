import QtQuick
import Tend
import Tend.Models

// Nobody waits: that is good news, and there is still somebody to look at.
Column {
    id: root

    required property AppState app

    leftPadding: 16
    rightPadding: 16
    spacing: 16
    topPadding: 32

    Label {
        size: 20
        text: qsTr("Nobody is waiting for you.")
        weight: Font.DemiBold
        width: root.width - 32
    }

    Label {
        color: Theme.muted
        text: qsTr("Look through your customers: who would be glad to hear from you?")
        width: root.width - 32
    }

    Button {
        objectName: "seeCustomers"
        text: qsTr("See customers")

        onClicked: root.app.go(AppState.Customers)
    }
}
