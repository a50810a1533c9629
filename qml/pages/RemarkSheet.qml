import QtQuick
import Tend
import Tend.Models

// The ten-second remark: their words, and who it was if that is known.
Sheet {
    id: root

    required property AppState app
    readonly property RemarkModel model: root.app.remark

    objectName: "remarkSheet"
    part: "remark"
    shown: root.model.open
    title: qsTr("Write a remark")

    footer: SaveButton {
        name: "saveRemark"
        width: parent.width

        onClicked: root.model.save()
    }

    onClosed: root.model.close()
    onShownChanged: {
        if (root.shown)
            words.forceActiveFocus();
    }

    TextArea {
        id: words

        error: root.model.wordsError
        input.objectName: "remarkField"
        label: qsTr("What did they say?")
        rows: 3
        text: root.model.words
        width: parent.width

        onEdited: text => root.model.words = text
    }

    Column {
        // The chips have 8 of their target below what one sees.
        bottomPadding: -8
        visible: root.model.people.count > 0
        width: parent.width

        Label {
            color: Theme.muted
            size: 12
            text: qsTr("Who was it? It can wait.")
            weight: Font.Medium
            width: parent.width
        }

        Flow {
            spacing: 8
            width: parent.width

            Repeater {
                model: root.model.people

                Chip {
                    required property int index
                    required property string customerId
                    required property string name
                    required property bool picked

                    chosen: picked
                    objectName: "remarkWho" + index
                    text: name

                    onClicked: root.model.choose(customerId)
                }
            }
        }
    }
}
