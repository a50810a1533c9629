import QtQuick
import QtQuick.Layouts
import Tend
import Tend.Models

// What to know before the door: their last words, how they feel and who says so, what comes next.
Rectangle {
    id: root

    required property CustomerModel model
    property bool panes: false
    property bool brief: false
    readonly property real inset: root.brief ? 0 : 16

    border.color: Theme.line
    border.width: root.panes ? 0 : 1
    color: root.brief ? "transparent" : root.panes ? Theme.bg : Theme.surface
    implicitHeight: column.implicitHeight + 2 * root.inset
    radius: 16

    Column {
        id: column

        spacing: 4
        width: root.width - 2 * root.inset
        x: root.inset
        y: root.inset

        Label {
            color: Theme.muted
            size: 12
            text: root.model.lastTime
            visible: text !== ""
            weight: Font.Medium
            width: column.width
        }

        Quote {
            objectName: "lastWords"
            size: root.brief ? 24 : 20
            visible: words !== ""
            width: column.width
            words: root.model.lastWords
        }

        GridLayout {
            columnSpacing: 32
            columns: root.panes && !Theme.large ? 2 : 1
            rowSpacing: root.brief ? 24 : 16
            width: column.width

            BriefFact {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.topMargin: root.model.lastWords !== "" ? (root.brief ? 20 : 12) : 0
                glyph: Icons.feeling(root.model.feeling)
                ink: Theme.feeling(root.model.feeling)
                label: qsTr("They feel")
                source: root.model.feelingSource
                value: root.model.feelingWords
                visible: value !== ""
            }

            BriefFact {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.topMargin: root.panes && root.model.lastWords !== "" ? (root.brief ? 20 : 12) : 0
                glyph: Icons.nextStep
                label: qsTr("Next step")
                pressing: root.model.nextStepPressing
                source: root.model.nextStepDue
                value: root.model.nextStep
                visible: value !== ""
            }

            BriefFact {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                glyph: Icons.note
                label: qsTr("Good to know")
                value: root.model.note
                visible: value !== ""
            }
        }
    }
}
