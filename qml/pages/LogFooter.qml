import QtQuick
import Tend
import Tend.Models

// When it was, and Save at the thumb.
Column {
    id: root

    required property LogModel model
    property bool showWhen: false
    signal change

    spacing: 4

    Item {
        height: Math.max(28, when.implicitHeight)
        visible: !Theme.large
        width: root.width

        Label {
            id: when

            anchors.left: parent.left
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.muted
            objectName: "whenLine"
            size: 14
            text: root.model.whenLine
        }

        LinkButton {
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            objectName: "changeWhen"
            text: root.showWhen ? qsTr("Done") : qsTr("Change")

            onClicked: root.change()
        }
    }

    Flow {
        spacing: 8
        visible: root.showWhen
        width: root.width

        Repeater {
            model: [qsTr("Now"), qsTr("An hour ago"), qsTr("This morning"), qsTr("Yesterday")]

            Chip {
                required property int index
                required property string modelData

                chosen: root.model.when === index
                objectName: "when" + index
                text: modelData

                onClicked: root.model.when = index
            }
        }
    }

    Button {
        look: Button.Filled
        objectName: "saveButton"
        size: Theme.large ? 72 : 56
        text: qsTr("Save")
        width: root.width

        onClicked: root.model.save()
    }
}
