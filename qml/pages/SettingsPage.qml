import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// What this person chose for this device, and the server it belongs to.
Item {
    id: root

    required property AppState app
    readonly property SettingsModel model: root.app.settings
    readonly property real side: Theme.laptop ? 40 : 16

    objectName: "settingsPage"

    PageHead {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        canGoBack: !Theme.laptop
        title: qsTr("Settings")

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
        objectName: "settingsScroll"

        T.ScrollBar.vertical: ScrollBar {
        }

        Column {
            id: column

            spacing: 16
            width: Math.min(parent.width - 2 * root.side, 640)
            x: root.side

            AccountCard {
                app: root.app
                width: column.width
            }

            LookCard {
                model: root.model
                width: column.width
            }

            FilesCard {
                model: root.model
                width: column.width
            }

            FoundRow {
                glyph: Icons.info
                objectName: "aboutButton"
                text: qsTr("About Tend, and what it is not")
                width: column.width

                onClicked: root.app.go(AppState.About)
            }
        }
    }
}
