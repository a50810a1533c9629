import QtQuick
import Tend

// One side of a conflict: who, when, and their words.
Column {
    id: root

    property string by: ""
    property string when: ""
    property string words: ""
    property color bar: Theme.primary

    spacing: 4

    Row {
        Label {
            size: 14
            text: root.by
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
        }

        Label {
            color: Theme.muted
            size: 14
            text: qsTr(", %1").arg(root.when)
            wrapMode: Text.NoWrap
        }
    }

    Quote {
        bar: root.bar
        size: 16
        width: root.width
        words: root.words
    }
}
