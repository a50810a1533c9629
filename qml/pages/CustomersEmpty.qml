import QtQuick
import Tend
import Tend.Models

// Nobody yet, or nobody found: a sentence and what to do.
Column {
    id: root

    required property AppState app
    property real side: 16

    leftPadding: root.side
    rightPadding: root.side
    spacing: 16
    topPadding: 24

    Label {
        objectName: "customersEmpty"
        size: 20
        text: root.app.customers.emptyLine
        weight: Font.DemiBold
        width: root.width - 2 * root.side
    }

    Label {
        color: Theme.muted
        text: root.app.customers.search === "" ? qsTr("A name is enough to begin with.") : qsTr("Try a name, a number, or what they said.")
        width: root.width - 2 * root.side
    }

    Button {
        glyph: Icons.addPerson
        objectName: "addFound"
        text: root.app.customers.addLine
        width: Math.min(implicitWidth, root.width - 2 * root.side)

        onClicked: root.app.addCustomer(root.app.customers.search)
    }
}
