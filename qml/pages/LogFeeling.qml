import QtQuick
import QtQuick.Layouts
import Tend
import Tend.Models

// How they felt and who says so. Nothing chosen is an honest answer too.
Column {
    id: root

    required property LogModel model
    readonly property bool said: root.model.feeling === LogModel.DidntSay

    spacing: 4

    Label {
        color: Theme.muted
        size: 12
        text: qsTr("How did they feel?")
        weight: Font.Medium
        width: root.width
    }

    Item {
        height: 0
        width: 1
    }

    FeelingPicker {
        value: root.model.feeling
        width: root.width

        onPicked: value => root.model.feeling = value
    }

    Item {
        height: 4
        width: 1
    }

    GridLayout {
        columnSpacing: 8
        columns: Theme.scale >= 1.3 ? 1 : 2
        rowSpacing: 8
        visible: !Theme.large
        width: root.width

        Segments {
            Layout.fillWidth: true
            current: root.said ? -1 : root.model.theySaidSo ? 0 : 1
            name: qsTr("Who says so")
            names: [qsTr("They said so"), qsTr("My impression")]
            part: "source"

            onPicked: index => root.model.theySaidSo = index === 0
        }

        Button {
            Accessible.checkable: true
            Accessible.checked: root.said
            implicitWidth: root.said ? 120 : 100
            leftPadding: 12
            look: root.said ? Button.Tonal : Button.Outlined
            objectName: "didntSay"
            rightPadding: 12
            size: Theme.target
            text: qsTr("Didn’t say")
            visible: Theme.scale < 1.3

            contentItem: Item {
                Label {
                    anchors.centerIn: parent
                    color: root.said ? Theme.containerInk : Theme.text
                    size: 14
                    text: qsTr("Didn’t say")
                    weight: root.said ? Font.DemiBold : Font.Medium
                    wrapMode: Text.NoWrap
                }
            }

            onClicked: root.model.feeling = LogModel.DidntSay
        }
    }
}
