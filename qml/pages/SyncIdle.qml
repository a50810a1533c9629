import QtQuick
import Tend
import Tend.Models

// Nothing waits and nobody is needed: what that means, and which server it is about.
Card {
    id: root

    required property AppState app
    readonly property SyncModel model: root.app.sync
    readonly property SettingsModel account: root.app.settings

    spacing: 16

    BriefFact {
        glyph: root.app.wide ? Icons.laptop : Icons.device
        label: root.model.hasServer ? root.model.waitingTitle : root.app.wide ? qsTr("On this laptop") : qsTr("On this phone")
        objectName: "syncIdle"
        value: root.model.hasServer ? qsTr("Nothing") : qsTr("All you write, safe without a server")
        width: parent.width
    }

    BriefFact {
        glyph: Icons.sync
        label: qsTr("Merged by itself")
        source: qsTr("Two changes at once would stand here.")
        value: qsTr("Nothing in the last 30 days")
        visible: root.model.hasServer
        width: parent.width
    }

    BriefFact {
        glyph: Icons.people
        label: qsTr("Once you join a team")
        value: qsTr("Your notes reach your other devices and the office")
        visible: !root.model.hasServer
        width: parent.width
    }

    BriefFact {
        glyph: Icons.cloudDone
        label: qsTr("Server")
        source: root.account.server
        value: root.account.workspace
        visible: root.model.hasServer && value !== ""
        width: parent.width
    }
}
