import QtQuick
import Tend
import Tend.Models

// When it was, and Save at the thumb; on a laptop both stand on one line.
Column {
    id: root

    required property LogModel model
    property bool showWhen: false
    readonly property real line: Theme.large ? 0 : Math.max(28, when.implicitHeight)
    signal change

    spacing: 4

    Flow {
        bottomPadding: 4
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

    Item {
        height: save.beside ? save.implicitHeight : root.line + save.implicitHeight + (Theme.large ? 0 : 4)
        width: root.width

        Item {
            height: save.beside ? parent.height : root.line
            visible: !Theme.large
            width: parent.width

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
                anchors.left: save.beside ? when.right : undefined
                anchors.leftMargin: 16
                anchors.right: save.beside ? undefined : parent.right
                anchors.verticalCenter: parent.verticalCenter
                atEnd: !save.beside
                objectName: "changeWhen"
                text: root.showWhen ? qsTr("Done") : qsTr("Change")

                onClicked: root.change()
            }
        }

        SaveButton {
            id: save

            anchors.bottom: parent.bottom
            anchors.right: parent.right
            name: "saveButton"
            width: beside ? implicitWidth : parent.width

            onClicked: root.model.save()
        }
    }
}
