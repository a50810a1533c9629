import QtQuick
import QtQuick.Layouts
import Tend
import Tend.Models

// One thing two people wrote down differently. Neither side weighs more than the other.
Card {
    id: root

    required property string conflictId
    required property string title
    required property string question
    required property string mineBy
    required property string mineWhen
    required property string mineWords
    required property string theirsBy
    required property string theirsWhen
    required property string theirsWords
    required property string takeTheirs
    required property bool canKeepBoth
    signal taken(int take)

    spacing: 8

    Label {
        Accessible.role: Accessible.Heading
        size: 16
        text: root.title
        weight: Font.DemiBold
        width: parent.width
    }

    Label {
        bottomPadding: 8
        color: Theme.muted
        size: 14
        text: root.question
        width: parent.width
    }

    ConflictSide {
        bar: Theme.primary
        by: root.mineBy
        when: root.mineWhen
        width: parent.width
        words: root.mineWords
    }

    Item {
        height: 17
        width: parent.width

        Divider {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
        }
    }

    ConflictSide {
        bar: Theme.outline
        by: root.theirsBy
        when: root.theirsWhen
        width: parent.width
        words: root.theirsWords
    }

    Item {
        height: 4
        width: 1
    }

    GridLayout {
        columnSpacing: 8
        columns: Theme.scale >= 1.3 ? 1 : root.canKeepBoth ? 3 : 2
        rowSpacing: 8
        width: parent.width

        Button {
            Accessible.name: qsTr("Keep mine: %1").arg(root.mineWords)
            Layout.fillWidth: true
            Layout.preferredWidth: 3
            look: Button.Tonal
            objectName: "takeMine"
            text: qsTr("Mine")

            onClicked: root.taken(SyncModel.Mine)
        }

        Button {
            Accessible.name: qsTr("Keep %1: %2").arg(root.takeTheirs).arg(root.theirsWords)
            Layout.fillWidth: true
            Layout.preferredWidth: 3
            look: Button.Tonal
            objectName: "takeTheirs"
            text: root.takeTheirs

            onClicked: root.taken(SyncModel.Theirs)
        }

        Button {
            Layout.fillWidth: true
            Layout.preferredWidth: 4
            objectName: "takeBoth"
            text: qsTr("Keep both")
            visible: root.canKeepBoth

            onClicked: root.taken(SyncModel.Both)
        }
    }
}
