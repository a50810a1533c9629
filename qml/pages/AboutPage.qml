import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// What Tend is, and what it is not.
Item {
    id: root

    required property AppState app
    readonly property real side: Theme.laptop ? 40 : 16
    readonly property list<string> nots: [qsTr("It sends nothing to a customer by itself."), qsTr("It ranks nobody, and gives nobody a mark."), qsTr("It shows nothing about a customer’s view without the visit and the words behind it."), qsTr("It never says all is sent while something waits."), qsTr("It cannot look after anybody for you. It remembers what was said; the rest is yours.")]

    objectName: "aboutPage"

    PageHead {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        title: qsTr("About Tend")

        onBack: root.app.back()
    }

    Flickable {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        contentHeight: column.implicitHeight + 24

        T.ScrollBar.vertical: ScrollBar {
        }

        Column {
            id: column

            spacing: 16
            width: Math.min(parent.width - 2 * root.side, 640)
            x: root.side

            Label {
                bottomPadding: 8
                size: 20
                text: qsTr("A journal of visits, for people who look after customers face to face.")
                weight: Font.DemiBold
                // No word of it stands alone on its last line.
                width: Math.min(parent.width, Math.round(440 * Theme.scale))
            }

            Label {
                color: Theme.muted
                size: 14
                text: qsTr("What it is not")
                weight: Font.DemiBold
            }

            Repeater {
                model: root.nots

                Label {
                    required property string modelData

                    text: modelData
                    width: column.width
                }
            }

            Label {
                color: Theme.muted
                size: 14
                text: qsTr("Version %1, under the Apache License 2.0.").arg(Qt.application.version)
                topPadding: 16
                width: parent.width
            }
        }
    }
}
