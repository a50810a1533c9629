import QtQuick
import Tend
import Tend.Models

// The one thing to press about sync: try now, or join when only that helps.
Button {
    id: root

    required property AppState app
    readonly property bool joins: root.app.sync.mustJoin

    glyph: root.joins ? Icons.link : Icons.sync
    objectName: root.joins ? "joinButton" : "tryNow"
    text: root.joins ? qsTr("Join") : qsTr("Try now")

    onClicked: root.joins ? root.app.go(AppState.Settings) : root.app.sync.tryNow()
}
