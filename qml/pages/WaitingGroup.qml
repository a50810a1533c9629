import QtQuick
import Tend
import Tend.Models

// What this device holds and the server does not have yet.
Column {
    id: root

    required property AppState app
    readonly property WaitingRows rows: root.app.sync.waiting

    SectionHead {
        count: root.rows.count
        title: root.app.sync.waitingTitle
        visible: root.rows.count > 0 && root.app.sync.hasServer
        width: root.width
    }

    Card {
        padding: 0
        visible: root.rows.count > 0 && root.app.sync.hasServer
        width: root.width

        Repeater {
            model: root.rows

            Item {
                id: item

                required property int index
                required property string table
                required property string title
                required property string detail
                required property bool last
                required property string spoken

                Accessible.name: item.spoken
                Accessible.role: Accessible.ListItem
                height: Math.max(62, words.implicitHeight + 20)
                objectName: "waiting" + item.index
                width: parent.width

                Icon {
                    anchors.left: parent.left
                    anchors.leftMargin: 16
                    anchors.top: words.top
                    size: 20
                    text: Icons.table(item.table)
                    visible: !Theme.large
                }

                Column {
                    id: words

                    anchors.left: parent.left
                    anchors.leftMargin: Theme.large ? 16 : 48
                    anchors.right: mark.visible ? mark.left : parent.right
                    anchors.rightMargin: 12
                    anchors.verticalCenter: parent.verticalCenter

                    Label {
                        size: 16
                        text: item.title
                        width: parent.width
                    }

                    Label {
                        color: Theme.muted
                        size: 14
                        text: item.detail
                        width: parent.width
                    }
                }

                StateMark {
                    id: mark

                    anchors.right: parent.right
                    anchors.rightMargin: 16
                    anchors.top: words.top
                    anchors.topMargin: 2
                    mark: StoryRows.Waiting
                    visible: !Theme.large
                    words: qsTr("Waiting")
                }

                Divider {
                    anchors.bottom: parent.bottom
                    anchors.left: words.left
                    anchors.right: parent.right
                    visible: !item.last
                }
            }
        }
    }
}
