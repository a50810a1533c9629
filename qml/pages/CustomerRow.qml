import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// One customer in the list: who, the last contact or the words found, and how they felt.
Column {
    id: root

    required property AppState app
    required property int index
    required property string customerId
    required property string initials
    required property int feeling
    required property string feelingWords
    required property string letter
    required property string spoken
    required property string markedName
    required property string markedDetail
    property bool panes: false
    // Then the name is light, so that what was found in it stands out.
    readonly property bool searched: root.app.customers.search !== ""
    readonly property bool chosen: root.panes && root.app.selected === root.customerId
    readonly property color ink: root.chosen ? Theme.containerInk : Theme.text

    Label {
        bottomPadding: 4
        color: Theme.muted
        leftPadding: root.panes ? 20 : 16
        size: 12
        text: root.letter
        topPadding: root.index === 0 ? 4 : 12
        rightPadding: leftPadding
        visible: text !== ""
        weight: Font.DemiBold
        width: root.width
    }

    T.AbstractButton {
        id: row

        Accessible.name: root.spoken
        Accessible.role: Accessible.ListItem
        focusPolicy: Qt.StrongFocus
        height: Math.max(root.panes ? 52 : 64, words.implicitHeight + 12)
        objectName: "customerRow" + root.index
        width: root.width - 2 * x
        x: root.panes ? 8 : 0

        background: Rectangle {
            color: root.chosen ? Theme.container : row.down ? Theme.pressed : row.hovered ? Theme.alt : "transparent"
            radius: root.panes ? 12 : 0

            FocusRing {
                anchors.margins: 2
                shown: row.visualFocus
            }
        }
        contentItem: Item {
            Avatar {
                id: disc

                anchors.left: parent.left
                anchors.leftMargin: root.panes ? 12 : 16
                anchors.verticalCenter: parent.verticalCenter
                color: root.chosen ? Theme.surface : Theme.alt
                initials: root.initials
                size: root.panes ? 32 : 40
                visible: !Theme.large
            }

            Column {
                id: words

                anchors.left: parent.left
                anchors.leftMargin: Theme.large ? 16 : root.panes ? 56 : 68
                anchors.right: face.visible ? face.left : parent.right
                anchors.rightMargin: 12
                anchors.verticalCenter: parent.verticalCenter

                Label {
                    color: root.ink
                    objectName: "customerRowName"
                    text: root.markedName
                    textFormat: Text.StyledText
                    weight: root.searched ? Font.Normal : Font.DemiBold
                    width: words.width
                }

                Label {
                    color: root.chosen ? Theme.containerInk : Theme.muted
                    size: root.panes ? 12 : 14
                    objectName: "customerRowDetail"
                    text: root.markedDetail
                    textFormat: Text.StyledText
                    width: words.width
                }
            }

            Icon {
                id: face

                anchors.right: parent.right
                anchors.rightMargin: root.panes ? 12 : 16
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.feeling(root.feeling)
                size: root.panes ? 20 : 24
                text: Icons.feeling(root.feeling)
                visible: root.feelingWords !== "" && !Theme.large
            }
        }

        onClicked: root.app.openCustomer(root.customerId)
    }
}
