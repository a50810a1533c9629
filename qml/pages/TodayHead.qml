import QtQuick
import Tend
import Tend.Models

// What stands above the first group: the sentence about sync, an error, an unfinished note.
Column {
    id: root

    required property AppState app
    property bool panes: false

    bottomPadding: root.panes ? 0 : 2
    leftPadding: root.panes ? 12 : 16
    rightPadding: root.panes ? 12 : 16
    spacing: 8
    topPadding: root.panes ? 0 : 8

    readonly property real inner: root.width - root.leftPadding - root.rightPadding

    Banner {
        badge: root.app.wide ? 0 : root.app.needsYou
        badgeWords: qsTr("Needs you: %1").arg(root.app.needsYou)
        glyph: Icons.syncMark(root.app.syncMark)
        objectName: "offlineLine"
        text: root.app.offlineLine
        visible: text !== ""
        width: root.inner

        onClicked: root.app.go(AppState.Sync)
    }

    Banner {
        glyph: Icons.info
        ink: Theme.text
        objectName: "failureLine"
        passive: true
        text: root.app.failure !== "" ? root.app.failure : root.app.today.error
        visible: text !== ""
        width: root.inner
    }

    Repeater {
        model: root.app.today.drafts

        Banner {
            required property int index
            required property string key
            required property bool isRemark
            required property string line

            Accessible.name: qsTr("%1, continue").arg(line)
            glyph: Icons.log
            ink: Theme.text
            objectName: "draftRow" + (index > 0 ? index : "")
            text: qsTr("%1 – continue").arg(line)
            width: root.inner

            onClicked: root.app.continueDraft(key, isRemark)
        }
    }
}
