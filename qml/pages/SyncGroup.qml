import QtQuick
import Tend
import Tend.Models

// Rows of two lines with at most one thing to press: what was merged, what was not taken.
Column {
    id: root

    required property MergedRows model
    property string title: ""
    property string action: ""
    property string part: ""
    signal acted(string id)

    visible: root.model.count > 0

    SectionHead {
        count: root.model.count
        title: root.title
        width: root.width
    }

    Card {
        padding: 0
        width: root.width

        Repeater {
            model: root.model

            Item {
                id: item

                required property int index
                required property string mergedId
                required property string title
                required property string detail
                required property bool last

                Accessible.name: qsTr("%1, %2").arg(item.title).arg(item.detail)
                Accessible.role: Accessible.ListItem
                height: Math.max(68, words.implicitHeight + 24)
                width: parent.width

                Column {
                    id: words

                    anchors.left: parent.left
                    anchors.leftMargin: 16
                    anchors.right: link.visible ? link.left : parent.right
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

                LinkButton {
                    id: link

                    Accessible.name: qsTr("%1 for %2").arg(root.action).arg(item.title)
                    anchors.right: parent.right
                    anchors.rightMargin: 16
                    anchors.verticalCenter: parent.verticalCenter
                    objectName: root.part + item.index
                    size: 16
                    text: root.action
                    visible: root.action !== ""
                    weight: Font.DemiBold

                    onClicked: root.acted(item.mergedId)
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
