import QtQuick
import Tend
import Tend.Models

// Where a record is: an icon and its word, never colour alone.
Row {
    id: root

    property int mark: StoryRows.Waiting
    property string words: ""
    property int size: 12
    readonly property color ink: root.mark === StoryRows.NeedsYou ? Theme.bad : Theme.muted

    spacing: 6

    Icon {
        anchors.verticalCenter: parent.verticalCenter
        color: root.ink
        size: 16
        text: Icons.mark(root.mark)
    }

    Label {
        anchors.verticalCenter: parent.verticalCenter
        color: root.ink
        size: root.size
        text: root.words
        weight: root.mark === StoryRows.NeedsYou ? Font.DemiBold : Font.Medium
        wrapMode: Text.NoWrap
    }
}
