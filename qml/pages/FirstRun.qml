import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// The first start: it asks for people by what they mean to the one who holds the phone.
Flickable {
    id: root

    required property AppState app
    readonly property real least: 16

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    contentHeight: Math.max(column.implicitHeight + note.implicitHeight + 48, root.height)
    objectName: "firstRun"

    T.ScrollBar.vertical: ScrollBar {
    }

    Column {
        id: column

        spacing: 12
        topPadding: Theme.laptop ? 48 : 24
        width: Math.min(root.width - 2 * root.least, 440)
        x: Math.round(Math.max(root.least, Theme.laptop ? (root.width - width) / 2 : 0))

        Label {
            Accessible.role: Accessible.Heading
            bottomPadding: 4
            size: 32
            text: qsTr("Who should\nhear from you?")
            weight: Font.DemiBold
            width: parent.width
        }

        Label {
            bottomPadding: 12
            color: Theme.muted
            size: 16
            text: qsTr("Begin with the three customers you care about most. Today will then say whom to talk to, and about what.")
            width: parent.width - (Theme.large ? 0 : 32)
        }

        Card {
            padding: 0
            width: parent.width

            Repeater {
                model: [qsTr("Someone you promised something"), qsTr("Someone you have not heard from"), qsTr("Someone who told you the truth")]

                FirstRunRow {
                    required property int index
                    required property string modelData

                    last: index === 2
                    number: index + 1
                    text: modelData
                    width: parent.width

                    onClicked: root.app.addCustomer()
                }
            }
        }

        Item {
            height: 4
            width: 1
        }

        Button {
            glyph: Icons.addPerson
            look: Button.Filled
            objectName: "addFirst"
            size: 56
            text: qsTr("Add a customer")
            width: parent.width

            onClicked: root.app.addCustomer()
        }

        Button {
            glyph: Icons.link
            objectName: "joinFirst"
            size: 56
            text: qsTr("Join my team")
            visible: !root.app.sync.hasServer
            width: parent.width

            onClicked: root.app.go(AppState.Settings)
        }
    }

    Item {
        id: note

        implicitHeight: noteWords.implicitHeight
        visible: !root.app.sync.hasServer
        width: column.width
        x: column.x
        y: Theme.laptop ? column.implicitHeight + 24 : Math.max(column.implicitHeight + 24, root.height - implicitHeight - 24)

        Icon {
            anchors.left: parent.left
            size: 20
            text: root.app.wide ? Icons.laptop : Icons.device
        }

        Label {
            id: noteWords

            anchors.left: parent.left
            anchors.leftMargin: 32
            anchors.right: parent.right
            color: Theme.muted
            size: 14
            text: root.app.wide ? qsTr("No server yet, and none is needed. Everything stays on this laptop; you can join your team later.") : qsTr("No server yet, and none is needed. Everything stays on this phone; you can join your team later.")
        }
    }
}
