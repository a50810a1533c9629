import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// Where the notes are. The title is the state; then what needs a person, what waits, what was
// merged by itself and what the server did not take.
Item {
    id: root

    required property AppState app
    readonly property SyncModel model: root.app.sync
    readonly property real side: Theme.laptop ? 40 : 16

    // Nothing on any of the lists.
    readonly property bool idle: root.model.asked === 0 && root.model.refused.count === 0 && root.model.merged.count === 0 && (root.model.waiting.count === 0 || !root.model.hasServer) && root.model.problem === "" && root.model.error === ""

    objectName: "syncPage"

    PageHead {
        id: head

        anchors.left: parent.left
        anchors.right: parent.right
        canGoBack: !Theme.laptop
        title: qsTr("Sync")
        visible: !Theme.laptop

        onBack: root.app.back()
    }

    Flickable {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: Theme.laptop ? parent.top : head.bottom
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        contentHeight: column.implicitHeight + 24 + column.y
        objectName: "syncScroll"

        T.ScrollBar.vertical: ScrollBar {
        }

        Column {
            id: column

            width: Math.min(parent.width - 2 * root.side, 640)
            x: root.side
            y: Theme.laptop ? 20 : 0

            SyncSummary {
                app: root.app
                width: column.width
            }

            Item {
                height: Math.max(44, needs.implicitHeight + 12)
                visible: root.model.asked > 0
                width: column.width

                StateMark {
                    id: needs

                    anchors.left: parent.left
                    anchors.verticalCenter: parent.verticalCenter
                    mark: StoryRows.NeedsYou
                    objectName: "needsYou"
                    size: 14
                    words: qsTr("Needs you")
                }
            }

            Column {
                spacing: 12
                width: column.width

                Repeater {
                    model: root.model.conflicts

                    ConflictCard {
                        width: column.width

                        onTaken: take => root.model.resolve(conflictId, take)
                    }
                }
            }

            SyncGroup {
                model: root.model.refused
                part: "refused"
                title: qsTr("Not taken by the server")
                width: column.width
            }

            WaitingGroup {
                app: root.app
                width: column.width
            }

            Item {
                height: 8
                visible: idle.visible
                width: 1
            }

            SyncIdle {
                id: idle

                app: root.app
                visible: root.idle
                width: column.width
            }

            SyncGroup {
                action: qsTr("Undo")
                model: root.model.merged
                part: "merged"
                title: qsTr("Merged by itself")
                width: column.width

                onActed: id => root.model.undoMerge(id)
            }

            Label {
                color: Theme.muted
                size: 14
                text: root.model.error
                topPadding: 12
                visible: text !== ""
                width: column.width
            }
        }
    }
}
